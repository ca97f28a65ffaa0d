#include "binding.h"

#include <xkbcommon/xkbcommon.h>
#include <wlr/backend/session.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/util/log.h>

#include "action.h"
#include "shortcuts_inhibit.h"
#include "view.h"

struct binding {
  uint32_t modifiers; /* enum wlr_keyboard_modifier */
  xkb_keysym_t keysym;
  char *action;
};

struct inos_bindings {
  GArray *list;          /* struct binding; the last that fits wins */
  struct binding escape; /* ends the inhibition of all others */
};

#define DEFAULT_ESCAPE "Super+Escape"

static const struct {
  const char *combination, *action;
} defaults[] = {
  {"Super", "launcher"},
  {"Super+Escape", "power-menu"},
  {"Super+Return", "exec foot"},
  {"Super+q", "close"},
  {"Alt+F4", "close"},
  {"Super+Up", "snap up"},
  {"Super+Down", "snap down"},
  {"Super+Left", "snap left"},
  {"Super+Right", "snap right"},
  {"Super+f", "fullscreen"},
  {"Super+h", "minimize"},
  {"Super+t", "layout-mode next"},
  {"Super+Shift+t", "tile-float"},
  {"Super+Shift+Left", "tile-move previous"},
  {"Super+Shift+Right", "tile-move next"},
  {"Super+minus", "tile-ratio -5"},
  {"Super+equal", "tile-ratio 5"},
  {"Alt+Tab", "switch-next"},
  {"Alt+Shift+Tab", "switch-previous"},
  {"Super+Tab", "switch-next"},
};

static const struct {
  const char *name;
  uint32_t bit;
} modifier_names[] = {
  {"Super", WLR_MODIFIER_LOGO}, {"Logo", WLR_MODIFIER_LOGO},   {"Alt", WLR_MODIFIER_ALT},
  {"Ctrl", WLR_MODIFIER_CTRL},  {"Shift", WLR_MODIFIER_SHIFT},
};

static uint32_t modifier_from_name (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (modifier_names); i++) {
    if (g_ascii_strcasecmp (name, modifier_names[i].name) == 0)
      return modifier_names[i].bit;
  }
  return 0;
}

/* "Super+Shift+q" → modifiers and key; a lone modifier is the key itself. */
static bool parse (const char *combination, struct binding *binding)
{
  g_auto (GStrv) parts = g_strsplit (combination, "+", 8);
  guint n = g_strv_length (parts);
  if (n == 0)
    return false;
  for (guint i = 0; i + 1 < n; i++) {
    uint32_t bit = modifier_from_name (g_strstrip (parts[i]));
    if (bit == 0)
      return false;
    binding->modifiers |= bit;
  }
  const char *key = g_strstrip (parts[n - 1]);
  if (modifier_from_name (key) == WLR_MODIFIER_LOGO)
    key = "Super_L";
  binding->keysym = xkb_keysym_to_lower (xkb_keysym_from_name (key, XKB_KEYSYM_CASE_INSENSITIVE));
  return binding->keysym != XKB_KEY_NoSymbol;
}

static void add (struct inos_bindings *bindings, const char *combination, const char *action)
{
  struct binding binding = {0};
  if (!parse (combination, &binding)) {
    wlr_log (WLR_ERROR, "bindings: '%s' is not a combination of keys, such as Super+Shift+q",
             combination);
    return;
  }
  if (action[0] != '\0' && !inos_action_exists (action)) {
    wlr_log (WLR_ERROR, "bindings: '%s' asks for '%s', which is not an action", combination,
             action);
    return;
  }
  binding.action = g_strdup (action);
  g_array_append_val (bindings->list, binding);
}

static void binding_clear (void *data)
{
  struct binding *binding = data;
  g_free (binding->action);
}

struct inos_bindings *inos_bindings_create (const struct inos_config *config)
{
  struct inos_bindings *bindings = g_new0 (struct inos_bindings, 1);
  bindings->list = g_array_new (FALSE, TRUE, sizeof (struct binding));
  g_array_set_clear_func (bindings->list, binding_clear);
  for (size_t i = 0; i < G_N_ELEMENTS (defaults); i++)
    add (bindings, defaults[i].combination, defaults[i].action);
  for (int i = 1; i <= MIN (config->workspaces, 9); i++) {
    g_autofree char *go = g_strdup_printf ("Super+%d", i);
    g_autofree char *move = g_strdup_printf ("Super+Shift+%d", i);
    g_autofree char *go_action = g_strdup_printf ("workspace %d", i);
    g_autofree char *move_action = g_strdup_printf ("move-to-workspace %d", i);
    add (bindings, go, go_action);
    add (bindings, move, move_action);
  }
  const char *escape = config->shortcuts_escape ? config->shortcuts_escape : DEFAULT_ESCAPE;
  if (!parse (escape, &bindings->escape)) {
    wlr_log (WLR_ERROR, "[keyboard] shortcuts-escape: '%s' is not a combination of keys", escape);
    bindings->escape = (struct binding){0};
    parse (DEFAULT_ESCAPE, &bindings->escape);
  }
  GHashTableIter iter;
  void *combination, *action;
  g_hash_table_iter_init (&iter, config->bindings);
  while (g_hash_table_iter_next (&iter, &combination, &action))
    add (bindings, combination, action);
  return bindings;
}

