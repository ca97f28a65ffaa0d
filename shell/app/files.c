/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files.h"

#include "app_commands.h"
#include "files_disk.h"
#include "files_manager.h"
#include "files_part.h"

#include <glib/gi18n.h>
#include <string.h>

#define PATH_MAX_BYTES 4096
#define TEXT_MAX_BYTES 400
#define PLACE_MAX 32

InosFiles *inos_files_of (gpointer context)
{
  return inos_app_window_get_part (context);
}

/* What a page's arguments name */

static InosView *find_view (InosFiles *self, guint number)
{
  for (guint i = 0; i < self->views->len; i++)
    if (inos_view_get_number (self->views->pdata[i]) == number)
      return self->views->pdata[i];
  return NULL;
}

InosView *inos_files_get_view (InosFiles *self, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  InosView *view = NULL;
  guint number;

  if (inos_args_get_uint (args, "view", G_MAXUINT, &number, &error))
    view = find_view (self, number);
  if (!view)
    inos_reply_fail (reply, "%s", error ? error->message : _ ("This tab is closed."));
  return view;
}

GPtrArray *inos_files_get_items (InosFiles *self, JsonObject *args, InosReply *reply)
{
  InosView *view = inos_files_get_view (self, args, reply);
  g_autoptr (GError) error = NULL;
  GPtrArray *items =
    view ? inos_view_take_items (view, json_object_get_member (args, "items"), &error) : NULL;

  if (view && !items)
    inos_reply_fail (reply, "%s", error->message);
  return items;
}

InosItem *inos_files_get_item (InosFiles *self, InosView *view, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  InosItem *item = NULL;
  guint id;

  if (inos_args_get_uint (args, "item", G_MAXUINT, &id, &error))
    item = inos_view_find (view, id);
  if (!item)
    inos_reply_fail (reply, "%s",
                     error ? error->message : _ ("What was chosen is not there any more."));
  return item;
}

GPtrArray *inos_files_of_items (GPtrArray *items)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (files, g_object_ref (((InosItem *)items->pdata[i])->file));
  return files;
}

void inos_files_touch (InosFiles *self, GFile *file)
{
  for (guint i = 0; i < self->views->len; i++)
    inos_view_touch (self->views->pdata[i], file);
}

/* What the page is told */

static void send (InosFiles *self, const char *name, JsonNode *state)
{
  inos_page_send (inos_app_window_get_page (self->window), name, state);
}

static void on_news (InosView *view, gpointer data)
{
  InosFiles *self = data;
  g_autofree char *number = g_strdup_printf ("%u", inos_view_get_number (view));
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new();
  GList *members;

  json_object_set_int_member (self->news, number,
                              json_object_get_int_member_with_default (self->news, number, 0) + 1);
  members = json_object_get_members (self->news);
  for (GList *link = members; link; link = link->next)
    json_object_set_int_member (object, link->data,
                                json_object_get_int_member (self->news, link->data));
  g_list_free (members);
  json_node_take_object (node, object);
  send (self, "filesNews", node);
}

static void on_places (gpointer data)
{
  InosFiles *self = data;

  send (self, "filesPlaces", inos_places_describe (self->places));
}

static void on_jobs (gpointer data)
{
  InosFiles *self = data;

  send (self, "filesJobs", inos_jobs_describe (self->jobs));
}

/* Going */

static InosView *add_view (InosFiles *self)
{
  InosViewHooks hooks = {self->places, &self->last_item, on_news, self};
  InosView *view = inos_view_create (++self->last_view, &hooks);

  g_ptr_array_add (self->views, view);
  return view;
}

/* NULL where it is a folder that can be looked into; else why not. */
static char *why_no_folder (GFile *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info (
    folder, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_ACCESS_CAN_EXECUTE,
    G_FILE_QUERY_INFO_NONE, NULL, &error);
  g_autofree char *name = inos_disk_shown_name (folder);

  if (info && g_file_info_get_file_type (info) != G_FILE_TYPE_DIRECTORY)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY, "");
  else if (info && !g_file_info_get_attribute_boolean (info, G_FILE_ATTRIBUTE_ACCESS_CAN_EXECUTE))
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "");
  return error ? inos_disk_say (error, name) : NULL;
}

