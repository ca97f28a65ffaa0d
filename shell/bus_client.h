/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * One object of a service on the session bus that may be missing, come and go. What is built on it
 * turns the properties into the JSON that pages get.
 */

#include <gio/gio.h>
#include <json-glib/json-glib.h>

typedef struct InosBusClient InosBusClient;

typedef struct {
  const char *name;
  const char *path;
  const char *interface;
} InosBusAddress;

typedef struct {
  /* The service came, left, or changed a property. proxy is NULL while it is missing. */
  void (*changed) (GDBusProxy *proxy, gpointer data);
  /* The service came; before changed. May be NULL. */
  void (*appeared) (GDBusProxy *proxy, gpointer data);
  /* The service sent a signal. May be NULL. */
  void (*signalled) (const char *signal, GVariant *parameters, gpointer data);
} InosBusHooks;

InosBusClient *inos_bus_client_create (GDBusConnection *bus, const InosBusAddress *address,
                                       const InosBusHooks *hooks, gpointer data);
void inos_bus_client_destroy (InosBusClient *self); /* self may be NULL */
/* NULL while the service is missing. */
GDBusProxy *inos_bus_client_get_proxy (InosBusClient *self);

/* Properties, with a default where they are missing or of another type. */
double inos_bus_get_double (GDBusProxy *proxy, const char *name);
guint64 inos_bus_get_uint64 (GDBusProxy *proxy, const char *name);
guint inos_bus_get_uint (GDBusProxy *proxy, const char *name);
gboolean inos_bus_get_boolean (GDBusProxy *proxy, const char *name);
/* Adds the string to object under key. */
void inos_bus_add_string (GDBusProxy *proxy, const char *name, JsonObject *object, const char *key);
/* NULL where missing or of another type. */
GVariant *inos_bus_get_variant (GDBusProxy *proxy, const char *name, const char *type);
