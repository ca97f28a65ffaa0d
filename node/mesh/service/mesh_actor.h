/*
 * The actor that has the mesh, and through which the rest of the node speaks with it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"
#include "node/api/frame.h"

#define NODE_MESH_NAME "mesh" /* in its runtime */
/* Here it publishes what comes for topics, as events for connections. */
#define NODE_MESH_TOPIC "mesh.messages"
/* Here it publishes that a member has come or gone, and that somebody asks to be one: for
 * connections that have asked for members. */
#define NODE_MEMBERS_TOPIC "mesh.members"
/* Here, that a shared state has changed: for connections that have asked for states. */
#define NODE_STATES_TOPIC "mesh.states"
/* Here, that a group has another primary: for connections that have asked for groups. */
#define NODE_GROUPS_TOPIC "mesh.groups"

struct node_mesh_question {
  const char *type;     /* a message "mesh.…" of the message table; static */
  GVariant *parameters; /* owned */
};

struct node_mesh_answer {
  GVariant *payload;        /* owned; NULL: refused */
  enum inos_api_error code; /* why, and in a sentence */
  char sentence[480];       /* an address of a relay is long */
};

/* What the mesh's thread has found out. */
struct node_mesh_found {
  struct inos_request_id request;
  struct node_mesh_answer answer;
};

/* The node has another identity on its disk. */
struct node_mesh_rotated {
  GArray *known; /* owned, struct inos_multiaddr: where its peers are */
};

/* What a member asks of this node. */
struct node_mesh_managed {
  uint64_t number;
  const char *type;     /* a message of the message table; static */
  GVariant *parameters; /* owned */
};

/* What goes to connections as an event. */
struct node_mesh_news {
  const char *topic, *type; /* static: where it is published, and which of the message table */
  GVariant *payload;        /* owned; of that type */
};

#define NODE_MESH(MESSAGE, REQUEST)                                                                \
  REQUEST (node_mesh, ask, struct node_mesh_question, struct node_mesh_answer, 1,                  \
           .clear = node_mesh_question_clear, .clear_reply = node_mesh_answer_clear)               \
  MESSAGE (node_mesh, rotated, struct node_mesh_rotated, 1, .clear = node_mesh_rotated_clear)      \
  MESSAGE (node_mesh, found, struct node_mesh_found, 1, .clear = node_mesh_found_clear)            \
  MESSAGE (node_mesh, managed, struct node_mesh_managed, 1, .clear = node_mesh_managed_clear)      \
  MESSAGE (node_mesh, news, struct node_mesh_news, 1, .clear = node_mesh_news_clear)
INOS_PROTOCOL (node_mesh, NODE_MESH);

/* Its argument is a struct inos_setup *. */
extern const struct inos_behaviour inos_mesh_behaviour;
