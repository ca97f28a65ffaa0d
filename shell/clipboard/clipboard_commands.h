/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What pages can do with what was copied: commands as dispatch.h has them.
 */

#include "../reply.h"

void inos_clipboard_run_choose (gpointer context, JsonObject *args, InosReply *reply);
void inos_clipboard_run_clear (gpointer context, JsonObject *args, InosReply *reply);
void inos_clipboard_run_keep (gpointer context, JsonObject *args, InosReply *reply);
void inos_clipboard_run_remove (gpointer context, JsonObject *args, InosReply *reply);
void inos_clipboard_run_switch (gpointer context, JsonObject *args, InosReply *reply);
void inos_clipboard_run_undo (gpointer context, JsonObject *args, InosReply *reply);
