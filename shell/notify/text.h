/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Text that a stranger sent, made fit to be shown: no controls, no marks that turn the direction of
 * what stands around it, no towers of accents, no more than there is room for.
 */

#include <glib.h>

/* What becomes of a character: itself, ' ' or '\n' for others that mean these, 0 for none. */
gunichar inos_text_shown (gunichar c);

/* A copy of text, which is UTF-8, of at most max_bytes, ended with "…" where it was cut. What
 * lies behind 16 * max_bytes of it is not read, however little of that is shown. Without
 * lines it is on one line, without blanks around it. */
char *inos_text_clean (const char *text, gsize max_bytes, gboolean lines);
