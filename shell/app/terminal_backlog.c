/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal_backlog.h"

#include <string.h>

#define ESC 0x1b
#define BEL 0x07
#define DEL 0x7f
#define CANCEL 0x18 /* these two end a sequence without effect */
#define SUBSTITUTE 0x1a
#define C1_LEAD 0xc2 /* in UTF-8, before 0x80 to 0x9f */
#define PARAMETERS_MAX 64
#define COLOURS_MAX 512 /* bytes of sequences that give a colour the next */
#define WORTH_LEAST 256 /* lines */

/* ECMA-48's sequences, as far as one has to know where they end. */
typedef enum { GROUND, LEAD, ESCAPE, ESCAPE_MORE, CONTROL, STRING, STRING_LEAD } State;

/* A stretch of plain text at the end: printable characters, line ends, tabs, colours (SGR), and the
 * erasing of the rest of a line (EL). What it leaves behind is its last lines and its colours. */
struct InosTerminalBacklog {
  GByteArray *bytes;
  gsize head;  /* those before are taken */
  gsize plain; /* where the stretch begins, head or later */
  gsize lines; /* that end in the stretch */
  guint keep;
  guint64 replay; /* bytes that are still to come as they are */
  gboolean flooded;
  gboolean margins; /* lines scroll in a part of the screen, and so do not go where others can be */

  State state;
  char parameters[PARAMETERS_MAX]; /* of a control sequence, with its intermediate bytes */
  gsize n_parameters;
  gboolean odd; /* the sequence is cut through by a control character, or too long */
};

InosTerminalBacklog *inos_terminal_backlog_new (guint64 replay)
{
  InosTerminalBacklog *self = g_new0 (InosTerminalBacklog, 1);

  self->bytes = g_byte_array_new();
  self->replay = replay;
  return self;
}

void inos_terminal_backlog_free (InosTerminalBacklog *self)
{
  if (!self)
    return;
  g_byte_array_unref (self->bytes);
  g_free (self);
}

void inos_terminal_backlog_keep (InosTerminalBacklog *self, guint lines)
{
  self->keep = lines;
}

/* What is plain */

static void begin_stretch (InosTerminalBacklog *self, gsize at)
{
  self->plain = at;
  self->lines = 0;
}

static gboolean is_parameters (const char *parameters, gsize n, const char *of)
{
  for (gsize i = 0; i < n; i++)
    if (!strchr (of, parameters[i]))
      return FALSE;
  return TRUE;
}

/* Returns: whether it leaves the stretch plain. */
static gboolean end_control (InosTerminalBacklog *self, guchar final)
{
  const char *parameters = self->parameters;
  gsize n = self->n_parameters;

  if (final == 'r' && is_parameters (parameters, n, "0123456789;"))
    self->margins = n > 0;
  else if (final == 'p' && n == 1 && parameters[0] == '!')
    self->margins = FALSE;
  return !self->odd && ((final == 'm' && is_parameters (parameters, n, "0123456789;:")) ||
                        (final == 'K' && is_parameters (parameters, n, "012")));
}

static State begin_control (InosTerminalBacklog *self)
{
  self->n_parameters = 0;
  self->odd = FALSE;
  return CONTROL;
}

static gboolean is_string_begin (guchar byte)
{
  return byte && strchr ("]PX^_", byte);
}

/* In a sequence; `plain` is set to whether it leaves the stretch plain. Returns: where it goes. */
static State go_on (InosTerminalBacklog *self, guchar byte, gboolean *plain)
{
  *plain = FALSE;
  if (byte == ESC)
    return ESCAPE;
  if (byte == CANCEL || byte == SUBSTITUTE)
    return GROUND;
  switch (self->state) {
  case ESCAPE:
    if (byte == '[') {
      *plain = TRUE;
      return begin_control (self);
    }
    if (is_string_begin (byte))
      return STRING;
    if (byte < 0x20)
      return ESCAPE;
    if (byte == 'c')
      self->margins = FALSE;
    return byte < 0x30 ? ESCAPE_MORE : GROUND;
  case ESCAPE_MORE:
    return byte < 0x30 ? ESCAPE_MORE : GROUND;
  case CONTROL:
    if (byte >= 0x40 && byte < DEL) {
      *plain = end_control (self, byte);
      return GROUND;
    }
    if (byte >= 0x80)
      return GROUND;
    if (byte < 0x20 || byte == DEL || self->n_parameters == PARAMETERS_MAX)
      self->odd = TRUE;
    else
      self->parameters[self->n_parameters++] = (char)byte;
    *plain = !self->odd; /* so that no line ends within a sequence of the stretch */
    return CONTROL;
  case STRING:
    return byte == BEL ? GROUND : byte == C1_LEAD ? STRING_LEAD : STRING;
  case STRING_LEAD:
    return byte == 0x9c ? GROUND : byte == C1_LEAD ? STRING_LEAD : STRING;
  case LEAD:
    if (byte == 0x9b)
      return begin_control (self);
    if (byte < 0x80 || byte > 0x9f) {
      *plain = byte >= 0x80;
      return GROUND;
    }
    return strchr ("\x90\x98\x9d\x9e\x9f", byte) ? STRING : GROUND;
  case GROUND:
    break;
  }
  return GROUND;
}

static gboolean is_text (guchar byte)
{
  return byte >= 0x20 ? byte != DEL : byte == '\n' || byte == '\r' || byte == '\t';
}

