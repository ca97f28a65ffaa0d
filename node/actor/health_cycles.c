/*
 * Who waits for whom in a circle.
 *
 * Who waits for room is in a table of the runtime; who waits for replies is known to each actor
 * alone, so those that have ever made a request are asked, all at once.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/health_list.h"

#define ASKED_MAX 16384 /* actors that are asked */
#define WAITS_MAX 65536
#define WAITS_OF_ONE 256 /* actors that one waits for */

struct gather {
  _Atomic uint32_t refs;
  struct inos_latch latch; /* guards the rest */
  GArray *waits;           /* struct inos_wait */
  size_t asked, answered, skipped;
  uint64_t min_age;
};

static void gather_unref (struct gather *gather)
{
  if (atomic_fetch_sub (&gather->refs, 1) > 1)
    return;
  g_array_unref (gather->waits);
  inos_latch_finish (&gather->latch);
  g_free (gather);
}

/* With the lock held: one wait for each target, the oldest. */
static void add (struct gather *gather, guint from, struct inos_wait wait)
{
  for (guint i = from; i < gather->waits->len; i++) {
    struct inos_wait *other = &g_array_index (gather->waits, struct inos_wait, i);
    if (other->whom == wait.whom) {
      other->age = MAX (other->age, wait.age);
      return;
    }
  }
  if (gather->waits->len < WAITS_MAX && gather->waits->len - from < WAITS_OF_ONE)
    g_array_append_val (gather->waits, wait);
}

static void see_replies (struct gather *gather, struct inos_runtime *runtime,
                         struct inos_cell *cell)
{
  const struct inos_extra *extra = cell->extra;
  uint64_t now = inos_clock (runtime);
  guint from = gather->waits->len;

  for (uint32_t i = 0; extra && i < extra->pending_size; i++) {
    const struct inos_pending *p = &extra->pending[i];
    uint64_t age = now - MIN (now, p->began);
    if (p->id && age >= gather->min_age)
      add (gather, from, (struct inos_wait){inos_id_of (cell), p->target, INOS_WAIT_REPLY, age});
  }
}

static void on_call (struct inos_context *context, void *data)
{
  struct gather *gather = data;

  pthread_mutex_lock (&gather->latch.lock);
  if (context)
    see_replies (gather, context->runtime, context->cell);
  gather->answered++;
  pthread_cond_signal (&gather->latch.cond);
  pthread_mutex_unlock (&gather->latch.lock);
  gather_unref (gather);
}

static void ask (struct inos_runtime *runtime, struct gather *gather, inos_actor_id id)
{
  gather->asked++;
  atomic_fetch_add (&gather->refs, 1);
  if (runtime->config.seeded) { /* all is on this thread */
    struct inos_cell *cell = inos_cell_of (runtime, id);
    see_replies (gather, runtime, cell);
    gather->answered++;
    gather_unref (gather);
  } else if (!inos_signal_call (runtime, id, on_call, gather))
    on_call (NULL, gather);
}

static void ask_all (struct inos_runtime *runtime, struct gather *gather)
{
  uint32_t cells = atomic_load_explicit (&runtime->cells, memory_order_acquire);

  for (uint32_t i = 0; i < cells; i++) {
    struct inos_cell *cell = inos_health_cell (runtime, i);
    uint32_t flags = atomic_load_explicit (&cell->flags, memory_order_relaxed);
    if (!(flags & INOS_C_ALIVE) || !(flags & INOS_C_ASKS))
      continue;
    if (gather->asked >= ASKED_MAX)
      gather->skipped++;
    else
      ask (runtime, gather,
           (uint64_t)atomic_load_explicit (&cell->generation, memory_order_relaxed) << 32 | i);
  }
}

static void see_blocked (struct inos_runtime *runtime, GArray *waits)
{
  GHashTableIter iter;
  gpointer who, whom;

  pthread_mutex_lock (&runtime->parking_lock);
  g_hash_table_iter_init (&iter, runtime->waits);
  while (waits->len < WAITS_MAX && g_hash_table_iter_next (&iter, &who, &whom)) {
    struct inos_wait wait = {*(inos_actor_id *)who, *(inos_actor_id *)whom, INOS_WAIT_ROOM, 0};
    g_array_append_val (waits, wait);
  }
  pthread_mutex_unlock (&runtime->parking_lock);
}

