#include "binding_table.h"

#include <glib/gi18n.h>
#include <string.h>
#include <wlr/types/wlr_keyboard.h>
#include <xkbcommon/xkbcommon.h>
#include <linux/input-event-codes.h>

#include "action.h"
#include "binding_flags.h"

#define DEFAULT_ESCAPE "Super+Escape"

struct binding {
  struct inos_combination combination;
  char *mode, *written, *action;
};

struct inos_bindings {
  GArray *list; /* struct binding; the last that fits wins */
  struct inos_combination escape;
  GHashTable *switches; /* event → action */
  GHashTable *corners;  /* likewise */
};

static const struct {
  const char *combination, *action;
} defaults[] = {
  {"Super", "launcher"},
  {"Super+Escape", "power-menu"},
  {"Super+Return", "exec foot"},
  {"Super+w", "overview"},
  {"Super+q", "close"},
  {"Alt+F4", "close"},
  {"Super+Up", "snap up"},
  {"Super+Down", "snap down"},
  {"Super+Left", "snap left"},
  {"Super+Right", "snap right"},
  {"Super+f", "fullscreen"},
  {"Super+h", "minimize"},
  {"Super+l", "lock"},
  {"Super+n", "notifications"},
  {"Super+s", "quick-settings"},
  {"Super+b", "tray"},
  {"Super+v", "clipboard"},
  {"Super+F1", "shortcuts"},
  {"Super+Shift+question", "shortcuts"},
  {"Super+t", "layout-mode next"},
  {"Super+Shift+t", "tile-float"},
  {"Super+Shift+Left", "tile-move previous"},
  {"Super+Shift+Right", "tile-move next"},
  {"Super+minus", "tile-ratio -5"},
  {"Super+equal", "tile-ratio 5"},
  {"Super+Ctrl+Left", "focus left"},
  {"Super+Ctrl+Right", "focus right"},
  {"Super+Ctrl+Up", "focus up"},
  {"Super+Ctrl+Down", "focus down"},
  {"Super+Alt+Left", "focus-output left"},
  {"Super+Alt+Right", "focus-output right"},
  {"Super+Alt+Up", "focus-output up"},
  {"Super+Alt+Down", "focus-output down"},
  {"Super+Alt+Shift+Left", "move-to-output left"},
  {"Super+Alt+Shift+Right", "move-to-output right"},
  {"Super+Alt+Shift+Up", "move-to-output up"},
  {"Super+Alt+Shift+Down", "move-to-output down"},
  {"Super+Page_Up", "workspace previous"},
  {"Super+Page_Down", "workspace next"},
  {"Super+Shift+Page_Up", "take-to-workspace previous"},
  {"Super+Shift+Page_Down", "take-to-workspace next"},
  {"Super+Ctrl+Shift+Left", "column-move left"},
  {"Super+Ctrl+Shift+Right", "column-move right"},
  {"Super+bracketleft", "consume-or-expel left"},
  {"Super+bracketright", "consume-or-expel right"},
  {"Super+comma", "consume"},
  {"Super+period", "expel"},
  {"Super+c", "column-centre"},
  {"Super+r", "column-width next"},
  {"Super+Shift+r", "column-width previous"},
  {"Alt+Tab", "switch-next"},
  {"Alt+Shift+Tab", "switch-previous"},
  {"Super+Tab", "switch-next"},
  {"Super+space", "layout-next"},
  {"Alt+space", "window-menu"},
  {"Alt+F7", "move-by-keys"},
  {"Alt+F8", "resize-by-keys"},
  {"Super+Shift+p", "private"},
  {"Super+Alt+equal", "zoom-in"},
  {"Super+Alt+minus", "zoom-out"},
  {"Super+Alt+0", "zoom-reset"},
  {"XF86AudioRaiseVolume", "volume-up"},
  {"XF86AudioLowerVolume", "volume-down"},
  {"XF86AudioMute", "volume-mute"},
  {"XF86AudioMicMute", "microphone-mute"},
  {"XF86AudioPlay", "media-play-pause"},
  {"XF86AudioPause", "media-pause"},
  {"XF86AudioNext", "media-next"},
  {"XF86AudioPrev", "media-previous"},
  {"XF86AudioStop", "media-stop"},
  {"XF86MonBrightnessUp", "brightness-up"},
  {"XF86MonBrightnessDown", "brightness-down"},
  {"Super+Button1", "move"},
  {"Super+Button3", "resize"},
};

