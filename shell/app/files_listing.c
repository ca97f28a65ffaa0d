/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_listing.h"

#include "files_disk.h"
#include "files_row.h"
#include "files_trash.h"
#include "files_walk.h"

#include <glib/gi18n.h>

#define BATCH 500
#define FETCH_MOST 1000
/* Between a change on the disk and the look at it, and how many are looked at one by one. */
#define SETTLE_MS 120
#define DIRTY_MOST 256

typedef enum { NOTHING, FOLDER, SEARCH, TRASH } What;

struct InosListing {
  What what;
  GFile *folder;
  char *text;
  GFile *select;     /* may be NULL */
  GHashTable *items; /* number → InosItem, which it owns */
  GHashTable *paths; /* path → InosItem */
  GHashTable *fresh; /* number → JsonObject, a row to be fetched */
  GArray *gone;      /* guint */
  GHashTable *dirty; /* path: to be looked at */
  guint dirty_source;
  GPtrArray *monitors;
  GCancellable *cancellable; /* of all that is read, until something else is shown */
  guint round;
  gboolean reading, again, done, cut, told;
  char *error;
  guint *last_id;
  void (*news) (gpointer data);
  gpointer data;
};

static void read_now (InosListing *self);

static void item_free (gpointer data)
{
  InosItem *item = data;

  g_object_unref (item->file);
  g_clear_object (&item->origin);
  g_clear_object (&item->note);
  g_free (item);
}

InosListing *inos_listing_create (guint *last_id, void (*news) (gpointer data), gpointer data)
{
  InosListing *self = g_new0 (InosListing, 1);

  *self =
    (InosListing){.items = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, item_free),
                  .paths = g_hash_table_new (g_str_hash, g_str_equal),
                  .fresh = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL,
                                                  (GDestroyNotify)json_object_unref),
                  .gone = g_array_new (FALSE, FALSE, sizeof (guint)),
                  .dirty = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                  .monitors = g_ptr_array_new_with_free_func (g_object_unref),
                  .last_id = last_id,
                  .news = news,
                  .data = data};
  return self;
}

/* Once until it is fetched. */
static void tell (InosListing *self)
{
  if (self->told)
    return;
  self->told = TRUE;
  self->news (self->data);
}

static void stop (InosListing *self)
{
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->dirty_source, g_source_remove);
  for (guint i = 0; i < self->monitors->len; i++)
    g_signal_handlers_disconnect_by_data (self->monitors->pdata[i], self);
  g_ptr_array_set_size (self->monitors, 0);
  self->reading = self->again = FALSE;
}

void inos_listing_clear (InosListing *self)
{
  stop (self);
  self->what = NOTHING;
  g_hash_table_remove_all (self->paths);
  g_hash_table_remove_all (self->items);
  g_hash_table_remove_all (self->fresh);
  g_hash_table_remove_all (self->dirty);
  g_array_set_size (self->gone, 0);
  g_clear_object (&self->folder);
  g_clear_object (&self->select);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->error, g_free);
  self->done = TRUE;
  self->cut = self->told = FALSE;
}

void inos_listing_destroy (InosListing *self)
{
  inos_listing_clear (self);
  g_hash_table_unref (self->paths);
  g_hash_table_unref (self->items);
  g_hash_table_unref (self->fresh);
  g_hash_table_unref (self->dirty);
  g_array_unref (self->gone);
  g_ptr_array_unref (self->monitors);
  g_free (self);
}

gboolean inos_listing_is_used (const InosListing *self)
{
  return self->what != NOTHING;
}

/* Items */

static InosItem *find_path (InosListing *self, GFile *file)
{
  return g_hash_table_lookup (self->paths, g_file_peek_path (file));
}

static InosItem *item_for (InosListing *self, GFile *file)
{
  InosItem *item = find_path (self, file);

  if (item)
    return item;
  item = g_new0 (InosItem, 1);
  *item = (InosItem){.id = ++*self->last_id, .file = g_object_ref (file)};
  g_hash_table_insert (self->items, GUINT_TO_POINTER (item->id), item);
  g_hash_table_insert (self->paths, (gpointer)g_file_peek_path (item->file), item);
  return item;
}

