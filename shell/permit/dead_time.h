/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * When a question takes answers: a key that was meant for something else is none. What denies
 * counts from when the question came up, since a page that does not get to draw can be left all the
 * same; what allows counts from when it was drawn.
 */

#include <glib.h>

#define INOS_PROMPT_DEAD_TIME (500 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  gint64 asked; /* monotonic, µs */
  gint64 drawn; /* the same; 0 until it is */
} InosDeadTime;

/* Another question, or the same on another surface. */
void inos_dead_time_begin (InosDeadTime *self, gint64 now);
/* Of more than one time the first counts. */
void inos_dead_time_draw (InosDeadTime *self, gint64 now);
/* The page that drew it has gone. */
void inos_dead_time_undraw (InosDeadTime *self);

gboolean inos_dead_time_may_allow (const InosDeadTime *self, gint64 now);
/* With Escape; the page's button is the page's to guard. */
gboolean inos_dead_time_may_escape (const InosDeadTime *self, gint64 now);
