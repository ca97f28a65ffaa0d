/*
 * The message table: what may be said on the node's socket, and of which GVariant types it is made.
 * The codec, the server, the bridge and the documentation go by this one table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/api/frame.h"

#define INOS_RESOURCES_TYPE "(xdad(ddd)tttta(sddd)a(ssttt)a(sbtttt)a(sd)(bdbx))"
#define INOS_ERROR_TYPE "(ss)"
#define INOS_ACTOR_ROWS_TYPE "a(ttsssttddub)"
#define INOS_TRACED_ROWS_TYPE "a(ttttsxttss)"
#define INOS_DEAD_LETTER_ROWS_TYPE "a(tsttsxx)"
#define INOS_CYCLE_ROWS_TYPE "a(ua(tsstst))"
#define INOS_PATH_ROWS_TYPE "a(ttttssxttss)"
#define INOS_MESH_BANDWIDTH_ROWS_TYPE "a(sttttt)"
#define INOS_MESH_LIMIT_ROWS_TYPE "a(sttt)"
#define INOS_MESH_PEER_ROWS_TYPE "a(sssubbttt)"
#define INOS_MESH_TOPIC_ROWS_TYPE "a(suut)"
#define INOS_MESH_GROUP_ROWS_TYPE "a(ssttta(ss))"
#define INOS_MESH_MANAGER_ROWS_TYPE "a(ssb)"
#define INOS_MESH_MEMBER_ROWS_TYPE "a(ssstuututsb)"
#define INOS_MESH_AUDIT_ROWS_TYPE "a(ssss)"
#define INOS_MESH_ENTRY_ROWS_TYPE "a(ssayx)"
#define INOS_MESH_FOUND_ROWS_TYPE "a(ssuudutas)"
#define INOS_MESH_NODE_ROWS_TYPE "a(sxba{st}as)"
#define INOS_MESH_OFFER_ROWS_TYPE "a(suubtut)"
#define INOS_MESH_REPUTATION_ROWS_TYPE "a(suuuuuua{su})"
#define INOS_MESH_REQUEST_ROWS_TYPE "a(sssbtb)"
#define INOS_MESH_ROLL_ROWS_TYPE "a(ssssxu)"
#define INOS_MESH_SERVICE_ROWS_TYPE "a(ssuu)"
#define INOS_MESH_STATE_ROWS_TYPE "a(sutuas)"

#define INOS_TERMINAL_ROWS_TYPE "a(tsssuuusiix)"

#define INOS_PROCESS_ROWS_TYPE "a(utussusdtuisbs)"
#define INOS_UNIT_ROWS_TYPE "a(ssdxxdd)"
#define INOS_DISK_ROWS_TYPE "a(ssstttddd)"
#define INOS_INTERFACE_ROWS_TYPE "a(sbttttttddxas)"

#define INOS_LETTER_ROWS_TYPE "a(tssbv)"

/* Of a log: an entry's place, its time, priority, unit, program, process, message and whether that
 * was cut. */
#define INOS_LOG_ROWS_TYPE "a(sxussusb)"

