/*
 * Questions to the mesh: each "mesh.…" of the message table, and who answers it. On the mesh's
 * thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/api/frame.h"
#include "node/mesh/service/parts.h"

struct inos_ask; /* one question: gone when it is answered or refused, which happens once */

/** inos_ask_answer: (transfer floating) @payload. */
void inos_ask_answer (struct inos_ask *ask, GVariant *payload);
void inos_ask_refuse (struct inos_ask *ask, enum inos_api_error code, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
/** inos_ask_refuse_error: @error is one of the mesh's. */
void inos_ask_refuse_error (struct inos_ask *ask, const GError *error);
GVariant *inos_ask_parameters (const struct inos_ask *ask);
struct inos_mesh_parts *inos_ask_parts (const struct inos_ask *ask);
/**
 * inos_ask_peer: reads the first parameter, a peer id.
 *
 * Returns: whether it is one; else the question has been refused.
 */
bool inos_ask_peer (struct inos_ask *ask, struct inos_peer_id *peer);

/* peers */
void inos_ask_status (struct inos_ask *ask);
void inos_ask_peers (struct inos_ask *ask);
void inos_ask_inspect (struct inos_ask *ask);
void inos_ask_connect (struct inos_ask *ask);
void inos_ask_disconnect (struct inos_ask *ask);
void inos_ask_ping (struct inos_ask *ask);
void inos_ask_perf (struct inos_ask *ask);
/** inos_ask_reachability: what AutoNAT says: "reachable" and so on; static. */
const char *inos_ask_reachability (const struct inos_mesh_parts *parts);
/* bandwidth */
void inos_ask_bandwidth (struct inos_ask *ask);
void inos_ask_limit (struct inos_ask *ask);
void inos_ask_limits (struct inos_ask *ask);
/* spending less */
void inos_ask_save (struct inos_ask *ask);
/* ways to peers */
/** inos_ask_punching: what came of hole punching with a peer: "no-way" and so on; static. */
const char *inos_ask_punching (const struct inos_mesh_parts *parts, const struct inos_peer_id *id);
void inos_ask_why_not_direct (struct inos_ask *ask);
/* actors of other nodes, and who may reach ours */
void inos_ask_access (struct inos_ask *ask);
void inos_ask_actors (struct inos_ask *ask);
void inos_ask_allow (struct inos_ask *ask);
/* other nodes, and who may manage this one */
void inos_ask_look (struct inos_ask *ask);
void inos_ask_steer (struct inos_ask *ask);
void inos_ask_manage (struct inos_ask *ask);
void inos_ask_managers (struct inos_ask *ask);
/* members */
void inos_ask_members (struct inos_ask *ask);
/* trust */
void inos_ask_invite (struct inos_ask *ask);
void inos_ask_join (struct inos_ask *ask);
void inos_ask_requests (struct inos_ask *ask);
void inos_ask_decide (struct inos_ask *ask);
void inos_ask_revoke (struct inos_ask *ask);
void inos_ask_leave (struct inos_ask *ask);
void inos_ask_roll (struct inos_ask *ask);
void inos_ask_pass (struct inos_ask *ask);
void inos_ask_rotate (struct inos_ask *ask);
void inos_ask_audit (struct inos_ask *ask);
/* what is to be expected of peers */
void inos_ask_reputation (struct inos_ask *ask);
void inos_ask_reputation_forget (struct inos_ask *ask);
/* topics */
void inos_ask_topics (struct inos_ask *ask);
void inos_ask_subscribe (struct inos_ask *ask);
void inos_ask_unsubscribe (struct inos_ask *ask);
void inos_ask_publish (struct inos_ask *ask);
/* shared state */
void inos_ask_nodes (struct inos_ask *ask);
void inos_ask_states (struct inos_ask *ask);
void inos_ask_state (struct inos_ask *ask);
void inos_ask_state_open (struct inos_ask *ask);
void inos_ask_state_close (struct inos_ask *ask);
void inos_ask_state_change (struct inos_ask *ask);
void inos_ask_state_share (struct inos_ask *ask);
/* groups */
void inos_ask_groups (struct inos_ask *ask);
void inos_ask_group_join (struct inos_ask *ask);
void inos_ask_group_leave (struct inos_ask *ask);
void inos_ask_group_resign (struct inos_ask *ask);
/* services */
void inos_ask_offer (struct inos_ask *ask);
void inos_ask_withdraw (struct inos_ask *ask);
void inos_ask_offers (struct inos_ask *ask);
void inos_ask_services (struct inos_ask *ask);
void inos_ask_find_service (struct inos_ask *ask);
/* the DHT */
void inos_ask_put (struct inos_ask *ask);
void inos_ask_get (struct inos_ask *ask);
void inos_ask_provide (struct inos_ask *ask);
void inos_ask_providers (struct inos_ask *ask);
void inos_ask_unprovide (struct inos_ask *ask);
void inos_ask_find_peer (struct inos_ask *ask);
