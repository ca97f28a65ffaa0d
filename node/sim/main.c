/*
 * inos-sim: thousands of nodes in one process, on a clock of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "inos-config.h"

#include "node/sim/progress.h"
#include "node/sim/report.h"
#include "node/sim/world.h"

#include <locale.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>

#define FAILURES_SHOWN 20u /* of a run; --verbose shows more */

enum status { STATUS_OK, STATUS_FAILED, STATUS_USAGE };

struct options {
  gboolean version, verbose, progress;
  int nodes;
  double seconds;
  char *seed, *seeds, *scenario, *report;
  uint64_t first, last;
};

static bool usage (const char *message)
{
  g_printerr ("inos-sim: %s\nTry “inos-sim --help”.\n", message);
  return false;
}

static bool parse_number (const char *text, uint64_t *value)
{
  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64 - 1, value, NULL);
}

static bool parse_seeds (struct options *o)
{
  o->first = o->last = 1;
  if (o->seed)
    return (parse_number (o->seed, &o->first) && parse_number (o->seed, &o->last)) ||
           usage ("--seed takes a number.");
  if (!o->seeds)
    return true;
  g_auto (GStrv) ends = g_strsplit (o->seeds, "-", 2);
  if (g_strv_length (ends) == 2 && parse_number (ends[0], &o->first) &&
      parse_number (ends[1], &o->last) && o->first <= o->last)
    return true;
  return usage ("--seeds takes the first and the last seed, as in 1-100.");
}

