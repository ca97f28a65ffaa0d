/*
 * Which entries of a log are meant, and what is told of one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Entries of one answer, and bytes of a message in it and of a field where one entry is looked at.
 */
#define INOS_LOG_ROWS_MAX 200u
#define INOS_LOG_MESSAGE_MAX 4000u
#define INOS_LOG_FIELD_MAX (64u * 1024)
/* Fields of one entry, and bytes of all of them. */
#define INOS_LOG_FIELDS_MAX 256u
#define INOS_LOG_FIELDS_BYTES (512u * 1024)
/* After so long, or so many entries that are not meant, a question is answered with what was found.
 */
#define INOS_LOG_PATIENCE (800 * G_TIME_SPAN_MILLISECOND)
#define INOS_LOG_LOOKS_MAX 200000u
/* Bytes of what is asked for. */
#define INOS_LOG_SEARCH_MAX 512u
#define INOS_LOG_UNIT_MAX 255u
#define INOS_LOG_CURSOR_MAX 512u

struct inos_log_query {
  char **words;       /* folded; all are in the message, the unit or the program */
  const char *unit;   /* or program, or part of Inos; "" for all */
  const char *boot;   /* "": any; "this"; or 32 digits */
  uint32_t priority;  /* none above it: of less weight */
  gint64 since;       /* µs since 1970; 0: whatever */
  const char *cursor; /* the entry after which it begins; "": at the end */
  bool newer;         /* towards now */
  uint32_t limit;     /* rows, at most INOS_LOG_ROWS_MAX */
  gint64 until;       /* µs of the monotonic clock: no longer */
};

struct inos_log_entry {
  const char *cursor;
  gint64 time;
  uint32_t priority, pid;
  const char *unit, *program, *message;
  bool cut;
};

/* What comes of one question. */
struct inos_log_answer {
  GVariantBuilder *rows; /* INOS_LOG_ROWS_TYPE, in the direction that was asked for */
  uint32_t count, looked;
  char *first, *next; /* cursors of the first and the last that was looked at; NULL: none */
  bool more;          /* there may be more in that direction */
};

/** inos_log_query_has: whether its words, unit, priority and time are those; not its boot. */
bool inos_log_query_has (const struct inos_log_query *query, const struct inos_log_entry *entry);

/** inos_log_query_found: whether its words are there. */
bool inos_log_query_found (const struct inos_log_query *query, const struct inos_log_entry *entry);

/** inos_log_answer_add: Returns: whether there is room for more. */
bool inos_log_answer_add (struct inos_log_answer *answer, const struct inos_log_query *query,
                          const struct inos_log_entry *entry);

/** inos_log_answer_looks: one was looked at; @cursor is copied.
 *
 * Returns: whether another may be. */
bool inos_log_answer_looks (struct inos_log_answer *answer, const struct inos_log_query *query,
                            const char *cursor);
