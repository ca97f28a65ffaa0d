/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "audio.h"

#include "../notify/text.h"
#include "audio_link.h"

#include <math.h>
#include <string.h>

#define MAX_NAME 96
#define MAX_DEVICES 64

typedef struct {
  char *id; /* PulseAudio's name of it */
  char *name;
  pa_cvolume volume;
  gboolean muted;
} Device;

/* One direction. */
typedef struct {
  GPtrArray *devices; /* Device */
  char *used;         /* id, or NULL */
  int wanted;         /* percent that a person wants and that is not true yet, or -1 */
  int sent;           /* percent that the server was asked for */
  gboolean setting;   /* its answer is waited for */
} Way;

struct InosAudio {
  InosAudioHooks hooks;
  gpointer data;
  InosAudioLink *link;
  InosAudioStreams *streams;
  Way ways[2];
  Way read[2]; /* what is being read */
  gboolean reading;
  gboolean again; /* something has changed since that began */
  gboolean known; /* something was read since the server came */
};

static void device_free (gpointer data)
{
  Device *device = data;

  g_free (device->id);
  g_free (device->name);
  g_free (device);
}

static void way_clear (Way *way)
{
  g_clear_pointer (&way->devices, g_ptr_array_unref);
  g_clear_pointer (&way->used, g_free);
}

static Device *find (const Way *way, const char *id)
{
  for (guint i = 0; id && way->devices && i < way->devices->len; i++) {
    Device *device = g_ptr_array_index (way->devices, i);

    if (g_str_equal (device->id, id))
      return device;
  }
  return NULL;
}

static Device *find_used (const Way *way)
{
  return find (way, way->used);
}

static int percent_of (const Device *device)
{
  return (int)lround (100.0 * pa_cvolume_max (&device->volume) / PA_VOLUME_NORM);
}

/* Reading: the server's choice, the outputs, the inputs. */

static void read_all (InosAudio *self);

static gboolean is_heard_anew (const Way *before, const Way *now)
{
  const Device *old = find_used (before), *new = find_used (now);

  return old && new && g_str_equal (old->id, new->id) &&
         (percent_of (old) != percent_of (new) || old->muted != new->muted);
}

static void finish_reading (InosAudio *self)
{
  gboolean heard[2];

  self->reading = FALSE;
  for (int i = 0; i < 2; i++) {
    heard[i] = self->known && is_heard_anew (&self->ways[i], &self->read[i]);
    g_clear_pointer (&self->ways[i].devices, g_ptr_array_unref);
    g_free (self->ways[i].used);
    self->ways[i].devices = g_steal_pointer (&self->read[i].devices);
    self->ways[i].used = g_steal_pointer (&self->read[i].used);
  }
  self->known = TRUE;
  self->hooks.changed (self->data);
  for (int i = 0; i < 2; i++) {
    if (heard[i])
      self->hooks.heard ((InosAudioWay)i, self->data);
  }
  if (self->again)
    read_all (self);
}

static void add_device (Way *way, const char *id, const char *description, const pa_cvolume *volume,
                        gboolean muted)
{
  g_autofree char *valid = g_utf8_make_valid (description ? description : "", -1);
  Device *device;

  if (!way->devices || way->devices->len >= MAX_DEVICES || !id || strlen (id) > INOS_AUDIO_MAX_ID ||
      !g_utf8_validate (id, -1, NULL))
    return;
  device = g_new0 (Device, 1);
  *device = (Device){.id = g_strdup (id), .volume = *volume, .muted = muted};
  device->name = inos_text_clean (valid, MAX_NAME, FALSE);
  g_ptr_array_add (way->devices, device);
}

static void on_source (pa_context *context, const pa_source_info *info, int end, void *data)
{
  InosAudio *self = data;

  /* What an output plays can be listened to as well, which nobody means by a microphone. */
  if (end == 0 && info->monitor_of_sink == PA_INVALID_INDEX)
    add_device (&self->read[INOS_AUDIO_INPUT], info->name, info->description, &info->volume,
                info->mute != 0);
  else if (end != 0)
    finish_reading (self);
}

