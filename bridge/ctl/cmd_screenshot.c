/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl screenshot: the compositor writes a picture to a file that is opened here. */
#include "desk.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TIMEOUT_MS = 60000 };

/* What the words after the file ask for: a floating (o(iiii)), NULL where they make no sense. */
static GVariant *read_target (char **words, unsigned count)
{
  const char *root = ctl_service_path (CTL_COMPOSITOR);
  g_autofree char *path = NULL;
  if (count == 0)
    return g_variant_new ("(o(iiii))", "/", 0, 0, 0, 0);
  if (count != 2)
    return NULL;
  guint64 id;
  if (strcmp (words[0], "window") == 0 && desk_number (words[1], 0, G_MAXUINT32, &id))
    path = g_strdup_printf ("%s/window/%u", root, (unsigned)id);
  if (strcmp (words[0], "output") == 0 && *words[1] != '\0') {
    path = g_strconcat (root, "/output/", words[1], NULL);
    for (char *c = path + strlen (root) + strlen ("/output/"); *c != '\0'; c++)
      if (!g_ascii_isalnum (*c))
        *c = '_';
  }
  if (path != NULL)
    return g_variant_new ("(o(iiii))", path, 0, 0, 0, 0);
  if (strcmp (words[0], "region") != 0)
    return NULL;
  g_auto (GStrv) parts = g_strsplit_set (words[1], ",x", 5);
  gint64 box[4];
  if (g_strv_length (parts) != 4)
    return NULL;
  for (int i = 0; i < 4; i++)
    if (!g_ascii_string_to_signed (parts[i], 10, i < 2 ? -65536 : 1, 65536, &box[i], NULL))
      return NULL;
  return g_variant_new ("(o(iiii))", "/", (int)box[0], (int)box[1], (int)box[2], (int)box[3]);
}

static GVariant *ask (struct ctl *ctl, int fd, GVariant *target, GError **error)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (target);
  g_autoptr (GVariant) what = g_variant_get_child_value (sunk, 0);
  g_autoptr (GVariant) region = g_variant_get_child_value (sunk, 1);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new();
  if (!ctl_bus_connect (ctl, error) || g_unix_fd_list_append (fds, fd, error) < 0)
    return NULL;
  g_autofree char *interface = g_strconcat (ctl_service_name (CTL_COMPOSITOR), DESK_CAPTURE, NULL);
  return g_dbus_connection_call_with_unix_fd_list_sync (
    ctl->bus, ctl_service_name (CTL_COMPOSITOR), ctl_service_path (CTL_COMPOSITOR), interface,
    "Screenshot", g_variant_new ("(@o@(iiii)bh)", what, region, FALSE, 0), NULL,
    G_DBUS_CALL_FLAGS_NO_AUTO_START, TIMEOUT_MS, fds, NULL, NULL, error);
}

int ctl_cmd_screenshot (struct ctl *ctl)
{
  unsigned count = desk_count (ctl);
  GVariant *target = count > 0 ? read_target (ctl->arguments + 1, count - 1) : NULL;
  if (target == NULL)
    return ctl_usage (
      "screenshot", _ ("it takes a file, and then 'window ID', 'output NAME' or 'region X,Y,WxH'"));
  const char *file = ctl->arguments[0];
  bool to_output = strcmp (file, "-") == 0;
  /* Not over what was there before the picture is whole: a new name, then the wanted one. */
  g_autofree char *part = g_strconcat (file, ".XXXXXX", NULL);
  int fd = to_output ? dup (STDOUT_FILENO) : g_mkstemp_full (part, O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0) {
    ctl_complain (_ ("cannot write %s: %s"), file, g_strerror (errno));
    g_variant_unref (g_variant_ref_sink (target));
    return CTL_FAILED;
  }
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = ask (ctl, fd, target, &error);
  bool kept = close (fd) == 0 && (to_output || reply == NULL || rename (part, file) == 0);
  if (reply != NULL && kept)
    return CTL_OK;
  int reason = errno;
  if (!to_output)
    unlink (part);
  if (reply == NULL)
    return desk_fail (ctl, error, _ ("there is no picture"));
  ctl_complain (_ ("cannot write %s: %s"), file, g_strerror (reason));
  return CTL_FAILED;
}
