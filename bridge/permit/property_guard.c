/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/permit/property_guard.h"

#include "bridge/error.h"
#include "bridge/permit/permit-private.h"

#define PROPERTIES "org.freedesktop.DBus.Properties"
#define INVALID "org.freedesktop.DBus.Error.InvalidArgs"
#define THREADS 2 /* that wait for the bus to say who somebody is */

struct inos_property_guard {
  struct inos_permit *permit;
  char *path;
  GPtrArray *guarded; /* struct guarded */
  GThreadPool *pool;
  guint filter;
};

struct guarded {
  GDBusInterfaceSkeleton *skeleton;
  const char *capability; /* may be NULL */
};

/* A call that was taken off the bus. */
struct reading {
  struct inos_property_guard *guard;
  GDBusMessage *message;
  struct inos_caller caller;
};

static void reading_free (void *data)
{
  struct reading *reading = data;

  g_object_unref (reading->message);
  g_free (reading);
}

static const struct guarded *find (struct inos_property_guard *guard, const char *interface)
{
  for (guint i = 0; i < guard->guarded->len; i++) {
    const struct guarded *guarded = g_ptr_array_index (guard->guarded, i);

    if (g_strcmp0 (g_dbus_interface_skeleton_get_info (guarded->skeleton)->name, interface) == 0)
      return guarded;
  }
  return NULL;
}

static bool may_read (struct inos_permit *permit, const struct reading *reading,
                      const struct guarded *guarded)
{
  const char *sender = g_dbus_message_get_sender (reading->message);
  const struct inos_caller *caller = &reading->caller;

  if (caller->kind == INOS_CALLER_PROGRAM)
    return true;
  if (caller->kind == INOS_CALLER_APP && guarded->capability != NULL &&
      inos_permit_allows (permit, sender, caller->app, guarded->capability))
    return true;
  inos_permit_note (permit, caller->app, guarded->capability != NULL ? guarded->capability : "",
                    INOS_AUDIT_REFUSED, sender);
  return false;
}

/* Returns: (transfer full): the answer. */
static GDBusMessage *answer (const struct reading *reading)
{
  GDBusMessage *message = reading->message, *reply;
  GVariant *body = g_dbus_message_get_body (message);
  bool all = g_str_equal (g_dbus_message_get_member (message), "GetAll");
  g_autoptr (GVariant) values = NULL, value = NULL;
  const char *interface, *name = NULL;
  const struct guarded *guarded;

  if (body == NULL || !g_variant_is_of_type (body, G_VARIANT_TYPE (all ? "(s)" : "(ss)")))
    return g_dbus_message_new_method_error_literal (message, INVALID, "not the right arguments");
  g_variant_get_child (body, 0, "&s", &interface);
  guarded = find (reading->guard, interface);
  if (guarded == NULL)
    return g_dbus_message_new_method_error_literal (message, INVALID, "no such interface");
  if (!may_read (reading->guard->permit, reading, guarded))
    return g_dbus_message_new_method_error (message, INOS_BUS_ACCESS_DENIED,
                                            "the properties of %s are not this application's to "
                                            "read",
                                            interface);
  values = g_variant_take_ref (g_dbus_interface_skeleton_get_properties (guarded->skeleton));
  if (!all) {
    g_variant_get_child (body, 1, "&s", &name);
    value = g_variant_lookup_value (values, name, NULL);
    if (value == NULL)
      return g_dbus_message_new_method_error_literal (message, INVALID, "no such property");
  }
  reply = g_dbus_message_new_method_reply (message);
  g_dbus_message_set_body (reply,
                           all ? g_variant_new ("(@a{sv})", values) : g_variant_new ("(v)", value));
  return reply;
}

static gboolean on_identified (void *data)
{
  struct reading *reading = data;
  g_autoptr (GDBusMessage) reply = answer (reading);

  if (!(g_dbus_message_get_flags (reading->message) & G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED))
    g_dbus_connection_send_message (reading->guard->permit->bus, reply,
                                    G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
  return G_SOURCE_REMOVE;
}

/* In a thread of the pool. */
static void identify (void *data, void *unused)
{
  struct reading *reading = data;

  inos_callers_identify (reading->guard->permit->callers,
                         g_dbus_message_get_sender (reading->message), &reading->caller);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_identified, reading, reading_free);
}

static bool is_read (struct inos_property_guard *guard, GDBusMessage *message)
{
  const char *member = g_dbus_message_get_member (message);

  return g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL &&
         g_strcmp0 (g_dbus_message_get_interface (message), PROPERTIES) == 0 &&
         g_strcmp0 (g_dbus_message_get_path (message), guard->path) == 0 &&
         (g_strcmp0 (member, "Get") == 0 || g_strcmp0 (member, "GetAll") == 0);
}

/* In GDBus' own thread, which must not wait. */
static GDBusMessage *on_message (GDBusConnection *bus, GDBusMessage *message, gboolean incoming,
                                 void *data)
{
  struct inos_property_guard *guard = data;
  const char *sender = incoming ? g_dbus_message_get_sender (message) : NULL;
  struct inos_caller caller;
  struct reading *reading;

  if (sender == NULL || !is_read (guard, message) ||
      (inos_callers_recall (guard->permit->callers, sender, &caller) &&
       caller.kind == INOS_CALLER_PROGRAM))
    return message;
  reading = g_new0 (struct reading, 1);
  *reading = (struct reading){.guard = guard, .message = message};
  g_thread_pool_push (guard->pool, reading, NULL);
  return NULL;
}

void inos_property_guard_add (struct inos_property_guard *guard, GDBusInterfaceSkeleton *skeleton,
                              const char *capability)
{
  struct guarded *guarded = g_new0 (struct guarded, 1);

  *guarded = (struct guarded){skeleton, capability};
  g_ptr_array_add (guard->guarded, guarded);
}

void inos_property_guard_remove (struct inos_property_guard *guard,
                                 GDBusInterfaceSkeleton *skeleton)
{
  for (guint i = guard->guarded->len; i > 0; i--)
    if (((struct guarded *)g_ptr_array_index (guard->guarded, i - 1))->skeleton == skeleton)
      g_ptr_array_remove_index (guard->guarded, i - 1);
}

struct inos_property_guard *inos_property_guard_new (struct inos_permit *permit, const char *path)
{
  struct inos_property_guard *guard = g_new0 (struct inos_property_guard, 1);

  guard->permit = permit;
  guard->path = g_strdup (path);
  guard->guarded = g_ptr_array_new_with_free_func (g_free);
  guard->pool = g_thread_pool_new (identify, NULL, THREADS, FALSE, NULL);
  guard->filter = g_dbus_connection_add_filter (permit->bus, on_message, guard, NULL);
  return guard;
}

void inos_property_guard_free (struct inos_property_guard *guard)
{
  if (guard == NULL)
    return;
  g_dbus_connection_remove_filter (guard->permit->bus, guard->filter);
  g_thread_pool_free (guard->pool, FALSE, TRUE);
  g_ptr_array_unref (guard->guarded);
  g_free (guard->path);
  g_free (guard);
}
