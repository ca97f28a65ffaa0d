#include "screen_saver.h"

#include <string.h>

#include "bus_window.h"
#include "idle.h"
#include "idle_stage.h"
#include "listener.h"
#include "lock.h"
#include "screen-saver-dbus.h"
#include "seat.h"

static const char *const paths[] = {"/org/freedesktop/ScreenSaver", "/ScreenSaver"};

enum { MAX_NAME = 128 }; /* bytes */

struct inos_screen_saver {
  struct inos_compositor *compositor;
  GDBusConnection *connection;
  InosSaverScreenSaver *objects[G_N_ELEMENTS (paths)];
  GHashTable *inhibitors; /* cookie → owned struct inhibitor */
  guint32 last_cookie;
  bool active;

  struct wl_listener idle_change, lock_change;
};

struct inhibitor {
  struct inos_screen_saver *saver;
  guint32 cookie;
  char *application, *reason;
  char *owner; /* NULL where the connection is no bus */
  guint watch; /* 0 likewise */
};

static void inhibitor_free (void *data)
{
  struct inhibitor *inhibitor = data;
  if (inhibitor->watch)
    g_bus_unwatch_name (inhibitor->watch);
  g_free (inhibitor->application);
  g_free (inhibitor->reason);
  g_free (inhibitor->owner);
  g_free (inhibitor);
}

static void hold (struct inos_screen_saver *saver)
{
  struct inos_compositor *compositor = saver->compositor;
  inos_idle_hold (compositor, INOS_IDLE_SAVER, g_hash_table_size (saver->inhibitors) > 0);
  wl_signal_emit_mutable (&compositor->events.idle_change, compositor);
}

static void on_owner_gone (GDBusConnection *connection, const char *name, void *data)
{
  struct inhibitor *inhibitor = data;
  struct inos_screen_saver *saver = inhibitor->saver;
  g_hash_table_remove (saver->inhibitors, GUINT_TO_POINTER (inhibitor->cookie));
  hold (saver);
}

static char *shorten (const char *text)
{
  g_autofree char *clean = inos_bus_clean (text);
  if (strlen (clean) <= MAX_NAME)
    return g_steal_pointer (&clean);
  *g_utf8_find_prev_char (clean, clean + MAX_NAME + 1) = '\0';
  return g_strdup (clean);
}

static unsigned int count_of (struct inos_screen_saver *saver, const char *owner)
{
  unsigned int count = 0;
  GHashTableIter iter;
  void *value;
  g_hash_table_iter_init (&iter, saver->inhibitors);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    count += g_strcmp0 (((struct inhibitor *)value)->owner, owner) == 0;
  return count;
}

static guint32 next_cookie (struct inos_screen_saver *saver)
{
  do {
    saver->last_cookie++;
  } while (saver->last_cookie == 0 ||
           g_hash_table_contains (saver->inhibitors, GUINT_TO_POINTER (saver->last_cookie)));
  return saver->last_cookie;
}

static gboolean on_inhibit (InosSaverScreenSaver *object, GDBusMethodInvocation *invocation,
                            const char *application, const char *reason, void *data)
{
  struct inos_screen_saver *saver = data;
  const char *owner = g_dbus_method_invocation_get_sender (invocation);
  if (g_hash_table_size (saver->inhibitors) >= INOS_SAVER_MOST ||
      count_of (saver, owner) >= INOS_SAVER_EACH_MOST) {
    g_dbus_method_invocation_return_error (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_LIMITS_EXCEEDED,
      "too many keep the screen awake: a program may %d times, all together %d times",
      INOS_SAVER_EACH_MOST, INOS_SAVER_MOST);
    return TRUE;
  }
  struct inhibitor *inhibitor = g_new0 (struct inhibitor, 1);
  *inhibitor = (struct inhibitor){
    .saver = saver,
    .cookie = next_cookie (saver),
    .application = shorten (application),
    .reason = shorten (reason),
    .owner = g_strdup (owner),
  };
  if (owner)
    inhibitor->watch =
      g_bus_watch_name_on_connection (saver->connection, owner, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                      on_owner_gone, inhibitor, NULL);
  g_hash_table_insert (saver->inhibitors, GUINT_TO_POINTER (inhibitor->cookie), inhibitor);
  hold (saver);
  inos_saver_screen_saver_complete_inhibit (object, invocation, inhibitor->cookie);
  return TRUE;
}

