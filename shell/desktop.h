/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A wallpaper and a panel on every monitor, made and unmade as monitors come and go.
 */

#include "surface.h"

typedef struct InosDesktop InosDesktop;

InosDesktop *inos_desktop_create (InosWeb *web, const InosSurfaceHooks *hooks, gpointer data);
void inos_desktop_destroy (InosDesktop *self); /* self may be NULL */
guint inos_desktop_get_n_monitors (InosDesktop *self);
/* To the surfaces of that kind on every monitor. value stays the caller's. */
void inos_desktop_send (InosDesktop *self, InosSurfaceKind kind, const char *name, JsonNode *value);
