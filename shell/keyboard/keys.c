/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "keys.h"

#include <linux/input-event-codes.h>
#include <string.h>
#include <xkbcommon/xkbcommon-keysyms.h>

#define EVDEV 8 /* by how much XKB's numbers are larger */
#define LEVELS 4
#define MAX_NAME 255
#define MAX_MASKS 16
#define SHOWN_ON "\xe2\x97\x8c" /* a dotted circle */

/* Those behind the last letters are where the layout has them: BACKSLASH is beside Enter where
 * there is a key beside the left Shift, 102ND. */
static const guint rows[][16] = {
  {KEY_GRAVE, KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9, KEY_0, KEY_MINUS,
   KEY_EQUAL, KEY_YEN},
  {KEY_Q, KEY_W, KEY_E, KEY_R, KEY_T, KEY_Y, KEY_U, KEY_I, KEY_O, KEY_P, KEY_LEFTBRACE,
   KEY_RIGHTBRACE},
  {KEY_A, KEY_S, KEY_D, KEY_F, KEY_G, KEY_H, KEY_J, KEY_K, KEY_L, KEY_SEMICOLON, KEY_APOSTROPHE},
  {KEY_102ND, KEY_Z, KEY_X, KEY_C, KEY_V, KEY_B, KEY_N, KEY_M, KEY_COMMA, KEY_DOT, KEY_SLASH,
   KEY_RO},
};

static const guint others[] = {
  KEY_BACKSLASH, KEY_ESC,  KEY_BACKSPACE, KEY_TAB,  KEY_ENTER, KEY_SPACE,  KEY_UP,
  KEY_DOWN,      KEY_LEFT, KEY_RIGHT,     KEY_HOME, KEY_END,   KEY_PAGEUP, KEY_PAGEDOWN,
  KEY_DELETE,    KEY_F1,   KEY_F2,        KEY_F3,   KEY_F4,    KEY_F5,     KEY_F6,
  KEY_F7,        KEY_F8,   KEY_F9,        KEY_F10,  KEY_F11,   KEY_F12,    KEY_LEFTMETA,
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

static gboolean is_long (const char *name)
{
  return name && strlen (name) > MAX_NAME;
}

gboolean inos_keys_has (guint code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
    if (others[i] == code)
      return TRUE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    for (gsize j = 0; rows[i][j] != 0; j++) {
      if (rows[i][j] == code)
        return TRUE;
    }
  }
  return FALSE;
}

/* XKB_KEY_NoSymbol where there is none; keys that all layouts share have one alone. */
static xkb_keysym_t symbol_of (struct xkb_keymap *keymap, guint layout, guint code, guint level)
{
  xkb_layout_index_t layouts = xkb_keymap_num_layouts_for_key (keymap, code + EVDEV);
  const xkb_keysym_t *symbols;

  if (layouts == 0)
    return XKB_KEY_NoSymbol;
  return xkb_keymap_key_get_syms_by_level (keymap, code + EVDEV, layout % layouts, level,
                                           &symbols) == 1
           ? symbols[0]
           : XKB_KEY_NoSymbol;
}

/* What is on the key; "" where that has no letter. */
static char *text_of (xkb_keysym_t symbol, gboolean *waits)
{
  char text[8] = "";
  gunichar letter;

  for (gsize i = 0; i < G_N_ELEMENTS (dead); i++) {
    if (dead[i].symbol == symbol) {
      *waits = TRUE;
      return g_strdup (dead[i].text);
    }
  }
  if (symbol == XKB_KEY_NoSymbol || xkb_keysym_to_utf8 (symbol, text, sizeof text) <= 1)
    return g_strdup ("");
  letter = g_utf8_get_char_validated (text, -1);
  if (letter > G_MAXINT32 || !g_unichar_isprint (letter))
    return g_strdup ("");
  return g_unichar_ismark (letter) ? g_strconcat (SHOWN_ON, text, NULL) : g_strdup (text);
}

static gboolean is_empty (struct xkb_keymap *keymap, guint layout, guint code)
{
  for (guint level = 0; level < LEVELS; level++) {
    gboolean waits = FALSE;
    g_autofree char *text = text_of (symbol_of (keymap, layout, code, level), &waits);

    if (*text)
      return FALSE;
  }
  return TRUE;
}

/* What all keymaps have beside the left Shift does not count. */
static gboolean types_nothing (struct xkb_keymap *keymap)
{
  for (gsize i = 0; i < 3; i++) {
    for (gsize j = 0; rows[i][j] != 0; j++) {
      if (!is_empty (keymap, 0, rows[i][j]))
        return FALSE;
    }
  }
  return TRUE;
}

struct xkb_keymap *inos_keys_compile (const InosKeyNames *names)
{
  const struct xkb_rule_names wanted = {names->rules, names->model, names->layout, names->variant,
                                        names->options};
  const struct xkb_rule_names usual = {0};
  struct xkb_context *context = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  struct xkb_keymap *keymap = NULL;

