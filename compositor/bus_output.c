#include "bus_output.h"

#include <wlr/types/wlr_output.h>

#include "adaptive_sync.h"
#include "bus_window.h"
#include "compositor-dbus.h"
#include "gamma.h"
#include "listener.h"
#include "mirror.h"
#include "mirror_choice.h"
#include "output_config.h"
#include "output_power.h"
#include "output_profile.h"
#include "output_settings.h"

struct inos_bus_outputs {
  struct inos_compositor *compositor;
  GDBusObjectManagerServer *manager;
  GHashTable *objects; /* struct inos_output → InosDBusCompositor1Output, owned */

  struct wl_listener output_add, output_remove, output_change, tint_change;
  struct wl_listener config_change, profile_change, scan_out_change;
};

/* "HEADLESS-1" is not an element of an object path: everything but letters and digits is _. */
char *inos_bus_output_path (const char *name)
{
  char *path = g_strconcat (INOS_BUS_ROOT "/output/", name, NULL);
  for (char *c = path + strlen (INOS_BUS_ROOT "/output/"); *c; c++) {
    if (!g_ascii_isalnum (*c))
      *c = '_';
  }
  return path;
}

static GVariant *modes_of (const struct wlr_output *wlr)
{
  GVariantBuilder modes;
  struct wlr_output_mode *mode;
  g_variant_builder_init (&modes, G_VARIANT_TYPE ("a(iiib)"));
  wl_list_for_each (mode, &wlr->modes, link)
    g_variant_builder_add (&modes, "(iiib)", mode->width, mode->height, mode->refresh,
                           mode->preferred);
  return g_variant_builder_end (&modes);
}

static void fill (InosDBusCompositor1Output *object, struct inos_output *output)
{
  const struct wlr_output *wlr = output->wlr;
  struct inos_output *shown = inos_mirror_shown (output);
  struct wlr_box box = inos_output_box (shown);
  g_autofree char *make = inos_bus_clean (wlr->make);
  g_autofree char *model = inos_bus_clean (wlr->model);
  g_autofree char *serial = inos_bus_clean (wlr->serial);
  inos_dbus_compositor1_output_set_name (object, wlr->name);
  inos_dbus_compositor1_output_set_make (object, make);
  inos_dbus_compositor1_output_set_model (object, model);
  inos_dbus_compositor1_output_set_serial (object, serial);
  inos_dbus_compositor1_output_set_width (object, wlr->width);
  inos_dbus_compositor1_output_set_height (object, wlr->height);
  inos_dbus_compositor1_output_set_refresh (object, wlr->refresh);
  inos_dbus_compositor1_output_set_scale (object, wlr->scale);
  inos_dbus_compositor1_output_set_transform (object, wlr->transform);
  inos_dbus_compositor1_output_set_powered (object, wlr->enabled);
  inos_dbus_compositor1_output_set_adaptive_sync (object, wlr->adaptive_sync_status ==
                                                            WLR_OUTPUT_ADAPTIVE_SYNC_ENABLED);
  inos_dbus_compositor1_output_set_variable_refresh (
    object, inos_output_config_vrr_text (inos_adaptive_sync_setting (output)));
  inos_dbus_compositor1_output_set_variable_refresh_supported (object,
                                                               wlr->adaptive_sync_supported);
  inos_dbus_compositor1_output_set_direct_scan_out (object, output->scans_out);
  inos_dbus_compositor1_output_set_tint (object, inos_gamma_state (output));
  inos_dbus_compositor1_output_set_modes (object, modes_of (wlr));
  inos_dbus_compositor1_output_set_x (object, box.x);
  inos_dbus_compositor1_output_set_y (object, box.y);
  inos_dbus_compositor1_output_set_mirror (object, shown == output ? "" : shown->wlr->name);
  g_autofree char *time =
    inos_output_config_render_time_text (inos_output_config_of (output)->render_time);
  inos_dbus_compositor1_output_set_max_render_time (object, time ? time : "");
  inos_dbus_compositor1_output_set_virtual (object, output->virtual_output);
}

