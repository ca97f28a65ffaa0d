/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/machine.h"

#include "node/api/messages.h"
#include "node/machine/devices.h"
#include "node/machine/process_deed.h"
#include "node/machine/processes.h"
#include "node/machine/units.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* After so long without a question what was seen is forgotten, s. */
#define FORGET_AFTER 90

struct inos_machine {
  int proc, sys;
  GMainContext *context;
  inos_machine_answered answered;
  void *data;
  GThreadPool *pool; /* of one thread, whose the next are */
  int ends;          /* atomic: what waits is not answered any more */
  struct inos_processes *processes;
  struct inos_units *units;
  struct inos_devices *devices;
  /* the context's */
  unsigned asked;
  GSource *idle; /* NULL: nothing to be forgotten */
  GMutex lock;
  GHashTable *done; /* GSource: answers that are on their way; `lock` */
};

struct job {
  struct inos_machine *machine;
  const char *type; /* NULL: forget */
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

static const struct {
  const char *type;
  GVariant *(*answer) (struct inos_machine *self, GVariant *parameters, GError **error);
} questions[] = {
  {INOS_MACHINE_DISKS, list_disks},           {INOS_MACHINE_END, end_process},
  {INOS_MACHINE_INTERFACES, list_interfaces}, {INOS_MACHINE_PRIORITY, set_priority},
  {INOS_MACHINE_PROCESS, inspect_process},    {INOS_MACHINE_PROCESSES, list_processes},
  {INOS_MACHINE_UNITS, list_units},
};

static GVariant *answer_of (struct job *job)
{
  for (size_t i = 0; i < G_N_ELEMENTS (questions); i++)
    if (strcmp (questions[i].type, job->type) == 0)
      return questions[i].answer (job->machine, job->parameters, &job->error);
  g_set_error (&job->error, INOS_API_ERROR, INOS_API_ERROR_UNKNOWN_MESSAGE,
               "The node does not answer this message.");
  return NULL;
}

static void job_free (void *data)
{
  struct job *job = data;

  g_clear_pointer (&job->parameters, g_variant_unref);
  g_clear_pointer (&job->answer, g_variant_unref);
  g_clear_error (&job->error);
  g_free (job->tag);
  g_free (job);
}

/* On the context */

static gboolean on_idle (void *data)
{
  struct inos_machine *self = data;
  struct job *job = g_new0 (struct job, 1);

  g_clear_pointer (&self->idle, g_source_unref);
  job->machine = self;
  self->asked++;
  g_thread_pool_push (self->pool, job, NULL);
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
  self->asked--;
  if (job->type) {
    forget_later (self);
    self->answered (g_steal_pointer (&job->answer), job->error, g_steal_pointer (&job->tag),
                    self->data);
  }
  return G_SOURCE_REMOVE;
}

/* In the thread */
static void work (void *data, void *more)
{
  struct job *job = data;
  struct inos_machine *self = job->machine;
  GSource *source;

  if (g_atomic_int_get (&self->ends)) {
    job_free (job);
    return;
  }
  source = g_idle_source_new();
  if (job->type) {
    job->answer = answer_of (job);
    if (job->answer)
      g_variant_ref_sink (job->answer);
  } else {
    inos_processes_forget (self->processes);
    inos_units_forget (self->units);
    inos_devices_forget (self->devices);
  }
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_done, job, job_free);
  g_mutex_lock (&self->lock);
  g_hash_table_add (self->done, source);
  g_mutex_unlock (&self->lock);
  g_source_attach (source, self->context);
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

  self->proc = open_folder (proc ? proc : "/proc");
  self->sys = open_folder (sys ? sys : "/sys");
  self->context = context;
  self->answered = answered;
  self->data = data;
  g_mutex_init (&self->lock);
  self->done = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)g_source_unref, NULL);
  self->pool = g_thread_pool_new (work, NULL, 1, FALSE, NULL);
  self->processes = inos_processes_new (self->proc, (uint32_t)geteuid());
  self->units = inos_units_new (self->sys);
  self->devices = inos_devices_new (self->proc, self->sys);
  return self;
}

void inos_machine_free (struct inos_machine *self)
{
  GHashTableIter iter;
  void *source;

  if (!self)
    return;
  /* Not at once: a pool that ends so may drop one without freeing it. */
  g_atomic_int_set (&self->ends, 1);
  g_thread_pool_free (self->pool, FALSE, TRUE);
  g_hash_table_iter_init (&iter, self->done);
  while (g_hash_table_iter_next (&iter, &source, NULL))
    g_source_destroy (source);
  g_hash_table_unref (self->done);
  if (self->idle) {
    g_source_destroy (self->idle);
    g_source_unref (self->idle);
  }
  inos_processes_free (self->processes);
  inos_units_free (self->units);
  inos_devices_free (self->devices);
  if (self->proc >= 0)
    close (self->proc);
  if (self->sys >= 0)
    close (self->sys);
  g_mutex_clear (&self->lock);
  g_free (self);
}

bool inos_machine_ask (struct inos_machine *self, const char *type, GVariant *parameters, void *tag)
{
  struct job *job;

  if (self->asked >= INOS_MACHINE_QUESTIONS)
    return false;
  job = g_new0 (struct job, 1);
  *job = (struct job){
    .machine = self, .type = type, .parameters = g_variant_ref (parameters), .tag = tag};
  self->asked++;
  g_thread_pool_push (self->pool, job, NULL);
  return true;
}
