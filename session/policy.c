/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy.h"

#include <string.h>

static const int delays[] = {0, 250, 500, 1000, 2000, 4000, 8000};

int inos_policy_death (struct inos_policy *policy, gint64 now, gint64 ran, gboolean was_ready)
{
  memmove (&policy->deaths[0], &policy->deaths[1],
           sizeof policy->deaths - sizeof policy->deaths[0]);
  policy->deaths[INOS_POLICY_DEATHS - 1] = now;

  /* A long life wipes the slate; a long start that never got ready is no life. */
  if (was_ready && ran > INOS_POLICY_WINDOW)
    policy->streak = 0;
  policy->streak++;
  policy->unready = was_ready ? 0 : policy->unready + 1;

  if (policy->unready >= INOS_POLICY_DEATHS ||
      (policy->deaths[0] != 0 && now - policy->deaths[0] <= INOS_POLICY_WINDOW))
    return -1;
  return delays[MIN (policy->streak - 1, G_N_ELEMENTS (delays) - 1)];
}

void inos_policy_reset (struct inos_policy *policy)
{
  *policy = (struct inos_policy){0};
}
