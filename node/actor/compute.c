/*
 * The compute pool.
 *
 * A task is in one place at a time: in the queue, with a thread, or as the payload of the reply to
 * its actor, which is handled, or becomes a dead letter where nobody waits any more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/compute.h"

#include "node/actor/private.h"

#include <signal.h>
#include <time.h>

#define THREADS_MAX 64
#define QUEUE_MAX 1024
#define IDLE_SECONDS 1

struct inos_task {
  struct inos_task *next;
  struct inos_runtime *runtime;
  struct inos_request_id request; /* `sender` 0: detached */
  uint64_t deadline;              /* ns; UINT64_MAX: none */
  inos_work work;
  void *argument;
  GDestroyNotify free;
};

enum place { PLACE_FREE, PLACE_RUNS, PLACE_ENDED /* to be joined */ };

struct inos_compute_pool {
  struct inos_runtime *runtime;
  pthread_mutex_t lock;
  pthread_cond_t more;
  struct inos_task *first, *last;
  uint32_t waiting, queue_max;
  unsigned threads_max, running, idle;
  bool ending;
  _Atomic uint64_t begun, ended; /* tasks; read by inos_runtime_is_quiet() */
  GPtrArray *seeded;             /* tasks of a seeded runtime */
  struct {
    pthread_t thread;
    enum place place;
  } thread[THREADS_MAX];
};

struct inos_computed {
  struct inos_task *task;
};

static void task_free (struct inos_task *task)
{
  if (task->free)
    task->free (task->argument);
  g_free (task);
}

static void computed_clear (void *message)
{
  struct inos_computed *computed = message;

  g_clear_pointer (&computed->task, task_free);
}

/* What a result travels as. */
#define INOS_COMPUTE(MESSAGE, REQUEST)                                                             \
  REQUEST (inos_compute, run, struct inos_computed, struct inos_computed, 1,                       \
           .clear_reply = computed_clear)
INOS_PROTOCOL (inos_compute, INOS_COMPUTE);
INOS_PROTOCOL_DEFINE (inos_compute, INOS_COMPUTE);

void *inos_computed (const void *reply)
{
  const struct inos_computed *computed = reply;

  return computed ? computed->task->argument : NULL;
}

static bool is_late (const struct inos_task *task)
{
  return task->deadline != UINT64_MAX && inos_clock (task->runtime) > task->deadline;
}

bool inos_task_is_cancelled (const struct inos_task *task)
{
  if (is_late (task))
    return true;
  return task->request.sender && !inos_cell_of (task->runtime, task->request.sender);
}

/* Running a task */

/* @task is its actor's from here on, which may be done with it before this returns. */
static void send_result (struct inos_runtime *runtime, struct inos_task *task)
{
  struct inos_worker *worker = inos_outside_lock (runtime);
  struct inos_envelope *e = inos_envelope_new_must (worker);
  struct inos_request_id request = task->request;

  e->type = inos_type_index (&inos_compute_run_reply_type);
  e->flags = INOS_E_REPLY | INOS_PRIORITY_NORMAL;
  e->payload.pointer = task;
  inos_reply_send (worker, e, request, 0);
  inos_outside_unlock (runtime);
}

/* Work whose time is over may not have been done, or given up, and the actor's timer is not as fine
 * as that: what there is may not pass for a result. */
static void send_late (struct inos_runtime *runtime, struct inos_task *task)
{
  struct inos_worker *worker = inos_outside_lock (runtime);

  inos_reply_fail (worker, task->request, 0, INOS_TIMED_OUT);
  inos_outside_unlock (runtime);
  task_free (task);
}

static void perform (struct inos_compute_pool *pool, struct inos_task *task)
{
  if (!inos_task_is_cancelled (task))
    task->work (task, task->argument);
  if (task->request.sender && is_late (task))
    send_late (pool->runtime, task);
  else if (task->request.sender)
    send_result (pool->runtime, task);
  else
    task_free (task);
  atomic_fetch_add (&pool->ended, 1);
}

