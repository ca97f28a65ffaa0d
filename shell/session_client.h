/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The session's supervisor: whether there is one (a proxy), and asking it to end the session.
 */

#include "bus_client.h"

InosBusClient *inos_session_client_create (GDBusConnection *bus);
void inos_session_client_logout (InosBusClient *self, InosReply *reply);
