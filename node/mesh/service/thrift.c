/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/thrift.h"

#include "node/mesh/net/poller.h"

#define AGAIN 30000u /* ms, until the bus is looked for again */

/* One that says so: a property of a service of the system bus. */
struct source {
  struct inos_thrift *thrift;
  GDBusProxy *proxy; /* NULL: not yet */
};

enum { NETWORK, POWER, SOURCES };

static const struct {
  const char *name, *path, *property, *type;
} services[SOURCES] = {
  [NETWORK] = {"org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager", "Metered", "u"},
  [POWER] = {"org.freedesktop.UPower", "/org/freedesktop/UPower", "OnBattery", "b"},
};

struct inos_thrift {
  GMainContext *context;
  GCancellable *cancel; /* of what is under way on this connection */
  GDBusConnection *bus; /* NULL: there is none */
  GSource *again;
  struct source sources[SOURCES];
  enum inos_saving set[SOURCES];
  enum inos_power power; /* as the kernel says */
  struct inos_thrift_state told;
  inos_thrift_changed changed;
  void *data;
};

static void look_for_bus (struct inos_thrift *thrift);

/* What they say */

/* NMMetered: 1 yes, 3 guessed that it is; 0 unknown, 2 no, 4 guessed that it is not. */
static bool is_saving (unsigned source, GVariant *value)
{
  if (source == POWER)
    return g_variant_get_boolean (value);
  return g_variant_get_uint32 (value) == 1 || g_variant_get_uint32 (value) == 3;
}

static bool judge (const struct inos_thrift *thrift, unsigned source, const char **why)
{
  GDBusProxy *proxy = thrift->sources[source].proxy;
  g_autofree char *owner = proxy ? g_dbus_proxy_get_name_owner (proxy) : NULL;
  g_autoptr (GVariant) value =
    owner ? g_dbus_proxy_get_cached_property (proxy, services[source].property) : NULL;
  bool known = value && g_variant_is_of_type (value, G_VARIANT_TYPE (services[source].type));
  enum inos_power power = source == POWER && !known ? thrift->power : INOS_POWER_UNKNOWN;

  *why = thrift->set[source] != INOS_SAVING_AUTO ? "set"
         : known || power != INOS_POWER_UNKNOWN  ? "system"
                                                 : "unknown";
  if (thrift->set[source] != INOS_SAVING_AUTO)
    return thrift->set[source] == INOS_SAVING_YES;
  return known ? is_saving (source, value) : power == INOS_POWER_BATTERY;
}

void inos_thrift_look (const struct inos_thrift *thrift, struct inos_thrift_state *state)
{
  state->metered = judge (thrift, NETWORK, &state->metered_why);
  state->battery = judge (thrift, POWER, &state->battery_why);
}

static void tell (struct inos_thrift *thrift)
{
  struct inos_thrift_state before = thrift->told;

  inos_thrift_look (thrift, &thrift->told);
  if (thrift->told.metered != before.metered || thrift->told.battery != before.battery)
    thrift->changed (thrift->data, &thrift->told);
}

/* The bus */

static void on_properties (struct source *source)
{
  tell (source->thrift);
}

static void drop_bus (struct inos_thrift *thrift)
{
  g_cancellable_cancel (thrift->cancel);
  g_clear_object (&thrift->cancel);
  for (unsigned i = 0; i < SOURCES; i++) {
    if (thrift->sources[i].proxy)
      g_signal_handlers_disconnect_by_data (thrift->sources[i].proxy, &thrift->sources[i]);
    g_clear_object (&thrift->sources[i].proxy);
  }
  if (thrift->bus)
    g_signal_handlers_disconnect_by_data (thrift->bus, thrift);
  g_clear_object (&thrift->bus);
}

static gboolean on_again (gpointer data)
{
  struct inos_thrift *thrift = data;

  inos_timer_clear (&thrift->again);
  look_for_bus (thrift);
  return G_SOURCE_REMOVE;
}

static void look_again (struct inos_thrift *thrift)
{
  drop_bus (thrift);
  inos_timer_set (&thrift->again, thrift->context, AGAIN, on_again, thrift);
}

