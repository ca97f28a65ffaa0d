/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "thumbs.h"

struct InosThumbs {
  GHashTable *pictures; /* number → GBytes */
  guint last;
};

InosThumbs *inos_thumbs_create (void)
{
  InosThumbs *self = g_new0 (InosThumbs, 1);

  self->pictures =
    g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_bytes_unref);
  return self;
}

void inos_thumbs_destroy (InosThumbs *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->pictures);
  g_free (self);
}

guint inos_thumbs_put (InosThumbs *self, GBytes *png)
{
  do
    self->last = self->last + 1 < INOS_THUMBS_END ? self->last + 1 : 1;
  while (g_hash_table_contains (self->pictures, GUINT_TO_POINTER (self->last)));
  g_hash_table_insert (self->pictures, GUINT_TO_POINTER (self->last), g_bytes_ref (png));
  return self->last;
}

void inos_thumbs_drop (InosThumbs *self, guint number)
{
  g_hash_table_remove (self->pictures, GUINT_TO_POINTER (number));
}

GBytes *inos_thumbs_get (InosThumbs *self, guint64 number)
{
  GBytes *png = number < INOS_THUMBS_END
                  ? g_hash_table_lookup (self->pictures, GUINT_TO_POINTER ((guint)number))
                  : NULL;

  return png ? g_bytes_ref (png) : NULL;
}
