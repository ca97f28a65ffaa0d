/*
 * One actor: what it says of itself, what its supervisor says of it, and where it is a supervisor,
 * what it says of its children.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/actor/trace.h"
#include "node/api/question_private.h"

#define LOOK_TIME (300 * INOS_MILLISECOND)
#define SUPERVISOR_TIME (500 * INOS_MILLISECOND)

struct inspect {
  bool seen;
  inos_actor_id self;
  struct inos_supervision_health supervision;
  struct inos_supervisor_children children;
  struct inos_child_info child; /* as its supervisor has it */
  bool has_supervision, has_children, has_child;
};

const char *node_question_exit_name (enum inos_exit_kind kind)
{
  static const char *const names[] = {
    [INOS_EXIT_NORMAL] = "normal",     [INOS_EXIT_SHUTDOWN] = "shutdown",
    [INOS_EXIT_KILLED] = "killed",     [INOS_EXIT_ERROR] = "error",
    [INOS_EXIT_START] = "start",       [INOS_EXIT_ESCALATED] = "escalated",
    [INOS_EXIT_NOBODY] = "nobody",     [INOS_EXIT_MEMORY] = "memory",
    [INOS_EXIT_LOST] = "noconnection",
  };

  return (size_t)kind < G_N_ELEMENTS (names) ? names[kind] : "";
}

static const char *child_state_name (enum inos_child_state state)
{
  static const char *const names[] = {
    [INOS_CHILD_ABSENT] = "absent",         [INOS_CHILD_STARTING] = "starting",
    [INOS_CHILD_RUNNING] = "running",       [INOS_CHILD_STOPPING] = "stopping",
    [INOS_CHILD_RESTARTING] = "restarting",
  };

  return (size_t)state < G_N_ELEMENTS (names) ? names[state] : "";
}

static void add (GVariantBuilder *out, const char *key, GVariant *value)
{
  g_variant_builder_add (out, "{sv}", key, value);
}

static void add_mailbox (GVariantBuilder *out, const struct inos_mailbox_health *m)
{
  static const char *const known[] = {"unknown", "at-least", "exact"};
  static const char *const full[] = {"block", "drop-newest", "drop-oldest", "fail"};

  add (out, "depth", g_variant_new_uint64 (m->total));
  add (out, "depth-known", g_variant_new_string (known[m->known]));
  add (out, "lanes",
       g_variant_new_fixed_array (G_VARIANT_TYPE_UINT64, m->depth, INOS_PRIORITIES,
                                  sizeof m->depth[0]));
  add (out, "replies", g_variant_new_uint64 (m->replies));
  add (out, "oldest", g_variant_new_uint64 (m->oldest));
  if (!m->bounded)
    return;
  add (out, "capacity", g_variant_new_uint32 (m->capacity));
  add (out, "on-full", g_variant_new_string (full[m->on_full]));
  add (out, "senders-waiting", g_variant_new_uint32 (m->waiting));
}

/* What only the actor itself knows. */
static void add_inside (GVariantBuilder *out, const struct inos_actor_health *h)
{
  GVariantBuilder pending = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ttt)"));

  for (uint32_t i = 0; i < MIN (h->pending_count, INOS_HEALTH_PENDING); i++)
    g_variant_builder_add (&pending, "(ttt)", h->pending[i].id, h->pending[i].target,
                           h->pending[i].age);
  add (out, "links", g_variant_new_uint32 (h->links));
  add (out, "monitors", g_variant_new_uint32 (h->monitors));
  add (out, "timers", g_variant_new_uint32 (h->timers));
  add (out, "parked", g_variant_new_uint32 (h->parked));
  add (out, "requests-open", g_variant_new_uint32 (h->pending_count));
  add (out, "requests", g_variant_builder_end (&pending));
  add (out, "memory", g_variant_new_uint64 (h->memory));
}

static void add_children (GVariantBuilder *out, const struct inos_supervisor_children *c)
{
  static const char *const strategies[] = {"one-for-one", "one-for-all", "rest-for-one",
                                           "simple-one-for-one"};
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(tssu)"));

  for (uint32_t i = 0; i < c->shown; i++)
    g_variant_builder_add (&rows, "(t@ssu)", c->child[i].id,
                           node_question_string (c->child[i].name),
                           child_state_name (c->child[i].state), c->child[i].restarts);
  add (out, "strategy", g_variant_new_string (strategies[c->strategy]));
  add (out, "children-total", g_variant_new_uint32 (c->total));
  add (out, "children", g_variant_builder_end (&rows));
}

static void add_supervision (GVariantBuilder *out, struct inos_context *context,
                             const struct inos_supervision_health *h)
{
  GVariantBuilder rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(xss)"));

  for (uint32_t i = 0; i < h->remembered; i++)
    g_variant_builder_add (&rows, "(x@ss)", node_question_real_time (context, h->history[i].at),
                           node_question_string (h->history[i].name),
                           node_question_exit_name (h->history[i].reason.kind));
  add (out, "restarts-left", g_variant_new_uint32 (h->restarts_left));
  add (out, "restarts-max", g_variant_new_uint32 (h->restarts_max));
  add (out, "restarts-period", g_variant_new_uint32 (h->period_ms));
  add (out, "children-restarts", g_variant_new_uint64 (h->restarts));
  add (out, "history", g_variant_builder_end (&rows));
}

