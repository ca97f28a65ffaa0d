/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/sim/scenario.h"

#include <string.h>

#define NODES_MAX 100000u
#define SECONDS_MAX 86400.0
#define STEPS_MAX 256u
#define REPLICAS_MAX 65u /* INOS_SIM_REPLICAS_MAX */

struct name {
  const char *name;
  unsigned value;
};

static const struct name faults[] = {
  {"conditions", INOS_FAULT_CONDITIONS},
  {"partition", INOS_FAULT_PARTITION},
  {"crash", INOS_FAULT_CRASH},
  {"churn", INOS_FAULT_CHURN},
  {"leave", INOS_FAULT_LEAVE},
  {"slow", INOS_FAULT_SLOW},
  {"lie", INOS_FAULT_LIE},
  {"skew", INOS_FAULT_SKEW},
};

static const struct name invariants[] = {
  {"no-false-deaths", INOS_CHECK_NO_FALSE_DEATHS},
  {"agreed", INOS_CHECK_AGREED},
  {"dead-known", INOS_CHECK_DEAD_KNOWN},
  {"overlay", INOS_CHECK_OVERLAY},
  {"counted", INOS_CHECK_COUNTED},
  {"bounded", INOS_CHECK_BOUNDED},
  {"converged", INOS_CHECK_CONVERGED},
  {"one-primary", INOS_CHECK_ONE_PRIMARY},
};

/* A group of the file being read; the first thing wrong in it stays. */
struct reader {
  GKeyFile *file;
  const char *group;
  GError **error;
  bool bad;
};

#define ERROR_DOMAIN (g_quark_from_static_string ("inos-sim-scenario"))

static void wrong (struct reader *reader, const char *key, const char *what)
{
  if (!reader->bad)
    g_set_error (reader->error, ERROR_DOMAIN, 0, "[%s] %s: %s", reader->group, key, what);
  reader->bad = true;
}

static bool has (const struct reader *reader, const char *key)
{
  return g_key_file_has_key (reader->file, reader->group, key, NULL);
}

static double number (struct reader *reader, const char *key, double standard, double max)
{
  g_autoptr (GError) error = NULL;

  if (!has (reader, key))
    return standard;
  double value = g_key_file_get_double (reader->file, reader->group, key, &error);
  if (!error && value >= 0 && value <= max)
    return value;
  g_autofree char *what = g_strdup_printf ("wants a number from 0 to %g.", max);
  wrong (reader, key, what);
  return standard;
}

static bool truth (struct reader *reader, const char *key)
{
  g_autoptr (GError) error = NULL;

  if (!has (reader, key))
    return false;
  bool value = g_key_file_get_boolean (reader->file, reader->group, key, &error);
  if (error)
    wrong (reader, key, "wants true or false.");
  return value;
}

static unsigned lookup (struct reader *reader, const char *key, const char *name,
                        const struct name *names, size_t n)
{
  g_autoptr (GString) known = g_string_new ("is none of");

  for (size_t i = 0; i < n; i++) {
    if (g_str_equal (names[i].name, name))
      return names[i].value;
    g_string_append_printf (known, " %s", names[i].name);
  }
  wrong (reader, key, known->str);
  return 0;
}

static void read_conditions (struct reader *reader, struct inos_sim_conditions *c)
{
  c->loss = number (reader, "loss", c->loss, 1);
  c->duplicate = number (reader, "duplicate", c->duplicate, 1);
  c->reorder = number (reader, "reorder", c->reorder, 1);
  c->latency_ms = number (reader, "latency-ms", c->latency_ms, 10000);
  c->spread_ms = number (reader, "spread-ms", c->spread_ms, 10000);
  c->jitter_ms = number (reader, "jitter-ms", c->jitter_ms, 10000);
  c->bandwidth = number (reader, "bandwidth-mbit", c->bandwidth / 125000, 1e6) * 125000;
}

static void read_scenario (struct reader *reader, struct inos_sim_scenario *scenario)
{
  scenario->nodes = (unsigned)number (reader, "nodes", scenario->nodes, NODES_MAX);
  scenario->seconds = number (reader, "seconds", scenario->seconds, SECONDS_MAX);
  scenario->join = number (reader, "join", scenario->join, SECONDS_MAX);
  scenario->partial_above = (unsigned)number (reader, "partial-above", 0, NODES_MAX);
  scenario->full_below = (unsigned)number (reader, "full-below", 0, NODES_MAX);
  scenario->sample = (unsigned)number (reader, "sample", 0, NODES_MAX);
  scenario->replicas = (unsigned)number (reader, "replicas", 0, REPLICAS_MAX);
  scenario->groups = (unsigned)number (reader, "groups", 0, NODES_MAX / 5.0);
  scenario->writing = number (reader, "writing", 0, SECONDS_MAX);
  read_conditions (reader, &scenario->conditions);
}

