/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/process.h"

#include "node/actor/compute.h"
#include "node/os/argument.h"
#include "node/os/process_start.h"

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

static enum inos_outcome on_readable_output (void *state, struct inos_context *context);
static enum inos_outcome on_readable_errors (void *state, struct inos_context *context);
static enum inos_outcome on_writable (void *state, struct inos_context *context);

static enum inos_outcome go_on (struct process *self, struct inos_context *context)
{
  inos_inflow_arm (&self->output, context, on_readable_output);
  inos_inflow_arm (&self->errors, context, on_readable_errors);
  inos_outflow_arm (&self->input, context, on_writable);
  inos_wait_for_room (context, &self->waits, &inos_process_again_type);
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

static void begin_flows (struct process *self, const struct inos_process *process,
                         const int stdio[3])
{
  if (stdio[0] >= 0)
    inos_outflow_begin (&self->input, stdio[0], false, &inos_process_write_reply_type);
  if (stdio[1] >= 0)
    inos_inflow_begin (&self->output, stdio[1], process->receiver, process->on_output,
                       process->window);
  if (stdio[2] >= 0)
    inos_inflow_begin (&self->errors, stdio[2], process->receiver, process->on_errors,
                       process->window);
}

static enum inos_outcome start (struct process *self, struct inos_context *context,
                                const struct inos_process *process)
{
  struct inos_process_begun begun;

  self->runtime = inos_context_runtime (context);
  self->receiver = process->receiver;
  self->on_end = process->on_end;
  self->grace_ms = process->grace_ms ? process->grace_ms : GRACE_MS;
  if (!inos_edge_context (self->runtime))
    return inos_fail (context, INOS_OS_FAILED, "A process needs an edge");
  struct inos_os_result result = inos_process_begin (process, &begun);
  if (result.error != INOS_OS_OK)
    return inos_fail (context, (int32_t)result.error, "%s could not be run: %s",
                      process->argv && process->argv[0] ? process->argv[0] : "Nothing",
                      inos_os_text (result));
  self->child = begun.child;
  begin_flows (self, process, begun.stdio);
  self->end_watch = inos_watch_fd (context, self->child.pidfd, G_IO_IN, on_ended);
  if (self->receiver.id && !self->receiver.route)
    inos_monitor (context, self->receiver.id);
  return go_on (self, context);
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

inos_process_ref inos_process_spawn (struct inos_context *context,
                                     const struct inos_process *process,
                                     const struct inos_spawn *how)
{
  g_autoptr (GByteArray) argument = pack (process);
  const struct inos_spawn spawn = inos_argument_spawn (&inos_process_behaviour, argument, how);

  return (inos_process_ref){INOS_TO (inos_spawn_actor (context, &spawn))};
}

inos_process_ref inos_process_runtime_spawn (struct inos_runtime *runtime,
                                             const struct inos_process *process,
                                             const struct inos_spawn *how)
{
  g_autoptr (GByteArray) argument = pack (process);
  const struct inos_spawn spawn = inos_argument_spawn (&inos_process_behaviour, argument, how);

  return (inos_process_ref){INOS_TO (inos_runtime_spawn (runtime, &spawn))};
}
