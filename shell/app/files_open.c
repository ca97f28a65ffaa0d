/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

/* Opening files: with the program that the person has for their kind, or with another. No file is
 * ever run as a program. */

#include "../launcher.h"
#include "files_disk.h"
#include "files_part.h"

#include <gio/gdesktopappinfo.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

#define OPENED_MOST 50
#define ID_MAX 255

/* What is in it, not only what it is called. */
static char *type_of (GFile *file, GError **error)
{
  g_autoptr (GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE,
                                                  G_FILE_QUERY_INFO_NONE, NULL, error);
  const char *type =
    info ? g_file_info_get_attribute_string (info, G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE) : NULL;

  if (!info)
    return NULL;
  return g_strdup (type ? type : "application/octet-stream");
}

/* A session of its own: what ends this window leaves the program alone. */
static void in_child (gpointer data)
{
  setsid();
}

static gboolean start (InosFiles *self, GAppInfo *app, GList *uris, GError **error)
{
  GdkDisplay *display =
    gtk_widget_get_display (GTK_WIDGET (inos_app_window_get_window (self->window)));
  g_autoptr (GdkAppLaunchContext) context = gdk_display_get_app_launch_context (display);

  inos_launcher_clean_environment (G_APP_LAUNCH_CONTEXT (context));
  inos_launcher_pass_activation_token (G_DESKTOP_APP_INFO (app), G_APP_LAUNCH_CONTEXT (context));
  return g_desktop_app_info_launch_uris_as_manager (
    G_DESKTOP_APP_INFO (app), uris, G_APP_LAUNCH_CONTEXT (context), G_SPAWN_SEARCH_PATH, in_child,
    NULL, NULL, NULL, error);
}

static GList *uris_of (GPtrArray *items)
{
  GList *uris = NULL;

  for (guint i = items->len; i > 0; i--)
    uris = g_list_prepend (uris, g_file_get_uri (((InosItem *)items->pdata[i - 1])->file));
  return uris;
}

/* NULL and answered where there are too many, or one is not there. */
static char *common_type (GPtrArray *items, InosReply *reply)
{
  GFile *first = ((InosItem *)items->pdata[0])->file;
  g_autoptr (GError) error = NULL;
  char *type;

  if (items->len > OPENED_MOST) {
    inos_reply_fail (reply, _ ("At most %d files are opened at a time."), OPENED_MOST);
    return NULL;
  }
  type = type_of (first, &error);
  if (!type) {
    g_autofree char *name = inos_disk_shown_name (first);
    g_autofree char *sentence = inos_disk_say (error, name);

    inos_reply_fail (reply, "%s", sentence);
  }
  return type;
}

static void unref_app (gpointer app)
{
  g_clear_object (&app);
}

/* One for each, or NULL; all of it before anything is started. NULL, at and error where one is not
 * there. */
static GPtrArray *find_programs (GPtrArray *items, GFile **at, GError **error)
{
  g_autoptr (GPtrArray) apps = g_ptr_array_new_with_free_func (unref_app);

  for (guint i = 0; i < items->len; i++) {
    g_autofree char *type = NULL;
    g_autoptr (GAppInfo) app = NULL;

    *at = ((InosItem *)items->pdata[i])->file;
    type = type_of (*at, error);
    if (!type)
      return NULL;
    app = g_app_info_get_default_for_type (type, FALSE);
    g_ptr_array_add (apps, app && G_IS_DESKTOP_APP_INFO (app) ? g_steal_pointer (&app) : NULL);
  }
  return g_steal_pointer (&apps);
}

/* Each kind with its own program. The numbers of those that have none; NULL, at and error where one
 * does not start. */
static JsonArray *launch_all (InosFiles *self, GPtrArray *items, GFile **at, GError **error)
{
  g_autoptr (GPtrArray) apps = find_programs (items, at, error);
  g_autoptr (JsonArray) none = json_array_new();

  for (guint i = 0; apps && i < items->len; i++) {
    const InosItem *item = items->pdata[i];
    GList uri = {g_file_get_uri (item->file), NULL, NULL};
    gboolean ok = TRUE;

    *at = item->file;
    if (apps->pdata[i])
      ok = start (self, apps->pdata[i], &uri, error);
    else
      json_array_add_int_element (none, item->id);
    g_free (uri.data);
    if (!ok)
      return NULL;
  }
  return apps ? g_steal_pointer (&none) : NULL;
}

