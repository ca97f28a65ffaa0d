/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "network.h"

#include "../notify/text.h"
#include "network_private.h"

#include <glib/gi18n.h>
#include <string.h>

#define PROPERTIES "org.freedesktop.DBus.Properties"
#define MAX_CABLES 8

/* Numbers of NMDeviceType, NMDeviceState, NMDeviceStateReason, NMConnectivityState and
 * NM80211ApSecurityFlags, https://networkmanager.dev/docs/api/latest/nm-dbus-types.html */
enum { TYPE_ETHERNET = 1, TYPE_WIFI = 2 };
enum { UNAVAILABLE = 20, DISCONNECTED = 30, PREPARE = 40, ACTIVATED = 100, FAILED = 120 };
enum { REASON_NO_SECRETS = 7, REASON_SUPPLICANT_FAILED = 10, REASON_SUPPLICANT_TIMEOUT = 11 };
enum { PRIVACY = 1 };
enum { KEY_PSK = 0x100, KEY_802_1X = 0x200, KEY_SAE = 0x400, KEY_OWE = 0x800 };

static const char *const security_names[] = {
  [INOS_SECURITY_OPEN] = "open",
  [INOS_SECURITY_OWE] = "owe",
  [INOS_SECURITY_PSK] = "psk",
  [INOS_SECURITY_SAE] = "sae",
  [INOS_SECURITY_ENTERPRISE] = "enterprise",
  [INOS_SECURITY_WEP] = "wep",
};

void inos_network_destroy (InosNetwork *self)
{
  if (!self)
    return;
  inos_objects_destroy (self->objects);
  g_free (self);
}

InosSecurity inos_network_security (InosNetwork *self, const char *point)
{
  guint keys = inos_objects_get_uint (self->objects, point, NM_POINT, "RsnFlags") |
               inos_objects_get_uint (self->objects, point, NM_POINT, "WpaFlags");

  if (keys & KEY_PSK)
    return INOS_SECURITY_PSK;
  if (keys & KEY_SAE)
    return INOS_SECURITY_SAE;
  if (keys & KEY_802_1X)
    return INOS_SECURITY_ENTERPRISE;
  if (keys & KEY_OWE)
    return INOS_SECURITY_OWE;
  return inos_objects_get_uint (self->objects, point, NM_POINT, "Flags") & PRIVACY
           ? INOS_SECURITY_WEP
           : INOS_SECURITY_OPEN;
}

GVariant *inos_network_ssid (InosNetwork *self, const char *point)
{
  return inos_objects_get (self->objects, point, NM_POINT, "Ssid", "ay");
}

/* One access point, and what is asked of all of them. */
typedef struct {
  const char *path;
  GVariant *ssid;
  InosSecurity security;
  guint strength; /* percent */
  gboolean active;
} Point;

typedef struct {
  InosNetwork *self;
  const char *active; /* path of the access point that is used, or "" */
  GArray *points;     /* Point */
} Listening;

static void clear_point (gpointer data)
{
  g_variant_unref (((Point *)data)->ssid);
}

/* Hidden ones have no name, or one of nothing but zeros. */
static gboolean has_name (GVariant *ssid)
{
  gsize length;
  const char *bytes = g_variant_get_fixed_array (ssid, &length, 1);

  for (gsize i = 0; i < length; i++) {
    if (bytes[i] != '\0')
      return TRUE;
  }
  return FALSE;
}

static void add_point (const char *path, gpointer data)
{
  Listening *listening = data;
  InosNetwork *self = listening->self;
  g_autoptr (GVariant) ssid = inos_network_ssid (self, path);
  g_autoptr (GVariant) strength = inos_objects_get (self->objects, path, NM_POINT, "Strength", "y");
  Point point = {.path = path};

  if (!ssid || !has_name (ssid))
    return;
  point.ssid = g_steal_pointer (&ssid);
  point.security = inos_network_security (self, path);
  point.strength = strength ? MIN (g_variant_get_byte (strength), 100) : 0;
  point.active = g_str_equal (path, listening->active);
  g_array_append_val (listening->points, point);
}

static int compare_names (gconstpointer a, gconstpointer b)
{
  const Point *x = a, *y = b;
  gsize n, m;
  const char *first = g_variant_get_fixed_array (x->ssid, &n, 1);
  const char *second = g_variant_get_fixed_array (y->ssid, &m, 1);
  int order = memcmp (first, second, MIN (n, m));

  if (order == 0)
    order = n < m ? -1 : n > m;
  return order != 0 ? order : (int)x->security - (int)y->security;
}

