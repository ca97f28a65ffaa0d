/*
 * What a user who is not the node's own needs polkit's word for: one table of every request with
 * its action, which data/system/org.inos.node.policy declares.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/api/messages.h"

#define INOS_ACTION_LOOK "org.inos.node.look"       /* version, processor, memory, disks */
#define INOS_ACTION_INSPECT "org.inos.node.inspect" /* the mesh and the actors, as they are */
#define INOS_ACTION_MESH "org.inos.node.mesh"       /* connections, limits, values, services */
#define INOS_ACTION_MEMBERS "org.inos.node.members" /* who is in the mesh; the identity */
#define INOS_ACTION_ACTORS "org.inos.node.actors"   /* stop and restart, trace, send */

struct inos_need {
  const char *action; /* NULL: never: it is a person's, and each person's own node has it */
  bool changes;       /* so that a person may be asked for a password */
};

/** inos_need_of: what @message, a request of the table, needs. */
struct inos_need inos_need_of (const struct inos_api_message *message);
