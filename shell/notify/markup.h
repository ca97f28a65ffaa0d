/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The markup that the body of a notification may have, as pieces of text that a page shows as text:
 * <b>, <i>, <u>, <a href>. An <img> is left out. Whatever else there is, also what is not closed,
 * is text, and so is an address that is neither of the web nor for a letter.
 * https://specifications.freedesktop.org/notification-spec/1.2/markup.html
 */

#include <glib.h>

#define INOS_MARKUP_MAX_PIECES 64
#define INOS_MARKUP_MAX_HREF 1024

typedef enum {
  INOS_MARKUP_BOLD = 1,
  INOS_MARKUP_ITALIC = 2,
  INOS_MARKUP_UNDERLINE = 4,
} InosMarkupStyle;

typedef struct {
  char *text;
  char *href;  /* NULL: it leads nowhere */
  guint style; /* InosMarkupStyle */
} InosMarkupPiece;

/* InosMarkupPiece; never more than INOS_MARKUP_MAX_PIECES, and none empty. body is UTF-8. */
GPtrArray *inos_markup_parse (const char *body);
/* The text alone. */
char *inos_markup_to_text (const char *body);
