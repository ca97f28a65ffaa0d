/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text.h"

#include <string.h>

#define ELLIPSIS "…"
/* More accents on one letter than any language has are a drawing over the lines around it. */
#define MAX_MARKS 4
/* How much is read for one byte that may be shown: what is left out takes time too. */
#define READ_FACTOR 16

gunichar inos_text_shown (gunichar c)
{
  if (c == '\n' || c == 0x2028 || c == 0x2029)
    return '\n';
  if (c == '\t')
    return ' ';
  if (g_unichar_iscntrl (c) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
      c == 0x200e || c == 0x200f || c == 0x061c || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
      (c >= 0xe0000 && c <= 0xe007f))
    return 0;
  return c;
}

char *inos_text_clean (const char *text, gsize max_bytes, gboolean lines)
{
  gsize room = max_bytes > strlen (ELLIPSIS) ? max_bytes - strlen (ELLIPSIS) : 0;
  GString *out = g_string_new (NULL);
  const char *end = text + strnlen (text, READ_FACTOR * max_bytes);
  guint marks = 0;

  for (const char *at = text; at < end; at = g_utf8_next_char (at)) {
    gunichar c = inos_text_shown (g_utf8_get_char (at));

    if (c == 0 || (g_unichar_ismark (c) && ++marks > MAX_MARKS))
      continue;
    if (!g_unichar_ismark (c))
      marks = 0;
    if (out->len + 6 > room) {
      g_string_append (out, ELLIPSIS);
      break;
    }
    g_string_append_unichar (out, c == '\n' && !lines ? ' ' : c);
  }
  return g_strstrip (g_string_free (out, FALSE));
}
