/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What pages can ask for of notifications. context is an InosCommandContext; see commands.h.
 */

#include "../reply.h"

void inos_notify_run_act (gpointer context, JsonObject *args, InosReply *reply);
void inos_notify_run_busy (gpointer context, JsonObject *args, InosReply *reply);
void inos_notify_run_clear (gpointer context, JsonObject *args, InosReply *reply);
void inos_notify_run_dismiss (gpointer context, JsonObject *args, InosReply *reply);
void inos_notify_run_fit (gpointer context, JsonObject *args, InosReply *reply);
void inos_notify_run_keyboard (gpointer context, JsonObject *args, InosReply *reply);
void inos_notify_run_link (gpointer context, JsonObject *args, InosReply *reply);
void inos_notify_run_mute (gpointer context, JsonObject *args, InosReply *reply);
void inos_notify_run_painted (gpointer context, JsonObject *args, InosReply *reply);
void inos_notify_run_quiet (gpointer context, JsonObject *args, InosReply *reply);
void inos_notify_run_reply (gpointer context, JsonObject *args, InosReply *reply);
void inos_notify_run_undo (gpointer context, JsonObject *args, InosReply *reply);