static void on_sink (pa_context *context, const pa_sink_info *info, int end, void *data)
{
  InosAudio *self = data;

  if (end == 0)
    add_device (&self->read[INOS_AUDIO_OUTPUT], info->name, info->description, &info->volume,
                info->mute != 0);
  else
    inos_audio_link_let_go (pa_context_get_source_info_list (context, on_source, self));
}

static void on_server (pa_context *context, const pa_server_info *info, void *data)
{
  InosAudio *self = data;

  for (int i = 0; i < 2; i++) {
    way_clear (&self->read[i]);
    self->read[i].devices = g_ptr_array_new_with_free_func (device_free);
  }
  if (info) {
    self->read[INOS_AUDIO_OUTPUT].used = g_strdup (info->default_sink_name);
    self->read[INOS_AUDIO_INPUT].used = g_strdup (info->default_source_name);
  }
  inos_audio_link_let_go (pa_context_get_sink_info_list (context, on_sink, self));
}

static void read_all (InosAudio *self)
{
  pa_context *context = inos_audio_link_get (self->link);

  self->again = self->reading;
  if (self->reading || !context)
    return;
  self->reading = TRUE;
  inos_audio_link_let_go (pa_context_get_server_info (context, on_server, self));
}

static void on_played (gpointer data)
{
  inos_audio_streams_update (((InosAudio *)data)->streams);
}

static void on_streams (gpointer data)
{
  InosAudio *self = data;

  self->hooks.changed (self->data);
}

static void on_link_changed (gpointer data)
{
  InosAudio *self = data;

  inos_audio_streams_update (self->streams);
  if (inos_audio_link_get (self->link)) {
    read_all (self);
    return;
  }
  for (int i = 0; i < 2; i++) {
    way_clear (&self->ways[i]);
    way_clear (&self->read[i]);
    self->ways[i].wanted = -1;
    self->ways[i].setting = FALSE;
  }
  self->reading = self->again = self->known = FALSE;
  self->hooks.changed (self->data);
}

InosAudio *inos_audio_create (const InosAudioHooks *hooks, gpointer data)
{
  InosAudio *self = g_new0 (InosAudio, 1);

  self->hooks = *hooks;
  self->data = data;
  self->ways[0].wanted = self->ways[1].wanted = -1;
  self->link = inos_audio_link_create (on_link_changed, on_played, self);
  self->streams = inos_audio_streams_create (self->link, on_streams, self);
  return self;
}

void inos_audio_destroy (InosAudio *self)
{
  if (!self)
    return;
  inos_audio_link_destroy (self->link);
  inos_audio_streams_destroy (self->streams);
  for (int i = 0; i < 2; i++) {
    way_clear (&self->ways[i]);
    way_clear (&self->read[i]);
  }
  g_free (self);
}

/* For pages */

static JsonArray *describe_devices (const Way *way)
{
  JsonArray *array = json_array_new();

  for (guint i = 0; way->devices && i < way->devices->len; i++) {
    const Device *device = g_ptr_array_index (way->devices, i);
    JsonObject *object = json_object_new();

    json_object_set_string_member (object, "id", device->id);
    json_object_set_string_member (object, "name", *device->name ? device->name : device->id);
    json_object_set_boolean_member (object, "active", g_strcmp0 (device->id, way->used) == 0);
    json_array_add_object_element (array, object);
  }
  return array;
}

static JsonObject *describe_way (InosAudio *self, InosAudioWay way)
{
  JsonObject *object = json_object_new();

  json_object_set_int_member (object, "volume", inos_audio_get_volume (self, way));
  json_object_set_boolean_member (object, "muted", inos_audio_get_muted (self, way));
  json_object_set_array_member (object, "devices", describe_devices (&self->ways[way]));
  return object;
}

