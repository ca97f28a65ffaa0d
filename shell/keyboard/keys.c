/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "keys.h"

#include "lock/keycaps.h"

#include <linux/input-event-codes.h>
#include <string.h>
#include <xkbcommon/xkbcommon-keysyms.h>

#define EVDEV INOS_KEYCAPS_EVDEV
#define MAX_NAME 255
#define MAX_MASKS 16

static const guint others[] = {
  KEY_BACKSLASH, KEY_ESC,  KEY_BACKSPACE, KEY_TAB,  KEY_ENTER, KEY_SPACE,  KEY_UP,
  KEY_DOWN,      KEY_LEFT, KEY_RIGHT,     KEY_HOME, KEY_END,   KEY_PAGEUP, KEY_PAGEDOWN,
  KEY_DELETE,    KEY_F1,   KEY_F2,        KEY_F3,   KEY_F4,    KEY_F5,     KEY_F6,
  KEY_F7,        KEY_F8,   KEY_F9,        KEY_F10,  KEY_F11,   KEY_F12,    KEY_LEFTMETA,
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
  for (gsize i = 0; i < INOS_KEYCAPS_ROWS; i++) {
    for (gsize j = 0; inos_keycaps_rows[i][j] != 0; j++) {
      if (inos_keycaps_rows[i][j] == code)
        return TRUE;
    }
  }
  return FALSE;
}

/* What all keymaps have beside the left Shift does not count. */
static gboolean types_nothing (struct xkb_keymap *keymap)
{
  for (gsize i = 0; i < 3; i++) {
    for (gsize j = 0; inos_keycaps_rows[i][j] != 0; j++) {
      if (!inos_keycaps_is_empty (keymap, 0, inos_keycaps_rows[i][j]))
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
  return inos_keycaps_symbol (keymap, layout, code, 0) == symbol ||
         inos_keycaps_symbol (keymap, layout, code, 1) == symbol;
}

/* Keyboards of some countries lack it, and keymaps have it all the same: with what others type. */
static gboolean needs_102nd (struct xkb_keymap *keymap, guint layout)
{
  gboolean found[2] = {FALSE, FALSE};

  for (gsize i = 0; i < INOS_KEYCAPS_ROWS; i++) {
    for (gsize j = 0; inos_keycaps_rows[i][j] != 0; j++) {
      for (guint level = 0; level < 2; level++) {
        if (inos_keycaps_rows[i][j] != KEY_102ND &&
            types (keymap, layout, inos_keycaps_rows[i][j],
                   inos_keycaps_symbol (keymap, layout, KEY_102ND, level)))
          found[level] = TRUE;
      }
    }
  }
  if (types (keymap, layout, KEY_BACKSLASH, inos_keycaps_symbol (keymap, layout, KEY_102ND, 0)))
    found[0] = TRUE;
  return !found[0] || !found[1];
}

static void add_key (JsonArray *row, struct xkb_keymap *keymap, guint layout, guint code)
{
  JsonObject *key = json_object_new();
  JsonArray *symbols = json_array_new();
  gint64 marks = 0;

  for (guint level = 0; level < INOS_KEYCAPS_LEVELS; level++) {
    char text[INOS_KEYCAPS_TEXT];
    gboolean waits = inos_keycaps_write (text, inos_keycaps_symbol (keymap, layout, code, level));

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

  for (gsize i = 0; i < INOS_KEYCAPS_ROWS; i++) {
    JsonArray *row = json_array_new();

    for (gsize j = 0; inos_keycaps_rows[i][j] != 0; j++) {
      if (!inos_keycaps_is_empty (keymap, layout, inos_keycaps_rows[i][j]) &&
          (inos_keycaps_rows[i][j] != KEY_102ND || has_102nd))
        add_key (row, keymap, layout, inos_keycaps_rows[i][j]);
    }
    if (i == (has_102nd ? 2 : 1) && !inos_keycaps_is_empty (keymap, layout, KEY_BACKSLASH))
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
