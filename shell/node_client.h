/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * This machine's node as the pages see it: {"connected", "peerId", "hostName", "alerts"}. Its
 * figures they read in the arena.
 */

#include "bus_client.h"

InosBusClient *inos_node_client_create (GDBusConnection *bus, InosStateFunc changed, gpointer data);
