/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "portal_pause.h"

#define FIRST 1000  /* ms, doubled with each refusal in a row */
#define LAST 120000 /* ms */

typedef struct {
  gint64 pause, until; /* ms */
} Entry;

struct InosPortalPause {
  GHashTable *entries; /* application to Entry */
  gint64 ahead;        /* ms */
};

static gint64 now (InosPortalPause *self)
{
  return g_get_monotonic_time() / 1000 + self->ahead;
}

gboolean inos_portal_pause_holds (InosPortalPause *self, const char *app)
{
  const Entry *entry = g_hash_table_lookup (self->entries, app);

  return entry && now (self) < entry->until;
}

/* Room for one more: of those that do not wait any more, else of the one that waits the shortest.
 */
static void make_room (InosPortalPause *self)
{
  GHashTableIter iter;
  gpointer app, entry, first = NULL;
  gint64 least = G_MAXINT64;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &app, &entry)) {
    if (((Entry *)entry)->until >= least)
      continue;
    least = ((Entry *)entry)->until;
    first = app;
  }
  if (first && g_hash_table_size (self->entries) >= INOS_PORTAL_PAUSES_MAX)
    g_hash_table_remove (self->entries, first);
}

void inos_portal_pause_answered (InosPortalPause *self, const char *app, gboolean chosen)
{
  Entry *entry = g_hash_table_lookup (self->entries, app);

  if (chosen) {
    g_hash_table_remove (self->entries, app);
    return;
  }
  if (!entry) {
    make_room (self);
    entry = g_new0 (Entry, 1);
    g_hash_table_insert (self->entries, g_strdup (app), entry);
  }
  entry->pause = CLAMP (entry->pause * 2, FIRST, LAST);
  entry->until = now (self) + entry->pause;
}

void inos_portal_pause_advance (InosPortalPause *self, gint64 ms)
{
  self->ahead += ms;
}

InosPortalPause *inos_portal_pause_create (void)
{
  InosPortalPause *self = g_new0 (InosPortalPause, 1);

  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void inos_portal_pause_destroy (InosPortalPause *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->entries);
  g_free (self);
}
