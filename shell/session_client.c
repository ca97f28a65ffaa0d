/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_client.h"

#include <glib/gi18n.h>

InosBusClient *inos_session_client_create (GDBusConnection *bus)
{
  static const InosBusAddress address = {"org.inos.Session1", "/org/inos/Session1",
                                         "org.inos.Session1"};
  static const InosBusHooks hooks = {0};

  return inos_bus_client_create (bus, &address, &hooks, NULL);
}

void inos_session_client_logout (InosBusClient *self, InosReply *reply)
{
  inos_bus_client_ask (self, "Logout", NULL, _ ("The session does not answer."),
                       _ ("The session could not be ended: %s"), reply);
}