JsonNode *inos_audio_describe (InosAudio *self)
{
  JsonObject *object;
  JsonNode *node;

  if (!find_used (&self->ways[INOS_AUDIO_OUTPUT]))
    return NULL;
  object = json_object_new();
  json_object_set_object_member (object, "output", describe_way (self, INOS_AUDIO_OUTPUT));
  if (find_used (&self->ways[INOS_AUDIO_INPUT]))
    json_object_set_object_member (object, "input", describe_way (self, INOS_AUDIO_INPUT));
  json_object_set_array_member (object, "playing", inos_audio_streams_describe (self->streams));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

InosAudioStreams *inos_audio_get_streams (InosAudio *self)
{
  return self->streams;
}

int inos_audio_get_volume (InosAudio *self, InosAudioWay way)
{
  const Device *device = find_used (&self->ways[way]);

  if (!device)
    return -1;
  return self->ways[way].wanted >= 0 ? self->ways[way].wanted : percent_of (device);
}

gboolean inos_audio_get_muted (InosAudio *self, InosAudioWay way)
{
  const Device *device = find_used (&self->ways[way]);

  return device && device->muted;
}

/* What a person does */

static void send_wanted (InosAudio *self, InosAudioWay way);

static void on_set (InosAudio *self, InosAudioWay way)
{
  Way *of = &self->ways[way];

  of->setting = FALSE;
  if (of->wanted == of->sent)
    of->wanted = -1;
  else
    send_wanted (self, way);
}

static void on_output_set (pa_context *context, int success, void *data)
{
  on_set (data, INOS_AUDIO_OUTPUT);
}

static void on_input_set (pa_context *context, int success, void *data)
{
  on_set (data, INOS_AUDIO_INPUT);
}

/* One at a time, and then the newest: a slider says more than a server needs to hear. */
static void send_wanted (InosAudio *self, InosAudioWay way)
{
  pa_context *context = inos_audio_link_get (self->link);
  Way *of = &self->ways[way];
  Device *device = find_used (of);
  pa_cvolume volume;

  if (!context || !device) {
    of->wanted = -1;
    return;
  }
  volume = device->volume;
  pa_cvolume_scale (&volume, (pa_volume_t)lround (of->wanted / 100.0 * PA_VOLUME_NORM));
  device->volume = volume; /* what we do ourselves is not heard anew */
  of->setting = TRUE;
  of->sent = of->wanted;
  if (way == INOS_AUDIO_OUTPUT)
    inos_audio_link_let_go (
      pa_context_set_sink_volume_by_name (context, device->id, &volume, on_output_set, self));
  else
    inos_audio_link_let_go (
      pa_context_set_source_volume_by_name (context, device->id, &volume, on_input_set, self));
}

gboolean inos_audio_set_volume (InosAudio *self, InosAudioWay way, guint percent)
{
  Way *of = &self->ways[way];
  const Device *device = find_used (of);

  if (!device)
    return FALSE;
  /* Who makes it louder wants to hear something. */
  if (device->muted && (int)percent > inos_audio_get_volume (self, way))
    inos_audio_set_muted (self, way, FALSE);
  of->wanted = (int)MIN (percent, 100);
  if (!of->setting)
    send_wanted (self, way);
  return TRUE;
}

gboolean inos_audio_set_muted (InosAudio *self, InosAudioWay way, gboolean muted)
{
  pa_context *context = inos_audio_link_get (self->link);
  Device *device = find_used (&self->ways[way]);

  if (!context || !device)
    return FALSE;
  device->muted = muted;
  inos_audio_link_let_go (
    way == INOS_AUDIO_OUTPUT
      ? pa_context_set_sink_mute_by_name (context, device->id, muted, NULL, NULL)
      : pa_context_set_source_mute_by_name (context, device->id, muted, NULL, NULL));
  return TRUE;
}

gboolean inos_audio_choose (InosAudio *self, InosAudioWay way, const char *id)
{
  pa_context *context = inos_audio_link_get (self->link);

  if (!context || !find (&self->ways[way], id))
    return FALSE;
  inos_audio_link_let_go (way == INOS_AUDIO_OUTPUT
                            ? pa_context_set_default_sink (context, id, NULL, NULL)
                            : pa_context_set_default_source (context, id, NULL, NULL));
  return TRUE;
}