/* Those of touchpads that a switch of [gestures] takes away. */
static const struct {
  const char *combination, *action;
  size_t enabled; /* offset of a bool in struct inos_config */
} default_gestures[] = {
  {"swipe3-left", "workspace next", offsetof (struct inos_config, swipe_workspaces)},
  {"swipe3-right", "workspace previous", offsetof (struct inos_config, swipe_workspaces)},
  {"swipe3-up", "overview", offsetof (struct inos_config, swipe_overview)},
};

static const struct {
  const char *name;
  uint32_t bit;
} modifier_names[] = {
  {"Super", WLR_MODIFIER_LOGO}, {"Logo", WLR_MODIFIER_LOGO},   {"Alt", WLR_MODIFIER_ALT},
  {"Ctrl", WLR_MODIFIER_CTRL},  {"Shift", WLR_MODIFIER_SHIFT},
};

/* Buttons have the numbers that they have in X. */
static const struct {
  const char *name;
  enum inos_binding_kind kind;
  uint32_t code;
} pointer_names[] = {
  {"Button1", INOS_BINDING_BUTTON, BTN_LEFT},
  {"Button2", INOS_BINDING_BUTTON, BTN_MIDDLE},
  {"Button3", INOS_BINDING_BUTTON, BTN_RIGHT},
  {"Button8", INOS_BINDING_BUTTON, BTN_SIDE},
  {"Button9", INOS_BINDING_BUTTON, BTN_EXTRA},
  {"ScrollUp", INOS_BINDING_SCROLL, INOS_SCROLL_UP},
  {"ScrollDown", INOS_BINDING_SCROLL, INOS_SCROLL_DOWN},
  {"ScrollLeft", INOS_BINDING_SCROLL, INOS_SCROLL_LEFT},
  {"ScrollRight", INOS_BINDING_SCROLL, INOS_SCROLL_RIGHT},
};

/* How a gesture is called before and after the number of its fingers. */
static const struct {
  const char *name, *direction;
  enum inos_finger_move move;
} gesture_names[] = {
  {"swipe", "-left", INOS_SWIPE_LEFT},
  {"swipe", "-right", INOS_SWIPE_RIGHT},
  {"swipe", "-up", INOS_SWIPE_UP},
  {"swipe", "-down", INOS_SWIPE_DOWN},
  {"pinch", "-in", INOS_PINCH_IN},
  {"pinch", "-out", INOS_PINCH_OUT},
  {"hold", "", INOS_HOLD},
};

/* "swipe3-up", "pinch4-in", "hold3". */
static bool parse_gesture (const char *text, struct inos_combination *combination)
{
  for (size_t i = 0; i < G_N_ELEMENTS (gesture_names); i++) {
    size_t length = strlen (gesture_names[i].name);
    if (g_ascii_strncasecmp (text, gesture_names[i].name, length) != 0)
      continue;
    int fingers = g_ascii_digit_value (text[length]);
    if (fingers < INOS_FINGERS_LEAST || fingers > INOS_FINGERS_MOST ||
        g_ascii_strcasecmp (text + length + 1, gesture_names[i].direction) != 0)
      continue;
    combination->kind = INOS_BINDING_GESTURE;
    combination->code = (uint32_t)fingers * INOS_FINGERS_FACTOR + gesture_names[i].move;
    return true;
  }
  return false;
}

static uint32_t modifier_from_name (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (modifier_names); i++) {
    if (g_ascii_strcasecmp (name, modifier_names[i].name) == 0)
      return modifier_names[i].bit;
  }
  return 0;
}

static bool parse_last (const char *name, struct inos_combination *combination)
{
  for (size_t i = 0; i < G_N_ELEMENTS (pointer_names); i++) {
    if (g_ascii_strcasecmp (name, pointer_names[i].name) == 0) {
      combination->kind = pointer_names[i].kind;
      combination->code = pointer_names[i].code;
      return true;
    }
  }
  if (parse_gesture (name, combination))
    return true;
  /* A lone modifier is the key itself. */
  if (modifier_from_name (name) == WLR_MODIFIER_LOGO)
    name = "Super_L";
  combination->code =
    xkb_keysym_to_lower (xkb_keysym_from_name (name, XKB_KEYSYM_CASE_INSENSITIVE));
  return combination->code != XKB_KEY_NoSymbol;
}

