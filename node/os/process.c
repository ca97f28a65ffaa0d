/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/os/process.h"

#include "node/actor/compute.h"
#include "node/os/argument.h"
#include "node/os/child.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define GRACE_MS 2000
#define TICK (5 * INOS_MILLISECOND) /* where no loop tells of an end */
#define SIGNALLED 128               /* as shells say it */

INOS_PROTOCOL_DEFINE (inos_process, INOS_PROCESS);

struct process {
  struct inos_runtime *runtime;
  struct inos_child_process child;
  GSource *end_watch, *grace_watch;
  struct inos_inflow output, errors;
  struct inos_outflow input;
  struct inos_address receiver;
  inos_event on_end;
  uint32_t grace_ms;
  bool ended, told, waits; /* waits: for `again` */
  bool stopping;
  uint64_t kill_at; /* where ticks are all there is */
  struct inos_exit reason;
  struct inos_process_end end;
};

/* The course of things */

static struct inos_exit reason_of (const struct process *self)
{
  if (self->stopping)
    return self->reason;
  if (self->end.signal)
    return (struct inos_exit){INOS_EXIT_ERROR, SIGNALLED + self->end.signal};
  if (self->end.code != 0)
    return (struct inos_exit){INOS_EXIT_ERROR, self->end.code};
  return (struct inos_exit){INOS_EXIT_NORMAL, 0};
}

static bool is_held (const struct process *self, struct inos_context *context)
{
  return inos_inflow_is_held (&self->output, context) ||
         inos_inflow_is_held (&self->errors, context);
}

/* An actor that is blocked handles no message: so one to itself says when it is no more. */
static void wait_for_room (struct process *self, struct inos_context *context)
{
  const inos_process_ref me = {INOS_TO (inos_self (context))};

  if (self->waits || !inos_is_blocked (context))
    return;
  self->waits = true;
  if (inos_process_send_again (context, me, INOS_NOTHING) != INOS_ACCEPTED)
    inos_process_send_again_after (context, me, INOS_NOTHING, 0, 0); /* a full mailbox of its own */
}

static enum inos_outcome on_readable_output (void *state, struct inos_context *context);
static enum inos_outcome on_readable_errors (void *state, struct inos_context *context);
static enum inos_outcome on_writable (void *state, struct inos_context *context);

static enum inos_outcome go_on (struct process *self, struct inos_context *context)
{
  inos_inflow_arm (&self->output, context, on_readable_output);
  inos_inflow_arm (&self->errors, context, on_readable_errors);
  inos_outflow_arm (&self->input, context, on_writable);
  wait_for_room (self, context);
  return INOS_OK;
}

/* The program has ended: what it wrote goes first, then how it ended, then the actor. One that is
 * told to stop waits for no receiver. */
static enum inos_outcome wind_up (struct process *self, struct inos_context *context)
{
  while (inos_inflow_read (&self->output, context) || inos_inflow_read (&self->errors, context))
    ;
  if (is_held (self, context) && !self->stopping)
    return go_on (self, context);
  if (!self->told && self->on_end)
    inos_send (context, self->receiver, self->on_end, &self->end, NULL);
  self->told = true;
  if (inos_is_blocked (context) && !self->stopping)
    return go_on (self, context);
  return inos_done_with (context, reason_of (self));
}

static enum inos_outcome advance (struct process *self, struct inos_context *context)
{
  return self->ended ? wind_up (self, context) : go_on (self, context);
}

static enum inos_outcome on_readable_output (void *state, struct inos_context *context)
{
  struct process *self = state;

  inos_inflow_read (&self->output, context);
  return advance (self, context);
}

static enum inos_outcome on_readable_errors (void *state, struct inos_context *context)
{
  struct process *self = state;

  inos_inflow_read (&self->errors, context);
  return advance (self, context);
}

static enum inos_outcome on_writable (void *state, struct inos_context *context)
{
  struct process *self = state;

  inos_outflow_write (&self->input, context);
  return advance (self, context);
}

static enum inos_outcome on_ended (void *state, struct inos_context *context)
{
  struct process *self = state;
  siginfo_t info;

  if (!inos_child_process_reap (&self->child, false, &info))
    return INOS_OK;
  inos_watch_end (&self->end_watch);
  inos_watch_end (&self->grace_watch);
  inos_outflow_clear (&self->input, context);
  self->ended = true;
  self->end = info.si_code == CLD_EXITED ? (struct inos_process_end){info.si_status, 0}
                                         : (struct inos_process_end){-1, info.si_status};
  return wind_up (self, context);
}

/* Starting */

static bool make_pipe (bool child_reads, int *ours, int *childs, const char **error)
{
  int ends[2];

  if (pipe2 (ends, O_CLOEXEC) < 0) {
    *error = g_strerror (errno);
    return false;
  }
  int child_end = child_reads ? 0 : 1;
  *ours = ends[1 - child_end];
  *childs = fcntl (ends[child_end], F_DUPFD_CLOEXEC, 3);
  close (ends[child_end]);
  if (*childs < 0 || fcntl (*ours, F_SETFL, O_NONBLOCK) < 0) {
    *error = g_strerror (errno);
    close (*ours);
    return false;
  }
  return true;
}

