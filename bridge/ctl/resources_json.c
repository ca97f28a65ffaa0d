/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "resources_view.h"

static void begin (JsonBuilder *json, const char *key)
{
  json_builder_set_member_name (json, key);
  json_builder_begin_object (json);
}

static void add_numbers (JsonBuilder *json, const char *key, GVariant *numbers)
{
  json_builder_set_member_name (json, key);
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (numbers); i++) {
    double number;
    g_variant_get_child (numbers, i, "d", &number);
    json_builder_add_double_value (json, props_finite (number));
  }
  json_builder_end_array (json);
}

static void add_cpu (JsonBuilder *json, GVariant *props)
{
  g_autoptr (GVariant) cores = props_value (props, "CpuCores", "ad");
  g_autoptr (GVariant) load = props_value (props, "LoadAverage", "(ddd)");

  begin (json, "cpu");
  json_add_double (json, "usage", props_double (props, "CpuUsage"));
  add_numbers (json, "cores", cores);
  add_numbers (json, "load", load);
  json_builder_end_object (json);
}

static void add_memory (JsonBuilder *json, GVariant *props)
{
  static const struct json_property memory[] = {
    {"total", "MemoryTotal", "t"},
    {"available", "MemoryAvailable", "t"},
  };
  static const struct json_property swap[] = {{"total", "SwapTotal", "t"},
                                              {"free", "SwapFree", "t"}};

  begin (json, "memory");
  json_add_properties (json, props, memory, G_N_ELEMENTS (memory));
  json_builder_end_object (json);
  begin (json, "swap");
  json_add_properties (json, props, swap, G_N_ELEMENTS (swap));
  json_builder_end_object (json);
}

/* The properties that are lists of rows, and what a row's fields are called. */
static const struct {
  const char *key, *property, *type;
  const char *names[8];
} lists[] = {
  {"pressure", "Pressure", "a(sddd)", {"name", "avg10", "avg60", "avg300"}},
  {"disks", "Disks", "a(ssttt)", {"mount_point", "file_system", "total", "used", "available"}},
  {"interfaces",
   "Interfaces",
   "a(sbtttt)",
   {"name", "up", "rx_bytes", "tx_bytes", "rx_per_second", "tx_per_second"}},
  {"temperatures", "Temperatures", "a(sd)", {"label", "celsius"}},
  {"alerts", "Alerts", "a(sdds)", {"name", "value", "threshold", "message"}},
};

static void add_lists (JsonBuilder *json, GVariant *props)
{
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (GVariant) rows = props_value (props, lists[i].property, lists[i].type);
    json_add_rows (json, lists[i].key, rows, lists[i].names);
  }
}

static void add_battery (JsonBuilder *json, GVariant *props)
{
  gboolean present = FALSE, charging = FALSE;
  double percent = 0;
  gint64 left = -1;

  g_variant_lookup (props, "Battery", "(bdbx)", &present, &percent, &charging, &left);
  if (!present) {
    json_add_null (json, "battery");
    return;
  }
  begin (json, "battery");
  json_add_double (json, "percent", percent);
  json_add_bool (json, "charging", charging);
  json_add_int (json, "seconds_left", left);
  json_builder_end_object (json);
}

void ctl_resources_json (GVariant *props, bool one_line)
{
  static const struct json_property head[] = {{"connected", "Connected", "b"},
                                              {"sampled_at", "SampledAt", "x"}};
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_object (json);
  json_add_properties (json, props, head, G_N_ELEMENTS (head));
  add_cpu (json, props);
  add_memory (json, props);
  add_lists (json, props);
  add_battery (json, props);
  json_builder_end_object (json);
  json_print (json, one_line);
}
