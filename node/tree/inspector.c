/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/tree/inspector.h"

#include "node/actor/edge.h"

#define WAITING_MAX 16
/* So that many who ask do not spoil each other's rates. */
#define LOOK_AFTER (100 * INOS_MILLISECOND)

INOS_PROTOCOL_DEFINE (node_inspector, NODE_INSPECTOR);

struct question {
  struct inos_request_id request;
  struct node_inspector_page page;
};

struct inspector {
  struct inos_runtime *runtime;
  inos_actor_id id;
  struct inos_health *health; /* NULL until somebody asks */
  uint64_t looked;            /* ns */
  struct inos_health *again;  /* in its place, for who asks sooner; else NULL */
  unsigned source;            /* 0: none */
  struct question waiting[WAITING_MAX];
  unsigned count;
};

/* Who asks soon after another sees what there is now, but the time from which rates are counted is
 * the other's. */
static struct inos_health *look (struct inspector *self, uint64_t now, bool next_page)
{
  if (next_page && self->health)
    return self->again ? self->again : self->health;
  g_clear_pointer (&self->again, inos_health_free);
  if (self->health && now < self->looked + LOOK_AFTER)
    return self->again = inos_health_new (self->runtime);
  if (self->health)
    inos_health_look (self->health);
  else
    self->health = inos_health_new (self->runtime);
  self->looked = now;
  return self->health;
}

static void answer (struct inspector *self, struct inos_context *context,
                    const struct question *question)
{
  const struct node_inspector_page *page = &question->page;
  g_autofree struct node_inspector_rows *rows = g_new0 (struct node_inspector_rows, 1);
  g_autofree struct inos_system_health *system = g_new (struct inos_system_health, 1);

  struct inos_health *health = look (self, inos_now (context), page->cursor != 0);

  rows->next = page->cursor;
  rows->count = (uint32_t)inos_health_list (
    health, page->order, rows->row, CLAMP (page->limit, 1, NODE_INSPECTOR_ROWS), &rows->next);
  inos_health_system (health, system);
  if (system->interval < LOOK_AFTER) /* what has been counted in no time says nothing */
    for (uint32_t i = 0; i < rows->count; i++)
      rows->row[i].rate = rows->row[i].share = 0;
  rows->actors = system->actors;
  rows->interval = system->interval;
  node_inspector_reply_list_to (context, question->request, *rows);
}

/* Outside of any turn, so that no actor of the edge is in the middle of one and can be seen. */
static gboolean on_idle (gpointer data)
{
  struct inspector *self = data;
  struct inos_context *context = inos_edge_enter (self->runtime, self->id);

  self->source = 0;
  if (!context)
    return G_SOURCE_REMOVE;
  for (unsigned i = 0; i < self->count; i++)
    answer (self, context, &self->waiting[i]);
  self->count = 0;
  inos_edge_leave (context, INOS_OK);
  return G_SOURCE_REMOVE;
}

INOS_HANDLE (node_inspector, list, struct inspector)
{
  if (self->count == WAITING_MAX) {
    inos_refuse (context, inos_request_handled (context));
    return INOS_OK;
  }
  self->waiting[self->count++] =
    (struct question){.request = inos_request_handled (context), .page = *message};
  if (!self->source)
    self->source = g_idle_add_full (G_PRIORITY_DEFAULT, on_idle, self, NULL);
  return INOS_OK;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct inspector *self = state;

  self->runtime = inos_context_runtime (context);
  self->id = inos_self (context);
  return INOS_OK;
}

static void clear (void *state)
{
  struct inspector *self = state;

  g_clear_handle_id (&self->source, g_source_remove);
  inos_health_free (self->health);
  inos_health_free (self->again);
}

INOS_BEHAVIOUR (node_inspector, NODE_INSPECTOR, struct inspector, .on_edge = true,
                .pre_start = pre_start, .clear = clear);
