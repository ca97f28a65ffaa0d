/*
 * A document: what replicas share under one topic, and may all change at once: values by key, sets
 * and counters by name. See slot.h for how they become equal again.
 *
 * What is removed leaves a grave, so that an older copy elsewhere does not bring it back. There are
 * two ways to be rid of graves, and neither lets anything rise from them:
 *
 * - A document that is kept (`age` 0) has members. When each of them has been found equal after the
 *   stamp F, none will write anything before F, and each has all that there was: F is the floor.
 *   Graves up to it go, and what comes from up to it and is not known is old and not taken.
 *   Without members, graves stay, and count against the document's limits.
 *   That holds of members that say what is true. Others may write before F all the same, to some
 * and not to others, and say that a floor was reached. So a floor only puts off: what is old and is
 *   still offered after INOS_DOCUMENT_INSIST is taken, and what is there goes only where so many
 *   members lack it that one of them does not lie. Whatever is said, those that say what is true
 * end up with the same: document_late.c.
 * - A document that ages keeps nothing, graves or not, that was last written longer ago than `age`,
 *   and takes nothing that old. Who wants something in it to stay writes it again.
 *
 * What has no room is decided by the ids, not by what came first: of all that comes from others
 * those with the lowest ids stay, so that documents that are full are equal too. In a document that
 * has members, what each has listed within its share goes last: document_share.h.
 *
 * Does no I/O (env.h); for one thread; it lives in memory, and kept.h puts it into a file. An actor
 * that has forgotten what it counted must count as another one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/state/delta.h"
#include "node/mesh/state/document_share.h"
#include "node/mesh/state/stamp.h"

#define INOS_DOCUMENT_SLOTS_MAX 4096u
#define INOS_DOCUMENT_ACTORS_MAX INOS_DOCUMENT_SLOTS_MAX
#define INOS_DOCUMENT_BYTES_MAX (1024u * 1024) /* of keys, elements and values, uncompressed */
#define INOS_DOCUMENT_PACK_MIN 64u             /* bytes of a value that is worth compressing */
#define INOS_DOCUMENT_DEPTH_MAX (2 * INOS_SLOT_HASH_SIZE)
#define INOS_DOCUMENT_INSIST                                                                       \
  UINT64_C (60000000000)              /* ns until what is from before the floor is taken */
#define INOS_DOCUMENT_LATE_MAX 256u   /* slots of which that is remembered */
#define INOS_DOCUMENT_MEMBERS_MAX 64u /* as many bits as a mask has */

struct inos_document;

enum inos_document_taken {
  INOS_DOCUMENT_KNOWN,  /* nothing new */
  INOS_DOCUMENT_TAKEN,  /* the document has changed */
  INOS_DOCUMENT_OLD,    /* from before the floor, or too long ago */
  INOS_DOCUMENT_AHEAD,  /* written in the future */
  INOS_DOCUMENT_FULL,   /* there is no room for it */
  INOS_DOCUMENT_DENIED, /* by the judge */
};

struct inos_document_setup {
  const struct inos_mesh_env *env;
  uint64_t actor; /* this replica's, and nobody else's: see inos_document_actor() */
  int64_t age;    /* ms; 0: kept */
  /* Whether what comes from elsewhere may be so: who wrote it, and what. NULL: yes. */
  bool (*judge) (void *data, const struct inos_slot *slot);
  void *data;
  struct inos_document_author author; /* zero: nothing in it is anybody's */
};

struct inos_document *inos_document_new (const struct inos_document_setup *setup);
void inos_document_free (struct inos_document *document);
/** inos_document_actor: the actor of a peer whose id is @id. */
uint64_t inos_document_actor (const void *id, size_t len);

/* Names are UTF-8 of 1 to INOS_SLOT_KEY_MAX bytes. What writes returns whether it could be: the
 * names and the sizes are right, and there is room. */

bool inos_document_put (struct inos_document *document, const char *key, const void *value,
                        size_t len);
/** inos_document_put_at: the same, with @stamp, which inos_document_stamp() has just given: for a
 * value that says itself when it was written. */
bool inos_document_put_at (struct inos_document *document, const char *key, const void *value,
                           size_t len, uint64_t stamp);
/** inos_document_remove: whether it was there. */
bool inos_document_remove (struct inos_document *document, const char *key);
/** inos_document_get: (transfer full) (nullable): the value of @key. */
GBytes *inos_document_get (struct inos_document *document, const char *key);
/** inos_document_keys: (transfer full): of all values, by bytes. */
GPtrArray *inos_document_keys (const struct inos_document *document);

bool inos_document_add (struct inos_document *document, const char *set, const char *element);
/** inos_document_take: takes @element out of @set. Returns: whether it was in it. */
bool inos_document_take (struct inos_document *document, const char *set, const char *element);
bool inos_document_has (const struct inos_document *document, const char *set, const char *element);
/** inos_document_elements: (transfer full): of @set, by bytes, each once. */
GPtrArray *inos_document_elements (const struct inos_document *document, const char *set);

