/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/machine.h"

#include "node/api/messages.h"
#include "node/machine/devices.h"
#include "node/machine/logs.h"
#include "node/machine/process_deed.h"
#include "node/machine/processes.h"
#include "node/machine/units.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* After so long without a question what was seen is forgotten, s. */
#define FORGET_AFTER 90

/* What waits for its turn. */
struct lane {
  GThreadPool *pool; /* of one thread, whose the next are */
  unsigned asked;    /* the context's */
};

struct inos_machine {
  gatomicrefcount refs; /* the context's, and one for each job: a thread may never come back */
  int proc, sys;
  GMainContext *context;
  inos_machine_answered answered;
  void *data;
  struct lane looks, deeds, reads;
  /* those of the looks' thread */
  struct inos_processes *processes;
  struct inos_units *units;
  struct inos_devices *devices;
  struct inos_logs *logs; /* the reads' */
  GSource *idle;          /* the context's; NULL: nothing to be forgotten */
  GMutex lock;
  bool ends;        /* what waits is not answered any more; `lock` */
  GHashTable *done; /* GSource: answers that are on their way; `lock` */
};

struct question {
  const char *type;
  GVariant *(*answer) (struct inos_machine *self, GVariant *parameters, GError **error);
  enum { LOOK, DEED, READ } kind; /* in which lane: a deed does not wait behind what only looks */
};

struct job {
  struct inos_machine *machine; /* a reference */
  struct lane *lane;
  const struct question *question; /* NULL: forget */
  GVariant *parameters, *answer;
  GError *error;
  void *tag;
};

/* Answers, in the thread */

static GVariant *list_processes (struct inos_machine *self, GVariant *parameters, GError **error)
{
  const char *search, *order;
  gboolean own;
  guint limit;

  g_variant_get (parameters, "(&s&sbu)", &search, &order, &own, &limit);
  return inos_processes_list (self->processes, search, order, own, limit, g_get_monotonic_time(),
                              error);
}

static GVariant *inspect_process (struct inos_machine *self, GVariant *parameters, GError **error)
{
  guint64 start;
  guint pid;

  g_variant_get (parameters, "(ut)", &pid, &start);
  return inos_processes_inspect (self->processes, pid, start, error);
}

static GVariant *end_process (struct inos_machine *self, GVariant *parameters, GError **error)
{
  gboolean force;
  guint64 start;
  guint pid;

  g_variant_get (parameters, "(utb)", &pid, &start, &force);
  return inos_process_signal (self->proc, pid, start, force ? SIGKILL : SIGTERM, error)
           ? g_variant_new ("()")
           : NULL;
}

static GVariant *set_priority (struct inos_machine *self, GVariant *parameters, GError **error)
{
  guint64 start;
  guint pid;
  gint nice;

  g_variant_get (parameters, "(uti)", &pid, &start, &nice);
  return inos_process_set_nice (self->proc, pid, start, nice, error) ? g_variant_new ("()") : NULL;
}

static GVariant *list_units (struct inos_machine *self, GVariant *parameters, GError **error)
{
  return inos_units_list (self->units, g_get_monotonic_time(), error);
}

static GVariant *list_disks (struct inos_machine *self, GVariant *parameters, GError **error)
{
  return inos_devices_disks (self->devices, g_get_monotonic_time());
}

static GVariant *list_interfaces (struct inos_machine *self, GVariant *parameters, GError **error)
{
  return inos_devices_interfaces (self->devices, g_get_monotonic_time());
}

static GVariant *describe_logs (struct inos_machine *self, GVariant *parameters, GError **error)
{
  return inos_logs_describe (self->logs);
}

static GVariant *read_log (struct inos_machine *self, GVariant *parameters, GError **error)
{
  return inos_logs_read (self->logs, parameters, error);
}

static GVariant *inspect_log (struct inos_machine *self, GVariant *parameters, GError **error)
{
  return inos_logs_inspect (self->logs, parameters, error);
}

static GVariant *answer_nothing (struct inos_machine *self, GVariant *parameters, GError **error)
{
  g_set_error (error, INOS_API_ERROR, INOS_API_ERROR_UNKNOWN_MESSAGE,
               "The node does not answer this message.");
  return NULL;
}

static const struct question questions[] = {
  {INOS_MACHINE_DISKS, list_disks, LOOK},
  {INOS_MACHINE_END, end_process, DEED},
  {INOS_MACHINE_INTERFACES, list_interfaces, LOOK},
  {INOS_MACHINE_LOG, inspect_log, READ},
  {INOS_MACHINE_LOG_READ, read_log, READ},
  {INOS_MACHINE_LOGS, describe_logs, READ},
  {INOS_MACHINE_PRIORITY, set_priority, DEED},
  {INOS_MACHINE_PROCESS, inspect_process, LOOK},
  {INOS_MACHINE_PROCESSES, list_processes, LOOK},
  {INOS_MACHINE_UNITS, list_units, LOOK},
  {"", answer_nothing, LOOK},
};

/* The last, where there is none of that type. */
static const struct question *find (const char *type)
{
  const struct question *question = questions;

  while (*question->type && strcmp (question->type, type) != 0)
    question++;
  return question;
}

static void unref (struct inos_machine *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;
  inos_processes_free (self->processes);
  inos_units_free (self->units);
  inos_devices_free (self->devices);
  inos_logs_free (self->logs);
  if (self->proc >= 0)
    close (self->proc);
  if (self->sys >= 0)
    close (self->sys);
  g_hash_table_unref (self->done);
  g_mutex_clear (&self->lock);
  if (self->context)
    g_main_context_unref (self->context);
  g_free (self);
}

