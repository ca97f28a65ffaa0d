/*
 * Plays the scripts of a file with supervisors and workers that are actors, on seeded runtimes and
 * their virtual clocks, and writes their logs. Usage: run-runtime FILE [SALT]
 *
 * Whatever SALT makes of the runtime's own order of things, the logs are the same.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "script.h"

#include "node/actor/route.h"
#include "node/actor/runtime.h"
#include "node/actor/supervisor.h"

/* What is being played: workers are given nothing but their names, as dynamic ones are. */
static struct script *playing;
static bool ended;

static void note (const char *what, const char *who)
{
  g_string_append_printf (playing->log, "%s %s\n", what, who);
}

/* Workers */

struct worker_die {
  struct inos_exit reason;
};

#define WORKER(MESSAGE, REQUEST)                                                                   \
  MESSAGE (worker, die, struct worker_die, 1)                                                      \
  MESSAGE (worker, finish, struct inos_nothing, 1)
INOS_PROTOCOL (worker, WORKER);
INOS_PROTOCOL_DEFINE (worker, WORKER);

struct worker {
  struct plan *plan;
  bool deaf;
};

static enum inos_outcome worker_pre_start (void *state, struct inos_context *context,
                                           const void *argument)
{
  struct worker *self = state;
  struct plan *plan = script_plan (playing, *(const char *const *)argument, NULL);

  if (!script_starts (plan)) {
    note ("startfail", plan->name);
    return inos_fail (context, 1, "it was told to");
  }
  note ("start", plan->name);
  script_is (playing, plan, inos_self (context));
  self->plan = plan;
  return INOS_OK;
}

static enum inos_outcome worker_on_exit (void *state, struct inos_context *context,
                                         inos_actor_id who, struct inos_exit reason)
{
  struct worker *self = state;

  if (self->deaf)
    return INOS_OK;
  switch (self->plan->manner) {
  case MANNER_HANG:
    note ("ignored", self->plan->name);
    return INOS_OK;
  case MANNER_SLOW:
    note ("stopping", self->plan->name);
    self->deaf = true;
    worker_send_finish_after (context, (worker_ref){INOS_TO (inos_self (context))}, INOS_NOTHING,
                              self->plan->slow_ms * INOS_MILLISECOND, 0);
    return INOS_OK;
  default:
    note ("stop", self->plan->name);
    return inos_done_with (context, reason);
  }
}

INOS_HANDLE (worker, die, struct worker)
{
  if (self->deaf)
    return INOS_OK;
  note ("die", self->plan->name);
  if (message->reason.kind == INOS_EXIT_ERROR)
    return inos_fail (context, message->reason.code, "it was told to");
  return inos_done_with (context, message->reason);
}

INOS_HANDLE (worker, finish, struct worker)
{
  note ("stop", self->plan->name);
  return inos_done_with (context, (struct inos_exit){.kind = INOS_EXIT_SHUTDOWN});
}

static void worker_clear (void *state)
{
  struct worker *self = state;

  if (self->plan)
    self->plan->id = 0;
}

INOS_BEHAVIOUR (worker, WORKER, struct worker, .pre_start = worker_pre_start,
                .on_exit = worker_on_exit, .clear = worker_clear);

/* Who asks supervisors, and hears of the root's end */

struct asker_ask {
  uint32_t step;
};

#define ASKER(MESSAGE, REQUEST) MESSAGE (asker, ask, struct asker_ask, 1)
INOS_PROTOCOL (asker, ASKER);
INOS_PROTOCOL_DEFINE (asker, ASKER);

static enum inos_outcome write_answer (uint64_t step, enum inos_replied status, const char *text)
{
  g_string_append_printf (playing->answers, "%u %s\n", (unsigned)step,
                          status == INOS_REPLIED ? text : "noproc");
  return INOS_OK;
}

static enum inos_outcome on_which (void *state, struct inos_context *context,
                                   enum inos_replied status,
                                   const struct inos_supervisor_children *reply, uint64_t tag)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (uint32_t i = 0; reply && i < reply->shown; i++) {
    const struct inos_child_info *info = &reply->child[i];
    const struct plan *plan = g_hash_table_lookup (playing->names, &info->id);
    g_string_append_printf (text, "%s%s:%s", i ? " " : "", plan ? plan->name : info->name,
                            script_state (info->state));
  }
  return write_answer (tag, status, text->str);
}

static enum inos_outcome on_count (void *state, struct inos_context *context,
                                   enum inos_replied status, const struct inos_child_counts *reply,
                                   uint64_t tag)
{
  g_autofree char *text = reply ? g_strdup_printf ("%u %u %u %u", reply->specs, reply->active,
                                                   reply->supervisors, reply->workers)
                                : NULL;

  return write_answer (tag, status, text);
}

static enum inos_outcome on_answer (void *state, struct inos_context *context,
                                    enum inos_replied status,
                                    const struct inos_supervisor_answer *reply, uint64_t tag)
{
  return write_answer (tag, status, reply ? script_status (reply->status) : NULL);
}

static struct inos_supervisor_addition addition_of (const struct inos_supervisor *table,
                                                    const char *name)
{
  struct inos_supervisor_addition addition = {0};

  if (table->strategy != INOS_SIMPLE_ONE_FOR_ONE) {
    addition.child = g_hash_table_lookup (playing->extras, name);
    return addition;
  }
  script_plan (playing, name, script_plan (playing, table->children->name, NULL));
  addition.argument_size = sizeof name;
  memcpy (addition.argument, &name, sizeof name);
  return addition;
}

struct asker {
  int nothing;
};

