/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_place.h"

#include "files_disk.h"

#include <glib/gi18n.h>
#include <string.h>

#define MOUNTS_MOST 64
#define CRUMBS_MOST 128

/* The person's folders, in the order that they are shown in. */
static const struct {
  const char *place;
  GUserDirectory directory;
} folders[] = {
  {"desktop", G_USER_DIRECTORY_DESKTOP},     {"documents", G_USER_DIRECTORY_DOCUMENTS},
  {"downloads", G_USER_DIRECTORY_DOWNLOAD},  {"music", G_USER_DIRECTORY_MUSIC},
  {"pictures", G_USER_DIRECTORY_PICTURES},   {"videos", G_USER_DIRECTORY_VIDEOS},
  {"public", G_USER_DIRECTORY_PUBLIC_SHARE},
};

typedef struct {
  char *place; /* "mount-" and a number */
  GFile *folder;
  char *name;
} Mount;

struct InosPlaces {
  GVolumeMonitor *monitor;
  GPtrArray *mounts; /* Mount */
  guint last;
  void (*changed) (gpointer data);
  gpointer data;
};

static void mount_free (gpointer data)
{
  Mount *mount = data;

  g_free (mount->place);
  g_free (mount->name);
  g_object_unref (mount->folder);
  g_free (mount);
}

static GFile *home (void)
{
  return g_file_new_for_path (g_get_home_dir());
}

/* NULL for one that the person has not, which is the home then. */
static GFile *user_folder (GUserDirectory directory)
{
  const char *path = g_get_user_special_dir (directory);

  if (!path || g_strcmp0 (path, g_get_home_dir()) == 0 || !g_file_test (path, G_FILE_TEST_IS_DIR))
    return NULL;
  return g_file_new_for_path (path);
}

/* Mounts */

static void add_mount (InosPlaces *self, GMount *mount)
{
  g_autoptr (GFile) root = g_mount_get_root (mount);
  Mount *found;

  if (g_mount_is_shadowed (mount) || !g_file_peek_path (root) || self->mounts->len >= MOUNTS_MOST)
    return;
  found = g_new0 (Mount, 1);
  *found = (Mount){g_strdup_printf ("mount-%u", ++self->last), g_steal_pointer (&root),
                   g_mount_get_name (mount)};
  g_ptr_array_add (self->mounts, found);
}

static void read_mounts (InosPlaces *self)
{
  GList *mounts = g_volume_monitor_get_mounts (self->monitor);

  g_ptr_array_set_size (self->mounts, 0);
  for (GList *link = mounts; link; link = link->next)
    add_mount (self, link->data);
  g_list_free_full (mounts, g_object_unref);
}

static void on_mounts (GVolumeMonitor *monitor, GMount *mount, gpointer data)
{
  InosPlaces *self = data;

  read_mounts (self);
  self->changed (self->data);
}

InosPlaces *inos_places_create (void (*changed) (gpointer data), gpointer data)
{
  InosPlaces *self = g_new0 (InosPlaces, 1);

  *self = (InosPlaces){.monitor = g_volume_monitor_get(),
                       .mounts = g_ptr_array_new_with_free_func (mount_free),
                       .changed = changed,
                       .data = data};
  g_signal_connect (self->monitor, "mount-added", G_CALLBACK (on_mounts), self);
  g_signal_connect (self->monitor, "mount-removed", G_CALLBACK (on_mounts), self);
  read_mounts (self);
  return self;
}

void inos_places_destroy (InosPlaces *self)
{
  g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_object_unref (self->monitor);
  g_ptr_array_unref (self->mounts);
  g_free (self);
}

/* What the page is told */

static void add (JsonArray *array, const char *place, const char *name, const char *group)
{
  JsonObject *object = json_object_new();

  json_object_set_string_member (object, "place", place);
  json_object_set_string_member (object, "name", name);
  json_object_set_string_member (object, "group", group);
  json_array_add_object_element (array, object);
}

JsonNode *inos_places_describe (InosPlaces *self)
{
  JsonArray *array = json_array_new();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  add (array, "home", _ ("Home"), "home");
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autoptr (GFile) folder = user_folder (folders[i].directory);
    g_autofree char *name = folder ? inos_disk_shown_name (folder) : NULL;

    if (name)
      add (array, folders[i].place, name, "home");
  }
  add (array, "trash", _ ("Trash"), "home");
  add (array, "root", _ ("Computer"), "disks");
  for (guint i = 0; i < self->mounts->len; i++) {
    const Mount *mount = self->mounts->pdata[i];

    add (array, mount->place, mount->name, "disks");
  }
  add (array, "mesh", _ ("Mesh storage"), "mesh");
  json_node_take_array (node, array);
  return node;
}

GFile *inos_places_find (InosPlaces *self, const char *place)
{
  if (g_str_equal (place, "home"))
    return home();
  if (g_str_equal (place, "root"))
    return g_file_new_for_path ("/");
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    if (g_str_equal (place, folders[i].place))
      return user_folder (folders[i].directory);
  for (guint i = 0; i < self->mounts->len; i++) {
    const Mount *mount = self->mounts->pdata[i];

    if (g_str_equal (place, mount->place))
      return g_object_ref (mount->folder);
  }
  return NULL;
}

const char *inos_places_name_of (InosPlaces *self, GFile *folder)
{
  const char *path = g_file_peek_path (folder);

  if (g_strcmp0 (path, g_get_home_dir()) == 0)
    return "home";
  if (g_strcmp0 (path, "/") == 0)
    return "root";
  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    if (g_strcmp0 (path, g_get_user_special_dir (folders[i].directory)) == 0)
      return folders[i].place;
  for (guint i = 0; i < self->mounts->len; i++) {
    const Mount *mount = self->mounts->pdata[i];

    if (g_file_equal (mount->folder, folder))
      return mount->place;
  }
  return NULL;
}

/* Paths */

GFile *inos_place_take_path (const char *text, GFile *folder, GError **error)
{
  if (text[0] == '/')
    return g_file_new_for_path (text);
  if (text[0] == '~' && (text[1] == '\0' || text[1] == '/'))
    return g_file_new_build_filename (g_get_home_dir(), text + 1, NULL);
  if (g_uri_peek_scheme (text) && strstr (text, "://")) {
    g_autoptr (GFile) file = g_file_new_for_uri (text);

    if (g_file_peek_path (file))
      return g_steal_pointer (&file);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _ ("Only folders of this computer can be opened as yet."));
    return NULL;
  }
  return g_file_resolve_relative_path (folder, text);
}

GPtrArray *inos_place_crumbs (GFile *folder)
{
  GPtrArray *crumbs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GFile) own = home();
  GFile *each = g_object_ref (folder);

  while (each && crumbs->len < CRUMBS_MOST) {
    g_ptr_array_insert (crumbs, 0, each);
    each = g_file_equal (each, own) ? NULL : g_file_get_parent (each);
  }
  g_clear_object (&each);
  return crumbs;
}

char *inos_place_title (GFile *folder)
{
  g_autoptr (GFile) own = home();

  if (g_file_equal (folder, own))
    return g_strdup (_ ("Home"));
  if (g_strcmp0 (g_file_peek_path (folder), "/") == 0)
    return g_strdup (_ ("Computer"));
  return inos_disk_shown_name (folder);
}