/** inos_document_count: adds @by to @counter, or takes it away. */
bool inos_document_count (struct inos_document *document, const char *counter, int64_t by);
/** inos_document_total: of @counter; at the ends of the type it stays there. */
int64_t inos_document_total (const struct inos_document *document, const char *counter);

/* For what carries it */

/** inos_document_merge: takes what another replica knows. */
enum inos_document_taken inos_document_merge (struct inos_document *document,
                                              const struct inos_slot *slot);
/** inos_document_reconcile: the same of what two replicas have found to differ: what is from before
 * the floor is taken too, when it is still offered after INOS_DOCUMENT_INSIST. */
enum inos_document_taken inos_document_reconcile (struct inos_document *document,
                                                  const struct inos_slot *slot);
/**
 * inos_document_deny: member @number, below INOS_DOCUMENT_MEMBERS_MAX, has a floor above slot @id
 * and has it not. Where @enough of them say so within INOS_DOCUMENT_INSIST, it was removed, or
 * somebody lied of when it was written: it goes.
 *
 * Returns: whether it went.
 */
bool inos_document_deny (struct inos_document *document, const struct inos_slot_id *id,
                         unsigned number, unsigned enough);
/** inos_document_grant: member @number has slot @id; NULL: all that there is. */
void inos_document_grant (struct inos_document *document, const struct inos_slot_id *id,
                          unsigned number);
/** inos_document_stamp: a stamp for now. */
uint64_t inos_document_stamp (struct inos_document *document);
/** inos_document_see: a peer's stamp; see inos_stamp_see(). */
bool inos_document_see (struct inos_document *document, uint64_t stamp);
uint64_t inos_document_floor (const struct inos_document *document);
/** inos_document_settle: the floor rises to @floor, and graves go that have been here since before
 * it. */
void inos_document_settle (struct inos_document *document, uint64_t floor);
/** inos_document_expire: drops what has become too old. Returns: how many slots went. */
unsigned inos_document_expire (struct inos_document *document);
/**
 * inos_document_pack: compresses values (LZ4) that nobody has read or written for @cold ns, where
 * that makes them smaller. They are read as before.
 *
 * Returns: bytes that it has saved.
 */
size_t inos_document_pack (struct inos_document *document, uint64_t cold);

/* What it writes is `written` until somebody says when it is to be told, and then `due`. */
enum inos_document_due {
  INOS_DOCUMENT_TOLD,
  INOS_DOCUMENT_WRITTEN,
  INOS_DOCUMENT_DUE,
  INOS_DOCUMENT_CRITICAL,
};
/** inos_document_tell: all that is written becomes due, or critical. */
void inos_document_tell (struct inos_document *document, bool critical);
/**
 * inos_document_take_due: writes what is due at least as much as @least into @writer, as much as
 * has room there, and counts it as told.
 *
 * Returns: how many slots.
 */
unsigned inos_document_take_due (struct inos_document *document, enum inos_document_due least,
                                 struct inos_delta_writer *writer);

/* Slots with an id that begins with @depth nibbles of @prefix. */
struct inos_document_range {
  uint8_t depth;
  struct inos_slot_id prefix; /* zero behind its nibbles */
};

/** inos_document_slots: how many there are; they are in order of their ids. */
unsigned inos_document_slots (const struct inos_document *document);
size_t inos_document_bytes (const struct inos_document *document);
/** inos_document_memory: bytes that it holds, with all that it keeps beside what is stored. */
size_t inos_document_memory (const struct inos_document *document);
/** inos_document_memory_max: bytes that it may ever hold: what its limits come to. */
size_t inos_document_memory_max (void);
/** inos_document_find_range: the slots of @range: from *@first on. Returns: how many. */
unsigned inos_document_find_range (const struct inos_document *document,
                                   const struct inos_document_range *range, unsigned *first);
const struct inos_slot_id *inos_document_id_at (const struct inos_document *document, unsigned i);
const struct inos_slot_id *inos_document_digest_at (const struct inos_document *document,
                                                    unsigned i);
/** inos_document_slot_at: its value is not to be looked at: it may be packed. */
const struct inos_slot *inos_document_slot_at (const struct inos_document *document, unsigned i);
/** inos_document_index: (out) @i: where @id is. Returns: whether there is one. */
bool inos_document_index (const struct inos_document *document, const struct inos_slot_id *id,
                          unsigned *i);
/** inos_document_write: puts slot @i into @writer. Returns: whether it had room. */
bool inos_document_write (struct inos_document *document, unsigned i,
                          struct inos_delta_writer *writer, size_t max);
