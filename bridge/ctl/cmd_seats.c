/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl seats: who sits at this machine, and with what in their hands. */
#include "desk.h"
#include "props.h"
#include "table.h"

#include <glib/gi18n.h>
#include <string.h>

#define DEVICE_INTERFACE "org.inos.Compositor1.Device"

/* The seat's devices, with commas in between, and their numbers into the array being built. */
static char *devices_of (GPtrArray *devices, const char *seat, JsonBuilder *json)
{
  GString *names = g_string_new (NULL);
  for (guint i = 0; i < devices->len; i++) {
    g_autofree char *its = props_string (devices->pdata[i], "Seat");
    g_autofree char *name = props_string (devices->pdata[i], "Name");
    if (strcmp (its, seat) != 0)
      continue;
    json_builder_add_int_value (json, props_uint32 (devices->pdata[i], "Id"));
    g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
  }
  return g_string_free (names, FALSE);
}

int ctl_cmd_seats (struct ctl *ctl)
{
  const struct ctl_column columns[] = {{_ ("SEAT"), false, false}, {_ ("DEVICES"), false, true}};
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) props = desk_properties (ctl, DESK_INPUT, &error);
  g_autoptr (GPtrArray) devices =
    props != NULL ? ctl_bus_objects (ctl, DEVICE_INTERFACE, &error) : NULL;
  if (devices == NULL)
    return desk_fail (ctl, error, _ ("cannot list the seats"));
  g_autoptr (GVariant) value = props_value (props, "Seats", "as");
  g_autofree const char **seats = g_variant_get_strv (value, NULL);
  g_autoptr (CtlTable) table = ctl_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (JsonBuilder) json = json_builder_new();
  g_autoptr (GString) out = g_string_new (NULL);
  int width, height;
  json_builder_begin_array (json);
  for (guint i = 0; seats[i] != NULL; i++) {
    json_builder_begin_object (json);
    json_builder_set_member_name (json, "name");
    json_builder_add_string_value (json, seats[i]);
    json_add_bool (json, "main", i == 0);
    json_builder_set_member_name (json, "devices");
    json_builder_begin_array (json);
    g_autofree char *names = devices_of (devices, seats[i], json);
    json_builder_end_array (json);
    json_builder_end_object (json);
    ctl_table_cell (table, i == 0 ? CTL_BOLD : CTL_PLAIN, seats[i]);
    ctl_table_cell (table, CTL_PLAIN, names);
  }
  json_builder_end_array (json);
  if (ctl->json) {
    json_print (json, false);
    return CTL_OK;
  }
  ctl_text_terminal_size (&width, &height);
  ctl_table_print (table, out, 0, width, ctl->color);
  g_print ("%s", out->str);
  return CTL_OK;
}
