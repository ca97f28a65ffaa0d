/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "quick.h"

#include "mesh_count.h"

#include <glib/gi18n.h>

#define VOLUME_STEP 5     /* percent */
#define BRIGHTNESS_STEP 5 /* percent */
/* Access points and batteries say something new all the time. */
#define UPDATE_MS 100

struct InosQuick {
  InosQuickHooks hooks;
  gpointer data;
  GCancellable *cancellable;
  GSettings *interface; /* NULL where the schema is not installed */

  InosAudio *audio;
  InosBrightness *brightness;
  InosMedia *media;
  InosMeshCount *mesh;
  InosOsd *osd;
  InosBusClient *night_light;
  InosBusClient *layouts;
  /* NULL until the system bus is there: */
  InosNetwork *network;
  InosBluetooth *bluetooth;
  InosBusClient *battery;
  InosBusClient *profile;

  JsonNode *battery_state; /* the newest, or NULL */
  JsonNode *profile_state; /* as above */
  JsonNode *night_state;   /* as above */
  gint64 layout;           /* index, or -1 */
  gboolean open;
  guint source;
};

/* Keeping up */

static gboolean on_update (gpointer data)
{
  InosQuick *self = data;

  self->source = 0;
  self->hooks.changed (self->data);
  return G_SOURCE_REMOVE;
}

static void update (gpointer data)
{
  InosQuick *self = data;

  if (!self->source)
    self->source = g_timeout_add (UPDATE_MS, on_update, self);
}

static void update_controls (gpointer data)
{
  InosQuick *self = data;

  update (self);
  self->hooks.controls (self->data);
}

static void on_media (gpointer data)
{
  InosQuick *self = data;

  update (self);
  self->hooks.media (self->data);
}

static void on_osd (gpointer data)
{
  InosQuick *self = data;

  self->hooks.controls (self->data);
}

static void take (InosQuick *self, JsonNode **place, JsonNode *state)
{
  g_clear_pointer (place, json_node_unref);
  *place = state;
  update (self);
}

static void on_battery (JsonNode *state, gpointer data)
{
  take (data, &((InosQuick *)data)->battery_state, state);
}

static void on_profile (JsonNode *state, gpointer data)
{
  take (data, &((InosQuick *)data)->profile_state, state);
}

static void on_night_light (JsonNode *state, gpointer data)
{
  take (data, &((InosQuick *)data)->night_state, state);
}

/* What keys do is shown */

static const char *volume_icon (int percent, gboolean muted)
{
  if (muted || percent == 0)
    return "audio-volume-muted-symbolic";
  if (percent < 34)
    return "audio-volume-low-symbolic";
  return percent < 67 ? "audio-volume-medium-symbolic" : "audio-volume-high-symbolic";
}

static void show_volume (InosQuick *self)
{
  int percent = inos_audio_get_volume (self->audio, INOS_AUDIO_OUTPUT);
  gboolean muted = inos_audio_get_muted (self->audio, INOS_AUDIO_OUTPUT);
  const InosOsdNews news = {
    .kind = muted ? "mute" : "volume",
    .icon = volume_icon (percent, muted),
    .label = muted ? _ ("Muted") : _ ("Volume"),
    .percent = muted ? -1 : percent,
  };

  if (percent >= 0)
    inos_osd_show (self->osd, &news);
}

static void show_microphone (InosQuick *self)
{
  gboolean muted = inos_audio_get_muted (self->audio, INOS_AUDIO_INPUT);
  int percent = inos_audio_get_volume (self->audio, INOS_AUDIO_INPUT);
  const InosOsdNews news = {
    .kind = "microphone",
    .icon =
      muted ? "microphone-sensitivity-muted-symbolic" : "microphone-sensitivity-high-symbolic",
    .label = muted ? _ ("Microphone muted") : _ ("Microphone"),
    .percent = muted ? -1 : percent,
  };

  if (percent >= 0)
    inos_osd_show (self->osd, &news);
}

static void show_brightness (InosQuick *self)
{
  const InosOsdNews news = {
    .kind = "brightness",
    .icon = "display-brightness-symbolic",
    .label = _ ("Brightness"),
    .percent = inos_brightness_get (self->brightness),
  };

  if (news.percent >= 0)
    inos_osd_show (self->osd, &news);
}

static void on_heard (InosAudioWay way, gpointer data)
{
  InosQuick *self = data;

  if (self->open)
    return;
  if (way == INOS_AUDIO_OUTPUT)
    show_volume (self);
  else
    show_microphone (self);
}

static void on_seen (gpointer data)
{
  InosQuick *self = data;

  if (!self->open)
    show_brightness (self);
}

