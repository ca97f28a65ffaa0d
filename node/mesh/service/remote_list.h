/*
 * Which actors of one node another may reach: a question on "/inos/actors/1.0.0". Asked by
 * anything, answered by
 *
 *     message Actors { uint32 version = 1; repeated bytes name = 2; }
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/service/remote.h"

struct inos_remote_lister;

struct inos_remote_lister *inos_remote_lister_new (struct inos_host *host,
                                                   const struct inos_remote_acl *acl);
/** inos_remote_lister_free: after the host; whoever waits is told nothing more. */
void inos_remote_lister_free (struct inos_remote_lister *lister);
void inos_remote_lister_ask (struct inos_remote_lister *lister, const struct inos_peer_id *peer,
                             inos_remote_listed listed, void *data);
uint64_t inos_remote_lister_deadline (const struct inos_remote_lister *lister);
void inos_remote_lister_tick (struct inos_remote_lister *lister);
