/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The items that programs have on the panel (status notifier items), and the one menu of theirs
 * that may be open. At most so many are known, of each program a few, and of each that registers
 * them; they go with either.
 */

#include "item.h"

#define INOS_TRAY_MAX_ITEMS 32
#define INOS_TRAY_MAX_OF_ONE 8

typedef struct InosTray InosTray;

typedef struct {
  /* inos_tray_describe() says something else; not more often than a person sees. */
  void (*changed) (gpointer data);
  /* A menu is to be shown: the overlay that shows it is to open. */
  void (*menu) (gpointer data);
} InosTrayHooks;

/* thumbs: belongs to the caller, and outlives this. */
InosTray *inos_tray_create (GDBusConnection *bus, InosThumbs *thumbs, const InosTrayHooks *hooks,
                            gpointer data);
void inos_tray_destroy (InosTray *self); /* self may be NULL */

/* For pages; see lib/tray.ts. Transfer full. */
JsonNode *inos_tray_describe (InosTray *self);

guint inos_tray_get_n_items (InosTray *self);
/* In the order in which they came; the item belongs to self. */
InosTrayItem *inos_tray_get_item (InosTray *self, guint index);

/* What a person does with an item: "activate" (shows its menu where that is all it has),
 * "secondary" or "menu". Answers true where its menu opens. */
void inos_tray_do (InosTray *self, guint id, const char *what, InosReply *reply);
void inos_tray_scroll (InosTray *self, guint id, int delta, gboolean horizontal);
/* An entry of the menu of item id was chosen, or the menu below it opens. Where another menu is
 * open by now that is refused: its entries are others. */
void inos_tray_choose (InosTray *self, guint id, gint32 entry, InosReply *reply);
void inos_tray_open (InosTray *self, guint id, gint32 entry, InosReply *reply);
void inos_tray_close_menu (InosTray *self);
