/*
 * Limits of what a host sends and receives.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/perf.h"
#include "tests/node/mesh/host/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)

static void on_sent (void *data, const struct inos_perf_result *result, const GError *error)
{
  assert_null (error);
  ++*(unsigned *)data;
}

/* Three who are sent to at once share what one may send, and none waits for the others' end. */
static void test_shares_what_it_may_send (void **state)
{
  enum { OTHERS = 3, EACH = 200000, RATE = 100000 };
  struct world *world = world_new (21);
  struct inos_host *hosts[OTHERS + 1];
  struct inos_perf *perfs[OTHERS + 1];
  unsigned done = 0;
  uint64_t sent = 0, least = UINT64_MAX, most = 0;

  for (unsigned i = 0; i <= OTHERS; i++) {
    hosts[i] = world_add (world, &(struct inos_host_limits){.send_max = i == 0 ? RATE : 0});
    perfs[i] = inos_perf_new (hosts[i], true);
  }
  for (unsigned i = 1; i <= OTHERS; i++)
    assert_true (world_connect (world, 1, i + 1));
  for (unsigned i = 1; i <= OTHERS; i++)
    inos_perf_run (perfs[0], inos_host_id (hosts[i]), EACH, 0, on_sent, &done);
  world_pass (world, 3 * SECOND);
  for (unsigned i = 1; i <= OTHERS; i++) {
    const struct inos_peer *peer =
      inos_peer_book_find (inos_host_book (hosts[0]), inos_host_id (hosts[i]));
    sent += peer->out.bytes;
    least = MIN (least, peer->out.bytes);
    most = MAX (most, peer->out.bytes);
  }
  assert_in_range (sent, RATE * 3 - RATE / 4, RATE * 3 + RATE / 4);
  assert_true (least * 2 > most);
  assert_int_equal (done, 0);
  world_pass (world, 2 * SECOND);
  assert_int_equal (done, 0);
  world_pass (world, 2 * SECOND);
  assert_int_equal (done, OTHERS);
  world_free (world);
  for (unsigned i = 0; i <= OTHERS; i++)
    inos_perf_free (perfs[i]);
}

/* So much of one that sends too fast is taken, and no more; and the other way without a limit. */
static void test_takes_what_it_may (void **state)
{
  struct world *world = world_new (22);
  struct inos_host_limits limits = {.peer_receive_max = 100000};
  struct inos_host *slow = world_add (world, &limits), *fast = world_add (world, NULL);
  struct inos_perf *perfs[] = {inos_perf_new (slow, true), inos_perf_new (fast, true)};
  unsigned done = 0;

  assert_true (world_connect (world, 1, 2));
  inos_perf_run (perfs[0], inos_host_id (fast), 1000000, 0, on_sent, &done);
  world_settle (world);
  assert_int_equal (done, 1);
  inos_perf_run (perfs[0], inos_host_id (fast), 0, 1000000, on_sent, &done);
  world_pass (world, 7 * SECOND);
  assert_int_equal (done, 1);
  world_pass (world, 5 * SECOND);
  assert_int_equal (done, 2);
  world_free (world);
  inos_perf_free (perfs[0]);
  inos_perf_free (perfs[1]);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_shares_what_it_may_send),
    cmocka_unit_test (test_takes_what_it_may),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
