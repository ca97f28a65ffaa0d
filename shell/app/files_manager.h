/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.freedesktop.FileManager1: by this other programs ask for a folder, or for a file in its
 * folder, to be shown. Those in a sandbox are refused by the guard that all of this program has.
 */

#include "app.h"

#define INOS_FILE_MANAGER_PATH "/org/freedesktop/FileManager1"

typedef enum {
  INOS_SHOW_FOLDER, /* what is in it, or a file in its folder */
  INOS_SHOW_ITEM,   /* in the folder that it is in */
  INOS_SHOW_ABOUT,  /* likewise, with its properties */
} InosShowHow;

/* For InosAppKind. */
gpointer inos_file_manager_serve (InosApp *app, GDBusConnection *bus);
void inos_file_manager_end (gpointer service);

/* What was asked for of a file that a window is opened with. */
InosShowHow inos_file_manager_get_how (GFile *file);
