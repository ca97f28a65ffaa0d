/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How all programs look: what the desktop shares in GSettings (decision 7). For a page an object of
 * name and value; a name whose schema is not installed is missing.
 */

#include "settings_undo.h"

#include <gio/gio.h>

typedef struct InosLook InosLook;

typedef void (*InosLookFunc) (JsonNode *state, gpointer data);

InosLook *inos_look_create (InosLookFunc changed, gpointer data);
void inos_look_destroy (InosLook *self);
JsonNode *inos_look_describe (InosLook *self);

/* {"name", "value"}; answers {"undo"}. */
void inos_look_set (InosLook *self, JsonObject *args, InosUndos *undos, InosReply *reply);
