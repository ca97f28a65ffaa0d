/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What pages can do with the on-screen keyboard: commands as dispatch.h has them.
 */

#include "../reply.h"

void inos_keyboard_run_hide (gpointer context, JsonObject *args, InosReply *reply);
void inos_keyboard_run_layout (gpointer context, JsonObject *args, InosReply *reply);
void inos_keyboard_run_painted (gpointer context, JsonObject *args, InosReply *reply);
void inos_keyboard_run_press (gpointer context, JsonObject *args, InosReply *reply);
void inos_keyboard_run_release (gpointer context, JsonObject *args, InosReply *reply);
void inos_keyboard_run_switch (gpointer context, JsonObject *args, InosReply *reply);
void inos_keyboard_run_toggle (gpointer context, JsonObject *args, InosReply *reply);
void inos_keyboard_run_write (gpointer context, JsonObject *args, InosReply *reply);
