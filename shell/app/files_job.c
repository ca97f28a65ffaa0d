/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_job.h"

#include "files_job-private.h"

#include <glib/gi18n.h>

/* How often a page is told. */
#define TOLD_MS 200

struct InosJobs {
  GPtrArray *jobs; /* InosJob */
  guint last;
  guint source;
  void (*changed) (gpointer data);
  gpointer data;
};

static guint running;

static const char *const kinds[] = {"copy", "move", "trash", "restore", "delete"};

InosMoved *inos_moved_new (GFile *from, GFile *to)
{
  InosMoved *moved = g_new0 (InosMoved, 1);

  moved->from = from ? g_object_ref (from) : NULL;
  moved->to = to ? g_object_ref (to) : NULL;
  return moved;
}

void inos_moved_free (gpointer data)
{
  InosMoved *moved = data;

  g_clear_object (&moved->from);
  g_clear_object (&moved->to);
  g_free (moved);
}

void inos_job_plan_clear (InosJobPlan *plan)
{
  g_clear_pointer (&plan->sources, g_ptr_array_unref);
  g_clear_pointer (&plan->targets, g_ptr_array_unref);
  g_clear_pointer (&plan->notes, g_ptr_array_unref);
  g_clear_pointer (&plan->trashed, g_ptr_array_unref);
  g_clear_pointer (&plan->replaced, g_ptr_array_unref);
  g_clear_object (&plan->folder);
}

static void job_clear (gpointer data)
{
  InosJob *job = data;

  inos_job_plan_clear (&job->plan);
  g_ptr_array_unref (job->done);
  g_ptr_array_unref (job->replaced);
  g_clear_pointer (&job->trashes, g_ptr_array_unref);
  g_object_unref (job->cancellable);
  g_mutex_clear (&job->lock);
  g_cond_clear (&job->answered);
  g_free (job->name);
  g_free (job->asked);
  g_free (job->error);
}

static void job_unref (gpointer job)
{
  g_atomic_rc_box_release_full (job, job_clear);
}

InosJobs *inos_jobs_create (void (*changed) (gpointer data), gpointer data)
{
  InosJobs *self = g_new0 (InosJobs, 1);

  *self = (InosJobs){
    .jobs = g_ptr_array_new_with_free_func (job_unref), .changed = changed, .data = data};
  return self;
}

static void cancel (InosJob *job)
{
  g_cancellable_cancel (job->cancellable);
  g_mutex_lock (&job->lock);
  g_cond_signal (&job->answered);
  g_mutex_unlock (&job->lock);
}

static void let_go (InosJob *job)
{
  if (job->free)
    job->free (job->data);
  job->free = NULL;
  job->func = NULL;
}

void inos_jobs_destroy (InosJobs *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  for (guint i = 0; i < self->jobs->len; i++) {
    InosJob *job = self->jobs->pdata[i];

    job->jobs = NULL;
    let_go (job);
    cancel (job);
  }
  g_ptr_array_unref (self->jobs);
  g_free (self);
}

/* Also once more when the last has gone. */
static gboolean on_time (gpointer data)
{
  InosJobs *self = data;

  self->changed (self->data);
  if (self->jobs->len > 0)
    return G_SOURCE_CONTINUE;
  self->source = 0;
  return G_SOURCE_REMOVE;
}

static gboolean on_ended (gpointer data)
{
  InosJob *job = data;
  InosJobs *self = job->jobs; /* NULL: all have gone */

  running--;
  if (g_application_get_default())
    g_application_release (g_application_get_default());
  if (!self)
    return G_SOURCE_REMOVE;
  if (job->func)
    job->func (job->plan.kind, job->done, job->replaced, job->since, job->error, job->data);
  let_go (job);
  g_ptr_array_remove (self->jobs, job);
  return G_SOURCE_REMOVE;
}

static gpointer run (gpointer data)
{
  InosJob *job = data;

  inos_job_run (job);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_ended, job, job_unref);
  return NULL;
}