#define INOS_ACTORS_ANSWER "actors.answer"
#define INOS_ACTORS_ASK "actors.ask"
#define INOS_ACTORS_CLOSE "actors.close"
#define INOS_ACTORS_OPEN "actors.open"
#define INOS_ACTORS_RECEIVE "actors.receive"
#define INOS_ACTORS_SEND "actors.send"
#define INOS_ACTORS_WAIT "actors.wait"
#define INOS_ACTORS_CYCLES "actors.cycles"
#define INOS_ACTORS_DEAD_LETTERS "actors.dead-letters"
#define INOS_ACTORS_INSPECT "actors.inspect"
#define INOS_ACTORS_LIST "actors.list"
#define INOS_ACTORS_PATH "actors.path"
#define INOS_ACTORS_PATH_BEGIN "actors.path-begin"
#define INOS_ACTORS_PATH_END "actors.path-end"
#define INOS_ACTORS_RESEND "actors.resend"
#define INOS_ACTORS_RESTART "actors.restart"
#define INOS_ACTORS_STOP "actors.stop"
#define INOS_ACTORS_TRACE "actors.trace"
#define INOS_ACTORS_TRACED "actors.traced"
#define INOS_MACHINE_DISKS "machine.disks"
#define INOS_MACHINE_END "machine.end"
#define INOS_MACHINE_INTERFACES "machine.interfaces"
#define INOS_MACHINE_LOG "machine.log"
#define INOS_MACHINE_LOG_READ "machine.log-read"
#define INOS_MACHINE_LOGS "machine.logs"
#define INOS_MACHINE_PRIORITY "machine.priority"
#define INOS_MACHINE_PROCESS "machine.process"
#define INOS_MACHINE_PROCESSES "machine.processes"
#define INOS_MACHINE_UNITS "machine.units"
#define INOS_MESH_AUDIT "mesh.audit"
#define INOS_MESH_ACCESS "mesh.access"
#define INOS_MESH_ACTORS "mesh.actors"
#define INOS_MESH_ALLOW "mesh.allow"
#define INOS_MESH_BANDWIDTH "mesh.bandwidth"
#define INOS_MESH_CONNECT "mesh.connect"
#define INOS_MESH_DECIDE "mesh.decide"
#define INOS_MESH_DISCONNECT "mesh.disconnect"
#define INOS_MESH_FIND_PEER "mesh.find-peer"
#define INOS_MESH_FIND_SERVICE "mesh.find-service"
#define INOS_MESH_GET "mesh.get"
#define INOS_MESH_GROUP_CHANGED "mesh.group-changed"
#define INOS_MESH_GROUP_JOIN "mesh.group-join"
#define INOS_MESH_GROUP_LEAVE "mesh.group-leave"
#define INOS_MESH_GROUP_RESIGN "mesh.group-resign"
#define INOS_MESH_GROUPS "mesh.groups"
#define INOS_MESH_INSPECT "mesh.inspect"
#define INOS_MESH_INVITE "mesh.invite"
#define INOS_MESH_JOIN "mesh.join"
#define INOS_MESH_LEAVE "mesh.leave"
#define INOS_MESH_LIMIT "mesh.limit"
#define INOS_MESH_LIMITS "mesh.limits"
#define INOS_MESH_LOOK "mesh.look"
#define INOS_MESH_MANAGE "mesh.manage"
#define INOS_MESH_MANAGERS "mesh.managers"
#define INOS_MESH_MEMBER "mesh.member"
#define INOS_MESH_MEMBERS "mesh.members"
#define INOS_MESH_MESSAGE "mesh.message"
#define INOS_MESH_NODES "mesh.nodes"
#define INOS_MESH_OFFER "mesh.offer"
#define INOS_MESH_OFFERS "mesh.offers"
#define INOS_MESH_PASS "mesh.pass"
#define INOS_MESH_PEERS "mesh.peers"
#define INOS_MESH_PERF "mesh.perf"
#define INOS_MESH_PING "mesh.ping"
#define INOS_MESH_PROVIDE "mesh.provide"
#define INOS_MESH_PROVIDERS "mesh.providers"
#define INOS_MESH_PUBLISH "mesh.publish"
#define INOS_MESH_PUT "mesh.put"
#define INOS_MESH_REPUTATION "mesh.reputation"
#define INOS_MESH_REPUTATION_FORGET "mesh.reputation-forget"
#define INOS_MESH_REQUESTED "mesh.requested"
#define INOS_MESH_REQUESTS "mesh.requests"
#define INOS_MESH_REVOKE "mesh.revoke"
#define INOS_MESH_ROLL "mesh.roll"
#define INOS_MESH_ROTATE "mesh.rotate"
#define INOS_MESH_ROTATED "mesh.rotated"
#define INOS_MESH_SAVE "mesh.save"
#define INOS_MESH_SERVICES "mesh.services"
#define INOS_MESH_STATE "mesh.state"
#define INOS_MESH_STATES "mesh.states"
#define INOS_MESH_STATE_CHANGE "mesh.state-change"
#define INOS_MESH_STATE_CHANGED "mesh.state-changed"
#define INOS_MESH_STATE_CLOSE "mesh.state-close"
#define INOS_MESH_STATE_OPEN "mesh.state-open"
#define INOS_MESH_STATE_SHARE "mesh.state-share"
#define INOS_MESH_STEER "mesh.steer"
#define INOS_MESH_STATUS "mesh.status"
#define INOS_MESH_SUBSCRIBE "mesh.subscribe"
#define INOS_MESH_TOPICS "mesh.topics"
#define INOS_MESH_UNPROVIDE "mesh.unprovide"
#define INOS_MESH_UNSUBSCRIBE "mesh.unsubscribe"
#define INOS_MESH_WITHDRAW "mesh.withdraw"
#define INOS_MESH_WHY_NOT_DIRECT "mesh.why-not-direct"
#define INOS_NODE_ARENA "node.arena"
#define INOS_NODE_INFO "node.info"
#define INOS_NODE_RESOURCES "node.resources"
#define INOS_NODE_SUBSCRIBE "node.subscribe"
#define INOS_TERMINALS_CHANGED "terminals.changed"
#define INOS_TERMINALS_CLOSE "terminals.close"
#define INOS_TERMINALS_CLOSED "terminals.closed"
#define INOS_TERMINALS_ENDED "terminals.ended"
#define INOS_TERMINALS_LIST "terminals.list"
#define INOS_TERMINALS_OPEN "terminals.open"
#define INOS_TERMINALS_OPENED "terminals.opened"
#define INOS_TERMINALS_RESIZE "terminals.resize"
#define INOS_NODE_ALERTS "node.alerts"
#define INOS_NODE_ALERT "node.alert"

/* An answer that takes longer than this is given up, unless the table says more; ms. */
#define INOS_API_PATIENCE 4000u

/* A type that is NULL means that there is no such kind of this message. */
struct inos_api_message {
  const char *name;
  uint16_t version;
  const char *request, *reply, *event; /* GVariant type strings */
  const char *capability;              /* what a caller over D-Bus needs */
  uint32_t patience;                   /* ms that an answer may take; 0: INOS_API_PATIENCE */
};

/**
 * inos_message_find:
 * @type: a message's name
 * @version: its version
 *
 * Returns: (nullable): the table's row.
 */
const struct inos_api_message *inos_message_find (const char *type, uint16_t version);

/** inos_message_patience: ms that an answer to @message, which may be NULL, may take. */
uint32_t inos_message_patience (const struct inos_api_message *message);

/**
 * inos_message_payload_type:
 * @message: (nullable): a row of the table
 * @kind: which kind of it
 *
 * Returns: (nullable): the payload's type; for an error `(ss)` even without a row.
 */
const char *inos_message_payload_type (const struct inos_api_message *message, enum inos_kind kind);

/**
 * inos_message_table:
 * @count: (out): how many rows there are
 *
 * Returns: the table, sorted by name.
 */
const struct inos_api_message *inos_message_table (size_t *count);
