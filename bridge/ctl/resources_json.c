/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "resources_view.h"

static void begin (JsonBuilder *json, const char *key)
{
  json_builder_set_member_name (json, key);
  json_builder_begin_object (json);
}

static void add_cpu (JsonBuilder *json, GVariant *props)
{
  g_autoptr (GVariant) cores = props_value (props, "CpuCores", "ad");
  double load[3] = {0};

  begin (json, "cpu");
  json_add_double (json, "usage", props_double (props, "CpuUsage"));
  json_builder_set_member_name (json, "cores");
  json_builder_begin_array (json);
  for (gsize i = 0; i < g_variant_n_children (cores); i++) {
    double core;
    g_variant_get_child (cores, i, "d", &core);
    json_builder_add_double_value (json, props_finite (core));
  }
  json_builder_end_array (json);
  g_variant_lookup (props, "LoadAverage", "(ddd)", &load[0], &load[1], &load[2]);
  json_builder_set_member_name (json, "load");
  json_builder_begin_array (json);
  for (size_t i = 0; i < G_N_ELEMENTS (load); i++)
    json_builder_add_double_value (json, props_finite (load[i]));
  json_builder_end_array (json);
  json_builder_end_object (json);
}

static void add_memory (JsonBuilder *json, GVariant *props)
{
  begin (json, "memory");
  json_add_uint (json, "total", props_uint64 (props, "MemoryTotal"));
  json_add_uint (json, "available", props_uint64 (props, "MemoryAvailable"));
  json_builder_end_object (json);
  begin (json, "swap");
  json_add_uint (json, "total", props_uint64 (props, "SwapTotal"));
  json_add_uint (json, "free", props_uint64 (props, "SwapFree"));
  json_builder_end_object (json);
}

static void pressure_row (JsonBuilder *json, GVariant *row)
{
  const char *name;
  double a, b, c;

  g_variant_get (row, "(&sddd)", &name, &a, &b, &c);
  json_add_string (json, "name", name);
  json_add_double (json, "avg10", a);
  json_add_double (json, "avg60", b);
  json_add_double (json, "avg300", c);
}

static void disk_row (JsonBuilder *json, GVariant *row)
{
  const char *mount, *kind;
  guint64 total, used, available;

  g_variant_get (row, "(&s&sttt)", &mount, &kind, &total, &used, &available);
  json_add_string (json, "mount_point", mount);
  json_add_string (json, "file_system", kind);
  json_add_uint (json, "total", total);
  json_add_uint (json, "used", used);
  json_add_uint (json, "available", available);
}

static void interface_row (JsonBuilder *json, GVariant *row)
{
  const char *name;
  gboolean up;
  guint64 rx, tx, rx_rate, tx_rate;

  g_variant_get (row, "(&sbtttt)", &name, &up, &rx, &tx, &rx_rate, &tx_rate);
  json_add_string (json, "name", name);
  json_add_bool (json, "up", up);
  json_add_uint (json, "rx_bytes", rx);
  json_add_uint (json, "tx_bytes", tx);
  json_add_uint (json, "rx_per_second", rx_rate);
  json_add_uint (json, "tx_per_second", tx_rate);
}

static void temperature_row (JsonBuilder *json, GVariant *row)
{
  const char *label;
  double celsius;

  g_variant_get (row, "(&sd)", &label, &celsius);
  json_add_string (json, "label", label);
  json_add_double (json, "celsius", celsius);
}

static void alert_row (JsonBuilder *json, GVariant *row)
{
  const char *name, *message;
  double value, threshold;

  g_variant_get (row, "(&sdd&s)", &name, &value, &threshold, &message);
  json_add_string (json, "name", name);
  json_add_double (json, "value", value);
  json_add_double (json, "threshold", threshold);
  json_add_string (json, "message", message);
}

/* The properties that are lists of rows. */
static const struct {
  const char *key, *property, *type;
  void (*add) (JsonBuilder *json, GVariant *row);
} lists[] = {
  {"pressure", "Pressure", "a(sddd)", pressure_row},
  {"disks", "Disks", "a(ssttt)", disk_row},
  {"interfaces", "Interfaces", "a(sbtttt)", interface_row},
  {"temperatures", "Temperatures", "a(sd)", temperature_row},
  {"alerts", "Alerts", "a(sdds)", alert_row},
};

static void add_lists (JsonBuilder *json, GVariant *props)
{
  for (size_t i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (GVariant) rows = props_value (props, lists[i].property, lists[i].type);

    json_builder_set_member_name (json, lists[i].key);
    json_builder_begin_array (json);
    for (gsize j = 0; j < g_variant_n_children (rows); j++) {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, j);
      json_builder_begin_object (json);
      lists[i].add (json, row);
      json_builder_end_object (json);
    }
    json_builder_end_array (json);
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
  g_autoptr (JsonBuilder) json = json_builder_new();

  json_builder_begin_object (json);
  json_add_bool (json, "connected", props_bool (props, "Connected"));
  json_add_int (json, "sampled_at", props_int64 (props, "SampledAt"));
  add_cpu (json, props);
  add_memory (json, props);
  add_lists (json, props);
  add_battery (json, props);
  json_builder_end_object (json);
  json_print (json, one_line);
}
