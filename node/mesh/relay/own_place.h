/*
 * Where this node could be met from outside: what it hears of itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"

/** inos_own_place_join: (out): the place of @seen, where others see us, with the rest of
 * @listening: a NAT that lets somebody in, or keeps ports as they are, does so at the port where we
 * listen. Returns: whether they are of one family. */
bool inos_own_place_join (const struct inos_multiaddr *seen, const struct inos_multiaddr *listening,
                          struct inos_multiaddr *out);
/**
 * inos_own_places: (out): where a TCP dial from outside could find @host: its public addresses,
 * where others see it, and there with the ports where it listens; the likeliest first.
 * @anywhere: also what is not public
 *
 * Returns: how many, up to @max.
 */
unsigned inos_own_places (const struct inos_host *host, bool anywhere,
                          struct inos_multiaddr *places, unsigned max);
