/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "audio_streams.h"

#include "../notify/text.h"

#include <glib/gi18n.h>
#include <math.h>

#define MAX_NAME 96
#define READ_MS 100
#define MOST 100 /* percent */

typedef struct {
  guint32 id; /* the server's, which it does not give twice */
  char *name; /* the application's */
  char *what; /* it plays; "" where it does not say */
  pa_cvolume volume;
  gboolean muted;
} Stream;

struct InosAudioStreams {
  InosAudioLink *link;
  void (*changed) (gpointer data);
  gpointer data;
  GPtrArray *streams; /* Stream */
  GPtrArray *read;    /* as above, while they are read, else NULL */
  gboolean again;     /* something has changed since that began */
  guint deeds;        /* how often a person has set something */
  guint read_deeds;   /* as it was when reading began */
  guint source;
  /* What a person moves: */
  guint32 moved; /* the stream */
  int wanted;    /* percent that is not true yet, or -1 */
  int sent;
  guint setting; /* answers of the server that are waited for; they come in turn */
};

static void stream_free (gpointer data)
{
  Stream *stream = data;

  g_free (stream->name);
  g_free (stream->what);
  g_free (stream);
}

static Stream *find (InosAudioStreams *self, guint32 id)
{
  for (guint i = 0; i < self->streams->len; i++) {
    Stream *stream = g_ptr_array_index (self->streams, i);

    if (stream->id == id)
      return stream;
  }
  return NULL;
}

static guint percent_of (InosAudioStreams *self, const Stream *stream)
{
  if (self->wanted >= 0 && stream->id == self->moved)
    return (guint)self->wanted;
  return (guint)lround (100.0 * pa_cvolume_max (&stream->volume) / PA_VOLUME_NORM);
}

/* Reading */

static char *clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text ? text : "", -1);

  return inos_text_clean (valid, MAX_NAME, FALSE);
}

/* Not the sounds of buttons, and not what has no volume of its own. */
static gboolean counts (const pa_sink_input_info *info)
{
  const char *role = pa_proplist_gets (info->proplist, PA_PROP_MEDIA_ROLE);

  return info->has_volume && info->volume_writable && info->client != PA_INVALID_INDEX &&
         g_strcmp0 (role, "event") != 0;
}

static void add (GPtrArray *streams, const pa_sink_input_info *info)
{
  const char *name = pa_proplist_gets (info->proplist, PA_PROP_APPLICATION_NAME);
  Stream *stream;

  if (streams->len >= INOS_AUDIO_STREAMS_MAX || !counts (info))
    return;
  if (!name)
    name = pa_proplist_gets (info->proplist, PA_PROP_APPLICATION_PROCESS_BINARY);
  stream = g_new0 (Stream, 1);
  *stream = (Stream){.id = info->index, .volume = info->volume, .muted = info->mute != 0};
  stream->name = clean (name);
  stream->what = clean (info->name);
  if (!*stream->name) {
    g_free (stream->name);
    stream->name = g_strdup (_ ("Another program"));
  }
  g_ptr_array_add (streams, stream);
}

static void on_stream (pa_context *context, const pa_sink_input_info *info, int end, void *data)
{
  InosAudioStreams *self = data;

  if (end == 0) {
    add (self->read, info);
    return;
  }
  if (self->read_deeds != self->deeds) {
    /* It may be from before that: it would be undone on the screen, and for who adds to it. */
    g_clear_pointer (&self->read, g_ptr_array_unref);
    inos_audio_streams_update (self);
    return;
  }
  g_ptr_array_unref (self->streams);
  self->streams = g_steal_pointer (&self->read);
  self->changed (self->data);
  if (self->again)
    inos_audio_streams_update (self);
}

static gboolean on_time (gpointer data)
{
  InosAudioStreams *self = data;
  pa_context *context = inos_audio_link_get (self->link);

  self->source = 0;
  self->again = self->read != NULL;
  if (self->read || !context)
    return G_SOURCE_REMOVE;
  self->read = g_ptr_array_new_with_free_func (stream_free);
  self->read_deeds = self->deeds;
  inos_audio_link_let_go (pa_context_get_sink_input_info_list (context, on_stream, self));
  return G_SOURCE_REMOVE;
}

