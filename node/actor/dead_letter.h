/*
 * Dead letters: the last messages that reached nobody, each with the reason, kept to be looked at
 * and to be sent again.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

enum inos_dead_reason {
  INOS_DEAD_GONE,      /* the actor had gone, or went before it came to this */
  INOS_DEAD_UNHANDLED, /* it is no message of its protocol */
  INOS_DEAD_FAILED,    /* its handler failed */
  INOS_DEAD_LATE,      /* a reply nobody waits for any more */
  INOS_DEAD_REFUSED,   /* a breaker was open, or parking would have closed a circle of waiters */
  INOS_DEAD_FULL,      /* the mailbox was full; this and the next count as dropped */
  INOS_DEAD_OLDEST,    /* dropped for a newer one */
  INOS_DEAD_EXPIRED,   /* its TTL was over; counts as expired */
  INOS_DEAD_REASONS
};

struct inos_dead_letter {
  uint64_t number; /* counts up from 1 */
  enum inos_dead_reason reason;
  inos_actor_id sender, recipient;
  uint64_t id, time, died; /* ns of the runtime's clock */
  const struct inos_message_type *type;
};

/**
 * inos_dead_letters:
 * @out: where up to @room of the latest go, the latest first
 *
 * Returns: how many there are in @out.
 */
size_t inos_dead_letters (struct inos_runtime *runtime, struct inos_dead_letter *out, size_t room);

/** inos_dead_letters_counted: how many there have been for each reason, kept or not. */
void inos_dead_letters_counted (struct inos_runtime *runtime, uint64_t counts[INOS_DEAD_REASONS]);

/**
 * inos_dead_letter_resend:
 * @number: which
 * @to: (nullable): to whom; NULL: to whom it was for
 *
 * Sends a dead letter again, with what it owns, and takes it off the list. Where it is not
 * delivered this time either it is a new one, but after INOS_NO_MEMORY it is the same one still.
 *
 * Returns: what became of it, INOS_DEAD also where there is no such letter any more.
 */
enum inos_sent inos_dead_letter_resend (struct inos_runtime *runtime, uint64_t number,
                                        const struct inos_address *to);

/** inos_dead_reason_name: a word for people and for D-Bus, such as "unhandled". */
const char *inos_dead_reason_name (enum inos_dead_reason reason);
