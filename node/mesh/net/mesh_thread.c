/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/mesh_thread.h"

#include "node/mesh/host/host.h"
#include "node/mesh/net/wait.h"

#include <pthread.h>

#define LAST_ROUNDS 1000 /* a source that is always ready keeps no thread from ending */

struct closure {
  inos_mesh_closure function;
  void *data;
  struct closure *next;
};

struct inos_mesh_thread {
  GThread *thread;
  GMainContext *context;
  pthread_mutex_t lock;         /* of the following */
  struct closure *first, **end; /* what is to be done */
  /* the thread's */
  bool stop;
  struct inos_drive *drive;
};

/* The loop's source of closures. */
struct work {
  GSource source;
  struct inos_mesh_thread *thread;
};

struct call {
  inos_mesh_closure function;
  void *data;
  pthread_mutex_t lock;
  pthread_cond_t cond;
  bool done;
};

/* All that is to be done now. */
static struct closure *take_work (struct inos_mesh_thread *thread)
{
  pthread_mutex_lock (&thread->lock);
  struct closure *first = thread->first;
  thread->first = NULL;
  thread->end = &thread->first;
  pthread_mutex_unlock (&thread->lock);
  return first;
}

static gboolean has_work (GSource *source)
{
  struct inos_mesh_thread *thread = ((struct work *)source)->thread;

  pthread_mutex_lock (&thread->lock);
  bool has = thread->first != NULL;
  pthread_mutex_unlock (&thread->lock);
  return has;
}

static gboolean prepare_work (GSource *source, int *timeout)
{
  *timeout = -1;
  return has_work (source);
}

/* Returns: whether there was any. */
static bool do_all (struct inos_mesh_thread *thread)
{
  struct closure *first = take_work (thread), *next;

  for (struct closure *at = first; at; at = next) {
    at->function (at->data);
    next = at->next;
    g_free (at);
  }
  return first != NULL;
}

static gboolean do_work (GSource *source, GSourceFunc callback, gpointer data)
{
  do_all (((struct work *)source)->thread);
  return G_SOURCE_CONTINUE;
}

static void attach_work (struct inos_mesh_thread *thread)
{
  static GSourceFuncs functions = {.prepare = prepare_work, .check = has_work, .dispatch = do_work};
  g_autoptr (GSource) source = g_source_new (&functions, sizeof (struct work));

  ((struct work *)source)->thread = thread;
  g_source_set_static_name (source, "mesh closures");
  g_source_attach (source, thread->context);
}

static gpointer run_thread (gpointer data)
{
  struct inos_mesh_thread *thread = data;

  g_main_context_push_thread_default (thread->context);
  while (!thread->stop)
    g_main_context_iteration (thread->context, TRUE);
  while (do_all (thread)) /* what was asked for last, from the thread itself */
    ;
  inos_drive_end (&thread->drive);
  /* GDBus lets go of what its subscribers gave it in their loop. */
  for (unsigned i = 0; i < LAST_ROUNDS && g_main_context_iteration (thread->context, FALSE); i++)
    ;
  g_main_context_pop_thread_default (thread->context);
  return NULL;
}

struct inos_mesh_thread *inos_mesh_thread_new (GError **error)
{
  struct inos_mesh_thread *thread = g_new0 (struct inos_mesh_thread, 1);

  thread->context = g_main_context_new();
  g_main_context_set_poll_func (thread->context, inos_wait);
  thread->end = &thread->first;
  pthread_mutex_init (&thread->lock, NULL);
  attach_work (thread);
  thread->thread = g_thread_try_new ("mesh", run_thread, thread, error);
  if (thread->thread)
    return thread;
  g_main_context_unref (thread->context);
  pthread_mutex_destroy (&thread->lock);
  g_free (thread);
  return NULL;
}

void inos_mesh_thread_invoke (struct inos_mesh_thread *thread, inos_mesh_closure function,
                              void *data)
{
  struct closure *closure = g_new (struct closure, 1);

  *closure = (struct closure){function, data, NULL};
  pthread_mutex_lock (&thread->lock);
  *thread->end = closure;
  thread->end = &closure->next;
  pthread_mutex_unlock (&thread->lock);
  g_main_context_wakeup (thread->context);
}

static void do_call (void *data)
{
  struct call *call = data;

  call->function (call->data);
  pthread_mutex_lock (&call->lock);
  call->done = true;
  pthread_cond_signal (&call->cond);
  pthread_mutex_unlock (&call->lock);
}

void inos_mesh_thread_call (struct inos_mesh_thread *thread, inos_mesh_closure function, void *data)
{
  struct call call = {.function = function, .data = data};

  g_assert (!inos_mesh_thread_is_current (thread));
  pthread_mutex_init (&call.lock, NULL);
  pthread_cond_init (&call.cond, NULL);
  inos_mesh_thread_invoke (thread, do_call, &call);
  pthread_mutex_lock (&call.lock);
  while (!call.done)
    pthread_cond_wait (&call.cond, &call.lock);
  pthread_mutex_unlock (&call.lock);
  pthread_mutex_destroy (&call.lock);
  pthread_cond_destroy (&call.cond);
}

static void do_stop (void *data)
{
  ((struct inos_mesh_thread *)data)->stop = true;
}

void inos_mesh_thread_free (struct inos_mesh_thread *thread)
{
  if (!thread)
    return;
  inos_mesh_thread_invoke (thread, do_stop, thread);
  g_thread_join (thread->thread);
  g_main_context_unref (thread->context);
  pthread_mutex_destroy (&thread->lock);
  g_free (thread);
}

GMainContext *inos_mesh_thread_context (const struct inos_mesh_thread *thread)
{
  return thread->context;
}

bool inos_mesh_thread_is_current (const struct inos_mesh_thread *thread)
{
  return g_thread_self() == thread->thread;
}

static uint64_t host_deadline (void *host)
{
  return inos_host_deadline (host);
}

static void host_tick (void *host)
{
  inos_host_tick (host);
}

void inos_mesh_thread_drive (struct inos_mesh_thread *thread, struct inos_host *host)
{
  struct inos_driven driven = {host_deadline, host_tick, host};

  inos_drive_end (&thread->drive);
  if (host)
    thread->drive = inos_drive (thread->context, inos_host_env (host), &driven);
}