static gboolean on_un_inhibit (InosSaverScreenSaver *object, GDBusMethodInvocation *invocation,
                               guint32 cookie, void *data)
{
  struct inos_screen_saver *saver = data;
  const char *owner = g_dbus_method_invocation_get_sender (invocation);
  const struct inhibitor *inhibitor =
    g_hash_table_lookup (saver->inhibitors, GUINT_TO_POINTER (cookie));
  if (!inhibitor || g_strcmp0 (inhibitor->owner, owner) != 0) {
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "the caller has no inhibitor %u", cookie);
    return TRUE;
  }
  g_hash_table_remove (saver->inhibitors, GUINT_TO_POINTER (cookie));
  hold (saver);
  inos_saver_screen_saver_complete_un_inhibit (object, invocation);
  return TRUE;
}

static gboolean on_simulate_user_activity (InosSaverScreenSaver *object,
                                           GDBusMethodInvocation *invocation, void *data)
{
  struct inos_screen_saver *saver = data;
  inos_idle_activity (saver->compositor->seat);
  inos_saver_screen_saver_complete_simulate_user_activity (object, invocation);
  return TRUE;
}

static gboolean on_get_active (InosSaverScreenSaver *object, GDBusMethodInvocation *invocation,
                               void *data)
{
  const struct inos_screen_saver *saver = data;
  inos_saver_screen_saver_complete_get_active (object, invocation, saver->active);
  return TRUE;
}

static gboolean on_lock (InosSaverScreenSaver *object, GDBusMethodInvocation *invocation,
                         void *data)
{
  struct inos_screen_saver *saver = data;
  g_autoptr (GError) error = NULL;
  if (inos_lock_now (saver->compositor, &error))
    inos_saver_screen_saver_complete_lock (object, invocation);
  else
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                                   error->message);
  return TRUE;
}

static void tell (struct inos_screen_saver *saver)
{
  const struct inos_compositor *compositor = saver->compositor;
  bool active = compositor->locked || inos_stages_reached (compositor->stages, INOS_STAGE_BLANK);
  if (active == saver->active)
    return;
  saver->active = active;
  for (size_t i = 0; i < G_N_ELEMENTS (paths); i++)
    inos_saver_screen_saver_emit_active_changed (saver->objects[i], active);
}

static void handle_idle_change (struct wl_listener *listener, void *data)
{
  struct inos_screen_saver *saver = wl_container_of (listener, saver, idle_change);
  tell (saver);
}

static void handle_lock_change (struct wl_listener *listener, void *data)
{
  struct inos_screen_saver *saver = wl_container_of (listener, saver, lock_change);
  tell (saver);
}

static const struct {
  const char *signal;
  GCallback callback;
} methods[] = {
  {"handle-inhibit", G_CALLBACK (on_inhibit)},
  {"handle-un-inhibit", G_CALLBACK (on_un_inhibit)},
  {"handle-simulate-user-activity", G_CALLBACK (on_simulate_user_activity)},
  {"handle-get-active", G_CALLBACK (on_get_active)},
  {"handle-lock", G_CALLBACK (on_lock)},
};

struct inos_screen_saver *inos_screen_saver_create (struct inos_compositor *compositor,
                                                    GDBusConnection *connection)
{
  struct inos_screen_saver *saver = g_new0 (struct inos_screen_saver, 1);
  saver->compositor = compositor;
  saver->connection = connection;
  saver->inhibitors = g_hash_table_new_full (NULL, NULL, NULL, inhibitor_free);
  CONNECT_SIGNAL (compositor, saver, idle_change);
  CONNECT_SIGNAL (compositor, saver, lock_change);
  for (size_t i = 0; i < G_N_ELEMENTS (paths); i++) {
    saver->objects[i] = inos_saver_screen_saver_skeleton_new();
    for (size_t k = 0; k < G_N_ELEMENTS (methods); k++)
      g_signal_connect (saver->objects[i], methods[k].signal, methods[k].callback, saver);
    g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (saver->objects[i]), connection,
                                      paths[i], NULL);
  }
  tell (saver);
  return saver;
}

void inos_screen_saver_destroy (struct inos_screen_saver *saver)
{
  if (!saver)
    return;
  DISCONNECT (saver->idle_change);
  DISCONNECT (saver->lock_change);
  for (size_t i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (saver->objects[i]));
    g_object_unref (saver->objects[i]);
  }
  g_hash_table_unref (saver->inhibitors);
  inos_idle_hold (saver->compositor, INOS_IDLE_SAVER, false);
  g_free (saver);
}

void inos_screen_saver_for_each (struct inos_screen_saver *saver,
                                 void (*each) (const char *application, const char *reason,
                                               void *data),
                                 void *data)
{
  GHashTableIter iter;
  void *value;
  g_hash_table_iter_init (&iter, saver->inhibitors);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const struct inhibitor *inhibitor = value;
    each (inhibitor->application, inhibitor->reason, data);
  }
}
