/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flood.h"

typedef struct {
  double left;
  gint64 last; /* monotonic µs */
  gboolean refused;
} Bucket;

struct InosFlood {
  GHashTable *buckets; /* sender → Bucket */
};

InosFlood *inos_flood_create (void)
{
  InosFlood *self = g_new0 (InosFlood, 1);

  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void inos_flood_destroy (InosFlood *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->buckets);
  g_free (self);
}

static void refill (Bucket *bucket, gint64 now)
{
  double seconds = (double)MAX (now - bucket->last, 0) / G_USEC_PER_SEC;

  bucket->left = MIN (bucket->left + seconds * INOS_FLOOD_RATE, INOS_FLOOD_BURST);
  bucket->last = now;
  if (bucket->left >= INOS_FLOOD_BURST)
    bucket->refused = FALSE;
}

static gboolean is_full (gpointer sender, gpointer value, gpointer now)
{
  refill (value, *(gint64 *)now);
  return ((Bucket *)value)->left >= INOS_FLOOD_BURST;
}

/* A full bucket is as good as none. Where all are in use a new sender has to wait. */
static Bucket *bucket_of (InosFlood *self, const char *sender, gint64 now)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, sender);

  if (bucket)
    return bucket;
  if (g_hash_table_size (self->buckets) >= INOS_FLOOD_MAX_SENDERS)
    g_hash_table_foreach_remove (self->buckets, is_full, &now);
  if (g_hash_table_size (self->buckets) >= INOS_FLOOD_MAX_SENDERS)
    return NULL;
  bucket = g_new0 (Bucket, 1);
  *bucket = (Bucket){.left = INOS_FLOOD_BURST, .last = now};
  g_hash_table_insert (self->buckets, g_strdup (sender), bucket);
  return bucket;
}

gboolean inos_flood_admit (InosFlood *self, const char *sender, double cost, gint64 now,
                           gboolean *first)
{
  Bucket *bucket = bucket_of (self, sender, now);

  *first = FALSE;
  if (!bucket)
    return FALSE;
  refill (bucket, now);
  if (bucket->left >= cost) {
    bucket->left -= cost;
    return TRUE;
  }
  *first = !bucket->refused;
  bucket->refused = TRUE;
  return FALSE;
}
