/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "clips.h"

#include <string.h>

#define MAX_SIDE 16384
/* A page unpacks them whole, and shows several. */
#define MAX_PIXELS (16 * 1024 * 1024)
/* A PNG begins with a signature, and its first chunk says width and height (RFC 2083, 3.1, 4.1.1).
 */
#define PNG_HEAD 24

struct InosClips {
  InosThumbs *thumbs;
  GPtrArray *clips; /* of InosClip, the newest first */
  GPtrArray *gone;  /* of InosClip: what was removed last */
  guint last;
};

static gboolean is_png (GBytes *data)
{
  static const guint8 begin[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n',
                                 0,    0,   0,   13,  'I',  'H',  'D',  'R'};
  gsize length;
  const guint8 *bytes = g_bytes_get_data (data, &length);
  guint32 width, height;

  if (length < PNG_HEAD || memcmp (bytes, begin, sizeof begin) != 0)
    return FALSE;
  memcpy (&width, bytes + 16, sizeof width);
  memcpy (&height, bytes + 20, sizeof height);
  width = GUINT32_FROM_BE (width);
  height = GUINT32_FROM_BE (height);
  return width > 0 && height > 0 && width <= MAX_SIDE && height <= MAX_SIDE &&
         (guint64)width * height <= MAX_PIXELS;
}

static gboolean is_blank (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isspace (text[i]))
      return FALSE;
  }
  return TRUE;
}

static gboolean is_good (GBytes *data, gboolean picture)
{
  gsize length;
  const char *text = g_bytes_get_data (data, &length);

  if (picture)
    return length <= INOS_CLIPS_MAX_PICTURE && is_png (data);
  return length > 0 && length <= INOS_CLIPS_MAX_TEXT &&
         g_utf8_validate (text, (gssize)length, NULL) && !is_blank (text, length);
}

static void clip_free (gpointer data)
{
  InosClip *clip = data;

  g_bytes_unref (clip->data);
  g_free (clip);
}

static void hide (InosClips *self, InosClip *clip)
{
  inos_thumbs_drop (self->thumbs, clip->thumb);
  clip->thumb = 0;
}

static void show (InosClips *self, InosClip *clip)
{
  if (clip->picture && clip->thumb == 0)
    clip->thumb = inos_thumbs_put (self->thumbs, clip->data);
}

static gboolean find (const InosClips *self, guint id, guint *index)
{
  for (*index = 0; *index < self->clips->len; (*index)++) {
    if (((const InosClip *)g_ptr_array_index (self->clips, *index))->id == id)
      return TRUE;
  }
  return FALSE;
}

static gsize size_of (const InosClips *self)
{
  gsize size = 0;

  for (guint i = 0; i < self->clips->len; i++)
    size += g_bytes_get_size (((const InosClip *)g_ptr_array_index (self->clips, i))->data);
  return size;
}

static guint count_kept (const InosClips *self)
{
  guint n = 0;

  for (guint i = 0; i < self->clips->len; i++)
    n += ((const InosClip *)g_ptr_array_index (self->clips, i))->kept ? 1 : 0;
  return n;
}

/* The oldest that nobody keeps go, the newest of all stays. */
static void shrink (InosClips *self)
{
  gsize size = size_of (self);

  for (guint i = self->clips->len; i > 1; i--) {
    InosClip *clip = g_ptr_array_index (self->clips, i - 1);

    if (self->clips->len <= INOS_CLIPS_MAX && size <= INOS_CLIPS_MAX_BYTES)
      return;
    if (clip->kept)
      continue;
    size -= g_bytes_get_size (clip->data);
    hide (self, clip);
    g_ptr_array_remove_index (self->clips, i - 1);
  }
}

static InosClip *find_same (InosClips *self, GBytes *data, gboolean picture)
{
  for (guint i = 0; i < self->clips->len; i++) {
    InosClip *clip = g_ptr_array_index (self->clips, i);

    if (clip->picture == picture && g_bytes_equal (clip->data, data))
      return g_ptr_array_steal_index (self->clips, i);
  }
  return NULL;
}

const InosClip *inos_clips_add (InosClips *self, GBytes *data, gboolean picture)
{
  InosClip *clip;

  if (!is_good (data, picture))
    return NULL;
  clip = find_same (self, data, picture);
  if (!clip) {
    clip = g_new0 (InosClip, 1);
    clip->id = ++self->last;
    clip->picture = picture;
    clip->data = g_bytes_ref (data);
    show (self, clip);
  }
  clip->time = g_get_real_time();
  /* Two in one moment, or a clock that is set back: the newest is the newest. */
  if (self->clips->len > 0)
    clip->time = MAX (clip->time, inos_clips_first (self)->time + 1);
  g_ptr_array_insert (self->clips, 0, clip);
  shrink (self);
  return clip;
}

