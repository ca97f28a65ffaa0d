/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How fast one sender may notify: a bucket for each, which fills again with time.
 */

#include <glib.h>

/* New ones at once, and a second for ever. One that replaces another costs a fifth. */
#define INOS_FLOOD_BURST 40
#define INOS_FLOOD_RATE 10
#define INOS_FLOOD_NEW 1.0
#define INOS_FLOOD_REPLACE 0.2
#define INOS_FLOOD_MAX_SENDERS 256

typedef struct InosFlood InosFlood;

InosFlood *inos_flood_create (void);
void inos_flood_destroy (InosFlood *self); /* self may be NULL */

/* Whether one more may come, which costs so much; now: monotonic µs. *first: it is the first that
 * may not since its bucket was full. */
gboolean inos_flood_admit (InosFlood *self, const char *sender, double cost, gint64 now,
                           gboolean *first);