/* What is used first, then what is heard best. */
static int compare_strengths (gconstpointer a, gconstpointer b)
{
  const Point *x = a, *y = b;

  if (x->active != y->active)
    return x->active ? -1 : 1;
  if (x->strength != y->strength)
    return x->strength > y->strength ? -1 : 1;
  return compare_names (a, b);
}

static int compare_same (gconstpointer a, gconstpointer b)
{
  int order = compare_names (a, b);

  return order != 0 ? order : compare_strengths (a, b);
}

/* One for each network, which may have many access points. */
static GArray *listen_around (InosNetwork *self, const char *active)
{
  Listening listening = {self, active, g_array_new (FALSE, FALSE, sizeof (Point))};
  GArray *points = listening.points;
  guint kept = 0;

  g_array_set_clear_func (points, clear_point);
  inos_objects_for_each (self->objects, NM_POINT, add_point, &listening);
  g_array_sort (points, compare_same);
  for (guint i = 0; i < points->len; i++) {
    Point *point = &g_array_index (points, Point, i);

    if (i > 0 && compare_names (&g_array_index (points, Point, kept - 1), point) == 0)
      continue;
    if (kept != i) {
      Point moved = g_array_index (points, Point, kept);

      g_array_index (points, Point, kept) = *point;
      *point = moved;
    }
    kept++;
  }
  g_array_set_size (points, kept);
  g_array_sort (points, compare_strengths);
  return points;
}

/* odd: it has bytes that cannot be shown, so that another may look the same. */
static char *name_of (GVariant *ssid, gboolean *odd)
{
  gsize length;
  const char *bytes = g_variant_get_fixed_array (ssid, &length, 1);
  g_autofree char *valid = g_utf8_make_valid (bytes, (gssize)length);
  char *name = inos_text_clean (valid, INOS_NETWORK_MAX_NAME, FALSE);

  *odd = strlen (name) != length || memcmp (name, bytes, length) != 0;
  if (*name == '\0') {
    g_free (name);
    name = g_strdup (_ ("Nameless network"));
  }
  return name;
}

static JsonArray *describe_points (GArray *points)
{
  JsonArray *array = json_array_new();

  for (guint i = 0; i < MIN (points->len, INOS_NETWORK_MAX_LISTED); i++) {
    const Point *point = &g_array_index (points, Point, i);
    JsonObject *object = json_object_new();
    gboolean odd;
    g_autofree char *name = name_of (point->ssid, &odd);

    json_object_set_string_member (object, "id", point->path);
    json_object_set_string_member (object, "name", name);
    json_object_set_boolean_member (object, "odd", odd);
    json_object_set_int_member (object, "strength", point->strength);
    json_object_set_string_member (object, "security", security_names[point->security]);
    json_object_set_boolean_member (object, "active", point->active);
    json_array_add_object_element (array, object);
  }
  return array;
}

/* The devices that matter here. */
typedef struct {
  InosNetwork *self;
  const char *wifi; /* NULL where there is none */
  GPtrArray *cables;
} Devices;

static void add_device (const char *path, gpointer data)
{
  Devices *devices = data;
  InosObjects *objects = devices->self->objects;
  guint type = inos_objects_get_uint (objects, path, NM_DEVICE, "DeviceType");

  if (!inos_objects_get_boolean (objects, path, NM_DEVICE, "Managed"))
    return;
  if (type == TYPE_WIFI && (!devices->wifi || strcmp (path, devices->wifi) < 0))
    devices->wifi = path;
  else if (type == TYPE_ETHERNET && devices->cables->len < MAX_CABLES)
    g_ptr_array_add (devices->cables, (gpointer)path);
}

static int compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static Devices find_devices (InosNetwork *self)
{
  Devices devices = {self, NULL, g_ptr_array_new()};

  inos_objects_for_each (self->objects, NM_DEVICE, add_device, &devices);
  g_ptr_array_sort (devices.cables, compare_paths);
  return devices;
}

