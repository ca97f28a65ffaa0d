/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "notify/picture.h"

#include "test.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

static GVariant *pixels (int width, int height, int stride, gboolean alpha, int bits, int channels,
                         gsize size)
{
  g_autofree guint8 *data = g_malloc0 (size + 1);

  return g_variant_ref_sink (
    g_variant_new ("(iiibii@ay)", width, height, stride, alpha, bits, channels,
                   g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, data, size, 1)));
}

static void makes_it_small (void **state)
{
  g_autoptr (GVariant) large = pixels (400, 200, 1600, TRUE, 8, 4, 1600 * 200);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = inos_picture_from_pixels (large, &error);
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new();

  assert_non_null (png);
  assert_true (gdk_pixbuf_loader_write_bytes (loader, png, NULL));
  assert_true (gdk_pixbuf_loader_close (loader, NULL));
  assert_int_equal (gdk_pixbuf_get_width (gdk_pixbuf_loader_get_pixbuf (loader)),
                    INOS_PICTURE_SIZE);
  assert_int_equal (gdk_pixbuf_get_height (gdk_pixbuf_loader_get_pixbuf (loader)),
                    INOS_PICTURE_SIZE / 2);
}

static void refuses_lies (void **state)
{
  static const struct {
    int width, height, stride;
    gboolean alpha;
    int bits, channels;
    gsize size;
  } lies[] = {
    {32768, 32768, 131072, TRUE, 8, 4, 16}, {G_MAXINT, G_MAXINT, G_MAXINT, TRUE, 8, 4, 16},
    {-1, 10, 40, TRUE, 8, 4, 400},          {10, 0, 40, TRUE, 8, 4, 400},
    {10, 10, 39, TRUE, 8, 4, 400},          {10, 10, -40, TRUE, 8, 4, 400},
    {10, 10, 40, TRUE, 8, 4, 399},          {10, 10, 40, FALSE, 8, 4, 400},
    {10, 10, 40, TRUE, 16, 4, 400},         {10, 10, 40, TRUE, 8, 3, 400},
    {1, 4096, G_MAXINT, FALSE, 8, 3, 16},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++) {
    g_autoptr (GVariant) value =
      pixels (lies[i].width, lies[i].height, lies[i].stride, lies[i].alpha, lies[i].bits,
              lies[i].channels, lies[i].size);
    g_autoptr (GError) error = NULL;

    assert_null (inos_picture_from_pixels (value, &error));
    assert_non_null (error);
  }
}

static void reads_only_files_that_are_pictures (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-picture-XXXXXX", NULL);
  g_autofree char *text = g_build_filename (folder, "text", NULL);
  g_autofree char *pipe = g_build_filename (folder, "pipe", NULL);
  const char *const paths[] = {text, pipe, folder, "/dev/zero", "/nowhere"};

  assert_true (g_file_set_contents (text, "no picture", -1, NULL));
  assert_int_equal (mkfifo (pipe, 0600), 0);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autoptr (GError) error = NULL;

    assert_null (inos_picture_from_file (paths[i], &error));
    assert_non_null (error);
  }
}

static void keeps_only_what_is_used (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("inos-picture-XXXXXX", NULL);
  g_autofree char *one = g_build_filename (folder, "1.png", NULL);
  g_autofree char *two = g_build_filename (folder, "2.png", NULL);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autoptr (GBytes) bytes = NULL;
  InosPictures *pictures = inos_pictures_create (folder);
  guint64 number = 2;

  assert_true (g_file_set_contents (one, "x", -1, NULL) &&
               g_file_set_contents (two, "x", -1, NULL));
  g_array_append_val (numbers, number);
  inos_pictures_keep (pictures, numbers);
  assert_null (inos_pictures_get (pictures, 1));
  bytes = inos_pictures_get (pictures, 2);
  assert_non_null (bytes);
  inos_pictures_destroy (pictures);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (makes_it_small),
    cmocka_unit_test (refuses_lies),
    cmocka_unit_test (reads_only_files_that_are_pictures),
    cmocka_unit_test (keeps_only_what_is_used),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
