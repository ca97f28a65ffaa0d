/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the lock screen or the greeter and the process that asks for it say to each other: one
 * message a datagram, on a SOCK_SEQPACKET pair that nobody else has.
 *
 * All integers are little-endian: a byte of format (1), a byte of type, two bytes of the text's
 * length, four of a value, and the text, without a zero byte. A datagram that is anything else is
 * no message; whoever gets one ends the conversation. There is no GLib here, since the checker has
 * none.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  INOS_TALK_HEAD = 8,       /* bytes before the text */
  INOS_TALK_TEXT_MAX = 511, /* bytes; PAM's own PAM_MAX_RESP_SIZE is 512, with the zero */
  INOS_TALK_MAX = INOS_TALK_HEAD + INOS_TALK_TEXT_MAX,
};

enum inos_talk_type {
  INOS_TALK_WHO = 1, /* the checker's first: a person's name, to be shown */
  INOS_TALK_ASK_SECRET,
  INOS_TALK_ASK_SHOWN,
  INOS_TALK_INFO, /* value: enum inos_talk_about, here and below */
  INOS_TALK_ERROR,
  INOS_TALK_PAUSE,   /* value: ms that PAM wants to pass before the next try */
  INOS_TALK_RESULT,  /* value: enum inos_verdict; the text: PAM's own words for it */
  INOS_TALK_ANSWER,  /* the only one that the lock screen sends, but for the greeter's next */
  INOS_TALK_ACCOUNT, /* whose account is asked about, for the next try; only a greeter's checker */
  INOS_TALK_SESSION, /* which session is to be started: its id; at any time, the last one counts */
  INOS_TALK_TYPES,
};

enum inos_talk_about {
  INOS_TALK_OF_PERSON,  /* said while it is found out who is there */
  INOS_TALK_OF_ACCOUNT, /* said afterwards, whoever is there */
  INOS_TALK_ABOUTS,
};

enum inos_verdict {
  INOS_VERDICT_RIGHT,
  INOS_VERDICT_WRONG,
  INOS_VERDICT_TOO_MANY, /* tries: PAM takes no more for now */
  INOS_VERDICT_EXPIRED,  /* the account, or a password that was not changed for too long */
  INOS_VERDICT_DENIED,   /* the password may be right, but not here or not now */
  INOS_VERDICT_BROKEN,   /* nothing could be checked */
  INOS_VERDICTS,
};

struct inos_talk {
  enum inos_talk_type type;
  uint32_t value;
  const char *text; /* borrowed from the datagram, without a zero at its end */
  size_t length;
};

/* Reads a datagram. Returns false where it is no message; `out` is then not to be used. */
bool inos_talk_parse (const void *bytes, size_t size, struct inos_talk *out);

/* Whether it is for the checker to say. */
bool inos_talk_is_checkers (enum inos_talk_type type);

/* Writes the head of a message whose text of `length` bytes, at most INOS_TALK_TEXT_MAX, is or
 * comes behind it. Returns the datagram's size. */
size_t inos_talk_head (uint8_t frame[INOS_TALK_MAX], enum inos_talk_type type, uint32_t value,
                       size_t length);

/* Likewise with the text, which is cut where it is too long, not within a character of UTF-8.
 * text: NULL is "". */
size_t inos_talk_write (uint8_t frame[INOS_TALK_MAX], enum inos_talk_type type, uint32_t value,
                        const char *text);
