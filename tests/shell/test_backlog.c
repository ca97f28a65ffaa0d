/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left out of a flood is what nobody could see in the end: a small terminal that got
 * everything looks, with all that it can be scrolled back to, as one that got the rest. */
#include "app/terminal_backlog.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

enum {
  COLUMNS = 20,
  ROWS = 5,
  SCROLLBACK = 9,
  KEEP = ROWS + SCROLLBACK,
  STREAMS = 200,
  PIECES = 3000
};

/* A terminal */

struct cell {
  guchar byte, colour;
};

struct terminal {
  struct cell cells[KEEP][COLUMNS]; /* the screen is the last ROWS */
  int row, column;                  /* on the screen */
  int top, bottom;                  /* the margins */
  guchar colour;
  enum { TEXT, ESCAPE, CONTROL, NAME } state;
  char parameters[16];
  int n;
};

static void scroll (struct terminal *t)
{
  int first = t->top == 0 && t->bottom == ROWS - 1 ? 0 : SCROLLBACK + t->top;
  int last = SCROLLBACK + t->bottom;

  memmove (t->cells[first], t->cells[first + 1], (gsize)(last - first) * sizeof t->cells[0]);
  memset (t->cells[last], 0, sizeof t->cells[0]);
}

static void line_feed (struct terminal *t)
{
  if (t->row == t->bottom)
    scroll (t);
  else if (t->row < ROWS - 1)
    t->row++;
}

static void put (struct terminal *t, guchar byte)
{
  if (t->column == COLUMNS) {
    t->column = 0;
    line_feed (t);
  }
  t->cells[SCROLLBACK + t->row][t->column++] = (struct cell){byte, t->colour};
}

static void set_colour (struct terminal *t, int parameter)
{
  if (parameter == 0)
    t->colour = 0;
  else if (parameter == 1 || parameter == 22)
    t->colour = (guchar)((t->colour & ~1) | (parameter == 1));
  else if (parameter == 4 || parameter == 24)
    t->colour = (guchar)((t->colour & ~2) | (parameter == 4) << 1);
  else
    t->colour = (guchar)((t->colour & 3) | (parameter - 30) << 2);
}

static void control (struct terminal *t, char final)
{
  g_auto (GStrv) words = NULL;

  t->parameters[t->n] = '\0';
  words = g_strsplit (t->parameters, ";", -1);
  if (final == 'm' && !words[0])
    set_colour (t, 0);
  for (char **word = words; final == 'm' && *word; word++)
    set_colour (t, (int)strtol (*word, NULL, 10));
  if (final == 'K')
    for (int i = MIN (t->column, COLUMNS - 1); i < COLUMNS; i++)
      t->cells[SCROLLBACK + t->row][i] = (struct cell){0};
  if (final == 'H' || final == 'r')
    t->row = t->column = 0;
  if (final == 'r') {
    t->top = words[0] ? (int)strtol (words[0], NULL, 10) - 1 : 0;
    t->bottom = words[0] ? (int)strtol (words[1], NULL, 10) - 1 : ROWS - 1;
  }
}

static void feed_byte (struct terminal *t, guchar byte)
{
  if (t->state == NAME) {
    t->state = byte == '\a' ? TEXT : NAME;
  } else if (t->state == CONTROL && byte >= 0x40) {
    control (t, (char)byte);
    t->state = TEXT;
  } else if (t->state == CONTROL) {
    assert_true (t->n < (int)sizeof t->parameters - 1);
    t->parameters[t->n++] = (char)byte;
  } else if (t->state == ESCAPE) {
    t->state = byte == '[' ? CONTROL : NAME;
    t->n = 0;
  } else if (byte == 0x1b) {
    t->state = ESCAPE;
  } else if (byte == '\n') {
    line_feed (t);
  } else if (byte == '\r') {
    t->column = 0;
  } else if (byte == '\b') {
    t->column = MAX (0, MIN (t->column, COLUMNS - 1) - 1);
  } else if (byte == '\t') {
    t->column = MIN (COLUMNS - 1, (t->column / 8 + 1) * 8);
  } else {
    put (t, byte);
  }
}

static void feed (struct terminal *t, const void *bytes, gsize size)
{
  for (gsize i = 0; i < size; i++)
    feed_byte (t, ((const guchar *)bytes)[i]);
}

/* Streams */