static void on_layout (JsonNode *state, gpointer data)
{
  InosQuick *self = data;
  JsonObject *object = json_node_get_object (state);
  gint64 layout = json_object_get_int_member (object, "index");
  const InosOsdNews news = {
    .kind = "layout",
    .icon = "input-keyboard-symbolic",
    .label = json_object_get_string_member (object, "name"),
    .percent = -1,
  };

  if (self->layout >= 0 && layout >= 0 && layout != self->layout && *news.label)
    inos_osd_show (self->osd, &news);
  self->layout = layout;
  json_node_unref (state);
}

static void step_volume (InosQuick *self, int by)
{
  int percent = inos_audio_get_volume (self->audio, INOS_AUDIO_OUTPUT);

  if (percent < 0)
    return;
  /* Another program may have made it louder than we would: no key for louder makes it quieter. */
  if (by < 0 || percent < 100)
    inos_audio_set_volume (self->audio, INOS_AUDIO_OUTPUT, (guint)CLAMP (percent + by, 0, 100));
  show_volume (self);
}

static void step_brightness (InosQuick *self, int by)
{
  int percent = inos_brightness_get (self->brightness);

  if (percent < 0)
    return;
  inos_brightness_set (self->brightness, (guint)CLAMP (percent + by, 0, 100));
  show_brightness (self);
}

gboolean inos_quick_act (InosQuick *self, const char *action)
{
  if (g_str_equal (action, "volume-up"))
    step_volume (self, VOLUME_STEP);
  else if (g_str_equal (action, "volume-down"))
    step_volume (self, -VOLUME_STEP);
  else if (g_str_equal (action, "brightness-up"))
    step_brightness (self, BRIGHTNESS_STEP);
  else if (g_str_equal (action, "brightness-down"))
    step_brightness (self, -BRIGHTNESS_STEP);
  else if (g_str_equal (action, "volume-mute")) {
    inos_audio_set_muted (self->audio, INOS_AUDIO_OUTPUT,
                          !inos_audio_get_muted (self->audio, INOS_AUDIO_OUTPUT));
    show_volume (self);
  } else if (g_str_equal (action, "microphone-mute")) {
    inos_audio_set_muted (self->audio, INOS_AUDIO_INPUT,
                          !inos_audio_get_muted (self->audio, INOS_AUDIO_INPUT));
    show_microphone (self);
  } else
    return inos_media_act (self->media, action);
  update_controls (self);
  return TRUE;
}

/* For pages */

/* Nothing where there is nothing. Takes node, which may be NULL. */
static void add (JsonObject *object, const char *name, JsonNode *node)
{
  if (node)
    json_object_set_member (object, name, node);
  else
    json_object_set_null_member (object, name);
}

static JsonNode *present (JsonNode *state)
{
  JsonObject *object = state ? json_node_get_object (state) : NULL;

  return object && json_object_get_boolean_member (object, "present") ? json_node_copy (state)
                                                                      : NULL;
}

static gboolean is_dark (InosQuick *self)
{
  g_autofree char *scheme =
    self->interface ? g_settings_get_string (self->interface, "color-scheme") : NULL;

  return g_strcmp0 (scheme, "prefer-dark") == 0;
}

JsonNode *inos_quick_describe (InosQuick *self, gboolean all)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  add (object, "network", inos_network_describe (self->network, all));
  add (object, "bluetooth", inos_bluetooth_describe (self->bluetooth));
  add (object, "audio", inos_audio_describe (self->audio));
  json_object_set_int_member (object, "brightness", inos_brightness_get (self->brightness));
  add (object, "battery", present (self->battery_state));
  if (all) {
    add (object, "profile", present (self->profile_state));
    add (object, "nightLight", present (self->night_state));
    json_object_set_boolean_member (object, "dark", is_dark (self));
    add (object, "media", inos_media_describe (self->media));
    json_object_set_int_member (object, "peers", inos_mesh_count_get (self->mesh));
  }
  json_node_take_object (node, object);
  return node;
}

void inos_quick_set_open (InosQuick *self, gboolean open)
{
  self->open = open;
  inos_mesh_count_set_looking (self->mesh, open);
  if (open)
    inos_media_refresh (self->media);
}

void inos_quick_set_dark (InosQuick *self, gboolean dark)
{
  if (self->interface)
    g_settings_set_string (self->interface, "color-scheme", dark ? "prefer-dark" : "default");
}

void inos_quick_set_night_light (InosQuick *self, gboolean on, InosReply *reply)
{
  inos_bus_client_ask (self->night_light, "SetEnabled", g_variant_new ("(b)", on),
                       _ ("The compositor does not answer."),
                       _ ("The night light could not be set: %s"), reply);
}

/* Life */

static void describe_night_light (GDBusProxy *proxy, JsonObject *state)
{
  json_object_set_boolean_member (state, "present", proxy != NULL);
  if (proxy)
    json_object_set_boolean_member (state, "on", inos_bus_get_boolean (proxy, "Enabled"));
}

