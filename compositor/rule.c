#include "rule.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>
#include <wlr/types/wlr_output.h>

#include "snap.h"
#include "view.h"
#include "workspace.h"

enum { MAX_SIZE = 16384, MAX_PLACE = 65536 };

static const struct {
  const char *key;
  size_t offset;
} flags[] = {
  {"floating", offsetof (struct inos_rule, floating)},
  {"tiled", offsetof (struct inos_rule, tiled)},
  {"on-top", offsetof (struct inos_rule, on_top)},
  {"below", offsetof (struct inos_rule, below)},
  {"sticky", offsetof (struct inos_rule, sticky)},
  {"fullscreen", offsetof (struct inos_rule, fullscreen)},
  {"maximized", offsetof (struct inos_rule, maximized)},
  {"minimized", offsetof (struct inos_rule, minimized)},
  {"private", offsetof (struct inos_rule, is_private)},
};

bool inos_rule_is_group (const char *group)
{
  return g_str_has_prefix (group, "rule ") && group[5] != '\0';
}

void inos_rule_free (void *data)
{
  struct inos_rule *rule = data;
  if (!rule)
    return;
  g_clear_pointer (&rule->app_id, g_pattern_spec_free);
  g_clear_pointer (&rule->title, g_pattern_spec_free);
  g_clear_pointer (&rule->text, g_ptr_array_unref);
  g_free (rule->name);
  g_free (rule->output);
  g_free (rule);
}

/* Two numbers with `between` in the middle, and nothing else. */
static bool read_pair (const char *text, const char *between, int *a, int *b)
{
  g_auto (GStrv) parts = g_strsplit (text, between, 3);
  gint64 first, second;
  if (g_strv_length (parts) != 2 ||
      !g_ascii_string_to_signed (g_strstrip (parts[0]), 10, -MAX_PLACE, MAX_PLACE, &first, NULL) ||
      !g_ascii_string_to_signed (g_strstrip (parts[1]), 10, -MAX_PLACE, MAX_PLACE, &second, NULL))
    return false;
  *a = (int)first;
  *b = (int)second;
  return true;
}

static bool read_size (struct inos_rule *rule, const char *value)
{
  return read_pair (value, "x", &rule->width, &rule->height) && rule->width > 0 &&
         rule->height > 0 && rule->width <= MAX_SIZE && rule->height <= MAX_SIZE;
}

static bool read_position (struct inos_rule *rule, const char *value)
{
  return rule->has_position = read_pair (value, ",", &rule->x, &rule->y);
}

static bool read_workspace (struct inos_rule *rule, const char *value)
{
  guint64 number;
  if (!g_ascii_string_to_unsigned (value, 10, 1, 16, &number, NULL))
    return false;
  rule->workspace = (int)number;
  return true;
}

static bool read_decoration (struct inos_rule *rule, const char *value)
{
  rule->decoration = g_str_equal (value, "server") ? 1 : g_str_equal (value, "client") ? 0 : -1;
  return rule->decoration >= 0;
}

static bool read_app_id (struct inos_rule *rule, const char *value)
{
  g_clear_pointer (&rule->app_id, g_pattern_spec_free);
  rule->app_id = g_pattern_spec_new (value);
  return true;
}

static bool read_title (struct inos_rule *rule, const char *value)
{
  g_clear_pointer (&rule->title, g_pattern_spec_free);
  rule->title = g_pattern_spec_new (value);
  return true;
}

static bool read_output (struct inos_rule *rule, const char *value)
{
  g_free (rule->output);
  rule->output = g_strdup (value);
  return true;
}

static const struct {
  const char *key;
  bool (*read) (struct inos_rule *rule, const char *value);
} values[] = {
  {"match-app-id", read_app_id},   {"match-title", read_title}, {"workspace", read_workspace},
  {"output", read_output},         {"size", read_size},         {"position", read_position},
  {"decoration", read_decoration},
};

static bool read_key (struct inos_rule *rule, const char *key, const char *value)
{
  for (size_t i = 0; i < G_N_ELEMENTS (values); i++) {
    if (g_str_equal (key, values[i].key))
      return values[i].read (rule, value);
  }
  for (size_t i = 0; i < G_N_ELEMENTS (flags); i++) {
    if (!g_str_equal (key, flags[i].key))
      continue;
    int *flag = G_STRUCT_MEMBER_P (rule, flags[i].offset);
    *flag = g_str_equal (value, "true") ? 1 : g_str_equal (value, "false") ? 0 : -1;
    return *flag >= 0;
  }
  return false;
}

struct inos_rule *inos_rule_read (GKeyFile *file, const char *group, GError **error)
{
  struct inos_rule *rule = g_new0 (struct inos_rule, 1);
  rule->decoration = -1;
  rule->name = g_strdup (group + strlen ("rule "));
  rule->text = g_ptr_array_new_with_free_func (g_free);
  for (size_t i = 0; i < G_N_ELEMENTS (flags); i++)
    *(int *)G_STRUCT_MEMBER_P (rule, flags[i].offset) = -1;
  g_auto (GStrv) keys = g_key_file_get_keys (file, group, NULL, NULL);
  for (char **key = keys; key && *key; key++) {
    g_autofree char *value = g_key_file_get_string (file, group, *key, NULL);
    if (value && read_key (rule, *key, value)) {
      g_ptr_array_add (rule->text, g_strdup (*key));
      g_ptr_array_add (rule->text, g_steal_pointer (&value));
      continue;
    }
    g_set_error (error, INOS_COMPOSITOR_ERROR, INOS_COMPOSITOR_ERROR_CONFIG,
                 _ ("[%s] %s is not a setting of a rule, or not one of its values"), group, *key);
    inos_rule_free (rule);
    return NULL;
  }
  return rule;
}

