/*
 * Names, topics, and the table of routes. None of it is on the way of a message to an id; a route
 * to a name remembers what it found until any name changes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/private.h"
#include "node/actor/route.h"

#include <string.h>

#define TOPICS_MAX 65536
#define SUBSCRIBERS_MAX 65536
#define SUBSCRIBERS_FEW 32

/* Names */

static void name_enter (struct inos_runtime *runtime, const char *name, inos_actor_id id)
{
  inos_actor_id *value = g_memdup2 (&id, sizeof id);
  char *copy = g_strdup (name);

  g_hash_table_insert (runtime->names, copy, value);
  g_hash_table_insert (runtime->named, value, copy);
  atomic_fetch_add (&runtime->registry_epoch, 1);
}

bool inos_registry_begin (struct inos_runtime *runtime, const struct inos_spawn *spawn)
{
  pthread_mutex_lock (&runtime->registry_lock);
  if ((!spawn->name || !g_hash_table_contains (runtime->names, spawn->name)) &&
      (!spawn->service || inos_service_with_room (runtime, spawn->service)))
    return true;
  pthread_mutex_unlock (&runtime->registry_lock);
  return false;
}

/* Only after the actor's first message is in its mailbox may others send to it. */
void inos_registry_end (struct inos_runtime *runtime, const struct inos_spawn *spawn,
                        inos_actor_id id)
{
  if (spawn->name)
    name_enter (runtime, spawn->name, id);
  if (spawn->service)
    inos_service_enter (runtime, inos_service_with_room (runtime, spawn->service), id);
  pthread_mutex_unlock (&runtime->registry_lock);
}

void inos_name_drop (struct inos_runtime *runtime, inos_actor_id id)
{
  pthread_mutex_lock (&runtime->registry_lock);
  const char *name = g_hash_table_lookup (runtime->named, &id);
  if (name) {
    g_hash_table_remove (runtime->names, name);
    g_hash_table_remove (runtime->named, &id); /* which frees both */
    atomic_fetch_add (&runtime->registry_epoch, 1);
  }
  pthread_mutex_unlock (&runtime->registry_lock);
}

inos_actor_id inos_lookup (struct inos_runtime *runtime, const char *name)
{
  pthread_mutex_lock (&runtime->registry_lock);
  const inos_actor_id *id = g_hash_table_lookup (runtime->names, name);
  inos_actor_id found = id ? *id : 0;
  pthread_mutex_unlock (&runtime->registry_lock);
  return found;
}

/* Routes */

struct inos_route *inos_route_intern_locked (struct inos_runtime *runtime, const char *kind,
                                             const char *name, inos_route_make make,
                                             const void *data)
{
  g_autofree char *key = g_strconcat (kind, ":", name, NULL);
  struct inos_route *route = g_hash_table_lookup (runtime->routes, key);

  if (!route && g_hash_table_size (runtime->routes) < INOS_ROUTES_MAX &&
      (route = make (runtime, name, data)))
    g_hash_table_insert (runtime->routes, g_steal_pointer (&key), route);
  return route;
}

struct inos_route *inos_route_intern (struct inos_runtime *runtime, const char *kind,
                                      const char *name, inos_route_make make, const void *data)
{
  pthread_mutex_lock (&runtime->registry_lock);
  struct inos_route *route = inos_route_intern_locked (runtime, kind, name, make, data);
  pthread_mutex_unlock (&runtime->registry_lock);
  return route;
}

struct name_route {
  struct inos_route route;
  _Atomic uint64_t epoch; /* of the registry when `id` was found */
  _Atomic uint64_t id;
  char name[];
};

static inos_actor_id pick_name (struct inos_worker *worker, const struct inos_route *route,
                                uint32_t key)
{
  struct name_route *self = (struct name_route *)route;
  struct inos_runtime *runtime = worker->runtime;
  uint64_t epoch = atomic_load_explicit (&runtime->registry_epoch, memory_order_acquire);

  /* An id of a newer epoch than the one read first does no harm: it is asked for again. */
  if (LIKELY (atomic_load_explicit (&self->epoch, memory_order_acquire) == epoch))
    return atomic_load_explicit (&self->id, memory_order_relaxed);
  inos_actor_id id = inos_lookup (runtime, self->name);
  atomic_store_explicit (&self->id, id, memory_order_relaxed);
  atomic_store_explicit (&self->epoch, epoch, memory_order_release);
  return id;
}

