/*
 * What members of a group say to elect a primary. All numbers are little-endian and of fixed size:
 *
 *     1  version, 1
 *     1  kind
 *     8  resource
 *     8  group: the SHA-256 of the resource and its members' ids in order, cut
 *     8  epoch
 *     8  number: of a question; its answers have the same
 *     4  ms: of the promise that is asked for; in a refusal, how long to wait
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INOS_ELECTION_MESSAGE_SIZE 38u

enum inos_election_kind {
  INOS_ELECTION_PROBE = 1, /* would you vote for me? */
  INOS_ELECTION_WOULD,
  INOS_ELECTION_VOTE,  /* vote for me in this epoch */
  INOS_ELECTION_RENEW, /* the same, of one who is the primary */
  INOS_ELECTION_GRANT,
  INOS_ELECTION_REFUSE,  /* with the epoch that the voter is at */
  INOS_ELECTION_RELEASE, /* I do not need what you promised in this epoch; has no answer */
  INOS_ELECTION_KINDS,
};

struct inos_election_message {
  enum inos_election_kind kind;
  uint64_t resource, group, epoch, number;
  uint32_t ms;
};

/** inos_election_message_read: whether it is one. */
bool inos_election_message_read (struct inos_election_message *message, const void *bytes,
                                 size_t len);
void inos_election_message_write (const struct inos_election_message *message,
                                  uint8_t out[INOS_ELECTION_MESSAGE_SIZE]);