void inos_bindings_destroy (struct inos_bindings *bindings)
{
  if (!bindings)
    return;
  g_array_unref (bindings->list);
  g_free (bindings);
}

static const char *find (struct inos_bindings *bindings, uint32_t modifiers, xkb_keysym_t keysym)
{
  for (guint i = bindings->list->len; i > 0; i--) {
    const struct binding *binding = &g_array_index (bindings->list, struct binding, i - 1);
    if (binding->modifiers == modifiers && binding->keysym == xkb_keysym_to_lower (keysym))
      return binding->action[0] != '\0' ? binding->action : NULL;
  }
  return NULL;
}

/* The symbol of the key without any modifier, so that Super+Shift+1 is not Super+exclam. */
static xkb_keysym_t plain_keysym (struct wlr_keyboard *keyboard, xkb_keycode_t code)
{
  const xkb_keysym_t *symbols;
  xkb_layout_index_t layout = xkb_state_key_get_layout (keyboard->xkb_state, code);
  int n = xkb_keymap_key_get_syms_by_level (keyboard->keymap, code, layout, 0, &symbols);
  return n > 0 ? symbols[0] : XKB_KEY_NoSymbol;
}

static bool switch_terminal (struct inos_compositor *compositor, xkb_keysym_t keysym)
{
  if (keysym < XKB_KEY_XF86Switch_VT_1 || keysym > XKB_KEY_XF86Switch_VT_12)
    return false;
  if (compositor->session)
    wlr_session_change_vt (compositor->session, keysym - XKB_KEY_XF86Switch_VT_1 + 1);
  return true;
}

static bool is_super (xkb_keysym_t keysym)
{
  return keysym == XKB_KEY_Super_L || keysym == XKB_KEY_Super_R;
}

void inos_binding_forget_tap (struct inos_seat *seat)
{
  struct inos_keyboard *keyboard;
  wl_list_for_each (keyboard, &seat->keyboards, link)
    keyboard->tap_key = 0;
}

bool inos_binding_press (struct inos_keyboard *keyboard, uint32_t key)
{
  struct inos_compositor *compositor = keyboard->seat->compositor;
  if (!keyboard->wlr->xkb_state)
    return false;
  xkb_keycode_t code = key + 8; /* evdev to XKB */
  xkb_keysym_t keysym = plain_keysym (keyboard->wlr, code);
  uint32_t modifiers =
    wlr_keyboard_get_modifiers (keyboard->wlr) &
    (WLR_MODIFIER_LOGO | WLR_MODIFIER_ALT | WLR_MODIFIER_CTRL | WLR_MODIFIER_SHIFT);
  bool inhibited = inos_shortcuts_inhibited (keyboard->seat);
  inos_binding_forget_tap (keyboard->seat);
  if (is_super (keysym) && !inhibited) {
    if ((modifiers & ~(uint32_t)WLR_MODIFIER_LOGO) == 0)
      keyboard->tap_key = key;
    return false;
  }
  if (switch_terminal (compositor, xkb_state_key_get_one_sym (keyboard->wlr->xkb_state, code)))
    return true;
  if (compositor->locked)
    return false;
  if (inhibited) {
    const struct binding *escape = &compositor->bindings->escape;
    if (modifiers != escape->modifiers || xkb_keysym_to_lower (keysym) != escape->keysym)
      return false;
    inos_shortcuts_restore (keyboard->seat);
    return true;
  }
  const char *action = find (compositor->bindings, modifiers, keysym);
  if (!action)
    action = find (compositor->bindings, modifiers,
                   xkb_state_key_get_one_sym (keyboard->wlr->xkb_state, code));
  return action && inos_action_run (compositor, action);
}

void inos_binding_release (struct inos_keyboard *keyboard, uint32_t key)
{
  struct inos_compositor *compositor = keyboard->seat->compositor;
  if (keyboard->tap_key != key || key == 0)
    return;
  keyboard->tap_key = 0;
  if (compositor->locked)
    return;
  const char *action = find (compositor->bindings, 0, XKB_KEY_Super_L);
  if (action)
    inos_action_run (compositor, action);
}