/* Adds something that a program may write; of the last few kinds little. */
static void add_piece (GString *stream, GRand *chance, gboolean plain)
{
  static const char *const rare[] = {"\x1b[H",          "\x1b[2;4r", "\x1b[r",
                                     "\x1b]2;name\n\a", "\b",        "\x1b[1;2H"};
  static const char *const colours[] = {"\x1b[0m",  "\x1b[m",       "\x1b[1m",
                                        "\x1b[22m", "\x1b[4m",      "\x1b[24m",
                                        "\x1b[31m", "\x1b[0;1;35m", "\x1b[39m"};
  int kind = g_rand_int_range (chance, 0, 100);

  if (kind < 40) {
    for (int n = g_rand_int_range (chance, 0, 30); n > 0; n--)
      g_string_append_c (stream, (char)g_rand_int_range (chance, ' ', 0x7f));
  } else if (kind < 80) {
    g_string_append (stream, kind < 75 ? "\r\n" : "\n");
  } else if (kind < 90) {
    g_string_append (stream, colours[g_rand_int_range (chance, 0, G_N_ELEMENTS (colours))]);
  } else if (kind < 94) {
    g_string_append (stream, "\t\xc2\xa0\xc3\xa9\r");
  } else if (kind < 98 || plain) {
    g_string_append (stream, "\x1b[K");
  } else {
    g_string_append (stream, rare[g_rand_int_range (chance, 0, G_N_ELEMENTS (rare))]);
  }
}

static void take (InosTerminalBacklog *backlog, gsize most, struct terminal *t, gsize *taken)
{
  g_autoptr (GBytes) bytes = inos_terminal_backlog_take (backlog, most);

  if (!bytes)
    return;
  assert_true (g_bytes_get_size (bytes) <= most);
  *taken += g_bytes_get_size (bytes);
  feed (t, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* Bytes that were left out. */
static gsize run (guint seed, gboolean plain)
{
  GRand *chance = g_rand_new_with_seed (seed);
  g_autoptr (GString) stream = g_string_new (NULL);
  struct terminal *all = g_new0 (struct terminal, 1), *rest = g_new0 (struct terminal, 1);
  InosTerminalBacklog *backlog = inos_terminal_backlog_new (0);
  gsize taken = 0;

  all->bottom = rest->bottom = ROWS - 1;
  for (int i = 0; i < PIECES; i++)
    add_piece (stream, chance, plain || i % 1000 > 50);
  inos_terminal_backlog_keep (backlog, KEEP);
  for (gsize at = 0; at < stream->len;) {
    gsize size = MIN ((gsize)g_rand_int_range (chance, 1, 2000), stream->len - at);

    inos_terminal_backlog_add (backlog, (const guchar *)stream->str + at, size);
    feed (all, stream->str + at, size);
    at += size;
    if (g_rand_int_range (chance, 0, 8) == 0)
      take (backlog, (gsize)g_rand_int_range (chance, 1, 500), rest, &taken);
  }
  while (inos_terminal_backlog_room (backlog) < INOS_TERMINAL_BACKLOG_MAX)
    take (backlog, 700, rest, &taken);
  assert_memory_equal (all->cells, rest->cells, sizeof all->cells);
  assert_int_equal (all->row, rest->row);
  assert_int_equal (all->column, rest->column);
  assert_int_equal (all->colour, rest->colour);
  gsize left_out = stream->len - taken;
  inos_terminal_backlog_free (backlog);
  g_free (all);
  g_free (rest);
  g_rand_free (chance);
  return left_out;
}

static void what_is_seen_is_the_same (void **state)
{
  for (guint seed = 1; seed <= STREAMS; seed++) {
    gsize left_out = run (seed, seed % 2 == 0);

    if (seed % 2 == 0)
      assert_true (left_out > 0);
  }
}

static GString *lines (guint n, const char *each)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%u\r\n", each, i);
  return text;
}

/* Adds all, and returns what comes out. */
static GString *through (InosTerminalBacklog *backlog, const GString *text)
{
  GString *out = g_string_new (NULL);
  GBytes *bytes;

  inos_terminal_backlog_add (backlog, (const guchar *)text->str, text->len);
  while ((bytes = inos_terminal_backlog_take (backlog, 1000))) {
    g_string_append_len (out, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes));
    g_bytes_unref (bytes);
  }
  return out;
}

static void assert_whole (InosTerminalBacklog *backlog, const char *before)
{
  g_autoptr (GString) text = lines (2000, before);
  g_autoptr (GString) out = through (backlog, text);

  assert_string_equal (out->str, text->str);
}

static void nothing_is_left_out_of_what_must_be_whole (void **state)
{
  InosTerminalBacklog *backlog = inos_terminal_backlog_new (0);

  assert_whole (backlog, ""); /* nobody has said how much is kept */
  inos_terminal_backlog_keep (backlog, KEEP);
  assert_whole (backlog, "\x1b[2J");
  assert_whole (backlog, "\x1b]8;;http://example.org\x1b\\");
  assert_whole (backlog, "\a");
  assert_whole (backlog, "\xc2\x84");
  assert_whole (backlog, "\x1b#8");
  g_autoptr (GString) margins = g_string_new ("\x1b[2;4r");
  g_string_free (through (backlog, margins), TRUE);
  assert_whole (backlog, "");
  g_string_assign (margins, "\x1b[r");
  g_string_free (through (backlog, margins), TRUE);
  g_autoptr (GString) text = lines (2000, "");
  g_autoptr (GString) out = through (backlog, text);
  assert_true (out->len < text->len / 2);
  assert_true (g_str_has_suffix (text->str, out->str + 3));
  inos_terminal_backlog_free (backlog);
}

