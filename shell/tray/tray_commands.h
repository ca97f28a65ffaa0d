/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What pages can ask of the panel's items; rows of commands.c.
 */

#include "../reply.h"

#include <json-glib/json-glib.h>

void inos_tray_run_choose (gpointer context, JsonObject *args, InosReply *reply);
void inos_tray_run_do (gpointer context, JsonObject *args, InosReply *reply);
void inos_tray_run_open (gpointer context, JsonObject *args, InosReply *reply);
void inos_tray_run_scroll (gpointer context, JsonObject *args, InosReply *reply);
