/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.freedesktop.impl.portal.Screenshot: a picture of all screens, or of what the person chooses
 * (interactive), for an application that may have it ("screen.capture"); and the colour of a place
 * that the person chooses (PickColor), which is its permission. The compositor takes it when the
 * question and the choice have left the screen; private windows are black in it.
 */

#include "../permit/prompter.h"

typedef struct InosPortalScreenshot InosPortalScreenshot;

InosPortalScreenshot *inos_portal_screenshot_create (GDBusConnection *bus, InosPrompter *prompter);
void inos_portal_screenshot_destroy (InosPortalScreenshot *self);
