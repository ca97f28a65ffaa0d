/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_defaults.h"

#include "../message.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#define ID_MAX 255
#define TYPES_MOST 10

/* The first type says which programs there are. */
static const struct {
  const char *kind;
  const char *types[TYPES_MOST];
} kinds[] = {
  {"web",
   {"x-scheme-handler/https", "x-scheme-handler/http", "text/html", "application/xhtml+xml"}},
  {"mail", {"x-scheme-handler/mailto", "message/rfc822"}},
  {"files", {"inode/directory"}},
  {"text", {"text/plain", "text/markdown", "text/x-log"}},
  {"documents", {"application/pdf"}},
  {"pictures",
   {"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "image/bmp",
    "image/tiff", "image/avif"}},
  {"music", {"audio/mpeg", "audio/flac", "audio/ogg", "audio/mp4", "audio/x-wav", "audio/opus"}},
  {"video", {"video/mp4", "video/webm", "video/x-matroska", "video/mpeg", "video/quicktime"}},
};

static void add_app (JsonArray *apps, GAppInfo *info)
{
  JsonObject *app = json_object_new();

  json_object_set_string_member (app, "id", g_app_info_get_id (info));
  json_object_set_string_member (app, "name", g_app_info_get_display_name (info));
  json_array_add_object_element (apps, app);
}

static JsonObject *describe (gsize i)
{
  JsonObject *object = json_object_new();
  JsonArray *apps = json_array_new();
  GList *list = g_app_info_get_all_for_type (kinds[i].types[0]);
  g_autoptr (GAppInfo) chosen = g_app_info_get_default_for_type (kinds[i].types[0], FALSE);

  for (GList *link = list; link; link = link->next)
    if (g_app_info_get_id (link->data))
      add_app (apps, link->data);
  json_object_set_string_member (object, "kind", kinds[i].kind);
  if (chosen && g_app_info_get_id (chosen))
    json_object_set_string_member (object, "chosen", g_app_info_get_id (chosen));
  else
    json_object_set_null_member (object, "chosen");
  json_object_set_array_member (object, "apps", apps);
  g_list_free_full (list, g_object_unref);
  return object;
}

JsonNode *inos_defaults_list (void)
{
  JsonArray *array = json_array_new();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    json_array_add_object_element (array, describe (i));
  json_node_take_array (node, array);
  return node;
}

/* A change */

typedef struct {
  gsize kind;
  GAppInfo *apps[TYPES_MOST]; /* NULL: no program opened that */
} Before;

static void before_free (gpointer data)
{
  Before *before = data;

  for (gsize i = 0; i < TYPES_MOST; i++)
    g_clear_object (&before->apps[i]);
  g_free (before);
}

static Before *remember (gsize kind)
{
  Before *before = g_new0 (Before, 1);

  before->kind = kind;
  for (gsize i = 0; i < TYPES_MOST && kinds[kind].types[i]; i++)
    before->apps[i] = g_app_info_get_default_for_type (kinds[kind].types[i], FALSE);
  return before;
}

static void go_back (gpointer data, InosReply *reply)
{
  const Before *before = data;
  const char *const *types = kinds[before->kind].types;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < TYPES_MOST && types[i]; i++) {
    if (!before->apps[i]) {
      g_app_info_reset_type_associations (types[i]);
    } else if (!g_app_info_set_as_default_for_type (before->apps[i], types[i], &error)) {
      inos_reply_fail (reply, "%s", error->message);
      return;
    }
  }
  inos_reply_ok (reply, NULL);
}

static gboolean opens (GAppInfo *app, const char *type)
{
  GList *list = g_app_info_get_all_for_type (type);
  gboolean found = FALSE;

  for (GList *link = list; link; link = link->next)
    found |= g_app_info_equal (app, link->data);
  g_list_free_full (list, g_object_unref);
  return found;
}

static GAppInfo *find_app (gsize kind, const char *id)
{
  GList *list = g_app_info_get_all_for_type (kinds[kind].types[0]);
  GAppInfo *found = NULL;

  for (GList *link = list; link && !found; link = link->next)
    if (g_strcmp0 (g_app_info_get_id (link->data), id) == 0)
      found = g_object_ref (link->data);
  g_list_free_full (list, g_object_unref);
  return found;
}

static gboolean choose (gsize kind, GAppInfo *app, GError **error)
{
  const char *const *types = kinds[kind].types;

  for (gsize i = 0; i < TYPES_MOST && types[i]; i++)
    if (opens (app, types[i]) && !g_app_info_set_as_default_for_type (app, types[i], error))
      return FALSE;
  return TRUE;
}

void inos_defaults_set (JsonObject *args, InosUndos *undos, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *name = inos_args_get_string (args, "kind", ID_MAX, &error);
  const char *id = name ? inos_args_get_string (args, "id", ID_MAX, &error) : NULL;
  g_autoptr (GAppInfo) app = NULL;
  gsize kind = 0;
  Before *before;

  while (id && kind < G_N_ELEMENTS (kinds) && !g_str_equal (kinds[kind].kind, name))
    kind++;
  if (id && kind < G_N_ELEMENTS (kinds))
    app = find_app (kind, id);
  if (!app) {
    inos_reply_fail (reply, "%s",
                     error ? error->message : _ ("No such application opens files of that kind."));
    return;
  }
  before = remember (kind);
  if (choose (kind, app, &error)) {
    inos_undos_answer (undos, go_back, before, before_free, reply);
    return;
  }
  before_free (before);
  inos_reply_fail (reply, "%s", error->message);
}