static struct inos_route *make_name (struct inos_runtime *runtime, const char *name,
                                     const void *data)
{
  size_t size = strlen (name) + 1;
  struct name_route *self = g_try_malloc0 (sizeof *self + size);

  if (!self)
    return NULL;
  self->route.pick = pick_name;
  self->route.free = (void (*) (struct inos_route *))g_free;
  atomic_init (&self->epoch, UINT64_MAX);
  memcpy (self->name, name, size);
  return &self->route;
}

struct inos_address inos_address_of_name (struct inos_runtime *runtime, const char *name)
{
  return (struct inos_address){.route = inos_route_intern (runtime, "name", name, make_name, NULL)};
}

/* Topics */

static bool has (const GArray *subscribers, inos_actor_id who, guint *place)
{
  for (guint i = 0; i < subscribers->len; i++)
    if (g_array_index (subscribers, inos_actor_id, i) == who) {
      *place = i;
      return true;
    }
  return false;
}

bool inos_subscribe (struct inos_context *context, const char *topic)
{
  struct inos_runtime *runtime = context->runtime;
  struct inos_extra *extra = inos_cell_extra (context->worker, context->cell);
  bool good = false;
  guint place;

  if (!extra)
    return false;
  pthread_mutex_lock (&runtime->registry_lock);
  GArray *subscribers = g_hash_table_lookup (runtime->topics, topic);
  if (!subscribers && g_hash_table_size (runtime->topics) < TOPICS_MAX) {
    subscribers = g_array_new (FALSE, FALSE, sizeof (inos_actor_id));
    g_hash_table_insert (runtime->topics, g_strdup (topic), subscribers);
  }
  if (subscribers && has (subscribers, context->self, &place))
    good = true;
  else if (subscribers && subscribers->len < SUBSCRIBERS_MAX) {
    g_array_append_val (subscribers, context->self);
    extra->topics = g_slist_prepend (extra->topics, g_strdup (topic));
    good = true;
  }
  pthread_mutex_unlock (&runtime->registry_lock);
  return good;
}

static void leave (struct inos_runtime *runtime, const char *topic, inos_actor_id who)
{
  guint place;

  pthread_mutex_lock (&runtime->registry_lock);
  GArray *subscribers = g_hash_table_lookup (runtime->topics, topic);
  if (subscribers && has (subscribers, who, &place)) {
    g_array_remove_index (subscribers, place);
    if (subscribers->len == 0)
      g_hash_table_remove (runtime->topics, topic);
  }
  pthread_mutex_unlock (&runtime->registry_lock);
}

void inos_unsubscribe (struct inos_context *context, const char *topic)
{
  struct inos_extra *extra = context->cell->extra;
  GSList *link = extra ? g_slist_find_custom (extra->topics, topic, (GCompareFunc)strcmp) : NULL;

  if (!link)
    return;
  leave (context->runtime, topic, context->self);
  g_free (link->data);
  extra->topics = g_slist_delete_link (extra->topics, link);
}

void inos_topics_leave (struct inos_runtime *runtime, struct inos_cell *cell)
{
  for (GSList *l = cell->extra->topics; l; l = l->next)
    leave (runtime, l->data, inos_id_of (cell));
  g_slist_free_full (g_steal_pointer (&cell->extra->topics), g_free);
}

/* A second envelope of the same message, for the list behind @e. */
static struct inos_envelope *share (struct inos_worker *worker, struct inos_envelope *e)
{
  const struct inos_message_type *type = inos_type_of (e);
  struct inos_envelope *copy = inos_envelope_new (worker);

