/*
 * What the actors that speak for another node's, and those that deliver what comes from one, have
 * of the mesh: orders go through it to the mesh's thread, in order, and go nowhere once the mesh
 * has ended.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/remote/session.h"
#include "node/mesh/service/mesh.h"

#include "node/actor/actor.h"

struct inos_remote_link;

enum inos_remote_what {
  INOS_REMOTE_DO_OPEN,   /* a session to `peer`'s actor message.name, for the actor `actor` */
  INOS_REMOTE_DO_SEND,   /* `message` */
  INOS_REMOTE_DO_CANCEL, /* message.id */
  INOS_REMOTE_DO_TAKEN,  /* message.amount units */
  INOS_REMOTE_DO_ANSWER, /* to message.id: message.amount is the status, message.body the reply */
  INOS_REMOTE_DO_END,    /* message.amount is an enum inos_remote_end, message.code its own */
};

struct inos_remote_order {
  enum inos_remote_what what;
  uint64_t session;
  inos_actor_id actor;
  struct inos_peer_id peer;
  struct inos_remote_message message;
};

/** inos_remote_link_new: has @mesh serve actors of @runtime from now on. */
struct inos_remote_link *inos_remote_link_new (struct inos_mesh *mesh,
                                               struct inos_runtime *runtime);
struct inos_remote_link *inos_remote_link_ref (struct inos_remote_link *link);
void inos_remote_link_unref (struct inos_remote_link *link);
/** inos_remote_link_end: before the mesh is freed. */
void inos_remote_link_end (struct inos_remote_link *link);
/** inos_remote_link_number: of a new session. */
uint64_t inos_remote_link_number (struct inos_remote_link *link);
/**
 * inos_remote_link_do: from any thread.
 * @order: copied; message.body is (transfer none)
 *
 * Returns: false where the mesh has ended.
 */
bool inos_remote_link_do (struct inos_remote_link *link, const struct inos_remote_order *order);
