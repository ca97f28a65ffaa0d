/*
 * What xdg-desktop-portal remembers by itself: for cameras, microphones, speakers and the place
 * where one is it asks the person once, keeps the answer in the permission store of its own, and
 * asks nobody any more. So that what is revoked here is asked again there, its entry is deleted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "bridge/permit/capabilities.h"

#include <gio/gio.h>

/**
 * inos_portal_store_forget:
 * @row: nothing happens where no portal keeps it
 *
 * Does not wait. Where there is no such store, there is nothing to forget.
 */
void inos_portal_store_forget (GDBusConnection *bus, const char *app,
                               const struct inos_grantable *row);
