/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_config.h"

#include "../message.h"
#include "../notify/text.h"
#include "settings_calls.h"
#include "settings_keys.h"

#include <gdk/gdk.h>
#include <glib/gi18n.h>
#include <string.h>

#define TEXT_MAX 512
#define SAID_MAX 64 /* bytes */
#define BINDINGS "bindings"
#define CORNERS "corners"
#define SETTINGS_TYPE "a(ssas)"

static const struct {
  const char *group;
  const char *keys[14];
} open_settings[] = {
  {"keyboard", {"layout", "variant", "options", "repeat-rate", "repeat-delay"}},
  {"cursor", {"size", "hide-while-typing"}},
  {"accessibility",
   {"sticky-keys", "mouse-keys", "slow-keys", "bounce-keys", "magnifier", "invert-colours",
    "high-contrast-pointer"}},
  {"animations", {"enabled", "speed"}},
  {"gestures", {"workspaces", "overview"}},
  {CORNERS, {"top-left", "top-right", "bottom-left", "bottom-right", "delay"}},
  {"idle", {"dim", "blank", "lock", "suspend", "blank-locked"}},
  {"idle battery", {"dim", "blank", "lock", "suspend"}},
  {"night-light", {"enabled", "from", "to", "night", "transition", "latitude", "longitude"}},
};

/* Of [touchpad], [mouse] and [device NAME]. */
static const char *const device_keys[] = {"acceleration",     "acceleration-profile",
                                          "natural-scroll",   "scroll-method",
                                          "tap-to-click",     "tap-and-drag",
                                          "drag-lock",        "disable-while-typing",
                                          "click-method",     "left-handed",
                                          "middle-emulation", "send-events",
                                          "scroll-button",    "scroll-button-lock",
                                          "scroll-speed",     "tap-buttons",
                                          "click-buttons",    "disable-while-trackpointing",
                                          "rotation",         "map-to-output",
                                          "map-to-region",    NULL};

static gboolean is_device (const char *group)
{
  return g_str_equal (group, "touchpad") || g_str_equal (group, "mouse") ||
         (g_str_has_prefix (group, "device ") && group[strlen ("device ")]);
}

gboolean inos_setting_is_open (const char *group, const char *key)
{
  if (is_device (group))
    return g_strv_contains (device_keys, key);
  for (gsize i = 0; i < G_N_ELEMENTS (open_settings); i++)
    if (g_str_equal (open_settings[i].group, group))
      return g_strv_contains (open_settings[i].keys, key);
  return FALSE;
}

static JsonObject *group_from_dump (GKeyFile *file, const char *group)
{
  JsonObject *object = json_object_new();
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);

  for (char **key = keys; key && *key; key++) {
    g_autofree char *value = g_key_file_get_string (file, group, *key, NULL);

    if (value && inos_setting_is_open (group, *key))
      json_object_set_string_member (object, *key, value);
  }
  return object;
}

JsonNode *inos_settings_from_dump (const char *text)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  g_auto (GStrv) groups = NULL;

  g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, NULL);
  groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group; group++) {
    JsonObject *inside = group_from_dump (file, *group);

    if (json_object_get_size (inside) > 0)
      json_object_set_object_member (object, *group, inside);
    else
      json_object_unref (inside);
  }
  json_node_take_object (node, object);
  return node;
}

/* What a page says */

/* As much of it as an error repeats: a whole number of characters, so that "%.64s" cuts none. */
static char *said (const char *text)
{
  return inos_text_clean (text, SAID_MAX, FALSE);
}

static const char *string_at (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

static void add (GVariantBuilder *builder, const char *group, const char *key, const char *value)
{
  g_variant_builder_add (builder, "(ss@as)", group, key,
                         g_variant_new_strv (&value, value ? 1 : 0));
}

/* What a corner may do for a page: what leads to no program that the page could choose. */
static gboolean is_value_open (const char *group, const char *key, const char *value)
{
  static const char *const actions[] = {"",     "overview",       "launcher",   "notifications",
                                        "lock", "quick-settings", "power-menu", NULL};

  return !g_str_equal (group, CORNERS) || g_str_equal (key, "delay") || !value ||
         g_strv_contains (actions, value);
}

static gboolean take_one (JsonNode *node, GVariantBuilder *builder, GError **error)
{
  JsonArray *setting = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autofree char *said_group = NULL, *said_key = NULL;
  const char *group, *key, *value;

  if (!setting || json_array_get_length (setting) != 3 || !(group = string_at (setting, 0)) ||
      !(key = string_at (setting, 1)) || strlen (group) > TEXT_MAX) {
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                 "a setting is a group, a key and a value");
    return FALSE;
  }
  value = string_at (setting, 2);
  said_group = said (group);
  said_key = said (key);
  if (!inos_setting_is_open (group, key)) {
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                 _ ("[%.64s] %.64s is not changed here."), said_group, said_key);
    return FALSE;
  }
  if ((!value && !JSON_NODE_HOLDS_NULL (json_array_get_element (setting, 2))) ||
      (value && strlen (value) > TEXT_MAX)) {
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                 "the value of [%.64s] %.64s is no text of a sensible length", said_group,
                 said_key);
    return FALSE;
  }
  if (!is_value_open (group, key, value)) {
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                 _ ("[%.64s] %.64s cannot be made that here."), said_group, said_key);
    return FALSE;
  }
  add (builder, group, key, value);
  return TRUE;
}

