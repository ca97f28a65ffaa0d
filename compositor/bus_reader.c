#include "bus_reader.h"

#include <wlr/util/log.h>

#include "a11y-dbus.h"
#include "key_monitor.h"

#define NAME "org.freedesktop.a11y.Manager"
#define INTERFACE "org.freedesktop.a11y.KeyboardMonitor"
#define READER "org.gnome.Orca.KeyboardMonitor"

struct inos_bus_reader {
  struct inos_compositor *compositor;
  GDBusConnection *connection;
  InosA11yKeyboardMonitor *object;
  char *owner; /* unique name of the reader; NULL: there is none */
  guint name, watch;
};

static void tell (const struct inos_monitored_key *key, void *data)
{
  struct inos_bus_reader *reader = data;
  if (reader->owner)
    g_dbus_connection_emit_signal (reader->connection, reader->owner, INOS_BUS_READER_PATH,
                                   INTERFACE, "KeyEvent",
                                   g_variant_new ("(buuuq)", !key->down, key->modifiers,
                                                  key->symbol, key->character, key->code + 8),
                                   NULL);
}

static void on_reader_came (GDBusConnection *connection, const char *name, const char *owner,
                            void *data)
{
  struct inos_bus_reader *reader = data;
  inos_key_monitor_forget (reader->compositor->key_monitor);
  g_free (reader->owner);
  reader->owner = g_strdup (owner);
}

static void on_reader_went (GDBusConnection *connection, const char *name, void *data)
{
  struct inos_bus_reader *reader = data;
  inos_key_monitor_forget (reader->compositor->key_monitor);
  g_clear_pointer (&reader->owner, g_free);
}

/* Else the caller is told. Not by g-authorize-method, which GDBus asks in a thread of its own. */
static bool is_reader (const struct inos_bus_reader *reader, GDBusMethodInvocation *invocation)
{
  const char *sender = g_dbus_method_invocation_get_sender (invocation);
  if (reader->owner && g_strcmp0 (sender, reader->owner) == 0)
    return true;
  g_dbus_method_invocation_return_error_literal (
    invocation, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED,
    "keys are for the screen reader alone: the program that has the name " READER);
  return false;
}

static gboolean on_grab (InosA11yKeyboardMonitor *object, GDBusMethodInvocation *invocation,
                         void *data)
{
  const struct inos_bus_reader *reader = data;
  if (!is_reader (reader, invocation))
    return TRUE;
  inos_key_monitor_grab (reader->compositor->key_monitor, true);
  inos_a11y_keyboard_monitor_complete_grab_keyboard (object, invocation);
  return TRUE;
}

static gboolean on_ungrab (InosA11yKeyboardMonitor *object, GDBusMethodInvocation *invocation,
                           void *data)
{
  const struct inos_bus_reader *reader = data;
  if (!is_reader (reader, invocation))
    return TRUE;
  inos_key_monitor_grab (reader->compositor->key_monitor, false);
  inos_a11y_keyboard_monitor_complete_ungrab_keyboard (object, invocation);
  return TRUE;
}

static gboolean on_watch (InosA11yKeyboardMonitor *object, GDBusMethodInvocation *invocation,
                          void *data)
{
  const struct inos_bus_reader *reader = data;
  if (!is_reader (reader, invocation))
    return TRUE;
  inos_key_monitor_watch (reader->compositor->key_monitor, true);
  inos_a11y_keyboard_monitor_complete_watch_keyboard (object, invocation);
  return TRUE;
}

static gboolean on_unwatch (InosA11yKeyboardMonitor *object, GDBusMethodInvocation *invocation,
                            void *data)
{
  const struct inos_bus_reader *reader = data;
  if (!is_reader (reader, invocation))
    return TRUE;
  inos_key_monitor_watch (reader->compositor->key_monitor, false);
  inos_a11y_keyboard_monitor_complete_unwatch_keyboard (object, invocation);
  return TRUE;
}

static gboolean on_set_keys (InosA11yKeyboardMonitor *object, GDBusMethodInvocation *invocation,
                             GVariant *modifiers, GVariant *keys, void *data)
{
  const struct inos_bus_reader *reader = data;
  if (!is_reader (reader, invocation))
    return TRUE;
  size_t modifier_count = g_variant_n_children (modifiers), key_count = g_variant_n_children (keys);
  if (modifier_count > INOS_READER_MODIFIERS_MOST || key_count > INOS_READER_KEYS_MOST) {
    g_dbus_method_invocation_return_error (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED,
      "%zu modifiers and %zu combinations are too many: there may be %d and %d", modifier_count,
      key_count, INOS_READER_MODIFIERS_MOST, INOS_READER_KEYS_MOST);
    return TRUE;
  }
  g_autofree uint32_t *symbols = g_new (uint32_t, modifier_count + 1);
  g_autofree struct inos_reader_key *list = g_new (struct inos_reader_key, key_count + 1);
  for (size_t i = 0; i < modifier_count; i++)
    g_variant_get_child (modifiers, i, "u", &symbols[i]);
  for (size_t i = 0; i < key_count; i++)
    g_variant_get_child (keys, i, "(uu)", &list[i].symbol, &list[i].modifiers);
  inos_key_monitor_set_keys (reader->compositor->key_monitor, symbols, modifier_count, list,
                             key_count);
  inos_a11y_keyboard_monitor_complete_set_key_grabs (object, invocation);
  return TRUE;
}

static void on_name_lost (GDBusConnection *connection, const char *name, void *data)
{
  wlr_log (WLR_ERROR, "%s is not ours on the session bus: a screen reader cannot ask for keys",
           name);
}

struct inos_bus_reader *inos_bus_reader_create (struct inos_compositor *compositor,
                                                GDBusConnection *connection)
{
  static const struct {
    const char *signal;
    GCallback callback;
  } methods[] = {
    {"handle-grab-keyboard", G_CALLBACK (on_grab)},
    {"handle-ungrab-keyboard", G_CALLBACK (on_ungrab)},
    {"handle-watch-keyboard", G_CALLBACK (on_watch)},
    {"handle-unwatch-keyboard", G_CALLBACK (on_unwatch)},
    {"handle-set-key-grabs", G_CALLBACK (on_set_keys)},
  };
  struct inos_bus_reader *reader = g_new0 (struct inos_bus_reader, 1);
  reader->compositor = compositor;
  reader->connection = g_object_ref (connection);
  reader->object = inos_a11y_keyboard_monitor_skeleton_new();
  compositor->key_monitor = inos_key_monitor_create (tell, reader);
  for (size_t i = 0; i < G_N_ELEMENTS (methods); i++)
    g_signal_connect (reader->object, methods[i].signal, methods[i].callback, reader);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (reader->object), connection,
                                    INOS_BUS_READER_PATH, NULL);
  reader->watch = g_bus_watch_name_on_connection (connection, READER, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                                  on_reader_came, on_reader_went, reader, NULL);
  reader->name = g_bus_own_name_on_connection (connection, NAME, G_BUS_NAME_OWNER_FLAGS_NONE, NULL,
                                               on_name_lost, reader, NULL);
  return reader;
}

void inos_bus_reader_destroy (struct inos_bus_reader *reader)
{
  if (!reader)
    return;
  g_bus_unwatch_name (reader->watch);
  g_bus_unown_name (reader->name);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (reader->object));
  g_object_unref (reader->object);
  g_clear_pointer (&reader->compositor->key_monitor, inos_key_monitor_destroy);
  g_object_unref (reader->connection);
  g_free (reader->owner);
  g_free (reader);
}
