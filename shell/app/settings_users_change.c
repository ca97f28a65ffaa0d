/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "../message.h"
#include "files_thumbs.h"
#include "settings_password.h"
#include "settings_users-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define USER INOS_ACCOUNTS ".User"
/* A change may wait for a person who is asked for a password. */
#define PATIENCE 120000 /* ms */
#define NAME_MOST 100
#define PASSWORD_MOST 511 /* bytes, as PAM has it */

typedef struct {
  GDBusConnection *bus;
  char *path;
  const char *method;
  char *value;     /* what it was: a name, or "" */
  GBytes *picture; /* what it was; NULL: a name, or none */
} Before;

typedef struct {
  InosReply *reply;
  InosUndos *undos; /* NULL: it is a way back */
  Before *before;   /* NULL: as above */
  char *file;       /* removed at the end; may be NULL */
  InosUsers *users; /* to be told of the name; NULL: not of a name. Gone where it is cancelled */
  GCancellable *cancellable;
  char *name; /* as it is then */
} Change;

static void before_free (gpointer data)
{
  Before *before = data;

  g_object_unref (before->bus);
  g_free (before->path);
  g_free (before->value);
  g_clear_pointer (&before->picture, g_bytes_unref);
  g_free (before);
}

static void go_back (gpointer data, InosReply *reply);

static void on_set (GObject *source, GAsyncResult *result, gpointer data)
{
  Change *change = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  /* The next change may come before all is read again: what it takes back is this. */
  if (reply && change->users && !g_cancellable_is_cancelled (change->cancellable)) {
    g_free (change->users->name);
    change->users->name = g_steal_pointer (&change->name);
  }
  if (reply && change->before) {
    inos_undos_answer (change->undos, go_back, g_steal_pointer (&change->before), before_free,
                       change->reply);
  } else if (reply) {
    inos_reply_ok (change->reply, NULL);
  } else {
    g_dbus_error_strip_remote_error (error);
    inos_reply_fail (change->reply, "%s", error->message);
  }
  g_clear_pointer (&change->before, before_free);
  g_clear_pointer (&change->undos, inos_undos_unref);
  if (change->file)
    g_unlink (change->file);
  g_free (change->file);
  g_clear_object (&change->cancellable);
  g_free (change->name);
  g_free (change);
}

static void set (GDBusConnection *bus, const char *path, const char *method, const char *value,
                 Change *change)
{
  g_dbus_connection_call (bus, INOS_ACCOUNTS, path, USER, method, g_variant_new ("(s)", value),
                          NULL, G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, PATIENCE, NULL,
                          on_set, change);
}

/* The service takes a copy of it. NULL and error where it cannot be written. */
static char *write_picture (GBytes *png, GError **error)
{
  g_autofree char *name = NULL;
  int fd = g_file_open_tmp ("inos-picture-XXXXXX.png", &name, error);

  if (fd < 0)
    return NULL;
  close (fd);
  if (g_file_set_contents (name, g_bytes_get_data (png, NULL), (gssize)g_bytes_get_size (png),
                           error))
    return g_steal_pointer (&name);
  g_unlink (name);
  return NULL;
}

static void go_back (gpointer data, InosReply *reply)
{
  const Before *before = data;
  g_autoptr (GError) error = NULL;
  Change *change = g_new0 (Change, 1);

  change->reply = reply;
  if (before->picture)
    change->file = write_picture (before->picture, &error);
  if (error) {
    inos_reply_fail (reply, "%s", error->message);
    g_free (change);
    return;
  }
  set (before->bus, before->path, before->method, change->file ? change->file : before->value,
       change);
}

static Change *change_new (InosUsers *self, const char *method, const char *value, GBytes *picture,
                           InosUndos *undos, InosReply *reply)
{
  Change *change = g_new0 (Change, 1);
  Before *before = g_new0 (Before, 1);

  *before = (Before){g_object_ref (self->bus), g_strdup (self->path), method, g_strdup (value),
                     picture ? g_bytes_ref (picture) : NULL};
  *change = (Change){.reply = reply, .undos = inos_undos_ref (undos), .before = before};
  return change;
}

static gboolean has_service (InosUsers *self, InosReply *reply)
{
  if (self->path)
    return TRUE;
  inos_reply_fail (reply, "%s", _ ("This setting cannot be changed here."));
  return FALSE;
}

