/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.kde.StatusNotifierWatcher: where programs say that they have an item for the panel, and the
 * only host of them. Where another program has the name ours waits for it. A shell that comes back
 * has the name again, and programs say again what they have.
 */

#include <gio/gio.h>

typedef struct InosWatcher InosWatcher;

/* Where an item is, and who said so, which may be another. */
typedef struct {
  const char *owner;     /* the unique name of the connection that has it */
  const char *registrar; /* the unique name of the one that registered it */
  const char *name;      /* by which it was registered, of the owner's; or its unique one */
  const char *path;
} InosTrayOrigin;

typedef struct {
  /* A program has an item; origin need not outlive the call. */
  void (*come) (const InosTrayOrigin *origin, gpointer data);
} InosWatcherHooks;

InosWatcher *inos_watcher_create (GDBusConnection *bus, const InosWatcherHooks *hooks,
                                  gpointer data);
void inos_watcher_destroy (InosWatcher *self); /* self may be NULL */

/* For other hosts: that item is known now, or not any more. */
void inos_watcher_add (InosWatcher *self, const char *owner, const char *path);
void inos_watcher_remove (InosWatcher *self, const char *owner, const char *path);
/* That connection has gone: what it registered and is still looked for does not come. */
void inos_watcher_lose (InosWatcher *self, const char *registrar);

/* What a program registers: the path of an item, or the name of a connection that has it at the
 * usual one. sender: who says so. Sets *name and *path, which the caller frees; FALSE where it is
 * neither. */
gboolean inos_watcher_parse (const char *service, const char *sender, char **name, char **path);
