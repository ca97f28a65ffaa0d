/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A status notifier item: a small picture by which a program says on the panel how it is, at an
 * object of its own with the interface org.kde.StatusNotifierItem. Read as a stranger's.
 */

#include "../reply.h"
#include "../thumbs.h"
#include "watcher.h"

#include <gio/gio.h>

#define INOS_TRAY_MAX_TEXT 200 /* bytes of its title, and of what it says when it is pointed at */

typedef struct InosTrayItem InosTrayItem;

typedef enum { INOS_TRAY_PASSIVE, INOS_TRAY_ACTIVE, INOS_TRAY_ATTENTION } InosTrayStatus;

/* origin need not outlive the call. changed: it says something else, or is mute; not called within
 * a call. */
InosTrayItem *inos_tray_item_create (GDBusConnection *bus, const InosTrayOrigin *origin, guint id,
                                     InosThumbs *thumbs, void (*changed) (gpointer data),
                                     gpointer data);
void inos_tray_item_destroy (InosTrayItem *self); /* self may be NULL */

guint inos_tray_item_get_id (const InosTrayItem *self);
const char *inos_tray_item_get_owner (const InosTrayItem *self);
/* Its owner has registered it too: it does not go with who did before. */
void inos_tray_item_take (InosTrayItem *self);
const char *inos_tray_item_get_registrar (const InosTrayItem *self);
const char *inos_tray_item_get_name (const InosTrayItem *self);
const char *inos_tray_item_get_path (const InosTrayItem *self);
/* What it is called; never empty once it was read. */
const char *inos_tray_item_get_title (const InosTrayItem *self);
/* What it says when it is pointed at, or "". */
const char *inos_tray_item_get_tooltip (const InosTrayItem *self);
InosTrayStatus inos_tray_item_get_status (const InosTrayItem *self);
/* The object of its menu, or NULL. */
const char *inos_tray_item_get_menu (const InosTrayItem *self);
/* A click shows the menu, and nothing else. */
gboolean inos_tray_item_is_menu (const InosTrayItem *self);
/* It has said that it knows no click. */
void inos_tray_item_set_idle (InosTrayItem *self);
/* It was read; before that it is not shown. */
gboolean inos_tray_item_is_known (const InosTrayItem *self);
/* It was asked a few times and has never said what it is: there is none. */
gboolean inos_tray_item_is_mute (const InosTrayItem *self);

/* For pages; see lib/tray.ts. Transfer full. */
JsonNode *inos_tray_item_describe (const InosTrayItem *self);

/* The item has no such method; late: it took so long to say so that the person has gone on. */
typedef void (*InosTrayMissing) (guint id, gboolean late, InosReply *reply, gpointer data);

/* "Activate", "SecondaryActivate" or "ContextMenu". missing: called instead of failing; may be
 * NULL. */
void inos_tray_item_call (InosTrayItem *self, const char *method, InosReply *reply,
                          InosTrayMissing missing, gpointer data);
/* Somebody turned the wheel over it. */
void inos_tray_item_scroll (InosTrayItem *self, int delta, gboolean horizontal);

/* "passive", "active" or "attention". */
const char *inos_tray_status_name (InosTrayStatus status);
