/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What inos-sim --progress says, as a page is told. It is another program's word: whatever it says,
 * nothing else than this comes to the page, and no more of it.
 */

#include <json-glib/json-glib.h>

#define INOS_SIMULATOR_LINE_MAX (64 * 1024)
#define INOS_SIMULATOR_FAILURES_MAX 20
#define INOS_SIMULATOR_TEXT_MAX 512

/* Rows of seconds have these, in this order. */
#define INOS_SIMULATOR_FIGURES 10

typedef enum {
  INOS_SIMULATOR_TEXT,   /* no progress: words for people */
  INOS_SIMULATOR_SECOND, /* an array of figures */
  INOS_SIMULATOR_END,    /* an object */
} InosSimulatorLine;

/* Transfer full in value, which is a text for words, cut short. Of what is none of these and of
 * numbers that are none the words are empty. */
InosSimulatorLine inos_simulator_read_line (const char *line, gsize length, JsonNode **value);
