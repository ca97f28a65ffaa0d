/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_walk.h"

#include "files_disk.h"
#include "files_row.h"
#include "files_trash.h"

#include <string.h>

#define BATCH 200
/* A batch that is not full goes after so long, µs. */
#define PATIENCE (150 * G_TIME_SPAN_MILLISECOND)
/* Folders that wait to be looked into. */
#define WAITING_MOST 100000

typedef struct {
  GFile *folder;
  char *text; /* folded; NULL for the trash */
  GCancellable *cancellable;
  InosWalkFunc func;
  gpointer data;
  GPtrArray *batch; /* InosFound */
  gint64 sent;
  guint count;
  gboolean cut;
} Walk;

/* What goes to the main loop. */
typedef struct {
  GPtrArray *found; /* NULL: the end */
  gboolean cut;
  GCancellable *cancellable;
  InosWalkFunc func;
  gpointer data;
} Parcel;

static void found_free (gpointer data)
{
  InosFound *found = data;

  g_clear_object (&found->file);
  g_clear_object (&found->info);
  g_clear_object (&found->origin);
  g_clear_object (&found->note);
  g_free (found);
}

static GPtrArray *new_batch (void)
{
  return g_ptr_array_new_with_free_func (found_free);
}

static void walk_free (gpointer data)
{
  Walk *walk = data;

  g_clear_object (&walk->folder);
  g_clear_object (&walk->cancellable);
  g_clear_pointer (&walk->batch, g_ptr_array_unref);
  g_free (walk->text);
  g_free (walk);
}

static gboolean on_parcel (gpointer data)
{
  Parcel *parcel = data;

  if (!g_cancellable_is_cancelled (parcel->cancellable))
    parcel->func (parcel->found, parcel->cut, parcel->data);
  return G_SOURCE_REMOVE;
}

static void parcel_free (gpointer data)
{
  Parcel *parcel = data;

  g_clear_pointer (&parcel->found, g_ptr_array_unref);
  g_object_unref (parcel->cancellable);
  g_free (parcel);
}

static void hand_over (Walk *walk, GPtrArray *found)
{
  Parcel *parcel = g_new0 (Parcel, 1);

  *parcel = (Parcel){found, walk->cut, g_object_ref (walk->cancellable), walk->func, walk->data};
  g_idle_add_full (G_PRIORITY_DEFAULT, on_parcel, parcel, parcel_free);
  walk->sent = g_get_monotonic_time();
}

static void flush (Walk *walk)
{
  if (walk->batch->len == 0)
    return;
  hand_over (walk, walk->batch);
  walk->batch = new_batch();
}

static void take (Walk *walk, InosFound *found)
{
  g_ptr_array_add (walk->batch, found);
  walk->count++;
  if (walk->batch->len >= BATCH || g_get_monotonic_time() - walk->sent > PATIENCE)
    flush (walk);
}

char *inos_walk_fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *whole = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);

  return g_utf8_casefold (whole ? whole : valid, -1);
}

static void look_at (Walk *walk, GFile *file, GFileInfo *info, GQueue *waiting)
{
  g_autofree char *name = inos_disk_shown_name (file);
  g_autofree char *folded = inos_walk_fold (name);

  if (strstr (folded, walk->text)) {
    InosFound *found = g_new0 (InosFound, 1);

    found->file = g_object_ref (file);
    found->info = g_object_ref (info);
    take (walk, found);
  }
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_DIRECTORY)
    return;
  if (waiting->length < WAITING_MOST)
    g_queue_push_tail (waiting, g_object_ref (file));
  else
    walk->cut = TRUE;
}

static void look_into (Walk *walk, GFile *folder, GQueue *waiting)
{
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
    folder, INOS_ROW_ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, walk->cancellable, NULL);
  GFileInfo *info;
  GFile *child;

  while (children && walk->count < INOS_WALK_FOUND_MOST &&
         g_file_enumerator_iterate (children, &info, &child, walk->cancellable, NULL) && info)
    look_at (walk, child, info, waiting);
  if (walk->batch->len > 0 && g_get_monotonic_time() - walk->sent > PATIENCE)
    flush (walk);
}

/* Breadth first: what is near is found first. */
static void run_search (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Walk *walk = data;
  GQueue waiting = G_QUEUE_INIT;

  g_queue_push_tail (&waiting, g_object_ref (walk->folder));
  while (waiting.length > 0 && walk->count < INOS_WALK_FOUND_MOST &&
         !g_cancellable_is_cancelled (cancellable)) {
    g_autoptr (GFile) folder = g_queue_pop_head (&waiting);

    look_into (walk, folder, &waiting);
  }
  walk->cut = walk->cut || walk->count >= INOS_WALK_FOUND_MOST;
  g_queue_clear_full (&waiting, g_object_unref);
  flush (walk);
  hand_over (walk, NULL);
  g_task_return_boolean (task, TRUE);
}

static void run_trash (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Walk *walk = data;
  g_autoptr (GPtrArray) entries = inos_trash_list (cancellable);

  walk->cut = entries->len >= INOS_TRASH_MOST;
  for (guint i = 0; i < entries->len && !g_cancellable_is_cancelled (cancellable); i++) {
    InosTrashEntry *entry = entries->pdata[i];
    g_autoptr (GFileInfo) info = g_file_query_info (
      entry->file, INOS_ROW_ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, cancellable, NULL);
    InosFound *found;

    if (!info)
      continue;
    found = g_new0 (InosFound, 1);
    *found =
      (InosFound){g_steal_pointer (&entry->file), g_steal_pointer (&info),
                  g_steal_pointer (&entry->origin), g_steal_pointer (&entry->note), entry->time};
    take (walk, found);
  }
  flush (walk);
  hand_over (walk, NULL);
  g_task_return_boolean (task, TRUE);
}

static void start (Walk *walk, GTaskThreadFunc run)
{
  g_autoptr (GTask) task = g_task_new (NULL, walk->cancellable, NULL, NULL);

  walk->batch = new_batch();
  walk->sent = g_get_monotonic_time();
  g_task_set_task_data (task, walk, walk_free);
  g_task_run_in_thread (task, run);
}

void inos_walk_search (GFile *folder, const char *text, GCancellable *cancellable,
                       InosWalkFunc func, gpointer data)
{
  Walk *walk = g_new0 (Walk, 1);

  *walk = (Walk){.folder = g_object_ref (folder),
                 .text = inos_walk_fold (text),
                 .cancellable = g_object_ref (cancellable),
                 .func = func,
                 .data = data};
  start (walk, run_search);
}

void inos_walk_trash (GCancellable *cancellable, InosWalkFunc func, gpointer data)
{
  Walk *walk = g_new0 (Walk, 1);

  *walk = (Walk){.cancellable = g_object_ref (cancellable), .func = func, .data = data};
  start (walk, run_trash);
}
