/*
 * bench-actors NAME ARGS…: one benchmark of the actor runtime, and one line of what it found.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct bench_program *const groups[] = {bench_chat, bench_flow, bench_many, bench_mix,
                                                     bench_wake};

void bench_die (const char *what)
{
  fprintf (stderr, "bench-actors: %s\n", what);
  exit (1);
}

uint64_t bench_clock (int id)
{
  struct timespec t;

  clock_gettime (id, &t);
  return (uint64_t)t.tv_sec * INOS_SECOND + (uint64_t)t.tv_nsec;
}

long bench_status (const char *key)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    bench_die ("/proc/self/status cannot be read");
  const char *line = strstr (text, key);
  return line ? (long)g_ascii_strtoll (line + strlen (key), NULL, 10) : 0;
}

void bench_start (struct bench *bench)
{
  bench->cpu = bench_clock (CLOCK_PROCESS_CPUTIME_ID);
  bench->wall = bench_clock (CLOCK_MONOTONIC);
}

void bench_finish (struct bench *bench)
{
  bench->wall = bench_clock (CLOCK_MONOTONIC) - bench->wall;
  bench->cpu = bench_clock (CLOCK_PROCESS_CPUTIME_ID) - bench->cpu;
  g_mutex_lock (&bench->mutex);
  bench->over = true;
  g_cond_signal (&bench->cond);
  g_mutex_unlock (&bench->mutex);
}

void bench_wait (struct bench *bench)
{
  g_mutex_lock (&bench->mutex);
  while (!bench->over)
    g_cond_wait (&bench->cond, &bench->mutex);
  bench->over = false;
  g_mutex_unlock (&bench->mutex);
}

void bench_new_runtime (struct bench *bench)
{
  g_autoptr (GError) error = NULL;

  bench->runtime = inos_runtime_new (&bench->config, &error);
  if (!bench->runtime)
    bench_die (error->message);
}

inos_actor_id bench_spawn (struct bench *bench, const struct inos_behaviour *behaviour,
                           const void *argument, uint32_t size)
{
  inos_actor_id actor = inos_runtime_spawn (
    bench->runtime,
    &(struct inos_spawn){.behaviour = behaviour, .argument = argument, .argument_size = size});

  if (!actor)
    bench_die ("an actor could not be spawned");
  return actor;
}

/* The collector */

struct collector {
  struct bench *bench;
  uint64_t left;
};

INOS_PROTOCOL_DEFINE (collector, COLLECTOR);

BENCH_START (collector)

INOS_HANDLE (collector, one, struct collector)
{
  if (--self->left > 0)
    return INOS_OK;
  bench_finish (self->bench);
  return INOS_DONE;
}

INOS_BEHAVIOUR (collector, COLLECTOR, struct collector, .pre_start = collector_start);

inos_actor_id bench_collector (struct bench *bench, uint64_t count)
{
  struct collector collector = {.bench = bench, .left = count};

  return bench_spawn (bench, &collector_behaviour, &collector, sizeof collector);
}

/* The program */

static const struct bench_program *find (const char *name)
{
  for (size_t i = 0; i < G_N_ELEMENTS (groups); i++)
    for (const struct bench_program *program = groups[i]; program->name; program++)
      if (g_str_equal (program->name, name))
        return program;
  return NULL;
}

static char *list (void)
{
  GString *text = g_string_new ("Benchmarks:\n");

  for (size_t i = 0; i < G_N_ELEMENTS (groups); i++)
    for (const struct bench_program *program = groups[i]; program->name; program++)
      g_string_append_printf (text, "  %-12s %s\n", program->name, program->args);
  return g_string_free (text, FALSE);
}

static void report (struct bench *bench, const struct bench_program *program)
{
  double messages = (double)bench->messages;

  printf ("inos %s [", program->name);
  for (int i = 0; i < program->count; i++)
    printf (i ? ",%ld" : "%ld", bench->args[i]);
  printf ("] workers=%u msgs=%" G_GUINT64_FORMAT " ns=%" G_GUINT64_FORMAT
          " ns/msg=%.2f cpu=%.2f peak=%ld %s\n",
          bench->config.workers, bench->messages, bench->wall, (double)bench->wall / messages,
          (double)bench->cpu / messages, bench_status ("VmHWM:"), bench->extra->str);
}

/* What every run has to prove: nothing was lost. */
static void check (struct bench *bench)
{
  struct inos_totals totals;

  for (int i = 0; i < 1000 && !inos_runtime_is_quiet (bench->runtime); i++)
    g_usleep (1000);
  inos_runtime_totals (bench->runtime, &totals);
  if (totals.sent != totals.handled + totals.dead + totals.dropped + totals.expired)
    bench_die ("sent is not handled + dead + dropped + expired");
  g_string_append_printf (bench->extra,
                          " steals=%" G_GUINT64_FORMAT " parks=%" G_GUINT64_FORMAT
                          " dead=%" G_GUINT64_FORMAT,
                          totals.steals, totals.parks, totals.dead);
}

int main (int argc, char **argv)
{
  struct bench bench = {.slice = 1000, .extra = g_string_new (NULL)};
  gint workers = 0;
  gint64 slice = 1000;
  const GOptionEntry options[] = {
    {"workers", 'w', 0, G_OPTION_ARG_INT, &workers, "Worker threads; 0: one per processor", "N"},
    {"slice", 's', 0, G_OPTION_ARG_INT64, &slice, "What a producer sends in one go", "N"},
    {NULL}};
  g_autoptr (GOptionContext) context = g_option_context_new ("NAME ARGS…");
  g_autoptr (GError) error = NULL;
  g_autofree char *names = list();

  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_set_summary (context, names);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    bench_die (error->message);
  const struct bench_program *program = argc > 1 ? find (argv[1]) : NULL;
  if (!program || argc - 2 != program->count || slice <= 0) {
    g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
    fputs (help, stderr);
    return 2;
  }
  for (int i = 0; i < program->count; i++)
    bench.args[i] = (long)g_ascii_strtoll (argv[i + 2], NULL, 10);
  bench.slice = (long)slice;
  bench.config.workers = workers > 0 ? (unsigned)workers : g_get_num_processors();
  program->run (&bench);
  if (bench.runtime)
    check (&bench);
  report (&bench, program);
  inos_runtime_free (bench.runtime, INOS_SECOND);
  g_string_free (bench.extra, TRUE);
  return 0;
}
