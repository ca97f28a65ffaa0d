/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl accessibility: what helps people who see badly, or for whom keys are hard to press. */
#include "desk.h"
#include "props.h"
#include "table.h"

#include <glib/gi18n.h>
#include <string.h>

#define ACCESSIBILITY ".Accessibility"

/* In the words of [accessibility] of compositor.ini. */
static const struct setting {
  const char *name, *part, *property;
  bool number;
  guint least, most; /* of a number */
} settings[] = {
  {"sticky-keys", DESK_INPUT, "StickyKeys", false, 0, 0},
  {"mouse-keys", DESK_INPUT, "MouseKeys", false, 0, 0},
  {"slow-keys", DESK_INPUT, "SlowKeys", true, 0, 5000},
  {"bounce-keys", DESK_INPUT, "BounceKeys", true, 0, 5000},
  {"magnifier", ACCESSIBILITY, "Magnifier", true, 100, 2000},
  {"invert-colours", ACCESSIBILITY, "InvertColours", false, 0, 0},
  {"high-contrast-pointer", ACCESSIBILITY, "HighContrastPointer", false, 0, 0},
};

void ctl_accessibility_help (void)
{
  g_print (_ ("\nSettings:\n"));
  for (size_t i = 0; i < G_N_ELEMENTS (settings); i++) {
    if (settings[i].number)
      g_print ("  %s %u-%u\n", settings[i].name, settings[i].least, settings[i].most);
    else
      g_print ("  %s on|off\n", settings[i].name);
  }
}

static void add (JsonBuilder *json, struct ctl_table *table, const struct setting *setting,
                 GVariant *props)
{
  bool on = props_bool (props, setting->property);
  guint32 number = props_uint32 (props, setting->property);
  ctl_table_cell (table, CTL_PLAIN, setting->name);
  if (setting->number) {
    json_add_int (json, setting->name, number);
    ctl_table_cellf (table, CTL_PLAIN, "%u", number);
  } else {
    json_add_bool (json, setting->name, on);
    ctl_table_cell (table, on ? CTL_GREEN : CTL_PLAIN, on ? "on" : "off");
  }
}

static int list (struct ctl *ctl)
{
  const struct ctl_column columns[] = {{_ ("SETTING"), false, false}, {_ ("VALUE"), false, false}};
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) keys = desk_properties (ctl, DESK_INPUT, &error);
  g_autoptr (GVariant) sight = keys != NULL ? desk_properties (ctl, ACCESSIBILITY, &error) : NULL;
  if (sight == NULL)
    return desk_fail (ctl, error, _ ("cannot ask the compositor"));
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (JsonBuilder) json = json_builder_new();
  g_autoptr (GString) out = g_string_new (NULL);
  json_builder_begin_object (json);
  for (size_t i = 0; i < G_N_ELEMENTS (settings); i++)
    add (json, table, &settings[i], strcmp (settings[i].part, DESK_INPUT) == 0 ? keys : sight);
  json_builder_end_object (json);
  if (ctl->json) {
    json_print (json, false);
    return CTL_OK;
  }
  ctl_table_print (table, out, 0, 0, ctl->color);
  g_print ("%s", out->str);
  return CTL_OK;
}

static const struct setting *find (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (settings); i++)
    if (strcmp (settings[i].name, name) == 0)
      return &settings[i];
  return NULL;
}

/* Returns: (transfer floating): NULL where the text is no value of it. */
static GVariant *read_value (const struct setting *setting, const char *text)
{
  guint64 number;
  bool on = strcmp (text, "on") == 0;
  if (!setting->number)
    return on || strcmp (text, "off") == 0 ? g_variant_new_boolean (on) : NULL;
  return desk_number (text, setting->least, setting->most, &number)
           ? g_variant_new_uint32 ((guint32)number)
           : NULL;
}

static int set (struct ctl *ctl, const struct setting *setting, GVariant *value)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *interface = g_strconcat (ctl_service_name (CTL_COMPOSITOR), setting->part, NULL);
  g_autoptr (GVariant) reply = ctl_bus_call (
    ctl, CTL_COMPOSITOR, ctl_service_path (CTL_COMPOSITOR), "org.freedesktop.DBus.Properties",
    "Set", g_variant_new ("(ssv)", interface, setting->property, value), &error);
  return reply != NULL ? CTL_OK : desk_fail (ctl, error, setting->name);
}

int ctl_cmd_accessibility (struct ctl *ctl)
{
  const char *usage = _ ("it takes a setting and its value, or nothing");
  if (desk_count (ctl) == 0)
    return list (ctl);
  const struct setting *setting = find (ctl->arguments[0]);
  GVariant *value =
    setting != NULL && desk_count (ctl) == 2 ? read_value (setting, ctl->arguments[1]) : NULL;
  if (value == NULL || ctl->json) {
    g_clear_pointer (&value, g_variant_unref);
    return ctl_usage ("accessibility", usage);
  }
  return set (ctl, setting, value);
}
