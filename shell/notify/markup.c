/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "markup.h"

#include "text.h"

#include <string.h>

#define MAX_TAG 2048  /* bytes from < to > */
#define MAX_ENTITY 10 /* bytes from & to ; */

static const char *const schemes[] = {"https:", "http:", "mailto:"};

typedef struct {
  GPtrArray *pieces;
  GString *text;                 /* of the piece that is being read */
  char *href;                    /* NULL outside of a link */
  guint bold, italic, underline; /* how many are open */
} Reader;

typedef struct {
  char name[4];
  gboolean closes;
  char *href;
} Tag;

static void piece_free (gpointer data)
{
  InosMarkupPiece *piece = data;

  g_free (piece->text);
  g_free (piece->href);
  g_free (piece);
}

static guint style_of (const Reader *self)
{
  return (self->bold ? INOS_MARKUP_BOLD : 0) | (self->italic ? INOS_MARKUP_ITALIC : 0) |
         (self->underline ? INOS_MARKUP_UNDERLINE : 0);
}

/* What follows is of another style. The last piece takes what there is no other for, plain. */
static void end_piece (Reader *self, gboolean last)
{
  gboolean full = self->pieces->len + 1 >= INOS_MARKUP_MAX_PIECES;
  InosMarkupPiece *piece;

  if (self->text->len == 0 || (full && !last))
    return;
  piece = g_new0 (InosMarkupPiece, 1);
  piece->text = g_strndup (self->text->str, self->text->len);
  piece->href = full ? NULL : g_strdup (self->href);
  piece->style = full ? 0 : style_of (self);
  g_ptr_array_add (self->pieces, piece);
  g_string_truncate (self->text, 0);
}

/* The character that an entity at `at` means, 0 where there is none; *length: its bytes. */
static gunichar read_entity (const char *at, gsize *length)
{
  static const struct {
    const char *text;
    char c;
  } names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
  const char *end;
  guint64 code = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    if (g_str_has_prefix (at, names[i].text)) {
      *length = strlen (names[i].text);
      return (gunichar)names[i].c;
    }
  }
  end = at[1] == '#' ? memchr (at, ';', strnlen (at, MAX_ENTITY)) : NULL;
  if (!end)
    return 0;
  g_autofree char *digits = g_strndup (at + 2, (gsize)(end - at - 2));
  gboolean hex = digits[0] == 'x' || digits[0] == 'X';
  if (!g_ascii_string_to_unsigned (digits + hex, hex ? 16 : 10, 1, 0x10ffff, &code, NULL) ||
      !g_unichar_validate ((gunichar)code))
    return 0;
  *length = (gsize)(end - at) + 1;
  return (gunichar)code;
}

/* Appends one character of text, or what an entity means; returns what follows it. */
static const char *read_char (const char *at, GString *out)
{
  gsize length = 0;
  gunichar c = *at == '&' ? read_entity (at, &length) : 0;

  if (length == 0) {
    c = g_utf8_get_char (at);
    length = (gsize)(g_utf8_next_char (at) - at);
  }
  c = inos_text_shown (c);
  if (c)
    g_string_append_unichar (out, c);
  return at + length;
}

static char *decode (const char *text, gsize length)
{
  g_autofree char *raw = g_strndup (text, length);
  GString *out = g_string_new (NULL);

  for (const char *at = raw; *at;)
    at = read_char (at, out);
  return g_string_free (out, FALSE);
}

static gboolean leads_somewhere (const char *href)
{
  if (strlen (href) > INOS_MARKUP_MAX_HREF || strpbrk (href, " \n"))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++) {
    if (g_ascii_strncasecmp (href, schemes[i], strlen (schemes[i])) == 0)
      return TRUE;
  }
  return FALSE;
}

static const char *skip_blank (const char *at, const char *end)
{
  while (at < end && g_ascii_isspace (*at))
    at++;
  return at;
}