static struct inos_output *output_of (InosDBusCompositor1Output *object,
                                      struct inos_bus_outputs *outputs,
                                      GDBusMethodInvocation *invocation)
{
  GHashTableIter iter;
  void *output, *each;
  g_hash_table_iter_init (&iter, outputs->objects);
  while (g_hash_table_iter_next (&iter, &output, &each)) {
    if (each == object)
      return output;
  }
  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT,
                                         "the output is gone");
  return NULL;
}

/* Returns false, and answers, where the output refuses. What was taken is remembered. */
static bool set (struct inos_output *output, const struct inos_output_settings *settings,
                 GDBusMethodInvocation *invocation)
{
  if (inos_output_settings_apply (output, settings)) {
    inos_output_profiles_save (output->compositor, NULL, NULL);
    return true;
  }
  g_dbus_method_invocation_return_error (
    invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
    "output %s cannot be so: sides are 1 to 16384 pixels, a scale 0.25 to 8, a transform 0 to 7, "
    "and the monitor must be able to do it",
    output->wlr->name);
  return false;
}

/* A method that changes the settings; `change` does so with `settings`. */
#define SETTER(name, parameters, change)                                                           \
  static gboolean on_##name (InosDBusCompositor1Output *object, GDBusMethodInvocation *invocation, \
                             ENCLOSE parameters, void *data)                                       \
  {                                                                                                \
    struct inos_output *output = output_of (object, data, invocation);                             \
    if (!output)                                                                                   \
      return TRUE;                                                                                 \
    struct inos_output_settings settings = inos_output_settings_of (output);                       \
    change;                                                                                        \
    if (set (output, &settings, invocation))                                                       \
      inos_dbus_compositor1_output_complete_##name (object, invocation);                           \
    return TRUE;                                                                                   \
  }
#define ENCLOSE(...) __VA_ARGS__

SETTER (set_mode, (int width, int height, int refresh),
        (settings.width = width, settings.height = height, settings.refresh = refresh))
SETTER (set_scale, (double scale), settings.scale = scale)
SETTER (set_transform, (int transform), settings.transform = transform)
SETTER (set_position, (int x, int y), (settings.x = x, settings.y = y))

/* Returns false, and answers, where the monitor cannot. What is on or off is so at once, and the
 * rest with the next picture. */
static bool set_variable_refresh (InosDBusCompositor1Output *object, struct inos_output *output,
                                  enum inos_vrr when, GDBusMethodInvocation *invocation)
{
  struct inos_output_settings settings = inos_output_settings_of (output);
  enum inos_vrr before = inos_adaptive_sync_setting (output);
  bool waits = when == INOS_VRR_ON_DEMAND || when == INOS_VRR_CONTENT;
  if (waits && !output->wlr->adaptive_sync_supported) {
    g_dbus_method_invocation_return_error (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_NOT_SUPPORTED,
      "the refresh rate of output %s cannot follow what is shown", output->wlr->name);
    return false;
  }
  settings.adaptive_sync = waits ? settings.adaptive_sync : when == INOS_VRR_ON;
  inos_adaptive_sync_choose (output, when);
  bool done = set (output, &settings, invocation);
  if (!done)
    inos_adaptive_sync_choose (output, before);
  fill (object, output);
  return done;
}

static gboolean on_count_frames (InosDBusCompositor1Output *object,
                                 GDBusMethodInvocation *invocation, void *data)
{
  const struct inos_output *output = output_of (object, data, invocation);
  if (output)
    inos_dbus_compositor1_output_complete_count_frames (object, invocation, output->frames,
                                                        output->scanned_out);
  return TRUE;
}

static gboolean on_set_adaptive_sync (InosDBusCompositor1Output *object,
                                      GDBusMethodInvocation *invocation, gboolean on, void *data)
{
  struct inos_output *output = output_of (object, data, invocation);
  if (output && set_variable_refresh (object, output, on ? INOS_VRR_ON : INOS_VRR_OFF, invocation))
    inos_dbus_compositor1_output_complete_set_adaptive_sync (object, invocation);
  return TRUE;
}

static gboolean on_set_variable_refresh (InosDBusCompositor1Output *object,
                                         GDBusMethodInvocation *invocation, const char *text,
                                         void *data)
{
  struct inos_output *output = output_of (object, data, invocation);
  enum inos_vrr when;
  if (!output)
    return TRUE;
  if (!inos_output_config_parse_vrr (text, &when))
    g_dbus_method_invocation_return_error_literal (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
      "a refresh rate varies off, on, on-demand or content");
  else if (set_variable_refresh (object, output, when, invocation))
    inos_dbus_compositor1_output_complete_set_variable_refresh (object, invocation);
  return TRUE;
}