gboolean inos_jobs_start (InosJobs *self, InosJobPlan *plan, InosJobFunc func, gpointer data,
                          GDestroyNotify free, GError **error)
{
  InosJob *job;

  if (self->jobs->len >= INOS_JOBS_MOST) {
    inos_job_plan_clear (plan);
    if (free)
      free (data);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                         _ ("Enough is being done already. Wait until some of it has ended."));
    return FALSE;
  }
  job = g_atomic_rc_box_new0 (InosJob);
  job->jobs = self;
  job->number = ++self->last;
  job->plan = *plan;
  *plan = (InosJobPlan){0};
  job->func = func;
  job->data = data;
  job->free = free;
  job->since = g_get_real_time() / G_USEC_PER_SEC;
  job->done = g_ptr_array_new_with_free_func (inos_moved_free);
  job->replaced = g_ptr_array_new_with_free_func (inos_moved_free);
  job->cancellable = g_cancellable_new();
  g_mutex_init (&job->lock);
  g_cond_init (&job->answered);
  g_ptr_array_add (self->jobs, job);
  running++;
  if (g_application_get_default())
    g_application_hold (g_application_get_default());
  g_thread_unref (g_thread_new ("files-job", run, g_atomic_rc_box_acquire (job)));
  if (!self->source)
    self->source = g_timeout_add (TOLD_MS, on_time, self);
  return TRUE;
}

gboolean inos_jobs_are_running (void)
{
  return running > 0;
}

/* For the page */

static JsonObject *describe (InosJob *job)
{
  JsonObject *object = json_object_new();

  g_mutex_lock (&job->lock);
  json_object_set_int_member (object, "job", job->number);
  json_object_set_string_member (object, "kind", kinds[job->plan.kind]);
  json_object_set_string_member (object, "name", job->name ? job->name : "");
  json_object_set_int_member (object, "at", job->at);
  json_object_set_int_member (object, "files", job->plan.sources->len);
  json_object_set_int_member (object, "bytes", (gint64)job->bytes);
  json_object_set_int_member (object, "total", (gint64)job->total);
  if (job->asked && job->answer == INOS_ANSWER_NONE) {
    JsonObject *question = json_object_new();

    json_object_set_string_member (question, "name", job->asked);
    json_object_set_boolean_member (question, "folder", job->asked_folder);
    json_object_set_boolean_member (question, "more", job->at + 1 < job->plan.sources->len);
    json_object_set_object_member (object, "question", question);
  }
  g_mutex_unlock (&job->lock);
  return object;
}

JsonNode *inos_jobs_describe (InosJobs *self)
{
  JsonArray *array = json_array_new();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < self->jobs->len; i++)
    json_array_add_object_element (array, describe (self->jobs->pdata[i]));
  json_node_take_array (node, array);
  return node;
}

static InosJob *find (InosJobs *self, guint number)
{
  for (guint i = 0; i < self->jobs->len; i++) {
    InosJob *job = self->jobs->pdata[i];

    if (job->number == number)
      return job;
  }
  return NULL;
}

gboolean inos_jobs_cancel (InosJobs *self, guint number)
{
  InosJob *job = find (self, number);

  if (job)
    cancel (job);
  return job != NULL;
}

gboolean inos_jobs_answer (InosJobs *self, guint number, const char *answer, gboolean all)
{
  static const char *const answers[] = {"", "replace", "keep", "skip"};
  InosJob *job = find (self, number);
  gboolean taken = FALSE;

  if (!job)
    return FALSE;
  g_mutex_lock (&job->lock);
  for (guint i = 1; i < G_N_ELEMENTS (answers); i++)
    if (job->asked && job->answer == INOS_ANSWER_NONE && g_str_equal (answer, answers[i])) {
      job->answer = (InosAnswer)i;
      job->for_all = all;
      taken = TRUE;
      g_cond_signal (&job->answered);
    }
  g_mutex_unlock (&job->lock);
  return taken;
}
