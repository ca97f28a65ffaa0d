/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Services of the machine that are one object each, which may be missing: UPower's battery and
 * power-profiles-daemon. See bus_client.h.
 */

#include "../bus_client.h"

/* State: {"present", "percent", "state": "charging" | "discharging" | "full" | "waiting",
 * "seconds": until it is full or empty, 0 where that is not known, "low"}. */
InosBusClient *inos_battery_create (GDBusConnection *bus, InosStateFunc changed, gpointer data);

/* State: {"present", "active", "profiles": [name, …], "degraded"}. */
InosBusClient *inos_profile_create (GDBusConnection *bus, InosStateFunc changed, gpointer data);
void inos_profile_set (InosBusClient *self, const char *name, InosReply *reply);