static bool is_the_last (struct inos_output *output)
{
  struct inos_output *other;
  wl_list_for_each (other, &output->compositor->outputs, link) {
    if (other != output && other->wlr->enabled)
      return false;
  }
  return true;
}

/* One that was never on has no size yet. */
static void ensure_mode (struct inos_output *output, struct inos_output_settings *settings)
{
  struct wlr_output_mode *mode = wlr_output_preferred_mode (output->wlr);
  if (settings->width > 0 || !mode)
    return;
  settings->width = mode->width;
  settings->height = mode->height;
  settings->refresh = mode->refresh;
}

static gboolean on_set_enabled (InosDBusCompositor1Output *object,
                                GDBusMethodInvocation *invocation, gboolean on, void *data)
{
  struct inos_output *output = output_of (object, data, invocation);
  if (!output)
    return TRUE;
  struct inos_output_settings settings = inos_output_settings_of (output);
  settings.enabled = on;
  ensure_mode (output, &settings);
  if (!on && is_the_last (output))
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "output %s is the last one that is on",
                                           output->wlr->name);
  else if (set (output, &settings, invocation))
    inos_dbus_compositor1_output_complete_set_enabled (object, invocation);
  return TRUE;
}

/* Off is only until somebody comes back: nothing to remember. */
static gboolean on_set_power (InosDBusCompositor1Output *object, GDBusMethodInvocation *invocation,
                              gboolean on, void *data)
{
  struct inos_output *output = output_of (object, data, invocation);
  if (!output)
    return TRUE;
  if (inos_output_set_power (output, on))
    inos_dbus_compositor1_output_complete_set_power (object, invocation);
  else
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                           "output %s could not be switched", output->wlr->name);
  return TRUE;
}

static gboolean on_set_mirror (InosDBusCompositor1Output *object, GDBusMethodInvocation *invocation,
                               const char *source, void *data)
{
  struct inos_output *output = output_of (object, data, invocation);
  g_autoptr (GError) error = NULL;
  if (!output)
    return TRUE;
  if (inos_mirrors_set (output, source, &error)) {
    inos_output_profiles_save (output->compositor, NULL, NULL);
    inos_dbus_compositor1_output_complete_set_mirror (object, invocation);
  } else {
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR,
                                                   G_DBUS_ERROR_INVALID_ARGS, error->message);
  }
  return TRUE;
}

static gboolean on_set_max_render_time (InosDBusCompositor1Output *object,
                                        GDBusMethodInvocation *invocation, const char *text,
                                        void *data)
{
  struct inos_output *output = output_of (object, data, invocation);
  int time;
  if (!output)
    return TRUE;
  if (!inos_output_config_parse_render_time (text, &time)) {
    g_dbus_method_invocation_return_error (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
      "a time to draw in is auto, off or a whole number of milliseconds from 1 to %d",
      INOS_RENDER_TIME_MOST);
    return TRUE;
  }
  inos_output_config_of (output)->render_time = time;
  inos_output_profiles_save (output->compositor, NULL, NULL);
  fill (object, output);
  inos_dbus_compositor1_output_complete_set_max_render_time (object, invocation);
  return TRUE;
}

static const struct {
  const char *signal;
  GCallback callback;
} methods[] = {
  {"handle-count-frames", G_CALLBACK (on_count_frames)},
  {"handle-set-mode", G_CALLBACK (on_set_mode)},
  {"handle-set-scale", G_CALLBACK (on_set_scale)},
  {"handle-set-transform", G_CALLBACK (on_set_transform)},
  {"handle-set-position", G_CALLBACK (on_set_position)},
  {"handle-set-adaptive-sync", G_CALLBACK (on_set_adaptive_sync)},
  {"handle-set-variable-refresh", G_CALLBACK (on_set_variable_refresh)},
  {"handle-set-enabled", G_CALLBACK (on_set_enabled)},
  {"handle-set-power", G_CALLBACK (on_set_power)},
  {"handle-set-max-render-time", G_CALLBACK (on_set_max_render_time)},
  {"handle-set-mirror", G_CALLBACK (on_set_mirror)},
};

