/*
 * Two connections, joined by a link in memory that cuts what goes over it in pieces of random
 * sizes, on a clock that stands until it is turned. The same seed does the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/link/connection.h"
#include "node/mesh/link/link_error.h"

#define PAIR_SECOND G_GUINT64_CONSTANT (1000000000)

struct pair;

struct pair_side {
  struct pair *pair;
  struct inos_connection *connection;
  struct inos_buffer wire; /* what it sent and the other has not got yet */
  unsigned n_ready, n_closed, n_output;
  struct inos_peer_id peer;
  GError *error; /* of `closed` */
  /* What is offered to the other side, a table that ends with a name of NULL; may be NULL. */
  const struct inos_stream_answer *offers;
};

struct pair {
  struct inos_mesh_env env;
  GRand *rand;
  uint64_t now;
  size_t piece_max;          /* bytes; of what goes over the link at once */
  size_t wire_max;           /* bytes that may be on their way; 0: any number */
  bool late_host;            /* output is looked at later only, not from inside the event */
  bool direct;               /* it is delivered from inside the event */
  struct pair_side sides[2]; /* who dialled is the first */
};

/** pair_identity: one of four, always the same. */
struct inos_identity *pair_identity (unsigned number);
struct inos_peer_id pair_peer (unsigned number);
/** pair_setup: how side @number of @pair is made unless a test wants something else. */
struct inos_connection_setup pair_setup (struct pair *pair, unsigned number);

void pair_init (struct pair *pair, uint32_t seed);
/** pair_connect: makes and starts both, with what @first and @second (nullable) say instead. */
void pair_connect (struct pair *pair, const struct inos_connection_setup *first,
                   const struct inos_connection_setup *second);
/** pair_step: takes from one output, delivers one piece, or ticks. False: nothing was to be done.
 */
bool pair_step (struct pair *pair);
/** pair_run: steps until there is nothing to be done. */
void pair_run (struct pair *pair);
/** pair_turn: turns the clock on by @ns, stopping wherever a side wants to be called. */
void pair_turn (struct pair *pair, uint64_t ns);
/** pair_ready: makes, connects and upgrades a pair; fails the test if that does not work. */
void pair_ready (struct pair *pair, uint32_t seed);
void pair_clear (struct pair *pair);