void inos_audio_streams_update (InosAudioStreams *self)
{
  if (inos_audio_link_get (self->link)) {
    if (!self->source)
      self->source = g_timeout_add (READ_MS, on_time, self);
    return;
  }
  g_clear_pointer (&self->read, g_ptr_array_unref);
  g_ptr_array_set_size (self->streams, 0);
  self->wanted = -1;
  self->setting = 0;
  self->again = FALSE;
  self->changed (self->data);
}

/* For others */

JsonArray *inos_audio_streams_describe (InosAudioStreams *self)
{
  JsonArray *array = json_array_new();

  for (guint i = 0; i < self->streams->len; i++) {
    const Stream *stream = g_ptr_array_index (self->streams, i);
    JsonObject *object = json_object_new();

    json_object_set_int_member (object, "id", stream->id);
    json_object_set_string_member (object, "name", stream->name);
    json_object_set_string_member (object, "what", stream->what);
    json_object_set_int_member (object, "volume", percent_of (self, stream));
    json_object_set_boolean_member (object, "muted", stream->muted);
    json_array_add_object_element (array, object);
  }
  return array;
}

GVariant *inos_audio_streams_list (InosAudioStreams *self)
{
  GVariantBuilder list;

  g_variant_builder_init (&list, G_VARIANT_TYPE ("a(ussub)"));
  for (guint i = 0; i < self->streams->len; i++) {
    const Stream *stream = g_ptr_array_index (self->streams, i);

    g_variant_builder_add (&list, "(ussub)", stream->id, stream->name, stream->what,
                           percent_of (self, stream), stream->muted);
  }
  return g_variant_builder_end (&list);
}

/* What a person does */

static void send_wanted (InosAudioStreams *self);

static void on_set (pa_context *context, int success, void *data)
{
  InosAudioStreams *self = data;

  if (self->setting > 0)
    self->setting--;
  if (self->setting > 0)
    return; /* that was of the one before */
  if (self->wanted == self->sent)
    self->wanted = -1;
  else if (self->wanted >= 0)
    send_wanted (self);
}

/* One at a time, and then the newest. */
static void send_wanted (InosAudioStreams *self)
{
  pa_context *context = inos_audio_link_get (self->link);
  Stream *stream = find (self, self->moved);

  if (!context || !stream) {
    self->wanted = -1;
    return;
  }
  pa_cvolume_scale (&stream->volume, (pa_volume_t)lround (self->wanted / 100.0 * PA_VOLUME_NORM));
  self->setting++;
  self->deeds++;
  self->sent = self->wanted;
  inos_audio_link_let_go (
    pa_context_set_sink_input_volume (context, stream->id, &stream->volume, on_set, self));
}

gboolean inos_audio_streams_set_volume (InosAudioStreams *self, guint32 id, guint percent)
{
  const Stream *stream = find (self, id);
  gboolean another = self->moved != id;

  if (!stream)
    return FALSE;
  if (stream->muted && percent > percent_of (self, stream))
    inos_audio_streams_set_muted (self, id, FALSE);
  /* Another one is moved: what was wanted of the last is sent, if not yet true. */
  if (self->setting && another && self->wanted >= 0 && self->wanted != self->sent)
    send_wanted (self);
  self->moved = id;
  self->wanted = (int)MIN (percent, MOST);
  if (another || !self->setting)
    send_wanted (self);
  return TRUE;
}

gboolean inos_audio_streams_set_muted (InosAudioStreams *self, guint32 id, gboolean muted)
{
  pa_context *context = inos_audio_link_get (self->link);
  Stream *stream = find (self, id);

  if (!context || !stream)
    return FALSE;
  stream->muted = muted;
  self->deeds++;
  inos_audio_link_let_go (pa_context_set_sink_input_mute (context, id, muted, NULL, NULL));
  return TRUE;
}

InosAudioStreams *inos_audio_streams_create (InosAudioLink *link, void (*changed) (gpointer data),
                                             gpointer data)
{
  InosAudioStreams *self = g_new0 (InosAudioStreams, 1);

  *self = (InosAudioStreams){.link = link, .changed = changed, .data = data, .wanted = -1};
  self->streams = g_ptr_array_new_with_free_func (stream_free);
  return self;
}

void inos_audio_streams_destroy (InosAudioStreams *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->read, g_ptr_array_unref);
  g_ptr_array_unref (self->streams);
  g_free (self);
}
