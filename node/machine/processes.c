/*
 * Looking at all processes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/processes_private.h"

#include "node/machine/users.h"
#include "node/monitor/source.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Texts are read anew once in so many looks: they hardly ever change, and cost most. */
#define TURNS 8

static void process_free (void *data)
{
  struct process *process = data;

  g_free (process->command);
  g_free (process->unit);
  g_free (process);
}

struct inos_processes *inos_processes_new (int proc, uint32_t uid)
{
  struct inos_processes *self = g_new0 (struct inos_processes, 1);
  long page = sysconf (_SC_PAGESIZE), ticks = sysconf (_SC_CLK_TCK);

  self->proc = proc;
  self->uid = uid;
  self->page = page > 0 ? (uint64_t)page : 4096;
  self->tick = 1.0 / (double)(ticks > 0 ? ticks : 100);
  self->users = inos_users_new();
  self->known = g_hash_table_new_full (NULL, NULL, NULL, process_free);
  return self;
}

void inos_processes_forget (struct inos_processes *self)
{
  g_hash_table_remove_all (self->known);
  g_hash_table_remove_all (self->users);
  self->pace = (struct inos_pace){0};
}

void inos_processes_free (struct inos_processes *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->known);
  g_hash_table_unref (self->users);
  g_free (self);
}

static void read_texts (struct inos_processes *self, struct process *process)
{
  char path[40], buffer[4096], cgroup[INOS_PROCESS_CGROUP];
  struct inos_process_status status;
  struct inos_scan text;
  size_t length;

  snprintf (path, sizeof path, "%u/status", process->pid);
  if (inos_source_read_once (self->proc, path, buffer, sizeof buffer, &text) &&
      inos_process_parse_status (text, &status))
    process->uid = status.uid;
  snprintf (path, sizeof path, "%u/cgroup", process->pid);
  inos_source_read_once (self->proc, path, buffer, sizeof buffer, &text);
  inos_process_parse_cgroup (text, cgroup, sizeof cgroup);
  const char *unit = inos_process_unit (cgroup, &length);
  g_free (process->unit);
  process->unit = g_utf8_make_valid (unit, (gssize)length);
  snprintf (path, sizeof path, "%u/cmdline", process->pid);
  inos_source_read_once (self->proc, path, buffer, INOS_PROCESS_COMMAND, &text);
  length = (size_t)(text.end - text.at);
  inos_process_words (buffer, &length);
  g_free (process->command);
  process->command = g_utf8_make_valid (buffer, (gssize)length);
}

/* Another program in the same process, or another process with the same number. */
static bool is_another (const struct process *process, const struct inos_process_stat *stat)
{
  return process->stat.start != stat->start || strcmp (process->stat.name, stat->name) != 0;
}

static void take (struct inos_processes *self, uint32_t pid, const struct inos_process_stat *stat)
{
  struct process *process = g_hash_table_lookup (self->known, GUINT_TO_POINTER (pid));

  if (process && process->stat.start != stat->start)
    process = NULL; /* replaced below */
  bool fresh = !process || is_another (process, stat);
  if (!process) {
    process = g_new0 (struct process, 1);
    process->pid = pid;
    process->uid = UINT32_MAX;
    g_hash_table_insert (self->known, GUINT_TO_POINTER (pid), process);
  }
  process->stat = *stat;
  process->seen = self->look;
  if (fresh || (self->look + pid) % TURNS == 0)
    read_texts (self, process);
}

struct walk {
  struct inos_processes *self;
  uint32_t count;
};

static bool on_entry (const char *name, void *data)
{
  struct walk *walk = data;
  struct inos_process_stat stat;
  struct inos_scan text;
  char path[40], buffer[1024];
  guint64 pid;

  if (!g_ascii_isdigit (*name) || !g_ascii_string_to_unsigned (name, 10, 1, G_MAXINT32, &pid, NULL))
    return true;
  snprintf (path, sizeof path, "%u/stat", (unsigned)pid);
  if (inos_source_read_once (walk->self->proc, path, buffer, sizeof buffer, &text) &&
      inos_process_parse_stat (text, &stat)) {
    take (walk->self, (uint32_t)pid, &stat);
    walk->count++;
  }
  return walk->count < INOS_PROCESSES_MAX;
}

/* A process that there was not at the base has had all its ticks since. */
static void count (struct inos_processes *self)
{
  GHashTableIter iter;
  void *value;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    struct process *process = value;
    if (process->seen != self->look) {
      g_hash_table_iter_remove (&iter);
      continue;
    }
    double rate = inos_counter_rate (&process->ticks, &self->pace, process->stat.ticks, true);
    process->share = rate < 0 ? -1 : rate * self->tick;
  }
}

double inos_processes_look (struct inos_processes *self, gint64 now)
{
  struct walk walk = {.self = self};

  self->look++;
  inos_pace_look (&self->pace, now);
  inos_dir_each (self->proc, ".", on_entry, &walk);
  count (self);
  return self->pace.seconds;
}
