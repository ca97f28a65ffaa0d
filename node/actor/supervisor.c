/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "node/actor/supervisor.h"

#include "node/actor/runtime.h"

INOS_PROTOCOL_DEFINE (inos_supervisor, INOS_SUPERVISOR);

/* What a supervisor is spawned with. */
struct seed {
  const struct inos_supervisor *table;
  inos_actor_id parent; /* the supervisor that it is a child of, or 0 */
};

struct supervisor {
  struct inos_runtime *runtime;
  const struct inos_supervisor *table;
  struct inos_supervision *supervision;
  inos_actor_id parent;
  inos_timer alarm;
};

/* Which request a command is, in its tag; behind it, for a page, how many to skip. */
enum tag { TAG_WHICH, TAG_COUNT, TAG_HEALTH, TAG_START, TAG_TERMINATE, TAG_RESTART, TAG_DELETE };
#define TAG_BITS 3

static inos_supervisor_ref ref_of (inos_actor_id id)
{
  return (inos_supervisor_ref){INOS_TO (id)};
}

static void tell (struct supervisor *self, struct inos_supervision_event event)
{
  inos_supervision_tell (self->supervision, &event);
}

/* Actions */

static void start_child (struct supervisor *self, struct inos_context *context,
                         inos_child_index index)
{
  struct inos_child_view view = inos_supervision_view (self->supervision, index);
  const struct inos_child *child = view.child;
  struct seed seed = {.table = child->supervisor, .parent = inos_self (context)};
  struct inos_spawn spawn = {
    .behaviour = child->behaviour,
    .argument = view.argument,
    .argument_size = view.argument_size,
    .capacity = child->capacity,
    .on_full = child->on_full,
    .block_timeout_ms = child->block_timeout_ms,
    .name = child->registered,
    .watcher = inos_self (context),
  };
  inos_actor_id id;

  if (child->supervisor) {
    spawn.behaviour = &inos_supervisor_behaviour;
    spawn.argument = &seed;
    spawn.argument_size = sizeof seed;
    spawn.name = child->supervisor->registered;
  }
  id = inos_spawn_actor (context, &spawn);
  tell (self, (struct inos_supervision_event){
                .kind = id ? INOS_EVENT_SPAWNED : INOS_EVENT_UNBORN,
                .child = index,
                .id = id,
                .reason = {.kind = INOS_EXIT_MEMORY},
              });
}

/* Where there is no memory for a timer, there is no patience either. */
static void arm (struct supervisor *self, struct inos_context *context,
                 const struct inos_supervision_action *action)
{
  self->alarm = inos_supervisor_send_alarm_after (context, ref_of (inos_self (context)),
                                                  (struct inos_supervisor_alarm){action->stamp},
                                                  action->delay_ms * INOS_MILLISECOND, 0);
  if (!self->alarm)
    tell (self, (struct inos_supervision_event){.kind = INOS_EVENT_TIMER, .stamp = action->stamp});
}

static void disarm (struct supervisor *self, struct inos_context *context)
{
  if (self->alarm)
    inos_cancel (context, self->alarm);
  self->alarm = 0;
}

/* A retry goes through the mailbox, behind what is there already. */
static void retry (struct supervisor *self, struct inos_context *context,
                   const struct inos_supervision_action *action)
{
  struct inos_supervisor_again again = {.child = action->child, .stamp = action->stamp};
  inos_supervisor_ref me = ref_of (inos_self (context));
  bool sent;

  if (action->delay_ms)
    sent =
      inos_supervisor_send_again_after (context, me, again, action->delay_ms * INOS_MILLISECOND, 0);
  else
    sent = inos_supervisor_send_again (context, me, again) == INOS_ACCEPTED;
  if (!sent)
    tell (self, (struct inos_supervision_event){
                  .kind = INOS_EVENT_RETRY, .child = action->child, .stamp = action->stamp});
}

