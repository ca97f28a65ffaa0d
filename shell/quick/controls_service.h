/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.inos.Shell1.Controls: how loud and how bright it is, for other programs.
 */

#include "quick.h"

typedef struct InosControlsService InosControlsService;

InosControlsService *inos_controls_service_create (GDBusConnection *bus, InosQuick *quick);
void inos_controls_service_destroy (InosControlsService *self); /* self may be NULL */
/* Something may be another than it was. */
void inos_controls_service_update (InosControlsService *self); /* self may be NULL */
