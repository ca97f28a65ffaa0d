/*
 * What a node says of itself in the document "state-update": a value for each part under the key
 * "PEER/PART", which only that node can write: it is signed, with its key and its stamp, so that
 * nobody else can write it, nor pass an old one off as new.
 *
 * A value is protobuf and, behind it, the Ed25519 signature of "inos-node-state:", the key, a zero,
 * the stamp (8 bytes, little-endian) and the protobuf. In `services` field 1 is a service, once for
 * each: its name (1), its TCP port (2; 0: none) and its cost in micro-credits an hour (3);
 * `opinions` is as opinion.h says. The other fields are numbers, those of the table in
 * node_state.c; what is not there is not known.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/reputation/opinion.h"
#include "node/mesh/state/slot.h"
#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/peer_id.h"

#include <glib.h>

#define INOS_NODE_STATE_TOPIC "state-update"
#define INOS_NODE_PART_MAX 8192u /* bytes of a value, with its signature */
#define INOS_NODE_SERVICES_MAX 64u
#define INOS_NODE_SERVICE_MAX 64u /* bytes */
#define INOS_NODE_SIGNATURE_SIZE 64u

enum inos_node_part {
  INOS_PART_RESOURCES,
  INOS_PART_NETWORK,
  INOS_PART_SERVICES,
  INOS_PART_OPINIONS, /* of others; members say them */
  INOS_PARTS,
};

enum inos_node_figure {
  INOS_NODE_PROCESSOR, /* per mille that it is busy */
  INOS_NODE_CORES,
  INOS_NODE_LOAD,   /* thousandths, of the last minute */
  INOS_NODE_MEMORY, /* bytes, as all below that are not said to be something else */
  INOS_NODE_MEMORY_USED,
  INOS_NODE_SWAP_USED,
  INOS_NODE_STORAGE_FREE,
  INOS_NODE_GPUS,
  INOS_NODE_CELSIUS, /* of the hottest */
  INOS_NODE_BATTERY, /* percent */
  INOS_NODE_PEERS,
  INOS_NODE_CONNECTIONS,
  INOS_NODE_MEMBERS,
  INOS_NODE_RECEIVED_RATE, /* bytes a second */
  INOS_NODE_SENT_RATE,
  INOS_NODE_FIGURES,
};

struct inos_node_service {
  char name[INOS_NODE_SERVICE_MAX + 1]; /* UTF-8 */
  uint16_t port;
  uint32_t cost;
};

/* One part, or what all parts of a node say. Zeroed it says nothing. */
struct inos_node_state {
  bool known[INOS_NODE_FIGURES];
  uint64_t figures[INOS_NODE_FIGURES];
  unsigned n_services;
  struct inos_node_service services[INOS_NODE_SERVICES_MAX];
  struct inos_opinions opinions;
};

/** inos_node_figure_name: "memory-used". */
const char *inos_node_figure_name (enum inos_node_figure figure);
enum inos_node_part inos_node_figure_part (enum inos_node_figure figure);
/** inos_node_state_set: @figure is @value. */
void inos_node_state_set (struct inos_node_state *state, enum inos_node_figure figure,
                          uint64_t value);
/** inos_node_state_add: adds the service @name, if there is room, and it is short enough and UTF-8.
 */
void inos_node_state_add (struct inos_node_state *state, const char *name, uint16_t port,
                          uint32_t cost);
/** inos_node_state_is_news: whether what @now says in @part is another thing than what @told does,
 * and not just a little more or less. */
bool inos_node_state_is_news (const struct inos_node_state *now, const struct inos_node_state *told,
                              enum inos_node_part part);

/** inos_node_state_key: the key of @part of @peer. */
void inos_node_state_key (const struct inos_peer_id *peer, enum inos_node_part part,
                          char out[INOS_SLOT_KEY_MAX + 1]);
/** inos_node_state_key_read: whether @key is one, as inos_node_state_key() writes it. */
bool inos_node_state_key_read (const char *key, size_t len, struct inos_peer_id *peer,
                               enum inos_node_part *part);

typedef void (*inos_node_sign) (void *data, const void *bytes, size_t len,
                                uint8_t signature[INOS_NODE_SIGNATURE_SIZE]);
/** inos_node_state_write: appends the value of @key at @stamp: @part of @state, and @sign's
 * signature. */
void inos_node_state_write (const struct inos_node_state *state, enum inos_node_part part,
                            const char *key, uint64_t stamp, inos_node_sign sign, void *data,
                            struct inos_buffer *out);
/** inos_node_state_is_signed: whether @peer, whose id has its key in it, wrote @slot, a value. */
bool inos_node_state_is_signed (const struct inos_slot *slot, const struct inos_peer_id *peer);
/** inos_node_state_read: adds what @value says of @part to @state. Returns: whether it is one; its
 * signature is not looked at. */
bool inos_node_state_read (struct inos_node_state *state, enum inos_node_part part,
                           const void *value, size_t len);