static void scan (InosTerminalBacklog *self, gsize from, gsize to)
{
  const guchar *bytes = self->bytes->data;
  gboolean plain;

  for (gsize at = from; at < to; at++) {
    guchar byte = bytes[at];

    if (self->state != GROUND) {
      self->state = go_on (self, byte, &plain);
      if (!plain)
        begin_stretch (self, at + 1);
    } else if (byte == '\n') {
      self->lines++;
    } else if (byte == ESC) {
      self->state = ESCAPE;
    } else if (byte == C1_LEAD) {
      self->state = LEAD;
    } else if (!is_text (byte)) {
      begin_stretch (self, at + 1);
    }
  }
}

/* What is left out */

static gsize after_line (const guchar *bytes, gsize from, gsize size)
{
  const guchar *end = memchr (bytes + from, '\n', size - from);

  return end ? (gsize)(end - bytes) + 1 : size;
}

/* Where the last `lines` lines begin. */
static gsize last_lines (const guchar *bytes, gsize from, gsize size, gsize lines)
{
  gsize at = size;

  for (gsize n = 0; n <= lines; n++) {
    const guchar *end = memrchr (bytes + from, '\n', at - from);

    if (!end)
      return from;
    at = (gsize)(end - bytes);
  }
  return at + 1;
}

static gboolean is_reset (const guchar *parameters, gsize n)
{
  return n == 0 || (parameters[0] == '0' && (n == 1 || parameters[1] == ';'));
}

/* Of two that are alike the later undoes what came between, and has done what the earlier did. */
static void add_colour (GByteArray *colours, const guchar *sequence, gsize size)
{
  const guchar *earlier =
    colours->len ? memmem (colours->data, colours->len, sequence, size) : NULL;

  if (earlier)
    g_byte_array_remove_range (colours, (guint)(earlier - colours->data), (guint)size);
  g_byte_array_append (colours, sequence, (guint)size);
}

/* The sequences that make the colours at its end of those at its beginning. Returns: FALSE where
 * they are too many. */
static gboolean colours_of (const guchar *bytes, gsize size, GByteArray *colours)
{
  const guchar *end = bytes + size;

  for (const guchar *at = bytes; (at = memchr (at, ESC, (gsize)(end - at)));) {
    const guchar *begin = at + 2, *final = begin;

    while (final < end && *final < 0x40)
      final++;
    if (final >= end)
      return FALSE;
    at = final + 1;
    if (*final != 'm')
      continue;
    if (is_reset (begin, (gsize)(final - begin)))
      g_byte_array_set_size (colours, 0);
    add_colour (colours, begin - 2, (gsize)(at - begin) + 2);
    if (colours->len > COLOURS_MAX)
      return FALSE;
  }
  return TRUE;
}

static void leave_out (InosTerminalBacklog *self)
{
  g_autoptr (GByteArray) colours = g_byte_array_new();
  guchar *bytes = self->bytes->data;
  gsize size = self->bytes->len;
  gsize from = after_line (bytes, self->plain, size);
  gsize to = last_lines (bytes, from, size, self->keep);

  if (to <= from + COLOURS_MAX || !colours_of (bytes + from, to - from, colours))
    return;
  if (colours->len > 0)
    memcpy (bytes + from, colours->data, colours->len);
  memmove (bytes + from + colours->len, bytes + to, size - to);
  g_byte_array_set_size (self->bytes, (guint)(size - (to - from) + colours->len));
  self->lines = (gsize)self->keep + 1;
  self->flooded = TRUE;
}

static gboolean is_worth (const InosTerminalBacklog *self)
{
  return self->keep > 0 && !self->margins &&
         self->lines > (gsize)self->keep + MAX (self->keep / 4, WORTH_LEAST);
}

/* In and out */

gsize inos_terminal_backlog_room (const InosTerminalBacklog *self)
{
  gsize size = self->bytes->len - self->head;
  gsize fixed = self->keep > 0 && !self->margins ? self->plain - self->head : size;

  if (fixed >= INOS_TERMINAL_BACKLOG_RESERVE || size >= INOS_TERMINAL_BACKLOG_MAX)
    return 0;
  return INOS_TERMINAL_BACKLOG_MAX - size;
}

void inos_terminal_backlog_add (InosTerminalBacklog *self, const guchar *bytes, gsize size)
{
  gsize from = self->bytes->len, replay = (gsize)MIN (self->replay, size);

  g_byte_array_append (self->bytes, bytes, (guint)size);
  scan (self, from, from + replay);
  if (replay > 0)
    begin_stretch (self, from + replay);
  self->replay -= replay;
  scan (self, from + replay, from + size);
  if (is_worth (self))
    leave_out (self);
}

static gsize count_lines (const guchar *bytes, gsize size)
{
  gsize lines = 0;

  for (gsize i = 0; i < size; i++)
    lines += bytes[i] == '\n';
  return lines;
}

gboolean inos_terminal_backlog_is_flooded (const InosTerminalBacklog *self)
{
  return self->flooded;
}

GBytes *inos_terminal_backlog_take (InosTerminalBacklog *self, gsize most)
{
  gsize size = MIN (most, self->bytes->len - self->head);
  const guchar *bytes = self->bytes->data + self->head;
  GBytes *taken;

  if (size == 0)
    return NULL;
  taken = g_bytes_new (bytes, size);
  if (self->plain < self->head + size) {
    gsize before = self->plain - self->head;

    self->lines -= count_lines (bytes + before, size - before);
    self->plain = self->head + size;
  }
  self->head += size;
  self->flooded = FALSE;
  if (self->head >= self->bytes->len - self->head) {
    g_byte_array_remove_range (self->bytes, 0, (guint)self->head);
    self->plain -= self->head;
    self->head = 0;
  }
  return taken;
}
