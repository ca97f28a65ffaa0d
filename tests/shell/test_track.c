/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "media/track.h"
#include "thumbs.h"

#include "test.h"

#include <string.h>

/* text: of a dictionary a{sv}, as g_variant_parse() reads it. */
static InosTrack read_track (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, &error);
  InosTrack track = {0};

  assert_non_null (value);
  inos_track_read (&track, value);
  return track;
}

static void reads_what_a_player_says (void **state)
{
  InosTrack track = read_track ("{'xesam:title': <'Song'>, 'xesam:artist': <['A', '', 'B']>, "
                                "'xesam:album': <'Disc'>, 'mpris:length': <int64 5000000>, "
                                "'mpris:trackid': <objectpath '/track/7'>, "
                                "'mpris:artUrl': <'file:///tmp/a%20b.png'>}");

  assert_string_equal (track.title, "Song");
  assert_string_equal (track.artist, "A, B");
  assert_string_equal (track.album, "Disc");
  assert_string_equal (track.id, "/track/7");
  assert_string_equal (track.art, "/tmp/a b.png");
  assert_int_equal (track.length, 5000000);
  inos_track_clear (&track);
  inos_track_clear (&track);
}

static void takes_what_some_say_wrongly (void **state)
{
  InosTrack track =
    read_track ("{'xesam:artist': <'One'>, 'mpris:length': <uint64 18446744073709551615>, "
                "'mpris:trackid': <'/track/8'>}");

  assert_string_equal (track.artist, "One");
  assert_string_equal (track.id, "/track/8");
  assert_true (track.length > 0 && track.length <= 365 * G_TIME_SPAN_DAY);
  inos_track_clear (&track);
}

static void other_types_are_nothing (void **state)
{
  InosTrack track =
    read_track ("{'xesam:title': <5>, 'xesam:artist': <[1, 2]>, 'xesam:album': <{'a': 'b'}>, "
                "'mpris:length': <'long'>, 'mpris:trackid': <'no path'>, 'mpris:artUrl': <true>}");

  assert_string_equal (track.title, "");
  assert_string_equal (track.artist, "");
  assert_string_equal (track.album, "");
  assert_null (track.id);
  assert_null (track.art);
  assert_int_equal (track.length, 0);
  inos_track_read (&track, NULL);
  assert_string_equal (track.title, "");
  inos_track_clear (&track);
}

static void stays_in_bounds (void **state)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *large = g_strnfill (1000000, 'x');
  g_autoptr (GVariant) value = NULL;
  InosTrack track = {0};

  g_variant_builder_add (&builder, "{sv}", "xesam:title", g_variant_new_string (large));
  for (guint i = 0; i < 100000; i++)
    g_variant_builder_add (&builder, "{sv}", "noise", g_variant_new_uint32 (i));
  g_variant_builder_add (&builder, "{sv}", "xesam:album", g_variant_new_string ("late"));
  value = g_variant_ref_sink (g_variant_builder_end (&builder));
  inos_track_read (&track, value);
  assert_true (strlen (track.title) <= INOS_TRACK_MAX_TEXT);
  assert_string_equal (track.album, "");
  inos_track_clear (&track);
}

static void only_files_of_this_machine (void **state)
{
  static const char *const none[] = {
    "http://example.org/a.png", "file://other/a.png", "/tmp/a.png", "", "file:",
    "data:image/png,x",         "file:///a%00b"};
  g_autofree char *large = g_strdup_printf ("file:///%0*d", INOS_TRACK_MAX_URI, 0);
  g_autofree char *local = inos_track_art_path ("file://localhost/a.png");

  for (gsize i = 0; i < G_N_ELEMENTS (none); i++)
    assert_null (inos_track_art_path (none[i]));
  assert_null (inos_track_art_path (large));
  assert_string_equal (local, "/a.png");
}

static void knows_when_it_is_another (void **state)
{
  InosTrack a = read_track ("{'xesam:title': <'A'>}"), b = read_track ("{'xesam:title': <'B'>}");

  assert_true (inos_track_equal (&a, &a));
  assert_false (inos_track_equal (&a, &b));
  inos_track_clear (&a);
  inos_track_clear (&b);
}

static void thumbs_are_found_by_their_number (void **state)
{
  InosThumbs *thumbs = inos_thumbs_create();
  g_autoptr (GBytes) bytes = g_bytes_new_static ("png", 3);
  guint first = inos_thumbs_put (thumbs, bytes), second = inos_thumbs_put (thumbs, bytes);
  g_autoptr (GBytes) found = inos_thumbs_get (thumbs, second);

  assert_int_not_equal (first, second);
  assert_ptr_equal (found, bytes);
  inos_thumbs_drop (thumbs, second);
  assert_null (inos_thumbs_get (thumbs, second));
  assert_null (inos_thumbs_get (thumbs, 0));
  assert_null (inos_thumbs_get (thumbs, ((guint64)1 << 32) + first));
  inos_thumbs_drop (thumbs, 0);
  inos_thumbs_destroy (thumbs);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (reads_what_a_player_says),
    cmocka_unit_test (takes_what_some_say_wrongly),
    cmocka_unit_test (other_types_are_nothing),
    cmocka_unit_test (stays_in_bounds),
    cmocka_unit_test (only_files_of_this_machine),
    cmocka_unit_test (knows_when_it_is_another),
    cmocka_unit_test (thumbs_are_found_by_their_number),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
