/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the page of the quick settings can ask of players; rows of commands.c.
 */

#include "../reply.h"

#include <json-glib/json-glib.h>

void inos_media_run_do (gpointer context, JsonObject *args, InosReply *reply);
void inos_media_run_seek (gpointer context, JsonObject *args, InosReply *reply);
