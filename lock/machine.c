/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "machine.h"

#define UPOWER "org.freedesktop.UPower"
#define DEVICE_PATH "/org/freedesktop/UPower/devices/DisplayDevice"
#define DEVICE "org.freedesktop.UPower.Device"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define MANAGER "org.freedesktop.login1.Manager"

enum { TIMEOUT = 10000 /* ms */, CHARGING = 1, FULL = 4 /* UPower's states */ };

struct inos_machine {
  const struct inos_machine_events *events;
  void *data;
  GDBusConnection *bus; /* NULL until there is one */
  GCancellable *cancellable;
  guint subscription;
  struct inos_machine_state state;
};

/* Returns false where the machine is gone: the call was cancelled with it. */
static bool finish_call (GObject *bus, GAsyncResult *result, GVariant **reply, GError **error)
{
  *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (bus), result, error);
  return *reply || !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void take_battery (struct inos_machine *machine, GVariant *properties)
{
  gboolean present;
  double percent;
  guint32 state;
  if (g_variant_lookup (properties, "IsPresent", "b", &present))
    machine->state.has_battery = present;
  if (g_variant_lookup (properties, "Percentage", "d", &percent))
    machine->state.percent = (int)CLAMP (percent + 0.5, 0, 100);
  if (g_variant_lookup (properties, "State", "u", &state))
    machine->state.charging = state == CHARGING || state == FULL;
  machine->events->changed (&machine->state, machine->data);
}

static void on_properties (GObject *bus, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  if (!finish_call (bus, result, &reply, &error) || !reply)
    return;
  if (!g_variant_is_of_type (reply, G_VARIANT_TYPE ("(a{sv})")))
    return;
  g_autoptr (GVariant) properties = g_variant_get_child_value (reply, 0);
  take_battery (data, properties);
}

static void on_changed (GDBusConnection *bus, const char *sender, const char *path,
                        const char *interface, const char *name, GVariant *arguments, gpointer data)
{
  if (!g_variant_is_of_type (arguments, G_VARIANT_TYPE ("(sa{sv}as)")))
    return;
  g_autoptr (GVariant) properties = g_variant_get_child_value (arguments, 1);
  take_battery (data, properties);
}

static void take_answer (GObject *bus, GAsyncResult *result, struct inos_machine *machine,
                         enum inos_machine_deed deed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  const char *answer = "";
  if (!finish_call (bus, result, &reply, &error))
    return;
  if (reply && g_variant_is_of_type (reply, G_VARIANT_TYPE ("(s)")))
    g_variant_get (reply, "(&s)", &answer);
  machine->state.can[deed] = g_str_equal (answer, "yes");
  machine->events->changed (&machine->state, machine->data);
}

static void on_can_suspend (GObject *bus, GAsyncResult *result, gpointer data)
{
  take_answer (bus, result, data, INOS_MACHINE_SUSPEND);
}

static void on_can_restart (GObject *bus, GAsyncResult *result, gpointer data)
{
  take_answer (bus, result, data, INOS_MACHINE_RESTART);
}

static void on_can_power_off (GObject *bus, GAsyncResult *result, gpointer data)
{
  take_answer (bus, result, data, INOS_MACHINE_POWER_OFF);
}

static void call (struct inos_machine *machine, const char *name, const char *path,
                  const char *interface, const char *method, GVariant *arguments,
                  GAsyncReadyCallback done)
{
  g_dbus_connection_call (machine->bus, name, path, interface, method, arguments, NULL,
                          G_DBUS_CALL_FLAGS_NONE, TIMEOUT, machine->cancellable, done, machine);
}

static void on_suspended (GObject *bus, GAsyncResult *result, gpointer data);
static void on_restarted (GObject *bus, GAsyncResult *result, gpointer data);
static void on_powered_off (GObject *bus, GAsyncResult *result, gpointer data);

static const struct {
  const char *question, *method; /* logind's */
  GAsyncReadyCallback answered, done;
} deeds[] = {
  [INOS_MACHINE_SUSPEND] = {"CanSuspend", "Suspend", on_can_suspend, on_suspended},
  [INOS_MACHINE_RESTART] = {"CanReboot", "Reboot", on_can_restart, on_restarted},
  [INOS_MACHINE_POWER_OFF] = {"CanPowerOff", "PowerOff", on_can_power_off, on_powered_off},
};

static void on_bus (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);
  if (!bus)
    return; /* there is none, or nobody wants it any more */
  struct inos_machine *machine = data;
  machine->bus = bus;
  /* The bus may go, and the lock screen stays. */
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  machine->subscription =
    g_dbus_connection_signal_subscribe (bus, UPOWER, PROPERTIES, "PropertiesChanged", DEVICE_PATH,
                                        NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_changed, machine, NULL);
  call (machine, UPOWER, DEVICE_PATH, PROPERTIES, "GetAll", g_variant_new ("(s)", DEVICE),
        on_properties);
  for (int i = 0; i < INOS_MACHINE_DEEDS; i++)
    call (machine, LOGIND, LOGIND_PATH, MANAGER, deeds[i].question, NULL, deeds[i].answered);
}

static void take_done (GObject *bus, GAsyncResult *result, struct inos_machine *machine,
                       enum inos_machine_deed deed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  if (!finish_call (bus, result, &reply, &error) || reply)
    return;
  g_dbus_error_strip_remote_error (error);
  machine->events->refused (deed, error->message, machine->data);
}

static void on_suspended (GObject *bus, GAsyncResult *result, gpointer data)
{
  take_done (bus, result, data, INOS_MACHINE_SUSPEND);
}

static void on_restarted (GObject *bus, GAsyncResult *result, gpointer data)
{
  take_done (bus, result, data, INOS_MACHINE_RESTART);
}

static void on_powered_off (GObject *bus, GAsyncResult *result, gpointer data)
{
  take_done (bus, result, data, INOS_MACHINE_POWER_OFF);
}

void inos_machine_do (struct inos_machine *machine, enum inos_machine_deed deed)
{
  if (machine->bus && machine->state.can[deed])
    call (machine, LOGIND, LOGIND_PATH, MANAGER, deeds[deed].method, g_variant_new ("(b)", FALSE),
          deeds[deed].done);
}

struct inos_machine *inos_machine_create (const struct inos_machine_events *events, void *data)
{
  struct inos_machine *machine = g_new0 (struct inos_machine, 1);
  machine->events = events;
  machine->data = data;
  machine->cancellable = g_cancellable_new();
  g_bus_get (G_BUS_TYPE_SYSTEM, machine->cancellable, on_bus, machine);
  return machine;
}

void inos_machine_destroy (struct inos_machine *machine)
{
  if (!machine)
    return;
  g_cancellable_cancel (machine->cancellable);
  g_object_unref (machine->cancellable);
  if (machine->subscription)
    g_dbus_connection_signal_unsubscribe (machine->bus, machine->subscription);
  g_clear_object (&machine->bus);
  g_free (machine);
}