static bool make_null (int *childs, const char **error)
{
  int fd = open ("/dev/null", O_RDWR | O_CLOEXEC);

  *childs = fd < 0 ? -1 : fcntl (fd, F_DUPFD_CLOEXEC, 3);
  if (*childs < 0)
    *error = g_strerror (errno);
  if (fd >= 0)
    close (fd);
  return *childs >= 0;
}

static bool make_outgoing (struct inos_inflow *in, const struct inos_process *process,
                           inos_event event, int *childs, const char **error)
{
  int ours;

  if (!event)
    return make_null (childs, error);
  if (!make_pipe (false, &ours, childs, error))
    return false;
  inos_inflow_begin (in, ours, process->receiver, event, process->window);
  return true;
}

static bool make_stdio (struct process *self, const struct inos_process *process, int childs[3],
                        const char **error)
{
  int ours;

  if (!process->has_input && !make_null (&childs[0], error))
    return false;
  if (process->has_input) {
    if (!make_pipe (true, &ours, &childs[0], error))
      return false;
    inos_outflow_begin (&self->input, ours, false, &inos_process_write_reply_type);
  }
  return make_outgoing (&self->output, process, process->on_output, &childs[1], error) &&
         make_outgoing (&self->errors, process, process->on_errors, &childs[2], error);
}

/* What the security context has to say of it; opens the directory. */
static struct inos_os_result check (const struct inos_process *process,
                                    struct inos_child_plan *plan)
{
  struct inos_os_result result = inos_security_program (process->security, plan->path);

  if (result.error == INOS_OS_OK && process->directory)
    result = inos_security_open (process->security, process->directory, O_RDONLY | O_DIRECTORY, 0,
                                 &plan->directory);
  if (result.error == INOS_OS_OK) {
    plan->limits = inos_security_limits (process->security, &process->limits);
    plan->may_gain_privileges = process->security->may_gain_privileges;
  }
  return result;
}

static enum inos_outcome run (struct process *self, struct inos_context *context,
                              const struct inos_process *process)
{
  static const char *const nothing[] = {NULL};
  struct inos_child_plan plan = {.path = process->argv ? process->argv[0] : NULL,
                                 .argv = process->argv,
                                 .environment =
                                   process->environment ? process->environment : nothing,
                                 .directory = -1,
                                 .stdio = {-1, -1, -1}};
  struct inos_os_result result = check (process, &plan);
  const char *error = NULL;

  if (result.error == INOS_OS_OK && make_stdio (self, process, plan.stdio, &error))
    result = inos_child_process_start (&plan, &self->child);
  for (int i = 0; i < 3; i++)
    if (plan.stdio[i] >= 0)
      close (plan.stdio[i]);
  if (plan.directory >= 0)
    close (plan.directory);
  if (result.error != INOS_OS_OK || error)
    return inos_fail (context, (int32_t)result.error, "%s could not be run: %s",
                      plan.path ? plan.path : "Nothing", error ? error : inos_os_text (result));
  self->end_watch = inos_watch_fd (context, self->child.pidfd, G_IO_IN, on_ended);
  return go_on (self, context);
}

static enum inos_outcome start (struct process *self, struct inos_context *context,
                                const struct inos_process *process)
{
  self->runtime = inos_context_runtime (context);
  self->receiver = process->receiver;
  self->on_end = process->on_end;
  self->grace_ms = process->grace_ms ? process->grace_ms : GRACE_MS;
  if (!inos_edge_context (self->runtime))
    return inos_fail (context, INOS_OS_FAILED, "A process needs an edge");
  if (self->receiver.id && !self->receiver.route)
    inos_monitor (context, self->receiver.id);
  return run (self, context, process);
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  gboolean is_packed;
  const struct inos_process *table = inos_argument_table (argument, &is_packed);

  if (!is_packed)
    return start (state, context, table);
  struct inos_process process = *table;
  g_autofree const char **argv = inos_argument_list (argument, sizeof process, 0);
  g_autofree const char **environment = inos_argument_list (argument, sizeof process, 1);
  g_autofree const char **directory = inos_argument_list (argument, sizeof process, 2);
  process.argv = argv;
  process.environment = environment;
  process.directory = directory ? directory[0] : NULL;
  return start (state, context, &process);
}

/* Ending */

static enum inos_outcome on_grace (void *state, struct inos_context *context)
{
  struct process *self = state;

  inos_child_process_signal (&self->child, SIGKILL);
  return INOS_OK;
}

/* Where the loop does not run any more, nobody tells of the end, so that it has to be looked for.
 */
static void stop_by_ticks (struct process *self, struct inos_context *context)
{
  const inos_process_ref me = {INOS_TO (inos_self (context))};

  self->kill_at = inos_now (context) + self->grace_ms * INOS_MILLISECOND;
  inos_process_send_tick_after (context, me, INOS_NOTHING, TICK, TICK);
}

