/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The person chooses what a picture is to be of, or a place whose colour is wanted: over everything
 * there is a clear window on each monitor, in which a part is drawn out with the pointer or a
 * finger, and a card with all that there is to choose for whom has keys alone. GTK draws it, and no
 * page: what is under it is to be seen.
 */

#include <gio/gio.h>

#define INOS_CHOOSER_WINDOWS_MAX 24

typedef enum {
  INOS_CHOOSER_PICTURE, /* all, a window or a part */
  INOS_CHOOSER_PLACE,   /* one point */
} InosChooserKind;

typedef struct {
  const char *what;        /* as Capture.Screenshot takes it: "/" or the path of a window */
  int x, y, width, height; /* of the desktop; all 0 for all of it, and of a window */
} InosChoice;

/* choice: NULL where the person wants none, or there is no monitor. By then nothing of it is on the
 * screen, and it is closed. */
typedef void (*InosChooserFunc) (const InosChoice *choice, gpointer data);

typedef struct InosChooser InosChooser;

/* app: whom it is for, as a person calls it; may be NULL. done: called once, later. */
InosChooser *inos_chooser_open (GDBusConnection *bus, InosChooserKind kind, const char *app,
                                InosChooserFunc done, gpointer data);
/* Without a choice, and without calling done. self may be NULL. */
void inos_chooser_close (InosChooser *self);
