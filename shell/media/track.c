/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "track.h"

#include "../notify/text.h"

#include <string.h>

#define NO_TRACK "/org/mpris/MediaPlayer2/TrackList/NoTrack"

static char *read_text (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
           ? inos_text_clean (g_variant_get_string (value, NULL), INOS_TRACK_MAX_TEXT, FALSE)
           : NULL;
}

/* A list of names; some players say one name alone. */
static char *read_artists (GVariant *value)
{
  g_autoptr (GString) all = g_string_new (NULL);
  gsize count;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING_ARRAY))
    return read_text (value);
  count = MIN (g_variant_n_children (value), INOS_TRACK_MAX_ARTISTS);
  for (gsize i = 0; i < count && all->len < INOS_TRACK_MAX_TEXT; i++) {
    g_autoptr (GVariant) child = g_variant_get_child_value (value, i);
    g_autofree char *name = read_text (child);

    if (*name)
      g_string_append_printf (all, "%s%s", all->len > 0 ? ", " : "", name);
  }
  return inos_text_clean (all->str, INOS_TRACK_MAX_TEXT, FALSE);
}

/* x by the specification; players say t, i and d as well. */
static gint64 read_length (GVariant *value)
{
  gint64 length = 0;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    length = g_variant_get_int64 (value);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64))
    length = (gint64)MIN (g_variant_get_uint64 (value), G_MAXINT64);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    length = g_variant_get_int32 (value);
  return CLAMP (length, 0, 365 * G_TIME_SPAN_DAY);
}

static char *read_id (GVariant *value)
{
  const char *id = g_variant_is_of_type (value, G_VARIANT_TYPE_OBJECT_PATH) ||
                       g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
                     ? g_variant_get_string (value, NULL)
                     : "";

  return strlen (id) <= INOS_TRACK_MAX_URI && g_variant_is_object_path (id) &&
             !g_str_equal (id, NO_TRACK)
           ? g_strdup (id)
           : NULL;
}

char *inos_track_art_path (const char *uri)
{
  g_autofree char *host = NULL;
  g_autofree char *path = NULL;

  if (strlen (uri) > INOS_TRACK_MAX_URI)
    return NULL;
  path = g_filename_from_uri (uri, &host, NULL);
  if (!path || !g_path_is_absolute (path) || (host && !g_str_equal (host, "localhost")))
    return NULL;
  return g_steal_pointer (&path);
}

static char *read_art (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
           ? inos_track_art_path (g_variant_get_string (value, NULL))
           : NULL;
}

static void take (char **place, char *text)
{
  g_free (*place);
  *place = text;
}

static void read_entry (InosTrack *track, const char *key, GVariant *value)
{
  if (g_str_equal (key, "xesam:title"))
    take (&track->title, read_text (value));
  else if (g_str_equal (key, "xesam:artist"))
    take (&track->artist, read_artists (value));
  else if (g_str_equal (key, "xesam:album"))
    take (&track->album, read_text (value));
  else if (g_str_equal (key, "mpris:artUrl"))
    take (&track->art, read_art (value));
  else if (g_str_equal (key, "mpris:trackid"))
    take (&track->id, read_id (value));
  else if (g_str_equal (key, "mpris:length"))
    track->length = read_length (value);
}

void inos_track_read (InosTrack *track, GVariant *metadata)
{
  gsize count = metadata ? MIN (g_variant_n_children (metadata), INOS_TRACK_MAX_ENTRIES) : 0;

  inos_track_clear (track);
  for (gsize i = 0; i < count; i++) {
    g_autoptr (GVariant) value = NULL;
    const char *key;

    g_variant_get_child (metadata, i, "{&sv}", &key, &value);
    read_entry (track, key, value);
  }
  if (!track->title)
    track->title = g_strdup ("");
  if (!track->artist)
    track->artist = g_strdup ("");
  if (!track->album)
    track->album = g_strdup ("");
}

void inos_track_clear (InosTrack *track)
{
  g_free (track->title);
  g_free (track->artist);
  g_free (track->album);
  g_free (track->art);
  g_free (track->id);
  *track = (InosTrack){0};
}

gboolean inos_track_equal (const InosTrack *a, const InosTrack *b)
{
  return g_strcmp0 (a->title, b->title) == 0 && g_strcmp0 (a->artist, b->artist) == 0 &&
         g_strcmp0 (a->album, b->album) == 0 && g_strcmp0 (a->art, b->art) == 0 &&
         g_strcmp0 (a->id, b->id) == 0 && a->length == b->length;
}
