/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Commands that any application's table may have; the context is the InosAppWindow.
 */

#include "../reply.h"

/* Answers the clipboard's text, "" where there is none. {"primary"}: of what is selected. */
void inos_app_run_clipboard_read (gpointer context, JsonObject *args, InosReply *reply);
/* {"text", "more"}: puts text on the clipboard; more is true where the rest is to come. */
void inos_app_run_clipboard_write (gpointer context, JsonObject *args, InosReply *reply);
void inos_app_run_hello (gpointer context, JsonObject *args, InosReply *reply);
/* {"uri"}: with the person's program for it. Only http, https and mailto. */
void inos_app_run_link_open (gpointer context, JsonObject *args, InosReply *reply);
void inos_app_run_ready (gpointer context, JsonObject *args, InosReply *reply);
/* {"settings"}: all of them. */
void inos_app_run_settings_set (gpointer context, JsonObject *args, InosReply *reply);
void inos_app_run_window_close (gpointer context, JsonObject *args, InosReply *reply);
void inos_app_run_window_fullscreen (gpointer context, JsonObject *args, InosReply *reply);
/* {"directory"}: may be missing. */
void inos_app_run_window_new (gpointer context, JsonObject *args, InosReply *reply);
void inos_app_run_window_title (gpointer context, JsonObject *args, InosReply *reply);
