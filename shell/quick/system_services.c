/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "system_services.h"

#include <glib/gi18n.h>
#include <string.h>

#define PROFILES "org.freedesktop.UPower.PowerProfiles"
#define MAX_PROFILES 8
#define MAX_PROFILE_NAME 32

/* Of https://upower.freedesktop.org/docs/Device.html */
enum { TYPE_BATTERY = 2 };
enum { CHARGING = 1, DISCHARGING = 2, EMPTY = 3, FULL = 4, PENDING_CHARGE = 5 };
enum { LEVEL_LOW = 3 };

static gint64 get_seconds (GDBusProxy *proxy, const char *name)
{
  g_autoptr (GVariant) value = inos_bus_get_variant (proxy, name, "x");

  return value ? MAX (g_variant_get_int64 (value), 0) : 0;
}

static void describe_battery (GDBusProxy *proxy, JsonObject *state)
{
  gboolean present = proxy && inos_bus_get_boolean (proxy, "IsPresent") &&
                     inos_bus_get_uint (proxy, "Type") == TYPE_BATTERY;
  guint charge;
  const char *word = "waiting";
  gint64 seconds = 0;

  json_object_set_boolean_member (state, "present", present);
  if (!present)
    return;
  charge = inos_bus_get_uint (proxy, "State");
  if (charge == CHARGING) {
    word = "charging";
    seconds = get_seconds (proxy, "TimeToFull");
  } else if (charge == DISCHARGING || charge == EMPTY) {
    word = "discharging";
    seconds = get_seconds (proxy, "TimeToEmpty");
  } else if (charge == FULL)
    word = "full";
  json_object_set_double_member (state, "percent",
                                 CLAMP (inos_bus_get_double (proxy, "Percentage"), 0, 100));
  json_object_set_string_member (state, "state", word);
  json_object_set_int_member (state, "seconds", seconds);
  json_object_set_boolean_member (state, "low",
                                  inos_bus_get_uint (proxy, "WarningLevel") >= LEVEL_LOW);
}

InosBusClient *inos_battery_create (GDBusConnection *bus, InosStateFunc changed, gpointer data)
{
  static const InosBusAddress address = {"org.freedesktop.UPower",
                                         "/org/freedesktop/UPower/devices/DisplayDevice",
                                         "org.freedesktop.UPower.Device"};
  const InosBusHooks hooks = {.describe = describe_battery, .changed = changed};

  return inos_bus_client_create (bus, &address, &hooks, data);
}

static JsonArray *list_profiles (GDBusProxy *proxy)
{
  g_autoptr (GVariant) profiles = inos_bus_get_variant (proxy, "Profiles", "aa{sv}");
  JsonArray *array = json_array_new();

  for (gsize i = 0; profiles && i < MIN (g_variant_n_children (profiles), MAX_PROFILES); i++) {
    g_autoptr (GVariant) profile = g_variant_get_child_value (profiles, i);
    const char *name;

    if (g_variant_lookup (profile, "Profile", "&s", &name) && strlen (name) <= MAX_PROFILE_NAME)
      json_array_add_string_element (array, name);
  }
  return array;
}

static void describe_profile (GDBusProxy *proxy, JsonObject *state)
{
  g_autoptr (GVariant) degraded = NULL;
  JsonArray *profiles = proxy ? list_profiles (proxy) : NULL;
  gboolean present = profiles && json_array_get_length (profiles) > 0;

  json_object_set_boolean_member (state, "present", present);
  if (!present) {
    g_clear_pointer (&profiles, json_array_unref);
    return;
  }
  degraded = inos_bus_get_variant (proxy, "PerformanceDegraded", "s");
  inos_bus_add_string (proxy, "ActiveProfile", state, "active");
  json_object_set_array_member (state, "profiles", profiles);
  json_object_set_boolean_member (state, "degraded",
                                  degraded && *g_variant_get_string (degraded, NULL));
}

InosBusClient *inos_profile_create (GDBusConnection *bus, InosStateFunc changed, gpointer data)
{
  static const InosBusAddress address = {PROFILES, "/org/freedesktop/UPower/PowerProfiles",
                                         PROFILES};
  const InosBusHooks hooks = {.describe = describe_profile, .changed = changed};

  return inos_bus_client_create (bus, &address, &hooks, data);
}

void inos_profile_set (InosBusClient *self, const char *name, InosReply *reply)
{
  if (!self) {
    inos_reply_fail (reply, "%s", _ ("The service of power profiles does not answer."));
    return;
  }
  inos_bus_client_ask (
    self, "org.freedesktop.DBus.Properties.Set",
    g_variant_new ("(ssv)", PROFILES, "ActiveProfile", g_variant_new_string (name)),
    _ ("The service of power profiles does not answer."),
    _ ("The power profile could not be chosen: %s"), reply);
}