/* One NAME="VALUE"; returns what follows, or NULL where there is none. */
static const char *read_attribute (const char *at, const char *end, Tag *tag)
{
  const char *name = at, *value;
  gsize name_length;

  while (at < end && (g_ascii_isalnum (*at) || *at == '-' || *at == '_'))
    at++;
  name_length = (gsize)(at - name);
  at = skip_blank (at, end);
  if (name_length == 0 || at >= end || *at != '=')
    return NULL;
  at = skip_blank (at + 1, end);
  if (at >= end || (*at != '"' && *at != '\''))
    return NULL;
  value = at + 1;
  at = memchr (value, *at, (gsize)(end - value));
  if (!at)
    return NULL;
  if (name_length == 4 && g_ascii_strncasecmp (name, "href", 4) == 0 && !tag->href)
    tag->href = decode (value, (gsize)(at - value));
  return at + 1;
}

/* The > of the tag that begins at `at`: one in quotes is none. NULL where it has none. */
static const char *find_end (const char *at)
{
  char quote = 0;

  for (gsize i = 1; i < MAX_TAG && at[i]; i++) {
    if (quote)
      quote = at[i] == quote ? 0 : quote;
    else if (at[i] == '>')
      return at + i;
    else if (at[i] == '<')
      return NULL;
    else if (at[i] == '"' || at[i] == '\'')
      quote = at[i];
  }
  return NULL;
}

/* Reads the tag at `at`; returns what follows it, or NULL where that is text. */
static const char *read_tag (const char *at, Tag *tag)
{
  const char *end = find_end (at), *from = at + 1, *last;
  gsize length = 0;

  if (!end)
    return NULL;
  tag->closes = *from == '/';
  from += tag->closes;
  while (g_ascii_isalpha (from[length]) && length < sizeof tag->name - 1) {
    tag->name[length] = g_ascii_tolower (from[length]);
    length++;
  }
  last = end > from && end[-1] == '/' ? end - 1 : end;
  from = skip_blank (from + length, last);
  if (from < last && (from[-1] == '<' || !g_ascii_isspace (from[-1])))
    return NULL;
  while (from && from < last) {
    from = tag->closes ? NULL : read_attribute (from, last, tag);
    if (from)
      from = skip_blank (from, last);
  }
  return from ? end + 1 : NULL;
}

static void set_href (Reader *self, char *href)
{
  end_piece (self, FALSE);
  g_free (self->href);
  self->href = href;
}

static void count (Reader *self, guint *open, gboolean closes)
{
  end_piece (self, FALSE);
  if (!closes)
    ++*open;
  else if (*open > 0)
    --*open;
}

/* FALSE: it is none of ours, and thus text. */
static gboolean apply (Reader *self, Tag *tag)
{
  if (strcmp (tag->name, "img") == 0)
    return !tag->closes;
  if (strcmp (tag->name, "a") == 0) {
    if (!tag->closes && (!tag->href || !leads_somewhere (tag->href)))
      g_clear_pointer (&tag->href, g_free);
    set_href (self, tag->closes ? NULL : g_steal_pointer (&tag->href));
    return TRUE;
  }
  if (tag->href)
    return FALSE;
  if (strcmp (tag->name, "b") == 0)
    count (self, &self->bold, tag->closes);
  else if (strcmp (tag->name, "i") == 0)
    count (self, &self->italic, tag->closes);
  else if (strcmp (tag->name, "u") == 0)
    count (self, &self->underline, tag->closes);
  else
    return FALSE;
  return TRUE;
}

GPtrArray *inos_markup_parse (const char *body)
{
  Reader self = {.pieces = g_ptr_array_new_with_free_func (piece_free),
                 .text = g_string_new (NULL)};

  for (const char *at = body; *at;) {
    Tag tag = {0};
    const char *next = *at == '<' ? read_tag (at, &tag) : NULL;

    if (next && apply (&self, &tag))
      at = next;
    else
      at = read_char (at, self.text);
    g_free (tag.href);
  }
  end_piece (&self, TRUE);
  g_free (self.href);
  g_string_free (self.text, TRUE);
  return self.pieces;
}

char *inos_markup_to_text (const char *body)
{
  g_autoptr (GPtrArray) pieces = inos_markup_parse (body);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < pieces->len; i++)
    g_string_append (out, ((InosMarkupPiece *)g_ptr_array_index (pieces, i))->text);
  return g_string_free (out, FALSE);
}
