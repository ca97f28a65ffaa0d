/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the compositor's key bindings do now, for the overlay that shows them; a row of commands.c.
 */

#include "reply.h"

#include <json-glib/json-glib.h>

/* Answers a list of [mode, combination, action], as the compositor has them. */
void inos_shortcuts_run_list (gpointer context, JsonObject *args, InosReply *reply);