static gboolean wants_another_password (InosNetwork *self, const char *device)
{
  g_autoptr (GVariant) reason =
    inos_objects_get (self->objects, device, NM_DEVICE, "StateReason", "(uu)");
  guint state = 0, why = 0;

  if (reason)
    g_variant_get (reason, "(uu)", &state, &why);
  return state == FAILED && (why == REASON_NO_SECRETS || why == REASON_SUPPLICANT_FAILED ||
                             why == REASON_SUPPLICANT_TIMEOUT);
}

/* NetworkManager leaves the state of a failure at once, so that whoever looks later does not see
 * why. */
static void remember_failure (gpointer data)
{
  InosNetwork *self = data;
  Devices devices = find_devices (self);

  if (devices.wifi) {
    if (wants_another_password (self, devices.wifi))
      self->wrong = TRUE;
    else if (inos_objects_get_uint (self->objects, devices.wifi, NM_DEVICE, "State") == ACTIVATED)
      self->wrong = FALSE;
  }
  g_ptr_array_unref (devices.cables);
  self->changed (self->data);
}

InosNetwork *inos_network_create (GDBusConnection *bus, void (*changed) (gpointer data),
                                  gpointer data)
{
  static const char *const interfaces[] = {NM, NM_DEVICE, NM_WIRELESS, NM_POINT, NULL};
  static const InosObjectsAddress address = {NM, "/org/freedesktop", interfaces};
  InosNetwork *self = g_new0 (InosNetwork, 1);

  self->changed = changed;
  self->data = data;
  self->objects = inos_objects_create (bus, &address, remember_failure, self);
  return self;
}

static const char *state_name (guint state)
{
  if (state == ACTIVATED)
    return "connected";
  if (state >= PREPARE && state < ACTIVATED)
    return "connecting";
  return state >= DISCONNECTED ? "disconnected" : "unavailable";
}

static JsonObject *describe_wifi (InosNetwork *self, const char *device, gboolean all)
{
  gboolean on = inos_objects_get_boolean (self->objects, NM_PATH, NM, "WirelessEnabled");
  gboolean allowed =
    inos_objects_get_boolean (self->objects, NM_PATH, NM, "WirelessHardwareEnabled");
  guint state = inos_objects_get_uint (self->objects, device, NM_DEVICE, "State");
  const char *active =
    inos_objects_get_string (self->objects, device, NM_WIRELESS, "ActiveAccessPoint");
  JsonObject *object = json_object_new();
  g_autofree char *name = NULL;
  gboolean odd = FALSE;
  GVariant *strength = inos_objects_get (self->objects, active, NM_POINT, "Strength", "y");
  GVariant *ssid = inos_network_ssid (self, active);

  name = ssid ? name_of (ssid, &odd) : g_strdup ("");
  json_object_set_string_member (object, "id", device);
  json_object_set_boolean_member (object, "on", on && allowed);
  json_object_set_boolean_member (object, "blocked", !allowed);
  json_object_set_string_member (object, "state", state_name (state));
  json_object_set_boolean_member (object, "wrong", self->wrong);
  json_object_set_string_member (object, "name", name);
  json_object_set_int_member (object, "strength", strength ? g_variant_get_byte (strength) : 0);
  if (all && on && allowed) {
    GArray *points = listen_around (self, active);

    json_object_set_int_member (object, "total", points->len);
    json_object_set_array_member (object, "networks", describe_points (points));
    g_array_unref (points);
  }
  g_clear_pointer (&strength, g_variant_unref);
  g_clear_pointer (&ssid, g_variant_unref);
  return object;
}

static JsonArray *describe_cables (InosNetwork *self, GPtrArray *cables)
{
  JsonArray *array = json_array_new();

  for (guint i = 0; i < cables->len; i++) {
    const char *path = g_ptr_array_index (cables, i);
    const char *interface = inos_objects_get_string (self->objects, path, NM_DEVICE, "Interface");
    guint state = inos_objects_get_uint (self->objects, path, NM_DEVICE, "State");
    g_autofree char *name = inos_text_clean (interface, INOS_NETWORK_MAX_NAME, FALSE);
    JsonObject *object = json_object_new();

    json_object_set_string_member (object, "id", path);
    json_object_set_string_member (object, "name", name);
    json_object_set_string_member (object, "state", state_name (state));
    json_array_add_object_element (array, object);
  }
  return array;
}

static const char *connectivity_name (guint connectivity)
{
  static const char *const names[] = {"unknown", "none", "portal", "limited", "full"};

  return connectivity < G_N_ELEMENTS (names) ? names[connectivity] : "unknown";
}

