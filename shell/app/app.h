/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * An application of the desktop whose windows are pages: a program of its own with one web process
 * for its windows, started by D-Bus or by hand, and what is the same for all such applications.
 */

#include "../dispatch.h"
#include "../scheme.h"
#include "../thumbs.h"

#include <gtk/gtk.h>

typedef struct InosApp InosApp;
typedef struct InosAppWindow InosAppWindow;

/* What one application is. */
typedef struct {
  const char *id;   /* on the bus, of its desktop file and icon */
  const char *path; /* the same as GApplication makes it to an object's path */
  const char *page; /* of the bundle; also names its capability file and its settings */
  const char *title;
  int width, height;                /* of a window at first, in logical pixels */
  const InosCommandTable *commands; /* they get the InosAppWindow */
  gboolean single;                  /* there is one window, which is shown again */
  /* Names of actions that the launcher offers beside: each opens a window, whose page gets the
   * state "goTo": {"page": the name, "serial"}. NULL ends the list; may be NULL. */
  const char *const *places;

  /* What it serves on the bus besides, at another path, while it runs. May be NULL. */
  const char *service_path;
  gpointer (*serve) (InosApp *app, GDBusConnection *bus);
  void (*end) (gpointer service);

  /* What a window has of its own; file may be NULL: what it was opened with. */
  gpointer (*create) (InosAppWindow *window, GFile *file);
  void (*destroy) (gpointer part);
  /* Adds to what a page that begins is told. */
  void (*greet) (gpointer part, JsonObject *greeting);
  /* The page has gone, with all that it had. */
  void (*lost) (gpointer part);
  /* Something is being done still that must come to its end before the process does; its windows
   * have been closed. May be NULL. */
  gboolean (*busy) (void);
  /* See scheme.h; may be NULL. */
  void (*stream) (gpointer part, WebKitURISchemeRequest *request, guint64 id);
} InosAppKind;

/* NULL where there is no such application. */
const InosAppKind *inos_app_find (const char *id);

/* Runs it until its last window is closed. Returns the exit status. */
int inos_app_run (const InosAppKind *kind, int argc, char **argv);

/* For its windows. */
void inos_app_open_window (InosApp *self, GFile *file); /* file may be NULL */
GDBusConnection *inos_app_get_bus (InosApp *self);
/* Pictures that its pages show. */
InosThumbs *inos_app_get_thumbs (InosApp *self);
JsonNode *inos_app_describe_appearance (InosApp *self);
/* As they were saved last, {} at first. Transfer full. */
JsonNode *inos_app_get_settings (InosApp *self);
/* Writes them to the disk and tells all windows. */
gboolean inos_app_set_settings (InosApp *self, JsonObject *settings, GError **error);
