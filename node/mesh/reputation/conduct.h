/*
 * What a peer did that speaks for it or against it, where this node itself was the one to whom it
 * was done. Good conduct is only what this node asked for: nobody makes itself a name by calling.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One outcome that counts whole; fractions of it are exact enough to age by the hour. */
#define INOS_OUTCOME (1u << 20)

/* The numbers are those of the file: new ones go to the end. */
enum inos_conduct {
  INOS_CONDUCT_ANSWERED, /* a question to an actor of it, in time */
  INOS_CONDUCT_LATE,     /* its node was there, and the answer was not in time */
  INOS_CONDUCT_SILENT,   /* it was lost while a question waited */
  INOS_CONDUCT_REACHED,  /* a dial */
  INOS_CONDUCT_UNREACHED,
  INOS_CONDUCT_ENDED,    /* a session with an actor of it, in order */
  INOS_CONDUCT_LOST,     /* and not in order */
  INOS_CONDUCT_SERVED,   /* somebody answered at the port of a service that it announces */
  INOS_CONDUCT_UNSERVED, /* nobody did */
  INOS_CONDUCT_GOSSIP,   /* its score of pubsub is below zero: forged, broken promises, floods */
  INOS_CONDUCT_RULES,    /* what it said is no message */
  INOS_CONDUCTS,
};

/** inos_conduct_name: "answered". */
const char *inos_conduct_name (enum inos_conduct conduct);
/** inos_conduct_is_good: whether it speaks for the peer. */
bool inos_conduct_is_good (enum inos_conduct conduct);
/** inos_conduct_weight: how much it counts, in parts of %INOS_OUTCOME. */
uint32_t inos_conduct_weight (enum inos_conduct conduct);
/** inos_conduct_pause: ns after one of a peer in which no other of its kind counts. */
uint64_t inos_conduct_pause (enum inos_conduct conduct);