JsonNode *inos_network_describe (InosNetwork *self, gboolean all)
{
  Devices devices;
  JsonObject *object;
  JsonNode *node = NULL;

  if (!self || !inos_objects_are_there (self->objects))
    return NULL;
  devices = find_devices (self);
  if (devices.wifi || devices.cables->len > 0) {
    object = json_object_new();
    if (devices.wifi)
      json_object_set_object_member (object, "wifi", describe_wifi (self, devices.wifi, all));
    json_object_set_array_member (object, "cables", describe_cables (self, devices.cables));
    json_object_set_string_member (
      object, "connectivity",
      connectivity_name (inos_objects_get_uint (self->objects, NM_PATH, NM, "Connectivity")));
    node = json_node_new (JSON_NODE_OBJECT);
    json_node_take_object (node, object);
  }
  g_ptr_array_unref (devices.cables);
  return node;
}

/* What a person does */

static gboolean is_absent (InosNetwork *self, InosReply *reply)
{
  if (self && inos_objects_are_there (self->objects))
    return FALSE;
  inos_reply_fail (reply, "%s", _ ("NetworkManager does not answer."));
  return TRUE;
}

void inos_network_set_wifi (InosNetwork *self, gboolean on, InosReply *reply)
{
  if (is_absent (self, reply))
    return;
  inos_objects_ask (
    self->objects, NM_PATH, PROPERTIES, "Set",
    g_variant_new ("(ssv)", NM, "WirelessEnabled", g_variant_new_boolean (on)),
    on ? _ ("Wi-Fi could not be turned on: %s") : _ ("Wi-Fi could not be turned off: %s"), reply);
}

void inos_network_scan (InosNetwork *self, InosReply *reply)
{
  Devices devices;

  if (is_absent (self, reply))
    return;
  devices = find_devices (self);
  /* It refuses to look around again too soon, which nobody needs to hear. */
  if (devices.wifi)
    inos_objects_call (self->objects, devices.wifi, NM_WIRELESS, "RequestScan",
                       g_variant_new ("(a{sv})", NULL), NULL, NULL);
  g_ptr_array_unref (devices.cables);
  inos_reply_ok (reply, NULL);
}

/* A search for the device of an access point. */
typedef struct {
  InosNetwork *self;
  const char *point;
  const char *device;
} Hearing;

static void look_for_point (const char *path, gpointer data)
{
  Hearing *hearing = data;
  g_autoptr (GVariant) points =
    inos_objects_get (hearing->self->objects, path, NM_WIRELESS, "AccessPoints", "ao");

  for (gsize i = 0; points && i < g_variant_n_children (points); i++) {
    const char *each;

    g_variant_get_child (points, i, "&o", &each);
    if (g_str_equal (each, hearing->point))
      hearing->device = path;
  }
}

const char *inos_network_device_of (InosNetwork *self, const char *point)
{
  Hearing hearing = {self, point, NULL};

  inos_objects_for_each (self->objects, NM_WIRELESS, look_for_point, &hearing);
  return hearing.device;
}

void inos_network_connect (InosNetwork *self, const char *id, const char *password,
                           InosReply *reply)
{
  const char *device;

  if (is_absent (self, reply))
    return;
  if (inos_objects_has (self->objects, id, NM_DEVICE)) {
    inos_objects_ask (self->objects, NM_PATH, NM, "ActivateConnection",
                      g_variant_new ("(ooo)", "/", id, "/"), _ ("The cable could not be used: %s"),
                      reply);
    return;
  }
  device =
    inos_objects_has (self->objects, id, NM_POINT) ? inos_network_device_of (self, id) : NULL;
  if (device)
    inos_network_join (self, device, id, password, reply);
  else
    inos_reply_fail (reply, "%s", _ ("This network cannot be heard any more."));
}

void inos_network_disconnect (InosNetwork *self, const char *id, InosReply *reply)
{
  if (is_absent (self, reply))
    return;
  if (inos_objects_has (self->objects, id, NM_DEVICE))
    inos_objects_ask (self->objects, id, NM_DEVICE, "Disconnect", NULL,
                      _ ("The network could not be left: %s"), reply);
  else
    inos_reply_fail (reply, "%s", _ ("There is no such network device any more."));
}