static void read_fault (struct reader *reader, const struct inos_sim_scenario *scenario,
                        struct inos_sim_step *step)
{
  g_autofree char *kind = g_key_file_get_string (reader->file, reader->group, "kind", NULL);

  step->fault =
    (enum inos_sim_fault)lookup (reader, "kind", kind ? kind : "", faults, G_N_ELEMENTS (faults));
  step->length = number (reader, "for", 0, SECONDS_MAX);
  step->share = number (reader, "share", 0, 1);
  step->count = (unsigned)number (reader, "count", 0, NODES_MAX);
  step->one_way = truth (reader, "one-way");
  step->torn = truth (reader, "torn");
  step->back = number (reader, "back", 0, SECONDS_MAX);
  step->rate = number (reader, "rate", 1, 1000);
  step->stall = number (reader, "stall", 2, 600);
  step->every = number (reader, "every", 10, 3600);
  step->skew_ms = number (reader, "skew-ms", 0, 1e9);
  step->drift_ppm = number (reader, "drift-ppm", 0, 100000);
  step->conditions = scenario->conditions;
  read_conditions (reader, &step->conditions);
}

static void read_check (struct reader *reader, struct inos_sim_step *step)
{
  g_auto (GStrv) what =
    g_key_file_get_string_list (reader->file, reader->group, "what", NULL, NULL);

  if (!what || !*what)
    wrong (reader, "what", "says which invariants hold, with ; between them.");
  for (char **name = what; name && *name; name++)
    step->invariants |=
      lookup (reader, "what", g_strstrip (*name), invariants, G_N_ELEMENTS (invariants));
  step->within = number (reader, "within", 0, SECONDS_MAX);
}

static void add_undo (struct inos_sim_scenario *scenario, const struct inos_sim_step *step)
{
  struct inos_sim_step undo = *step;

  undo.name = g_strdup (step->name);
  undo.at += step->length;
  undo.undo = true;
  if (step->length > 0)
    g_array_append_val (scenario->steps, undo);
  else
    g_free (undo.name);
}

static void read_step (struct reader *reader, struct inos_sim_scenario *scenario)
{
  struct inos_sim_step step = {.is_check = g_str_has_prefix (reader->group, "check ")};

  if (!step.is_check && !g_str_has_prefix (reader->group, "fault ")) {
    wrong (reader, "", "is none of [scenario], [fault NAME] and [check NAME].");
    return;
  }
  step.name = g_strdup (reader->group + strlen ("fault "));
  step.at = number (reader, "at", 0, SECONDS_MAX);
  if (step.is_check)
    read_check (reader, &step);
  else
    read_fault (reader, scenario, &step);
  g_array_append_val (scenario->steps, step);
  if (!step.is_check)
    add_undo (scenario, &step);
}

static int by_time (const void *a, const void *b)
{
  const struct inos_sim_step *first = a, *second = b;

  return first->at < second->at ? -1 : first->at > second->at;
}

static void clear_step (void *step)
{
  g_free (((struct inos_sim_step *)step)->name);
}

struct inos_sim_scenario *inos_sim_scenario_new (void)
{
  struct inos_sim_scenario *scenario = g_new0 (struct inos_sim_scenario, 1);

  scenario->name = g_strdup ("");
  scenario->nodes = 50;
  scenario->seconds = 60;
  scenario->conditions =
    (struct inos_sim_conditions){.latency_ms = 1, .spread_ms = 80, .jitter_ms = 2};
  scenario->steps = g_array_new (FALSE, TRUE, sizeof (struct inos_sim_step));
  g_array_set_clear_func (scenario->steps, clear_step);
  return scenario;
}

void inos_sim_scenario_free (struct inos_sim_scenario *scenario)
{
  if (!scenario)
    return;
  g_array_unref (scenario->steps);
  g_free (scenario->name);
  g_free (scenario);
}

static bool read_all (GKeyFile *file, struct inos_sim_scenario *scenario, GError **error)
{
  struct reader reader = {.file = file, .group = "scenario", .error = error};
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  read_scenario (&reader, scenario);
  if (g_strv_length (groups) > STEPS_MAX)
    wrong (&reader, "", "has too many groups.");
  for (char **group = groups; *group && !reader.bad; group++) {
    reader.group = *group;
    if (!g_str_equal (*group, "scenario"))
      read_step (&reader, scenario);
  }
  g_array_sort (scenario->steps, by_time);
  return !reader.bad;
}

struct inos_sim_scenario *inos_sim_scenario_load (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  struct inos_sim_scenario *scenario = inos_sim_scenario_new();

  g_free (scenario->name);
  scenario->name = g_path_get_basename (path);
  if (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error) &&
      read_all (file, scenario, error))
    return scenario;
  g_prefix_error (error, "%s: ", path);
  inos_sim_scenario_free (scenario);
  return NULL;
}
