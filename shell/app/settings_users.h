/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Who has an account on this machine, and what a person may change of their own: name and picture,
 * where AccountsService is there to do it (decision 66), and the password, by passwd(1). Without
 * that service names come from the password file, and are shown only.
 */

#include "../thumbs.h"
#include "settings_undo.h"

#include <gio/gio.h>
#include <gtk/gtk.h>

typedef struct InosUsers InosUsers;

InosUsers *inos_users_create (InosThumbs *thumbs, GtkWindow *window);
void inos_users_destroy (InosUsers *self);

/* Answers {"service", "password": whether passwd is there, "users": [{"name", "login", "own",
 * "administrator", "picture"}]}. picture: of thumbs, 0 for none. */
void inos_users_read (InosUsers *self, InosReply *reply);
/* {"name"}: one's own. Answers {"undo"}. */
void inos_users_set_name (InosUsers *self, JsonObject *args, InosUndos *undos, InosReply *reply);
/* Asks for a file, or takes the picture away with {"none": true}. Answers {"undo"}, or {"undo": 0}
 * where a person did not choose. */
void inos_users_set_picture (InosUsers *self, JsonObject *args, InosUndos *undos, InosReply *reply);
/* {"old", "new"}. */
void inos_users_set_password (JsonObject *args, InosReply *reply);
