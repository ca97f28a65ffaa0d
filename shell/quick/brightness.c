/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "brightness.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <math.h>
#include <unistd.h>

#define LOGIND "org.freedesktop.login1"
#define SESSION_PATH "/org/freedesktop/login1/session/auto"
#define SESSION LOGIND ".Session"
#define CALL_TIMEOUT_MS 5000
#define MAX_NUMBER 32
/* How often the file is looked at while it changes. */
#define RATE_MS 50

struct InosBrightness {
  InosBrightnessHooks hooks;
  gpointer data;
  GDBusConnection *bus; /* NULL until there is one */
  guint watch;
  gboolean logind;

  char *name; /* of the device, or NULL */
  char *folder;
  gint64 most;
  gint64 now;
  gint64 wanted; /* what a person wants and is not true yet, or -1 */
  gboolean setting;

  GFileMonitor *monitor; /* who writes to the file */
  GCancellable *ended;
  int fd; /* what the firmware does; -1 where there is none */
  guint source;
};

/* Another place is for tests, whose machines have no such screen. */
static const char *backlights (void)
{
  const char *other = g_getenv ("INOS_BACKLIGHT_DIR");

  return other ? other : "/sys/class/backlight";
}

static gint64 read_number (const char *folder, const char *file)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autofree char *text = NULL;
  gsize length;

  /* One that is being written anew is empty for a moment. */
  if (!g_file_get_contents (path, &text, &length, NULL) || length > MAX_NUMBER ||
      !g_ascii_isdigit (*text))
    return -1;
  return g_ascii_strtoll (text, NULL, 10);
}

/* Of several the one that the kernel says to prefer: firmware, then platform, then raw
 * (Documentation/ABI/stable/sysfs-class-backlight). */
static int rank_of (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "type", NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  if (g_str_has_prefix (text, "firmware"))
    return 3;
  return g_str_has_prefix (text, "platform") ? 2 : 1;
}

static void pick (InosBrightness *self)
{
  g_autoptr (GDir) dir = g_dir_open (backlights(), 0, NULL);
  const char *name;
  int best = -1;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *folder = g_build_filename (backlights(), name, NULL);
    gint64 most = read_number (folder, "max_brightness");
    int rank = rank_of (folder);

    if (most <= 0 || rank <= best || !g_utf8_validate (name, -1, NULL))
      continue;
    best = rank;
    g_free (self->name);
    g_free (self->folder);
    self->name = g_strdup (name);
    self->folder = g_steal_pointer (&folder);
    self->most = most;
  }
}

/* What it is now; whether somebody else did that. */
static void look (InosBrightness *self)
{
  gint64 now = read_number (self->folder, "brightness");

  if (now < 0 || now == self->now)
    return;
  self->now = MIN (now, self->most);
  self->hooks.changed (self->data);
  if (self->wanted < 0 && !self->setting)
    self->hooks.seen (self->data);
}

static void on_written (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                        gpointer data)
{
  look (data);
}

/* The kernel marks the file when the firmware has changed it; it is read to hear of the next. */
static gboolean on_marked (int fd, GIOCondition condition, gpointer data)
{
  InosBrightness *self = data;
  char text[MAX_NUMBER];

  if (pread (fd, text, sizeof text, 0) < 0) {
    self->source = 0;
    return G_SOURCE_REMOVE;
  }
  look (self);
  return G_SOURCE_CONTINUE;
}

static void watch_device (InosBrightness *self)
{
  g_autofree char *path = g_build_filename (self->folder, "brightness", NULL);
  g_autofree char *actual = g_build_filename (self->folder, "actual_brightness", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  char text[MAX_NUMBER];

  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (self->monitor) {
    g_file_monitor_set_rate_limit (self->monitor, RATE_MS);
    g_signal_connect (self->monitor, "changed", G_CALLBACK (on_written), self);
  }
  self->fd = open (actual, O_RDONLY | O_CLOEXEC);
  if (self->fd >= 0 && pread (self->fd, text, sizeof text, 0) >= 0)
    self->source = g_unix_fd_add (self->fd, G_IO_PRI, on_marked, self);
}

InosBrightness *inos_brightness_create (const InosBrightnessHooks *hooks, gpointer data)
{
  InosBrightness *self = g_new0 (InosBrightness, 1);

  *self = (InosBrightness){.hooks = *hooks, .data = data, .wanted = -1, .fd = -1};
  self->ended = g_cancellable_new();
  pick (self);
  if (self->folder) {
    self->now = CLAMP (read_number (self->folder, "brightness"), 0, self->most);
    watch_device (self);
  }
  return self;
}

static void on_logind (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  InosBrightness *self = data;

  self->logind = TRUE;
  self->hooks.changed (self->data);
}

static void on_no_logind (GDBusConnection *bus, const char *name, gpointer data)
{
  InosBrightness *self = data;

  self->logind = FALSE;
  self->hooks.changed (self->data);
}

void inos_brightness_set_bus (InosBrightness *self, GDBusConnection *bus)
{
  if (self->bus || !self->folder)
    return;
  self->bus = g_object_ref (bus);
  self->watch = g_bus_watch_name_on_connection (bus, LOGIND, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                on_logind, on_no_logind, self, NULL);
}

void inos_brightness_destroy (InosBrightness *self)
{
  if (!self)
    return;
  if (self->watch)
    g_bus_unwatch_name (self->watch);
  g_clear_handle_id (&self->source, g_source_remove);
  g_cancellable_cancel (self->ended);
  g_clear_object (&self->ended);
  if (self->monitor)
    g_signal_handlers_disconnect_by_data (self->monitor, self);
  g_clear_object (&self->monitor);
  if (self->fd >= 0)
    close (self->fd);
  g_clear_object (&self->bus);
  g_free (self->name);
  g_free (self->folder);
  g_free (self);
}

/* A hundredth, and never nothing: a black screen shows nobody how to get out of it. */
static gint64 least (InosBrightness *self)
{
  return MAX (self->most / 100, 1);
}

int inos_brightness_get (InosBrightness *self)
{
  gint64 value = self->wanted >= 0 ? self->wanted : self->now;
  gint64 room = self->most - least (self);

  if (!self->folder || !self->logind)
    return -1;
  if (room <= 0)
    return 100;
  return (int)lround (100.0 * (double)MAX (value - least (self), 0) / (double)room);
}

static void send_wanted (InosBrightness *self);

static void on_set (GObject *source, GAsyncResult *result, gpointer data)
{
  InosBrightness *self = data; /* gone, where it was cancelled */
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->setting = FALSE;
  if (!answer) {
    g_message ("logind does not set the brightness: %s", error->message);
    self->wanted = -1;
  } else if (self->wanted != self->now)
    send_wanted (self);
  else
    self->wanted = -1;
  self->hooks.changed (self->data);
}

/* One at a time, and then the newest. */
static void send_wanted (InosBrightness *self)
{
  self->setting = TRUE;
  self->now = self->wanted;
  g_dbus_connection_call (self->bus, LOGIND, SESSION_PATH, SESSION, "SetBrightness",
                          g_variant_new ("(ssu)", "backlight", self->name, (guint32)self->wanted),
                          NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, CALL_TIMEOUT_MS, self->ended,
                          on_set, self);
}

gboolean inos_brightness_set (InosBrightness *self, guint percent)
{
  double room = (double)(self->most - least (self));

  if (inos_brightness_get (self) < 0)
    return FALSE;
  self->wanted = least (self) + llround (MIN (percent, 100) / 100.0 * room);
  if (!self->setting)
    send_wanted (self);
  return TRUE;
}