/* Where args say: a place, what was typed, a row, or a folder on the way. Transfer full; NULL and
 * error. */
static GFile *take_folder (InosFiles *self, InosView *view, JsonObject *args, GError **error)
{
  GFile *folder = view ? inos_view_get_folder (view) : NULL;
  const char *text;
  guint number;

  if ((text = inos_args_get_string (args, "place", PLACE_MAX, NULL))) {
    GFile *found = inos_places_find (self->places, text);

    if (found)
      return found;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _ ("This place is not there any more."));
    return NULL;
  }
  if ((text = inos_args_get_string (args, "path", PATH_MAX_BYTES, NULL))) {
    g_autoptr (GFile) home = g_file_new_for_path (g_get_home_dir());

    return inos_place_take_path (text, folder ? folder : home, error);
  }
  if (view && inos_args_get_uint (args, "item", G_MAXUINT, &number, NULL)) {
    const InosItem *item = inos_view_find (view, number);

    if (item)
      return g_object_ref (item->file);
  } else if (folder && inos_args_get_uint (args, "crumb", 1024, &number, NULL)) {
    g_autoptr (GPtrArray) crumbs = inos_place_crumbs (folder);

    if (number < crumbs->len)
      return g_object_ref (crumbs->pdata[number]);
  }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       _ ("What was chosen is not there any more."));
  return NULL;
}

/* Places that are no folder. FALSE where it is another. */
static gboolean go_to_place (InosView *view, const char *place)
{
  if (place && g_str_equal (place, "trash"))
    inos_view_go (view, INOS_VIEW_TRASH, NULL, NULL);
  else if (place && g_str_equal (place, "mesh"))
    inos_view_go (view, INOS_VIEW_MESH, NULL, NULL);
  else
    return FALSE;
  return TRUE;
}

/* The folder itself, or the one that a file is in. */
static GFile *folder_to_show (GFile *file, GFile **select)
{
  gboolean inside = inos_file_manager_get_how (file) != INOS_SHOW_FOLDER;

  *select = NULL;
  if ((!inside &&
       g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY) ||
      !inos_disk_exists (file) || !g_file_has_parent (file, NULL))
    return g_object_ref (file);
  *select = file;
  return g_file_get_parent (file);
}

static char *go (InosFiles *self, InosView *from, InosView *view, JsonObject *args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = NULL, folder = NULL;
  GFile *select = NULL;
  char *why;

  if (go_to_place (view, inos_args_get_string (args, "place", PLACE_MAX, NULL)))
    return NULL;
  file = take_folder (self, from, args, &error);
  if (!file)
    return g_strdup (error ? error->message : _ ("What was chosen is not there any more."));
  folder =
    json_object_has_member (args, "path") ? folder_to_show (file, &select) : g_object_ref (file);
  why = why_no_folder (folder);
  if (!why)
    inos_view_go (view, INOS_VIEW_FOLDER, folder, select);
  return why;
}

static gboolean go_up (InosView *view)
{
  GFile *folder = inos_view_get_folder (view);
  g_autoptr (GFile) was = folder ? g_object_ref (folder) : NULL;
  g_autoptr (GFile) parent = was ? g_file_get_parent (was) : NULL;

  if (parent)
    inos_view_go (view, INOS_VIEW_FOLDER, parent, was);
  return parent != NULL;
}