/* Returns: (transfer full): what is waited for, by waiter; @unknown: how many did not say. */
static GArray *all_waits (struct inos_runtime *runtime, uint64_t min_age, uint64_t timeout,
                          size_t *unknown)
{
  struct gather *gather = g_new0 (struct gather, 1);
  uint64_t until = inos_latch_until (timeout);

  atomic_init (&gather->refs, 1);
  inos_latch_init (&gather->latch);
  gather->min_age = min_age;
  gather->waits = g_array_new (FALSE, FALSE, sizeof (struct inos_wait));
  ask_all (runtime, gather);
  pthread_mutex_lock (&gather->latch.lock);
  while (gather->answered < gather->asked && inos_latch_wait (&gather->latch, until))
    ;
  GArray *waits = g_array_copy (gather->waits);
  *unknown = gather->asked - gather->answered + gather->skipped;
  pthread_mutex_unlock (&gather->latch.lock);
  gather_unref (gather);
  see_blocked (runtime, waits);
  return waits;
}

/* Circles: a walk along the waits, depth first. What is on the way is grey, what is done black. */

struct search {
  const GArray *waits; /* by waiter */
  GHashTable *node;    /* actor → struct node */
  GArray *way;         /* guint: places in `waits` */
  struct inos_wait_cycle *out;
  size_t count, room;
};

struct node {
  inos_actor_id id;
  guint first, end, next; /* its waits, and the one to follow next */
  guint depth;            /* on the way, from 1; 0: not on it */
  bool black;
};

static int by_waiter (const void *a, const void *b)
{
  const struct inos_wait *x = a, *y = b;

  if (x->who != y->who)
    return x->who < y->who ? -1 : 1;
  return x->whom < y->whom ? -1 : x->whom > y->whom;
}

static const struct inos_wait *wait_at (const struct search *s, guint place)
{
  return &g_array_index (s->waits, struct inos_wait, place);
}

static GHashTable *make_nodes (const GArray *waits)
{
  GHashTable *nodes = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);

  for (guint i = 0; i < waits->len; i++) {
    const struct inos_wait *wait = &g_array_index (waits, struct inos_wait, i);
    struct node *node = g_hash_table_lookup (nodes, &wait->who);
    if (!node) {
      node = g_new0 (struct node, 1);
      *node = (struct node){.id = wait->who, .first = i, .next = i};
      g_hash_table_insert (nodes, &node->id, node);
    }
    node->end = i + 1;
  }
  return nodes;
}

/* The way from where @node is on it to its end, and back, is a circle. */
static void found (struct search *s, const struct node *node)
{
  if (s->count >= s->room)
    return;
  struct inos_wait_cycle *cycle = &s->out[s->count++];
  *cycle = (struct inos_wait_cycle){.length = s->way->len - (node->depth - 1)};
  for (guint i = 0; i < MIN (cycle->length, INOS_CYCLE_MAX); i++)
    cycle->wait[i] = *wait_at (s, g_array_index (s->way, guint, node->depth - 1 + i));
}

/* Follows one wait of the actor at the end of the way. Returns: where it leads, NULL: nowhere new.
 */
static struct node *follow (struct search *s, struct node *at)
{
  guint place = at->next++;
  struct node *to = g_hash_table_lookup (s->node, &wait_at (s, place)->whom);

  if (!to || to->black)
    return NULL;
  g_array_append_val (s->way, place);
  if (!to->depth)
    return to;
  found (s, to);
  g_array_set_size (s->way, s->way->len - 1);
  return NULL;
}

static void search_from (struct search *s, struct node *start)
{
  struct node *at = start;

  start->depth = 1;
  while (at) {
    if (at->next < at->end) {
      struct node *to = follow (s, at);
      if (to) {
        to->depth = s->way->len + 1;
        at = to;
      }
      continue;
    }
    at->black = true;
    at->depth = 0;
    if (s->way->len == 0)
      return;
    guint place = g_array_index (s->way, guint, s->way->len - 1);
    g_array_set_size (s->way, s->way->len - 1);
    at = g_hash_table_lookup (s->node, &wait_at (s, place)->who);
  }
}

size_t inos_health_cycles (struct inos_runtime *runtime, uint64_t min_age, uint64_t timeout,
                           struct inos_wait_cycle *out, size_t room, size_t *unknown)
{
  size_t ignored;
  g_autoptr (GArray) waits = all_waits (runtime, min_age, timeout, unknown ? unknown : &ignored);
  g_autoptr (GArray) way = g_array_new (FALSE, FALSE, sizeof (guint));
  GHashTableIter iter;
  gpointer node;

  g_array_sort (waits, by_waiter);
  g_autoptr (GHashTable) nodes = make_nodes (waits);
  struct search s = {.waits = waits, .node = nodes, .way = way, .out = out, .room = room};
  g_hash_table_iter_init (&iter, nodes);
  while (s.count < room && g_hash_table_iter_next (&iter, NULL, &node))
    if (!((struct node *)node)->black)
      search_from (&s, node);
  return s.count;
}
