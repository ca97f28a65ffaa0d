/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"

#include <glib.h>
#include <linux/input-event-codes.h>
#include <locale.h>
#include <string.h>
#include <xkbcommon/xkbcommon-keysyms.h>

enum { SHIFTED = 1, ALTERED = 2 };

static xkb_keysym_t symbol_at (const struct inos_board *board, uint32_t code, int level)
{
  return inos_keycaps_symbol (board->keymap, board->layout, code, (xkb_level_index_t)level);
}

static bool types_at (const struct inos_board *board, uint32_t code, int level)
{
  char label[INOS_KEYCAPS_TEXT];
  inos_keycaps_write (label, symbol_at (board, code, level));
  return label[0];
}

static bool is_empty (const struct inos_board *board, uint32_t code)
{
  return inos_keycaps_is_empty (board->keymap, board->layout, code);
}

static bool has_symbol (const struct inos_board *board, uint32_t code, xkb_keysym_t symbol)
{
  return symbol_at (board, code, 0) == symbol || symbol_at (board, code, 1) == symbol;
}

/* Keyboards of some countries lack it, and keymaps have it all the same: with what others type. */
static bool needs_102nd (const struct inos_board *board)
{
  for (int level = 0; level < 2; level++) {
    xkb_keysym_t symbol = symbol_at (board, KEY_102ND, level);
    bool found = has_symbol (board, KEY_BACKSLASH, symbol);
    for (int row = 0; row < INOS_KEYCAPS_ROWS; row++)
      for (int i = 0; inos_keycaps_rows[row][i]; i++)
        found |= inos_keycaps_rows[row][i] != KEY_102ND &&
                 has_symbol (board, inos_keycaps_rows[row][i], symbol);
    if (!found)
      return true;
  }
  return false;
}

/* Of the keys that are there. */
static bool has_alt_gr (const struct inos_board *board)
{
  for (int i = 0; i < board->count; i++)
    for (int level = ALTERED; level < INOS_KEYCAPS_LEVELS; level++)
      if (board->keys[i].kind == INOS_BOARD_TYPES && types_at (board, board->keys[i].code, level))
        return true;
  return false;
}

static int level_of (const struct inos_board *board)
{
  return (board->shift || board->locked ? SHIFTED : 0) | (board->alt_gr ? ALTERED : 0);
}

/* Keys that type the same with Shift have it once. */
static xkb_keysym_t symbol_now (const struct inos_board *board, uint32_t code)
{
  int level = level_of (board);
  if (level & SHIFTED && symbol_at (board, code, level) == XKB_KEY_NoSymbol)
    level &= ~SHIFTED;
  return symbol_at (board, code, level);
}

static void relabel (struct inos_board *board)
{
  for (int i = 0; i < board->count; i++) {
    struct inos_board_key *key = &board->keys[i];
    key->held = (key->kind == INOS_BOARD_SHIFT && (board->shift || board->locked)) ||
                (key->kind == INOS_BOARD_ALT_GR && board->alt_gr);
    if (key->kind == INOS_BOARD_TYPES)
      key->dead = inos_keycaps_write (key->label, symbol_now (board, key->code));
  }
}

static void add (struct inos_board *board, enum inos_board_kind kind, int row, double units,
                 uint32_t code)
{
  if (board->count == INOS_BOARD_KEYS)
    return;
  struct inos_board_key *key = &board->keys[board->count++];
  *key = (struct inos_board_key){.kind = kind, .row = row, .units = units, .code = code};
  if (kind == INOS_BOARD_ALT_GR)
    g_strlcpy (key->label, "AltGr", sizeof key->label);
  if (kind == INOS_BOARD_ESCAPE)
    g_strlcpy (key->label, "Esc", sizeof key->label);
}

/* The keys of a row that type, which are one unit wide. Returns how many. */
static int add_letters (struct inos_board *board, int row, bool has_102nd)
{
  int before = board->count;
  for (int i = 0; inos_keycaps_rows[row][i]; i++) {
    uint32_t code = inos_keycaps_rows[row][i];
    if ((code != KEY_102ND || has_102nd) && !is_empty (board, code))
      add (board, INOS_BOARD_TYPES, row, 1, code);
  }
  if (row == (has_102nd ? 2 : 1) && !is_empty (board, KEY_BACKSLASH))
    add (board, INOS_BOARD_TYPES, row, 1, KEY_BACKSLASH);
  return board->count - before;
}

/* All rows are as wide: what does not type has the rest of each. */
static void lay_out (struct inos_board *board)
{
  bool has_102nd = needs_102nd (board);
  bool layouts = xkb_keymap_num_layouts (board->keymap) > 1;
  board->count = 0;
  int count = add_letters (board, 0, has_102nd);
  add (board, INOS_BOARD_BACKSPACE, 0, INOS_BOARD_UNITS - count, 0);
  add_letters (board, 1, has_102nd);
  add_letters (board, 2, has_102nd);
  double first = has_102nd ? 1.25 : 2;
  add (board, INOS_BOARD_SHIFT, 3, first, 0);
  count = add_letters (board, 3, has_102nd);
  add (board, INOS_BOARD_SHIFT, 3, INOS_BOARD_UNITS - count - first, 0);
  double rest = INOS_BOARD_UNITS - 2.5 - 1.5;
  add (board, INOS_BOARD_ESCAPE, 4, 1.5, 0);
  if (has_alt_gr (board)) {
    add (board, INOS_BOARD_ALT_GR, 4, 2, 0);
    rest -= 2;
  }
  if (layouts) {
    add (board, INOS_BOARD_LAYOUT, 4, 1.5, 0);
    rest -= 1.5;
  }
  add (board, INOS_BOARD_TYPES, 4, rest, KEY_SPACE);
  add (board, INOS_BOARD_ENTER, 4, 2.5, 0);
  relabel (board);
}

