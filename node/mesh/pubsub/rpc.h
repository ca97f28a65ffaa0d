/*
 * What peers of pubsub say to each other: subscriptions, messages and gossipsub's control, many in
 * one RPC. A reader that walks them where they lie and a writer; neither keeps anything.
 *
 * Source: libp2p/specs, pubsub and pubsub/gossipsub (1.0, 1.1, 1.2).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/peer_id.h"
#include "node/mesh/wire/proto.h"

#define INOS_RPC_MAX (4u * 1024 * 1024) /* bytes of one; larger ones are refused unread */
#define INOS_RPC_TOPIC_MAX 256          /* bytes of a topic's name */
#define INOS_RPC_ID_MAX 64              /* bytes of a message's id; longer ones are passed over */

enum inos_rpc_kind {
  INOS_RPC_SUBSCRIBE,
  INOS_RPC_UNSUBSCRIBE,
  INOS_RPC_MESSAGE,
  INOS_RPC_IHAVE,
  INOS_RPC_IWANT,
  INOS_RPC_GRAFT,
  INOS_RPC_PRUNE,
  INOS_RPC_IDONTWANT,
};

/* One thing that is said; pointers are into the RPC. */
struct inos_rpc_item {
  enum inos_rpc_kind kind;
  const char *topic; /* of a subscription, IHAVE, GRAFT, PRUNE: UTF-8, without an end */
  size_t topic_len;
  const uint8_t *raw; /* of a message: its bytes as they were signed */
  size_t raw_len;
  bool has_backoff;       /* of PRUNE */
  uint64_t backoff;       /* s */
  struct inos_proto list; /* for inos_rpc_next_id() and inos_rpc_next_peer() */
};

struct inos_rpc {
  struct inos_proto outer, control;
};

/**
 * inos_rpc_check: whether @bytes are an RPC all through: its reader then meets nothing that is not
 * one. A topic that is empty, too long or not UTF-8 makes it none.
 */
bool inos_rpc_check (const void *bytes, size_t len);
/** inos_rpc_begin: a reader of what inos_rpc_check() said is one. */
struct inos_rpc inos_rpc_begin (const void *bytes, size_t len);
/** inos_rpc_next: whether there is another item. */
bool inos_rpc_next (struct inos_rpc *rpc, struct inos_rpc_item *item);
/** inos_rpc_next_id: whether an IHAVE, IWANT or IDONTWANT has another id; of 1 to
 * INOS_RPC_ID_MAX bytes. */
bool inos_rpc_next_id (struct inos_rpc_item *item, const uint8_t **id, size_t *len);
/**
 * inos_rpc_next_peer: whether a PRUNE offers another peer.
 * @record: (out): its signed record, unchecked
 * @len: (out): 0: none
 */
bool inos_rpc_next_peer (struct inos_rpc_item *item, struct inos_peer_id *peer,
                         const uint8_t **record, size_t *len);

/* An RPC is what these append one after the other. */
void inos_rpc_put_subscription (struct inos_buffer *out, const char *topic, bool on);
void inos_rpc_put_message (struct inos_buffer *out, const void *raw, size_t len);
/** inos_rpc_put_control: @control is what the following appended to another buffer. */
void inos_rpc_put_control (struct inos_buffer *out, const struct inos_buffer *control);

void inos_rpc_put_graft (struct inos_buffer *control, const char *topic);
/** inos_rpc_open_prune: begins a PRUNE, to which inos_rpc_put_peer() adds. Returns: what
 * inos_rpc_close_prune() takes. */
size_t inos_rpc_open_prune (struct inos_buffer *control, const char *topic);
void inos_rpc_put_peer (struct inos_buffer *control, const struct inos_peer_id *peer,
                        const void *record, size_t len);
void inos_rpc_close_prune (struct inos_buffer *control, size_t opened, uint64_t backoff);
/** inos_rpc_open_ids: begins @kind, an IHAVE of @topic, an IWANT or an IDONTWANT. Returns: what
 * inos_proto_close() takes. */
size_t inos_rpc_open_ids (struct inos_buffer *control, enum inos_rpc_kind kind, const char *topic);
void inos_rpc_put_id (struct inos_buffer *control, enum inos_rpc_kind kind, const void *id,
                      size_t len);
