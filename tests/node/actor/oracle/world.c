/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <string.h>

#define MS UINT64_C (1000000)
#define NEVER UINT32_MAX

/* A supervisor that lives, or has lived. */
struct node {
  const struct inos_supervisor *table;
  struct inos_supervision *supervision;
  struct node *parent; /* NULL: the root */
  inos_actor_id id;
  bool ready;
};

enum kind {
  TO_NODE, /* event for a supervision */
  FINISH,  /* a slow worker has stopped */
  DO_STEP,
};

struct happening {
  uint64_t at;
  uint64_t number; /* what is due at one time happens in the order in which it was arranged */
  enum kind kind;
  bool by_clock;
  struct node *node;
  struct inos_supervision_event event;
  struct plan *plan;
  inos_actor_id id;
  unsigned step;
};

struct worker {
  struct plan *plan;
  struct node *node;
  bool deaf; /* slow, and stopping */
};

struct world {
  struct script *script;
  uint64_t now, number;
  inos_actor_id last_id;
  GArray *heap;        /* struct happening, the first to come last */
  GPtrArray *nodes;    /* struct node, ever */
  GHashTable *workers; /* id → struct worker */
  uint64_t clocked;    /* when the clock last made something happen */
  const void *clocked_by;
  uint32_t margin;
  bool ended;
};

static enum inos_outcome receive_nothing (void *state, struct inos_context *context,
                                          const struct inos_message *message)
{
  return INOS_OK;
}

const struct inos_behaviour world_worker = {.name = "worker", .receive = receive_nothing};

/* What is to happen */

static void arrange (struct world *world, struct happening h, uint32_t delay_ms)
{
  unsigned i = world->heap->len;

  h.at = world->now + delay_ms * MS;
  h.number = world->number++;
  while (i && g_array_index (world->heap, struct happening, i - 1).at <= h.at)
    i--;
  g_array_insert_val (world->heap, i, h);
}

static void post (struct world *world, struct node *node, struct inos_supervision_event event)
{
  arrange (world, (struct happening){.kind = TO_NODE, .node = node, .event = event}, 0);
}

static void note (struct world *world, const char *what, const char *who)
{
  g_string_append_printf (world->script->log, "%s %s\n", what, who);
}

/* Workers */

static struct worker *worker_of (struct world *world, inos_actor_id id)
{
  return g_hash_table_lookup (world->workers, &id);
}

static void die (struct world *world, inos_actor_id id, struct inos_exit reason)
{
  struct worker *worker = worker_of (world, id);
  struct node *node = worker->node;

  worker->plan->id = 0;
  g_hash_table_remove (world->workers, &id);
  post (world, node,
        (struct inos_supervision_event){.kind = INOS_EVENT_DOWN, .id = id, .reason = reason});
}

static void tell_to_stop (struct world *world, inos_actor_id id)
{
  struct worker *worker = worker_of (world, id);

  if (!worker || worker->deaf)
    return;
  switch (worker->plan->manner) {
  case MANNER_PLAIN:
    note (world, "stop", worker->plan->name);
    die (world, id, (struct inos_exit){.kind = INOS_EXIT_SHUTDOWN});
    break;
  case MANNER_HANG:
    note (world, "ignored", worker->plan->name);
    break;
  case MANNER_SLOW:
    note (world, "stopping", worker->plan->name);
    worker->deaf = true;
    arrange (world, (struct happening){.kind = FINISH, .id = id, .node = worker->node},
             worker->plan->slow_ms);
  }
}

/* Supervisors */

static struct node *node_of (struct world *world, inos_actor_id id)
{
  for (unsigned i = world->nodes->len; i-- > 0;)
    if (((struct node *)world->nodes->pdata[i])->id == id)
      return world->nodes->pdata[i];
  return NULL;
}

static void pump (struct world *world, struct node *node);

static struct node *add_node (struct world *world, const struct inos_supervisor *table,
                              struct node *parent)
{
  struct node *node = g_new0 (struct node, 1);

