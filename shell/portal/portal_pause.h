/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Applications that ask the person to choose something, over everything, and are refused: each time
 * in a row they have to wait longer until they may ask again, so that none can keep a person from
 * the desktop.
 */

#include <glib.h>

#define INOS_PORTAL_PAUSES_MAX 64

typedef struct InosPortalPause InosPortalPause;

InosPortalPause *inos_portal_pause_create (void);
void inos_portal_pause_destroy (InosPortalPause *self); /* self may be NULL */

/* Whether that application has to wait. now: monotonic, ms. */
gboolean inos_portal_pause_holds (InosPortalPause *self, const char *app, gint64 now);
/* chosen: or refused. A choice halves the pause of who was refused before, and ends it only when
 * nothing is left of it. */
void inos_portal_pause_answered (InosPortalPause *self, const char *app, gboolean chosen,
                                 gint64 now);
