/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the quick settings' page can ask for. context is an InosCommandContext; see commands.h.
 */

#include "../reply.h"

void inos_quick_run_bluetooth (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_brightness (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_connect (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_dark (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_device (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_disconnect (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_mute (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_night (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_quieten (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_loudness (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_profile (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_scan (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_sound (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_volume (gpointer context, JsonObject *args, InosReply *reply);
void inos_quick_run_wifi (gpointer context, JsonObject *args, InosReply *reply);
