#include "bus_idle.h"

#include "compositor-dbus.h"
#include "idle.h"
#include "idle_stage.h"
#include "listener.h"
#include "lock.h"
#include "screen_saver.h"

struct inos_bus_idle {
  struct inos_compositor *compositor;
  InosDBusCompositor1Idle *object;
  struct inos_screen_saver *saver;
  bool logind_inhibited;

  struct wl_listener idle_change, lock_change, config_change;
};

static void add_program (const char *application, const char *reason, void *data)
{
  g_variant_builder_add (data, "(ss)", application, reason);
}

static void fill (struct inos_bus_idle *idle)
{
  const struct inos_stages *stages = idle->compositor->stages;
  g_autoptr (GStrvBuilder) reached = g_strv_builder_new();
  GVariantBuilder times, programs;
  g_variant_builder_init (&times, G_VARIANT_TYPE ("a{su}"));
  g_variant_builder_init (&programs, G_VARIANT_TYPE ("a(ss)"));
  for (enum inos_stage stage = 0; stage < INOS_STAGE_COUNT; stage++) {
    const char *name = inos_stage_name (stage);
    if (inos_stages_reached (stages, stage))
      g_strv_builder_add (reached, name);
    g_variant_builder_add (&times, "{su}", name, (guint32)inos_stages_time (stages, stage));
  }
  inos_screen_saver_for_each (idle->saver, add_program, &programs);
  g_auto (GStrv) names = g_strv_builder_end (reached);
  inos_dbus_compositor1_idle_set_reached (idle->object, (const char *const *)names);
  inos_dbus_compositor1_idle_set_times (idle->object, g_variant_builder_end (&times));
  inos_dbus_compositor1_idle_set_programs (idle->object, g_variant_builder_end (&programs));
  inos_dbus_compositor1_idle_set_on_battery (idle->object, inos_stages_on_battery (stages));
  inos_dbus_compositor1_idle_set_logind_inhibited (idle->object, idle->logind_inhibited);
  inos_dbus_compositor1_idle_set_locked_everywhere (idle->object,
                                                    inos_lock_is_shown (idle->compositor));
}

static void handle_idle_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_idle *idle = wl_container_of (listener, idle, idle_change);
  fill (idle);
}

static void handle_lock_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_idle *idle = wl_container_of (listener, idle, lock_change);
  fill (idle);
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_idle *idle = wl_container_of (listener, idle, config_change);
  fill (idle);
}

static gboolean on_set_machine (InosDBusCompositor1Idle *object, GDBusMethodInvocation *invocation,
                                gboolean on_battery, gboolean inhibited, void *data)
{
  struct inos_bus_idle *idle = data;
  inos_stages_set_on_battery (idle->compositor->stages, on_battery);
  idle->logind_inhibited = inhibited;
  inos_idle_hold (idle->compositor, INOS_IDLE_LOGIND, inhibited);
  fill (idle);
  inos_dbus_compositor1_idle_complete_set_machine (object, invocation);
  return TRUE;
}

struct inos_bus_idle *inos_bus_idle_create (struct inos_compositor *compositor,
                                            GDBusConnection *connection, const char *path)
{
  struct inos_bus_idle *idle = g_new0 (struct inos_bus_idle, 1);
  idle->compositor = compositor;
  idle->saver = inos_screen_saver_create (compositor, connection);
  idle->object = inos_dbus_compositor1_idle_skeleton_new();
  fill (idle);
  CONNECT_SIGNAL (compositor, idle, idle_change);
  CONNECT_SIGNAL (compositor, idle, lock_change);
  CONNECT_SIGNAL (compositor, idle, config_change);
  g_signal_connect (idle->object, "handle-set-machine", G_CALLBACK (on_set_machine), idle);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (idle->object), connection, path,
                                    NULL);
  return idle;
}

void inos_bus_idle_destroy (struct inos_bus_idle *idle)
{
  DISCONNECT (idle->idle_change);
  DISCONNECT (idle->lock_change);
  DISCONNECT (idle->config_change);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (idle->object));
  g_object_unref (idle->object);
  inos_screen_saver_destroy (idle->saver);
  g_free (idle);
}