static void forget (InosListing *self, InosItem *item)
{
  g_array_append_val (self->gone, item->id);
  g_hash_table_remove (self->fresh, GUINT_TO_POINTER (item->id));
  g_hash_table_remove (self->paths, g_file_peek_path (item->file));
  g_hash_table_remove (self->items, GUINT_TO_POINTER (item->id));
  tell (self);
}

/* Where it lies, from the folder on, for what a search has found. */
static void add_where (InosListing *self, JsonObject *row, GFile *file)
{
  g_autoptr (GFile) parent = g_file_get_parent (file);
  g_autofree char *path = parent ? g_file_get_relative_path (self->folder, parent) : NULL;
  g_autofree char *shown = inos_disk_shown_text (path ? path : "");

  json_object_set_string_member (row, "where", shown);
}

/* "~" stands for the home. */
static char *short_path (GFile *folder)
{
  g_autoptr (GFile) home = g_file_new_for_path (g_get_home_dir());
  g_autofree char *inside = g_file_get_relative_path (home, folder);
  g_autofree char *path = inside ? g_build_filename ("~", inside, NULL) : NULL;

  if (g_file_equal (home, folder))
    return g_strdup ("~");
  return inos_disk_shown_text (path ? path : g_file_peek_path (folder));
}

static void add_origin (const InosItem *item, JsonObject *row)
{
  g_autoptr (GFile) parent = item->origin ? g_file_get_parent (item->origin) : NULL;
  g_autofree char *path = parent ? short_path (parent) : g_strdup ("");

  json_object_set_string_member (row, "where", path);
  json_object_set_int_member (row, "trashed", item->time);
  if (item->origin) {
    g_autofree char *name = inos_disk_shown_name (item->origin);

    json_object_set_string_member (row, "name", name);
  }
}

/* Another number where a row would say something else. Never 0. */
static guint64 look_of (GFileInfo *info)
{
  guint64 look = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED);
  const char *type =
    g_file_info_get_attribute_string (info, G_FILE_ATTRIBUTE_STANDARD_FAST_CONTENT_TYPE);

  look = look * 31 + g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_STANDARD_SIZE);
  look = look * 31 + g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_STANDARD_TYPE);
  look = look * 31 + (type ? g_str_hash (type) : 0);
  look = look * 4 +
         (g_file_info_get_attribute_boolean (info, G_FILE_ATTRIBUTE_STANDARD_IS_HIDDEN) ? 1 : 0) +
         (g_file_info_get_attribute_boolean (info, G_FILE_ATTRIBUTE_STANDARD_IS_SYMLINK) ? 2 : 0);
  return look ? look : 1;
}

static void show (InosListing *self, InosItem *item, GFileInfo *info)
{
  guint64 look = look_of (info);
  JsonObject *row;

  item->round = self->round;
  if (item->look == look && self->what != TRASH)
    return;
  item->look = look;
  row = inos_row_describe (item->id, item->file, info);
  if (self->what == SEARCH)
    add_where (self, row, item->file);
  if (self->what == TRASH)
    add_origin (item, row);
  if (self->select && g_file_equal (self->select, item->file)) {
    json_object_set_boolean_member (row, "select", TRUE);
    g_clear_object (&self->select);
  }
  g_hash_table_insert (self->fresh, GUINT_TO_POINTER (item->id), row);
  tell (self);
}

/* The end of a reading */

/* What was there before and was not seen this time has gone. */
static void sweep (InosListing *self)
{
  g_autoptr (GList) all = g_hash_table_get_values (self->items);

  for (GList *link = all; link; link = link->next) {
    InosItem *item = link->data;

    if (item->round != self->round)
      forget (self, item);
  }
}

static void end (InosListing *self, const GError *error)
{
  self->reading = FALSE;
  self->done = TRUE;
  g_clear_pointer (&self->error, g_free);
  if (error) {
    g_autofree char *name = self->folder ? inos_disk_shown_name (self->folder) : g_strdup ("");

    self->error = inos_disk_say (error, name);
  }
  if (!error || !self->cut)
    sweep (self);
  tell (self);
  if (self->again)
    read_now (self);
}

