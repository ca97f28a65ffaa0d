/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/forward.h"

#include "bridge/error.h"
#include "node/api/messages.h"

#include <string.h>

#define FORWARD "inos-forward" /* of a skeleton: struct forward */
#define NODE "org.inos.Node1"
#define MACHINE "org.inos.Node1.Machine"
#define MESH "org.inos.Node1.Mesh"
#define TERMINALS "org.inos.Node1.Terminals"

static const struct {
  const char *interface, *method, *signal, *message;
} table[] = {
  {NODE, "AnswerLetter", "handle-answer-letter", INOS_ACTORS_ANSWER},
  {NODE, "AskActor", "handle-ask-actor", INOS_ACTORS_ASK},
  {NODE, "CloseMailbox", "handle-close-mailbox", INOS_ACTORS_CLOSE},
  {NODE, "EndPath", "handle-end-path", INOS_ACTORS_PATH_END},
  {NODE, "InspectActor", "handle-inspect-actor", INOS_ACTORS_INSPECT},
  {NODE, "ListActors", "handle-list-actors", INOS_ACTORS_LIST},
  {NODE, "ListCycles", "handle-list-cycles", INOS_ACTORS_CYCLES},
  {NODE, "ListDeadLetters", "handle-list-dead-letters", INOS_ACTORS_DEAD_LETTERS},
  {NODE, "OpenMailbox", "handle-open-mailbox", INOS_ACTORS_OPEN},
  {NODE, "ReadPath", "handle-read-path", INOS_ACTORS_PATH},
  {NODE, "ReadTrace", "handle-read-trace", INOS_ACTORS_TRACED},
  {NODE, "ReceiveLetters", "handle-receive-letters", INOS_ACTORS_RECEIVE},
  {NODE, "ResendDeadLetter", "handle-resend-dead-letter", INOS_ACTORS_RESEND},
  {NODE, "RestartActor", "handle-restart-actor", INOS_ACTORS_RESTART},
  {NODE, "SendLetters", "handle-send-letters", INOS_ACTORS_SEND},
  {NODE, "StopActor", "handle-stop-actor", INOS_ACTORS_STOP},
  {NODE, "TraceActor", "handle-trace-actor", INOS_ACTORS_TRACE},
  {NODE, "TracePath", "handle-trace-path", INOS_ACTORS_PATH_BEGIN},
  {MACHINE, "DescribeLogs", "handle-describe-logs", INOS_MACHINE_LOGS},
  {MACHINE, "EndProcess", "handle-end-process", INOS_MACHINE_END},
  {MACHINE, "InspectLog", "handle-inspect-log", INOS_MACHINE_LOG},
  {MACHINE, "InspectProcess", "handle-inspect-process", INOS_MACHINE_PROCESS},
  {MACHINE, "ListDisks", "handle-list-disks", INOS_MACHINE_DISKS},
  {MACHINE, "ListInterfaces", "handle-list-interfaces", INOS_MACHINE_INTERFACES},
  {MACHINE, "ListProcesses", "handle-list-processes", INOS_MACHINE_PROCESSES},
  {MACHINE, "ListUnits", "handle-list-units", INOS_MACHINE_UNITS},
  {MACHINE, "ReadLog", "handle-read-log", INOS_MACHINE_LOG_READ},
  {MACHINE, "SetPriority", "handle-set-priority", INOS_MACHINE_PRIORITY},
  {MESH, "AllowActor", "handle-allow-actor", INOS_MESH_ALLOW},
  {MESH, "Bandwidth", "handle-bandwidth", INOS_MESH_BANDWIDTH},
  {MESH, "ChangeState", "handle-change-state", INOS_MESH_STATE_CHANGE},
  {MESH, "CloseState", "handle-close-state", INOS_MESH_STATE_CLOSE},
  {NODE, "WaitActor", "handle-wait-actor", INOS_ACTORS_WAIT},
  {MESH, "Connect", "handle-connect", INOS_MESH_CONNECT},
  {MESH, "DecideRequest", "handle-decide-request", INOS_MESH_DECIDE},
  {MESH, "Disconnect", "handle-disconnect", INOS_MESH_DISCONNECT},
  {MESH, "ExplainPeer", "handle-explain-peer", INOS_MESH_WHY_NOT_DIRECT},
  {MESH, "FindPeer", "handle-find-peer", INOS_MESH_FIND_PEER},
  {MESH, "FindProviders", "handle-find-providers", INOS_MESH_PROVIDERS},
  {MESH, "FindService", "handle-find-service", INOS_MESH_FIND_SERVICE},
  {MESH, "ForgetReputation", "handle-forget-reputation", INOS_MESH_REPUTATION_FORGET},
  {MESH, "GetValue", "handle-get-value", INOS_MESH_GET},
  {MESH, "InspectPeer", "handle-inspect-peer", INOS_MESH_INSPECT},
  {MESH, "Invite", "handle-invite", INOS_MESH_INVITE},
  {MESH, "Join", "handle-join", INOS_MESH_JOIN},
  {MESH, "JoinGroup", "handle-join-group", INOS_MESH_GROUP_JOIN},
  {MESH, "LeaveGroup", "handle-leave-group", INOS_MESH_GROUP_LEAVE},
  {MESH, "LeaveMesh", "handle-leave-mesh", INOS_MESH_LEAVE},
  {MESH, "ListAccess", "handle-list-access", INOS_MESH_ACCESS},
  {MESH, "ListManagers", "handle-list-managers", INOS_MESH_MANAGERS},
  {MESH, "ListGroups", "handle-list-groups", INOS_MESH_GROUPS},
  {MESH, "ListLimits", "handle-list-limits", INOS_MESH_LIMITS},
  {MESH, "ListMembers", "handle-list-members", INOS_MESH_MEMBERS},
  {MESH, "ListNodes", "handle-list-nodes", INOS_MESH_NODES},
  {MESH, "ListOffers", "handle-list-offers", INOS_MESH_OFFERS},
  {MESH, "ListPeerActors", "handle-list-peer-actors", INOS_MESH_ACTORS},
  {MESH, "ListServices", "handle-list-services", INOS_MESH_SERVICES},
  {MESH, "ListPeers", "handle-list-peers", INOS_MESH_PEERS},
  {MESH, "ListReputations", "handle-list-reputations", INOS_MESH_REPUTATION},
  {MESH, "ListRequests", "handle-list-requests", INOS_MESH_REQUESTS},
  {MESH, "ListStates", "handle-list-states", INOS_MESH_STATES},
  {MESH, "ListTopics", "handle-list-topics", INOS_MESH_TOPICS},
  {MESH, "MeasurePeer", "handle-measure-peer", INOS_MESH_PERF},
  {MESH, "OfferService", "handle-offer-service", INOS_MESH_OFFER},
  {MESH, "OpenState", "handle-open-state", INOS_MESH_STATE_OPEN},
  {MESH, "PassSeat", "handle-pass-seat", INOS_MESH_PASS},
  {MESH, "Ping", "handle-ping", INOS_MESH_PING},
  {MESH, "Provide", "handle-provide", INOS_MESH_PROVIDE},
  {MESH, "Publish", "handle-publish", INOS_MESH_PUBLISH},
  {MESH, "PutValue", "handle-put-value", INOS_MESH_PUT},
  {MESH, "ReadAudit", "handle-read-audit", INOS_MESH_AUDIT},
  {MESH, "ReadRoll", "handle-read-roll", INOS_MESH_ROLL},
  {MESH, "ReadState", "handle-read-state", INOS_MESH_STATE},
  {MESH, "ResignGroup", "handle-resign-group", INOS_MESH_GROUP_RESIGN},
  {MESH, "RevokeMember", "handle-revoke-member", INOS_MESH_REVOKE},
  {MESH, "RotateIdentity", "handle-rotate-identity", INOS_MESH_ROTATE},
  {MESH, "SetLimit", "handle-set-limit", INOS_MESH_LIMIT},
  {MESH, "SetManager", "handle-set-manager", INOS_MESH_MANAGE},
  {MESH, "SetSaving", "handle-set-saving", INOS_MESH_SAVE},
  {MESH, "ShareState", "handle-share-state", INOS_MESH_STATE_SHARE},
  {MESH, "Status", "handle-status", INOS_MESH_STATUS},
  {MESH, "SubscribeTopic", "handle-subscribe-topic", INOS_MESH_SUBSCRIBE},
  {MESH, "Unprovide", "handle-unprovide", INOS_MESH_UNPROVIDE},
  {MESH, "UnsubscribeTopic", "handle-unsubscribe-topic", INOS_MESH_UNSUBSCRIBE},
  {MESH, "WithdrawService", "handle-withdraw-service", INOS_MESH_WITHDRAW},
  {TERMINALS, "Close", "handle-close", INOS_TERMINALS_CLOSE},
  {TERMINALS, "List", "handle-list", INOS_TERMINALS_LIST},
  {TERMINALS, "Open", "handle-open", INOS_TERMINALS_OPEN},
  {TERMINALS, "Resize", "handle-resize", INOS_TERMINALS_RESIZE},
};

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
  const char *interface = g_dbus_method_invocation_get_interface_name (invocation);
  const char *method = g_dbus_method_invocation_get_method_name (invocation);

  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].interface, interface) && g_str_equal (table[i].method, method))
      return table[i].message;
  return NULL;
}

