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
};

gboolean inos_portal_pause_holds (InosPortalPause *self, const char *app, gint64 now)
{
  const Entry *entry = g_hash_table_lookup (self->entries, app);

  return entry && now < entry->until;
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

/* One click does not make up for many refusals. */
static void chosen_for (InosPortalPause *self, const char *app, Entry *entry, gint64 now)
{
  if (entry->pause < FIRST) {
    g_hash_table_remove (self->entries, app);
    return;
  }
  entry->pause /= 2;
  entry->until = now + FIRST;
}

void inos_portal_pause_answered (InosPortalPause *self, const char *app, gboolean chosen,
                                 gint64 now)
{
  Entry *entry = g_hash_table_lookup (self->entries, app);

  if (chosen) {
    if (entry)
      chosen_for (self, app, entry, now);
    return;
  }
  if (!entry) {
    make_room (self);
    entry = g_new0 (Entry, 1);
    g_hash_table_insert (self->entries, g_strdup (app), entry);
  }
  entry->pause = CLAMP (entry->pause * 2, FIRST, LAST);
  entry->until = now + entry->pause;
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
