/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/port_map.h"

#include <string.h>

/* What both threads have; the last of them frees it. */
struct shared {
  gatomicrefcount references;
  GMutex lock;
  GCond changed;
  bool stop, over;         /* it is to end; it has */
  unsigned n_wanted, wish; /* wish: how often it has changed */
  uint16_t wanted[INOS_PORT_MAP_MAX];
  GMainContext *context;
  struct inos_port_map *map; /* NULL: it has gone. The caller's thread's */
};

struct inos_port_map {
  struct shared *shared;
  inos_port_mapped mapped;
  void *data;
};

struct news {
  struct shared *shared;
  struct inos_port_map_state state;
};

static void unref (struct shared *shared)
{
  if (!g_atomic_ref_count_dec (&shared->references))
    return;
  g_mutex_clear (&shared->lock);
  g_cond_clear (&shared->changed);
  g_main_context_unref (shared->context);
  g_free (shared);
}

/* On the caller's thread */

static gboolean on_news (gpointer data)
{
  const struct news *news = data;
  struct inos_port_map *map = news->shared->map;

  if (map)
    map->mapped (map->data, &news->state);
  return G_SOURCE_REMOVE;
}

static void free_news (gpointer data)
{
  struct news *news = data;

  unref (news->shared);
  g_free (news);
}

/* On the other */

static void tell (struct shared *shared, const struct inos_port_map_state *state)
{
  struct news *news = g_new (struct news, 1);
  g_autoptr (GSource) source = g_idle_source_new();

  *news = (struct news){shared, *state};
  g_atomic_ref_count_inc (&shared->references);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_news, news, free_news);
  g_source_attach (source, shared->context);
}

/* What @before had and @now has not. */
static void give_back (struct inos_router *router, const struct inos_port_map_state *before,
                       const struct inos_port_map_state *now)
{
  for (unsigned i = 0; i < before->n; i++) {
    const struct inos_port_mapping *old = &before->mappings[i];
    bool kept = false;
    for (unsigned j = 0; j < now->n; j++)
      kept |= now->mappings[j].inside == old->inside && now->mappings[j].outside == old->outside;
    if (!kept)
      inos_router_unmap (router, old->inside, old->outside);
  }
}

/* The same port outside as last time, or as inside. */
static uint16_t best_outside (const struct inos_port_map_state *before, uint16_t inside)
{
  for (unsigned i = 0; i < before->n; i++)
    if (before->mappings[i].inside == inside)
      return before->mappings[i].outside;
  return inside;
}

static void map_all (struct inos_router *router, const uint16_t *ports, unsigned n,
                     const struct inos_port_map_state *before, struct inos_port_map_state *now)
{
  *now = (struct inos_port_map_state){.kind = inos_router_kind (router)};
  if (!inos_router_outside (router, &now->address))
    return;
  for (unsigned i = 0; i < n; i++) {
    struct inos_port_mapping mapping = {ports[i], best_outside (before, ports[i])};
    if (inos_router_map (router, mapping.inside, &mapping.outside))
      now->mappings[now->n++] = mapping;
  }
}

/* Returns: whether to go on. The lock is held. */
static bool wait (struct shared *shared, unsigned wish, bool good)
{
  gint64 end = g_get_monotonic_time() +
               (good ? INOS_PORT_MAP_RENEW : INOS_PORT_MAP_AGAIN) * (gint64)G_TIME_SPAN_SECOND;

  while (!shared->stop && shared->wish == wish)
    if (!g_cond_wait_until (&shared->changed, &shared->lock, end))
      break;
  return !shared->stop;
}

/* The router is looked for each time: it may be another one by now. */
static void serve (struct shared *shared, struct inos_port_map_state *state)
{
  uint16_t ports[INOS_PORT_MAP_MAX];
  unsigned n = shared->n_wanted, wish = shared->wish;
  struct inos_port_map_state before = *state;

  memcpy (ports, shared->wanted, sizeof ports);
  g_mutex_unlock (&shared->lock);
  struct inos_router *router = n > 0 || before.n > 0 ? inos_router_find() : NULL;
  if (router) {
    map_all (router, ports, n, &before, state);
    give_back (router, &before, state);
    tell (shared, state);
  }
  inos_router_free (router);
  g_mutex_lock (&shared->lock);
  wait (shared, wish, state->n == n);
}

static gpointer run (gpointer data)
{
  struct shared *shared = data;
  struct inos_port_map_state state = {0};
  const struct inos_port_map_state none = {0};

  g_mutex_lock (&shared->lock);
  while (!shared->stop)
    serve (shared, &state);
  g_mutex_unlock (&shared->lock);
  if (state.n > 0) {
    struct inos_router *router = inos_router_find();
    give_back (router, &state, &none);
    inos_router_free (router);
  }
  g_mutex_lock (&shared->lock);
  shared->over = true;
  g_cond_signal (&shared->changed);
  g_mutex_unlock (&shared->lock);
  unref (shared);
  return NULL;
}

/* From outside */

struct inos_port_map *inos_port_map_new (GMainContext *context, inos_port_mapped mapped, void *data)
{
  struct inos_port_map *map = g_new0 (struct inos_port_map, 1);
  struct shared *shared = g_new0 (struct shared, 1);

  *map = (struct inos_port_map){shared, mapped, data};
  g_atomic_ref_count_init (&shared->references);
  g_atomic_ref_count_inc (&shared->references);
  g_mutex_init (&shared->lock);
  g_cond_init (&shared->changed);
  shared->context = g_main_context_ref (context);
  shared->map = map;
  g_thread_unref (g_thread_new ("inos-ports", run, shared));
  return map;
}

void inos_port_map_free (struct inos_port_map *map)
{
  if (!map)
    return;
  struct shared *shared = map->shared;
  gint64 end = g_get_monotonic_time() + INOS_PORT_MAP_GOODBYE * G_TIME_SPAN_SECOND;

  shared->map = NULL;
  g_mutex_lock (&shared->lock);
  shared->stop = true;
  g_cond_signal (&shared->changed);
  while (!shared->over && g_cond_wait_until (&shared->changed, &shared->lock, end))
    ;
  g_mutex_unlock (&shared->lock);
  unref (shared);
  g_free (map);
}

void inos_port_map_want (struct inos_port_map *map, const uint16_t *ports, unsigned n)
{
  struct shared *shared = map->shared;

  n = MIN (n, INOS_PORT_MAP_MAX);
  g_mutex_lock (&shared->lock);
  if (n != shared->n_wanted || memcmp (ports, shared->wanted, n * sizeof *ports) != 0) {
    memcpy (shared->wanted, ports, n * sizeof *ports);
    shared->n_wanted = n;
    shared->wish++;
    g_cond_signal (&shared->changed);
  }
  g_mutex_unlock (&shared->lock);
}
