/*
 * Timers on real threads: what is due comes, whoever slept when it was set.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "fixture.h"

#include <stdatomic.h>

#define RUNTIMES 60
#define TICKS 3

#define CLOCK(MESSAGE, REQUEST) MESSAGE (wall_clock, tick, struct inos_nothing, 1)
INOS_PROTOCOL (wall_clock, CLOCK);
INOS_PROTOCOL_DEFINE (wall_clock, CLOCK);

struct wall_clock {
  _Atomic unsigned *ticks;
};

static enum inos_outcome wall_clock_start (void *state, struct inos_context *context,
                                           const void *argument)
{
  struct wall_clock *self = state;

  self->ticks = *(_Atomic unsigned *const *)argument;
  wall_clock_send_tick_after (context, (wall_clock_ref){INOS_TO (inos_self (context))},
                              INOS_NOTHING, INOS_MILLISECOND, INOS_MILLISECOND);
  return INOS_OK;
}

INOS_HANDLE (wall_clock, tick, struct wall_clock)
{
  return atomic_fetch_add (self->ticks, 1) + 1 < TICKS ? INOS_OK : INOS_DONE;
}

INOS_BEHAVIOUR (wall_clock, CLOCK, struct wall_clock, .pre_start = wall_clock_start);

/* All workers sleep, and one of them watches for timers, of which there are none. The one that is
 * woken sets a timer and sleeps again. */
static void test_timer_of_a_sleeper (void **state)
{
  for (unsigned i = 0; i < RUNTIMES; i++) {
    struct inos_runtime *runtime = threaded (1 + i % 4);
    _Atomic unsigned ticks = 0, *p = &ticks;

    settle (runtime);
    spawn (runtime, &wall_clock_behaviour, &p, sizeof p);
    for (unsigned k = 0; k < 5000 && atomic_load (&ticks) < TICKS; k++)
      g_usleep (1000);
    assert_int_equal (atomic_load (&ticks), TICKS);
    settle (runtime);
    inos_runtime_free (runtime, INOS_SECOND);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test (test_timer_of_a_sleeper)};

  return cmocka_run_group_tests (tests, NULL, NULL);
}