GVariant *inos_settings_take (JsonObject *args, GError **error)
{
  JsonNode *node = json_object_get_member (args, "settings");
  JsonArray *settings = node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint length = settings ? json_array_get_length (settings) : 0;
  GVariantBuilder builder;

  if (length == 0 || length > INOS_CHANGES_AT_ONCE) {
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                 "'settings' is a list of 1 to %d settings", INOS_CHANGES_AT_ONCE);
    return NULL;
  }
  g_variant_builder_init (&builder, G_VARIANT_TYPE (SETTINGS_TYPE));
  for (guint i = 0; i < length; i++)
    if (!take_one (json_array_get_element (settings, i), &builder, error)) {
      g_variant_builder_clear (&builder);
      return NULL;
    }
  return g_variant_builder_end (&builder);
}

/* Bindings */

static guint modifier_from_name (const char *name)
{
  static const struct {
    const char *name;
    GdkModifierType bit;
  } modifiers[] = {{"Super", GDK_SUPER_MASK},
                   {"Logo", GDK_SUPER_MASK},
                   {"Ctrl", GDK_CONTROL_MASK},
                   {"Alt", GDK_ALT_MASK},
                   {"Shift", GDK_SHIFT_MASK}};

  for (gsize i = 0; i < G_N_ELEMENTS (modifiers); i++)
    if (g_ascii_strcasecmp (modifiers[i].name, name) == 0)
      return modifiers[i].bit;
  return 0;
}

/* The same text for all ways to write a combination that the compositor takes for one: modifiers
 * in any order and case. NULL where there is something else before the key. */
static char *canonical (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "+", 8);
  guint n = g_strv_length (parts), modifiers = 0, keyval;
  const char *key;
  g_autofree char *lower = NULL;

  for (guint i = 0; i + 1 < n; i++) {
    guint bit = modifier_from_name (g_strstrip (parts[i]));

    if (!bit)
      return NULL;
    modifiers |= bit;
  }
  key = n > 0 ? g_strstrip (parts[n - 1]) : "";
  keyval = gdk_keyval_from_name (key);
  if (keyval != GDK_KEY_VoidSymbol && gdk_keyval_name (gdk_keyval_to_lower (keyval)))
    key = gdk_keyval_name (gdk_keyval_to_lower (keyval));
  lower = g_ascii_strdown (key, -1);
  return g_strdup_printf ("%u+%s", modifiers, lower);
}

/* As the table has it, written as it is there; NULL where the combination does nothing. */
static const char *find_binding (GVariant *bindings, const char *combination, const char **written)
{
  g_autofree char *wanted = canonical (combination);
  const char *found = NULL;

  for (gsize i = 0; wanted && bindings && i < g_variant_n_children (bindings); i++) {
    const char *mode, *each, *action;
    g_autofree char *form = NULL;

    g_variant_get_child (bindings, i, "(&s&s&s)", &mode, &each, &action);
    form = canonical (each);
    if (*mode || g_strcmp0 (form, wanted) != 0)
      continue;
    found = *action ? action : NULL;
    *written = each;
  }
  return found;
}

static gboolean is_harmless (GVariant *actions, const char *action)
{
  g_autofree char *name = g_strndup (action, strcspn (action, " "));

  if (g_str_equal (name, "exec"))
    return FALSE;
  for (gsize i = 0; actions && i < g_variant_n_children (actions); i++) {
    const char *each;

    g_variant_get_child (actions, i, "(&sb)", &each, NULL);
    if (g_str_equal (each, name))
      return TRUE;
  }
  return FALSE;
}

/* Keys that nobody types with. */
static gboolean may_stand_alone (guint keyval)
{
  return (keyval >= GDK_KEY_F1 && keyval <= GDK_KEY_F35) || keyval == GDK_KEY_Print ||
         inos_key_is_xf86 (keyval);
}

/* "Super+Shift+q": the compositor only says in its log that one is wrong, and would take a letter
 * away from all programs. */