/* What all keymaps have beside the left Shift does not count. */
static bool types_nothing (const struct inos_board *board)
{
  for (int i = 0; inos_keycaps_rows[1][i]; i++)
    if (!is_empty (board, inos_keycaps_rows[1][i]))
      return false;
  return is_empty (board, KEY_BACKSLASH);
}

static void compile (struct inos_board *board)
{
  const struct xkb_rule_names usual = {.rules = "evdev", .layout = "us"};
  board->keymap = xkb_keymap_new_from_names (board->context, NULL, XKB_KEYMAP_COMPILE_NO_FLAGS);
  if (board->keymap && types_nothing (board)) {
    xkb_keymap_unref (board->keymap);
    board->keymap = NULL;
  }
  if (!board->keymap)
    board->keymap = xkb_keymap_new_from_names (board->context, &usual, XKB_KEYMAP_COMPILE_NO_FLAGS);
}

struct inos_board *inos_board_create (void)
{
  struct inos_board *board = g_new0 (struct inos_board, 1);
  const char *locale = setlocale (LC_CTYPE, NULL);
  board->context = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  if (board->context)
    compile (board);
  if (!board->keymap) {
    inos_board_destroy (board);
    return NULL;
  }
  board->table = xkb_compose_table_new_from_locale (board->context, locale ? locale : "C",
                                                    XKB_COMPOSE_COMPILE_NO_FLAGS);
  if (board->table)
    board->composing = xkb_compose_state_new (board->table, XKB_COMPOSE_STATE_NO_FLAGS);
  lay_out (board);
  return board;
}

void inos_board_destroy (struct inos_board *board)
{
  if (!board)
    return;
  xkb_compose_state_unref (board->composing);
  xkb_compose_table_unref (board->table);
  xkb_keymap_unref (board->keymap);
  xkb_context_unref (board->context);
  g_free (board);
}

void inos_board_reset (struct inos_board *board)
{
  board->shift = board->locked = board->alt_gr = false;
  if (board->composing)
    xkb_compose_state_reset (board->composing);
  relabel (board);
}

/* Dead keys wait for the next one. */
static void compose (struct inos_board *board, xkb_keysym_t symbol, char *text)
{
  struct xkb_compose_state *state = board->composing;
  xkb_keysym_to_utf8 (symbol, text, INOS_BOARD_TEXT);
  if (!state || xkb_compose_state_feed (state, symbol) != XKB_COMPOSE_FEED_ACCEPTED)
    return;
  enum xkb_compose_status status = xkb_compose_state_get_status (state);
  if (status == XKB_COMPOSE_COMPOSED)
    xkb_compose_state_get_utf8 (state, text, INOS_BOARD_TEXT);
  else if (status != XKB_COMPOSE_NOTHING)
    explicit_bzero (text, INOS_BOARD_TEXT);
  if (status == XKB_COMPOSE_COMPOSED || status == XKB_COMPOSE_CANCELLED)
    xkb_compose_state_reset (state);
}

static bool type (struct inos_board *board, const struct inos_board_key *key, char *text)
{
  xkb_keysym_t symbol = symbol_now (board, key->code);
  if (symbol == XKB_KEY_NoSymbol)
    return false;
  compose (board, symbol, text);
  board->shift = board->alt_gr = false;
  return true;
}

/* Alone, once; again, for good; and again, not. */
static void press_shift (struct inos_board *board)
{
  bool once = board->shift, good = board->locked;
  board->shift = !once && !good;
  board->locked = once;
}

bool inos_board_press (struct inos_board *board, int key, struct inos_board_typed *typed)
{
  *typed = (struct inos_board_typed){0};
  if (key < 0 || key >= board->count)
    return false;
  const struct inos_board_key *pressed = &board->keys[key];
  bool done = true;
  typed->kind = pressed->kind;
  switch (pressed->kind) {
  case INOS_BOARD_TYPES:
    done = type (board, pressed, typed->text);
    break;
  case INOS_BOARD_SHIFT:
    press_shift (board);
    break;
  case INOS_BOARD_ALT_GR:
    board->alt_gr = !board->alt_gr;
    break;
  case INOS_BOARD_LAYOUT:
    board->layout = (board->layout + 1) % xkb_keymap_num_layouts (board->keymap);
    lay_out (board);
    break;
  case INOS_BOARD_BACKSPACE:
  case INOS_BOARD_ENTER:
  case INOS_BOARD_ESCAPE:
    if (board->composing)
      xkb_compose_state_reset (board->composing);
    break;
  }
  relabel (board);
  return done;
}

const char *inos_board_layout (const struct inos_board *board)
{
  const char *name = NULL;
  if (xkb_keymap_num_layouts (board->keymap) > 1)
    name = xkb_keymap_layout_get_name (board->keymap, board->layout);
  return name;
}

void inos_board_follow (struct inos_board *board, const char *name)
{
  xkb_layout_index_t layouts = xkb_keymap_num_layouts (board->keymap);
  for (xkb_layout_index_t i = 0; name && i < layouts; i++) {
    if (g_strcmp0 (xkb_keymap_layout_get_name (board->keymap, i), name) != 0)
      continue;
    board->layout = i;
    lay_out (board);
  }
}
