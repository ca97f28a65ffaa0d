#include "deadline.h"

#include <stdbool.h>

#include "each_frame.h"

enum {
  FEWEST = 8, /* frames from which anything is learned */
  CALM = 600, /* frames in time after which a little of the spare is given up */
  LATE_PARTS = 8 /* of an interval, that are added to it by a frame that is late */,
  CALM_PARTS = 32,
};

#define MILLISECOND G_GINT64_CONSTANT (1000000)
/* Timers and the kernel take their part of each interval too. */
#define MARGIN (3 * MILLISECOND / 2)
/* After so long without a frame nobody knows where the blanks are. */
#define STALE (1000 * MILLISECOND)

INOS_EACH_FRAME void inos_deadline_drawn (struct inos_deadline *deadline, gint64 took)
{
  deadline->samples[deadline->drawn++ % INOS_DEADLINE_SAMPLES] = MAX (took, 0);
}

static void learn (struct inos_deadline *deadline, bool late)
{
  if (late) {
    deadline->spare = MIN (deadline->spare + deadline->interval / LATE_PARTS, deadline->interval);
    deadline->in_time = 0;
  } else if (++deadline->in_time == CALM) {
    deadline->spare = MAX (deadline->spare - deadline->interval / CALM_PARTS, 0);
    deadline->in_time = 0;
  }
}

INOS_EACH_FRAME void inos_deadline_presented (struct inos_deadline *deadline, gint64 when,
                                              gint64 interval)
{
  deadline->interval = MAX (interval, 0);
  deadline->blank = when;
  if (deadline->target && deadline->interval)
    learn (deadline, when > deadline->target + deadline->interval / 2);
  deadline->target = 0;
}

gint64 inos_deadline_kept (const struct inos_deadline *deadline)
{
  gint64 most = 0;
  if (deadline->drawn < FEWEST)
    return deadline->interval;
  for (unsigned int i = 0; i < INOS_DEADLINE_SAMPLES; i++)
    most = MAX (most, deadline->samples[i]);
  return MIN (most + most / 4 + MARGIN + deadline->spare, deadline->interval);
}

gint64 inos_deadline_next (struct inos_deadline *deadline, gint64 now, gint64 kept)
{
  gint64 since = now - deadline->blank;
  deadline->target = 0;
  if (!deadline->interval || !deadline->blank || since > STALE || since < -deadline->interval)
    return now;
  gint64 next = deadline->blank + (MAX (since, 0) / deadline->interval + 1) * deadline->interval;
  gint64 at = next - (kept > 0 ? kept : inos_deadline_kept (deadline));
  if (at > now)
    deadline->target = next;
  return at;
}