  g_assert_cmpstr (inos_supervisor_fault (table), ==, NULL);
  *node = (struct node){
    .table = table,
    .supervision = inos_supervision_new (table),
    .parent = parent,
    .id = ++world->last_id,
  };
  g_ptr_array_add (world->nodes, node);
  note (world, "init", table->name);
  return node;
}

/* What a child is called. */
static const char *name_of (struct inos_child_view view)
{
  return view.argument_size ? *(const char *const *)view.argument : view.child->name;
}

static void start_worker (struct world *world, struct node *node, inos_child_index child,
                          const struct inos_child_view *view)
{
  struct plan *like = script_plan (world->script, view->child->name, NULL);
  struct plan *plan = script_plan (world->script, name_of (*view), like);
  inos_actor_id id = ++world->last_id;
  struct worker *worker;

  inos_supervision_tell (
    node->supervision,
    &(struct inos_supervision_event){.kind = INOS_EVENT_SPAWNED, .child = child, .id = id});
  if (!script_starts (plan)) {
    note (world, "startfail", plan->name);
    post (world, node,
          (struct inos_supervision_event){
            .kind = INOS_EVENT_DOWN, .id = id, .reason = {.kind = INOS_EXIT_START}});
    return;
  }
  note (world, "start", plan->name);
  worker = g_new0 (struct worker, 1);
  *worker = (struct worker){.plan = plan, .node = node};
  script_is (world->script, plan, id);
  g_hash_table_insert (world->workers, g_memdup2 (&id, sizeof id), worker);
  post (world, node, (struct inos_supervision_event){.kind = INOS_EVENT_STARTED, .id = id});
}

static void start (struct world *world, struct node *node, inos_child_index child)
{
  struct inos_child_view view = inos_supervision_view (node->supervision, child);

  if (view.child->supervisor) {
    struct node *inner = add_node (world, view.child->supervisor, node);
    inos_supervision_tell (node->supervision,
                           &(struct inos_supervision_event){
                             .kind = INOS_EVENT_SPAWNED, .child = child, .id = inner->id});
    pump (world, inner);
  } else {
    start_worker (world, node, child, &view);
  }
}

static void end_node (struct world *world, struct node *node, struct inos_exit reason)
{
  g_clear_pointer (&node->supervision, inos_supervision_free);
  if (node->parent && node->parent->supervision)
    post (
      world, node->parent,
      (struct inos_supervision_event){.kind = INOS_EVENT_DOWN, .id = node->id, .reason = reason});
  if (!node->parent) {
    note (world, "exit", script_reason (reason));
    world->ended = true;
  }
}

static void answer (struct world *world, struct node *node,
                    const struct inos_supervision_action *action)
{
  GString *answers = world->script->answers;
  const struct step *step = &g_array_index (world->script->steps, struct step, action->command.tag);
  struct inos_child_counts counts = inos_supervision_counts (node->supervision);

  g_string_append_printf (answers, "%u", action->command.tag);
  if (action->status == INOS_COMMAND_GONE)
    g_string_append (answers, " noproc");
  else if (step->what == STEP_WHICH)
    for (inos_child_index i = inos_supervision_last (node->supervision); i != INOS_NO_CHILD;
         i = inos_supervision_previous (node->supervision, i)) {
      struct inos_child_view view = inos_supervision_view (node->supervision, i);
      g_string_append_printf (answers, " %s:%s", name_of (view), script_state (view.state));
    }
  else if (step->what == STEP_COUNT)
    g_string_append_printf (answers, " %u %u %u %u", counts.specs, counts.active,
                            counts.supervisors, counts.workers);
  else
    g_string_append_printf (answers, " %s", script_status (action->status));
  g_string_append_c (answers, '\n');
}