static void become_ready (struct supervisor *self, struct inos_context *context)
{
  if (!self->parent)
    return;
  if (inos_supervisor_send_ready (context, ref_of (self->parent), INOS_NOTHING) != INOS_ACCEPTED)
    tell (self, (struct inos_supervision_event){.kind = INOS_EVENT_STOP,
                                                .reason = {.kind = INOS_EXIT_START}});
}

static void show_children (struct supervisor *self, struct inos_context *context,
                           struct inos_request_id request, uint32_t skip)
{
  const struct inos_supervision *s = self->supervision;
  struct inos_supervisor_children children = {0};

  for (inos_child_index i = inos_supervision_last (s); i != INOS_NO_CHILD;
       i = inos_supervision_previous (s, i)) {
    struct inos_child_view view = inos_supervision_view (s, i);
    struct inos_child_info *info = &children.child[children.shown];
    if (children.total++ < skip || children.shown == INOS_CHILDREN_SHOWN)
      continue;
    children.shown++;
    *info = (struct inos_child_info){.id = view.id,
                                     .state = view.state,
                                     .restarts = view.restarts,
                                     .lifetime = view.child->lifetime,
                                     .supervisor = view.child->supervisor != NULL};
    g_strlcpy (info->name, view.child->name, sizeof info->name);
  }
  children.strategy = self->table->strategy;
  inos_supervisor_reply_which_children_to (context, request, children);
}

static void answer (struct supervisor *self, struct inos_context *context,
                    const struct inos_supervision_action *action)
{
  struct inos_request_id request = action->command.request;
  struct inos_supervisor_answer said = {.status = action->status, .id = action->id};
  struct inos_supervision_health health;
  enum tag tag = (enum tag) (action->command.tag & ((1u << TAG_BITS) - 1));

  if (action->status == INOS_COMMAND_GONE && tag < TAG_START) {
    inos_refuse (context, request);
    return;
  }
  switch (tag) {
  case TAG_WHICH:
    show_children (self, context, request, action->command.tag >> TAG_BITS);
    break;
  case TAG_COUNT:
    inos_supervisor_reply_count_children_to (context, request,
                                             inos_supervision_counts (self->supervision));
    break;
  case TAG_HEALTH:
    inos_supervision_health (self->supervision, inos_now (context), &health);
    inos_supervisor_reply_health_to (context, request, health);
    break;
  case TAG_START:
    inos_supervisor_reply_start_child_to (context, request, said);
    break;
  case TAG_TERMINATE:
    inos_supervisor_reply_terminate_child_to (context, request, said);
    break;
  case TAG_RESTART:
    inos_supervisor_reply_restart_child_to (context, request, said);
    break;
  case TAG_DELETE:
    inos_supervisor_reply_delete_child_to (context, request, said);
    break;
  }
}

/* Does what there is to do. */
static enum inos_outcome go_on (struct supervisor *self, struct inos_context *context)
{
  struct inos_supervision_action action;

  while (inos_supervision_next (self->supervision, inos_now (context), &action)) {
    switch (action.kind) {
    case INOS_ACTION_START:
      start_child (self, context, action.child);
      break;
    case INOS_ACTION_STOP:
      inos_stop (context, action.id, action.reason);
      break;
    case INOS_ACTION_KILL:
      inos_kill (context, action.id);
      break;
    case INOS_ACTION_ARM:
      arm (self, context, &action);
      break;
    case INOS_ACTION_DISARM:
      disarm (self, context);
      break;
    case INOS_ACTION_RETRY:
      retry (self, context, &action);
      break;
    case INOS_ACTION_ANSWER:
      answer (self, context, &action);
      break;
    case INOS_ACTION_READY:
      become_ready (self, context);
      break;
    case INOS_ACTION_EXIT:
      return inos_done_with (context, action.reason);
    }
  }
  return INOS_OK;
}

static enum inos_outcome told (struct supervisor *self, struct inos_context *context,
                               struct inos_supervision_event event)
{
  tell (self, event);
  return go_on (self, context);
}

/* Requests */

