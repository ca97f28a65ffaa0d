/*
 * Services: who provides which, and the route to them. Who provides what is changed with the
 * registry's lock held, and read without.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/members.h"
#include "node/actor/route.h"

#include <stdlib.h>
#include <string.h>

struct service {
  struct inos_route route;
  struct inos_roster members;
};

static inos_actor_id pick (struct inos_worker *worker, const struct inos_route *route, uint32_t key)
{
  struct service *self = (struct service *)route;

  return key ? inos_roster_of_key (&self->members, key) : inos_roster_next (&self->members, worker);
}

static struct inos_route *make (struct inos_runtime *runtime, const char *name, const void *data)
{
  void *place;

  if (posix_memalign (&place, _Alignof (struct service), sizeof (struct service)) != 0)
    return NULL;
  struct service *self = memset (place, 0, sizeof *self);
  self->route.pick = pick;
  self->route.free = (void (*) (struct inos_route *))free;
  self->route.again = &self->route;
  return &self->route;
}

struct inos_address inos_address_of_service (struct inos_runtime *runtime, const char *name,
                                             uint32_t key)
{
  return (struct inos_address){.id = key,
                               .route = inos_route_intern (runtime, "service", name, make, NULL)};
}

/* The service, so that inos_service_enter() cannot fail for @id; with the registry's lock held. */
struct inos_route *inos_service_with_room (struct inos_runtime *runtime, const char *name)
{
  struct service *self =
    (struct service *)inos_route_intern_locked (runtime, "service", name, make, NULL);

  return self && inos_roster_count (&self->members) < INOS_MEMBERS_MAX ? &self->route : NULL;
}

void inos_service_enter (struct inos_runtime *runtime, struct inos_route *route, inos_actor_id id)
{
  GSList *mine = g_hash_table_lookup (runtime->provided, &id);

  inos_roster_add (&((struct service *)route)->members, id);
  g_hash_table_replace (runtime->provided, g_memdup2 (&id, sizeof id),
                        g_slist_prepend (mine, route));
}

bool inos_provide (struct inos_context *context, const char *name)
{
  struct inos_runtime *runtime = context->runtime;

  pthread_mutex_lock (&runtime->registry_lock);
  struct inos_route *route = inos_route_intern_locked (runtime, "service", name, make, NULL);
  GSList *mine = g_hash_table_lookup (runtime->provided, &context->self);
  bool already = route && g_slist_find (mine, route);
  bool good = already || (route && inos_service_with_room (runtime, name));
  if (good && !already) {
    atomic_fetch_or (&context->cell->flags, INOS_C_PROVIDES);
    inos_service_enter (runtime, route, context->self);
  }
  pthread_mutex_unlock (&runtime->registry_lock);
  return good;
}

static void leave (struct inos_route *route, inos_actor_id id)
{
  struct inos_roster *members = &((struct service *)route)->members;

  inos_roster_remove (members, inos_roster_find (members, id));
}

void inos_withdraw (struct inos_context *context, const char *name)
{
  struct inos_runtime *runtime = context->runtime;

  pthread_mutex_lock (&runtime->registry_lock);
  struct inos_route *route = inos_route_intern_locked (runtime, "service", name, make, NULL);
  GSList *mine = g_hash_table_lookup (runtime->provided, &context->self);
  GSList *link = g_slist_find (mine, route);
  if (link) {
    leave (route, context->self);
    g_hash_table_replace (runtime->provided, g_memdup2 (&context->self, sizeof context->self),
                          g_slist_delete_link (mine, link));
  }
  pthread_mutex_unlock (&runtime->registry_lock);
}

void inos_services_leave (struct inos_runtime *runtime, inos_actor_id id)
{
  pthread_mutex_lock (&runtime->registry_lock);
  GSList *mine = g_hash_table_lookup (runtime->provided, &id);
  for (GSList *l = mine; l; l = l->next)
    leave (l->data, id);
  g_slist_free (mine);
  g_hash_table_remove (runtime->provided, &id);
  pthread_mutex_unlock (&runtime->registry_lock);
}

size_t inos_service_providers (struct inos_runtime *runtime, const char *name, inos_actor_id *out,
                               size_t room)
{
  pthread_mutex_lock (&runtime->registry_lock);
  struct service *self =
    (struct service *)inos_route_intern_locked (runtime, "service", name, make, NULL);
  uint32_t count = self ? inos_roster_count (&self->members) : 0;
  for (uint32_t i = 0; i < MIN (count, room); i++)
    out[i] = inos_roster_at (&self->members, i);
  pthread_mutex_unlock (&runtime->registry_lock);
  return count;
}
