/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * How bright the built-in screen is: read in /sys/class/backlight, set by logind, which lets the
 * person whose session it is.
 */

#include <gio/gio.h>

typedef struct InosBrightness InosBrightness;

typedef struct {
  void (*changed) (gpointer data);
  /* Somebody else has set it: a key that the firmware hears, another program. */
  void (*seen) (gpointer data);
} InosBrightnessHooks;

InosBrightness *inos_brightness_create (const InosBrightnessHooks *hooks, gpointer data);
void inos_brightness_destroy (InosBrightness *self); /* self may be NULL */

/* The system bus, once there is one. */
void inos_brightness_set_bus (InosBrightness *self, GDBusConnection *bus);

/* Percent; -1 where no screen has a light that can be set, or nobody would set it. */
int inos_brightness_get (InosBrightness *self);
/* 0 is the least at which something can be seen. FALSE where there is none. */
gboolean inos_brightness_set (InosBrightness *self, guint percent);
