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
  bool disputed;                   /* of a hand-over: that there is another one was told */
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
};

/** inos_roll_judge: (transfer full): id → struct inos_roll_entry, from the statements alone; sets
 * their weights. */
GHashTable *inos_roll_judge (const struct inos_roll *roll);

/** inos_roll_kept: (nullable): the statement of this kind, by @author about @subject. */
struct kept *inos_roll_kept (const struct inos_roll *roll, enum inos_statement_kind kind,
                             const struct inos_peer_id *author, const struct inos_peer_id *subject);
/** inos_roll_rotation: (nullable): @author's hand-over. */
struct kept *inos_roll_rotation (const struct inos_roll *roll, const struct inos_peer_id *author);