/* The next task, waited for; NULL: there has been none for long, or the pool ends. With the lock
 * held. */
static struct inos_task *take (struct inos_compute_pool *pool)
{
  struct timespec until;
  int error = 0;

  clock_gettime (CLOCK_MONOTONIC, &until);
  until.tv_sec += IDLE_SECONDS;
  pool->idle++;
  while (!pool->first && !pool->ending && error == 0)
    error = pthread_cond_timedwait (&pool->more, &pool->lock, &until);
  pool->idle--;
  struct inos_task *task = pool->first;
  if (task) {
    pool->first = task->next;
    pool->waiting--;
  }
  return task;
}

/* With the lock held: marks the place of this thread as one to be joined. */
static void leave (struct inos_compute_pool *pool)
{
  pool->running--;
  for (unsigned i = 0; i < pool->threads_max; i++)
    if (pool->thread[i].place == PLACE_RUNS &&
        pthread_equal (pool->thread[i].thread, pthread_self()))
      pool->thread[i].place = PLACE_ENDED;
}

static void *pool_main (void *data)
{
  struct inos_compute_pool *pool = data;
  struct inos_task *task;

  pthread_mutex_lock (&pool->lock);
  while ((task = take (pool))) {
    pthread_mutex_unlock (&pool->lock);
    perform (pool, task);
    pthread_mutex_lock (&pool->lock);
  }
  leave (pool);
  pthread_mutex_unlock (&pool->lock);
  return NULL;
}

/* With the lock held, which the new thread waits for. */
static bool start_thread (struct inos_compute_pool *pool)
{
  sigset_t all, before;
  unsigned i = 0;

  while (i < pool->threads_max && pool->thread[i].place == PLACE_RUNS)
    i++;
  if (i == pool->threads_max)
    return false;
  if (pool->thread[i].place == PLACE_ENDED) /* it has given up the lock, and does nothing more */
    pthread_join (pool->thread[i].thread, NULL);
  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  bool good = pthread_create (&pool->thread[i].thread, NULL, pool_main, pool) == 0;
  pthread_sigmask (SIG_SETMASK, &before, NULL);
  pool->thread[i].place = good ? PLACE_RUNS : PLACE_FREE;
  pool->running += good;
  return good;
}

/* Queuing */

static void append (struct inos_compute_pool *pool, struct inos_task *task)
{
  if (pool->first)
    pool->last->next = task;
  else
    pool->first = task;
  pool->last = task;
  pool->waiting++;
}

static bool put_seeded (struct inos_compute_pool *pool, struct inos_task *task)
{
  if (pool->seeded->len >= pool->queue_max)
    return false;
  atomic_fetch_add (&pool->begun, 1);
  g_ptr_array_add (pool->seeded, task);
  return true;
}

/* Gives @task to the pool. Returns: false where it is full, or has no thread. */
static bool put (struct inos_compute_pool *pool, struct inos_task *task)
{
  if (pool->runtime->config.seeded)
    return put_seeded (pool, task);
  pthread_mutex_lock (&pool->lock);
  bool room = !pool->ending && pool->waiting < pool->queue_max;
  if (room && pool->waiting >= pool->idle && !start_thread (pool))
    room = pool->running > 0;
  if (room) {
    atomic_fetch_add (&pool->begun, 1);
    append (pool, task);
    pthread_cond_signal (&pool->more);
  }
  pthread_mutex_unlock (&pool->lock);
  return room;
}

static struct inos_task *task_new (struct inos_runtime *runtime, inos_work work, void *argument,
                                   GDestroyNotify free)
{
  struct inos_task *task = g_try_new0 (struct inos_task, 1);

  if (task)
    *task = (struct inos_task){
      .runtime = runtime, .deadline = UINT64_MAX, .work = work, .argument = argument, .free = free};
  return task;
}

