/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "icon.h"

#include <fcntl.h>
#include <gio/gdesktopappinfo.h>
#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <gtk/gtk.h>
#include <sys/stat.h>

#define MAX_ICON_BYTES (4 * 1024 * 1024)

static int largest_scale (GdkDisplay *display)
{
  GListModel *monitors = gdk_display_get_monitors (display);
  int largest = 1;

  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++) {
    g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);

    largest = MAX (largest, gdk_monitor_get_scale_factor (monitor));
  }
  return largest;
}

static GFile *find_in_theme (GIcon *icon, int size)
{
  GdkDisplay *display = gdk_display_get_default();
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (display);
  g_autoptr (GtkIconPaintable) paintable = NULL;

  if (!gtk_icon_theme_has_gicon (theme, icon))
    return NULL;
  paintable = gtk_icon_theme_lookup_by_gicon (theme, icon, size, largest_scale (display),
                                              GTK_TEXT_DIR_NONE, 0);
  if (g_strcmp0 (gtk_icon_paintable_get_icon_name (paintable), "image-missing") == 0)
    return NULL;
  return gtk_icon_paintable_get_file (paintable);
}

static const char *sniff (GBytes *bytes)
{
  static const guint8 png[] = {0x89, 'P', 'N', 'G'};
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  if (length >= sizeof png && memcmp (data, png, sizeof png) == 0)
    return "image/png";
  if (g_strstr_len ((const char *)data, (gssize)MIN (length, 4096), "<svg"))
    return "image/svg+xml";
  return NULL;
}

/* A desktop entry may name any file: one that is no picture may have no end, or never begin. */
static GBytes *read_file (GFile *file)
{
  const char *path = g_file_peek_path (file);
  g_autofd int fd = path ? open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
  g_autoptr (GInputStream) stream = NULL;
  g_autofree char *data = NULL;
  struct stat status;
  gsize length;

  if (fd < 0 || fstat (fd, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size <= 0 ||
      status.st_size > MAX_ICON_BYTES)
    return NULL;
  stream = g_unix_input_stream_new (fd, FALSE);
  data = g_malloc ((gsize)status.st_size);
  if (!g_input_stream_read_all (stream, data, (gsize)status.st_size, &length, NULL, NULL))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&data), length);
}

static GIcon *icon_for (const char *name)
{
  g_autoptr (GDesktopAppInfo) app = NULL;
  GIcon *icon;

  if (!g_str_has_suffix (name, ".desktop"))
    return g_themed_icon_new (name);
  app = g_desktop_app_info_new (name);
  icon = app ? g_app_info_get_icon (G_APP_INFO (app)) : NULL;
  return icon ? g_object_ref (icon) : NULL;
}

GBytes *inos_icon_load (const char *name, int size, const char **media_type)
{
  g_autoptr (GIcon) icon = icon_for (name);
  g_autoptr (GFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!icon)
    return NULL;
  if (G_IS_FILE_ICON (icon))
    file = g_object_ref (g_file_icon_get_file (G_FILE_ICON (icon)));
  else
    file = find_in_theme (icon, size);
  if (file)
    bytes = read_file (file);
  if (!bytes)
    return NULL;
  *media_type = sniff (bytes);
  return *media_type ? g_steal_pointer (&bytes) : NULL;
}