static void describe_layout (GDBusProxy *proxy, JsonObject *state)
{
  g_autoptr (GVariant) names = proxy ? inos_bus_get_variant (proxy, "Layouts", "as") : NULL;
  gsize count = names ? g_variant_n_children (names) : 0;
  guint index = proxy ? inos_bus_get_uint (proxy, "ActiveLayout") : 0;
  const char *name = "";

  if (index < count)
    g_variant_get_child (names, index, "&s", &name);
  json_object_set_int_member (state, "index", index < count ? (gint64)index : -1);
  json_object_set_string_member (state, "name", name);
}

static void on_system_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, &error);
  InosQuick *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!bus) {
    g_info ("there is no system bus, so neither networks nor Bluetooth nor a battery: %s",
            error->message);
    return;
  }
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  self->network = inos_network_create (bus, update, self);
  self->bluetooth = inos_bluetooth_create (bus, update, self);
  self->battery = inos_battery_create (bus, on_battery, self);
  self->profile = inos_profile_create (bus, on_profile, self);
  inos_brightness_set_bus (self->brightness, bus);
}

static void open_settings (InosQuick *self)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr (GSettingsSchema) schema =
    source ? g_settings_schema_source_lookup (source, "org.gnome.desktop.interface", TRUE) : NULL;

  if (!schema || !g_settings_schema_has_key (schema, "color-scheme"))
    return;
  self->interface = g_settings_new ("org.gnome.desktop.interface");
  g_signal_connect_swapped (self->interface, "changed::color-scheme", G_CALLBACK (update), self);
}

InosQuick *inos_quick_create (GDBusConnection *bus, InosThumbs *thumbs, const InosQuickHooks *hooks,
                              gpointer data)
{
  static const InosAudioHooks audio_hooks = {.changed = update_controls, .heard = on_heard};
  static const InosBrightnessHooks brightness_hooks = {.changed = update_controls, .seen = on_seen};
  static const InosBusAddress night_light = {"org.inos.Compositor1", "/org/inos/Compositor1",
                                             "org.inos.Compositor1.NightLight"};
  static const InosBusAddress input = {"org.inos.Compositor1", "/org/inos/Compositor1",
                                       "org.inos.Compositor1.Input"};
  const InosBusHooks night_hooks = {.describe = describe_night_light, .changed = on_night_light};
  const InosBusHooks layout_hooks = {.describe = describe_layout, .changed = on_layout};
  InosQuick *self = g_new0 (InosQuick, 1);

  self->hooks = *hooks;
  self->data = data;
  self->layout = -1;
  self->cancellable = g_cancellable_new();
  open_settings (self);
  self->osd = inos_osd_create (on_osd, self);
  self->audio = inos_audio_create (&audio_hooks, self);
  self->brightness = inos_brightness_create (&brightness_hooks, self);
  self->mesh = inos_mesh_count_create (bus, update, self);
  self->media = inos_media_create (bus, thumbs, on_media, self);
  self->night_light = inos_bus_client_create (bus, &night_light, &night_hooks, self);
  self->layouts = inos_bus_client_create (bus, &input, &layout_hooks, self);
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, on_system_bus, self);
  return self;
}

void inos_quick_destroy (InosQuick *self)
{
  if (!self)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  inos_bus_client_destroy (self->layouts);
  inos_bus_client_destroy (self->night_light);
  inos_bus_client_destroy (self->profile);
  inos_bus_client_destroy (self->battery);
  inos_bluetooth_destroy (self->bluetooth);
  inos_network_destroy (self->network);
  inos_media_destroy (self->media);
  inos_mesh_count_destroy (self->mesh);
  inos_brightness_destroy (self->brightness);
  inos_audio_destroy (self->audio);
  inos_osd_destroy (self->osd);
  if (self->interface)
    g_signal_handlers_disconnect_by_data (self->interface, self);
  g_clear_object (&self->interface);
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->battery_state, json_node_unref);
  g_clear_pointer (&self->profile_state, json_node_unref);
  g_clear_pointer (&self->night_state, json_node_unref);
  g_free (self);
}

InosNetwork *inos_quick_get_network (InosQuick *self)
{
  return self->network;
}

InosBluetooth *inos_quick_get_bluetooth (InosQuick *self)
{
  return self->bluetooth;
}

InosBusClient *inos_quick_get_profile (InosQuick *self)
{
  return self->profile;
}

InosAudio *inos_quick_get_audio (InosQuick *self)
{
  return self->audio;
}

InosBrightness *inos_quick_get_brightness (InosQuick *self)
{
  return self->brightness;
}

InosOsd *inos_quick_get_osd (InosQuick *self)
{
  return self->osd;
}

InosMedia *inos_quick_get_media (InosQuick *self)
{
  return self->media;
}