static void act (struct world *world, struct node *node,
                 const struct inos_supervision_action *action)
{
  struct inos_supervision_event event = {.stamp = action->stamp, .child = action->child};
  struct node *inner;

  switch (action->kind) {
  case INOS_ACTION_START:
    start (world, node, action->child);
    break;
  case INOS_ACTION_STOP:
    inner = node_of (world, action->id);
    event = (struct inos_supervision_event){.kind = INOS_EVENT_STOP, .reason = action->reason};
    if (inner)
      post (world, inner, event);
    else
      tell_to_stop (world, action->id);
    break;
  case INOS_ACTION_KILL:
    g_assert_null (node_of (world, action->id));
    if (worker_of (world, action->id))
      die (world, action->id, (struct inos_exit){.kind = INOS_EXIT_KILLED});
    break;
  case INOS_ACTION_ARM:
    event.kind = INOS_EVENT_TIMER;
    arrange (world,
             (struct happening){.kind = TO_NODE, .by_clock = true, .node = node, .event = event},
             action->delay_ms);
    break;
  case INOS_ACTION_RETRY:
    event.kind = INOS_EVENT_RETRY;
    arrange (world, (struct happening){.kind = TO_NODE, .node = node, .event = event},
             action->delay_ms);
    break;
  case INOS_ACTION_ANSWER:
    answer (world, node, action);
    break;
  case INOS_ACTION_READY:
    node->ready = true;
    if (node->parent)
      post (world, node->parent,
            (struct inos_supervision_event){.kind = INOS_EVENT_STARTED, .id = node->id});
    break;
  case INOS_ACTION_EXIT:
    end_node (world, node, action->reason);
    break;
  case INOS_ACTION_DISARM:
    for (unsigned i = world->heap->len; i-- > 0;) {
      struct happening *h = &g_array_index (world->heap, struct happening, i);
      if (h->by_clock && h->node == node)
        g_array_remove_index (world->heap, i);
    }
  }
}

static void check (struct node *node)
{
  const char *broken = node->supervision ? inos_supervision_broken (node->supervision) : NULL;

  if (broken)
    g_error ("%s: %s", node->table->name, broken);
}

static void pump (struct world *world, struct node *node)
{
  struct inos_supervision_action action;

  check (node);
  while (node->supervision && inos_supervision_next (node->supervision, world->now, &action)) {
    check (node);
    act (world, node, &action);
    check (node);
  }
}

/* Steps */

static struct node *living (struct world *world, const char *name)
{
  for (unsigned i = world->nodes->len; i-- > 0;) {
    struct node *node = world->nodes->pdata[i];
    if (node->supervision && strcmp (node->table->name, name) == 0)
      return node;
  }
  return NULL;
}

static void command (struct world *world, unsigned number, const struct step *step)
{
  static const enum inos_command_kind kinds[] = {
    [STEP_WHICH] = INOS_COMMAND_QUERY,   [STEP_COUNT] = INOS_COMMAND_QUERY,
    [STEP_START] = INOS_COMMAND_START,   [STEP_TERMINATE] = INOS_COMMAND_TERMINATE,
    [STEP_DELETE] = INOS_COMMAND_DELETE, [STEP_RESTART] = INOS_COMMAND_RESTART,
  };
  struct node *node = living (world, step->name);
  struct inos_command command = {.kind = kinds[step->what], .tag = number};
  const char *name = g_intern_string (step->argument);
  bool simple = node && node->table->strategy == INOS_SIMPLE_ONE_FOR_ONE;
  struct plan *plan = script_plan (world->script, name, NULL);

  if (!node || (simple && step->what == STEP_TERMINATE && !(plan && plan->id))) {
    g_string_append_printf (world->script->answers, "%u noproc\n", number);
    return;
  }
  g_strlcpy (command.name, name, sizeof command.name);
  if (step->what == STEP_START && simple) {
    command.argument = g_memdup2 (&name, sizeof (void *));
    command.argument_size = sizeof (void *);
  } else if (step->what == STEP_START) {
    command.child = g_hash_table_lookup (world->script->extras, name);
  } else if (simple && step->what == STEP_TERMINATE) {
    command.id = plan->id;
  }
  inos_supervision_tell (node->supervision, &(struct inos_supervision_event){
                                              .kind = INOS_EVENT_COMMAND, .command = &command});
  pump (world, node);
}

