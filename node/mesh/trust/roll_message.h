/*
 * What members tell each other of the roll, on streams of "/inos/roll/1.0.0": statements, and what
 * their digest is. A file of the roll is such a message too.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"
#include "node/mesh/trust/roll.h"

#define INOS_ROLL_PROTOCOL "/inos/roll/1.0.0"
#define INOS_ROLL_MESSAGE_MAX (64u * 1024) /* bytes */
#define INOS_ROLL_DIGEST_SIZE 32

/** inos_roll_message_add: appends a statement. */
void inos_roll_message_add (struct inos_buffer *out, const void *statement, size_t len);
/** inos_roll_message_digest: appends the digest of all that @roll has. */
void inos_roll_message_digest (struct inos_buffer *out, const struct inos_roll *roll);

struct inos_roll_message_result {
  unsigned taken, known, refused; /* statements */
  bool has_digest;
  uint8_t digest[INOS_ROLL_DIGEST_SIZE];
};
/**
 * inos_roll_message_take: all of @message, up to the first statement that is wrong.
 * @news: (nullable): what was new is appended to it, as a message
 *
 * @roll is to be settled after it.
 *
 * Returns: whether it was a message, and all statements were right.
 */
bool inos_roll_message_take (struct inos_roll *roll, const void *message, size_t len,
                             struct inos_buffer *news, struct inos_roll_message_result *result);
/**
 * inos_roll_message_prove: the same of what a stranger shows: statements of whose authors the word
 * counts already, or by those before. Settles.
 *
 * Returns: whether all of @message was so.
 */
bool inos_roll_message_prove (struct inos_roll *roll, const void *message, size_t len,
                              struct inos_buffer *news);
/** inos_roll_message_next: cuts what inos_roll_write() wrote into messages. @at: (inout): where the
 * last ended, from 0. Returns: the length of the next one; 0: there is none. */
size_t inos_roll_message_next (const void *bytes, size_t len, size_t *at);