/* {"view", one of "place", "path", "item", "crumb", "step", and "tab": in a new one}. */
static void run_go (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  InosView *from = inos_files_get_view (self, args, reply), *view = from;
  const char *step = inos_args_get_string (args, "step", 16, NULL);
  gboolean tab = FALSE;
  g_autofree char *why = NULL;

  if (!from)
    return;
  if (inos_args_get_boolean (args, "tab", &tab, NULL) && tab) {
    if (self->views->len >= INOS_FILES_VIEWS_MOST) {
      inos_reply_fail (reply, "%s", _ ("There are as many tabs as there can be. Close one first."));
      return;
    }
    view = add_view (self);
  }
  if (!step)
    why = go (self, from, view, args);
  else if (g_str_equal (step, "up"))
    go_up (view);
  else if (g_str_equal (step, "reload"))
    inos_view_reload (view);
  else
    inos_view_step (view, g_str_equal (step, "back") ? -1 : 1);
  if (!why) {
    inos_reply_ok (reply, inos_view_describe (view));
    return;
  }
  if (view != from)
    g_ptr_array_remove (self->views, view);
  inos_reply_fail (reply, "%s", why);
}

static void run_close (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  InosView *view = inos_files_get_view (self, args, reply);
  g_autofree char *number = NULL;

  if (!view)
    return;
  number = g_strdup_printf ("%u", inos_view_get_number (view));
  json_object_remove_member (self->news, number);
  g_ptr_array_remove (self->views, view);
  inos_reply_ok (reply, NULL);
}

static void run_fetch (gpointer context, JsonObject *args, InosReply *reply)
{
  InosView *view = inos_files_get_view (inos_files_of (context), args, reply);

  if (view)
    inos_reply_ok (reply, inos_view_fetch (view));
}

/* {"view", "text"}; without a text it ends. */
static void run_search (gpointer context, JsonObject *args, InosReply *reply)
{
  InosView *view = inos_files_get_view (inos_files_of (context), args, reply);

  if (!view)
    return;
  if (inos_view_search (view, inos_args_get_string (args, "text", TEXT_MAX_BYTES, NULL)))
    inos_reply_ok (reply, inos_view_describe (view));
  else
    inos_reply_fail (reply, "%s", _ ("Only folders can be searched."));
}

static void run_thumb (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  InosView *view = inos_files_get_view (self, args, reply);
  InosItem *item = view ? inos_files_get_item (self, view, args, reply) : NULL;

  if (item)
    inos_file_thumbs_make (self->thumbs, item->file, reply);
}

/* A window of the view's folder, or of an item of it. */
static void run_window (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  InosView *view = inos_files_get_view (self, args, reply);
  const InosItem *item = NULL;

  if (!view)
    return;
  if (json_object_has_member (args, "item")) {
    item = inos_files_get_item (self, view, args, reply);
    if (!item)
      return;
  }
  inos_app_open_window (inos_app_window_get_app (self->window),
                        item ? item->file : inos_view_get_folder (view));
  inos_reply_ok (reply, NULL);
}

static const InosCommand commands[] = {
  {"files.about", "files.read", inos_files_run_about},
  {"files.answer", "files.write", inos_files_run_answer},
  {"files.apps", "files.open", inos_files_run_apps},
  {"files.cancel", "files.write", inos_files_run_cancel},
  {"files.close", "page", run_close},
  {"files.copy", "clipboard", inos_files_run_copy},
  {"files.delete", "files.write", inos_files_run_delete},
  {"files.drag", "files.read", inos_files_run_drag},
  {"files.drop", "files.write", inos_files_run_drop},
  {"files.fetch", "files.read", run_fetch},
  {"files.folder", "files.write", inos_files_run_folder},
  {"files.go", "files.read", run_go},
  {"files.launch", "files.open", inos_files_run_launch},
  {"files.measure", "files.read", inos_files_run_measure},
  {"files.over", "page", inos_files_run_over},
  {"files.paste", "files.write", inos_files_run_paste},
  {"files.rename", "files.write", inos_files_run_rename},
  {"files.restore", "files.write", inos_files_run_restore},
  {"files.search", "files.read", run_search},
  {"files.thumb", "files.read", run_thumb},
  {"files.trash", "files.write", inos_files_run_trash},
  {"files.undo", "files.write", inos_files_run_undo},
  {"files.window", "page", run_window},
  {"files.with", "files.open", inos_files_run_with},
  {"hello", "page", inos_app_run_hello},
  {"ready", "page", inos_app_run_ready},
  {"settings.set", "app.settings", inos_app_run_settings_set},
  {"window.close", "page", inos_app_run_window_close},
  {"window.fullscreen", "page", inos_app_run_window_fullscreen},
  {"window.title", "page", inos_app_run_window_title},
};
static const InosCommandTable table = {commands, G_N_ELEMENTS (commands)};

