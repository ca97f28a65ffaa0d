/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#define INOS_POLICY_DEATHS 3
#define INOS_POLICY_WINDOW (15 * G_USEC_PER_SEC)

/*
 * When a component that died is started again. Knows no clock: the caller says what time it is.
 * Three deaths in 15 s, or three in a row before READY=1, and the component has failed.
 */
struct inos_policy {
  gint64 deaths[INOS_POLICY_DEATHS]; /* the latest, oldest first; 0 for none */
  unsigned streak;                   /* deaths since it last ran longer than the window */
  unsigned unready;                  /* deaths in a row without READY=1 */
};

/* Notes a death at `now` after `ran` µs. Returns the ms to wait, or -1 where it has failed. */
int inos_policy_death (struct inos_policy *policy, gint64 now, gint64 ran, gboolean was_ready);

/* Forgets all deaths: a person asked for a new try. */
void inos_policy_reset (struct inos_policy *policy);