  if (!copy)
    return NULL;
  *copy = *e; /* and so before what was linked behind @e */
  copy->id = inos_new_id (worker);
  if (e->flags & INOS_E_BLOCK)
    atomic_fetch_add_explicit (&e->payload.block->refs, 1, memory_order_relaxed);
  else if (type->copy)
    type->copy (&copy->payload.word, &e->payload.word);
  return copy;
}

/* Whom @topic goes to: in @few where there is room, else on the heap. */
static inos_actor_id *subscribers_of (struct inos_runtime *runtime, const char *topic,
                                      inos_actor_id few[SUBSCRIBERS_FEW], guint *count)
{
  inos_actor_id *to = few;

  pthread_mutex_lock (&runtime->registry_lock);
  const GArray *subscribers = g_hash_table_lookup (runtime->topics, topic);
  *count = subscribers ? subscribers->len : 0;
  if (*count > SUBSCRIBERS_FEW)
    to = g_new (inos_actor_id, *count);
  if (subscribers)
    memcpy (to, subscribers->data, *count * sizeof *to);
  pthread_mutex_unlock (&runtime->registry_lock);
  return to;
}

/* One more envelope for each but the first of @count, linked behind @e. Returns: false where there
 * is no memory for all of them; then there is none. */
static bool share_with (struct inos_worker *worker, struct inos_envelope *e, guint count)
{
  atomic_store_explicit (&e->next, NULL, memory_order_relaxed);
  for (guint i = 1; i < count; i++) {
    struct inos_envelope *copy = share (worker, e);
    if (!copy)
      return false;
    atomic_store_explicit (&e->next, copy, memory_order_relaxed);
  }
  return true;
}

/* Nothing is published: gives back @e and its copies, without what the first one's message owns. */
static void take_back (struct inos_worker *worker, struct inos_envelope *e)
{
  struct inos_envelope *next;

  for (struct inos_envelope *copy = atomic_load_explicit (&e->next, memory_order_relaxed); copy;
       copy = next) {
    next = atomic_load_explicit (&copy->next, memory_order_relaxed);
    inos_envelope_clear_payload (worker, copy);
    inos_envelope_recycle (worker, copy);
  }
  if (e->flags & INOS_E_BLOCK) /* the last one that has it; its bytes alone go */
    inos_block_unref (worker, e->payload.block, NULL, false);
  inos_envelope_recycle (worker, e);
}

static void deliver_to_all (struct inos_worker *worker, const inos_actor_id *to,
                            struct inos_envelope *e, struct inos_cell *from)
{
  while (e) {
    struct inos_envelope *next = atomic_load_explicit (&e->next, memory_order_relaxed);
    inos_deliver (worker, *to++, e, from);
    e = next;
  }
}

static enum inos_sent publish (struct inos_worker *worker, const char *topic,
                               const struct inos_message_type *type, const void *message,
                               inos_actor_id sender, struct inos_cell *from)
{
  inos_actor_id few[SUBSCRIBERS_FEW]; /* so that most need no heap */
  struct inos_envelope *e = inos_envelope_make (worker, type, message, sender, NULL);
  enum inos_sent sent = INOS_ACCEPTED;
  guint count;

  if (!e)
    return INOS_NO_MEMORY;
  inos_actor_id *to = subscribers_of (worker->runtime, topic, few, &count);
  if (count == 0) {
    inos_envelope_clear_payload (worker, e);
    inos_envelope_recycle (worker, e);
  } else if (share_with (worker, e, count))
    deliver_to_all (worker, to, e, from);
  else {
    take_back (worker, e);
    sent = INOS_NO_MEMORY;
  }
  if (to != few)
    g_free (to);
  return sent;
}

enum inos_sent inos_publish (struct inos_context *context, const char *topic,
                             const struct inos_message_type *type, const void *message)
{
  return publish (context->worker, topic, type, message, context->self, context->cell);
}

void inos_publish_from (struct inos_worker *worker, const char *topic,
                        const struct inos_message_type *type, const void *message)
{
  publish (worker, topic, type, message, 0, NULL);
}
