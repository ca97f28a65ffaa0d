/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.freedesktop.impl.portal.Screenshot: a picture of all screens, for an application that may
 * have it ("screen.capture"). The compositor takes it when the question has left the screen;
 * private windows are black in it.
 */

#include "../permit/prompter.h"

typedef struct InosPortalScreenshot InosPortalScreenshot;

InosPortalScreenshot *inos_portal_screenshot_create (GDBusConnection *bus, InosPrompter *prompter);
void inos_portal_screenshot_destroy (InosPortalScreenshot *self);
