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
