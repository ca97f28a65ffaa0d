/*
 * Routes: addresses that find their actor anew for each message. They are the runtime's, and live
 * as long as it does; asking twice gives the same one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

/* Routes of a runtime, of all kinds together. */
#define INOS_ROUTES_MAX 65536

/** inos_lookup: who has @name now; 0: nobody. From any thread. */
inos_actor_id inos_lookup (struct inos_runtime *runtime, const char *name);

/**
 * inos_address_of_name:
 *
 * Returns: an address that reaches whoever has @name when a message is sent, so that it stays good
 * when the actor is restarted; one that reaches nobody where there are too many routes already.
 */
struct inos_address inos_address_of_name (struct inos_runtime *runtime, const char *name);

/*
 * Services. Any number of actors up to 256 may provide one; one actor may provide many. A message
 * without a key goes to the next in turn, and each worker goes round by itself. A message with a
 * key goes to the same provider as all with that key do; where one of n providers comes or goes, no
 * more than the n-th part of the keys move. A provider leaves when it ends.
 */

/**
 * inos_address_of_service:
 * @key: of every message that is sent to this address without a key of its own; 0: none
 *
 * Returns: an address that reaches a provider of @name for as long as there is one.
 */
struct inos_address inos_address_of_service (struct inos_runtime *runtime, const char *name,
                                             uint32_t key);

/**
 * inos_provide:
 *
 * The running actor provides @name from now on; see also `service` of struct inos_spawn.
 *
 * Returns: false where there are too many providers, or too many routes.
 */
bool inos_provide (struct inos_context *context, const char *name);
/** inos_withdraw: the running actor does not provide @name any more; what was sent still comes. */
void inos_withdraw (struct inos_context *context, const char *name);

/**
 * inos_service_providers:
 * @out: where up to @room of their ids go
 *
 * Returns: how many provide @name now. From any thread.
 */
size_t inos_service_providers (struct inos_runtime *runtime, const char *name, inos_actor_id *out,
                               size_t room);
