/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * This machine's node as the pages see it: {"connected", "peerId", "hostName", "cpu", "memory",
 * "memoryTotal", "memoryUsed", "sampledAt", "alerts", "battery"}. Asks for a sample a second.
 */

#include "bus_client.h"

InosBusClient *inos_node_client_create (GDBusConnection *bus, InosStateFunc changed, gpointer data);