static enum inos_outcome on_exit_signal (void *state, struct inos_context *context,
                                         inos_actor_id who, struct inos_exit reason)
{
  struct process *self = state;

  if (self->stopping)
    return INOS_OK;
  self->stopping = true;
  self->reason = reason;
  if (self->ended)
    return wind_up (self, context);
  inos_child_process_signal (&self->child, SIGTERM);
  inos_child_process_signal (&self->child, SIGCONT); /* one that is stopped hears of it, too */
  self->grace_watch = inos_watch_time (context, self->grace_ms, on_grace);
  if (!self->grace_watch)
    stop_by_ticks (self, context);
  return INOS_OK;
}

INOS_HANDLE (inos_process, tick, struct process)
{
  if (inos_now (context) >= self->kill_at)
    inos_child_process_signal (&self->child, SIGKILL);
  return on_ended (self, context);
}

/* The receiver has gone: as when nobody reads a pipe any more. */
static enum inos_outcome on_down (void *state, struct inos_context *context, inos_actor_id who,
                                  struct inos_exit reason)
{
  struct process *self = state;

  inos_inflow_clear (&self->output);
  inos_inflow_clear (&self->errors);
  return advance (self, context);
}

static void post_stop (void *state, struct inos_context *context, struct inos_exit reason)
{
  struct process *self = state;

  inos_outflow_clear (&self->input, context); /* whoever waits is answered */
}

static void reap (const struct inos_task *task, void *child)
{
  siginfo_t info;

  inos_child_process_reap (child, true, &info);
}

/* A killed process does not take long to end, but how long nobody can say. */
static void reap_later (struct process *self)
{
  struct inos_child_process *child = g_new (struct inos_child_process, 1);

  *child = self->child;
  if (!inos_compute_detached (self->runtime, reap, child, g_free)) {
    reap (NULL, child);
    g_free (child);
  }
}

static void clear (void *state)
{
  struct process *self = state;

  inos_watch_end (&self->end_watch);
  inos_watch_end (&self->grace_watch);
  inos_inflow_clear (&self->output);
  inos_inflow_clear (&self->errors);
  inos_outflow_clear (&self->input, NULL);
  if (self->child.pid) {
    inos_child_process_signal (&self->child, SIGKILL);
    reap_later (self);
  }
}

/* Messages */

INOS_HANDLE (inos_process, write, struct process)
{
  inos_outflow_put (&self->input, context, message->bytes);
  return advance (self, context);
}

INOS_HANDLE (inos_process, end_input, struct process)
{
  inos_outflow_finish (&self->input, context);
  return advance (self, context);
}

INOS_HANDLE (inos_process, taken, struct process)
{
  inos_inflow_taken (message->stream == INOS_PROCESS_ERRORS ? &self->errors : &self->output,
                     message->bytes);
  return advance (self, context);
}

INOS_HANDLE (inos_process, signal, struct process)
{
  inos_child_process_signal (&self->child, message->number);
  return INOS_OK;
}

INOS_HANDLE (inos_process, status, struct process)
{
  inos_process_reply_status (
    context, (struct inos_process_status){self->child.pid, (uint32_t)self->input.waiting});
  return INOS_OK;
}

INOS_HANDLE (inos_process, again, struct process)
{
  self->waits = false;
  return advance (self, context);
}

INOS_BEHAVIOUR (inos_process, INOS_PROCESS, struct process, .on_edge = true, .pre_start = pre_start,
                .post_stop = post_stop, .on_exit = on_exit_signal, .on_down = on_down,
                .clear = clear);

/* Spawning */

static GByteArray *pack (const struct inos_process *process)
{
  const char *const directory[] = {process->directory, NULL};
  const char *const *const lists[] = {process->argv, process->environment,
                                      process->directory ? directory : NULL};

  return inos_argument_new (process, sizeof *process, lists, G_N_ELEMENTS (lists));
}

static struct inos_spawn spawn_of (const struct inos_spawn *how, const GByteArray *argument)
{
  return (struct inos_spawn){.behaviour = &inos_process_behaviour,
                             .argument = argument->data,
                             .argument_size = argument->len,
                             .name = how ? how->name : NULL,
                             .watcher = how ? how->watcher : 0,
                             .link = how && how->link};
}

inos_process_ref inos_process_spawn (struct inos_context *context,
                                     const struct inos_process *process,
                                     const struct inos_spawn *how)
{
  g_autoptr (GByteArray) argument = pack (process);
  const struct inos_spawn spawn = spawn_of (how, argument);

  return (inos_process_ref){INOS_TO (inos_spawn_actor (context, &spawn))};
}

inos_process_ref inos_process_runtime_spawn (struct inos_runtime *runtime,
                                             const struct inos_process *process,
                                             const struct inos_spawn *how)
{
  g_autoptr (GByteArray) argument = pack (process);
  const struct inos_spawn spawn = spawn_of (how, argument);

  return (inos_process_ref){INOS_TO (inos_runtime_spawn (runtime, &spawn))};
}
