/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The surface on which notifications pop up. There is one only while there is something on it, and
 * for a while after.
 */

#include "../surface.h"

typedef struct InosPopups InosPopups;

InosPopups *inos_popups_create (InosWeb *web, const InosSurfaceHooks *hooks, gpointer data);
void inos_popups_destroy (InosPopups *self); /* self may be NULL */

/* Shows what state describes, or takes the surface away where it is NULL. Takes state. */
void inos_popups_show (InosPopups *self, JsonNode *state);
/* Another value that its page is to have, where there is one. Takes value. */
void inos_popups_send (InosPopups *self, const char *name, JsonNode *value);
/* How often it was shown after it was not: the page says with it what it has drawn. */
guint inos_popups_get_serial (InosPopups *self);
/* The page needs that many pixels of height. */
void inos_popups_fit (InosPopups *self, guint height);
/* The page has drawn what it was shown for. */
void inos_popups_painted (InosPopups *self, guint serial);
/* Keys go there, or to the windows again. */
void inos_popups_set_keyboard (InosPopups *self, gboolean on);
/* The output went with the surface on it. */
void inos_popups_lose (InosPopups *self);