/* "Super+Shift+q" → modifiers and key. */
static bool parse (const char *text, struct inos_combination *combination)
{
  g_auto (GStrv) parts = g_strsplit (text, "+", 8);
  guint n = g_strv_length (parts);
  *combination = (struct inos_combination){0};
  if (n == 0)
    return false;
  for (guint i = 0; i + 1 < n; i++) {
    uint32_t bit = modifier_from_name (g_strstrip (parts[i]));
    if (bit == 0)
      return false;
    combination->modifiers |= bit;
  }
  return parse_last (g_strstrip (parts[n - 1]), combination);
}

static bool understands (const char *action)
{
  struct inos_binding_flags flags;
  const char *bare = inos_binding_flags_read (action, &flags);
  return action[0] == '\0' || (bare && inos_action_exists (bare));
}

static bool refuse_combination (const char *combination, GError **error)
{
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("'%s' is not a combination of keys, such as Super+Shift+q"), combination);
  return false;
}

bool inos_bindings_check_action (const char *action, GError **error)
{
  if (!action || understands (action))
    return true;
  g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
               _ ("'%s' is not an action; inosctl action lists them all"), action);
  return false;
}

bool inos_bindings_check (const char *combination, const char *action, GError **error)
{
  struct inos_combination parsed;
  if (!parse (combination, &parsed))
    return refuse_combination (combination, error);
  return inos_bindings_check_action (action, error);
}

bool inos_bindings_check_escape (const char *combination, GError **error)
{
  struct inos_combination parsed;
  if (!combination || (parse (combination, &parsed) && parsed.kind == INOS_BINDING_KEY))
    return true;
  return refuse_combination (combination, error);
}

static void add (struct inos_bindings *bindings, const char *mode, const char *combination,
                 const char *action)
{
  struct binding binding = {0};
  if (!parse (combination, &binding.combination) || !understands (action))
    return;
  binding.mode = g_strdup (mode);
  binding.written = g_strdup (combination);
  binding.action = g_strdup (action);
  g_array_append_val (bindings->list, binding);
}

static void binding_clear (void *data)
{
  struct binding *binding = data;
  g_free (binding->mode);
  g_free (binding->written);
  g_free (binding->action);
}

