/*
 * The table of capabilities.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/policy.h"

#include "bridge/error.h"

#include <string.h>

#define BUS_PATIENCE 2000 /* ms */

/* Whose are the capabilities that begin with "shell.": by their names on the bus. */
static const struct {
  const char *capability, *name;
} owners[] = {
  {"shell.arena", "org.inos.Shell1"},
  {"shell.arena", "org.inos.NodeManager"},
  {"shell.permissions", "org.inos.Shell1"},
};

static const struct inos_policy_rule table[] = {
  {"org.inos.Node1", "AnswerLetter", "node.actors.control"},
  {"org.inos.Node1", "AskActor", "node.actors.control"},
  {"org.inos.Node1", "CloseMailbox", "node.actors.control"},
  {"org.inos.Node1", "EndPath", "node.actors.control"},
  {"org.inos.Node1", "InspectActor", "node.actors"},
  {"org.inos.Node1", "ListActors", "node.actors"},
  {"org.inos.Node1", "ListCycles", "node.actors"},
  {"org.inos.Node1", "ListDeadLetters", "node.actors"},
  {"org.inos.Node1", "OpenArena", "shell.arena"},
  {"org.inos.Node1", "OpenMailbox", "node.actors.control"},
  {"org.inos.Node1", "ReadPath", "node.actors"},
  {"org.inos.Node1", "ReadTrace", "node.actors"},
  {"org.inos.Node1", "ReceiveLetters", "node.actors.control"},
  {"org.inos.Node1", "Refresh", "node.resources"},
  {"org.inos.Node1", "ResendDeadLetter", "node.actors.control"},
  {"org.inos.Node1", "RestartActor", "node.actors.control"},
  {"org.inos.Node1", "SendLetters", "node.actors.control"},
  {"org.inos.Node1", "StopActor", "node.actors.control"},
  {"org.inos.Node1", "Subscribe", "node.resources"},
  {"org.inos.Node1", "TraceActor", "node.actors.control"},
  {"org.inos.Node1", "TracePath", "node.actors.control"},
  {"org.inos.Node1", "Unsubscribe", "node.resources"},
  {"org.inos.Node1", "WaitActor", "node.actors"},
  {"org.inos.Node1.Machine", "DescribeLogs", "node.logs"},
  {"org.inos.Node1.Machine", "EndProcess", "node.processes.control"},
  {"org.inos.Node1.Machine", "InspectLog", "node.logs"},
  {"org.inos.Node1.Machine", "InspectProcess", "node.processes"},
  {"org.inos.Node1.Machine", "ListDisks", "node.resources"},
  {"org.inos.Node1.Machine", "ListInterfaces", "node.resources"},
  {"org.inos.Node1.Machine", "ListProcesses", "node.processes"},
  {"org.inos.Node1.Machine", "ListUnits", "node.processes"},
  {"org.inos.Node1.Machine", "ReadLog", "node.logs"},
  {"org.inos.Node1.Machine", "SetPriority", "node.processes.control"},
  {"org.inos.Node1.Mesh", "AllowActor", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "AskNode", "node.remote"},
  {"org.inos.Node1.Mesh", "Bandwidth", "node.mesh"},
  {"org.inos.Node1.Mesh", "ChangeState", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "CloseState", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "Connect", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "DecideRequest", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "Disconnect", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "ExplainPeer", "node.mesh"},
  {"org.inos.Node1.Mesh", "FindPeer", "node.mesh"},
  {"org.inos.Node1.Mesh", "FindProviders", "node.mesh"},
  {"org.inos.Node1.Mesh", "FindService", "node.mesh"},
  {"org.inos.Node1.Mesh", "ForgetReputation", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "GetValue", "node.mesh"},
  {"org.inos.Node1.Mesh", "InspectPeer", "node.mesh"},
  {"org.inos.Node1.Mesh", "Invite", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "Join", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "JoinGroup", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "LeaveGroup", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "LeaveMesh", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "ListAccess", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListGroups", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListLimits", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListManagers", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListMembers", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListNodes", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListOffers", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListPeerActors", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListPeers", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListReputations", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListRequests", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListServices", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListStates", "node.mesh"},
  {"org.inos.Node1.Mesh", "ListTopics", "node.mesh"},
  {"org.inos.Node1.Mesh", "MeasurePeer", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "OfferService", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "OpenState", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "PassSeat", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "Ping", "node.mesh"},
  {"org.inos.Node1.Mesh", "Provide", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "Publish", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "PutValue", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "ReadAudit", "node.mesh"},
  {"org.inos.Node1.Mesh", "ReadRoll", "node.mesh"},
  {"org.inos.Node1.Mesh", "ReadState", "node.mesh"},
  {"org.inos.Node1.Mesh", "ResignGroup", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "RevokeMember", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "RotateIdentity", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "SetLimit", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "SetManager", "node.remote.control"},
  {"org.inos.Node1.Mesh", "SetSaving", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "ShareState", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "Status", "node.mesh"},
  {"org.inos.Node1.Mesh", "SteerNode", "node.remote.control"},
  {"org.inos.Node1.Mesh", "SubscribeTopic", "node.mesh"},
  {"org.inos.Node1.Mesh", "Unprovide", "node.mesh.control"},
  {"org.inos.Node1.Mesh", "UnsubscribeTopic", "node.mesh"},
  {"org.inos.Node1.Mesh", "WithdrawService", "node.mesh.control"},
  {"org.inos.Node1.Permissions", "Answer", "shell.permissions"},
  {"org.inos.Node1.Permissions", "Ask", "shell.permissions"},
  {"org.inos.Node1.Permissions", "Grant", "permissions.control"},
  {"org.inos.Node1.Permissions", "List", "permissions.read"},
  {"org.inos.Node1.Permissions", "ListCapabilities", "permissions.read"},
  {"org.inos.Node1.Permissions", "ReadAudit", "permissions.read"},
  {"org.inos.Node1.Permissions", "Revoke", "permissions.control"},
  {"org.inos.Node1.Permissions", "Withdraw", "shell.permissions"},
  {"org.inos.Node1.Terminals", "Attach", "node.terminals.control"},
  {"org.inos.Node1.Terminals", "Close", "node.terminals.control"},
  {"org.inos.Node1.Terminals", "List", "node.terminals"},
  {"org.inos.Node1.Terminals", "Open", "node.terminals.control"},
  {"org.inos.Node1.Terminals", "Resize", "node.terminals.control"},
};