const InosClip *inos_clips_first (const InosClips *self)
{
  return self->clips->len > 0 ? g_ptr_array_index (self->clips, 0) : NULL;
}

const InosClip *inos_clips_find (const InosClips *self, guint id)
{
  guint index;

  return find (self, id, &index) ? g_ptr_array_index (self->clips, index) : NULL;
}

guint inos_clips_get_n (const InosClips *self)
{
  return self->clips->len;
}

const InosClip *inos_clips_get (const InosClips *self, guint index)
{
  return g_ptr_array_index (self->clips, index);
}

gboolean inos_clips_keep (InosClips *self, guint id, gboolean keep)
{
  guint index;

  InosClip *clip;

  if (!find (self, id, &index))
    return FALSE;
  clip = g_ptr_array_index (self->clips, index);
  if (keep && !clip->kept && count_kept (self) >= INOS_CLIPS_MAX_KEPT)
    return FALSE;
  clip->kept = keep;
  shrink (self);
  return TRUE;
}

static void set_aside (InosClips *self, guint index)
{
  InosClip *clip = g_ptr_array_steal_index (self->clips, index);

  hide (self, clip);
  g_ptr_array_add (self->gone, clip);
}

gboolean inos_clips_remove (InosClips *self, guint id)
{
  guint index;

  if (!find (self, id, &index))
    return FALSE;
  inos_clips_forget (self);
  set_aside (self, index);
  return TRUE;
}

guint inos_clips_clear (InosClips *self)
{
  inos_clips_forget (self);
  for (guint i = self->clips->len; i > 0; i--) {
    if (!((const InosClip *)g_ptr_array_index (self->clips, i - 1))->kept)
      set_aside (self, i - 1);
  }
  return self->gone->len;
}

static int compare (gconstpointer a, gconstpointer b)
{
  const InosClip *one = *(const InosClip *const *)a, *other = *(const InosClip *const *)b;

  return one->time < other->time ? 1 : one->time > other->time ? -1 : 0;
}

gboolean inos_clips_undo (InosClips *self)
{
  gboolean any = self->gone->len > 0;

  while (self->gone->len > 0) {
    InosClip *clip = g_ptr_array_steal_index (self->gone, self->gone->len - 1);
    InosClip *same = find_same (self, clip->data, clip->picture);

    /* Copied again meanwhile: that one is newer. */
    if (same) {
      clip_free (clip);
      clip = same;
    }
    show (self, clip);
    g_ptr_array_add (self->clips, clip);
  }
  g_ptr_array_sort (self->clips, compare);
  shrink (self);
  return any;
}

void inos_clips_forget (InosClips *self)
{
  g_ptr_array_set_size (self->gone, 0);
}

char *inos_clip_words (const InosClip *clip)
{
  gsize length;
  const char *text = g_bytes_get_data (clip->data, &length);
  g_autofree char *words = clip->picture ? g_strdup ("") : g_strndup (text, length);
  glong n = g_utf8_strlen (words, -1);

  return g_utf8_substring (words, 0, MIN (n, INOS_CLIPS_MAX_SHOWN));
}

JsonNode *inos_clips_describe (const InosClips *self)
{
  JsonArray *array = json_array_new();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < self->clips->len; i++) {
    const InosClip *clip = g_ptr_array_index (self->clips, i);
    g_autofree char *words = inos_clip_words (clip);
    JsonObject *object = json_object_new();

    json_object_set_int_member (object, "id", clip->id);
    json_object_set_int_member (object, "time", clip->time / 1000);
    json_object_set_boolean_member (object, "kept", clip->kept);
    json_object_set_int_member (object, "picture", clip->thumb);
    json_object_set_string_member (object, "text", words);
    json_object_set_int_member (object, "size", (gint64)g_bytes_get_size (clip->data));
    json_array_add_object_element (array, object);
  }
  json_node_take_array (node, array);
  return node;
}

InosClips *inos_clips_create (InosThumbs *thumbs)
{
  InosClips *self = g_new0 (InosClips, 1);

  self->thumbs = thumbs;
  self->clips = g_ptr_array_new_with_free_func (clip_free);
  self->gone = g_ptr_array_new_with_free_func (clip_free);
  return self;
}

void inos_clips_destroy (InosClips *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->clips->len; i++)
    hide (self, g_ptr_array_index (self->clips, i));
  g_ptr_array_unref (self->clips);
  g_ptr_array_unref (self->gone);
  g_free (self);
}
