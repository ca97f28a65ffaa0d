/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

/* What there is to be known of files: where they are, whose, what they hold. */

#include "files_disk.h"
#include "files_part.h"

#include <glib/gi18n.h>

#define ATTRIBUTES                                                                                 \
  G_FILE_ATTRIBUTE_STANDARD_TYPE                                                                   \
  "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE                    \
  "," G_FILE_ATTRIBUTE_STANDARD_SYMLINK_TARGET "," G_FILE_ATTRIBUTE_STANDARD_IS_SYMLINK            \
  "," G_FILE_ATTRIBUTE_TIME_MODIFIED "," G_FILE_ATTRIBUTE_TIME_ACCESS                              \
  "," G_FILE_ATTRIBUTE_TIME_CREATED "," G_FILE_ATTRIBUTE_UNIX_MODE "," G_FILE_ATTRIBUTE_OWNER_USER \
  "," G_FILE_ATTRIBUTE_OWNER_GROUP

static void add_text (JsonObject *object, const char *name, const char *text)
{
  g_autofree char *valid = text ? g_utf8_make_valid (text, -1) : NULL;

  if (valid)
    json_object_set_string_member (object, name, valid);
}

static void add_time (JsonObject *object, const char *name, GFileInfo *info, const char *attribute)
{
  if (g_file_info_has_attribute (info, attribute))
    json_object_set_int_member (object, name,
                                (gint64)g_file_info_get_attribute_uint64 (info, attribute));
}

static JsonNode *describe (InosItem *item, GFileInfo *info)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *name = inos_disk_shown_name (item->file);
  g_autoptr (GFile) parent = g_file_get_parent (item->origin ? item->origin : item->file);
  g_autofree char *folder = inos_disk_shown_text (parent ? g_file_peek_path (parent) : "");
  const char *leads =
    g_file_info_get_attribute_byte_string (info, G_FILE_ATTRIBUTE_STANDARD_SYMLINK_TARGET);
  g_autofree char *target = leads ? inos_disk_shown_text (leads) : NULL;
  const char *type =
    g_file_info_get_attribute_string (info, G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE);
  g_autofree char *kind = type ? g_content_type_get_description (type) : NULL;

  add_text (object, "name", name);
  add_text (object, "folder", folder);
  add_text (object, "kind", kind);
  add_text (object, "type", type);
  add_text (object, "target", target);
  add_text (object, "owner", g_file_info_get_attribute_string (info, G_FILE_ATTRIBUTE_OWNER_USER));
  add_text (object, "group", g_file_info_get_attribute_string (info, G_FILE_ATTRIBUTE_OWNER_GROUP));
  add_time (object, "modified", info, G_FILE_ATTRIBUTE_TIME_MODIFIED);
  add_time (object, "accessed", info, G_FILE_ATTRIBUTE_TIME_ACCESS);
  add_time (object, "created", info, G_FILE_ATTRIBUTE_TIME_CREATED);
  json_object_set_int_member (object, "mode",
                              g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_UNIX_MODE));
  json_node_take_object (node, object);
  return node;
}

void inos_files_run_about (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  InosView *view = inos_files_get_view (self, args, reply);
  InosItem *item = view ? inos_files_get_item (self, view, args, reply) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info =
    item ? g_file_query_info (item->file, ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL,
                              &error)
         : NULL;

  if (!item)
    return;
  if (info) {
    inos_reply_ok (reply, describe (item, info));
  } else {
    g_autofree char *name = inos_disk_shown_name (item->file);
    g_autofree char *sentence = inos_disk_say (error, name);

    inos_reply_fail (reply, "%s", sentence);
  }
}

/* How much they hold in all */

static void run_measure (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *files = data;
  JsonObject *object = json_object_new();
  guint64 bytes = 0, count = 0;

  for (guint i = 0; i < files->len && !g_cancellable_is_cancelled (cancellable); i++) {
    guint64 more = 0, number = 0;

    inos_disk_measure (files->pdata[i], cancellable, &more, &number);
    bytes += more;
    count += number;
  }
  json_object_set_int_member (object, "bytes", (gint64)bytes);
  json_object_set_int_member (object, "files", (gint64)count);
  g_task_return_pointer (task, object, (GDestroyNotify)json_object_unref);
}

static void on_measured (GObject *source, GAsyncResult *result, gpointer data)
{
  JsonObject *object = g_task_propagate_pointer (G_TASK (result), NULL);
  JsonNode *node;

  if (!object) {
    inos_reply_fail (data, "%s", _ ("The window was closed."));
    return;
  }
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  inos_reply_ok (data, node);
}

void inos_files_run_measure (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  g_autoptr (GPtrArray) items = inos_files_get_items (self, args, reply);
  g_autoptr (GTask) task = NULL;

  if (!items)
    return;
  task = g_task_new (NULL, self->cancellable, on_measured, reply);
  g_task_set_task_data (task, inos_files_of_items (items), (GDestroyNotify)g_ptr_array_unref);
  g_task_run_in_thread (task, run_measure);
}
