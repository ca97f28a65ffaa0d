/* The generated skeleton of org.inos.Node1, with Uptime computed when it is read.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdbool.h>

#include "bridge-dbus.h"

/* Uptime is the time since StartedAt while Connected, else 0. */
InosDBusNode1 *inos_uptime_skeleton_new (void);
