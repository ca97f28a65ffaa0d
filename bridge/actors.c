/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/actors.h"

#include "bridge/error.h"
#include "node/api/messages.h"

#include <string.h>

static const struct {
  const char *method, *signal, *message;
} table[] = {
  {"EndPath", "handle-end-path", INOS_ACTORS_PATH_END},
  {"InspectActor", "handle-inspect-actor", INOS_ACTORS_INSPECT},
  {"ListActors", "handle-list-actors", INOS_ACTORS_LIST},
  {"ListCycles", "handle-list-cycles", INOS_ACTORS_CYCLES},
  {"ListDeadLetters", "handle-list-dead-letters", INOS_ACTORS_DEAD_LETTERS},
  {"ReadPath", "handle-read-path", INOS_ACTORS_PATH},
  {"ReadTrace", "handle-read-trace", INOS_ACTORS_TRACED},
  {"ResendDeadLetter", "handle-resend-dead-letter", INOS_ACTORS_RESEND},
  {"RestartActor", "handle-restart-actor", INOS_ACTORS_RESTART},
  {"StopActor", "handle-stop-actor", INOS_ACTORS_STOP},
  {"TraceActor", "handle-trace-actor", INOS_ACTORS_TRACE},
  {"TracePath", "handle-trace-path", INOS_ACTORS_PATH_BEGIN},
};

static const struct {
  GIOErrorEnum code;
  const char *name;
} errors[] = {
  {G_IO_ERROR_BUSY, INOS_BUS_TOO_MANY},
  {G_IO_ERROR_INVALID_ARGUMENT, INOS_BUS_INVALID_ARGUMENT},
  {G_IO_ERROR_NOT_CONNECTED, INOS_BUS_NOT_CONNECTED},
  {G_IO_ERROR_NOT_FOUND, INOS_BUS_NOT_FOUND},
};

static const char *bus_name (const GError *error)
{
  for (size_t i = 0; i < G_N_ELEMENTS (errors); i++)
    if (g_error_matches (error, G_IO_ERROR, (int)errors[i].code))
      return errors[i].name;
  return INOS_BUS_FAILED;
}

static const char *message_of (const char *method)
{
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].method, method))
      return table[i].message;
  return NULL;
}

/* Without the node's code, which the error's name says. */
static const char *sentence_of (const GError *error)
{
  size_t code = strspn (error->message, "abcdefghijklmnopqrstuvwxyz-");

  return code > 0 && g_str_has_prefix (error->message + code, ": ") ? error->message + code + 2
                                                                    : error->message;
}

static void on_reply (GVariant *payload, const GError *error, void *data)
{
  GDBusMethodInvocation *invocation = data;

  if (error == NULL)
    g_dbus_method_invocation_return_value (invocation, payload);
  else
    g_dbus_method_invocation_return_dbus_error (invocation, bus_name (error), sentence_of (error));
}

/* Swapped: whatever arguments the method has come after the invocation, which has them all. */
static gboolean on_method (struct inos_node_link **link, GDBusMethodInvocation *invocation)
{
  inos_node_link_request (*link, message_of (g_dbus_method_invocation_get_method_name (invocation)),
                          g_dbus_method_invocation_get_parameters (invocation), on_reply,
                          invocation);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void inos_actors_forward (InosNode1 *node, struct inos_node_link **link)
{
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    g_signal_connect_swapped (node, table[i].signal, G_CALLBACK (on_method), link);
}

void inos_actors_end (InosNode1 *node, struct inos_node_link **link)
{
  g_signal_handlers_disconnect_by_data (node, link);
}