static void add_actor (GVariantBuilder *out, struct question *self, const struct inspect *in)
{
  const struct inos_actor_health *h = &self->target;
  const char *name = h->name[0] || !in->has_child ? h->name : in->child.name;

  add (out, "name", node_question_string (name));
  add (out, "parent", g_variant_new_uint64 (h->watcher));
  add (out, "behaviour", g_variant_new_string (node_question_behaviour_name (h->behaviour)));
  add (out, "state", g_variant_new_string (node_question_state_name (h->state)));
  add (out, "handled", g_variant_new_uint64 (h->count));
  add (out, "traced", g_variant_new_uint32 (inos_trace_room (self->runtime, h->id)));
  if (h->busy_for)
    add (out, "busy-for", g_variant_new_uint64 (h->busy_for));
  if (h->handled)
    add (out, "handling", g_variant_new_string (h->handled->name));
  if (h->blocked_on)
    add (out, "blocked-on", g_variant_new_uint64 (h->blocked_on));
  if (in->has_child)
    add (out, "restarts", g_variant_new_uint32 (in->child.restarts));
  add_mailbox (out, &h->mailbox);
  if (h->asked)
    add_inside (out, h);
}

static enum inos_outcome finish (struct question *self, struct inos_context *context)
{
  const struct inspect *in = self->more;
  GVariantBuilder out = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  add_actor (&out, self, in);
  if (in->has_children)
    add_children (&out, &in->children);
  if (in->has_supervision)
    add_supervision (&out, context, &in->supervision);
  return node_question_answer (self, context, g_variant_new ("(ta{sv})", self->target.id, &out));
}

static enum inos_outcome on_supervision (void *state, struct inos_context *context,
                                         enum inos_replied status,
                                         const struct inos_supervision_health *reply, uint64_t tag)
{
  struct question *self = state;
  struct inspect *in = self->more;

  in->has_supervision = status == INOS_REPLIED;
  if (in->has_supervision)
    in->supervision = *reply;
  return finish (self, context);
}

static enum inos_outcome on_children (void *state, struct inos_context *context,
                                      enum inos_replied status,
                                      const struct inos_supervisor_children *reply, uint64_t tag)
{
  struct question *self = state;
  struct inspect *in = self->more;

  if (status != INOS_REPLIED)
    return finish (self, context);
  in->has_children = true;
  in->children = *reply;
  inos_supervisor_request_health (context, (inos_supervisor_ref){INOS_TO (self->target.id)},
                                  INOS_NOTHING, SUPERVISOR_TIME, on_supervision, 0);
  return INOS_OK;
}

static enum inos_outcome on_found (struct question *self, struct inos_context *context,
                                   const struct inos_supervisor_children *page,
                                   const struct inos_child_info *child)
{
  struct inspect *in = self->more;

  in->has_child = child != NULL;
  if (child)
    in->child = *child;
  if (self->target.behaviour != &inos_supervisor_behaviour)
    return finish (self, context);
  inos_supervisor_request_which_children (context, (inos_supervisor_ref){INOS_TO (self->target.id)},
                                          (struct inos_supervisor_page){0}, SUPERVISOR_TIME,
                                          on_children, 0);
  return INOS_OK;
}

static enum inos_outcome go_on (struct question *self, struct inos_context *context)
{
  ((struct inspect *)self->more)->seen = true;
  return node_question_find_child (self, context, on_found);
}

/* On the actor's thread. */
static void on_looked (const struct inos_actor_health *health, void *data)
{
  struct question *self = data;
  const struct inspect *in = self->more;

  node_question_post_seen (self->runtime, (node_question_ref){INOS_TO (in->self)},
                           health ? *health : (struct inos_actor_health){0});
}

enum inos_outcome node_question_inspect_seen (struct question *self, struct inos_context *context,
                                              const struct inos_actor_health *health)
{
  struct inspect *in = self->more;

  if (in->seen)
    return INOS_OK;
  if (!health->id)
    return node_question_refuse (self, context, INOS_API_ERROR_NOT_FOUND,
                                 "The actor has just ended.");
  self->target = *health;
  return go_on (self, context);
}

enum inos_outcome node_question_inspect_unseen (struct question *self, struct inos_context *context)
{
  struct inspect *in = self->more;

  if (in->seen)
    return INOS_OK;
  g_clear_pointer (&self->health, inos_health_question_end);
  if (!inos_health_outside (self->runtime, self->target.id, &self->target))
    return node_question_refuse (self, context, INOS_API_ERROR_NOT_FOUND,
                                 "The actor has just ended.");
  return go_on (self, context);
}

enum inos_outcome node_question_start_inspect (struct question *self, struct inos_context *context)
{
  node_question_ref me = {INOS_TO (inos_self (context))};
  const char *who;

  g_variant_get (self->parameters, "(&s)", &who);
  if (!node_question_aim (self, context, who))
    return INOS_DONE;
  struct inspect *in = self->more = g_new0 (struct inspect, 1);
  in->self = inos_self (context);
  self->health = inos_health_ask (self->runtime, self->target.id, on_looked, self);
  node_question_send_unseen_after (context, me, INOS_NOTHING, LOOK_TIME, 0);
  return INOS_OK;
}
