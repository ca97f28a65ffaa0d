/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for a terminal. Titles and names come from strangers: nothing they wrote may steer the
 * terminal. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum ctl_paint { CTL_PLAIN, CTL_BOLD, CTL_DIM, CTL_GREEN, CTL_YELLOW, CTL_RED };

/* A copy in which control characters, line separators and marks that turn the direction of the text
 * are U+FFFD. */
char *ctl_text_clean (const char *text);

/* Columns that the text takes: wide characters take two, combining ones none. */
int ctl_text_width (const char *text);

/* A copy that takes at most that many columns, ended with "…" where it was cut. */
char *ctl_text_fit (const char *text, int columns);

/* "1.5 GiB", "12 B". */
char *ctl_text_bytes (guint64 bytes);

/* "3 d 4 h", "5 min 2 s". */
char *ctl_text_duration (guint64 seconds);

/* A bar of that many columns, filled from 0.0 to 1.0; ASCII where the locale knows no more. */
char *ctl_text_bar (double fraction, int columns);

/* A tree: what begins a line below one that is indented so, and how what is below that is indented.
 * ASCII where the locale knows no more. */
char *ctl_text_branch (const char *indent, bool last);
char *ctl_text_below (const char *indent, bool last);

/* Which colour a fraction of 0.0 to 1.0 deserves. */
enum ctl_paint ctl_text_severity (double fraction);

/* Appends the text in a colour, or plain where color is false. */
void ctl_text_paint (GString *out, enum ctl_paint paint, const char *text, bool color);

/* Columns and rows of the terminal on standard output; 0 where it is not one. */
void ctl_text_terminal_size (int *columns, int *rows);

/* Prints a frame over the last one, which had that many lines: up, each line to its end, what is
 * left below. Returns how many lines this one has. */
int ctl_text_draw_over (const char *text, int before);

/* "12 µs", "3.4 ms", "1.2 s". */
char *ctl_text_time (guint64 ns);

/* JSON text in which characters that a terminal may obey (DEL, C1, direction marks) are \uXXXX. */
char *ctl_text_escape_json (const char *json);