/* A folder */

static void on_batch (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GFileEnumerator *children = G_FILE_ENUMERATOR (source);
  GList *infos = g_file_enumerator_next_files_finish (children, result, &error);
  InosListing *self = data; /* gone where it was cancelled */

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  for (GList *link = infos; link; link = link->next) {
    g_autoptr (GFile) file = g_file_enumerator_get_child (children, link->data);

    if (g_hash_table_size (self->items) < INOS_LISTING_MOST || find_path (self, file))
      show (self, item_for (self, file), link->data);
    else
      self->cut = TRUE;
  }
  if (!infos || self->cut)
    end (self, error);
  else
    g_file_enumerator_next_files_async (children, BATCH, G_PRIORITY_DEFAULT, self->cancellable,
                                        on_batch, self);
  g_list_free_full (infos, g_object_unref);
}

static void on_children (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileEnumerator) children =
    g_file_enumerate_children_finish (G_FILE (source), result, &error);
  InosListing *self = data; /* as above */

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (children)
    g_file_enumerator_next_files_async (children, BATCH, G_PRIORITY_DEFAULT, self->cancellable,
                                        on_batch, self);
  else
    end (self, error);
}

static void on_found (GPtrArray *found, gboolean cut, gpointer data)
{
  InosListing *self = data;

  for (guint i = 0; found && i < found->len; i++) {
    InosFound *each = found->pdata[i];
    InosItem *item = item_for (self, each->file);

    g_set_object (&item->origin, each->origin);
    g_set_object (&item->note, each->note);
    item->time = each->time;
    show (self, item, each->info);
  }
  if (found)
    return;
  self->cut = cut;
  end (self, NULL);
}

static void read_now (InosListing *self)
{
  if (self->reading) {
    self->again = TRUE;
    return;
  }
  self->again = FALSE;
  self->reading = TRUE;
  self->done = self->cut = FALSE;
  self->round++;
  if (self->what == FOLDER)
    g_file_enumerate_children_async (self->folder, INOS_ROW_ATTRIBUTES, G_FILE_QUERY_INFO_NONE,
                                     G_PRIORITY_DEFAULT, self->cancellable, on_children, self);
  else if (self->what == SEARCH)
    inos_walk_search (self->folder, self->text, self->cancellable, on_found, self);
  else
    inos_walk_trash (self->cancellable, on_found, self);
}

/* What changes */

static void on_info (GObject *source, GAsyncResult *result, gpointer data)
{
  GFile *file = G_FILE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (file, result, &error);
  InosListing *self = data; /* gone where it was cancelled */
  InosItem *item;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  item = find_path (self, file);
  if (info && (item || self->what == FOLDER))
    show (self, item_for (self, file), info);
  else if (!info && item && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    forget (self, item);
}

static gboolean on_settled (gpointer data)
{
  InosListing *self = data;
  GHashTableIter iter;
  gpointer path;

  self->dirty_source = 0;
  if (self->what == TRASH || g_hash_table_size (self->dirty) > DIRTY_MOST ||
      g_hash_table_contains (self->dirty, g_file_peek_path (self->folder))) {
    g_hash_table_remove_all (self->dirty);
    read_now (self);
    return G_SOURCE_REMOVE;
  }
  g_hash_table_iter_init (&iter, self->dirty);
  while (g_hash_table_iter_next (&iter, &path, NULL)) {
    g_autoptr (GFile) file = g_file_new_for_path (path);

    g_file_query_info_async (file, INOS_ROW_ATTRIBUTES, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT,
                             self->cancellable, on_info, self);
  }
  g_hash_table_remove_all (self->dirty);
  return G_SOURCE_REMOVE;
}

static void mark (InosListing *self, GFile *file)
{
  /* What was moved away is another folder's. */
  if (self->what == FOLDER && !g_file_equal (file, self->folder) &&
      !g_file_has_parent (file, self->folder))
    return;
  if (g_hash_table_size (self->dirty) <= DIRTY_MOST)
    g_hash_table_add (self->dirty, g_strdup (g_file_peek_path (file)));
  if (!self->dirty_source)
    self->dirty_source = g_timeout_add (SETTLE_MS, on_settled, self);
}

static void on_event (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                      gpointer data)
{
  if (event == G_FILE_MONITOR_EVENT_CHANGES_DONE_HINT)
    return;
  mark (data, file);
  if (other)
    mark (data, other);
}

static void watch (InosListing *self, GFile *folder)
{
  GFileMonitor *monitor = g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);

  if (!monitor)
    return;
  g_signal_connect (monitor, "changed", G_CALLBACK (on_event), self);
  g_ptr_array_add (self->monitors, monitor);
}

