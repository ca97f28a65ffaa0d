/*
 * What a member says of itself: who it is, what it has and how busy it is, signed with its own key,
 * so that it means the same whoever passes it on. Its incarnation says which of two is newer, and
 * nobody else can raise it: a member that is called dead answers with a greater one.
 *
 * Records are kept once and counted (struct inos_member_store): what came before, byte by byte, has
 * its signature checked already. All members of one simulator share a store.
 *
 * Source of incarnations: Das, Gupta, Motivala: "SWIM", 2002, 4.2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/wire/buffer.h"
#include "node/mesh/wire/peer_id.h"

#define INOS_MEMBER_RECORD_MAX 800 /* bytes, with the signature: fits a datagram with a ping */
#define INOS_MEMBER_REGION_MAX 32  /* bytes */
#define INOS_MEMBER_ADDRESSES 8    /* for connections (tcp) and for datagrams (udp) */
#define INOS_MEMBER_ADDRESS_MAX 64 /* bytes of a binary multiaddr */
#define INOS_MEMBER_SIGNATURE_SIZE 64
#define INOS_MEMBER_INCARNATION_MAX (UINT64_C (1) << 62)
#define INOS_MEMBER_RECORD_DOMAIN "inos-member:" /* goes before what is signed */

/* Kinds of sensors, as bits. */
enum inos_member_sensor {
  INOS_SENSOR_CAMERA = 1 << 0,
  INOS_SENSOR_MICROPHONE = 1 << 1,
  INOS_SENSOR_POSITION = 1 << 2,
  INOS_SENSOR_TEMPERATURE = 1 << 3,
  INOS_SENSOR_LIGHT = 1 << 4,
  INOS_SENSOR_MOTION = 1 << 5,
};

struct inos_member_address {
  uint16_t len;
  uint8_t bytes[INOS_MEMBER_ADDRESS_MAX];
};

/* Zero is a node of which nothing is known. */
struct inos_member_metadata {
  uint16_t load;       /* per mille of what it can do */
  uint16_t reputation; /* per mille, as it says itself: nobody goes by it (decision 29) */
  uint16_t cores, gpus;
  uint32_t memory;                         /* MiB */
  uint32_t storage;                        /* GiB */
  uint32_t sensors;                        /* enum inos_member_sensor */
  char region[INOS_MEMBER_REGION_MAX + 1]; /* UTF-8 */
  unsigned n_addresses;
  struct inos_member_address addresses[INOS_MEMBER_ADDRESSES];
};

/* Small, since there is one for each member: of what is seldom looked at there are only the bytes.
 */
struct inos_member_record {
  uint64_t tag; /* of `id` */
  uint64_t incarnation;
  uint64_t hash;                   /* of `bytes` */
  struct inos_member_record *next; /* in the store */
  unsigned refs;
  uint16_t len;
  bool left; /* says goodbye */
  struct inos_peer_id id;
  uint8_t bytes[]; /* signed */
};

/* Who signs, and who says what a signature is worth: the node's identity, or the simulator. */
struct inos_member_trust {
  void *data;
  void (*sign) (void *data, const void *bytes, size_t len,
                uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE]);
  bool (*verify) (void *data, const struct inos_peer_id *id, const void *bytes, size_t len,
                  const uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE]);
  /* Whether @id may be a member; NULL: anybody. */
  bool (*admit) (void *data, const struct inos_peer_id *id);
};

struct inos_member_store;

/** inos_member_tag: eight bytes that stand for @id in lists: the last ones of its key. */
uint64_t inos_member_tag (const struct inos_peer_id *id);

/** inos_member_store_new: (transfer full): @trust and @env outlive it. */
struct inos_member_store *inos_member_store_new (const struct inos_mesh_env *env,
                                                 const struct inos_member_trust *trust);
/** inos_member_store_free: takes NULL. Nobody has a record of it any more. */
void inos_member_store_free (struct inos_member_store *store);
/** inos_member_store_count: records in it. */
size_t inos_member_store_count (const struct inos_member_store *store);

/* Room to write in, for one message at a time: those who share a store, which are of one thread,
 * share it, so that it stays in the cache, and is there once where they are many. */
struct inos_member_room {
  struct inos_buffer out, lines;
};
/** inos_member_store_room: its; good as long as the store. */
struct inos_member_room *inos_member_store_room (struct inos_member_store *store);

/**
 * inos_member_store_take:
 * @bytes: what a peer sent as a record
 *
 * Returns: (transfer full) (nullable): the record; NULL where it is none, or not signed by whom it
 * is about.
 */
struct inos_member_record *inos_member_store_take (struct inos_member_store *store,
                                                   const void *bytes, size_t len);
/** inos_member_store_take_like: the same, where it may well be @known (nullable), which is then not
 * looked for. */
struct inos_member_record *inos_member_store_take_like (struct inos_member_store *store,
                                                        struct inos_member_record *known,
                                                        const void *bytes, size_t len);
/** inos_member_record_peek: (out): whom @bytes, which may be anything, seem to be about, so that
 * what is known need not be looked up. Returns: whether they seem to be a record. */
bool inos_member_record_peek (const void *bytes, size_t len, uint64_t *tag, uint64_t *incarnation);
/**
 * inos_member_store_sign:
 * @trust: signs for @id
 *
 * Returns: (transfer full): the record that says so.
 */
struct inos_member_record *inos_member_store_sign (struct inos_member_store *store,
                                                   const struct inos_member_trust *trust,
                                                   const struct inos_peer_id *id,
                                                   uint64_t incarnation, bool left,
                                                   const struct inos_member_metadata *metadata);

/** inos_member_record_metadata: what else it says. */
struct inos_member_metadata inos_member_record_metadata (const struct inos_member_record *record);

/** inos_member_record_fetch: its bytes, of which there are some hundred, are about to be read. */
static inline void inos_member_record_fetch (const struct inos_member_record *record)
{
  for (unsigned i = 0; i < 192; i += 64)
    __builtin_prefetch (record->bytes + i);
}

static inline struct inos_member_record *inos_member_record_ref (struct inos_member_record *record)
{
  record->refs++;
  return record;
}

/** inos_member_record_unref: the last one takes it out of @store. */
void inos_member_record_unref (struct inos_member_store *store, struct inos_member_record *record);
