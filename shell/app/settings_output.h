/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Changes of monitors. One that could leave a person without a picture (another mode, off, a
 * mirror, adaptive sync) is on trial: it goes back by itself unless the page says in time that it
 * is to stay, also where the page or its window has gone. The page gets it as the state
 * {"left": seconds, 0 when it is over, "kept"}.
 */

#include "settings_calls.h"
#include "settings_desk.h"

typedef struct InosDisplays InosDisplays;

/* trial is the callee's to take. */
typedef void (*InosTrialFunc) (JsonNode *trial, gpointer data);

/* What they need stays the caller's, and outlives it. */
InosDisplays *inos_displays_create (GDBusConnection *bus, InosSettingsDesk *desk, InosUndos *undos,
                                    InosTrialFunc trial, gpointer data);
/* What is on trial goes back. */
void inos_displays_destroy (InosDisplays *self);

/* {"changes": [{"output": PATH, one of "mode": [w, h, mHz], "position": [x, y], "scale",
 * "transform", "mirror", "adaptive", "on"}, …]}: all or nothing. Answers {"undo"}. */
void inos_displays_set (InosDisplays *self, JsonObject *args, InosReply *reply);
/* Whether what is on trial stays; nothing where nothing is. */
void inos_displays_end_trial (InosDisplays *self, gboolean keep, InosReply *reply);
JsonNode *inos_displays_describe_trial (InosDisplays *self);

/* What a change is and how it goes back, at the end of both; FALSE and error where the page says
 * something else. output: a{sv}. risky becomes TRUE where the change may leave one without a
 * picture. */
gboolean inos_display_change_take (JsonObject *change, const char *path, GVariant *output,
                                   InosCalls *calls, InosCalls *back, gboolean *risky,
                                   GError **error);