static enum inos_outcome command (struct supervisor *self, struct inos_context *context,
                                  struct inos_command command)
{
  command.request = inos_request_handled (context);
  if (!inos_supervision_tell (
        self->supervision,
        &(struct inos_supervision_event){.kind = INOS_EVENT_COMMAND, .command = &command})) {
    g_free (command.argument);
    inos_refuse (context, command.request);
  }
  return go_on (self, context);
}

static struct inos_command about (enum inos_command_kind kind, enum tag tag,
                                  const struct inos_supervisor_whom *whom)
{
  struct inos_command command = {.kind = kind, .tag = tag, .id = whom->id};

  g_strlcpy (command.name, whom->name, sizeof command.name);
  return command;
}

INOS_HANDLE (inos_supervisor, which_children, struct supervisor)
{
  uint32_t skip = MIN (message->skip, INOS_CHILDREN_MAX);

  return command (
    self, context,
    (struct inos_command){.kind = INOS_COMMAND_QUERY, .tag = TAG_WHICH | skip << TAG_BITS});
}

INOS_HANDLE (inos_supervisor, count_children, struct supervisor)
{
  return command (self, context,
                  (struct inos_command){.kind = INOS_COMMAND_QUERY, .tag = TAG_COUNT});
}

INOS_HANDLE (inos_supervisor, health, struct supervisor)
{
  return command (self, context,
                  (struct inos_command){.kind = INOS_COMMAND_QUERY, .tag = TAG_HEALTH});
}

INOS_HANDLE (inos_supervisor, start_child, struct supervisor)
{
  struct inos_command start = {
    .kind = INOS_COMMAND_START, .tag = TAG_START, .child = message->child};
  uint32_t size = MIN (message->argument_size, INOS_CHILD_ARGUMENT_MAX);

  if (size) {
    start.argument = g_try_malloc (size);
    if (!start.argument) {
      inos_supervisor_reply_start_child (
        context, (struct inos_supervisor_answer){.status = INOS_COMMAND_FULL});
      return INOS_OK;
    }
    memcpy (start.argument, message->argument, size);
    start.argument_size = size;
  }
  return command (self, context, start);
}

INOS_HANDLE (inos_supervisor, terminate_child, struct supervisor)
{
  return command (self, context, about (INOS_COMMAND_TERMINATE, TAG_TERMINATE, message));
}

INOS_HANDLE (inos_supervisor, restart_child, struct supervisor)
{
  return command (self, context, about (INOS_COMMAND_RESTART, TAG_RESTART, message));
}

INOS_HANDLE (inos_supervisor, delete_child, struct supervisor)
{
  return command (self, context, about (INOS_COMMAND_DELETE, TAG_DELETE, message));
}

/* What happens. Messages of strangers that pretend to be these are ignored. */

/* Whether @who is a nested supervisor that is starting, whose own word is waited for. */
static bool is_starting_tree (struct supervisor *self, inos_actor_id who)
{
  inos_child_index child = inos_supervision_find (self->supervision, who);
  struct inos_child_view view;

  if (child == INOS_NO_CHILD)
    return false;
  view = inos_supervision_view (self->supervision, child);
  return view.child->supervisor && view.state == INOS_CHILD_STARTING;
}

INOS_HANDLE (inos_supervisor, ready, struct supervisor)
{
  if (!is_starting_tree (self, inos_sender (context)))
    return INOS_OK;
  return told (
    self, context,
    (struct inos_supervision_event){.kind = INOS_EVENT_STARTED, .id = inos_sender (context)});
}

INOS_HANDLE (inos_supervisor, again, struct supervisor)
{
  if (inos_sender (context) != inos_self (context))
    return INOS_OK;
  return told (self, context,
               (struct inos_supervision_event){
                 .kind = INOS_EVENT_RETRY, .child = message->child, .stamp = message->stamp});
}

INOS_HANDLE (inos_supervisor, alarm, struct supervisor)
{
  if (inos_sender (context) != inos_self (context))
    return INOS_OK;
  self->alarm = 0;
  return told (self, context,
               (struct inos_supervision_event){.kind = INOS_EVENT_TIMER, .stamp = message->stamp});
}

static enum inos_outcome on_started (void *state, struct inos_context *context, inos_actor_id who)
{
  struct supervisor *self = state;