static bool fits (const GPatternSpec *pattern, const char *text)
{
  if (!pattern)
    return true;
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  return g_pattern_spec_match_string ((GPatternSpec *)pattern, valid);
}

/* The rules that fit, in the order of the file: a later one has the last word. */
static bool matches_text (const struct inos_rule *rule, const char *app_id, const char *title)
{
  return (rule->app_id || rule->title) && fits (rule->app_id, app_id) && fits (rule->title, title);
}

static bool matches (const struct inos_rule *rule, struct inos_view *view)
{
  return matches_text (rule, inos_view_app_id (view), inos_view_title (view));
}

static struct inos_output *output_of (const struct inos_rule *rule, struct inos_view *view)
{
  struct inos_output *output;
  wl_list_for_each (output, &view->compositor->outputs, link) {
    if (rule->output && g_str_equal (output->wlr->name, rule->output))
      return output;
  }
  return inos_view_output (view);
}

static void apply_place (const struct inos_rule *rule, struct inos_view *view)
{
  struct inos_output *output = output_of (rule, view), *now = inos_view_output (view);
  if (!output || !now || (!rule->has_position && output == now))
    return;
  int x = view->floating.x - now->usable.x, y = view->floating.y - now->usable.y;
  view->floating.x = output->usable.x + (rule->has_position ? rule->x : x);
  view->floating.y = output->usable.y + (rule->has_position ? rule->y : y);
  if (inos_view_is_floating (view))
    inos_view_move (view, view->floating.x, view->floating.y);
  else
    inos_view_apply_state (view, output);
}

static void apply (const struct inos_rule *rule, struct inos_view *view)
{
  if (rule->is_private >= 0)
    view->is_private = rule->is_private;
  apply_place (rule, view);
  if (rule->workspace > 0)
    inos_view_set_workspace (view, (unsigned int)rule->workspace - 1);
  if (rule->on_top >= 0)
    inos_view_set_on_top (view, rule->on_top);
  if (rule->below >= 0)
    inos_view_set_below (view, rule->below);
  if (rule->sticky >= 0)
    inos_view_set_sticky (view, rule->sticky);
  if (rule->maximized >= 0 && rule->maximized != view->maximized)
    inos_view_set_maximized (view, rule->maximized);
  if (rule->fullscreen >= 0 && rule->fullscreen != view->fullscreen)
    inos_view_set_fullscreen (view, rule->fullscreen, NULL);
  if (rule->minimized >= 0)
    inos_view_set_minimized (view, rule->minimized);
}

void inos_rules_apply (struct inos_view *view)
{
  GPtrArray *rules = view->compositor->config.rules_of_windows;
  int floats = inos_rules_floats (view);
  if (floats >= 0)
    view->floats = floats;
  for (guint i = 0; i < rules->len; i++) {
    if (matches (g_ptr_array_index (rules, i), view))
      apply (g_ptr_array_index (rules, i), view);
  }
}

bool inos_rules_size (struct inos_view *view, int *width, int *height)
{
  GPtrArray *rules = view->compositor->config.rules_of_windows;
  bool found = false;
  for (guint i = 0; i < rules->len; i++) {
    const struct inos_rule *rule = g_ptr_array_index (rules, i);
    if (rule->width == 0 || !matches (rule, view))
      continue;
    *width = rule->width;
    *height = rule->height;
    found = true;
  }
  return found;
}

int inos_rules_floats (struct inos_view *view)
{
  GPtrArray *rules = view->compositor->config.rules_of_windows;
  int floats = -1;
  for (guint i = 0; i < rules->len; i++) {
    const struct inos_rule *rule = g_ptr_array_index (rules, i);
    if ((rule->floating < 0 && rule->tiled < 0) || !matches (rule, view))
      continue;
    floats = rule->tiled >= 0 ? !rule->tiled : rule->floating;
  }
  return floats;
}

int inos_rules_decoration (struct inos_view *view)
{
  GPtrArray *rules = view->compositor->config.rules_of_windows;
  int decoration = -1;
  for (guint i = 0; i < rules->len; i++) {
    const struct inos_rule *rule = g_ptr_array_index (rules, i);
    if (rule->decoration >= 0 && matches (rule, view))
      decoration = rule->decoration;
  }
  return decoration;
}

GPtrArray *inos_rules_matching (struct inos_compositor *compositor, const char *app_id,
                                const char *title)
{
  GPtrArray *rules = compositor->config.rules_of_windows, *names = g_ptr_array_new();
  for (guint i = 0; i < rules->len; i++) {
    const struct inos_rule *rule = g_ptr_array_index (rules, i);
    if (matches_text (rule, app_id, title))
      g_ptr_array_add (names, rule->name);
  }
  g_ptr_array_add (names, NULL);
  return names;
}
