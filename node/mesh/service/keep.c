/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/keep.h"

#include "node/base/file.h"

struct waiting {
  inos_keep_done done;
  void *data;
};

struct inos_keep {
  GMainContext *context;
  int dir;
  char *name;
  inos_keep_content content;
  void *data;
  GArray *waiting, *writing; /* struct waiting; those of the file that is being written */
  GSource *timer;            /* NULL: none */
  bool busy, complained;
};

struct job {
  int dir;
  char *name;
  GBytes *bytes;
};

static void job_free (void *data)
{
  struct job *job = data;

  g_free (job->name);
  g_bytes_unref (job->bytes);
  g_free (job);
}

/* On a thread of GLib's. */
static void write_file (GTask *task, void *source, void *data, GCancellable *cancellable)
{
  const struct job *job = data;
  GError *error = NULL;
  gsize len;
  const void *bytes = g_bytes_get_data (job->bytes, &len);

  if (inos_file_replace (job->dir, job->name, bytes, len, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void tell (GArray *waiting, const GError *error)
{
  for (guint i = 0; i < waiting->len; i++) {
    const struct waiting *one = &g_array_index (waiting, struct waiting, i);
    one->done (one->data, error);
  }
  g_array_set_size (waiting, 0);
}

static void begin (struct inos_keep *keep);

static void on_written (GObject *source, GAsyncResult *result, gpointer data)
{
  struct inos_keep *keep = data;
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  keep->busy = false;
  if (error && !keep->complained)
    g_warning ("What the mesh remembers cannot be saved: %s", error->message);
  keep->complained = error;
  tell (keep->writing, error);
  if (keep->waiting->len > 0)
    begin (keep);
}

static void begin (struct inos_keep *keep)
{
  struct job *job = g_new0 (struct job, 1);
  GArray *written = keep->writing;

  *job = (struct job){keep->dir, g_strdup (keep->name), keep->content (keep->data)};
  keep->writing = keep->waiting;
  keep->waiting = written;
  keep->busy = true;
  if (keep->timer) {
    g_source_destroy (keep->timer);
    g_clear_pointer (&keep->timer, g_source_unref);
  }
  GTask *task = g_task_new (NULL, NULL, on_written, keep);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, write_file);
  g_object_unref (task);
}

struct inos_keep *inos_keep_new (GMainContext *context, int dir, const char *name,
                                 inos_keep_content content, void *data)
{
  struct inos_keep *keep = g_new0 (struct inos_keep, 1);

  keep->context = context;
  keep->dir = dir;
  keep->name = g_strdup (name);
  keep->content = content;
  keep->data = data;
  keep->waiting = g_array_new (FALSE, FALSE, sizeof (struct waiting));
  keep->writing = g_array_new (FALSE, FALSE, sizeof (struct waiting));
  return keep;
}

void inos_keep_write (struct inos_keep *keep, inos_keep_done done, void *data)
{
  struct waiting one = {done, data};

  g_array_append_val (keep->waiting, one);
  if (!keep->busy)
    begin (keep);
}

static void on_soon (void *data, const GError *error)
{
}

static gboolean on_timer (gpointer data)
{
  struct inos_keep *keep = data;

  g_clear_pointer (&keep->timer, g_source_unref);
  inos_keep_write (keep, on_soon, NULL);
  return G_SOURCE_REMOVE;
}

void inos_keep_soon (struct inos_keep *keep, unsigned ms)
{
  gint64 due = g_get_monotonic_time() + (gint64)ms * 1000;

  if (keep->timer) {
    g_source_set_ready_time (keep->timer, MIN (due, g_source_get_ready_time (keep->timer)));
    return;
  }
  keep->timer = g_timeout_source_new (ms);
  g_source_set_callback (keep->timer, on_timer, keep, NULL);
  g_source_attach (keep->timer, keep->context);
}

static bool is_behind (const struct inos_keep *keep)
{
  return keep->busy || keep->waiting->len > 0 || keep->timer;
}

void inos_keep_free (struct inos_keep *keep)
{
  if (!keep)
    return;
  while (is_behind (keep)) {
    if (!keep->busy)
      begin (keep);
    g_main_context_iteration (keep->context, TRUE);
  }
  g_array_unref (keep->waiting);
  g_array_unref (keep->writing);
  g_free (keep->name);
  g_free (keep);
}
