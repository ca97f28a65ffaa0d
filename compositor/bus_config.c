#include "bus_config.h"

#include <string.h>

#include "action.h"
#include "binding.h"
#include "bus_window.h"
#include "compositor-dbus.h"
#include "config_change.h"
#include "listener.h"
#include "rule.h"

enum { MAX_TEXT = 4096, MAX_FILE = 1 << 20 }; /* bytes of an argument */

struct inos_bus_config {
  struct inos_compositor *compositor;
  InosDBusCompositor1Config *object;
  GCancellable *ended; /* of changes that are being written */

  struct wl_listener config_change;
};

static void add_action (const char *name, bool argument, void *data)
{
  g_variant_builder_add (data, "(sb)", name, argument);
}

static void fill_rules (struct inos_bus_config *config)
{
  GPtrArray *rules = config->compositor->config.rules_of_windows;
  GVariantBuilder list;
  g_variant_builder_init (&list, G_VARIANT_TYPE ("a(sa{ss})"));
  for (guint i = 0; i < rules->len; i++) {
    const struct inos_rule *rule = g_ptr_array_index (rules, i);
    g_autofree char *name = inos_bus_clean (rule->name);
    g_variant_builder_open (&list, G_VARIANT_TYPE ("(sa{ss})"));
    g_variant_builder_add (&list, "s", name);
    g_variant_builder_open (&list, G_VARIANT_TYPE ("a{ss}"));
    for (guint k = 0; k + 1 < rule->text->len; k += 2) {
      g_autofree char *value = inos_bus_clean (rule->text->pdata[k + 1]);
      g_variant_builder_add (&list, "{ss}", rule->text->pdata[k], value);
    }
    g_variant_builder_close (&list);
    g_variant_builder_close (&list);
  }
  inos_dbus_compositor1_config_set_rules (config->object, g_variant_builder_end (&list));
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_config *config = wl_container_of (listener, config, config_change);
  fill_rules (config);
  inos_dbus_compositor1_config_emit_changed (config->object);
}

/* Returns false, and answers, where an argument is longer than anybody needs. */
static bool is_short (GDBusMethodInvocation *invocation, const char *text)
{
  if (strlen (text) <= MAX_TEXT)
    return true;
  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                         "an argument has at most %d bytes", MAX_TEXT);
  return false;
}

static gboolean on_run_action (InosDBusCompositor1Config *object, GDBusMethodInvocation *invocation,
                               const char *action, void *data)
{
  struct inos_bus_config *config = data;
  if (!is_short (invocation, action))
    return TRUE;
  if (config->compositor->locked)
    g_dbus_method_invocation_return_error_literal (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED, "the session is locked");
  else if (!inos_action_run (config->compositor, action))
    g_dbus_method_invocation_return_error (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
      "there is no action '%s', or it lacks its argument, or takes none", action);
  else
    inos_dbus_compositor1_config_complete_run_action (object, invocation);
  return TRUE;
}

static gboolean on_test_rules (InosDBusCompositor1Config *object, GDBusMethodInvocation *invocation,
                               const char *app_id, const char *title, void *data)
{
  struct inos_bus_config *config = data;
  if (!is_short (invocation, app_id) || !is_short (invocation, title))
    return TRUE;
  g_autoptr (GPtrArray) names = inos_rules_matching (config->compositor, app_id, title);
  inos_dbus_compositor1_config_complete_test_rules (object, invocation,
                                                    (const char *const *)names->pdata);
  return TRUE;
}

/* The object may be gone, but not the call. */
static void on_changed (GVariant *before, const GError *error, void *data)
{
  GDBusMethodInvocation *invocation = data;
  if (error)
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR,
                                                   G_DBUS_ERROR_INVALID_ARGS, error->message);
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(@a(ssas))", before));
}

static gboolean on_change (InosDBusCompositor1Config *object, GDBusMethodInvocation *invocation,
                           GVariant *settings, void *data)
{
  struct inos_bus_config *config = data;
  if (g_variant_n_children (settings) > INOS_CHANGES_MOST)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "at most %d settings are changed at once",
                                           INOS_CHANGES_MOST);
  else
    inos_config_change (config->compositor, settings, config->ended, on_changed, invocation);
  return TRUE;
}

static gboolean on_check (InosDBusCompositor1Config *object, GDBusMethodInvocation *invocation,
                          const char *text, void *data)
{
  g_autoptr (GError) error = NULL;
  size_t length = strlen (text);
  if (length > MAX_FILE)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "a file of settings has at most %d bytes", MAX_FILE);
  else if (inos_config_check (text, length, &error))
    inos_dbus_compositor1_config_complete_check (object, invocation, "");
  else
    inos_dbus_compositor1_config_complete_check (object, invocation, error->message);
  return TRUE;
}

static void describe_binding (const char *mode, const char *combination, const char *action,
                              void *file)
{
  /* Those have sections of their own, which are there already. */
  if (g_str_equal (mode, INOS_MODE_SWITCHES) || g_str_equal (mode, INOS_MODE_CORNERS))
    return;
  g_autofree char *group = mode[0] ? g_strconcat ("bindings ", mode, NULL) : g_strdup ("bindings");
  g_key_file_set_string (file, group, combination, action);
}

static gboolean on_dump (InosDBusCompositor1Config *object, GDBusMethodInvocation *invocation,
                         void *data)
{
  struct inos_bus_config *config = data;
  g_autoptr (GKeyFile) file = inos_config_describe (&config->compositor->config);
  inos_bindings_for_each (config->compositor->bindings, describe_binding, file);
  g_autofree char *text = g_key_file_to_data (file, NULL, NULL);
  g_autofree char *clean = inos_bus_clean (text);
  inos_dbus_compositor1_config_complete_dump (object, invocation, clean);
  return TRUE;
}

struct inos_bus_config *inos_bus_config_create (struct inos_compositor *compositor,
                                                GDBusConnection *connection, const char *path)
{
  struct inos_bus_config *config = g_new0 (struct inos_bus_config, 1);
  GVariantBuilder actions;
  config->compositor = compositor;
  config->ended = g_cancellable_new();
  config->object = inos_dbus_compositor1_config_skeleton_new();
  g_variant_builder_init (&actions, G_VARIANT_TYPE ("a(sb)"));
  inos_actions_for_each (add_action, &actions);
  inos_dbus_compositor1_config_set_actions (config->object, g_variant_builder_end (&actions));
  fill_rules (config);
  CONNECT_SIGNAL (compositor, config, config_change);
  g_signal_connect (config->object, "handle-run-action", G_CALLBACK (on_run_action), config);
  g_signal_connect (config->object, "handle-test-rules", G_CALLBACK (on_test_rules), config);
  g_signal_connect (config->object, "handle-change", G_CALLBACK (on_change), config);
  g_signal_connect (config->object, "handle-check", G_CALLBACK (on_check), config);
  g_signal_connect (config->object, "handle-dump", G_CALLBACK (on_dump), config);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (config->object), connection, path,
                                    NULL);
  return config;
}

void inos_bus_config_destroy (struct inos_bus_config *config)
{
  DISCONNECT (config->config_change);
  g_cancellable_cancel (config->ended);
  g_object_unref (config->ended);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (config->object));
  g_object_unref (config->object);
  g_free (config);
}
