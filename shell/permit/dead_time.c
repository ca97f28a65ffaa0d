/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "dead_time.h"

void inos_dead_time_begin (InosDeadTime *self, gint64 now)
{
  *self = (InosDeadTime){.asked = now};
}

void inos_dead_time_draw (InosDeadTime *self, gint64 now)
{
  if (self->drawn == 0)
    self->drawn = now;
}

void inos_dead_time_undraw (InosDeadTime *self)
{
  self->drawn = 0;
}

gboolean inos_dead_time_may_allow (const InosDeadTime *self, gint64 now)
{
  return self->drawn != 0 && now >= self->drawn + INOS_PROMPT_DEAD_TIME;
}

gboolean inos_dead_time_may_escape (const InosDeadTime *self, gint64 now)
{
  return now >= self->asked + INOS_PROMPT_DEAD_TIME;
}