static gboolean is_combination (const char *text)
{
  static const char *const modifiers[] = {"Super", "Ctrl", "Alt", "Shift", NULL};
  g_auto (GStrv) parts = g_strsplit (text, "+", 6);
  guint n = g_strv_length (parts), keyval;
  gboolean held = FALSE;

  for (guint i = 0; i + 1 < n; i++) {
    if (!g_strv_contains (modifiers, parts[i]))
      return FALSE;
    held = held || !g_str_equal (parts[i], "Shift");
  }
  keyval = n > 0 ? gdk_keyval_from_name (parts[n - 1]) : GDK_KEY_VoidSymbol;
  return keyval != GDK_KEY_VoidSymbol && parts[n - 1][0] && (held || may_stand_alone (keyval));
}

/* "" where it is missing; NULL and error where it is no text. */
static const char *take_text (JsonObject *args, const char *name, GError **error)
{
  JsonNode *node = json_object_get_member (args, name);

  if (!node)
    return "";
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING &&
      strlen (json_node_get_string (node)) <= TEXT_MAX)
    return json_node_get_string (node);
  g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
               "the argument '%s' is not a string of a sensible length", name);
  return NULL;
}

/* What is to be done by `to`; NULL and error where nothing may be. */
static const char *action_of (GVariant *bindings, GVariant *actions, const char **from,
                              const char *action, GError **error)
{
  g_autofree char *said_text = NULL;
  const char *found;

  if (!**from && is_harmless (actions, action))
    return action;
  said_text = said (**from ? *from : action);
  if (!**from) {
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                 _ ("“%.64s” is nothing that a shortcut can be given here."), said_text);
    return NULL;
  }
  found = find_binding (bindings, *from, from);
  if (!found)
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                 _ ("%.64s does nothing any more."), said_text);
  return found;
}

static gboolean check_target (GVariant *bindings, const char **to, gboolean replace, GError **error)
{
  g_autofree char *said_to = said (*to), *said_taken = NULL;
  const char *taken;

  if (!**to)
    return TRUE;
  if (!is_combination (*to)) {
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                 _ ("“%.64s” is not a combination of keys, such as Super+Shift+q."), said_to);
    return FALSE;
  }
  taken = find_binding (bindings, *to, to);
  if (taken && !replace) {
    said_taken = said (taken);
    g_set_error (error, INOS_MESSAGE_ERROR, INOS_MESSAGE_ERROR_WRONG_TYPE,
                 _ ("%.64s already does something else: %.64s."), said_to, said_taken);
    return FALSE;
  }
  return TRUE;
}

GVariant *inos_binding_take (JsonObject *args, GVariant *bindings, GVariant *actions,
                             GError **error)
{
  const char *from = take_text (args, "from", error), *to, *action;
  gboolean replace = json_object_get_boolean_member_with_default (args, "replace", FALSE);
  GVariantBuilder builder;

  if (!from || !(to = take_text (args, "to", error)) ||
      !(action = take_text (args, "action", error)) ||
      !(action = action_of (bindings, actions, &from, action, error)) ||
      !check_target (bindings, &to, replace, error))
    return NULL;
  g_variant_builder_init (&builder, G_VARIANT_TYPE (SETTINGS_TYPE));
  if (*from)
    add (&builder, BINDINGS, from, "");
  if (*to)
    add (&builder, BINDINGS, to, action);
  return g_variant_builder_end (&builder);
}

/* The change */

typedef struct {
  GDBusConnection *bus;
  InosUndos *undos;
  InosReply *reply;
} Change;

static void on_changed (guint n_done, GVariant *answer, const GError *error, gpointer data)
{
  g_autofree Change *change = data;
  g_autoptr (GDBusConnection) bus = change->bus;
  g_autoptr (InosUndos) undos = change->undos;
  InosCalls *back;

  if (error || !g_variant_is_of_type (answer, G_VARIANT_TYPE ("(" SETTINGS_TYPE ")"))) {
    if (error)
      inos_calls_fail (error, change->reply);
    else
      inos_reply_fail (change->reply, "%s", _ ("The compositor has answered something strange."));
    return;
  }
  back = inos_calls_new (bus);
  inos_calls_add (back, INOS_COMPOSITOR_PATH, "Config", "Change", answer);
  inos_undos_answer (undos, inos_calls_run_undo, back, (GDestroyNotify)inos_calls_unref,
                     change->reply);
}

void inos_settings_change (GVariant *settings, GDBusConnection *bus, InosUndos *undos,
                           InosReply *reply)
{
  g_autoptr (InosCalls) calls = inos_calls_new (bus);
  Change *change = g_new0 (Change, 1);

  *change = (Change){g_object_ref (bus), inos_undos_ref (undos), reply};
  inos_calls_add (calls, INOS_COMPOSITOR_PATH, "Config", "Change",
                  g_variant_new ("(@" SETTINGS_TYPE ")", settings));
  inos_calls_run (calls, 1, on_changed, change);
}
