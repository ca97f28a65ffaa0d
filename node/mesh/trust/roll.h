/*
 * The roll: who is a member of a mesh. It is a set of statements that any two nodes merge in any
 * order and however often, and who is a member follows from the set alone:
 *
 * - The founder has rank 0. Whom a peer of rank r admits has rank r + 1, or a better one by
 * somebody else's word.
 * - A peer of rank r can revoke whoever has a worse rank, and nobody else. That is for ever. Whom
 *   the revoked one had admitted is no member either, unless others admit it too: who revokes does
 *   so at once for those it knows of. So nothing that the revoked one says afterwards counts, also
 *   where it says that it was before.
 * - Who leaves is no member until it is admitted in a later era. Whom it admitted stays.
 * - Who hands over to another key (rotates) is that key from then on: the new one has its place,
 * and says again what the old one has said, which counts no more. Whose old key was revoked is
 *   revoked, whatever key it has now.
 *
 * One thing does not follow from the set alone: of two hand-overs of one key the one that was here
 * first counts, and what that key says afterwards is not taken. So a thief who copied an old key
 * gets nothing from those who know of the hand-over; and those who know of different ones say so.
 *
 * A core (env.h) without deadlines.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/trust/statement.h"

#include <glib.h>

#define INOS_ROLL_STATEMENTS_MAX 4096u /* above it those that matter least go */
#define INOS_ROLL_RANK_MAX 32u         /* who is further from the founder is no member */
#define INOS_ROLL_PATH_MAX 48u         /* the same in statements, with the hand-overs */
#define INOS_ROLL_PROOF_MAX                                                                        \
  ((2 * INOS_ROLL_PATH_MAX + 6) * (INOS_STATEMENT_MAX + 8)) /* bytes, at most, of a proof */

enum inos_standing {
  INOS_STANDING_STRANGER,
  INOS_STANDING_MEMBER,
  INOS_STANDING_LEFT,
  INOS_STANDING_REVOKED,
  INOS_STANDING_REPLACED, /* it has handed over to `next` */
};

/* What the roll says of a peer. */
struct inos_roll_entry {
  struct inos_peer_id id;
  enum inos_standing standing;
  unsigned rank;             /* UINT_MAX: nobody's word for it counts */
  struct inos_peer_id by;    /* who admitted it, or revoked it */
  struct inos_peer_id via;   /* who gave it its rank; nobody: it is the founder */
  struct inos_peer_id next;  /* REPLACED: who took over */
  struct inos_peer_id under; /* the id, an earlier one perhaps, that `by` spoke of */
  bool took_over;            /* `via` is its own earlier id */
  unsigned rotations, path;  /* hand-overs before it; statements from the founder's */
  int64_t since;             /* ms since 1970, by the clock of `by` */
  uint32_t era, left;        /* the last in which it was admitted, and that it left */
  char name[INOS_STATEMENT_NAME_MAX + 1];
};

struct inos_roll_events {
  /* @entry, of a peer, says something else now. The roll may be looked at, nothing else. */
  void (*standing) (void *data, const struct inos_roll_entry *entry, enum inos_standing before);
  /* @author, which has handed over to @next, signs that it did so to @other, too. Once for each
   * author until the roll is freed. The same rule. May be NULL. */
  void (*disputed) (void *data, const struct inos_peer_id *author, const struct inos_peer_id *next,
                    const struct inos_peer_id *other);
};

struct inos_roll_setup {
  const struct inos_mesh_env *env;
  const struct inos_statement_trust *trust; /* signs for `self` */
  struct inos_peer_id self;
  const struct inos_roll_events *events;
  void *data;
};

struct inos_roll;

/** inos_roll_new: of no mesh yet: inos_roll_found(), or a FOUND that is taken. */
struct inos_roll *inos_roll_new (const struct inos_roll_setup *setup);
/** inos_roll_free: takes NULL. */
void inos_roll_free (struct inos_roll *roll);

