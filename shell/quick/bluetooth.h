/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Bluetooth, as BlueZ has it: on and off, and the devices that are paired. Their names are what
 * they say of themselves.
 */

#include "objects.h"

#include <json-glib/json-glib.h>

typedef struct InosBluetooth InosBluetooth;

InosBluetooth *inos_bluetooth_create (GDBusConnection *bus, void (*changed) (gpointer data),
                                      gpointer data);
void inos_bluetooth_destroy (InosBluetooth *self); /* self may be NULL */

/* NULL where there is no BlueZ, or no adapter; see lib/quick.ts. */
JsonNode *inos_bluetooth_describe (InosBluetooth *self);

void inos_bluetooth_set_on (InosBluetooth *self, gboolean on, InosReply *reply);
/* Connects or disconnects a device that describe() listed as id. */
void inos_bluetooth_set_connected (InosBluetooth *self, const char *id, gboolean on,
                                   InosReply *reply);
