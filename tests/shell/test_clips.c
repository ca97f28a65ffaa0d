/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "clipboard/clips.h"

#include "test.h"

#include <string.h>

static guint add (InosClips *clips, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  const InosClip *clip = inos_clips_add (clips, bytes, FALSE);

  return clip ? clip->id : 0;
}

/* A head alone, as a stranger might send. */
static GBytes *png (guint32 width, guint32 height, gsize size)
{
  static const guint8 begin[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n',
                                 0,    0,   0,   13,  'I',  'H',  'D',  'R'};
  guint8 *bytes = g_malloc0 (size);

  width = GUINT32_TO_BE (width);
  height = GUINT32_TO_BE (height);
  memcpy (bytes, begin, MIN (size, sizeof begin));
  if (size >= 24) {
    memcpy (bytes + 16, &width, 4);
    memcpy (bytes + 20, &height, 4);
  }
  return g_bytes_new_take (bytes, size);
}

static gboolean takes (InosClips *clips, GBytes *bytes, gboolean picture)
{
  g_autoptr (GBytes) owned = bytes;

  return inos_clips_add (clips, owned, picture) != NULL;
}

static int set_up (void **state)
{
  InosThumbs *thumbs = inos_thumbs_create();
  gpointer *both = g_new (gpointer, 2);

  both[0] = inos_clips_create (thumbs);
  both[1] = thumbs;
  *state = both;
  return 0;
}

static int tear_down (void **state)
{
  gpointer *both = *state;

  inos_clips_destroy (both[0]);
  inos_thumbs_destroy (both[1]);
  g_free (both);
  return 0;
}

static void newest_first_and_each_once (void **state)
{
  InosClips *clips = *(InosClips **)*state;
  guint one = add (clips, "one"), two = add (clips, "two");

  assert_int_equal (inos_clips_first (clips)->id, two);
  assert_int_equal (add (clips, "one"), one);
  assert_int_equal (inos_clips_get_n (clips), 2);
  assert_int_equal (inos_clips_first (clips)->id, one);
}

static void refuses_what_is_none (void **state)
{
  InosClips *clips = *(InosClips **)*state;

  assert_int_equal (add (clips, ""), 0);
  assert_int_equal (add (clips, " \n\t"), 0);
  assert_int_equal (add (clips, "\xff\xfe"), 0);
  assert_false (takes (clips, g_bytes_new ("a\0b", 3), FALSE)); /* not UTF-8 text */
  assert_false (takes (clips, png (10, 10, 23), TRUE));
  assert_false (takes (clips, png (0, 10, 64), TRUE));
  assert_false (takes (clips, png (16384, 16384, 64), TRUE));
  assert_false (takes (clips, png (20000, 1, 64), TRUE));
  assert_false (takes (clips, png (10, 10, INOS_CLIPS_MAX_PICTURE + 1), TRUE));
  assert_true (takes (clips, png (10, 10, 64), TRUE));
  assert_int_not_equal (inos_clips_first (clips)->thumb, 0);
}

static void has_bounds (void **state)
{
  InosClips *clips = *(InosClips **)*state;
  guint first = add (clips, "first");

  assert_true (inos_clips_keep (clips, first, TRUE));
  for (guint i = 0; i < 200; i++) {
    g_autofree char *text = g_strdup_printf ("number %u", i);

    add (clips, text);
  }
  assert_int_equal (inos_clips_get_n (clips), INOS_CLIPS_MAX);
  assert_non_null (inos_clips_find (clips, first));
  for (guint i = 0; i < 8; i++)
    assert_true (takes (clips, png (10 + i, 10, INOS_CLIPS_MAX_PICTURE), TRUE));
  assert_true (inos_clips_get_n (clips) <= 5);
  assert_non_null (inos_clips_find (clips, first));
  for (guint i = 0; i < INOS_CLIPS_MAX; i++) {
    g_autofree char *text = g_strdup_printf ("kept %u", i);

    assert_int_equal (inos_clips_keep (clips, add (clips, text), TRUE),
                      i < INOS_CLIPS_MAX_KEPT - 1);
  }
}

static void brings_back_what_was_removed (void **state)
{
  InosClips *clips = *(InosClips **)*state;
  guint one = add (clips, "one"), two = add (clips, "two"), three = add (clips, "three");

  assert_false (inos_clips_undo (clips));
  assert_false (inos_clips_remove (clips, 1000));
  assert_true (inos_clips_remove (clips, two));
  assert_null (inos_clips_find (clips, two));
  assert_true (inos_clips_undo (clips));
  assert_int_equal (inos_clips_get (clips, 1)->id, two);
  assert_true (inos_clips_keep (clips, one, TRUE));
  assert_int_equal (inos_clips_clear (clips), 2);
  assert_int_equal (inos_clips_get_n (clips), 1);
  /* Copied again before it came back: once is enough. */
  assert_int_not_equal (add (clips, "three"), three);
  assert_true (inos_clips_undo (clips));
  assert_int_equal (inos_clips_get_n (clips), 3);
  assert_int_equal (inos_clips_clear (clips), 2);
  inos_clips_forget (clips);
  assert_false (inos_clips_undo (clips));
}

static void says_the_beginning (void **state)
{
  InosClips *clips = *(InosClips **)*state;
  g_autofree char *long_text = g_strnfill (3000, 'x');
  g_autofree char *arabic = g_strdup_printf ("%s\u0633", long_text);
  g_autofree char *words = NULL;
  g_autoptr (JsonNode) node = NULL;

  add (clips, arabic);
  words = inos_clip_words (inos_clips_first (clips));
  assert_int_equal (g_utf8_strlen (words, -1), INOS_CLIPS_MAX_SHOWN);
  node = inos_clips_describe (clips);
  assert_int_equal (json_object_get_int_member (
                      json_array_get_object_element (json_node_get_array (node), 0), "size"),
                    3002);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (newest_first_and_each_once, set_up, tear_down),
    cmocka_unit_test_setup_teardown (refuses_what_is_none, set_up, tear_down),
    cmocka_unit_test_setup_teardown (has_bounds, set_up, tear_down),
    cmocka_unit_test_setup_teardown (brings_back_what_was_removed, set_up, tear_down),
    cmocka_unit_test_setup_teardown (says_the_beginning, set_up, tear_down),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
