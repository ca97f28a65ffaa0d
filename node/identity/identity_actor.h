/*
 * The actor that holds the node's identity and says who the node is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"
#include "node/identity/identity.h"

#define NODE_IDENTITY_NAME "identity" /* in its runtime */

struct node_identity_description {
  char peer_id[INOS_PEER_ID_SIZE];
  char public_key[2 * INOS_PUBLIC_KEY_SIZE + 1]; /* in hexadecimal */
};

/* changed: there is another one on the disk. */
#define NODE_IDENTITY(MESSAGE, REQUEST)                                                            \
  REQUEST (node_identity, describe, struct inos_nothing, struct node_identity_description, 1)      \
  MESSAGE (node_identity, changed, struct inos_nothing, 1)
INOS_PROTOCOL (node_identity, NODE_IDENTITY);

/* Its argument is a struct inos_setup *. */
extern const struct inos_behaviour node_identity_behaviour;
