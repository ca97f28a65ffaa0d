#include "reload.h"

#include <errno.h>
#include <gio/gio.h>
#include <wlr/types/wlr_output.h>
#include <wlr/util/log.h>

#include "binding.h"
#include "cursor_image.h"
#include "device.h"
#include "keyboard_layout.h"
#include "lens.h"
#include "output_profile.h"
#include "seat_devices.h"
#include "shared_settings.h"
#include "window_frame.h"
#include "workspace.h"

enum { SETTLE = 100 }; /* ms: an editor writes a file in several steps */

struct inos_reload {
  struct inos_compositor *compositor;
  GFileMonitor *monitor;
  struct wl_event_source *timer;
};

static void keep_error (struct inos_compositor *compositor, const char *message, unsigned int line)
{
  g_free (compositor->config_error.message);
  compositor->config_error.message = g_strdup (message);
  compositor->config_error.line = line;
}

static void apply (struct inos_compositor *compositor, struct inos_config *before)
{
  struct inos_seat *seat;
  inos_bindings_destroy (compositor->bindings);
  compositor->bindings = inos_bindings_create (&compositor->config);
  compositor->bindings_revision++;
  inos_seat_devices_settle (compositor);
  wl_list_for_each (seat, &compositor->seats, link) {
    if (seat->mode && !inos_bindings_has_mode (compositor->bindings, seat->mode))
      inos_binding_set_mode (seat, "");
    inos_cursor_image_reload (seat);
    inos_keyboard_layout_configure (seat);
    inos_devices_apply (seat);
  }
  inos_output_profiles_reread (compositor, before);
  inos_lenses_update (compositor);
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link)
    wlr_output_schedule_frame (output->wlr);
  inos_workspaces_configure (compositor, before);
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link)
    inos_frame_update (view);
  wl_signal_emit_mutable (&compositor->events.config_change, compositor);
}

/* What is in `config` is the compositor's from now on. */
static void take (struct inos_compositor *compositor, const struct inos_config *config)
{
  struct inos_config before = compositor->config;
  compositor->config = *config;
  inos_outputs_forget_settings (compositor);
  apply (compositor, &before);
  inos_config_finish (&before);
}

/* What the file and GSettings say; false where a person has to mend something first. */
static bool load (const struct inos_compositor *compositor, struct inos_config *config,
                  GError **error)
{
  const char *path = compositor->config_path;
  if (!inos_config_load_over (config, path, inos_shared_settings_file (compositor->shared), error))
    return false;
  if (inos_keyboard_layout_check (config, &compositor->config, error))
    return true;
  unsigned int line = inos_config_line (path, "keyboard", "layout");
  if (line > 0)
    g_prefix_error (error, "%s:%u: ", path, line);
  else
    g_prefix_error (error, "%s: ", path);
  /* Nothing of the file counts. */
  inos_config_finish (config);
  inos_config_start_over (config, inos_shared_settings_file (compositor->shared));
  config->wrong_line = line;
  return false;
}

bool inos_reload (struct inos_compositor *compositor)
{
  struct inos_config config;
  g_autoptr (GError) error = NULL;
  if (!load (compositor, &config, &error)) {
    wlr_log (WLR_ERROR, "%s: the settings stay as they are", error->message);
    keep_error (compositor, error->message, config.wrong_line);
    /* No file was ever right: what is below it may have changed. */
    if (compositor->uses_defaults)
      take (compositor, &config);
    else
      inos_config_finish (&config);
    wl_signal_emit_mutable (&compositor->events.config_error, compositor);
    return false;
  }
  compositor->uses_defaults = false;
  keep_error (compositor, NULL, 0);
  take (compositor, &config);
  return true;
}

static int on_settled (void *data)
{
  struct inos_reload *reload = data;
  inos_reload (reload->compositor);
  return 0;
}

static void on_changed (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                        void *data)
{
  struct inos_reload *reload = data;
  if (event == G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED)
    return;
  wl_event_source_timer_update (reload->timer, SETTLE);
}

void inos_reload_watch (struct inos_compositor *compositor)
{
  g_autoptr (GFile) file = g_file_new_for_path (compositor->config_path);
  g_autoptr (GError) error = NULL;
  struct inos_reload *reload = compositor->reload = g_new0 (struct inos_reload, 1);
  reload->compositor = compositor;
  reload->timer = wl_event_loop_add_timer (compositor->loop, on_settled, reload);
  /* GLib looks for a folder that does not exist every four seconds. */
  g_autofree char *folder = g_path_get_dirname (compositor->config_path);
  if (g_mkdir_with_parents (folder, 0700) < 0) {
    wlr_log (WLR_ERROR, "%s cannot be made (%s): changes of the settings need a reload", folder,
             g_strerror (errno));
    return;
  }
  reload->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, &error);
  if (reload->monitor)
    g_signal_connect (reload->monitor, "changed", G_CALLBACK (on_changed), reload);
  else
    wlr_log (WLR_ERROR, "%s cannot be watched (%s): changes need a reload", compositor->config_path,
             error->message);
}

void inos_reload_init (struct inos_compositor *compositor)
{
  g_autoptr (GError) error = NULL;
  compositor->config_path =
    compositor->options.config_path
      ? g_strdup (compositor->options.config_path)
      : g_build_filename (g_get_user_config_dir(), "inos", "compositor.ini", NULL);
  if (inos_config_load (&compositor->config, compositor->config_path, &error))
    return;
  wlr_log (WLR_ERROR, "%s: the defaults are used", error->message);
  compositor->uses_defaults = true;
  keep_error (compositor, error->message, compositor->config.wrong_line);
}

void inos_reload_finish (struct inos_compositor *compositor)
{
  struct inos_reload *reload = compositor->reload;
  if (reload) {
    wl_event_source_remove (reload->timer);
    g_clear_object (&reload->monitor);
    g_clear_pointer (&compositor->reload, g_free);
  }
  g_clear_pointer (&compositor->config_error.message, g_free);
  g_clear_pointer (&compositor->config_path, g_free);
}
