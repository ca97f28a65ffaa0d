/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Settings in compositor.ini that the page may change, and how: by the compositor, which refuses
 * what is wrong (org.inos.Compositor1.Config.Change). What runs programs or lets them do more than
 * others is not among them, and bindings are changed by what they do already.
 */

#include "settings_undo.h"

#include <gio/gio.h>

#define INOS_CHANGES_AT_ONCE 16

/* Whether the page may know and change that setting. */
gboolean inos_setting_is_open (const char *group, const char *key);
/* What the file says, as an object of groups, each an object of texts; only what is open. */
JsonNode *inos_settings_from_dump (const char *text);

/* The page's {"settings": [[group, key, value or null], …]} as a(ssas), floating; NULL and error
 * where it asks for something else. */
GVariant *inos_settings_take (JsonObject *args, GError **error);

/* bindings: a(sss), as org.inos.Compositor1.Input has them; actions: a(sb), as Config. The page's
 * {"from", "to", "action", "replace"}: moves what the combination `from` does to `to`; without `to`
 * it is taken away, without `from` the action is added, which runs no program. a(ssas), floating.
 */
GVariant *inos_binding_take (JsonObject *args, GVariant *bindings, GVariant *actions,
                             GError **error);

/* Writes them and answers {"undo"}. settings may be floating. */
void inos_settings_change (GVariant *settings, GDBusConnection *bus, InosUndos *undos,
                           InosReply *reply);