static bool parse (struct options *o, int argc, char **argv)
{
  const GOptionEntry entries[] = {
    {"nodes", 0, 0, G_OPTION_ARG_INT, &o->nodes, "How many nodes there are", "N"},
    {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &o->seconds, "How long it lasts, in virtual time", "S"},
    {"seed", 0, 0, G_OPTION_ARG_STRING, &o->seed, "The same seed, the same run; 1 by default", "X"},
    {"seeds", 0, 0, G_OPTION_ARG_STRING, &o->seeds, "One run for each seed from A to B", "A-B"},
    {"scenario", 0, 0, G_OPTION_ARG_FILENAME, &o->scenario, "What goes wrong, and what must hold",
     "FILE"},
    {"report", 0, 0, G_OPTION_ARG_FILENAME, &o->report, "Write a page with charts into DIR", "DIR"},
    {"progress", 0, 0, G_OPTION_ARG_NONE, &o->progress,
     "Say in JSON what each second was like, and the end", NULL},
    {"verbose", 0, 0, G_OPTION_ARG_NONE, &o->verbose, "Say each wrong verdict", NULL},
    {"version", 0, 0, G_OPTION_ARG_NONE, &o->version, "Print the version and end", NULL},
    {NULL},
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("– the mesh in a simulator");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return usage (error->message);
  if (argc > 1)
    return usage ("There are only options, no arguments.");
  if (o->nodes < 0 || o->nodes > 100000)
    return usage ("--nodes takes a number from 1 to 100000.");
  if (!(o->seconds >= 0 && o->seconds <= 86400))
    return usage ("--seconds takes a number from 0 to 86400.");
  return parse_seeds (o);
}

static double cpu_seconds (void)
{
  struct rusage used;

  getrusage (RUSAGE_SELF, &used);
  return (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec +
         (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static double peak_mib (void)
{
  struct rusage used;

  getrusage (RUSAGE_SELF, &used);
  return (double)used.ru_maxrss / 1024;
}

static void print_result (const struct inos_sim_world *world, double cpu)
{
  const struct inos_sim_counts *c = &world->counts;
  double death = c->death_delays ? (double)c->death_delay_sum / (double)c->death_delays / 1e9 : 0;

  g_print ("seed %" G_GUINT64_FORMAT " digest %016" G_GINT64_MODIFIER "x %s: %u nodes, %g s, "
           "%" G_GUINT64_FORMAT " events, %.2f CPU-s, %.2f M events/s, %.0f MiB at most\n",
           world->seed, world->digest, world->n_failures ? "FAILED" : "ok", world->n_nodes,
           world->scenario->seconds, c->events, cpu, (double)c->events / cpu / 1e6, peak_mib());
  g_print ("  sent %" G_GUINT64_FORMAT " datagrams, %" G_GUINT64_FORMAT
           " messages, %.1f MB; lost %" G_GUINT64_FORMAT "; largest table %u\n",
           c->datagrams, c->messages, (double)c->bytes / 1e6, c->lost, c->known_max);
  g_print (
    "  suspected %" G_GUINT64_FORMAT ", cleared %" G_GUINT64_FORMAT ", dead %" G_GUINT64_FORMAT
    " (%" G_GUINT64_FORMAT " falsely); from crash to verdict %.1f s on "
    "average, %.1f s at most\n",
    c->suspicions, c->cleared, c->deaths, c->false_deaths, death, (double)c->death_delay_max / 1e9);
}

static void print_kinds (const struct inos_sim_world *world)
{
  static const char *const names[INOS_MEMBER_KINDS] = {
    [INOS_MEMBER_PING] = "ping",
    [INOS_MEMBER_ACK] = "ack",
    [INOS_MEMBER_PING_REQ] = "ping-req",
    [INOS_MEMBER_NACK] = "nack",
    [INOS_MEMBER_GOSSIP] = "gossip",
    [INOS_MEMBER_SYNC] = "sync",
    [INOS_MEMBER_SYNC_SAME] = "same",
    [INOS_MEMBER_SYNC_LIST] = "list",
    [INOS_MEMBER_SYNC_PUSH] = "push",
    [INOS_MEMBER_VIEW_JOIN] = "join",
    [INOS_MEMBER_VIEW_FORWARD] = "forward",
    [INOS_MEMBER_VIEW_NEIGHBOR] = "neighbor",
    [INOS_MEMBER_VIEW_ANSWER] = "answer",
    [INOS_MEMBER_VIEW_GONE] = "gone",
    [INOS_MEMBER_VIEW_SHUFFLE] = "shuffle",
    [INOS_MEMBER_VIEW_REPLY] = "reply",
    [INOS_MEMBER_TREE] = "tree",
  };

  for (unsigned i = 1; i < INOS_MEMBER_KINDS; i++)
    g_print ("  %s %" G_GUINT64_FORMAT "%s", names[i], world->counts.kinds[i],
             i + 1 < INOS_MEMBER_KINDS ? "" : "\n");
}

static void print_failures (const struct inos_sim_world *world, const struct options *o)
{
  unsigned n = o->verbose ? world->failures->len : MIN (world->failures->len, FAILURES_SHOWN);

  for (unsigned i = 0; i < n; i++)
    g_print ("  %s\n", (const char *)world->failures->pdata[i]);
  if (world->n_failures > n)
    g_print ("  and %" G_GUINT64_FORMAT " more\n", world->n_failures - n);
  if (world->n_failures == 0)
    return;
  g_print ("  again: inos-sim --nodes %u --seconds %g --seed %" G_GUINT64_FORMAT "%s%s\n",
           world->n_nodes, world->scenario->seconds, world->seed, o->scenario ? " --scenario " : "",
           o->scenario ? o->scenario : "");
}

static void print_run (const struct inos_sim_world *world, const struct options *o, double cpu)
{
  print_result (world, cpu);
  if (o->verbose)
    print_kinds (world);
  print_failures (world, o);
}

static void say (char *line)
{
  g_print ("%s\n", line);
  fflush (stdout);
  g_free (line);
}

static void on_second (const struct inos_sim_world *world)
{
  say (inos_sim_progress_second (world));
}

static bool run_seed (const struct options *o, struct inos_sim_scenario *scenario, uint64_t seed)
{
  g_autoptr (GError) error = NULL;
  double before = cpu_seconds();
  struct inos_sim_world *world = inos_sim_world_new (scenario, seed);

  world->verbose = o->verbose;
  world->on_second = o->progress ? on_second : NULL;
  bool ok = inos_sim_world_run (world);
  double cpu = cpu_seconds() - before;
  if (o->report && !inos_sim_report (world, o->report, &error)) {
    g_printerr ("inos-sim: %s\n", error->message);
    ok = false;
  }
  if (o->progress)
    say (inos_sim_progress_end (world, cpu, FAILURES_SHOWN));
  else
    print_run (world, o, cpu);
  inos_sim_world_free (world);
  return ok;
}

static struct inos_sim_scenario *prepare (const struct options *o)
{
  g_autoptr (GError) error = NULL;
  struct inos_sim_scenario *scenario =
    o->scenario ? inos_sim_scenario_load (o->scenario, &error) : inos_sim_scenario_new();

  if (!scenario) {
    usage (error ? error->message : "The scenario cannot be read.");
    return NULL;
  }
  if (o->nodes > 0)
    scenario->nodes = (unsigned)o->nodes;
  if (o->seconds > 0)
    scenario->seconds = o->seconds;
  return scenario;
}

static enum status run (const struct options *o)
{
  struct inos_sim_scenario *scenario = prepare (o);
  unsigned failed = 0;

  if (!scenario)
    return STATUS_USAGE;
  for (uint64_t seed = o->first; seed <= o->last; seed++)
    failed += !run_seed (o, scenario, seed);
  if (o->last > o->first && !o->progress)
    g_print ("%" G_GUINT64_FORMAT " seeds, %u failed\n", o->last - o->first + 1, failed);
  inos_sim_scenario_free (scenario);
  return failed > 0 ? STATUS_FAILED : STATUS_OK;
}

int main (int argc, char **argv)
{
  struct options options = {0};
  enum status status = STATUS_USAGE;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  g_set_prgname ("inos-sim");
  if (sodium_init() < 0) {
    g_printerr ("inos-sim: libsodium cannot be started.\n");
    return STATUS_FAILED;
  }
  if (parse (&options, argc, argv)) {
    if (options.version) {
      g_print ("inos-sim %s\n", INOS_VERSION);
      status = STATUS_OK;
    } else {
      status = run (&options);
    }
  }
  g_free (options.seed);
  g_free (options.seeds);
  g_free (options.scenario);
  g_free (options.report);
  return (int)status;
}
