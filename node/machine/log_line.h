/*
 * What programs write of themselves, as it can be shown: bytes of strangers made a text, and lines
 * of Inos' own files taken apart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As syslog counts them: 0 is the worst. */
#define INOS_LOG_WARNING 4u
#define INOS_LOG_INFO 6u
#define INOS_LOG_PRIORITIES 8u

struct inos_log_line {
  gint64 time;        /* µs since 1970; -1: it says none */
  gint64 clock;       /* µs after midnight, where it says no day; -1: it says none */
  gint64 span;        /* µs after its program began, where it says no more; -1: it says none */
  uint32_t priority;  /* below INOS_LOG_PRIORITIES */
  uint32_t pid;       /* 0: it says none */
  const char *domain; /* which part of a program; not ended by a zero */
  size_t domain_length;
  const char *message; /* to the end of the line */
};

/**
 * inos_log_line_parse: a line of a program that GLib or wlroots writes for, or of session.log; any
 * other is all message
 * @text: need not end with a zero
 * @length: without the end of the line
 */
void inos_log_line_parse (const char *text, size_t length, struct inos_log_line *line);

/**
 * inos_log_text:
 * @most: bytes of the text at most, above 8
 * @cut: (out) (nullable): whether there was more
 *
 * Returns: (transfer full): valid UTF-8 without control characters, but for tabulators and ends of
 * lines, without colours of a terminal, without white space at its end, and without what turns the
 * direction of text around it. What cannot be read is U+FFFD.
 */
char *inos_log_text (const char *bytes, size_t length, size_t most, bool *cut);
