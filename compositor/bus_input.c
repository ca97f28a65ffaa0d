#include "bus_input.h"

#include <string.h>
#include <wlr/types/wlr_seat.h>

#include "binding.h"
#include "compositor-dbus.h"
#include "device.h"
#include "keyboard_layout.h"
#include "listener.h"
#include "reload.h"

struct inos_bus_input {
  struct inos_compositor *compositor;
  InosDBusCompositor1Input *object;

  struct wl_listener input_change, config_change, config_error;
};

static void list_of_seat (GVariantBuilder *list, struct inos_seat *seat)
{
  struct inos_device *device;
  wl_list_for_each (device, &seat->devices, link) {
    g_autofree char *name = g_utf8_make_valid (inos_device_name (device), -1);
    g_variant_builder_add (list, "(ss)", name, inos_device_kind (device));
  }
}

static void fill_seats (struct inos_bus_input *input)
{
  GVariantBuilder devices;
  struct inos_seat *seat;
  g_autoptr (GPtrArray) names = g_ptr_array_new();
  g_variant_builder_init (&devices, G_VARIANT_TYPE ("a(ss)"));
  wl_list_for_each (seat, &input->compositor->seats, link) {
    list_of_seat (&devices, seat);
    g_ptr_array_add (names, seat->wlr->name);
  }
  g_ptr_array_add (names, NULL);
  inos_dbus_compositor1_input_set_devices (input->object, g_variant_builder_end (&devices));
  inos_dbus_compositor1_input_set_seats (input->object, (const char *const *)names->pdata);
}

/* As the bus has to have it. Floating. */
static GVariant *clean_string (const char *text)
{
  return g_variant_new_take_string (g_utf8_make_valid (text ? text : "", -1));
}

static void fill_keymap_names (struct inos_bus_input *input)
{
  const struct inos_config *config = &input->compositor->config;
  GVariant *names[] = {clean_string (config->rules), clean_string (config->model),
                       clean_string (config->layout), clean_string (config->variant),
                       clean_string (config->options)};
  inos_dbus_compositor1_input_set_keymap_names (input->object,
                                                g_variant_new_tuple (names, G_N_ELEMENTS (names)));
}

static void fill_inputs (struct inos_bus_input *input)
{
  struct inos_seat *seat = input->compositor->seat;
  g_autoptr (GPtrArray) names = g_ptr_array_new();
  for (unsigned int i = 0; i < inos_keyboard_layout_count (seat); i++)
    g_ptr_array_add (names, (void *)inos_keyboard_layout_name (seat, i));
  g_ptr_array_add (names, NULL);
  fill_seats (input);
  fill_keymap_names (input);
  inos_dbus_compositor1_input_set_layouts (input->object, (const char *const *)names->pdata);
  inos_dbus_compositor1_input_set_active_layout (input->object, seat->layout);
  g_autofree char *mode = g_utf8_make_valid (seat->mode ? seat->mode : "", -1);
  inos_dbus_compositor1_input_set_mode (input->object, mode);
}

static void on_access (GObject *object, GParamSpec *property, void *data);

/* Only what differs is set: each setting is announced, later to on_access too. */
static void fill_access (struct inos_bus_input *input)
{
  const struct inos_config *config = &input->compositor->config;
  InosDBusCompositor1Input *object = input->object;
  g_signal_handlers_block_by_func (object, on_access, input);
  if (inos_dbus_compositor1_input_get_sticky_keys (object) != config->sticky_keys)
    inos_dbus_compositor1_input_set_sticky_keys (object, config->sticky_keys);
  if (inos_dbus_compositor1_input_get_mouse_keys (object) != config->mouse_keys)
    inos_dbus_compositor1_input_set_mouse_keys (object, config->mouse_keys);
  if (inos_dbus_compositor1_input_get_slow_keys (object) != (guint)config->slow_keys)
    inos_dbus_compositor1_input_set_slow_keys (object, (guint)config->slow_keys);
  if (inos_dbus_compositor1_input_get_bounce_keys (object) != (guint)config->bounce_keys)
    inos_dbus_compositor1_input_set_bounce_keys (object, (guint)config->bounce_keys);
  g_signal_handlers_unblock_by_func (object, on_access, input);
}

static void configure_access (struct inos_compositor *compositor)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link)
    inos_keyboard_layout_configure_access (seat);
}

/* Somebody set one of the properties. */
static void on_access (GObject *object, GParamSpec *property, void *data)
{
  struct inos_bus_input *input = data;
  struct inos_config *config = &input->compositor->config;
  bool sticky = inos_dbus_compositor1_input_get_sticky_keys (input->object);
  bool mouse = inos_dbus_compositor1_input_get_mouse_keys (input->object);
  guint slow = MIN (inos_dbus_compositor1_input_get_slow_keys (input->object), INOS_KEYS_MOST);
  guint bounce = MIN (inos_dbus_compositor1_input_get_bounce_keys (input->object), INOS_KEYS_MOST);
  bool same = config->sticky_keys == sticky && config->mouse_keys == mouse &&
              config->slow_keys == (int)slow && config->bounce_keys == (int)bounce;
  config->sticky_keys = sticky;
  config->mouse_keys = mouse;
  config->slow_keys = (int)slow;
  config->bounce_keys = (int)bounce;
  fill_access (input);
  if (!same)
    configure_access (input->compositor);
}