enum inos_roll_taken {
  INOS_ROLL_REFUSED, /* no statement, of another mesh, or not signed by whom it says */
  INOS_ROLL_KNOWN,   /* or older than what is known */
  INOS_ROLL_NEW,
};
/** inos_roll_take: a statement that somebody sent. Counts after inos_roll_settle(). */
enum inos_roll_taken inos_roll_take (struct inos_roll *roll, const void *bytes, size_t len);
/** inos_roll_settle: works out what the statements that were taken mean, and tells. */
void inos_roll_settle (struct inos_roll *roll);

/* What this node says; each settles. What is new is appended to @said, which may be NULL: a field 1
 * of bytes for each, as inos_roll_write() does. */

/** inos_roll_found: a mesh of this node, which is called @name. The roll is of none yet. */
void inos_roll_found (struct inos_roll *roll, const char *name, struct inos_buffer *said);
/** inos_roll_admit: whether it could: this node is a member, the subject is not and was not
 * revoked, and its consent is right and of an era that has not ended. */
bool inos_roll_admit (struct inos_roll *roll, const struct inos_consent *consent,
                      struct inos_buffer *said);
/** inos_roll_may_revoke: whether this node is a member whose word ends @id's. */
bool inos_roll_may_revoke (const struct inos_roll *roll, const struct inos_peer_id *id);
/** inos_roll_revoke: @id is no member any more, and those whom it admitted are by this node's word.
 * Returns: whether it may. */
bool inos_roll_revoke (struct inos_roll *roll, const struct inos_peer_id *id,
                       struct inos_buffer *said);
/**
 * inos_roll_rotate: what makes @next take over from this node, as messages: all that this node has
 * said in the name of @next, who @signer signs for, and the hand-over at the end. Changes nothing:
 * it counts where it is taken.
 *
 * Returns: whether this node is a member, @next is a stranger, and there is room on everybody's
 * path to the founder for one more statement.
 */
bool inos_roll_rotate (const struct inos_roll *roll, const struct inos_peer_id *next,
                       const struct inos_statement_trust *signer, struct inos_buffer *said);
/** inos_roll_leave: this node is no member any more; whether it was one. */
bool inos_roll_leave (struct inos_roll *roll, struct inos_buffer *said);

/** inos_roll_mesh: (nullable): which mesh it is of. */
const struct inos_mesh_id *inos_roll_mesh (const struct inos_roll *roll);
/** inos_roll_standing: of anybody. */
enum inos_standing inos_roll_standing (const struct inos_roll *roll, const struct inos_peer_id *id);
/** inos_roll_find: (nullable): what is said of @id. */
const struct inos_roll_entry *inos_roll_find (const struct inos_roll *roll,
                                              const struct inos_peer_id *id);
/** inos_roll_latest: who @id is now, after all hand-overs; @id where it has handed over to nobody.
 */
const struct inos_peer_id *inos_roll_latest (const struct inos_roll *roll,
                                             const struct inos_peer_id *id);
/** inos_roll_entries: (transfer container): const struct inos_roll_entry, by id; good until it
 * settles again. */
GPtrArray *inos_roll_entries (const struct inos_roll *roll);
/** inos_roll_members: how many there are. */
unsigned inos_roll_members (const struct inos_roll *roll);
/** inos_roll_era: in which @id would be admitted now; 0: in none any more. */
uint32_t inos_roll_era (const struct inos_roll *roll, const struct inos_peer_id *id);

/** inos_roll_digest: what is equal where the statements are. */
void inos_roll_digest (const struct inos_roll *roll, uint8_t digest[32]);
/** inos_roll_write: appends all statements, FOUND first, each as field 1 of bytes. */
void inos_roll_write (const struct inos_roll *roll, struct inos_buffer *out);
/** inos_roll_prove: appends those that @id's standing follows from, at most INOS_ROLL_PROOF_MAX
 * bytes. Returns: whether anything is said of it. */
bool inos_roll_prove (const struct inos_roll *roll, const struct inos_peer_id *id,
                      struct inos_buffer *out);
/** inos_roll_count: statements in it. */
unsigned inos_roll_count (const struct inos_roll *roll);