/* A window */

static void begin (InosFiles *self, GFile *file)
{
  InosView *view = add_view (self);
  g_autoptr (GFile) home = g_file_new_for_path (g_get_home_dir());
  g_autoptr (GFile) folder = NULL;
  GFile *select = NULL;

  if (file && g_file_peek_path (file)) {
    folder = folder_to_show (file, &select);
    self->about = inos_file_manager_get_how (file) == INOS_SHOW_ABOUT;
    self->said = why_no_folder (folder);
  } else if (file) {
    self->said = g_strdup (_ ("Only folders of this computer can be opened as yet."));
  }
  if (folder && !self->said)
    inos_view_go (view, INOS_VIEW_FOLDER, folder, select);
  else
    inos_view_go (view, INOS_VIEW_FOLDER, home, NULL);
}

static gpointer create (InosAppWindow *window, GFile *file)
{
  InosFiles *self = g_new0 (InosFiles, 1);

  self->window = window;
  self->places = inos_places_create (on_places, self);
  self->views = g_ptr_array_new_with_free_func (inos_view_destroy);
  self->jobs = inos_jobs_create (on_jobs, self);
  self->undos = inos_undos_new();
  self->thumbs = inos_file_thumbs_create (inos_app_get_thumbs (inos_app_window_get_app (window)));
  self->cancellable = g_cancellable_new();
  self->news = json_object_new();
  self->drag = inos_files_drag_create (self);
  begin (self, file);
  return self;
}

static void destroy (gpointer data)
{
  InosFiles *self = data;

  g_cancellable_cancel (self->cancellable);
  inos_files_drag_destroy (self->drag);
  inos_jobs_destroy (self->jobs);
  inos_file_thumbs_destroy (self->thumbs);
  g_ptr_array_unref (self->views);
  inos_undos_unref (self->undos);
  inos_places_destroy (self->places);
  g_object_unref (self->cancellable);
  json_object_unref (self->news);
  g_free (self->said);
  g_free (self);
}

/* Also a page that comes after one that died finds its tabs, which are read anew for it. */
static void greet (gpointer data, JsonObject *greeting)
{
  InosFiles *self = data;
  JsonArray *views = json_array_new();

  for (guint i = 0; i < self->views->len; i++) {
    if (self->greeted)
      inos_view_reload (self->views->pdata[i]);
    json_array_add_element (views, inos_view_describe (self->views->pdata[i]));
  }
  json_object_set_array_member (greeting, "filesViews", views);
  json_object_set_member (greeting, "filesPlaces", inos_places_describe (self->places));
  json_object_set_member (greeting, "filesJobs", inos_jobs_describe (self->jobs));
  self->greeted = TRUE;
  json_object_set_boolean_member (greeting, "filesAbout", self->about);
  self->about = FALSE;
  if (self->said)
    json_object_set_string_member (greeting, "filesSaid", self->said);
}

static void lost (gpointer data)
{
  inos_files_drag_lost (((InosFiles *)data)->drag);
}

const InosAppKind inos_files_app = {
  .id = "org.inos.Files",
  .path = "/org/inos/Files",
  .page = "files",
  .title = N_ ("Files"),
  .width = 980,
  .height = 640,
  .commands = &table,
  .service_path = INOS_FILE_MANAGER_PATH,
  .serve = inos_file_manager_serve,
  .end = inos_file_manager_end,
  .create = create,
  .destroy = destroy,
  .greet = greet,
  .lost = lost,
  .busy = inos_jobs_are_running,
};
