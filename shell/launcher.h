/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The applications of this machine, for the launcher's page, and starting one. The page gets
 * [{"id", "name", "generic", "description", "keywords", "program", "actions", "recent"}] and
 * searches in it by itself.
 */

#include "history.h"

#include <gio/gdesktopappinfo.h>
#include <gio/gio.h>
#include <json-glib/json-glib.h>

#define INOS_LAUNCHER_ERROR (inos_launcher_error_quark())
GQuark inos_launcher_error_quark (void);

typedef struct InosLauncher InosLauncher;

/* changed is called when applications come, go or are started. Takes history. */
InosLauncher *inos_launcher_create (InosHistory *history, void (*changed) (gpointer data),
                                    gpointer data);
void inos_launcher_destroy (InosLauncher *self); /* self may be NULL */

JsonNode *inos_launcher_list (InosLauncher *self);
/* action may be NULL. context says where and gets a fresh activation token. */
gboolean inos_launcher_launch (InosLauncher *self, const char *id, const char *action,
                               GAppLaunchContext *context, GError **error);

/* Lets the window of what is started come to the front, also where it does not ask for that. */
void inos_launcher_pass_activation_token (GDesktopAppInfo *app, GAppLaunchContext *context);
/* Takes what is the shell's own (sockets, INOS_*) out of the environment a program will get. */
void inos_launcher_clean_environment (GAppLaunchContext *context);
