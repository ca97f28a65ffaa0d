/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The desktop's notifications: those that programs send (doorbell.h) become what there is
 * (notes.h), which pops up (popups.h), is listed, and is told on the bus (notify_service.h).
 */

#include "../surface.h"
#include "notes.h"
#include "notify_settings.h"

#include <gio/gio.h>

typedef struct InosNotifier InosNotifier;

typedef struct {
  /* The panel is to show something else; see inos_notifier_describe(). */
  void (*changed) (gpointer data);
  /* Likewise where the history is open; see inos_notifier_list(). */
  void (*listed) (gpointer data);
} InosNotifierHooks;

/* surface_hooks: of the surface on which they pop up, which is of the kind INOS_SURFACE_POPUPS. */
InosNotifier *inos_notifier_create (GDBusConnection *bus, InosWeb *web,
                                    const InosSurfaceHooks *surface_hooks,
                                    const InosNotifierHooks *hooks, gpointer data);
void inos_notifier_destroy (InosNotifier *self); /* self may be NULL */

/* For pages; see lib/notes.ts. */
JsonNode *inos_notifier_describe (InosNotifier *self);        /* the panel */
JsonNode *inos_notifier_describe_popups (InosNotifier *self); /* what pops up */
JsonNode *inos_notifier_list (InosNotifier *self);            /* the history */

/* What they pop up on is to have this value too. Takes value. */
void inos_notifier_send (InosNotifier *self, const char *name, JsonNode *value);

/* Where the desktop is. */
void inos_notifier_set_locked (InosNotifier *self, gboolean locked);
/* The compositor's object of the window that has the keyboard. */
void inos_notifier_set_window (InosNotifier *self, const char *path);
/* The history is open. */
void inos_notifier_set_open (InosNotifier *self, gboolean open);

/* What a person does. */
gboolean inos_notifier_act (InosNotifier *self, guint id, const char *key, GError **error);
gboolean inos_notifier_reply (InosNotifier *self, guint id, const char *text, GError **error);
gboolean inos_notifier_open_link (InosNotifier *self, guint id, const char *href, GError **error);
gboolean inos_notifier_dismiss (InosNotifier *self, guint id, GError **error);
/* See inos_notes_clear(). */
guint inos_notifier_clear (InosNotifier *self, guint id, const char *source);
gboolean inos_notifier_undo (InosNotifier *self);
/* The pointer is over what pops up, or an answer is being written there. */
void inos_notifier_set_busy (InosNotifier *self, gboolean busy);
/* The page on which they pop up has begun, or has gone, and knows of nothing. */
void inos_notifier_forget_page (InosNotifier *self);
/* The surface on which they pop up went with its output. */
void inos_notifier_lose_surface (InosNotifier *self);
void inos_notifier_fit (InosNotifier *self, guint height);
void inos_notifier_painted (InosNotifier *self, guint serial);
void inos_notifier_set_keyboard (InosNotifier *self, gboolean on);

/* What is set; inos_notifier_apply() saves it and makes it hold. */
InosNotifySettings *inos_notifier_get_settings (InosNotifier *self);
void inos_notifier_apply (InosNotifier *self);
/* Whether only what is critical pops up. */
gboolean inos_notifier_is_quiet (InosNotifier *self);
/* Nobody else is the desktop's server of notifications. */
gboolean inos_notifier_is_active (InosNotifier *self);
InosNotes *inos_notifier_get_notes (InosNotifier *self);
/* A notification's picture by its number, as PNG; NULL where there is none. Transfer full. */
GBytes *inos_notifier_get_picture (InosNotifier *self, guint64 number);
