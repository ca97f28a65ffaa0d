/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The programs that play, on the bus: org.inos.Shell1.Media, for inosctl and scripts.
 */

#include "media.h"

typedef struct InosMediaService InosMediaService;

/* media: belongs to the caller, and outlives this. */
InosMediaService *inos_media_service_create (GDBusConnection *bus, InosMedia *media);
void inos_media_service_destroy (InosMediaService *self); /* self may be NULL */

/* Something of media is another. */
void inos_media_service_update (InosMediaService *self); /* self may be NULL */