/* A sequence that does not end is no place to begin again at, however many lines end in it. */
static void lines_within_a_sequence_are_none (void **state)
{
  static const char *const begins[] = {"\x1b[",   "\x1b[1;", "\xc2\x9b", "\x1b",
                                       "\x1b]2;", "\xc2",    "\x1b("};

  for (gsize i = 0; i < G_N_ELEMENTS (begins); i++) {
    InosTerminalBacklog *backlog = inos_terminal_backlog_new (0);
    g_autoptr (GString) text = lines (2000, "");
    gsize at = text->len;

    inos_terminal_backlog_keep (backlog, KEEP);
    g_string_append (text, begins[i]);
    for (int n = 0; n < 2000; n++)
      g_string_append_c (text, '\n');
    g_autoptr (GString) out = through (backlog, text);
    /* After a control character in the middle of UTF-8, and after one in the middle of a charset's
     * name, lines are lines. */
    if (i < 5)
      assert_true (g_str_has_suffix (out->str, text->str + at));
    inos_terminal_backlog_free (backlog);
  }
}

static void what_was_before_is_whole (void **state)
{
  g_autoptr (GString) text = lines (2000, "before");
  InosTerminalBacklog *backlog = inos_terminal_backlog_new (text->len);

  inos_terminal_backlog_keep (backlog, KEEP);
  g_autoptr (GString) out = through (backlog, text);
  assert_string_equal (out->str, text->str);
  g_autoptr (GString) later = through (backlog, text);
  assert_true (later->len < text->len / 2);
  inos_terminal_backlog_free (backlog);
}

/* Colours that go on, however often they were said, and of so many that nobody can keep them all
 * nothing. */
static void colours_go_on (void **state)
{
  InosTerminalBacklog *backlog = inos_terminal_backlog_new (0);
  g_autoptr (GString) few = lines (2000, "\x1b[31mred\x1b[39m\x1b[48;2;1;2;3m");
  g_autoptr (GString) many = g_string_new (NULL);

  inos_terminal_backlog_keep (backlog, KEEP);
  g_autoptr (GString) out = through (backlog, few);
  assert_true (out->len < few->len / 2);
  assert_non_null (strstr (
    out->str, "\x1b[48;2;1;2;3m\x1b[31m")); /* what was left out ends so, or with the next */
  for (int i = 0; i < 2000; i++)
    g_string_append_printf (many, "\x1b[38;2;%d;%d;0mx\r\n", i % 256, i / 256);
  g_autoptr (GString) rest = through (backlog, many);
  assert_string_equal (rest->str, many->str);
  inos_terminal_backlog_free (backlog);
}

static void there_is_an_end_to_it (void **state)
{
  InosTerminalBacklog *backlog = inos_terminal_backlog_new (0);
  g_autoptr (GString) loud = lines (100, "\x1b[2J");
  g_autofree char *line = g_strnfill (64 * 1024, 'x');
  gsize size = 0;

  inos_terminal_backlog_keep (backlog, KEEP);
  for (; inos_terminal_backlog_room (backlog) > 0; size += loud->len)
    inos_terminal_backlog_add (backlog, (const guchar *)loud->str, loud->len);
  assert_in_range (size, INOS_TERMINAL_BACKLOG_RESERVE, INOS_TERMINAL_BACKLOG_RESERVE + loud->len);
  inos_terminal_backlog_free (backlog);

  backlog = inos_terminal_backlog_new (0);
  inos_terminal_backlog_keep (backlog, KEEP);
  for (size = 0; inos_terminal_backlog_room (backlog) > 0; size += 64 * 1024)
    inos_terminal_backlog_add (backlog, (const guchar *)line, 64 * 1024); /* without a line's end */
  assert_in_range (size, INOS_TERMINAL_BACKLOG_MAX, INOS_TERMINAL_BACKLOG_MAX + 64 * 1024);
  inos_terminal_backlog_free (backlog);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_is_seen_is_the_same),
    cmocka_unit_test (nothing_is_left_out_of_what_must_be_whole),
    cmocka_unit_test (lines_within_a_sequence_are_none),
    cmocka_unit_test (what_was_before_is_whole),
    cmocka_unit_test (colours_go_on),
    cmocka_unit_test (there_is_an_end_to_it),
  };

  return cmocka_run_group_tests_name ("terminal_backlog", tests, NULL, NULL);
}
