/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What the desktop's portals ask of the desktop (org.freedesktop.impl.portal.desktop.inos): its
 * settings, pictures of the screen, and whether an application may use a device. Applications in a
 * sandbox call xdg-desktop-portal, which knows whose they are; they do not get here themselves
 * (guard/bus_guard.h).
 */

#include "../permit/prompter.h"

typedef struct InosPortal InosPortal;

/* prompter: where the questions are drawn. */
InosPortal *inos_portal_create (GDBusConnection *bus, InosPrompter *prompter);
void inos_portal_destroy (InosPortal *self); /* self may be NULL */
