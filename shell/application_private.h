/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the shell has, for the files that make it up.
 */

#include "application.h"

#include "appearance.h"
#include "capability.h"
#include "clipboard/clipboard_service.h"
#include "desktop.h"
#include "keyboard/keyboard_service.h"
#include "language.h"
#include "media/media_service.h"
#include "node_client.h"
#include "portal/portal.h"
#include "quick/controls_service.h"
#include "service.h"
#include "tray/tray_service.h"

struct InosApplication {
  void (*quit) (gpointer data);
  gpointer data;

  InosCapability *capabilities[INOS_SURFACE_KINDS]; /* by InosSurfaceKind */
  JsonNode *language;                               /* see language.h */
  InosAppearance *appearance;
  InosLauncher *launcher;
  InosPower *power;
  InosBusClient *node;
  InosBusClient *compositor;
  InosBusClient *session;
  InosService *service;
  InosNotifier *notifier;
  InosPrompter *prompter;
  InosPortal *portal;
  InosAuthenticator *authenticator;
  InosQuick *quick;
  InosControlsService *controls;
  InosMediaService *media;
  InosThumbs *thumbs;
  InosTray *tray;
  InosTrayService *tray_service;
  InosClipboard *clipboard;
  InosClipboardService *clipboard_service;
  InosKeyboard *keyboard;
  InosKeyboardService *keyboard_service;

  InosWeb *web;
  InosDesktop *desktop;
  InosSurface *overlay_surface;
  const char *overlay; /* static, of overlay.h or "" */
  guint opened;        /* how often an overlay was opened */

  JsonNode *node_state;       /* the newest, or NULL */
  JsonNode *compositor_state; /* as above */
  JsonNode *quick_state;      /* what panels have of it, or NULL */
  InosPanelFigures figures;
  gboolean announced; /* READY=1 was said */
};

/* Transfer full. */
JsonNode *inos_application_describe_overlay (InosApplication *self);
