/*
 * How a circuit begins: one message after its length, and behind it bytes that are somebody else's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"

/* A zeroed one has nothing yet. */
struct inos_opening {
  struct inos_buffer bytes;
  size_t head; /* bytes of the length; 0: it is not whole */
  size_t size; /* of the message */
};

enum inos_opening_state {
  INOS_OPENING_MORE,  /* is to come */
  INOS_OPENING_WHOLE, /* inos_opening_message() is the message */
  INOS_OPENING_WRONG, /* it is none, or too long */
};

/**
 * inos_opening_feed:
 * @max: bytes of the message
 * @used: (out): how many of @bytes are the message's
 */
enum inos_opening_state inos_opening_feed (struct inos_opening *opening, size_t max,
                                           const uint8_t *bytes, size_t len, size_t *used);
/** inos_opening_message: of a whole one; until it is cleared. */
const uint8_t *inos_opening_message (const struct inos_opening *opening, size_t *len);
void inos_opening_clear (struct inos_opening *opening);