static void do_step (struct world *world, unsigned number)
{
  const struct step *step = &g_array_index (world->script->steps, struct step, number);
  struct plan *plan = script_plan (world->script, step->name, NULL);
  struct node *root = world->nodes->pdata[0];

  switch (step->what) {
  case STEP_KILL:
    if (!plan || !plan->id) {
      note (world, "noproc", step->name);
    } else if (!worker_of (world, plan->id)->deaf) {
      note (world, "die", step->name);
      die (world, plan->id, script_reason_of (step->argument));
    }
    break;
  case STEP_CRUSH:
    note (world, plan && plan->id ? "crush" : "noproc", step->name);
    if (plan && plan->id)
      die (world, plan->id, (struct inos_exit){.kind = INOS_EXIT_KILLED});
    break;
  case STEP_STOP:
    note (world, "shutdown", "root");
    if (root->supervision)
      post (world, root,
            (struct inos_supervision_event){.kind = INOS_EVENT_STOP,
                                            .reason = {.kind = INOS_EXIT_SHUTDOWN}});
    break;
  case STEP_WAIT:
    break;
  default:
    command (world, number, step);
  }
}

/* Playing */

/* Notes how near two things that the clock makes happen are to each other. */
static void measure (struct world *world, const struct happening *h)
{
  const void *by = h->kind == DO_STEP ? (const void *)world->script : h->node;
  uint32_t gap = (uint32_t)((h->at - world->clocked) / MS);

  if (h->kind == TO_NODE && !h->by_clock)
    return;
  if (world->clocked_by && (gap || by != world->clocked_by))
    world->margin = MIN (world->margin, gap);
  world->clocked = h->at;
  world->clocked_by = by;
}

static void happen (struct world *world, struct happening h)
{
  if (h.kind == TO_NODE && !h.node->supervision)
    return;
  if (h.kind == FINISH && !worker_of (world, h.id))
    return;
  world->now = h.at;
  measure (world, &h);
  switch (h.kind) {
  case TO_NODE:
    inos_supervision_tell (h.node->supervision, &h.event);
    pump (world, h.node);
    break;
  case FINISH:
    note (world, "stop", worker_of (world, h.id)->plan->name);
    die (world, h.id, (struct inos_exit){.kind = INOS_EXIT_SHUTDOWN});
    break;
  case DO_STEP:
    if (h.step < world->script->steps->len)
      do_step (world, h.step);
    break;
  }
}

static void run (struct world *world, uint64_t until)
{
  while (world->heap->len) {
    struct happening h = g_array_index (world->heap, struct happening, world->heap->len - 1);
    if (h.at > until)
      break;
    g_array_set_size (world->heap, world->heap->len - 1);
    happen (world, h);
  }
}

/* The times of the steps begin when the tree has booted. */
static uint64_t arrange_steps (struct world *world)
{
  uint32_t at = STEP_MS;

  for (unsigned i = 0; i < world->script->steps->len; i++) {
    const struct step *step = &g_array_index (world->script->steps, struct step, i);
    if (step->what == STEP_WAIT)
      at += (uint32_t)g_ascii_strtoull (step->name, NULL, 10);
    else
      arrange (world, (struct happening){.kind = DO_STEP, .step = i}, at);
    at += STEP_MS;
  }
  at += SETTLE_MS;
  arrange (world, (struct happening){.kind = DO_STEP, .step = NEVER}, at);
  return world->now + at * MS;
}

static void free_node (void *data)
{
  struct node *node = data;

  inos_supervision_free (node->supervision);
  g_free (node);
}

uint32_t world_play (struct script *script)
{
  struct world world = {
    .script = script,
    .heap = g_array_new (FALSE, FALSE, sizeof (struct happening)),
    .nodes = g_ptr_array_new_with_free_func (free_node),
    .workers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free),
    .margin = NEVER,
  };
  struct node *root = add_node (&world, script->root, NULL);

  pump (&world, root);
  while (!root->ready && !world.ended && world.heap->len)
    run (&world, g_array_index (world.heap, struct happening, world.heap->len - 1).at);
  if (root->ready) {
    run (&world, arrange_steps (&world));
    if (!world.ended)
      note (&world, "alive", "root");
  }
  g_array_unref (world.heap);
  g_ptr_array_unref (world.nodes);
  g_hash_table_unref (world.workers);
  return world.margin;
}
