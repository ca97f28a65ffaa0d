/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

/*
 * Shows the welcome (org.inos.Welcome) to a person who has not seen it: it leaves a file in their
 * state when it is shown.
 */
void inos_welcome_begin (GDBusConnection *bus);
