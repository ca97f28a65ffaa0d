/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.inos.Shell1.Notifications at /org/inos/Shell1.
 */

#include "notifier.h"

typedef struct InosNotifyService InosNotifyService;

InosNotifyService *inos_notify_service_create (GDBusConnection *bus, InosNotifier *notifier);
void inos_notify_service_destroy (InosNotifyService *self); /* self may be NULL */
/* Its properties are what the notifier says. */
void inos_notify_service_update (InosNotifyService *self);
/* "Added" or "Removed". */
void inos_notify_service_tell (InosNotifyService *self, const char *signal, guint id);