const char *inos_forward_find (const char *method)
{
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    if ((g_str_equal (table[i].interface, NODE) || g_str_equal (table[i].interface, MACHINE)) &&
        g_str_equal (table[i].method, method))
      return table[i].message;
  return NULL;
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
  struct inos_permit *permit; /* may be NULL */
  GHashTable *waiting;        /* caller → how many looks it waits for */
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

/* One more, or less; who waits for none is forgotten. */
static void count (GHashTable *waiting, const char *caller, int by)
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
    count (call->waiting, call->caller, -1);
    g_hash_table_unref (call->waiting);
  }
  g_free (call->caller);
  g_free (call);
}

static struct forward *forward_of (GDBusInterfaceSkeleton *skeleton)
{
  return g_object_get_data (G_OBJECT (skeleton), FORWARD);
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
    count (forward->waiting, caller, 1);
    call->waiting = g_hash_table_ref (forward->waiting);
    call->caller = g_steal_pointer (&caller);
  }
  inos_node_link_request (*forward->link, message,
                          g_dbus_method_invocation_get_parameters (invocation), on_reply, call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void inos_forward (GDBusInterfaceSkeleton *skeleton, struct inos_node_link **link,
                   struct inos_permit *permit)
{
  const char *interface = g_dbus_interface_skeleton_get_info (skeleton)->name;
  struct forward *forward = g_new0 (struct forward, 1);

  *forward =
    (struct forward){link, permit, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL)};
  g_object_set_data_full (G_OBJECT (skeleton), FORWARD, forward, forward_free);
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_str_equal (table[i].interface, interface))
      g_signal_connect (skeleton, table[i].signal, G_CALLBACK (on_method), NULL);
}

void inos_forward_end (GDBusInterfaceSkeleton *skeleton)
{
  g_signal_handlers_disconnect_by_func (skeleton, on_method, NULL);
  g_object_set_data (G_OBJECT (skeleton), FORWARD, NULL);
}
