/*
 * A world of hosts in one process, for tests: a clock that the test moves, links in memory that
 * carry bytes in pieces of random sizes, and no socket.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/wire/buffer.h"

#define WORLD_HOSTS_MAX 32

struct world;

/** world_new: @seed of the pieces that bytes come in. */
struct world *world_new (uint64_t seed);
void world_free (struct world *world);

/** world_add: a host that listens at "/memory/N", its number from 1 on. */
struct inos_host *world_add (struct world *world, const struct inos_host_limits *limits);
/** world_remove: frees the host with this number; its links break. */
void world_remove (struct world *world, unsigned number);
/** world_address: "/memory/N", with the peer's id where @with_peer. */
struct inos_multiaddr world_address (struct world *world, unsigned number, bool with_peer);

const struct inos_mesh_env *world_env (struct world *world);
uint64_t world_now (struct world *world);

/* Who wants to be called at its deadline besides the hosts. */
void world_watch (struct world *world, uint64_t (*deadline) (void *data), void (*tick) (void *data),
                  void *data);

/** world_settle: lets all happen that happens at once. */
void world_settle (struct world *world);
/** world_pass: lets @ns pass, and all happen in it. */
void world_pass (struct world *world, uint64_t ns);
/** world_cut: no byte goes between two hosts any more, without a word to either. */
void world_cut (struct world *world, unsigned one, unsigned other);
/** world_break: the link with this number, from 0 on, breaks, which both its ends notice. */
void world_break (struct world *world, unsigned number);
/** world_forbid: dials to the host are refused (@refuse), or never answered. */
void world_forbid (struct world *world, unsigned number, bool refuse);
/** world_open: dials to the host work again. */
void world_open (struct world *world, unsigned number);
/** world_links: how many there are. */
unsigned world_links (struct world *world);
/** world_connect: has the host @from dial @to; whether that worked. */
bool world_connect (struct world *world, unsigned from, unsigned to);
