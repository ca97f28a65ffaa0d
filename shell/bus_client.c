/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "bus_client.h"

struct InosBusClient {
  InosBusHooks hooks;
  gpointer data;
  GCancellable *cancellable;
  GDBusProxy *proxy; /* NULL until the first answer */
  gboolean present;
};

static void tell (InosBusClient *self)
{
  JsonObject *object;
  JsonNode *state;

  if (!self->hooks.changed)
    return;
  object = json_object_new();
  state = json_node_new (JSON_NODE_OBJECT);
  self->hooks.describe (inos_bus_client_get_proxy (self), object);
  json_node_take_object (state, object);
  self->hooks.changed (state, self->data);
}

static void update_presence (InosBusClient *self)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (self->proxy);
  gboolean came = owner && !self->present;

  self->present = owner != NULL;
  if (came && self->hooks.appeared)
    self->hooks.appeared (self->proxy);
  tell (self);
}

static void on_properties_changed (GDBusProxy *proxy, GVariant *changed, GStrv invalidated,
                                   gpointer data)
{
  tell (data);
}

/* GDBusProxy has read the new owner's properties before it notifies. */
static void on_owner_changed (GObject *object, GParamSpec *pspec, gpointer data)
{
  update_presence (data);
}

static void on_signal (GDBusProxy *proxy, const char *sender, const char *signal,
                       GVariant *parameters, gpointer data)
{
  InosBusClient *self = data;
  const char *name;

  if (!self->hooks.action || !g_str_equal (signal, "Action") ||
      !g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(s)")))
    return;
  g_variant_get (parameters, "(&s)", &name);
  self->hooks.action (name, self->data);
}

static void on_proxy_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusProxy) proxy = g_dbus_proxy_new_finish (result, &error);
  InosBusClient *self = data;

  if (!proxy) {
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      g_warning ("no proxy on the session bus: %s", error->message);
    return;
  }
  self->proxy = g_steal_pointer (&proxy);
  g_signal_connect (self->proxy, "g-properties-changed", G_CALLBACK (on_properties_changed), self);
  g_signal_connect (self->proxy, "notify::g-name-owner", G_CALLBACK (on_owner_changed), self);
  g_signal_connect (self->proxy, "g-signal", G_CALLBACK (on_signal), self);
  update_presence (self);
}

InosBusClient *inos_bus_client_create (GDBusConnection *bus, const InosBusAddress *address,
                                       const InosBusHooks *hooks, gpointer data)
{
  InosBusClient *self = g_new0 (InosBusClient, 1);

  self->hooks = *hooks;
  self->data = data;
  self->cancellable = g_cancellable_new();
  g_dbus_proxy_new (bus, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, NULL, address->name, address->path,
                    address->interface, self->cancellable, on_proxy_ready, self);
  return self;
}

void inos_bus_client_destroy (InosBusClient *self)
{
  if (!self)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->proxy)
    g_signal_handlers_disconnect_by_data (self->proxy, self);
  g_clear_object (&self->proxy);
  g_free (self);
}

GDBusProxy *inos_bus_client_get_proxy (InosBusClient *self)
{
  return self->present ? self->proxy : NULL;
}

/* What an answer to a page needs. */
typedef struct {
  InosReply *reply;
  const char *failed;
} Question;

static void on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Question *question = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_proxy_call_finish (G_DBUS_PROXY (source), result, &error);

  if (answer)
    inos_reply_ok (question->reply, NULL);
  else
    inos_reply_fail (question->reply, question->failed, error->message);
}

void inos_bus_client_ask (InosBusClient *self, const char *method, GVariant *arguments,
                          const char *absent, const char *failed, InosReply *reply)
{
  GDBusProxy *proxy = inos_bus_client_get_proxy (self);
  Question *question;

  if (!proxy) {
    inos_reply_fail (reply, "%s", absent);
    return;
  }
  question = g_new0 (Question, 1);
  *question = (Question){reply, failed};
  g_dbus_proxy_call (proxy, method, arguments, G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_answered,
                     question);
}

GVariant *inos_bus_get_variant (GDBusProxy *proxy, const char *name, const char *type)
{
  g_autoptr (GVariant) value = g_dbus_proxy_get_cached_property (proxy, name);

  if (!value || !g_variant_is_of_type (value, G_VARIANT_TYPE (type)))
    return NULL;
  return g_steal_pointer (&value);
}

double inos_bus_get_double (GDBusProxy *proxy, const char *name)
{
  g_autoptr (GVariant) value = inos_bus_get_variant (proxy, name, "d");

  return value ? g_variant_get_double (value) : 0;
}

guint64 inos_bus_get_uint64 (GDBusProxy *proxy, const char *name)
{
  g_autoptr (GVariant) value = inos_bus_get_variant (proxy, name, "t");

  return value ? g_variant_get_uint64 (value) : 0;
}

guint inos_bus_get_uint (GDBusProxy *proxy, const char *name)
{
  g_autoptr (GVariant) value = inos_bus_get_variant (proxy, name, "u");

  return value ? g_variant_get_uint32 (value) : 0;
}

gboolean inos_bus_get_boolean (GDBusProxy *proxy, const char *name)
{
  g_autoptr (GVariant) value = inos_bus_get_variant (proxy, name, "b");

  return value && g_variant_get_boolean (value);
}

void inos_bus_add_string (GDBusProxy *proxy, const char *name, JsonObject *object, const char *key)
{
  g_autoptr (GVariant) value = inos_bus_get_variant (proxy, name, "s");

  json_object_set_string_member (object, key, value ? g_variant_get_string (value, NULL) : "");
}