void inos_files_run_launch (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  g_autoptr (GPtrArray) items = inos_files_get_items (self, args, reply);
  g_autofree char *type = items ? common_type (items, reply) : NULL;
  g_autoptr (GError) error = NULL;
  GFile *at = NULL;
  JsonArray *none;

  if (!type)
    return;
  none = launch_all (self, items, &at, &error);
  if (none) {
    JsonObject *object = json_object_new();
    JsonNode *node = json_node_new (JSON_NODE_OBJECT);

    json_object_set_array_member (object, "none", none);
    json_node_take_object (node, object);
    inos_reply_ok (reply, node);
  } else {
    g_autofree char *name = inos_disk_shown_name (at);
    g_autofree char *sentence = inos_disk_say (error, name);

    inos_reply_fail (reply, "%s", sentence);
  }
}

/* Which programs there are */

static void add_app (JsonArray *array, GHashTable *seen, GAppInfo *app, const char *group)
{
  const char *id = g_app_info_get_id (app);
  JsonObject *object;

  if (!id || !g_hash_table_add (seen, g_strdup (id)))
    return;
  object = json_object_new();
  json_object_set_string_member (object, "id", id);
  json_object_set_string_member (object, "name", g_app_info_get_display_name (app));
  json_object_set_string_member (object, "group", group);
  json_array_add_object_element (array, object);
}

static void add_apps (JsonArray *array, GHashTable *seen, GList *apps, const char *group)
{
  for (GList *link = apps; link; link = link->next)
    if (g_app_info_should_show (link->data) &&
        (g_app_info_supports_uris (link->data) || g_app_info_supports_files (link->data)))
      add_app (array, seen, link->data, group);
  g_list_free_full (apps, g_object_unref);
}

void inos_files_run_apps (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  g_autoptr (GPtrArray) items = inos_files_get_items (self, args, reply);
  g_autofree char *type = items ? common_type (items, reply) : NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GAppInfo) usual = type ? g_app_info_get_default_for_type (type, FALSE) : NULL;
  g_autofree char *kind = type ? g_content_type_get_description (type) : NULL;
  JsonArray *array;
  JsonObject *object;
  JsonNode *node;

  if (!type)
    return;
  array = json_array_new();
  if (usual)
    add_app (array, seen, usual, "usual");
  add_apps (array, seen, g_app_info_get_recommended_for_type (type), "fit");
  add_apps (array, seen, g_app_info_get_all(), "other");
  object = json_object_new();
  json_object_set_array_member (object, "apps", array);
  json_object_set_string_member (object, "kind", kind);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  inos_reply_ok (reply, node);
}

/* NULL where no program of that name is installed. */
static GDesktopAppInfo *find_app (const char *id)
{
  if (!id || strchr (id, '/') || !g_str_has_suffix (id, ".desktop"))
    return NULL;
  return g_desktop_app_info_new (id);
}

void inos_files_run_with (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  g_autoptr (GPtrArray) items = inos_files_get_items (self, args, reply);
  g_autofree char *type = items ? common_type (items, reply) : NULL;
  g_autoptr (GDesktopAppInfo) app = find_app (inos_args_get_string (args, "app", ID_MAX, NULL));
  g_autoptr (GError) error = NULL;
  gboolean always = FALSE;
  GList *uris;

  if (!type)
    return;
  if (!app) {
    inos_reply_fail (reply, "%s", _ ("This application is not installed any more."));
    return;
  }
  uris = uris_of (items);
  if (start (self, G_APP_INFO (app), uris, &error) &&
      inos_args_get_boolean (args, "always", &always, NULL) && always)
    g_app_info_set_as_default_for_type (G_APP_INFO (app), type, &error);
  g_list_free_full (uris, g_free);
  inos_command_finish (reply, !error, error);
}
