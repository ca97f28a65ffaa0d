/*
 * Reading the kernel's text files without a heap, a locale or a trust in their form: a cursor over
 * bytes that need not end with a zero. Everything that does not parse leaves the cursor where it
 * was and returns false.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inos_scan {
  const char *at, *end;
};

/** inos_scan_line: cuts the next line, without its end, off @text; false where none is left. */
bool inos_scan_line (struct inos_scan *text, struct inos_scan *line);

/** inos_scan_word: cuts the next word between blanks off @line; false where none is left. */
bool inos_scan_word (struct inos_scan *line, struct inos_scan *word);

/** inos_scan_skip: cuts @literal off the start of @line. */
bool inos_scan_skip (struct inos_scan *line, const char *literal);

/** inos_scan_is: whether all of @word is @literal. */
bool inos_scan_is (struct inos_scan word, const char *literal);

/** inos_scan_u64: cuts blanks and a whole number off @line; one too large for 64 bits is refused.
 */
bool inos_scan_u64 (struct inos_scan *line, uint64_t *value);

/** inos_scan_i64: the same with a sign. */
bool inos_scan_i64 (struct inos_scan *line, int64_t *value);

/** inos_scan_decimal: cuts blanks and a number such as 12.34 off @line. */
bool inos_scan_decimal (struct inos_scan *line, double *value);

/** inos_scan_copy: copies @word with an end into @out; one that is too long is cut. */
void inos_scan_copy (struct inos_scan word, char *out, size_t size);
