/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.inos.Shell1 on the session bus.
 */

#include "application.h"

typedef struct InosService InosService;

/* lost is called when the name is someone else's: another shell runs. */
InosService *inos_service_create (GDBusConnection *bus, InosApplication *application,
                                  void (*lost) (gpointer data), gpointer data);
void inos_service_destroy (InosService *self); /* self may be NULL */
void inos_service_set_overlay (InosService *self, const char *overlay);
void inos_service_set_figures (InosService *self, const InosPanelFigures *figures);
