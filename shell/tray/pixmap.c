/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pixmap.h"

#define BYTES 4 /* of a pixel */

static gboolean is_one (int width, int height, GVariant *data)
{
  return width > 0 && height > 0 && width <= INOS_PIXMAP_MAX_SIDE &&
         height <= INOS_PIXMAP_MAX_SIDE &&
         g_variant_get_size (data) == (gsize)width * (gsize)height * BYTES;
}

/* Whether one whose shorter side is a serves better than one with b. */
static gboolean is_better (int a, int b, int side)
{
  return b < side ? a > b : a >= side && a < b;
}

static GVariant *turn (int width, int height, GVariant *data)
{
  gsize size;
  const guint8 *from = g_variant_get_fixed_array (data, &size, 1);
  guint8 *to = g_malloc (size);

  for (gsize i = 0; i + BYTES <= size; i += BYTES) {
    to[i] = from[i + 1];
    to[i + 1] = from[i + 2];
    to[i + 2] = from[i + 3];
    to[i + 3] = from[i];
  }
  return g_variant_ref_sink (g_variant_new (
    "(iiibii@ay)", width, height, width * BYTES, TRUE, 8, BYTES,
    g_variant_new_from_data (G_VARIANT_TYPE_BYTESTRING, to, size, TRUE, g_free, to)));
}

GVariant *inos_pixmap_choose (GVariant *pixmaps, int side)
{
  g_autoptr (GVariant) best = NULL;
  int best_width = 0, best_height = 0;
  gsize count;

  if (!pixmaps || !g_variant_is_of_type (pixmaps, G_VARIANT_TYPE ("a(iiay)")))
    return NULL;
  count = MIN (g_variant_n_children (pixmaps), INOS_PIXMAP_MAX_COUNT);
  for (gsize i = 0; i < count; i++) {
    g_autoptr (GVariant) data = NULL;
    int width, height;

    g_variant_get_child (pixmaps, i, "(ii@ay)", &width, &height, &data);
    if (!is_one (width, height, data) ||
        (best && !is_better (MIN (width, height), MIN (best_width, best_height), side)))
      continue;
    g_clear_pointer (&best, g_variant_unref);
    best = g_steal_pointer (&data);
    best_width = width;
    best_height = height;
  }
  return best ? turn (best_width, best_height, best) : NULL;
}
