/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/group/election.h"
#include "node/mesh/group/election_message.h"

#define INOS_ELECTION_ASKED 4u /* questions of a primary whose answers still count */

enum inos_election_role {
  INOS_ELECTION_FOLLOWS,
  INOS_ELECTION_PROBES,
  INOS_ELECTION_STANDS,
  INOS_ELECTION_LEADS,
};

/* A question to all members. */
struct inos_election_asked {
  uint64_t number, at; /* ns */
  unsigned yes, no;    /* bits of members */
};

struct inos_election_resource {
  uint64_t resource, group;
  unsigned n_members, self, rank;
  struct inos_peer_id members[INOS_ELECTION_MEMBERS_MAX]; /* by id */
  enum inos_election_role role;

  /* as a voter */
  struct inos_election_vote vote; /* stored; epoch 0: none */
  uint64_t promised;              /* ns up to which vote.candidate has it */

  /* what it knows */
  struct inos_peer_id primary; /* zero: nobody */
  uint64_t primary_epoch, primary_until;
  uint64_t seen; /* the highest epoch that anybody has told */

  /* as a candidate, and as the primary */
  uint64_t epoch;
  uint64_t next_at;                                      /* to stand; to give up; to ask again */
  uint64_t wait;                                         /* ns that somebody said it has to wait */
  uint64_t lease;                                        /* ns up to which it is held */
  struct inos_election_asked asked[INOS_ELECTION_ASKED]; /* the last one is in place asked_last */
  unsigned asked_last;
};

struct inos_election {
  struct inos_election_setup setup;
  uint64_t last_number;
  unsigned n;
  struct inos_election_resource *resources[INOS_ELECTION_RESOURCES_MAX]; /* owned */
};

/* election.c */
void inos_election_say (struct inos_election *election, const struct inos_election_resource *r,
                        const struct inos_peer_id *to, struct inos_election_message message);
/** inos_election_say_all: to all other members. */
void inos_election_say_all (struct inos_election *election, const struct inos_election_resource *r,
                            struct inos_election_message message);
/** inos_election_promise: votes for @candidate in @epoch for @length ns. Returns: whether it may,
 * and the vote is stored. */
bool inos_election_promise (struct inos_election *election, struct inos_election_resource *r,
                            const struct inos_peer_id *candidate, uint64_t epoch, uint64_t length);
/** inos_election_know: @primary, or nobody (NULL), up to @until. */
void inos_election_know (struct inos_election *election, struct inos_election_resource *r,
                         const struct inos_peer_id *primary, uint64_t epoch, uint64_t until);

/* candidate.c */
/** inos_election_wait: it stands when the promise is over, and others have had their turn. */
void inos_election_wait (struct inos_election *election, struct inos_election_resource *r);
void inos_election_answered (struct inos_election *election, struct inos_election_resource *r,
                             unsigned member, const struct inos_election_message *answer);
void inos_election_step (struct inos_election *election, struct inos_election_resource *r);
/** inos_election_give_back: what it holds, and what it was promised. */
void inos_election_give_back (struct inos_election *election, struct inos_election_resource *r);
bool inos_election_holds (const struct inos_election *election,
                          const struct inos_election_resource *r);
