/*
 * multistream-select 1.0: how two sides agree on what a link or a stream is for. Each message is a
 * line with its length before it. The dialler proposes protocols, one after the other; the other
 * side answers each with the same line, or with "na".
 *
 * Bytes come in any pieces. What is behind the last message is the protocol's.
 *
 * Source: libp2p/specs, connections; multiformats/multistream-select.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/wire/buffer.h"

#define INOS_MULTISTREAM_LINE_MAX 1024 /* bytes of a message, with its line's end */
#define INOS_MULTISTREAM_ASKED_MAX 64  /* proposals and "ls" that one dialler may make */

enum inos_multistream_result {
  INOS_MULTISTREAM_MORE,   /* all was used, and more is needed */
  INOS_MULTISTREAM_ASKED,  /* the dialler proposes .asked: inos_multistream_answer() */
  INOS_MULTISTREAM_LIST,   /* the dialler asks for the list: inos_multistream_answer_list() */
  INOS_MULTISTREAM_AGREED, /* on .agreed, whose bytes follow */
  INOS_MULTISTREAM_NONE,   /* the other side knows none of what was proposed */
  INOS_MULTISTREAM_BAD,    /* it does not speak multistream-select, or asks without end */
};

/* One side of one negotiation. Zeroed, it is one that listens. */
struct inos_multistream {
  const char *const *names; /* what the dialler proposes; NULL: this side listens */
  unsigned n_names, at;
  bool greeted;  /* the other side has said that it speaks multistream-select */
  bool answered; /* this side has */
  bool over;
  unsigned n_asked;
  const char *agreed;
  char *asked;             /* owned; until the answer */
  struct inos_buffer line; /* the beginning of a message that is not whole yet */
};

/**
 * inos_multistream_dial: begins as the side that proposes.
 * @names: the best first; at least one; they and the array outlive @ms
 *
 * Appends the greeting and the first proposal to @out.
 */
void inos_multistream_dial (struct inos_multistream *ms, const char *const *names, unsigned n_names,
                            struct inos_buffer *out);
/** inos_multistream_clear: safe to call twice. */
void inos_multistream_clear (struct inos_multistream *ms);
/**
 * inos_multistream_feed: takes at most one message from @bytes.
 * @used: (out): how many of them are done with
 * @out: where answers are appended
 *
 * Call it again with the rest while it says %INOS_MULTISTREAM_MORE and there is some.
 */
enum inos_multistream_result inos_multistream_feed (struct inos_multistream *ms,
                                                    const uint8_t *bytes, size_t len, size_t *used,
                                                    struct inos_buffer *out);
/**
 * inos_multistream_answer: to %INOS_MULTISTREAM_ASKED.
 * @name: (nullable): the protocol, which is agreed now, and outlives @ms; NULL: "na"
 */
void inos_multistream_answer (struct inos_multistream *ms, const char *name,
                              struct inos_buffer *out);
/** inos_multistream_answer_list: to %INOS_MULTISTREAM_LIST.
 * @list: what inos_multistream_append() made */
void inos_multistream_answer_list (struct inos_multistream *ms, const struct inos_buffer *list,
                                   struct inos_buffer *out);
/** inos_multistream_append: adds @name to @out as a message: a proposal, or one of a list. */
void inos_multistream_append (struct inos_buffer *out, const char *name);
