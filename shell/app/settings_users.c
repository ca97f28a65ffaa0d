/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_thumbs.h"
#include "settings_password.h"
#include "settings_users-private.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define ACCOUNTS INOS_ACCOUNTS
#define ACCOUNTS_PATH "/org/freedesktop/Accounts"
#define USER ACCOUNTS ".User"
#define PATIENCE 10000 /* ms */
#define USERS_MOST 100
/* People's numbers, as login.defs has them. */
#define UID_FIRST 1000
#define UID_LAST 59999

typedef struct {
  char *name, *login, *icon;
  gboolean own, administrator;
  GBytes *picture; /* may be NULL */
} Row;

typedef struct {
  InosUsers *users; /* NULL where it has gone */
  InosReply *reply;
  GPtrArray *rows;  /* Row */
  GPtrArray *paths; /* char *: to be read still */
  gboolean service;
} Reading;

static void row_free (gpointer data)
{
  Row *row = data;

  g_free (row->name);
  g_free (row->login);
  g_free (row->icon);
  g_clear_pointer (&row->picture, g_bytes_unref);
  g_free (row);
}

static char *text_of (GVariant *values, const char *name)
{
  const char *text = "";

  g_variant_lookup (values, name, "&s", &text);
  return g_strdup (text);
}

/* Answering */

static void reading_free (Reading *reading)
{
  g_ptr_array_unref (reading->rows);
  g_ptr_array_unref (reading->paths);
  g_free (reading);
}

static JsonObject *describe (InosUsers *self, const Row *row)
{
  JsonObject *object = json_object_new();
  guint picture = row->picture ? inos_thumbs_put (self->thumbs, row->picture) : 0;

  if (picture)
    g_array_append_val (self->pictures, picture);
  json_object_set_string_member (object, "name", row->name);
  json_object_set_string_member (object, "login", row->login);
  json_object_set_boolean_member (object, "own", row->own);
  json_object_set_boolean_member (object, "administrator", row->administrator);
  json_object_set_int_member (object, "picture", picture);
  return object;
}

static void drop_pictures (InosUsers *self)
{
  for (guint i = 0; i < self->pictures->len; i++)
    inos_thumbs_drop (self->thumbs, g_array_index (self->pictures, guint, i));
  g_array_set_size (self->pictures, 0);
}

static int compare_rows (gconstpointer a, gconstpointer b)
{
  const Row *left = *(const Row *const *)a, *right = *(const Row *const *)b;

  if (left->own != right->own)
    return left->own ? -1 : 1;
  return g_utf8_collate (left->name, right->name);
}

static void answer (Reading *reading)
{
  InosUsers *self = reading->users;
  JsonObject *object = json_object_new();
  JsonArray *array = json_array_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  drop_pictures (self);
  g_ptr_array_sort (reading->rows, compare_rows);
  for (guint i = 0; i < reading->rows->len; i++)
    json_array_add_object_element (array, describe (self, reading->rows->pdata[i]));
  json_object_set_boolean_member (object, "service", reading->service);
  json_object_set_boolean_member (object, "password", inos_password_can_change());
  json_object_set_array_member (object, "users", array);
  json_node_take_object (node, object);
  inos_reply_ok (reading->reply, node);
  reading_free (reading);
}

static void read_pictures (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GPtrArray *rows = data;

  for (guint i = 0; i < rows->len && !g_cancellable_is_cancelled (cancellable); i++) {
    Row *row = rows->pdata[i];

    if (*row->icon)
      row->picture = inos_file_thumb_read (row->icon, cancellable);
  }
  g_task_return_boolean (task, TRUE);
}

static void on_pictures (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;

  if (g_task_propagate_boolean (G_TASK (result), NULL)) {
    answer (reading);
    return;
  }
  inos_reply_fail (reading->reply, "the window has gone");
  reading_free (reading);
}

static void end_reading (Reading *reading)
{
  g_autoptr (GTask) task = g_task_new (NULL, reading->users->cancellable, on_pictures, reading);

  g_task_set_return_on_cancel (task, FALSE);
  g_task_set_task_data (task, g_ptr_array_ref (reading->rows), (GDestroyNotify)g_ptr_array_unref);
  g_task_run_in_thread (task, read_pictures);
}

/* Without the service */

static gboolean is_person (const struct passwd *entry)
{
  const char *shell = entry->pw_shell ? entry->pw_shell : "";

  return entry->pw_uid == getuid() ||
         (entry->pw_uid >= UID_FIRST && entry->pw_uid <= UID_LAST &&
          !g_str_has_suffix (shell, "/nologin") && !g_str_has_suffix (shell, "/false"));
}

/* The name is what comes before the first comma. */
static Row *row_of_entry (const struct passwd *entry)
{
  const char *gecos = entry->pw_gecos ? entry->pw_gecos : "";
  g_autofree char *name = g_strndup (gecos, strcspn (gecos, ","));
  Row *row = g_new0 (Row, 1);

  row->login = g_utf8_make_valid (entry->pw_name, -1);
  row->name = g_utf8_make_valid (*name ? name : entry->pw_name, -1);
  row->icon = g_strdup ("");
  row->own = entry->pw_uid == getuid();
  return row;
}

