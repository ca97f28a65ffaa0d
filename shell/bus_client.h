/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One object of a service on the session bus that may be missing, come and go: its properties as
 * the JSON that pages get, and its methods as answers to a page.
 */

#include "reply.h"

#include <gio/gio.h>

typedef struct InosBusClient InosBusClient;

typedef struct {
  const char *name;
  const char *path;
  const char *interface;
} InosBusAddress;

/* Called with each new state; state is the callee's to take. */
typedef void (*InosStateFunc) (JsonNode *state, gpointer data);

/* Each may be NULL. */
typedef struct {
  /* Writes the properties into state. proxy is NULL while the service is missing. */
  void (*describe) (GDBusProxy *proxy, JsonObject *state);
  /* The service came, left, or changed a property; needs describe. */
  InosStateFunc changed;
  /* The service came; before changed. */
  void (*appeared) (GDBusProxy *proxy);
  /* The service sent its signal "Action", which names something to do. */
  void (*action) (const char *name, gpointer data);
} InosBusHooks;

InosBusClient *inos_bus_client_create (GDBusConnection *bus, const InosBusAddress *address,
                                       const InosBusHooks *hooks, gpointer data);
void inos_bus_client_destroy (InosBusClient *self); /* self may be NULL */
/* NULL while the service is missing. */
GDBusProxy *inos_bus_client_get_proxy (InosBusClient *self);

/* Calls a method and answers a page: with null, with absent where the service is missing, or with
 * failed, a format that has one %s for the reason. Both are sentences for the person. */
void inos_bus_client_ask (InosBusClient *self, const char *method, GVariant *arguments,
                          const char *absent, const char *failed, InosReply *reply);

/* Properties, with a default where they are missing or of another type. */
double inos_bus_get_double (GDBusProxy *proxy, const char *name);
guint64 inos_bus_get_uint64 (GDBusProxy *proxy, const char *name);
guint inos_bus_get_uint (GDBusProxy *proxy, const char *name);
gboolean inos_bus_get_boolean (GDBusProxy *proxy, const char *name);
/* Adds the string to object under key. */
void inos_bus_add_string (GDBusProxy *proxy, const char *name, JsonObject *object, const char *key);
/* NULL where missing or of another type. */
GVariant *inos_bus_get_variant (GDBusProxy *proxy, const char *name, const char *type);
