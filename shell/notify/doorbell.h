/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.freedesktop.Notifications on the session bus: what programs ask of the desktop's
 * notifications and what they are told. Has none itself; see notifier.h.
 */

#include "note.h"

#include <gio/gio.h>

typedef struct InosDoorbell InosDoorbell;

typedef struct {
  /* A program notifies. Takes note; hints are what came with it. Returns the id. */
  guint (*notify) (InosNote *note, guint replaces, GVariant *hints, const char *app_icon,
                   gpointer data);
  /* FALSE where there is none that is the sender's to close. */
  gboolean (*close) (guint id, const char *sender, gpointer data);
  /* A program that has sent something left the bus. */
  void (*left) (const char *sender, gpointer data);
  /* The name is ours, or somebody else's. */
  void (*active) (gboolean active, gpointer data);
} InosDoorbellHooks;

InosDoorbell *inos_doorbell_create (GDBusConnection *bus, const InosDoorbellHooks *hooks,
                                    gpointer data);
void inos_doorbell_destroy (InosDoorbell *self); /* self may be NULL */

/* Says by the hook when that program is not there, now or later. */
void inos_doorbell_watch (InosDoorbell *self, const char *sender);

void inos_doorbell_tell_closed (InosDoorbell *self, const InosNote *note, guint reason);
/* token: for xdg-activation, or NULL. */
void inos_doorbell_tell_action (InosDoorbell *self, const InosNote *note, const char *key,
                                const char *token);
void inos_doorbell_tell_reply (InosDoorbell *self, const InosNote *note, const char *text,
                               const char *token);