const struct inos_policy_rule *inos_policy_table (size_t *count)
{
  *count = G_N_ELEMENTS (table);
  return table;
}

const char *inos_policy_capability (const char *interface, const char *method)
{
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_strcmp0 (table[i].interface, interface) == 0 && g_strcmp0 (table[i].method, method) == 0)
      return table[i].capability;
  return NULL;
}

bool inos_policy_grants (const char *capability)
{
  return capability != NULL &&
         (g_str_has_prefix (capability, "node.") || g_str_has_prefix (capability, "permissions."));
}

/* Whether the caller has that name. Waits for the bus, in the thread in which GDBus asks. */
static bool has_name (GDBusMethodInvocation *invocation, const char *name)
{
  GDBusConnection *bus = g_dbus_method_invocation_get_connection (invocation);
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
    bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "GetNameOwner",
    g_variant_new ("(s)", name), G_VARIANT_TYPE ("(s)"), G_DBUS_CALL_FLAGS_NONE, BUS_PATIENCE, NULL,
    NULL);
  const char *owner = "";

  if (reply != NULL)
    g_variant_get (reply, "(&s)", &owner);
  return g_strcmp0 (owner, g_dbus_method_invocation_get_sender (invocation)) == 0;
}

static bool is_owner (GDBusMethodInvocation *invocation, const char *capability)
{
  for (size_t i = 0; i < G_N_ELEMENTS (owners); i++)
    if (g_strcmp0 (owners[i].capability, capability) == 0 && has_name (invocation, owners[i].name))
      return true;
  return false;
}

bool inos_policy_authorize (GDBusMethodInvocation *invocation)
{
  const char *interface = g_dbus_method_invocation_get_interface_name (invocation);
  const char *method = g_dbus_method_invocation_get_method_name (invocation);
  const char *capability = inos_policy_capability (interface, method);
  g_autofree char *message = NULL;

  if (inos_policy_grants (capability))
    return true;
  if (is_owner (invocation, capability))
    return true;
  message = g_strdup_printf ("%s.%s needs the capability '%s', which its caller lacks", interface,
                             method, capability != NULL ? capability : "(none is known)");
  g_warning ("refused a call of %s: %s", g_dbus_method_invocation_get_sender (invocation), message);
  g_dbus_method_invocation_return_dbus_error (invocation, INOS_BUS_ACCESS_DENIED, message);
  return false;
}
