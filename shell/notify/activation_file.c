/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "activation_file.h"

#include <errno.h>
#include <glib/gstdio.h>

struct InosActivationFile {
  GDBusConnection *bus;
  const char *name;
  char *path;
  gboolean written;
};

/* A bus that watches no folders learns it so; where it does the call changes nothing. */
static void reload (InosActivationFile *self)
{
  g_dbus_connection_call (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "ReloadConfig", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
}

InosActivationFile *inos_activation_file_create (GDBusConnection *bus, const char *name)
{
  InosActivationFile *self = g_new0 (InosActivationFile, 1);
  g_autofree char *file = g_strconcat (name, ".service", NULL);

  self->bus = g_object_ref (bus);
  self->name = name;
  if (g_getenv ("XDG_RUNTIME_DIR"))
    self->path = g_build_filename (g_get_user_runtime_dir(), "dbus-1", "services", file, NULL);
  return self;
}

void inos_activation_file_write (InosActivationFile *self)
{
  g_autofree char *program = g_find_program_in_path ("true");
  g_autofree char *folder = self->path ? g_path_get_dirname (self->path) : NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!self->path || !program)
    return;
  text = g_strdup_printf ("# Written by inos-shell for the time in which it starts again.\n"
                          "[D-BUS Service]\nName=%s\nExec=%s\n",
                          self->name, program);
  if (g_mkdir_with_parents (folder, 0700) != 0 ||
      !g_file_set_contents (self->path, text, -1, &error)) {
    g_warning ("could not write %s: %s. What programs notify while the shell starts again is lost",
               self->path, error ? error->message : g_strerror (errno));
    return;
  }
  self->written = TRUE;
  reload (self);
}

void inos_activation_file_destroy (InosActivationFile *self)
{
  if (!self)
    return;
  if (self->written) {
    g_unlink (self->path);
    reload (self);
  }
  g_object_unref (self->bus);
  g_free (self->path);
  g_free (self);
}