static void on_closed (GDBusConnection *bus, gboolean vanished, GError *error, void *data)
{
  look_again (data);
  tell (data);
}

static void on_proxy (GObject *object, GAsyncResult *result, void *data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusProxy) proxy = g_dbus_proxy_new_finish (result, &error);
  struct source *source = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* it may have gone */
    return;
  if (!proxy) {
    g_info ("The system bus does not let the mesh look: %s", error->message);
    return;
  }
  source->proxy = g_steal_pointer (&proxy);
  g_signal_connect_swapped (source->proxy, "g-properties-changed", G_CALLBACK (on_properties),
                            source);
  g_signal_connect_swapped (source->proxy, "notify::g-name-owner", G_CALLBACK (on_properties),
                            source);
  tell (source->thrift);
}

static void on_bus (GObject *object, GAsyncResult *result, void *data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_dbus_connection_new_for_address_finish (result, &error);
  struct inos_thrift *thrift = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_clear_object (&bus);
    return;
  }
  if (!bus) {
    look_again (thrift);
    return;
  }
  thrift->bus = bus;
  g_signal_connect (bus, "closed", G_CALLBACK (on_closed), thrift);
  g_main_context_push_thread_default (thrift->context);
  for (unsigned i = 0; i < SOURCES; i++)
    g_dbus_proxy_new (bus, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, NULL, services[i].name,
                      services[i].path, services[i].name, thrift->cancel, on_proxy,
                      &thrift->sources[i]);
  g_main_context_pop_thread_default (thrift->context);
}

/* A connection of its own: its signals come to this thread, and its end ends nothing else. */
static void look_for_bus (struct inos_thrift *thrift)
{
  g_autofree char *address = g_dbus_address_get_for_bus_sync (G_BUS_TYPE_SYSTEM, NULL, NULL);

  thrift->cancel = g_cancellable_new();
  if (!address) {
    look_again (thrift);
    return;
  }
  g_main_context_push_thread_default (thrift->context);
  g_dbus_connection_new_for_address (address,
                                     G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                       G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                     NULL, thrift->cancel, on_bus, thrift);
  g_main_context_pop_thread_default (thrift->context);
}

/* Life cycle */

static bool has_to_look (const struct inos_thrift *thrift)
{
  return thrift->set[NETWORK] == INOS_SAVING_AUTO || thrift->set[POWER] == INOS_SAVING_AUTO;
}

static gboolean on_begin (gpointer data)
{
  struct inos_thrift *thrift = data;

  inos_timer_clear (&thrift->again);
  tell (thrift);
  if (has_to_look (thrift))
    look_for_bus (thrift);
  return G_SOURCE_REMOVE;
}

struct inos_thrift *inos_thrift_new (GMainContext *context, enum inos_saving metered,
                                     enum inos_saving battery, inos_thrift_changed changed,
                                     void *data)
{
  struct inos_thrift *thrift = g_new0 (struct inos_thrift, 1);

  thrift->context = context;
  thrift->changed = changed;
  thrift->data = data;
  thrift->set[NETWORK] = metered;
  thrift->set[POWER] = battery;
  for (unsigned i = 0; i < SOURCES; i++)
    thrift->sources[i].thrift = thrift;
  inos_timer_set (&thrift->again, context, 0, on_begin, thrift);
  return thrift;
}

void inos_thrift_free (struct inos_thrift *thrift)
{
  if (!thrift)
    return;
  inos_timer_clear (&thrift->again);
  drop_bus (thrift);
  g_free (thrift);
}

void inos_thrift_set (struct inos_thrift *thrift, enum inos_saving metered,
                      enum inos_saving battery)
{
  thrift->set[NETWORK] = metered;
  thrift->set[POWER] = battery;
  if (has_to_look (thrift) && !thrift->cancel && !thrift->again)
    look_for_bus (thrift);
  tell (thrift);
}

void inos_thrift_set_power (struct inos_thrift *thrift, enum inos_power power)
{
  thrift->power = power;
  tell (thrift);
}
