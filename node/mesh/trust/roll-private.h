/*
 * What the files of the roll share.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/trust/roll.h"

/* A statement that is kept. */
struct kept {
  struct inos_statement statement; /* of `bytes` */
  unsigned weight;                 /* judge.c's: the greater, the sooner it goes */
  bool disputed;                   /* of ROTATE and PASS: that there is another one was told */
  size_t len;
  uint8_t bytes[];
};

struct inos_roll {
  struct inos_roll_setup setup;
  bool founded;
  struct inos_mesh_id mesh;
  struct inos_peer_id founder;
  GPtrArray *kept;     /* struct kept; by kind, author, subject */
  GHashTable *entries; /* id → struct inos_roll_entry; what the last settling said */
  bool unsettled;
  unsigned n_passed; /* of the seat, when it settled last; whom to, the first time first */
  struct inos_peer_id passed[INOS_ROLL_PATH_MAX];
  struct inos_peer_id holder; /* of the seat; nobody: the roll is of no mesh */
};

/** inos_roll_judge: (transfer full): id → struct inos_roll_entry, from the statements alone; sets
 * their weights. */
GHashTable *inos_roll_judge (const struct inos_roll *roll);

/** inos_roll_kept: (nullable): the statement of this kind, by @author about @subject. */
struct kept *inos_roll_kept (const struct inos_roll *roll, enum inos_statement_kind kind,
                             const struct inos_peer_id *author, const struct inos_peer_id *subject);
/** inos_roll_rotation: (nullable): @author's hand-over. */
struct kept *inos_roll_rotation (const struct inos_roll *roll, const struct inos_peer_id *author);
/** inos_roll_passing: (nullable): that @author passes the seat on for the @number'th time. */
struct kept *inos_roll_passing (const struct inos_roll *roll, const struct inos_peer_id *author,
                                uint32_t number);
/** inos_roll_has_room: whether nobody is too far from the founder with one statement more on the
 * path, and with @ranks more between. @below: (nullable): only those whose way there leads through
 * it count. */
bool inos_roll_has_room (const struct inos_roll *roll, unsigned ranks,
                         const struct inos_roll_entry *below);

/* seat.c */

#define INOS_ROLL_SEAT_STEPS_MAX (INOS_ROLL_PATH_MAX + 1)

/* Where the founder's seat has been. */
struct inos_roll_seat_step {
  const struct kept *by; /* PASS or ROTATE; NULL: it is the founder */
  struct inos_peer_id id;
  uint32_t number; /* how often it had been passed on then */
};

/** inos_roll_walk_seat: the founder first, who has it now last. Returns: how many, at least 1; the
 * roll is of a mesh. */
unsigned inos_roll_walk_seat (const struct inos_roll *roll,
                              struct inos_roll_seat_step steps[INOS_ROLL_SEAT_STEPS_MAX]);
/** inos_roll_note_seats: what is known now is what was known first, later. */
void inos_roll_note_seats (struct inos_roll *roll);
/** inos_roll_is_passed: whether @statement passes the seat on where it has gone to somebody else
 * already. */
bool inos_roll_is_passed (const struct inos_roll *roll, const struct inos_statement *statement);
/** inos_roll_is_repeated: whether a later key of @pass' author says the same. */
bool inos_roll_is_repeated (const struct inos_roll *roll, const struct inos_statement *pass);
/** inos_roll_had_seat: whether it is, or was, @id's. */
bool inos_roll_had_seat (const struct inos_roll *roll, const struct inos_peer_id *id);
