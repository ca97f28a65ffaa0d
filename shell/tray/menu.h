/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The menu of a status notifier item while it is open: com.canonical.dbusmenu of a program, whose
 * entries our page draws (layout.h). It is read when it opens and when the program says that it is
 * another; nothing waits for it.
 */

#include "../reply.h"

#include <gio/gio.h>

typedef struct InosTrayMenu InosTrayMenu;

/* changed: it was read, or could not be. Not called within a call. */
InosTrayMenu *inos_tray_menu_create (GDBusConnection *bus, const char *owner, const char *path,
                                     guint item, void (*changed) (gpointer data), gpointer data);
/* Tells the program that it has closed. self may be NULL. */
void inos_tray_menu_destroy (InosTrayMenu *self);

/* Whose it is. */
guint inos_tray_menu_get_item (const InosTrayMenu *self);
/* For pages; see lib/tray.ts. Transfer full. */
JsonNode *inos_tray_menu_describe (const InosTrayMenu *self);

/* A person chose that entry. */
void inos_tray_menu_choose (InosTrayMenu *self, gint32 entry);
/* A menu below that entry opens: the program may have to fill it first. */
void inos_tray_menu_open (InosTrayMenu *self, gint32 entry);
