/*
 * What has to be known of a program's output beside its bytes: the title that it set, and the modes
 * that a terminal has to be in which does not begin at the beginning.
 *
 * Sans I/O. Whatever comes, it takes one pass, no memory but its own, and goes wrong at most in
 * what it says: sequences are those of xterm's ctlseqs, UTF-8, C1 controls as two bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INOS_TITLE_MAX 255u  /* bytes; what is longer is cut */
#define INOS_RESTORE_MAX 512 /* bytes of inos_scan_restore() */
#define INOS_SCAN_PARAMETERS 16

enum inos_scan_state {
  INOS_SCAN_GROUND,
  INOS_SCAN_ESCAPE,
  INOS_SCAN_CSI,
  INOS_SCAN_CSI_OTHER, /* one that is of no interest, to its end */
  INOS_SCAN_OSC_NUMBER,
  INOS_SCAN_OSC_TEXT,
  INOS_SCAN_STRING, /* OSC, DCS, APC, PM and SOS that are of no interest */
};

struct inos_scan_output {
  char title[INOS_TITLE_MAX + 1]; /* valid UTF-8 without controls */
  bool title_changed;             /* set by the scan, cleared by who looked */
  uint32_t modes;                 /* a bit for each of a table in scan.c that is not as at first */

  enum inos_scan_state state;
  bool escaped; /* inside a string: an ESC was last */
  bool private; /* of a CSI: it began with '?' */
  uint16_t parameter[INOS_SCAN_PARAMETERS];
  unsigned parameters;
  unsigned number; /* of an OSC */
  char text[INOS_TITLE_MAX];
  unsigned length; /* of the text */
};

/** inos_scan_output: looks at what the program has written next; begins with all zero. */
void inos_scan_output (struct inos_scan_output *scan, const void *bytes, size_t size);

/**
 * inos_scan_restore:
 * @out: gets what brings a terminal that has just begun into the modes that hold
 *
 * Returns: how many bytes.
 */
size_t inos_scan_restore (const struct inos_scan_output *scan, char out[INOS_RESTORE_MAX]);
