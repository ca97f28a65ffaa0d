/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is being typed, in memory that is not swapped out, and wiped as soon as it is not needed.
 *
 * It lies where it is sent from, so that there is no second copy: behind the room for a message's
 * head. */
#pragma once

#include "talk.h"

struct inos_secret {
  uint8_t frame[INOS_TALK_MAX + 1]; /* head, text, a zero */
  size_t length;                    /* of the text, bytes */
};

/* Returns false where the memory may be swapped out, since locking it failed (errno); all the rest
 * works. `secret` must not move afterwards. */
bool inos_secret_init (struct inos_secret *secret);
/* Wipes and unlocks. */
void inos_secret_finish (struct inos_secret *secret);

/* The text as a string; it is wiped with the secret. */
const char *inos_secret_text (const struct inos_secret *secret);
/* How many characters (code points) there are. */
size_t inos_secret_count (const struct inos_secret *secret);

/* Appends a character of UTF-8. Returns false where there is no room; nothing is appended then. */
bool inos_secret_append (struct inos_secret *secret, const char *character);
/* Takes the last character away. */
void inos_secret_erase (struct inos_secret *secret);
void inos_secret_wipe (struct inos_secret *secret);
