/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"

#include <glib.h>
#include <linux/input-event-codes.h>
#include <locale.h>
#include <string.h>
#include <xkbcommon/xkbcommon-keysyms.h>

#define SHOWN_ON "\xe2\x97\x8c" /* a dotted circle */

enum { EVDEV = 8, LEVELS = 4, SHIFTED = 1, ALTERED = 2, LETTERS = 4 };

/* Rows from the digits down; 0 ends them. BACKSLASH is beside Enter where there is a key beside the
 * left Shift, 102ND, and else above Enter. */
static const uint32_t rows[LETTERS][16] = {
  {KEY_GRAVE, KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9, KEY_0, KEY_MINUS,
   KEY_EQUAL, KEY_YEN},
  {KEY_Q, KEY_W, KEY_E, KEY_R, KEY_T, KEY_Y, KEY_U, KEY_I, KEY_O, KEY_P, KEY_LEFTBRACE,
   KEY_RIGHTBRACE, KEY_BACKSLASH},
  {KEY_A, KEY_S, KEY_D, KEY_F, KEY_G, KEY_H, KEY_J, KEY_K, KEY_L, KEY_SEMICOLON, KEY_APOSTROPHE,
   KEY_BACKSLASH},
  {KEY_102ND, KEY_Z, KEY_X, KEY_C, KEY_V, KEY_B, KEY_N, KEY_M, KEY_COMMA, KEY_DOT, KEY_SLASH,
   KEY_RO},
};

static const struct {
  xkb_keysym_t symbol;
  const char *text;
} dead[] = {
  {XKB_KEY_dead_grave, "`"},       {XKB_KEY_dead_acute, "´"},     {XKB_KEY_dead_circumflex, "^"},
  {XKB_KEY_dead_tilde, "~"},       {XKB_KEY_dead_macron, "¯"},    {XKB_KEY_dead_breve, "˘"},
  {XKB_KEY_dead_abovedot, "˙"},    {XKB_KEY_dead_diaeresis, "¨"}, {XKB_KEY_dead_abovering, "˚"},
  {XKB_KEY_dead_doubleacute, "˝"}, {XKB_KEY_dead_caron, "ˇ"},     {XKB_KEY_dead_cedilla, "¸"},
  {XKB_KEY_dead_ogonek, "˛"},      {XKB_KEY_dead_greek, "µ"},     {XKB_KEY_dead_currency, "¤"},
  {XKB_KEY_dead_stroke, "/"},
};

/* NoSymbol where there is none; keys that all layouts share have one alone. */
static xkb_keysym_t symbol_at (const struct inos_board *board, uint32_t code, int level)
{
  const xkb_keysym_t *symbols;
  xkb_layout_index_t layouts = xkb_keymap_num_layouts_for_key (board->keymap, code + EVDEV);
  if (layouts == 0)
    return XKB_KEY_NoSymbol;
  int count = xkb_keymap_key_get_syms_by_level (
    board->keymap, code + EVDEV, board->layout % layouts, (unsigned int)level, &symbols);
  return count == 1 ? symbols[0] : XKB_KEY_NoSymbol;
}

/* What stands on a key with that symbol, "" for nothing. Returns whether it waits for the next. */
static bool write_label (char *label, size_t size, xkb_keysym_t symbol)
{
  char text[8] = "";
  label[0] = 0;
  for (size_t i = 0; i < G_N_ELEMENTS (dead); i++) {
    if (dead[i].symbol != symbol)
      continue;
    g_strlcpy (label, dead[i].text, size);
    return true;
  }
  if (symbol == XKB_KEY_NoSymbol || xkb_keysym_to_utf8 (symbol, text, sizeof text) <= 1)
    return false;
  gunichar letter = g_utf8_get_char_validated (text, -1);
  if (letter <= G_MAXINT32 && g_unichar_isprint (letter))
    g_snprintf (label, size, "%s%s", g_unichar_ismark (letter) ? SHOWN_ON : "", text);
  return false;
}

static bool types_at (const struct inos_board *board, uint32_t code, int level)
{
  char label[16];
  write_label (label, sizeof label, symbol_at (board, code, level));
  return label[0];
}

static bool is_empty (const struct inos_board *board, uint32_t code)
{
  for (int level = 0; level < LEVELS; level++)
    if (types_at (board, code, level))
      return false;
  return true;
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
    bool found = false;
    for (int row = 0; row < LETTERS; row++)
      for (int i = 0; rows[row][i]; i++)
        found |= rows[row][i] != KEY_102ND && has_symbol (board, rows[row][i], symbol);
    if (!found)
      return true;
  }
  return false;
}

/* Of the keys that are there. */
static bool has_alt_gr (const struct inos_board *board)
{
  for (int i = 0; i < board->count; i++)
    for (int level = ALTERED; level < LEVELS; level++)
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
      key->dead = write_label (key->label, sizeof key->label, symbol_now (board, key->code));
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
  for (int i = 0; rows[row][i]; i++) {
    uint32_t code = rows[row][i];
    bool elsewhere =
      (code == KEY_102ND && !has_102nd) || (code == KEY_BACKSLASH && row != (has_102nd ? 2 : 1));
    if (!elsewhere && !is_empty (board, code))
      add (board, INOS_BOARD_TYPES, row, 1, code);
  }
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
  for (int i = 0; rows[1][i]; i++)
    if (!is_empty (board, rows[1][i]))
      return false;
  return true;
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
