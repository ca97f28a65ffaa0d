#include "bus_profile.h"

#include "bus_window.h"
#include "compositor-dbus.h"
#include "listener.h"
#include "output_profile.h"

struct inos_bus_profiles {
  struct inos_compositor *compositor;
  InosDBusCompositor1Profiles *object;

  struct wl_listener profile_change;
};

static void add_profile (const char *id, const char *const *monitors, bool current, void *data)
{
  g_variant_builder_open (data, G_VARIANT_TYPE ("(sasb)"));
  g_variant_builder_add (data, "s", id);
  g_variant_builder_open (data, G_VARIANT_TYPE ("as"));
  for (; monitors && *monitors; monitors++) {
    g_autofree char *clean = inos_bus_clean (*monitors);
    g_variant_builder_add (data, "s", clean);
  }
  g_variant_builder_close (data);
  g_variant_builder_add (data, "b", current);
  g_variant_builder_close (data);
}

static void fill (struct inos_bus_profiles *profiles)
{
  GVariantBuilder list;
  g_variant_builder_init (&list, G_VARIANT_TYPE ("a(sasb)"));
  inos_output_profiles_for_each (profiles->compositor, add_profile, &list);
  inos_dbus_compositor1_profiles_set_profiles (profiles->object, g_variant_builder_end (&list));
}

static void handle_profile_change (struct wl_listener *listener, void *data)
{
  struct inos_bus_profiles *profiles = wl_container_of (listener, profiles, profile_change);
  fill (profiles);
}

/* In the thread that writes, which GDBus allows. */
static void answer (bool done, void *data)
{
  GDBusMethodInvocation *invocation = data;
  if (done)
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    g_dbus_method_invocation_return_error_literal (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
      "the file of profiles cannot be written: see the log");
}

static gboolean on_save (InosDBusCompositor1Profiles *object, GDBusMethodInvocation *invocation,
                         void *data)
{
  struct inos_bus_profiles *profiles = data;
  if (!inos_output_profiles_save (profiles->compositor, answer, invocation))
    g_dbus_method_invocation_return_error_literal (invocation, G_DBUS_ERROR, G_DBUS_ERROR_FAILED,
                                                   "no monitor is plugged in");
  return TRUE;
}

static gboolean on_forget (InosDBusCompositor1Profiles *object, GDBusMethodInvocation *invocation,
                           const char *id, void *data)
{
  struct inos_bus_profiles *profiles = data;
  if (!inos_output_profiles_forget (profiles->compositor, id, answer, invocation))
    g_dbus_method_invocation_return_error_literal (
      invocation, G_DBUS_ERROR, G_DBUS_ERROR_FILE_NOT_FOUND, "there is no such profile");
  return TRUE;
}

struct inos_bus_profiles *inos_bus_profiles_create (struct inos_compositor *compositor,
                                                    GDBusConnection *connection, const char *path)
{
  struct inos_bus_profiles *profiles = g_new0 (struct inos_bus_profiles, 1);
  profiles->compositor = compositor;
  profiles->object = inos_dbus_compositor1_profiles_skeleton_new();
  fill (profiles);
  CONNECT_SIGNAL (compositor, profiles, profile_change);
  g_signal_connect (profiles->object, "handle-save", G_CALLBACK (on_save), profiles);
  g_signal_connect (profiles->object, "handle-forget", G_CALLBACK (on_forget), profiles);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (profiles->object), connection, path,
                                    NULL);
  return profiles;
}

void inos_bus_profiles_destroy (struct inos_bus_profiles *profiles)
{
  DISCONNECT (profiles->profile_change);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (profiles->object));
  g_object_unref (profiles->object);
  g_free (profiles);
}