  if (!context)
    return NULL;
  xkb_context_set_log_level (context, XKB_LOG_LEVEL_CRITICAL);
  if (!is_long (names->rules) && !is_long (names->model) && !is_long (names->layout) &&
      !is_long (names->variant) && !is_long (names->options))
    keymap = xkb_keymap_new_from_names (context, &wanted, XKB_KEYMAP_COMPILE_NO_FLAGS);
  if (!keymap || types_nothing (keymap)) {
    xkb_keymap_unref (keymap);
    g_info ("there is no keyboard layout as the settings name it; the usual one is used");
    keymap = xkb_keymap_new_from_names (context, &usual, XKB_KEYMAP_COMPILE_NO_FLAGS);
  }
  xkb_context_unref (context);
  return keymap;
}

static gboolean types (struct xkb_keymap *keymap, guint layout, guint code, xkb_keysym_t symbol)
{
  return symbol_of (keymap, layout, code, 0) == symbol ||
         symbol_of (keymap, layout, code, 1) == symbol;
}

/* Keyboards of some countries lack it, and keymaps have it all the same: with what others type. */
static gboolean needs_102nd (struct xkb_keymap *keymap, guint layout)
{
  gboolean found[2] = {FALSE, FALSE};

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    for (gsize j = 0; rows[i][j] != 0; j++) {
      for (guint level = 0; level < 2; level++) {
        if (rows[i][j] != KEY_102ND &&
            types (keymap, layout, rows[i][j], symbol_of (keymap, layout, KEY_102ND, level)))
          found[level] = TRUE;
      }
    }
  }
  if (types (keymap, layout, KEY_BACKSLASH, symbol_of (keymap, layout, KEY_102ND, 0)))
    found[0] = TRUE;
  return !found[0] || !found[1];
}

static void add_key (JsonArray *row, struct xkb_keymap *keymap, guint layout, guint code)
{
  JsonObject *key = json_object_new();
  JsonArray *symbols = json_array_new();
  gint64 marks = 0;

  for (guint level = 0; level < LEVELS; level++) {
    gboolean waits = FALSE;
    g_autofree char *text = text_of (symbol_of (keymap, layout, code, level), &waits);

    json_array_add_string_element (symbols, text);
    marks |= waits ? 1 << level : 0;
  }
  json_object_set_int_member (key, "code", code);
  json_object_set_array_member (key, "symbols", symbols);
  json_object_set_int_member (key, "dead", marks);
  json_array_add_object_element (row, key);
}

JsonNode *inos_keys_describe (struct xkb_keymap *keymap, guint layout)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  JsonArray *array = json_array_new();
  gboolean has_102nd = needs_102nd (keymap, layout);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    JsonArray *row = json_array_new();

    for (gsize j = 0; rows[i][j] != 0; j++) {
      if (!is_empty (keymap, layout, rows[i][j]) && (rows[i][j] != KEY_102ND || has_102nd))
        add_key (row, keymap, layout, rows[i][j]);
    }
    if (i == (has_102nd ? 2 : 1) && !is_empty (keymap, layout, KEY_BACKSLASH))
      add_key (row, keymap, layout, KEY_BACKSLASH);
    json_array_add_array_element (array, row);
  }
  json_node_take_array (node, array);
  return node;
}

static guint32 mask_of (struct xkb_keymap *keymap, const char *name)
{
  xkb_mod_index_t index = xkb_keymap_mod_get_index (keymap, name);

  return index < 32 ? 1U << index : 0;
}

/* The fewest that give the level, without locks. */
static gboolean find_level (struct xkb_keymap *keymap, guint layout, guint code, guint level,
                            guint32 *mask)
{
  xkb_layout_index_t layouts = xkb_keymap_num_layouts_for_key (keymap, code + EVDEV);
  guint32 locks = mask_of (keymap, XKB_MOD_NAME_CAPS) | mask_of (keymap, XKB_MOD_NAME_NUM);
  xkb_mod_mask_t masks[MAX_MASKS];
  gboolean found = FALSE;
  gsize n;

  if (layouts == 0)
    return FALSE;
  n = xkb_keymap_key_get_mods_for_level (keymap, code + EVDEV, layout % layouts, level, masks,
                                         MAX_MASKS);
  for (gsize i = 0; i < n; i++) {
    if ((masks[i] & locks) != 0 ||
        (found && __builtin_popcount (masks[i]) >= __builtin_popcount (*mask)))
      continue;
    *mask = masks[i];
    found = TRUE;
  }
  return found;
}

guint32 inos_keys_mask (struct xkb_keymap *keymap, guint layout, guint code, guint modifiers)
{
  guint level = modifiers & (INOS_KEYS_SHIFT | INOS_KEYS_ALT_GR);
  guint32 shift = mask_of (keymap, XKB_MOD_NAME_SHIFT);
  guint32 mask = 0;

  /* Keys that type the same with Shift, such as arrows, are held with it too. */
  if (level != 0 && !find_level (keymap, layout, code, level, &mask))
    mask = 0;
  if (level & INOS_KEYS_SHIFT)
    mask |= shift;
  if (modifiers & INOS_KEYS_CONTROL)
    mask |= mask_of (keymap, XKB_MOD_NAME_CTRL);
  if (modifiers & INOS_KEYS_ALT)
    mask |= mask_of (keymap, XKB_MOD_NAME_ALT);
  if (modifiers & INOS_KEYS_LOGO)
    mask |= mask_of (keymap, XKB_MOD_NAME_LOGO);
  return mask;
}
