/*
 * The code of an invitation: what one person gives another, on paper, in a message or as a picture,
 * so that the other's node finds the one that invites, knows it, and is let in. "inos1" and base32
 * of: the format's number, the inviter's key, the secret, until when it counts, addresses, and four
 * bytes that find typing errors. Capitals and blanks do not matter.
 *
 * Whoever has the code may come in: it is a secret until it is used.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/multiaddr.h"

#define INOS_CODE_SECRET_SIZE 16
#define INOS_CODE_ADDRESSES_MAX 4u
#define INOS_CODE_TEXT_MAX 256 /* with its end */

struct inos_code {
  struct inos_peer_id inviter; /* of an Ed25519 key */
  uint8_t secret[INOS_CODE_SECRET_SIZE];
  int64_t expires; /* ms since 1970; whole minutes, the last of which still counts */
  unsigned n_addresses;
  struct inos_multiaddr addresses[INOS_CODE_ADDRESSES_MAX]; /* without the inviter's /p2p/ */
};

/** inos_code_write: the text; addresses that do not fit are left out, the last first. Returns:
 * whether the inviter has a key that fits. */
bool inos_code_write (const struct inos_code *code, char text[INOS_CODE_TEXT_MAX]);
/** inos_code_is: whether @text looks like one at all. */
bool inos_code_is (const char *text);
/** inos_code_read: whether @text is one, of a known format and without an error. */
bool inos_code_read (struct inos_code *code, const char *text);
