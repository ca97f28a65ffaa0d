/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_machine.h"

#include "inos-config.h"

#include <glib/gi18n.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define LAYOUTS "/usr/share/X11/xkb/rules/evdev.lst"
#define LAYOUT_NAMES "xkeyboard-config" /* the catalogue of their names */
#define PROCESSORS "/proc/cpuinfo"

/* The machine */

static char *read_processor (void)
{
  g_autofree char *text = NULL;
  const char *line, *colon;

  if (!g_file_get_contents (PROCESSORS, &text, NULL, NULL))
    return NULL;
  line = strstr (text, "model name");
  colon = line ? strchr (line, ':') : NULL;
  return colon ? g_strstrip (g_strndup (colon + 1, strcspn (colon + 1, "\n"))) : NULL;
}

static void add (JsonObject *object, const char *name, const char *value)
{
  g_autofree char *clean = value ? g_utf8_make_valid (value, -1) : NULL;

  if (clean && *clean)
    json_object_set_string_member (object, name, clean);
}

JsonNode *inos_machine_describe (void)
{
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *system = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  g_autofree char *processor = read_processor();
  struct utsname names;

  add (object, "version", INOS_VERSION);
  add (object, "system", system);
  if (uname (&names) == 0) {
    add (object, "kernel", names.release);
    add (object, "host", names.nodename);
  }
  add (object, "processor", processor);
  json_object_set_int_member (object, "cores", g_get_num_processors());
  json_object_set_int_member (object, "memory",
                              (gint64)sysconf (_SC_PHYS_PAGES) * sysconf (_SC_PAGESIZE));
  json_node_take_object (node, object);
  return node;
}

/* Layouts */

static void add_layout (JsonArray *list, const char *id, const char *variant, const char *name)
{
  JsonArray *layout = json_array_new();

  json_array_add_string_element (layout, id);
  json_array_add_string_element (layout, variant);
  json_array_add_string_element (layout, name);
  json_array_add_array_element (list, layout);
}

/* "  de              German" */
static gboolean split (char *line, char **first, char **rest)
{
  size_t length;

  *first = line + strspn (line, " ");
  length = strcspn (*first, " ");
  *rest = *first + length + strspn (*first + length, " ");
  if (length == 0 || !**rest)
    return FALSE;
  (*first)[length] = '\0';
  return TRUE;
}

/* "  nodeadkeys      de: German (no dead keys)" */
static void add_variant (JsonArray *list, const char *variant, char *rest)
{
  char *colon = strstr (rest, ": ");

  if (!colon)
    return;
  *colon = '\0';
  add_layout (list, rest, variant, colon + 2);
}

JsonNode *inos_layouts_parse (const char *text)
{
  JsonArray *list = json_array_new();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *section = g_strdup ("");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line; line++) {
    char *first, *rest;

    if (g_str_has_prefix (*line, "! ")) {
      g_free (section);
      section = g_strstrip (g_strdup (*line + 2));
    } else if (g_str_equal (section, "layout") && split (*line, &first, &rest)) {
      add_layout (list, first, "", rest);
    } else if (g_str_equal (section, "variant") && split (*line, &first, &rest)) {
      add_variant (list, first, rest);
    }
  }
  json_node_take_array (node, list);
  return node;
}

JsonNode *inos_layouts_list (void)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) english = NULL;
  JsonArray *list = json_array_new(), *found;
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  if (!g_file_get_contents (LAYOUTS, &text, NULL, NULL) || !g_utf8_validate (text, -1, NULL))
    g_clear_pointer (&text, g_free);
  english = inos_layouts_parse (text ? text : "");
  found = json_node_get_array (english);
  bind_textdomain_codeset (LAYOUT_NAMES, "UTF-8");
  for (guint i = 0; i < json_array_get_length (found); i++) {
    JsonArray *each = json_array_get_array_element (found, i);

    add_layout (list, json_array_get_string_element (each, 0),
                json_array_get_string_element (each, 1),
                g_dgettext (LAYOUT_NAMES, json_array_get_string_element (each, 2)));
  }
  json_node_take_array (node, list);
  return node;
}