static int compare_written (const void *a, const void *b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* One combination may be written in several ways: those that take a binding away come first, so
 * that they take no other one of the file away, and the rest in an order that is the same each
 * time. */
static void add_table (struct inos_bindings *bindings, const char *mode, GHashTable *table)
{
  g_autoptr (GPtrArray) written = g_hash_table_get_keys_as_ptr_array (table);
  g_ptr_array_sort (written, compare_written);
  for (int pass = 0; pass < 2; pass++) {
    for (guint i = 0; i < written->len; i++) {
      const char *action = g_hash_table_lookup (table, written->pdata[i]);
      if ((action[0] != '\0') == pass)
        add (bindings, mode, written->pdata[i], action);
    }
  }
}

static void add_defaults (struct inos_bindings *bindings, const struct inos_config *config)
{
  for (size_t i = 0; i < G_N_ELEMENTS (defaults); i++)
    add (bindings, "", defaults[i].combination, defaults[i].action);
  for (size_t i = 0; i < G_N_ELEMENTS (default_gestures); i++) {
    if (*(const bool *)G_STRUCT_MEMBER_P (config, default_gestures[i].enabled))
      add (bindings, "", default_gestures[i].combination, default_gestures[i].action);
  }
  for (int i = 1; i <= MIN (config->workspaces, 9); i++) {
    g_autofree char *go = g_strdup_printf ("Super+%d", i);
    g_autofree char *move = g_strdup_printf ("Super+Shift+%d", i);
    g_autofree char *go_action = g_strdup_printf ("workspace %d", i);
    g_autofree char *move_action = g_strdup_printf ("move-to-workspace %d", i);
    add (bindings, "", go, go_action);
    add (bindings, "", move, move_action);
  }
}

/* What happens by itself, and what it does. */
struct event {
  const char *name, *action;
};

static void add_events (GHashTable *table, const struct event *events, size_t count)
{
  for (size_t i = 0; i < count; i++) {
    const char *action = events[i].action;
    if (action && action[0] != '\0' && understands (action))
      g_hash_table_insert (table, g_strdup (events[i].name), g_strdup (action));
  }
}

static void add_corners (struct inos_bindings *bindings, const struct inos_config *config)
{
  const struct event corners[] = {
    {"top-left", config->corners.top_left},
    {"top-right", config->corners.top_right},
    {"bottom-left", config->corners.bottom_left},
    {"bottom-right", config->corners.bottom_right},
  };
  add_events (bindings->corners, corners, G_N_ELEMENTS (corners));
}

static void add_switches (struct inos_bindings *bindings, const struct inos_config *config)
{
  const struct event switches[] = {
    {"lid-close", config->lid_close},
    {"lid-open", config->lid_open},
    {"tablet-mode-on", config->tablet_mode_on},
    {"tablet-mode-off", config->tablet_mode_off},
  };
  add_events (bindings->switches, switches, G_N_ELEMENTS (switches));
}

struct inos_bindings *inos_bindings_create (const struct inos_config *config)
{
  struct inos_bindings *bindings = g_new0 (struct inos_bindings, 1);
  bindings->list = g_array_new (FALSE, TRUE, sizeof (struct binding));
  bindings->switches = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  bindings->corners = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_array_set_clear_func (bindings->list, binding_clear);
  add_defaults (bindings, config);
  add_table (bindings, "", config->bindings);
  GHashTableIter iter;
  void *mode, *table;
  g_hash_table_iter_init (&iter, config->modes);
  while (g_hash_table_iter_next (&iter, &mode, &table))
    add_table (bindings, mode, table);
  add_switches (bindings, config);
  add_corners (bindings, config);
  const char *escape = config->shortcuts_escape ? config->shortcuts_escape : DEFAULT_ESCAPE;
  parse (escape, &bindings->escape);
  return bindings;
}

void inos_bindings_destroy (struct inos_bindings *bindings)
{
  if (!bindings)
    return;
  g_array_unref (bindings->list);
  g_hash_table_unref (bindings->switches);
  g_hash_table_unref (bindings->corners);
  g_free (bindings);
}

static bool same (const struct inos_combination *a, const struct inos_combination *b)
{
  return a->modifiers == b->modifiers && a->kind == b->kind && a->code == b->code;
}

const char *inos_bindings_find (struct inos_bindings *bindings, const char *mode,
                                const struct inos_combination *combination)
{
  for (guint i = bindings->list->len; i > 0; i--) {
    const struct binding *binding = &g_array_index (bindings->list, struct binding, i - 1);
    if (same (&binding->combination, combination) && g_str_equal (binding->mode, mode))
      return binding->action[0] != '\0' ? binding->action : NULL;
  }
  return NULL;
}

const char *inos_bindings_find_switch (struct inos_bindings *bindings, const char *event)
{
  return g_hash_table_lookup (bindings->switches, event);
}

const char *inos_bindings_find_corner (struct inos_bindings *bindings, const char *corner)
{
  return g_hash_table_lookup (bindings->corners, corner);
}

bool inos_bindings_has_corners (struct inos_bindings *bindings)
{
  return g_hash_table_size (bindings->corners) > 0;
}

bool inos_bindings_is_escape (struct inos_bindings *bindings,
                              const struct inos_combination *combination)
{
  return same (&bindings->escape, combination);
}

bool inos_bindings_has_mode (struct inos_bindings *bindings, const char *mode)
{
  for (guint i = 0; i < bindings->list->len; i++) {
    if (g_str_equal (g_array_index (bindings->list, struct binding, i).mode, mode))
      return true;
  }
  return false;
}

void inos_bindings_for_each (struct inos_bindings *bindings,
                             void (*each) (const char *mode, const char *combination,
                                           const char *action, void *data),
                             void *data)
{
  for (guint i = 0; i < bindings->list->len; i++) {
    const struct binding *binding = &g_array_index (bindings->list, struct binding, i);
    /* One that a later one replaces or takes away is none. */
    if (inos_bindings_find (bindings, binding->mode, &binding->combination) == binding->action)
      each (binding->mode, binding->written, binding->action, data);
  }
  GHashTable *const tables[] = {bindings->switches, bindings->corners};
  const char *const modes[] = {INOS_MODE_SWITCHES, INOS_MODE_CORNERS};
  for (size_t i = 0; i < G_N_ELEMENTS (tables); i++) {
    GHashTableIter iter;
    void *event, *action;
    g_hash_table_iter_init (&iter, tables[i]);
    while (g_hash_table_iter_next (&iter, &event, &action))
      each (modes[i], event, action, data);
  }
}
