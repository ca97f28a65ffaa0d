/*
 * What a route is to the runtime, and the registry that keeps them. Included by private.h.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/private.h"

/* What pick() says where the route lets nothing through. No actor is of generation 0. */
#define INOS_PICK_REFUSED ((inos_actor_id)1)

/* How a route finds an actor; the kinds of routes begin with it. Kept by registry.c. Its functions
 * are called on many threads at once. */
struct inos_route {
  /* Whom a message goes to; 0: nobody; or INOS_PICK_REFUSED. @key is 0 where there is none. */
  inos_actor_id (*pick) (struct inos_worker *worker, const struct inos_route *route, uint32_t key);
  /* May be NULL. pick() for a request, of whose end the route wants to hear: @round comes back. */
  inos_actor_id (*ask) (struct inos_worker *worker, const struct inos_route *route, uint32_t key,
                        uint64_t *round);
  /* Is not called for a request that was refused here, nor where the actor that asked has gone. */
  void (*ended) (struct inos_worker *worker, const struct inos_route *route, uint64_t round,
                 enum inos_replied status);
  void (*free) (struct inos_route *route);
  /* Picks anew where the one that was picked has gone meanwhile; NULL: nobody does. */
  const struct inos_route *again;
  bool drains; /* as `again`: its actors have bounds, and none that is taken out leaves messages */
};

/* registry.c */
typedef struct inos_route *(*inos_route_make) (struct inos_runtime *runtime, const char *name,
                                               const void *data);
/* The route of this kind and name; where there is none yet @make makes it, from @data. */
struct inos_route *inos_route_intern (struct inos_runtime *runtime, const char *kind,
                                      const char *name, inos_route_make make, const void *data);
/* The same with the registry's lock held. */
struct inos_route *inos_route_intern_locked (struct inos_runtime *runtime, const char *kind,
                                             const char *name, inos_route_make make,
                                             const void *data);
/* Whether what @spawn says can be registered: then the lock is held, until @id, which can be sent
 * to by now, is known by it. */
bool inos_registry_begin (struct inos_runtime *runtime, const struct inos_spawn *spawn);
void inos_registry_end (struct inos_runtime *runtime, const struct inos_spawn *spawn,
                        inos_actor_id id);
void inos_name_drop (struct inos_runtime *runtime, inos_actor_id id);
/* inos_publish() by no actor. */
void inos_publish_from (struct inos_worker *worker, const char *topic,
                        const struct inos_message_type *type, const void *message);
void inos_topics_leave (struct inos_runtime *runtime, struct inos_cell *cell);

/* service.c; the first two with the registry's lock held */
struct inos_route *inos_service_with_room (struct inos_runtime *runtime, const char *name);
void inos_service_enter (struct inos_runtime *runtime, struct inos_route *route, inos_actor_id id);
void inos_services_leave (struct inos_runtime *runtime, inos_actor_id id);

static inline inos_actor_id inos_route_pick (struct inos_worker *worker,
                                             const struct inos_route *route, uint32_t key)
{
  return route->pick (worker, route, key);
}
