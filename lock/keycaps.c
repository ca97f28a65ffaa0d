/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keycaps.h"

#include <glib.h>
#include <linux/input-event-codes.h>
#include <xkbcommon/xkbcommon-keysyms.h>

#define SHOWN_ON "\xe2\x97\x8c" /* a dotted circle */

const uint32_t inos_keycaps_rows[INOS_KEYCAPS_ROWS][16] = {
  {KEY_GRAVE, KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9, KEY_0, KEY_MINUS,
   KEY_EQUAL, KEY_YEN},
  {KEY_Q, KEY_W, KEY_E, KEY_R, KEY_T, KEY_Y, KEY_U, KEY_I, KEY_O, KEY_P, KEY_LEFTBRACE,
   KEY_RIGHTBRACE},
  {KEY_A, KEY_S, KEY_D, KEY_F, KEY_G, KEY_H, KEY_J, KEY_K, KEY_L, KEY_SEMICOLON, KEY_APOSTROPHE},
  {KEY_102ND, KEY_Z, KEY_X, KEY_C, KEY_V, KEY_B, KEY_N, KEY_M, KEY_COMMA, KEY_DOT, KEY_SLASH,
   KEY_RO},
};

static const struct {
  xkb_keysym_t symbol;
  const char *text;
} dead[] = {
  {XKB_KEY_dead_grave, "`"},       {XKB_KEY_dead_acute, "´"},       {XKB_KEY_dead_circumflex, "^"},
  {XKB_KEY_dead_tilde, "~"},       {XKB_KEY_dead_macron, "¯"},      {XKB_KEY_dead_breve, "˘"},
  {XKB_KEY_dead_abovedot, "˙"},    {XKB_KEY_dead_diaeresis, "¨"},   {XKB_KEY_dead_abovering, "˚"},
  {XKB_KEY_dead_doubleacute, "˝"}, {XKB_KEY_dead_caron, "ˇ"},       {XKB_KEY_dead_cedilla, "¸"},
  {XKB_KEY_dead_ogonek, "˛"},      {XKB_KEY_dead_belowdot, "◌̣"},    {XKB_KEY_dead_hook, "◌̉"},
  {XKB_KEY_dead_horn, "◌̛"},        {XKB_KEY_dead_stroke, "/"},      {XKB_KEY_dead_greek, "µ"},
  {XKB_KEY_dead_currency, "¤"},    {XKB_KEY_dead_doublegrave, "◌̏"},
};

xkb_keysym_t inos_keycaps_symbol (struct xkb_keymap *keymap, xkb_layout_index_t layout,
                                  uint32_t code, xkb_level_index_t level)
{
  const xkb_keysym_t *symbols;
  xkb_keycode_t key = code + INOS_KEYCAPS_EVDEV;
  xkb_layout_index_t layouts = xkb_keymap_num_layouts_for_key (keymap, key);
  if (layouts == 0)
    return XKB_KEY_NoSymbol;
  int count = xkb_keymap_key_get_syms_by_level (keymap, key, layout % layouts, level, &symbols);
  return count == 1 ? symbols[0] : XKB_KEY_NoSymbol;
}

bool inos_keycaps_write (char text[INOS_KEYCAPS_TEXT], xkb_keysym_t symbol)
{
  char letters[8] = "";
  text[0] = 0;
  for (size_t i = 0; i < G_N_ELEMENTS (dead); i++) {
    if (dead[i].symbol != symbol)
      continue;
    g_strlcpy (text, dead[i].text, INOS_KEYCAPS_TEXT);
    return true;
  }
  if (symbol == XKB_KEY_NoSymbol || xkb_keysym_to_utf8 (symbol, letters, sizeof letters) <= 1)
    return false;
  gunichar letter = g_utf8_get_char_validated (letters, -1);
  if (letter <= G_MAXINT32 && g_unichar_isprint (letter))
    g_snprintf (text, INOS_KEYCAPS_TEXT, "%s%s", g_unichar_ismark (letter) ? SHOWN_ON : "",
                letters);
  return false;
}

bool inos_keycaps_is_empty (struct xkb_keymap *keymap, xkb_layout_index_t layout, uint32_t code)
{
  char text[INOS_KEYCAPS_TEXT];
  for (xkb_level_index_t level = 0; level < INOS_KEYCAPS_LEVELS; level++) {
    inos_keycaps_write (text, inos_keycaps_symbol (keymap, layout, code, level));
    if (text[0])
      return false;
  }
  return true;
}