void inos_users_set_name (InosUsers *self, JsonObject *args, InosUndos *undos, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *name = inos_args_get_string (args, "name", NAME_MOST, &error);
  Change *change;

  if (!has_service (self, reply))
    return;
  /* The password file's own signs. */
  if (!name || strpbrk (name, ":,=\n")) {
    inos_reply_fail (reply, "%s",
                     error ? error->message
                           : _ ("A name can have no colon, comma, equals sign or line break."));
    return;
  }
  change = change_new (self, "SetRealName", self->name, NULL, undos, reply);
  change->users = self;
  change->cancellable = g_object_ref (self->cancellable);
  change->name = g_strdup (name);
  set (self->bus, self->path, "SetRealName", name, change);
}

/* Picture */

typedef struct {
  InosUsers *users;
  InosUndos *undos;
  InosReply *reply;
  char *chosen; /* NULL: none is wanted */
  char *icon;   /* as it was */
  GBytes *before, *wanted;
} Picture;

static void picture_free (Picture *picture)
{
  inos_undos_unref (picture->undos);
  g_free (picture->chosen);
  g_free (picture->icon);
  g_clear_pointer (&picture->before, g_bytes_unref);
  g_clear_pointer (&picture->wanted, g_bytes_unref);
  g_free (picture);
}

static void read_both (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Picture *picture = data;

  if (*picture->icon)
    picture->before = inos_file_thumb_read (picture->icon, cancellable);
  if (picture->chosen)
    picture->wanted = inos_file_thumb_read (picture->chosen, cancellable);
  g_task_return_boolean (task, TRUE);
}

static void on_both (GObject *source, GAsyncResult *result, gpointer data)
{
  Picture *picture = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *file = NULL;
  Change *change;

  if (!g_task_propagate_boolean (G_TASK (result), &error) ||
      (picture->wanted && !(file = write_picture (picture->wanted, &error)))) {
    inos_reply_fail (picture->reply, "%s", error->message);
  } else if (picture->chosen && !picture->wanted) {
    inos_reply_fail (picture->reply, "%s", _ ("That is no picture, or too large a one."));
  } else {
    change = change_new (picture->users, "SetIconFile", "", picture->before, picture->undos,
                         picture->reply);
    change->file = g_steal_pointer (&file);
    set (picture->users->bus, picture->users->path, "SetIconFile", change->file ? change->file : "",
         change);
  }
  picture_free (picture);
}

static void set_picture (Picture *picture)
{
  g_autoptr (GTask) task = g_task_new (NULL, picture->users->cancellable, on_both, picture);

  g_task_set_task_data (task, picture, NULL);
  g_task_run_in_thread (task, read_both);
}

static void on_chosen (GObject *source, GAsyncResult *result, gpointer data)
{
  Picture *picture = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = gtk_file_dialog_open_finish (GTK_FILE_DIALOG (source), result, &error);
  JsonObject *object;
  JsonNode *node;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    inos_reply_fail (picture->reply, "%s", error->message);
    picture_free (picture);
    return;
  }
  picture->chosen = file ? g_file_get_path (file) : NULL;
  if (picture->chosen) {
    set_picture (picture);
    return;
  }
  object = json_object_new();
  node = json_node_new (JSON_NODE_OBJECT);
  json_object_set_int_member (object, "undo", 0);
  json_node_take_object (node, object);
  inos_reply_ok (picture->reply, node);
  picture_free (picture);
}

static void choose (InosUsers *self, Picture *picture)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new();
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new();

  gtk_file_filter_add_mime_type (filter, "image/*");
  gtk_file_dialog_set_title (dialog, _ ("Your picture"));
  gtk_file_dialog_set_default_filter (dialog, filter);
  gtk_file_dialog_open (dialog, self->window, self->cancellable, on_chosen, picture);
}

void inos_users_set_picture (InosUsers *self, JsonObject *args, InosUndos *undos, InosReply *reply)
{
  gboolean none = FALSE;
  Picture *picture;

  if (!has_service (self, reply))
    return;
  inos_args_get_boolean (args, "none", &none, NULL);
  picture = g_new0 (Picture, 1);
  *picture = (Picture){
    .users = self, .undos = inos_undos_ref (undos), .reply = reply, .icon = g_strdup (self->icon)};
  if (none)
    set_picture (picture);
  else
    choose (self, picture);
}

/* Password */

static void on_password (const char *error, gpointer data)
{
  if (error)
    inos_reply_fail (data, "%s", error);
  else
    inos_reply_ok (data, NULL);
}

void inos_users_set_password (JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *wanted = inos_args_get_string (args, "new", PASSWORD_MOST, &error);
  const char *old = json_object_has_member (args, "old")
                      ? inos_args_get_string (args, "old", PASSWORD_MOST, &error)
                      : "";

  if (error || strpbrk (wanted, "\n\r") || strpbrk (old, "\n\r")) {
    inos_reply_fail (reply, "%s", error ? error->message : _ ("A password is one line."));
    return;
  }
  inos_password_change (old, wanted, on_password, reply);
}
