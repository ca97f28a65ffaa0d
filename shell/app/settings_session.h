/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What counts from the next log-in: the language of the session, and which windows are opened
 * again. Both are the session's (org.inos.Session1.Language and .Windows).
 */

#include "settings_undo.h"

#include <gio/gio.h>

/* Answers {"when", "messages", "formats", "now": {"messages", "formats"}, "locales": [name]}; what
 * the session does not say is missing. */
void inos_session_settings_read (GDBusConnection *bus, InosReply *reply);
/* {"when": "never", "crash" or "always"}; answers {"undo"}. */
void inos_session_settings_set_when (GDBusConnection *bus, JsonObject *args, InosUndos *undos,
                                     InosReply *reply);
/* {"messages", "formats"}, each a locale or missing: as the machine has it. Answers {"undo"}. */
void inos_session_settings_set_language (GDBusConnection *bus, JsonObject *args, InosUndos *undos,
                                         InosReply *reply);

/* Those of what `locale -a` prints that are of UTF-8, as "de_DE.UTF-8". Transfer full. */
JsonArray *inos_locales_parse (const char *text);