enum inos_sent inos_compute (struct inos_context *context, inos_work work, void *argument,
                             GDestroyNotify free, uint64_t timeout, inos_done done, uint64_t tag)
{
  struct inos_worker *worker = context->worker;
  struct inos_task *task = inos_pending_room (worker, context->cell)
                             ? task_new (context->runtime, work, argument, free)
                             : NULL;

  if (!task) {
    if (free)
      free (argument);
    return INOS_NO_MEMORY;
  }
  inos_worker_look_at_clock (worker);
  struct inos_request_id request =
    inos_pending_add (context, timeout, &inos_compute_run_reply_type, done, tag);
  task->request = request;
  if (timeout <= UINT64_MAX - worker->now)
    task->deadline = worker->now + timeout;
  if (put (context->runtime->compute, task)) /* the task is not ours any more */
    return INOS_ACCEPTED;
  task_free (task);
  inos_reply_fail (worker, request, 0, INOS_REPLY_FULL);
  return INOS_FULL;
}

bool inos_compute_detached (struct inos_runtime *runtime, inos_work work, void *argument,
                            GDestroyNotify free)
{
  struct inos_task *task = task_new (runtime, work, argument, free);

  if (task && put (runtime->compute, task))
    return true;
  g_free (task);
  return false;
}

/* For the runtime */

struct inos_compute_pool *inos_compute_new (struct inos_runtime *runtime, unsigned processors)
{
  const struct inos_runtime_config *config = &runtime->config;
  struct inos_compute_pool *pool = g_new0 (struct inos_compute_pool, 1);
  pthread_condattr_t attributes;

  pool->runtime = runtime;
  /* One that waits for a disk must not hold up all others. */
  pool->threads_max = config->compute_threads ? config->compute_threads : MAX (processors, 2);
  pool->threads_max = MIN (pool->threads_max, THREADS_MAX);
  pool->queue_max = config->compute_queue ? config->compute_queue : QUEUE_MAX;
  pool->seeded = g_ptr_array_new();
  pthread_mutex_init (&pool->lock, NULL);
  pthread_condattr_init (&attributes);
  pthread_condattr_setclock (&attributes, CLOCK_MONOTONIC);
  pthread_cond_init (&pool->more, &attributes);
  pthread_condattr_destroy (&attributes);
  return pool;
}

/* Joins whatever has ever been started; nobody starts more. */
static void join (struct inos_compute_pool *pool)
{
  for (unsigned i = 0; i < pool->threads_max; i++) {
    pthread_mutex_lock (&pool->lock);
    bool started = pool->thread[i].place != PLACE_FREE;
    pthread_mutex_unlock (&pool->lock);
    if (started)
      pthread_join (pool->thread[i].thread, NULL);
  }
}

void inos_compute_free (struct inos_compute_pool *pool)
{
  if (!pool)
    return;
  while (pool->seeded->len > 0)
    inos_compute_run_seeded (pool, 0);
  pthread_mutex_lock (&pool->lock);
  pool->ending = true;
  pthread_cond_broadcast (&pool->more);
  pthread_mutex_unlock (&pool->lock);
  join (pool);
  pthread_cond_destroy (&pool->more);
  pthread_mutex_destroy (&pool->lock);
  g_ptr_array_unref (pool->seeded);
  g_free (pool);
}

unsigned inos_compute_seeded_count (const struct inos_compute_pool *pool)
{
  return pool->seeded->len;
}

void inos_compute_run_seeded (struct inos_compute_pool *pool, unsigned which)
{
  perform (pool, g_ptr_array_remove_index (pool->seeded, which));
}

uint64_t inos_compute_begun (struct inos_compute_pool *pool)
{
  return atomic_load (&pool->begun);
}

bool inos_compute_is_idle (struct inos_compute_pool *pool, uint64_t begun)
{
  return atomic_load (&pool->ended) == begun && atomic_load (&pool->begun) == begun;
}
