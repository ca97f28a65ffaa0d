/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The session's supervisor: whether there is one, and asking it to end the session.
 */

#include "bus_client.h"
#include "reply.h"

typedef struct InosSessionClient InosSessionClient;

InosSessionClient *inos_session_client_create (GDBusConnection *bus);
void inos_session_client_destroy (InosSessionClient *self); /* self may be NULL */
gboolean inos_session_client_is_present (InosSessionClient *self);
void inos_session_client_logout (InosSessionClient *self, InosReply *reply);
