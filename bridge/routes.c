/*
 * The table of routes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bridge/routes.h"

#include "node/api/messages.h"

#include <string.h>

#define NODE "org.inos.Node1"
#define MACHINE "org.inos.Node1.Machine"
#define MESH "org.inos.Node1.Mesh"
#define TERMINALS "org.inos.Node1.Terminals"

static const struct inos_route table[] = {
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

const struct inos_route *inos_routes (size_t *count)
{
  *count = G_N_ELEMENTS (table);
  return table;
}

const char *inos_route_message (const char *interface, const char *method)
{
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    if (strcmp (table[i].interface, interface) == 0 && strcmp (table[i].method, method) == 0)
      return table[i].message;
  return NULL;
}
