/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Quick settings: what of the machine a person sets many times a day. Everything here is somebody
 * else's service that may be missing, die, or hang; nothing waits for it, and what is missing is
 * not described. Keys for sound and brightness end here too, and show what they did (osd.h).
 */

#include "../media/media.h"
#include "audio.h"
#include "bluetooth.h"
#include "brightness.h"
#include "network.h"
#include "osd.h"
#include "system_services.h"

typedef struct InosQuick InosQuick;

typedef struct {
  /* inos_quick_describe() may say something else; not more often than a person sees. */
  void (*changed) (gpointer data);
  /* The volume, the brightness or what is shown of them: for the bus, at once. */
  void (*controls) (gpointer data);
  /* A program that plays came, went, or does something else: for the bus, at once. */
  void (*media) (gpointer data);
} InosQuickHooks;

/* bus: the session bus. thumbs: belongs to the caller, and outlives this. */
InosQuick *inos_quick_create (GDBusConnection *bus, InosThumbs *thumbs, const InosQuickHooks *hooks,
                              gpointer data);
void inos_quick_destroy (InosQuick *self); /* self may be NULL */

/* For pages; see lib/quick.ts. all: with the lists. Transfer full. */
JsonNode *inos_quick_describe (InosQuick *self, gboolean all);
/* The quick settings are open: what is only known when it is asked for is asked for. */
void inos_quick_set_open (InosQuick *self, gboolean open);

/* Does what a key of the compositor's bindings stands for; FALSE where the name is none. */
gboolean inos_quick_act (InosQuick *self, const char *action);
/* Sets the desktop's colours, which every program sees. */
void inos_quick_set_dark (InosQuick *self, gboolean dark);
void inos_quick_set_night_light (InosQuick *self, gboolean on, InosReply *reply);

/* Each may be NULL until the system bus is there, but for audio, brightness, osd and media. */
InosNetwork *inos_quick_get_network (InosQuick *self);
InosBluetooth *inos_quick_get_bluetooth (InosQuick *self);
InosBusClient *inos_quick_get_profile (InosQuick *self);
InosAudio *inos_quick_get_audio (InosQuick *self);
InosBrightness *inos_quick_get_brightness (InosQuick *self);
InosOsd *inos_quick_get_osd (InosQuick *self);
InosMedia *inos_quick_get_media (InosQuick *self);