static void read_file (Reading *reading)
{
  const struct passwd *entry;

  reading->service = FALSE;
  g_ptr_array_set_size (reading->rows, 0);
  setpwent();
  while (reading->rows->len < USERS_MOST && (entry = getpwent()))
    if (is_person (entry))
      g_ptr_array_add (reading->rows, row_of_entry (entry));
  endpwent();
  end_reading (reading);
}

/* With it */

static void read_next (Reading *reading);

static void add_user (Reading *reading, const char *path, GVariant *values)
{
  InosUsers *self = reading->users;
  Row *row = g_new0 (Row, 1);
  guint64 uid = 0;
  gint32 type = 0;

  g_variant_lookup (values, "Uid", "t", &uid);
  g_variant_lookup (values, "AccountType", "i", &type);
  row->login = text_of (values, "UserName");
  row->name = text_of (values, "RealName");
  row->icon = text_of (values, "IconFile");
  row->own = uid == getuid();
  row->administrator = type == 1;
  if (row->own) {
    g_free (self->path);
    g_free (self->name);
    g_free (self->icon);
    self->path = g_strdup (path);
    self->name = g_strdup (row->name);
    self->icon = g_strdup (row->icon);
  }
  if (*row->name == '\0') {
    g_free (row->name);
    row->name = g_strdup (row->login);
  }
  g_ptr_array_add (reading->rows, row);
}

static void on_user (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autofree char *path = g_ptr_array_steal_index (reading->paths, 0);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    inos_reply_fail (reading->reply, "%s", error->message);
    reading_free (reading);
    return;
  }
  if (reply) {
    g_autoptr (GVariant) values = g_variant_get_child_value (reply, 0);

    add_user (reading, path, values);
  }
  read_next (reading);
}

static void read_next (Reading *reading)
{
  if (reading->paths->len == 0) {
    end_reading (reading);
    return;
  }
  g_dbus_connection_call (reading->users->bus, ACCOUNTS, reading->paths->pdata[0],
                          "org.freedesktop.DBus.Properties", "GetAll", g_variant_new ("(s)", USER),
                          G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NONE, PATIENCE,
                          reading->users->cancellable, on_user, reading);
}

static void add_path (Reading *reading, const char *path)
{
  if (reading->paths->len < USERS_MOST &&
      !g_ptr_array_find_with_equal_func (reading->paths, path, g_str_equal, NULL))
    g_ptr_array_add (reading->paths, g_strdup (path));
}

static void on_list (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariantIter) iter = NULL;
  const char *path;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    inos_reply_fail (reading->reply, "%s", error->message);
    reading_free (reading);
    return;
  }
  if (reply) {
    g_variant_get (reply, "(ao)", &iter);
    while (g_variant_iter_next (iter, "&o", &path))
      add_path (reading, path);
  }
  read_next (reading);
}

/* Oneself first: the list has only those who have logged in already. */
static void on_found (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  const char *path;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    inos_reply_fail (reading->reply, "%s", error->message);
    reading_free (reading);
    return;
  }
  if (!reply) {
    read_file (reading);
    return;
  }
  g_variant_get (reply, "(&o)", &path);
  add_path (reading, path);
  g_dbus_connection_call (reading->users->bus, ACCOUNTS, ACCOUNTS_PATH, ACCOUNTS, "ListCachedUsers",
                          NULL, G_VARIANT_TYPE ("(ao)"), G_DBUS_CALL_FLAGS_NONE, PATIENCE,
                          reading->users->cancellable, on_list, reading);
}

static void on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    inos_reply_fail (reading->reply, "%s", error->message);
    reading_free (reading);
    return;
  }
  if (!bus) {
    read_file (reading);
    return;
  }
  g_clear_object (&reading->users->bus);
  reading->users->bus = bus;
  g_dbus_connection_call (bus, ACCOUNTS, ACCOUNTS_PATH, ACCOUNTS, "FindUserById",
                          g_variant_new ("(x)", (gint64)getuid()), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE, PATIENCE, reading->users->cancellable, on_found,
                          reading);
}

void inos_users_read (InosUsers *self, InosReply *reply)
{
  Reading *reading = g_new0 (Reading, 1);

  *reading = (Reading){.users = self,
                       .reply = reply,
                       .rows = g_ptr_array_new_with_free_func (row_free),
                       .paths = g_ptr_array_new_with_free_func (g_free),
                       .service = TRUE};
  g_bus_get (G_BUS_TYPE_SYSTEM, self->cancellable, on_bus, reading);
}

/* Life */

InosUsers *inos_users_create (InosThumbs *thumbs, GtkWindow *window)
{
  InosUsers *self = g_new0 (InosUsers, 1);

  self->thumbs = thumbs;
  self->window = window;
  self->cancellable = g_cancellable_new();
  self->pictures = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

void inos_users_destroy (InosUsers *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  drop_pictures (self);
  g_array_unref (self->pictures);
  g_clear_object (&self->bus);
  g_free (self->path);
  g_free (self->name);
  g_free (self->icon);
  g_free (self);
}
