/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The panel's items on the bus: org.inos.Shell1.Tray, for inosctl and scripts.
 */

#include "tray.h"

typedef struct InosTrayService InosTrayService;

/* tray: belongs to the caller, and outlives this. */
InosTrayService *inos_tray_service_create (GDBusConnection *bus, InosTray *tray);
void inos_tray_service_destroy (InosTrayService *self); /* self may be NULL */