static void handle_output_add (struct wl_listener *listener, void *data)
{
  struct inos_bus_outputs *outputs = wl_container_of (listener, outputs, output_add);
  struct inos_output *output = data;
  InosDBusCompositor1Output *object = inos_dbus_compositor1_output_skeleton_new();
  g_autofree char *path = inos_bus_output_path (output->wlr->name);
  fill (object, output);
  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect (object, methods[i].signal, methods[i].callback, outputs);
  g_autoptr (GDBusObjectSkeleton) skeleton = g_dbus_object_skeleton_new (path);
  g_dbus_object_skeleton_add_interface (skeleton, G_DBUS_INTERFACE_SKELETON (object));
  g_dbus_object_manager_server_export (outputs->manager, skeleton);
  g_hash_table_insert (outputs->objects, output, object);
}

static void handle_output_remove (struct wl_listener *listener, void *data)
{
  struct inos_bus_outputs *outputs = wl_container_of (listener, outputs, output_remove);
  struct inos_output *output = data;
  g_autofree char *path = inos_bus_output_path (output->wlr->name);
  g_dbus_object_manager_server_unexport (outputs->manager, path);
  g_hash_table_remove (outputs->objects, output);
}

static void handle_output_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_outputs *outputs = wl_container_of (listener, outputs, output_change);
  InosDBusCompositor1Output *object = g_hash_table_lookup (outputs->objects, data);
  if (object)
    fill (object, data);
}

static void handle_tint_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_outputs *outputs = wl_container_of (listener, outputs, tint_change);
  GHashTableIter iter;
  void *output, *object;
  g_hash_table_iter_init (&iter, outputs->objects);
  while (g_hash_table_iter_next (&iter, &output, &object))
    inos_dbus_compositor1_output_set_tint (object, inos_gamma_state (output));
}

static void handle_scan_out_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_outputs *outputs = wl_container_of (listener, outputs, scan_out_change);
  struct inos_output *output = data;
  InosDBusCompositor1Output *object = g_hash_table_lookup (outputs->objects, output);
  if (object)
    inos_dbus_compositor1_output_set_direct_scan_out (object, output->scans_out);
}

static void fill_all (struct inos_bus_outputs *outputs)
{
  GHashTableIter iter;
  void *output, *object;
  g_hash_table_iter_init (&iter, outputs->objects);
  while (g_hash_table_iter_next (&iter, &output, &object))
    fill (object, output);
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_outputs *outputs = wl_container_of (listener, outputs, config_change);
  fill_all (outputs);
}

static void handle_profile_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_outputs *outputs = wl_container_of (listener, outputs, profile_change);
  fill_all (outputs);
}

struct inos_bus_outputs *inos_bus_outputs_create (struct inos_compositor *compositor,
                                                  GDBusObjectManagerServer *manager)
{
  struct inos_bus_outputs *outputs = g_new0 (struct inos_bus_outputs, 1);
  outputs->compositor = compositor;
  outputs->manager = manager;
  outputs->objects = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  CONNECT_SIGNAL (compositor, outputs, output_add);
  CONNECT_SIGNAL (compositor, outputs, output_remove);
  CONNECT_SIGNAL (compositor, outputs, output_change);
  CONNECT_SIGNAL (compositor, outputs, tint_change);
  CONNECT_SIGNAL (compositor, outputs, config_change);
  CONNECT_SIGNAL (compositor, outputs, profile_change);
  CONNECT_SIGNAL (compositor, outputs, scan_out_change);
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link)
    handle_output_add (&outputs->output_add, output);
  return outputs;
}

void inos_bus_outputs_destroy (struct inos_bus_outputs *outputs)
{
  DISCONNECT (outputs->output_add);
  DISCONNECT (outputs->output_remove);
  DISCONNECT (outputs->output_change);
  DISCONNECT (outputs->tint_change);
  DISCONNECT (outputs->config_change);
  DISCONNECT (outputs->profile_change);
  DISCONNECT (outputs->scan_out_change);
  g_hash_table_unref (outputs->objects);
  g_free (outputs);
}

unsigned int inos_bus_outputs_count (struct inos_bus_outputs *outputs)
{
  return g_hash_table_size (outputs->objects);
}
