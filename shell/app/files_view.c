/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_view.h"

#include "files_disk.h"
#include "files_listing.h"
#include "files_trash.h"

#include <glib/gi18n.h>

#define HISTORY_MOST 100
#define RUNS_MOST 20000

/* Where one was. */
typedef struct {
  InosViewKind kind;
  GFile *folder; /* may be NULL */
} Stop;

struct InosView {
  guint number;
  InosViewHooks hooks;
  InosViewKind kind;
  GFile *folder;             /* NULL for the trash and the mesh */
  char *text;                /* what is looked for */
  GPtrArray *back, *forward; /* Stop, the nearest last */
  InosListing *listing;
};

static void stop_free (gpointer data)
{
  Stop *stop = data;

  g_clear_object (&stop->folder);
  g_free (stop);
}

static void on_news (gpointer data)
{
  InosView *self = data;

  self->hooks.news (self, self->hooks.data);
}

InosView *inos_view_create (guint number, const InosViewHooks *hooks)
{
  InosView *self = g_new0 (InosView, 1);

  *self = (InosView){.number = number,
                     .hooks = *hooks,
                     .kind = INOS_VIEW_MESH,
                     .back = g_ptr_array_new_with_free_func (stop_free),
                     .forward = g_ptr_array_new_with_free_func (stop_free)};
  self->listing = inos_listing_create (hooks->last_id, on_news, self);
  return self;
}

void inos_view_destroy (gpointer data)
{
  InosView *self = data;

  inos_listing_destroy (self->listing);
  g_ptr_array_unref (self->back);
  g_ptr_array_unref (self->forward);
  g_clear_object (&self->folder);
  g_free (self->text);
  g_free (self);
}

guint inos_view_get_number (const InosView *self)
{
  return self->number;
}

InosViewKind inos_view_get_kind (const InosView *self)
{
  return self->kind;
}

GFile *inos_view_get_folder (const InosView *self)
{
  return self->folder;
}

/* Going */

static void show (InosView *self, GFile *select)
{
  switch (self->kind) {
  case INOS_VIEW_FOLDER:
    inos_listing_read_folder (self->listing, self->folder, select);
    break;
  case INOS_VIEW_SEARCH:
    inos_listing_search (self->listing, self->folder, self->text);
    break;
  case INOS_VIEW_TRASH:
    inos_listing_read_trash (self->listing);
    break;
  case INOS_VIEW_MESH:
    inos_listing_clear (self->listing);
    break;
  }
}

static void enter (InosView *self, InosViewKind kind, GFile *folder, GFile *select)
{
  GFile *before = self->folder;

  self->kind = kind;
  self->folder = folder ? g_object_ref (folder) : NULL;
  g_clear_pointer (&self->text, g_free);
  show (self, select);
  g_clear_object (&before);
}

static void remember (InosView *self, GPtrArray *stops)
{
  Stop *stop = g_new0 (Stop, 1);

  *stop = (Stop){self->kind == INOS_VIEW_SEARCH ? INOS_VIEW_FOLDER : self->kind,
                 self->folder ? g_object_ref (self->folder) : NULL};
  if (stops->len >= HISTORY_MOST)
    g_ptr_array_remove_index (stops, 0);
  g_ptr_array_add (stops, stop);
}

static gboolean is_here (const InosView *self, InosViewKind kind, GFile *folder)
{
  return self->kind == kind && (folder == self->folder ||
                                (folder && self->folder && g_file_equal (folder, self->folder)));
}

void inos_view_go (InosView *self, InosViewKind kind, GFile *folder, GFile *select)
{
  gboolean begins = self->kind == INOS_VIEW_MESH && !self->folder && self->back->len == 0 &&
                    !inos_listing_is_used (self->listing);

  if (!begins && !is_here (self, kind, folder)) {
    remember (self, self->back);
    g_ptr_array_set_size (self->forward, 0);
  }
  enter (self, kind, folder, select);
}

gboolean inos_view_step (InosView *self, int by)
{
  GPtrArray *from = by < 0 ? self->back : self->forward;
  g_autoptr (GFile) was = self->folder ? g_object_ref (self->folder) : NULL;
  Stop *stop;

  if (from->len == 0)
    return FALSE;
  stop = g_ptr_array_steal_index (from, from->len - 1);
  remember (self, by < 0 ? self->forward : self->back);
  enter (self, stop->kind, stop->folder, was);
  stop_free (stop);
  return TRUE;
}