  if (is_starting_tree (self, who))
    return INOS_OK;
  return told (self, context,
               (struct inos_supervision_event){.kind = INOS_EVENT_STARTED, .id = who});
}

static enum inos_outcome on_down (void *state, struct inos_context *context, inos_actor_id who,
                                  struct inos_exit reason)
{
  struct supervisor *self = state;
  bool failed = reason.kind == INOS_EXIT_START || reason.kind == INOS_EXIT_KILLED ||
                reason.kind == INOS_EXIT_MEMORY;

  /* It was ready, but ends pass messages. */
  if (!failed && is_starting_tree (self, who))
    tell (self, (struct inos_supervision_event){.kind = INOS_EVENT_STARTED, .id = who});
  return told (
    self, context,
    (struct inos_supervision_event){.kind = INOS_EVENT_DOWN, .id = who, .reason = reason});
}

static enum inos_outcome on_exit_asked (void *state, struct inos_context *context,
                                        inos_actor_id who, struct inos_exit reason)
{
  return told (state, context,
               (struct inos_supervision_event){.kind = INOS_EVENT_STOP, .reason = reason});
}

/* Life cycle */

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct supervisor *self = state;
  const struct seed *seed = argument;

  self->runtime = inos_context_runtime (context);
  self->parent = seed->parent;
  self->table = seed->table;
  self->supervision = inos_supervision_new (seed->table);
  if (!self->supervision)
    return inos_fail (context, 0, "no memory for the supervisor “%s”", seed->table->name);
  return go_on (self, context);
}

/* Children are there only where it was killed. */
static void clear (void *state)
{
  struct supervisor *self = state;
  struct inos_supervision *s = self->supervision;

  if (!s)
    return;
  for (inos_child_index i = inos_supervision_last (s); i != INOS_NO_CHILD;
       i = inos_supervision_previous (s, i)) {
    inos_actor_id id = inos_supervision_view (s, i).id;
    if (id)
      inos_runtime_stop_actor (self->runtime, id, (struct inos_exit){.kind = INOS_EXIT_SHUTDOWN});
  }
  inos_supervision_free (s);
}

INOS_BEHAVIOUR (inos_supervisor, INOS_SUPERVISOR, struct supervisor, .pre_start = pre_start,
                .on_started = on_started, .on_down = on_down, .on_exit = on_exit_asked,
                .clear = clear);

static bool is_sound (const struct inos_supervisor *table)
{
  const char *fault = inos_supervisor_fault (table);

  if (fault)
    g_critical ("The supervisor “%s” cannot be started: %s.", table->name ? table->name : "?",
                fault);
  return !fault;
}

inos_supervisor_ref inos_supervisor_spawn (struct inos_context *context,
                                           const struct inos_supervisor *table)
{
  struct seed seed = {.table = table};

  if (!is_sound (table))
    return ref_of (0);
  return ref_of (inos_spawn_actor (context, &(struct inos_spawn){
                                              .behaviour = &inos_supervisor_behaviour,
                                              .argument = &seed,
                                              .argument_size = sizeof seed,
                                              .name = table->registered,
                                              .link = true,
                                            }));
}

inos_supervisor_ref inos_supervisor_runtime_spawn (struct inos_runtime *runtime,
                                                   const struct inos_supervisor *table,
                                                   inos_actor_id watcher)
{
  struct seed seed = {.table = table};

  if (!is_sound (table))
    return ref_of (0);
  return ref_of (inos_runtime_spawn (runtime, &(struct inos_spawn){
                                                .behaviour = &inos_supervisor_behaviour,
                                                .argument = &seed,
                                                .argument_size = sizeof seed,
                                                .name = table->registered,
                                                .watcher = watcher,
                                              }));
}

struct inos_supervisor_whom inos_supervisor_whom_of (inos_actor_id id, const char *name)
{
  struct inos_supervisor_whom whom = {.id = id};

  if (name)
    g_strlcpy (whom.name, name, sizeof whom.name);
  return whom;
}
