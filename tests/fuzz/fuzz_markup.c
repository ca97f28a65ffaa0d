/*
 * Fuzz target of the markup in the body of a notification: whatever comes, the pieces are text that
 * can be shown, no more than there may be, and their links lead to the web or to a letter.
 *
 * With -DFUZZ_MAIN it has a driver of its own (driver.h). Without, it is a libFuzzer target, which
 * needs clang: `./dev test fuzz` builds it in build/fuzz.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "shell/notify/markup.h"

#include "shell/notify/text.h"

#include <stdint.h>
#include <string.h>

#define ROOM 256

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void check_text (const char *text, gboolean lines)
{
  if (!g_utf8_validate (text, -1, NULL))
    g_error ("what is shown is no UTF-8");
  for (const char *at = text; *at; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);
    if (inos_text_shown (c) != c || (c == '\n' && !lines))
      g_error ("U+%04X is shown", c);
  }
}

static void check_href (const char *href)
{
  if (!g_str_has_prefix (href, "http") && g_ascii_strncasecmp (href, "http", 4) != 0 &&
      g_ascii_strncasecmp (href, "mailto:", 7) != 0)
    g_error ("a link leads to \"%s\"", href);
  if (strlen (href) > INOS_MARKUP_MAX_HREF)
    g_error ("a link is too long");
  check_text (href, FALSE);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *raw = g_strndup ((const char *)data, size);
  g_autofree char *body = g_utf8_make_valid (raw, -1);
  g_autofree char *cut = inos_text_clean (body, ROOM, size % 2);
  g_autoptr (GPtrArray) pieces = inos_markup_parse (body);
  g_autofree char *text = inos_markup_to_text (body);
  gsize length = 0;

  if (strlen (cut) > ROOM)
    g_error ("%zu bytes are more than there is room for", strlen (cut));
  check_text (cut, size % 2);
  if (pieces->len > INOS_MARKUP_MAX_PIECES)
    g_error ("there are %u pieces", pieces->len);
  for (guint i = 0; i < pieces->len; i++) {
    const InosMarkupPiece *piece = g_ptr_array_index (pieces, i);
    if (!*piece->text)
      g_error ("a piece is empty");
    check_text (piece->text, TRUE);
    if (piece->href)
      check_href (piece->href);
    length += strlen (piece->text);
  }
  if (length != strlen (text) || length > strlen (body))
    g_error ("the pieces are not the text");
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  static const char *const texts[] = {
    "plain & <b>bold <i>both</i></b> <u>line</u>",
    "<a href=\"https://example.org/?a=1&amp;b=2\">link</a> after",
    "<img src=\"x\" alt='a > b'/>&#x202e;&#65;&quot;&lt;b&gt;",
    "<a href='javascript:alert(1)'>no</a><script>x</script>",
    "<b><b></i><a><a href=x><br/>< b></b",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (corpus, g_bytes_new (texts[i], strlen (texts[i])));
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "markup", make_corpus());
}

#endif