gboolean inos_view_search (InosView *self, const char *text)
{
  if (!self->folder)
    return FALSE;
  g_free (self->text);
  self->text = g_strdup (text);
  self->kind = text ? INOS_VIEW_SEARCH : INOS_VIEW_FOLDER;
  show (self, NULL);
  return TRUE;
}

void inos_view_reload (InosView *self)
{
  show (self, NULL);
}

/* For the page */

static const char *const kinds[] = {"folder", "search", "trash", "mesh"};

static char *title_of (InosView *self)
{
  if (self->kind == INOS_VIEW_TRASH)
    return g_strdup (_ ("Trash"));
  if (self->kind == INOS_VIEW_MESH)
    return g_strdup (_ ("Mesh storage"));
  return inos_place_title (self->folder);
}

static JsonArray *describe_crumbs (InosView *self)
{
  JsonArray *array = json_array_new();
  g_autoptr (GPtrArray) crumbs = self->folder ? inos_place_crumbs (self->folder) : NULL;

  for (guint i = 0; crumbs && i < crumbs->len; i++) {
    g_autofree char *title = inos_place_title (crumbs->pdata[i]);

    json_array_add_string_element (array, title);
  }
  return array;
}

static const char *place_of (InosView *self)
{
  const char *place =
    self->folder ? inos_places_name_of (self->hooks.places, self->folder) : kinds[self->kind];

  return place ? place : "";
}

JsonNode *inos_view_describe (InosView *self)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *title = title_of (self);
  g_autofree char *path =
    self->folder ? g_filename_display_name (g_file_peek_path (self->folder)) : g_strdup ("");

  json_object_set_int_member (object, "view", self->number);
  json_object_set_string_member (object, "kind", kinds[self->kind]);
  json_object_set_string_member (object, "title", title);
  json_object_set_string_member (object, "path", path);
  json_object_set_array_member (object, "crumbs", describe_crumbs (self));
  json_object_set_string_member (object, "place", place_of (self));
  json_object_set_boolean_member (object, "back", self->back->len > 0);
  json_object_set_boolean_member (object, "forward", self->forward->len > 0);
  json_object_set_boolean_member (object, "up",
                                  self->folder && g_file_has_parent (self->folder, NULL));
  json_object_set_string_member (object, "text", self->text ? self->text : "");
  json_node_take_object (node, object);
  return node;
}

JsonNode *inos_view_fetch (InosView *self)
{
  return inos_listing_fetch (self->listing);
}

InosItem *inos_view_find (InosView *self, guint id)
{
  return inos_listing_find (self->listing, id);
}

static gint64 get_number (JsonArray *array, guint at)
{
  JsonNode *node = json_array_get_element (array, at);

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64
           ? json_node_get_int (node)
           : -1;
}

/* They ascend, so that there is an end to it. FALSE where it is no run. */
static gboolean add_run (InosView *self, JsonArray *array, guint at, GPtrArray *items)
{
  gint64 before = at > 0 ? get_number (array, at - 1) : 0;
  gint64 first = get_number (array, at), last = get_number (array, at + 1);

  if (first <= before || last < first || last > *self->hooks.last_id)
    return FALSE;
  for (gint64 id = first; id <= last; id++) {
    InosItem *item = inos_listing_find (self->listing, (guint)id);

    if (item)
      g_ptr_array_add (items, item);
  }
  return TRUE;
}

GPtrArray *inos_view_take_items (InosView *self, JsonNode *runs, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new();
  JsonArray *array = runs && JSON_NODE_HOLDS_ARRAY (runs) ? json_node_get_array (runs) : NULL;
  guint length = array ? json_array_get_length (array) : 0;
  gboolean ok = length > 0 && length % 2 == 0 && length <= RUNS_MOST;

  for (guint i = 0; ok && i < length; i += 2)
    ok = add_run (self, array, i, items);
  if (ok && items->len > 0)
    return g_steal_pointer (&items);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       _ ("What was chosen is not there any more."));
  return NULL;
}

void inos_view_touch (InosView *self, GFile *file)
{
  if (self->kind == INOS_VIEW_TRASH) {
    inos_listing_read_again (self->listing);
    return;
  }
  if (inos_view_expect (self, file) || inos_listing_has (self->listing, file))
    inos_listing_touch (self->listing, file);
}

guint inos_view_expect (InosView *self, GFile *file)
{
  if (self->kind != INOS_VIEW_FOLDER || !g_file_has_parent (file, self->folder))
    return 0;
  return inos_listing_expect (self->listing, file);
}