static void job_free (void *data)
{
  struct job *job = data;

  g_clear_pointer (&job->parameters, g_variant_unref);
  g_clear_pointer (&job->answer, g_variant_unref);
  g_clear_error (&job->error);
  g_free (job->tag);
  unref (job->machine);
  g_free (job);
}

/* On the context */

static void push (struct inos_machine *self, struct lane *lane, struct job *job)
{
  job->machine = self;
  job->lane = lane;
  g_atomic_ref_count_inc (&self->refs);
  lane->asked++;
  g_thread_pool_push (lane->pool, job, NULL);
}

static gboolean on_idle (void *data)
{
  struct inos_machine *self = data;

  g_clear_pointer (&self->idle, g_source_unref);
  push (self, &self->looks, g_new0 (struct job, 1));
  push (self, &self->reads, g_new0 (struct job, 1));
  return G_SOURCE_REMOVE;
}

static void forget_later (struct inos_machine *self)
{
  if (self->idle) {
    g_source_destroy (self->idle);
    g_source_unref (self->idle);
  }
  self->idle = g_timeout_source_new_seconds (FORGET_AFTER);
  g_source_set_callback (self->idle, on_idle, self, NULL);
  g_source_attach (self->idle, self->context);
}

static gboolean on_done (void *data)
{
  struct job *job = data;
  struct inos_machine *self = job->machine;

  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->done, g_main_current_source());
  g_mutex_unlock (&self->lock);
  job->lane->asked--;
  if (job->question) {
    forget_later (self);
    self->answered (g_steal_pointer (&job->answer), job->error, g_steal_pointer (&job->tag),
                    self->data);
  }
  return G_SOURCE_REMOVE;
}

/* In a lane's thread */

static bool is_wanted (struct inos_machine *self)
{
  g_mutex_lock (&self->lock);
  bool wanted = !self->ends;
  g_mutex_unlock (&self->lock);
  return wanted;
}

/* Takes the job. Nobody may listen to the context any more, unless the machine is there. */
static void hand_over (struct inos_machine *self, struct job *job)
{
  GSource *source = g_idle_source_new();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_done, job, job_free);
  g_mutex_lock (&self->lock);
  bool wanted = !self->ends;
  if (wanted) {
    g_hash_table_add (self->done, source);
    g_source_attach (source, self->context);
  }
  g_mutex_unlock (&self->lock);
  if (!wanted)
    g_source_unref (source); /* and the job */
}

static void work (void *data, void *more)
{
  struct job *job = data;
  struct inos_machine *self = job->machine;

  if (!is_wanted (self)) {
    job_free (job);
    return;
  }
  if (job->question) {
    job->answer = job->question->answer (self, job->parameters, &job->error);
    if (job->answer)
      g_variant_ref_sink (job->answer);
  } else if (job->lane == &self->reads) {
    inos_logs_forget (self->logs);
  } else {
    inos_processes_forget (self->processes);
    inos_units_forget (self->units);
    inos_devices_forget (self->devices);
  }
  hand_over (self, job);
}

/* Life cycle */

static int open_folder (const char *path)
{
  return open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

struct inos_machine *inos_machine_new (const char *proc, const char *sys, GMainContext *context,
                                       inos_machine_answered answered, void *data)
{
  struct inos_machine *self = g_new0 (struct inos_machine, 1);

  g_atomic_ref_count_init (&self->refs);
  self->proc = open_folder (proc ? proc : "/proc");
  self->sys = open_folder (sys ? sys : "/sys");
  self->context = context ? g_main_context_ref (context) : NULL;
  self->answered = answered;
  self->data = data;
  g_mutex_init (&self->lock);
  self->done = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)g_source_unref, NULL);
  self->looks.pool = g_thread_pool_new (work, NULL, 1, FALSE, NULL);
  self->deeds.pool = g_thread_pool_new (work, NULL, 1, FALSE, NULL);
  self->reads.pool = g_thread_pool_new (work, NULL, 1, FALSE, NULL);
  self->processes = inos_processes_new (self->proc, (uint32_t)geteuid());
  self->units = inos_units_new (self->sys);
  self->devices = inos_devices_new (self->proc, self->sys);
  self->logs = inos_logs_new (NULL, NULL);
  return self;
}

void inos_machine_set_logs (struct inos_machine *self, const char *journal, const char *state)
{
  inos_logs_free (self->logs);
  self->logs = inos_logs_new (journal, state);
}

void inos_machine_free (struct inos_machine *self)
{
  GHashTableIter iter;
  void *source;

  if (!self)
    return;
  g_mutex_lock (&self->lock);
  self->ends = true;
  g_hash_table_iter_init (&iter, self->done);
  while (g_hash_table_iter_next (&iter, &source, NULL))
    g_source_destroy (source);
  g_hash_table_remove_all (self->done);
  g_mutex_unlock (&self->lock);
  if (self->idle) {
    g_source_destroy (self->idle);
    g_source_unref (self->idle);
  }
  /* Not at once: a pool that ends so may drop one without freeing it. They go when they are done.
   */
  g_thread_pool_free (self->looks.pool, FALSE, FALSE);
  g_thread_pool_free (self->deeds.pool, FALSE, FALSE);
  g_thread_pool_free (self->reads.pool, FALSE, FALSE);
  unref (self);
}

bool inos_machine_ask (struct inos_machine *self, const char *type, GVariant *parameters, void *tag)
{
  const struct question *question = find (type);
  struct lane *lane = question->kind == DEED   ? &self->deeds
                      : question->kind == READ ? &self->reads
                                               : &self->looks;
  struct job *job;

  if (lane->asked >= INOS_MACHINE_QUESTIONS)
    return false;
  job = g_new0 (struct job, 1);
  *job = (struct job){.question = question, .parameters = g_variant_ref (parameters), .tag = tag};
  push (self, lane, job);
  return true;
}
