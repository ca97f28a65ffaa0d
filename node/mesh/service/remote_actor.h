/*
 * What remote actors are to the runtime.
 *
 * Here, one of another node is a front (letter.h) under the name "PEER/NAME", and behind it a *far*
 * actor that sends what the front hands on. It stands for one incarnation: where the actor ends, or
 * the connection does, the front ends for the same reason and so tells its monitors and links.
 * There, a *deliverer* sends what comes, as any actor of that node would.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/service/letter.h"
#include "node/mesh/service/remote_link.h"

#include "node/actor/runtime.h"

#define NODE_FAR_CAPACITY 256u /* letters that wait in a front, beside those on their way */
#define NODE_FAR_NAME_MAX (INOS_PEER_TEXT_MAX + 1u + INOS_REMOTE_NAME_MAX + 1u)

struct node_far_front {
  inos_actor_id front; /* 0: there is none */
};

/* To the actor that has the mesh: where "PEER/NAME" is reached, from now until it goes: it is an
 * id, not a name, and after that one asks again. */
struct node_reach_whom {
  char name[NODE_FAR_NAME_MAX];
};
#define NODE_REACH(MESSAGE, REQUEST)                                                               \
  REQUEST (node_reach, find, struct node_reach_whom, struct node_far_front, 1)
INOS_PROTOCOL (node_reach, NODE_REACH);

/* To a far actor, from the mesh's thread. */
struct node_far_room {
  uint32_t units;
};
struct node_far_answer {
  uint64_t id;
  enum inos_remote_status status;
  GVariant *body; /* owned; NULL: none */
};
struct node_far_over {
  struct inos_remote_over why;
};

#define NODE_FAR(MESSAGE, REQUEST)                                                                 \
  MESSAGE (node_far, room, struct node_far_room, 1)                                                \
  MESSAGE (node_far, answer, struct node_far_answer, 1, .clear = node_far_answer_free)             \
  MESSAGE (node_far, over, struct node_far_over, 1)
INOS_PROTOCOL (node_far, NODE_FAR);

/**
 * node_reach_handle: answers the node_reach.find that is being handled.
 * @link: (nullable): NULL: the mesh is switched off
 * @self: this node's own id
 */
void node_reach_handle (struct inos_context *context, struct inos_remote_link *link,
                        const char *self, const struct node_reach_whom *whom);
/** node_far_name: "PEER/NAME", under which the front is registered. */
void node_far_name (const struct inos_peer_id *peer, const char *name, char out[NODE_FAR_NAME_MAX]);

/* From the mesh's thread. */
void node_far_room (struct inos_runtime *runtime, inos_actor_id far, uint32_t units);
void node_far_answer (struct inos_runtime *runtime, inos_actor_id far, uint64_t id,
                      enum inos_remote_status status, GVariant *body);
void node_far_over (struct inos_runtime *runtime, inos_actor_id far, struct inos_remote_over why);

/** node_deliverer_spawn: one for what comes from @peer for @target in a session. 0: no memory. */
inos_actor_id node_deliverer_spawn (struct inos_runtime *runtime, struct inos_remote_link *link,
                                    uint64_t session, const struct inos_peer_id *peer,
                                    inos_actor_id target);
void node_deliverer_letter (struct inos_runtime *runtime, inos_actor_id deliverer,
                            const struct inos_remote_message *letter);
void node_deliverer_cancel (struct inos_runtime *runtime, inos_actor_id deliverer, uint64_t id);
/** node_deliverer_gone: the session is over. */
void node_deliverer_gone (struct inos_runtime *runtime, inos_actor_id deliverer);

/** node_far_exit: what monitors are told of an end. */
struct inos_exit node_far_exit (struct inos_remote_over why);
/** node_far_end: the same the other way round. */
struct inos_remote_over node_far_end (struct inos_exit reason);
