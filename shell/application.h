/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The shell: the surfaces, the services they show, and what lies over the desktop. Everything the
 * program has hangs on this; commands.c and service.c act on it through the functions below.
 */

#include "launcher.h"
#include "power.h"
#include "compositor_client.h"
#include "notify/notifier.h"
#include "permit/prompter.h"
#include "polkit/authenticator.h"
#include "quick/quick.h"
#include "session_client.h"
#include "surface.h"
#include "clipboard/clipboard.h"
#include "keyboard/keyboard.h"
#include "tray/tray.h"

typedef struct InosApplication InosApplication;

/* What the panel says it shows. */
typedef struct {
  double cpu;    /* percent */
  double memory; /* percent */
  gboolean connected;
} InosPanelFigures;

/* quit is called when the shell cannot go on. */
InosApplication *inos_application_create (GDBusConnection *bus, void (*quit) (gpointer data),
                                          gpointer data);
void inos_application_destroy (InosApplication *self); /* self may be NULL */

/* "", "clipboard", "launcher", "notifications", "power", "quick", "shortcuts" or "tray". */
const char *inos_application_get_overlay (InosApplication *self);
/* Opens an overlay, "" closes; an unknown name is an error. */
gboolean inos_application_set_overlay (InosApplication *self, const char *overlay, GError **error);
gboolean inos_application_toggle_overlay (InosApplication *self, const char *overlay,
                                          GError **error);
/* The open overlay's page needs that many pixels of height. */
void inos_application_fit_overlay (InosApplication *self, guint height);
/* The page has drawn the overlay that was opened as the serial-th. */
void inos_application_overlay_painted (InosApplication *self, guint serial);
gboolean inos_application_launch (InosApplication *self, const char *id, const char *action,
                                  GError **error);

InosPanelFigures inos_application_get_figures (InosApplication *self);
void inos_application_set_figures (InosApplication *self, const InosPanelFigures *figures);

/* A page has begun: what it needs to draw anything. Transfer full. */
JsonNode *inos_application_greet (InosApplication *self, InosSurface *surface);
/* A page shows something. */
void inos_application_page_ready (InosApplication *self, InosSurface *surface);

InosBusClient *inos_application_get_compositor (InosApplication *self);
InosBusClient *inos_application_get_node (InosApplication *self);
InosBusClient *inos_application_get_session (InosApplication *self);
InosPower *inos_application_get_power (InosApplication *self);
InosNotifier *inos_application_get_notifier (InosApplication *self);
InosPrompter *inos_application_get_prompter (InosApplication *self);
InosAuthenticator *inos_application_get_authenticator (InosApplication *self);
InosQuick *inos_application_get_quick (InosApplication *self);
InosTray *inos_application_get_tray (InosApplication *self);
InosClipboard *inos_application_get_clipboard (InosApplication *self);
InosKeyboard *inos_application_get_keyboard (InosApplication *self);