INOS_HANDLE (asker, ask, struct asker)
{
  const struct step *step = &g_array_index (playing->steps, struct step, message->step);
  const struct inos_supervisor *table = script_table (playing, step->name);
  struct plan *plan = script_plan (playing, step->argument, NULL);
  bool simple = table->strategy == INOS_SIMPLE_ONE_FOR_ONE;
  inos_supervisor_ref to = {INOS_TO (inos_lookup (inos_context_runtime (context), step->name))};
  struct inos_supervisor_whom whom = inos_supervisor_whom_of (0, step->argument);
  uint64_t timeout = 1000 * INOS_SECOND;

  if (!to.address.id || (simple && step->what == STEP_TERMINATE && !(plan && plan->id)))
    return write_answer (message->step, INOS_REPLY_DEAD, NULL);
  if (simple)
    whom.id = plan ? plan->id : 0;
  switch (step->what) {
  case STEP_WHICH:
    inos_supervisor_request_which_children (context, to, (struct inos_supervisor_page){0}, timeout,
                                            on_which, message->step);
    break;
  case STEP_COUNT:
    inos_supervisor_request_count_children (context, to, INOS_NOTHING, timeout, on_count,
                                            message->step);
    break;
  case STEP_START:
    inos_supervisor_request_start_child (context, to,
                                         addition_of (table, g_intern_string (step->argument)),
                                         timeout, on_answer, message->step);
    break;
  case STEP_TERMINATE:
    inos_supervisor_request_terminate_child (context, to, whom, timeout, on_answer, message->step);
    break;
  case STEP_DELETE:
    inos_supervisor_request_delete_child (context, to, whom, timeout, on_answer, message->step);
    break;
  case STEP_RESTART:
    inos_supervisor_request_restart_child (context, to, whom, timeout, on_answer, message->step);
    break;
  default:
    g_assert_not_reached();
  }
  return INOS_OK;
}

static enum inos_outcome asker_on_down (void *state, struct inos_context *context,
                                        inos_actor_id who, struct inos_exit reason)
{
  note ("exit", script_reason (reason));
  ended = true;
  return INOS_OK;
}

INOS_BEHAVIOUR (asker, ASKER, struct asker, .on_down = asker_on_down);

/* Playing */

static void do_step (struct inos_runtime *runtime, inos_actor_id root, inos_actor_id asker,
                     unsigned number)
{
  const struct step *step = &g_array_index (playing->steps, struct step, number);
  struct plan *plan = script_plan (playing, step->name, NULL);
  inos_actor_id id = plan ? plan->id : 0;

  switch (step->what) {
  case STEP_KILL:
    if (id)
      worker_post_die (runtime, (worker_ref){INOS_TO (id)},
                       (struct worker_die){script_reason_of (step->argument)});
    else
      note ("noproc", step->name);
    break;
  case STEP_CRUSH:
    note (id ? "crush" : "noproc", step->name);
    if (id)
      inos_runtime_stop_actor (runtime, id, (struct inos_exit){.kind = INOS_EXIT_KILLED});
    break;
  case STEP_STOP:
    note ("shutdown", "root");
    inos_runtime_stop_actor (runtime, root, (struct inos_exit){.kind = INOS_EXIT_SHUTDOWN});
    break;
  default:
    asker_post_ask (runtime, (asker_ref){INOS_TO (asker)}, (struct asker_ask){number});
  }
}

static void play (struct inos_runtime *runtime)
{
  inos_actor_id asker =
    inos_runtime_spawn (runtime, &(struct inos_spawn){.behaviour = &asker_behaviour});
  inos_actor_id root = inos_supervisor_runtime_spawn (runtime, playing->root, asker).address.id;
  uint64_t at = inos_runtime_run (runtime, UINT64_MAX);

  if (ended)
    return;
  for (unsigned i = 0; i < playing->steps->len; i++) {
    const struct step *step = &g_array_index (playing->steps, struct step, i);
    at += STEP_MS * INOS_MILLISECOND;
    if (step->what == STEP_WAIT) {
      at += g_ascii_strtoull (step->name, NULL, 10) * INOS_MILLISECOND;
    } else {
      inos_runtime_run (runtime, at);
      do_step (runtime, root, asker, i);
    }
  }
  inos_runtime_run (runtime, at + (STEP_MS + SETTLE_MS) * INOS_MILLISECOND);
  if (!ended)
    note ("alive", "root");
}

static void check_accounts (struct inos_runtime *runtime)
{
  struct inos_totals t;

  inos_runtime_totals (runtime, &t);
  if (t.sent != t.handled + t.dead + t.dropped + t.expired)
    g_error ("script %" G_GUINT64_FORMAT ": messages are lost count of", playing->seed);
}

int main (int argc, char **argv)
{
  FILE *file = argc > 1 ? fopen (argv[1], "re") : stdin;
  uint64_t salt = argc > 2 ? g_ascii_strtoull (argv[2], NULL, 10) : 0;

  if (!file)
    g_error ("cannot read %s", argv[1]);
  while ((playing = script_read (file, &worker_behaviour))) {
    struct inos_runtime_config config = {.seeded = true, .seed = playing->seed + (salt << 32)};
    struct inos_runtime *runtime = inos_runtime_new (&config, NULL);
    ended = false;
    play (runtime);
    check_accounts (runtime);
    g_print ("script %" G_GUINT64_FORMAT " 0\n%sanswers\n%sdone\n", playing->seed,
             playing->log->str, playing->answers->str);
    inos_runtime_free (runtime, 0);
    script_free (playing);
  }
  fclose (file);
  return 0;
}