void inos_listing_touch (InosListing *self, GFile *file)
{
  mark (self, file);
}

void inos_listing_read_again (InosListing *self)
{
  if (self->what == TRASH && !self->dirty_source)
    self->dirty_source = g_timeout_add (SETTLE_MS, on_settled, self);
}

/* What is read */

static void begin (InosListing *self, What what, GFile *folder, const char *text)
{
  g_autoptr (GFile) kept = folder ? g_object_ref (folder) : NULL;
  g_autofree char *text_kept = g_strdup (text);

  inos_listing_clear (self);
  self->what = what;
  self->folder = g_steal_pointer (&kept);
  self->text = g_steal_pointer (&text_kept);
  self->cancellable = g_cancellable_new();
}

void inos_listing_read_folder (InosListing *self, GFile *folder, GFile *select)
{
  begin (self, FOLDER, folder, NULL);
  self->select = select ? g_object_ref (select) : NULL;
  watch (self, folder);
  read_now (self);
}

void inos_listing_search (InosListing *self, GFile *folder, const char *text)
{
  begin (self, SEARCH, folder, text);
  read_now (self);
}

void inos_listing_read_trash (InosListing *self)
{
  g_autoptr (GPtrArray) folders = inos_trash_get_folders();
  g_autoptr (GFile) home = inos_trash_get_home();

  begin (self, TRASH, NULL, NULL);
  watch (self, home); /* its folder of files may come only now */
  for (guint i = 0; i < folders->len; i++)
    watch (self, folders->pdata[i]);
  read_now (self);
}

/* For the page */

static JsonArray *take_rows (InosListing *self)
{
  JsonArray *rows = json_array_new();
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, self->fresh);
  while (json_array_get_length (rows) < FETCH_MOST && g_hash_table_iter_next (&iter, NULL, &row)) {
    json_array_add_object_element (rows, json_object_ref (row));
    g_hash_table_iter_remove (&iter);
  }
  return rows;
}

JsonNode *inos_listing_fetch (InosListing *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonArray *gone = json_array_new();
  gboolean more;

  self->told = FALSE;
  json_object_set_array_member (object, "rows", take_rows (self));
  for (guint i = 0; i < self->gone->len; i++)
    json_array_add_int_element (gone, g_array_index (self->gone, guint, i));
  g_array_set_size (self->gone, 0);
  more = g_hash_table_size (self->fresh) > 0;
  json_object_set_array_member (object, "gone", gone);
  json_object_set_boolean_member (object, "more", more);
  json_object_set_boolean_member (object, "done", self->done && !more);
  json_object_set_boolean_member (object, "cut", self->cut);
  json_object_set_string_member (object, "error", self->error ? self->error : "");
  json_node_take_object (node, object);
  return node;
}

InosItem *inos_listing_find (InosListing *self, guint id)
{
  return g_hash_table_lookup (self->items, GUINT_TO_POINTER (id));
}

gboolean inos_listing_has (InosListing *self, GFile *file)
{
  return find_path (self, file) != NULL;
}

guint inos_listing_expect (InosListing *self, GFile *file)
{
  InosItem *item = self->what == FOLDER ? item_for (self, file) : NULL;

  if (item)
    item->round = self->round;
  return item ? item->id : 0;
}
