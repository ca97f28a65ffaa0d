/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/forward.h"

#include "bridge/error.h"
#include "bridge/routes.h"
#include "node/api/messages.h"

#include <string.h>

#define FORWARD "inos-forward" /* of a skeleton: struct forward */
static const struct {
  GIOErrorEnum code;
  const char *name;
} errors[] = {
  {G_IO_ERROR_BUSY, INOS_BUS_TOO_MANY},
  {G_IO_ERROR_INVALID_ARGUMENT, INOS_BUS_INVALID_ARGUMENT},
  {G_IO_ERROR_NOT_CONNECTED, INOS_BUS_NOT_CONNECTED},
  {G_IO_ERROR_PERMISSION_DENIED, INOS_BUS_ACCESS_DENIED},
  {G_IO_ERROR_NOT_FOUND, INOS_BUS_NOT_FOUND},
  {G_IO_ERROR_NOT_SUPPORTED, INOS_BUS_NOT_SUPPORTED},
  {G_IO_ERROR_HOST_UNREACHABLE, INOS_BUS_UNREACHABLE},
};

static const char *bus_name (const GError *error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (errors); i++)
    if (g_error_matches (error, G_IO_ERROR, (int)errors[i].code))
      return errors[i].name;
  return INOS_BUS_FAILED;
}

static const char *message_of (GDBusMethodInvocation *invocation)
{
  return inos_route_message (g_dbus_method_invocation_get_interface_name (invocation),
                             g_dbus_method_invocation_get_method_name (invocation));
}

const char *inos_forward_find (const char *method)
{
  const char *message = inos_route_message ("org.inos.Node1", method);

  return message ? message : inos_route_message ("org.inos.Node1.Machine", method);
}

/* What changes something waits for none of what is looked for. */
static bool is_deed (const char *message)
{
  static const char *const deeds[] = {INOS_MACHINE_END, INOS_MACHINE_PRIORITY};

  for (size_t i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (g_str_equal (deeds[i], message))
      return true;
  return false;
}

/* Without the node's code, which the error's name says. */
static const char *sentence_of (const GError *error)
{
  size_t code = strspn (error->message, "abcdefghijklmnopqrstuvwxyz-");

  return code > 0 && g_str_has_prefix (error->message + code, ": ") ? error->message + code + 2
                                                                    : error->message;
}

void inos_forward_refuse (GDBusMethodInvocation *invocation, const GError *error)
{
  g_dbus_method_invocation_return_dbus_error (invocation, bus_name (error), sentence_of (error));
}

/* What a skeleton is forwarded by. */
struct forward {
  struct inos_node_link **link;
  struct inos_node_link **letters; /* to other nodes; NULL: as the rest */
  struct inos_permit *permit;      /* may be NULL */
  GHashTable *waiting;             /* caller → how many looks it waits for */
};

struct call {
  GDBusMethodInvocation *invocation;
  GHashTable *waiting; /* NULL: nobody counts */
  char *caller;
};

static void forward_free (void *data)
{
  struct forward *forward = data;

  g_hash_table_unref (forward->waiting);
  g_free (forward);
}

void inos_forward_count (GHashTable *waiting, const char *caller, int by)
{
  int now = GPOINTER_TO_INT (g_hash_table_lookup (waiting, caller)) + by;

  if (now > 0)
    g_hash_table_replace (waiting, g_strdup (caller), GINT_TO_POINTER (now));
  else
    g_hash_table_remove (waiting, caller);
}

static void on_reply (GVariant *payload, const GError *error, void *data)
{
  struct call *call = data;

  if (error == NULL)
    g_dbus_method_invocation_return_value (call->invocation, payload);
  else
    inos_forward_refuse (call->invocation, error);
  if (call->waiting != NULL) {
    inos_forward_count (call->waiting, call->caller, -1);
    g_hash_table_unref (call->waiting);
  }
  g_free (call->caller);
  g_free (call);
}

static struct forward *forward_of (GDBusInterfaceSkeleton *skeleton)
{
  return g_object_get_data (G_OBJECT (skeleton), FORWARD);
}

static struct inos_node_link *link_for (const struct forward *forward, const char *message,
                                        GVariant *parameters)
{
  const char *who;

  if (forward->letters == NULL ||
      !(g_str_equal (message, INOS_ACTORS_SEND) || g_str_equal (message, INOS_ACTORS_ASK) ||
        g_str_equal (message, INOS_ACTORS_WAIT)))
    return *forward->link;
  g_variant_get_child (parameters, 0, "&s", &who);
  return strchr (who, '/') != NULL ? *forward->letters : *forward->link;
}

/* Whatever arguments the method has come after the invocation, which has them all. */
static gboolean on_method (GDBusInterfaceSkeleton *skeleton, GDBusMethodInvocation *invocation)
{
  struct forward *forward = forward_of (skeleton);
  const char *message = message_of (invocation);
  g_autofree char *caller = forward->permit && !is_deed (message)
                              ? inos_permit_name_caller (forward->permit, invocation)
                              : NULL;
  struct call *call;

  if (caller &&
      GPOINTER_TO_INT (g_hash_table_lookup (forward->waiting, caller)) >= INOS_FORWARD_LOOKS) {
    g_dbus_method_invocation_return_dbus_error (
      invocation, INOS_BUS_TOO_MANY, "Too much is asked at once: wait for what was asked before.");
    return G_DBUS_METHOD_INVOCATION_HANDLED;
  }
  call = g_new0 (struct call, 1);
  call->invocation = invocation;
  if (caller) {
    inos_forward_count (forward->waiting, caller, 1);
    call->waiting = g_hash_table_ref (forward->waiting);
    call->caller = g_steal_pointer (&caller);
  }
  GVariant *parameters = g_dbus_method_invocation_get_parameters (invocation);
  inos_node_link_request (link_for (forward, message, parameters), message, parameters, on_reply,
                          call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void inos_forward (GDBusInterfaceSkeleton *skeleton, struct inos_node_link **link,
                   struct inos_permit *permit)
{
  const char *interface = g_dbus_interface_skeleton_get_info (skeleton)->name;
  struct forward *forward = g_new0 (struct forward, 1);

  *forward = (struct forward){
    .link = link,
    .permit = permit,
    .waiting = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
  };
  g_object_set_data_full (G_OBJECT (skeleton), FORWARD, forward, forward_free);
  size_t count;
  const struct inos_route *table = inos_routes (&count);
  for (size_t i = 0; i < count; i++)
    if (g_str_equal (table[i].interface, interface))
      g_signal_connect (skeleton, table[i].signal, G_CALLBACK (on_method), NULL);
}

void inos_forward_letters (GDBusInterfaceSkeleton *skeleton, struct inos_node_link **link)
{
  forward_of (skeleton)->letters = link;
}

void inos_forward_end (GDBusInterfaceSkeleton *skeleton)
{
  g_signal_handlers_disconnect_by_func (skeleton, on_method, NULL);
  g_object_set_data (G_OBJECT (skeleton), FORWARD, NULL);
}