static void add_binding (const char *mode, const char *combination, const char *action, void *data)
{
  g_autofree char *clean = g_utf8_make_valid (action, -1);
  g_variant_builder_add (data, "(sss)", mode, combination, clean);
}

static int compare_names (const void *a, const void *b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void fill_modes (struct inos_bus_input *input)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  void *mode;
  g_hash_table_iter_init (&iter, input->compositor->config.modes);
  while (g_hash_table_iter_next (&iter, &mode, NULL))
    g_ptr_array_add (names, g_utf8_make_valid (mode, -1));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  inos_dbus_compositor1_input_set_modes (input->object, (const char *const *)names->pdata);
}

static void fill_config (struct inos_bus_input *input)
{
  struct inos_compositor *compositor = input->compositor;
  GVariantBuilder bindings;
  g_variant_builder_init (&bindings, G_VARIANT_TYPE ("a(sss)"));
  inos_bindings_for_each (compositor->bindings, add_binding, &bindings);
  inos_dbus_compositor1_input_set_bindings (input->object, g_variant_builder_end (&bindings));
  fill_modes (input);
  fill_access (input);
  g_autofree char *file = g_utf8_make_valid (compositor->config_path, -1);
  const char *message = compositor->config_error.message;
  g_autofree char *clean = g_utf8_make_valid (message ? message : "", -1);
  inos_dbus_compositor1_input_set_config_file (input->object, file);
  inos_dbus_compositor1_input_set_last_config_error (
    input->object, g_variant_new ("(us)", compositor->config_error.line, clean));
}

static void handle_input_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_input *input = wl_container_of (listener, input, input_change);
  fill_inputs (input);
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_input *input = wl_container_of (listener, input, config_change);
  fill_config (input);
}

static void handle_config_error (struct wl_listener *listener, void *data)
{
  struct inos_bus_input *input = wl_container_of (listener, input, config_error);
  struct inos_compositor *compositor = input->compositor;
  fill_config (input);
  g_autofree char *file = g_utf8_make_valid (compositor->config_path, -1);
  g_autofree char *message = g_utf8_make_valid (compositor->config_error.message, -1);
  inos_dbus_compositor1_input_emit_config_error (input->object, file, compositor->config_error.line,
                                                 message);
}

static gboolean on_set_layout (InosDBusCompositor1Input *object, GDBusMethodInvocation *invocation,
                               guint index, void *data)
{
  struct inos_bus_input *input = data;
  if (inos_keyboard_layout_set (input->compositor->seat, index))
    inos_dbus_compositor1_input_complete_set_layout (object, invocation);
  else
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "there is no layout %u: the last one is %u", index,
                                           inos_keyboard_layout_count (input->compositor->seat) -
                                             1);
  return TRUE;
}

static gboolean on_reload_config (InosDBusCompositor1Input *object,
                                  GDBusMethodInvocation *invocation, void *data)
{
  struct inos_bus_input *input = data;
  if (inos_reload (input->compositor))
    inos_dbus_compositor1_input_complete_reload_config (object, invocation);
  else
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR,
                                                   G_DBUS_ERROR_INVALID_FILE_CONTENT,
                                                   input->compositor->config_error.message);
  return TRUE;
}

static const char *const access_signals[] = {
  "notify::sticky-keys",
  "notify::mouse-keys",
  "notify::slow-keys",
  "notify::bounce-keys",
};

struct inos_bus_input *inos_bus_input_create (struct inos_compositor *compositor,
                                              GDBusConnection *connection, const char *path)
{
  struct inos_bus_input *input = g_new0 (struct inos_bus_input, 1);
  input->compositor = compositor;
  input->object = inos_dbus_compositor1_input_skeleton_new();
  fill_inputs (input);
  fill_config (input);
  CONNECT_SIGNAL (compositor, input, input_change);
  CONNECT_SIGNAL (compositor, input, config_change);
  CONNECT_SIGNAL (compositor, input, config_error);
  for (size_t i = 0; i < G_N_ELEMENTS (access_signals); i++)
    g_signal_connect (input->object, access_signals[i], G_CALLBACK (on_access), input);
  g_signal_connect (input->object, "handle-set-layout", G_CALLBACK (on_set_layout), input);
  g_signal_connect (input->object, "handle-reload-config", G_CALLBACK (on_reload_config), input);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (input->object), connection, path,
                                    NULL);
  return input;
}

void inos_bus_input_destroy (struct inos_bus_input *input)
{
  if (!input)
    return;
  DISCONNECT (input->input_change);
  DISCONNECT (input->config_change);
  DISCONNECT (input->config_error);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (input->object));
  g_object_unref (input->object);
  g_free (input);
}
