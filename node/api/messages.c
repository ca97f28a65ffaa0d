/*
 * The message table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/messages.h"

#include <string.h>

/* What goes over the network; what moves many bytes there. ms */
#define LONG 30000
#define VERY_LONG 600000

static const struct inos_api_message table[] = {
  {INOS_ACTORS_ANSWER, 1, "(stv)", "()", NULL, "node.actors.control", 0},
  {INOS_ACTORS_ASK, 1, "(ssvu)", "(v)", NULL, "node.actors.control", VERY_LONG},
  {INOS_ACTORS_CLOSE, 1, "(s)", "()", NULL, "node.actors.control", 0},
  {INOS_ACTORS_CYCLES, 1, "(uu)", "(u" INOS_CYCLE_ROWS_TYPE ")", NULL, "node.actors", 0},
  {INOS_ACTORS_DEAD_LETTERS, 1, "(tu)", "(ta{st}" INOS_DEAD_LETTER_ROWS_TYPE ")", NULL,
   "node.actors", 0},
  {INOS_ACTORS_INSPECT, 1, "(s)", "(ta{sv})", NULL, "node.actors", 0},
  {INOS_ACTORS_LIST, 1, "(sut)", "(ttd" INOS_ACTOR_ROWS_TYPE ")", NULL, "node.actors", 0},
  {INOS_ACTORS_OPEN, 1, "(su)", "()", NULL, "node.actors.control", 0},
  {INOS_ACTORS_PATH, 1, "(tuu)", "(bu" INOS_PATH_ROWS_TYPE ")", NULL, "node.actors", 0},
  {INOS_ACTORS_PATH_BEGIN, 1, "(su)", "(tt)", NULL, "node.actors.control", 0},
  {INOS_ACTORS_PATH_END, 1, "(t)", "()", NULL, "node.actors.control", 0},
  {INOS_ACTORS_RECEIVE, 1, "(stuu)", "(" INOS_LETTER_ROWS_TYPE ")", NULL, "node.actors.control",
   VERY_LONG},
  {INOS_ACTORS_RESEND, 1, "(ts)", "(s)", NULL, "node.actors.control", 0},
  {INOS_ACTORS_RESTART, 1, "(s)", "(t)", NULL, "node.actors.control", 0},
  {INOS_ACTORS_SEND, 1, "(ssav)", "(su)", NULL, "node.actors.control", LONG},
  {INOS_ACTORS_STOP, 1, "(s)", "(t)", NULL, "node.actors.control", 0},
  {INOS_ACTORS_TRACE, 1, "(su)", "(t)", NULL, "node.actors.control", 0},
  {INOS_ACTORS_TRACED, 1, "(stu)", "(ttu" INOS_TRACED_ROWS_TYPE ")", NULL, "node.actors", 0},
  {INOS_ACTORS_WAIT, 1, "(s)", "(s)", NULL, "node.actors", VERY_LONG},
  {INOS_MACHINE_DISKS, 1, "()", "(d" INOS_DISK_ROWS_TYPE ")", NULL, "node.resources", LONG},
  {INOS_MACHINE_END, 1, "(utb)", "()", NULL, "node.processes.control", LONG},
  {INOS_MACHINE_INTERFACES, 1, "()", "(d" INOS_INTERFACE_ROWS_TYPE ")", NULL, "node.resources",
   LONG},
  {INOS_MACHINE_LOG, 1, "(ss)", "(xa(ss))", NULL, "node.logs", LONG},
  {INOS_MACHINE_LOG_READ, 1, "(ssssuxsbu)", "(sssb" INOS_LOG_ROWS_TYPE ")", NULL, "node.logs",
   LONG},
  {INOS_MACHINE_LOGS, 1, "()", "(a(ss)a(sx))", NULL, "node.logs", LONG},
  {INOS_MACHINE_PRIORITY, 1, "(uti)", "()", NULL, "node.processes.control", LONG},
  {INOS_MACHINE_PROCESS, 1, "(ut)", "(a{sv})", NULL, "node.processes", LONG},
  {INOS_MACHINE_PROCESSES, 1, "(ssbu)", "(uud" INOS_PROCESS_ROWS_TYPE ")", NULL, "node.processes",
   LONG},
  {INOS_MACHINE_UNITS, 1, "()", "(d" INOS_UNIT_ROWS_TYPE ")", NULL, "node.processes", LONG},
  {INOS_MESH_ACCESS, 1, "()", "(a(sas))", NULL, "node.mesh", 0},
  {INOS_MESH_ACTORS, 1, "(s)", "(as)", NULL, "node.mesh", LONG},
  {INOS_MESH_ALLOW, 1, "(sas)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_AUDIT, 1, "(u)", "(" INOS_MESH_AUDIT_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_BANDWIDTH, 1, "()",
   "(tttt" INOS_MESH_BANDWIDTH_ROWS_TYPE INOS_MESH_BANDWIDTH_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_CONNECT, 1, "(s)", "(s)", NULL, "node.mesh.control", LONG},
  {INOS_MESH_DECIDE, 1, "(sb)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_DISCONNECT, 1, "(s)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_FIND_PEER, 1, "(s)", "(as)", NULL, "node.mesh", LONG},
  {INOS_MESH_FIND_SERVICE, 1, "(s)", "(" INOS_MESH_FOUND_ROWS_TYPE ")", NULL, "node.mesh", LONG},
  {INOS_MESH_GET, 1, "(s)", "(ay)", NULL, "node.mesh", LONG},
  {INOS_MESH_GROUP_CHANGED, 1, NULL, NULL, "(sst)", "node.mesh", 0},
  {INOS_MESH_GROUP_JOIN, 1, "(sas)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_GROUP_LEAVE, 1, "(s)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_GROUP_RESIGN, 1, "(s)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_GROUPS, 1, "()", "(" INOS_MESH_GROUP_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_INSPECT, 1, "(s)", "(a{sv})", NULL, "node.mesh", 0},
  {INOS_MESH_INVITE, 1, "(uub)", "(sx)", NULL, "node.mesh.control", 0},
  {INOS_MESH_JOIN, 1, "(s)", "(s)", NULL, "node.mesh.control", LONG},
  {INOS_MESH_LEAVE, 1, "()", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_LIMIT, 1, "(sttt)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_LIMITS, 1, "()", "(" INOS_MESH_LIMIT_ROWS_TYPE ")", NULL, "node.mesh", 0},
  /* A question of this table, and its parameters, for another node. */
  {INOS_MESH_LOOK, 1, "(ssv)", "(v)", NULL, "node.remote", LONG},
  {INOS_MESH_MANAGE, 1, "(ss)", "()", NULL, "node.remote.control", 0},
  {INOS_MESH_MANAGERS, 1, "()", "(" INOS_MESH_MANAGER_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_MEMBER, 1, NULL, NULL, "(ssu)", "node.mesh", 0},
  {INOS_MESH_MEMBERS, 1, "(u)", "(u" INOS_MESH_MEMBER_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_MESSAGE, 1, NULL, NULL, "(ssay)", "node.mesh", 0},
  {INOS_MESH_NODES, 1, "()", "(" INOS_MESH_NODE_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_OFFER, 1, "(suuutu)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_OFFERS, 1, "()", "(" INOS_MESH_OFFER_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_PASS, 1, "(s)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_PEERS, 1, "(bu)", "(u" INOS_MESH_PEER_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_PERF, 1, "(stt)", "(ttt)", NULL, "node.mesh.control", VERY_LONG},
  {INOS_MESH_PING, 1, "(s)", "(t)", NULL, "node.mesh", LONG},
  {INOS_MESH_PROVIDE, 1, "(s)", "(u)", NULL, "node.mesh.control", LONG},
  {INOS_MESH_PROVIDERS, 1, "(s)", "(a(sas))", NULL, "node.mesh", LONG},
  {INOS_MESH_PUBLISH, 1, "(say)", "(u)", NULL, "node.mesh.control", 0},
  {INOS_MESH_PUT, 1, "(say)", "(u)", NULL, "node.mesh.control", LONG},
  {INOS_MESH_REPUTATION, 1, "(s)", "(" INOS_MESH_REPUTATION_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_REPUTATION_FORGET, 1, "(s)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_REQUESTED, 1, NULL, NULL, "(ss)", "node.mesh", 0},
  {INOS_MESH_REQUESTS, 1, "()", "(" INOS_MESH_REQUEST_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_REVOKE, 1, "(s)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_ROLL, 1, "()", "(sss" INOS_MESH_ROLL_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_ROTATE, 1, "()", "(s)", NULL, "node.mesh.control", LONG},
  {INOS_MESH_ROTATED, 1, NULL, NULL, "(s)", "node.mesh", 0},
  {INOS_MESH_SAVE, 1, "(ss)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_SERVICES, 1, "()", "(" INOS_MESH_SERVICE_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_STATE, 1, "(ss)", "(b" INOS_MESH_ENTRY_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_STATE_CHANGE, 1, "(sssayb)", "()", NULL, "node.mesh.control", LONG},
  {INOS_MESH_STATE_CHANGED, 1, NULL, NULL, "(s)", "node.mesh", 0},
  {INOS_MESH_STATE_CLOSE, 1, "(s)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_STATE_OPEN, 1, "(s)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_STATE_SHARE, 1, "(sas)", "()", NULL, "node.mesh.control", LONG},
  {INOS_MESH_STATES, 1, "()", "(" INOS_MESH_STATE_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_STATUS, 1, "()", "(a{sv})", NULL, "node.mesh", 0},
  {INOS_MESH_STEER, 1, "(ssv)", "(v)", NULL, "node.remote.control", LONG},
  {INOS_MESH_SUBSCRIBE, 1, "(s)", "()", NULL, "node.mesh", 0},
  {INOS_MESH_TOPICS, 1, "()", "(" INOS_MESH_TOPIC_ROWS_TYPE ")", NULL, "node.mesh", 0},
  {INOS_MESH_UNPROVIDE, 1, "(s)", "()", NULL, "node.mesh.control", 0},
  {INOS_MESH_UNSUBSCRIBE, 1, "(s)", "()", NULL, "node.mesh", 0},
  {INOS_MESH_WHY_NOT_DIRECT, 1, "(s)", "(a{sv})", NULL, "node.mesh", LONG},
  {INOS_MESH_WITHDRAW, 1, "(s)", "()", NULL, "node.mesh.control", 0},
  {INOS_NODE_ALERT, 1, NULL, NULL, "(sbdds)", "node.resources", 0},
  {INOS_NODE_ALERTS, 1, "()", "a(sdds)", NULL, "node.resources", 0},
  /* With the descriptors of docs/arena.md. */
  {INOS_NODE_ARENA, 1, "()", "()", NULL, "shell.arena", 0},
  {INOS_NODE_INFO, 1, "()", "(sssxs)", NULL, "node.info", 0},
  {INOS_NODE_RESOURCES, 1, "()", INOS_RESOURCES_TYPE, INOS_RESOURCES_TYPE, "node.resources", 0},
  {INOS_NODE_SUBSCRIBE, 1, "(u)", "(u)", NULL, "node.resources", 0},
  {INOS_TERMINALS_CHANGED, 1, NULL, NULL, "(ts)", "node.terminals", 0},
  {INOS_TERMINALS_CLOSE, 1, "(t)", "()", NULL, "node.terminals.control", 0},
  {INOS_TERMINALS_CLOSED, 1, NULL, NULL, "(t)", "node.terminals", 0},
  {INOS_TERMINALS_ENDED, 1, NULL, NULL, "(tii)", "node.terminals", 0},
  {INOS_TERMINALS_LIST, 1, "()", "(" INOS_TERMINAL_ROWS_TYPE ")", NULL, "node.terminals", 0},
  {INOS_TERMINALS_OPEN, 1, "(sasasuu)", "(t)", NULL, "node.terminals.control", 0},
  {INOS_TERMINALS_OPENED, 1, NULL, NULL, "(t)", "node.terminals", 0},
  {INOS_TERMINALS_RESIZE, 1, "(tuu)", "()", NULL, "node.terminals.control", 0},
};

const struct inos_api_message *inos_message_find (const char *type, uint16_t version)
{
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].version == version && strcmp (table[i].name, type) == 0)
      return &table[i];
  return NULL;
}

uint32_t inos_message_patience (const struct inos_api_message *message)
{
  return message && message->patience > 0 ? message->patience : INOS_API_PATIENCE;
}

const char *inos_message_payload_type (const struct inos_api_message *message, enum inos_kind kind)
{
  if (kind == INOS_ERROR)
    return INOS_ERROR_TYPE;
  if (!message)
    return NULL;
  switch (kind) {
  case INOS_REQUEST:
    return message->request;
  case INOS_REPLY:
    return message->reply;
  case INOS_EVENT:
    return message->event;
  default:
    return NULL;
  }
}

const struct inos_api_message *inos_message_table (size_t *count)
{
  *count = G_N_ELEMENTS (table);
  return table;
}
