/*
 * Which members of the mesh may look at this node, and which may manage it too. Nobody may until a
 * person says so: in the settings, or in a file of the node's, which goes before them. A right that
 * a person gave is of one membership: it is kept with the era of that (roll.h), and in another one
 * it is nothing, also where nobody here has seen the one end. On the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/service/mesh_config.h"
#include "node/mesh/service/trust.h"

#define INOS_MANAGERS_MAX 64u /* that are named */

/* Each has what those before it have. */
enum inos_right {
  INOS_RIGHT_NONE,
  INOS_RIGHT_LOOK, /* at actors, processes, logs */
  INOS_RIGHT_ALL,  /* also to stop, start anew and end them */
};

/** inos_right_name: "none", "look" or "all". */
const char *inos_right_name (enum inos_right right);
bool inos_right_parse (const char *name, enum inos_right *right);
/** inos_right_needed: what a peer needs that asks @type, a message of the table; false: that is for
 * nobody who asks through the mesh. */
bool inos_right_needed (const char *type, enum inos_right *right);

struct inos_manage_rights;

/** inos_manage_rights_new: @state_dir (nullable): where its file lies; NULL: it is not kept. */
struct inos_manage_rights *inos_manage_rights_new (struct inos_host *host,
                                                   const struct inos_trust *trust,
                                                   const struct inos_mesh_config *config,
                                                   const char *state_dir);
void inos_manage_rights_free (struct inos_manage_rights *rights);

/** inos_manage_rights_of: what @peer may now; who was named by an id that it has handed over from
 * has the right still. */
enum inos_right inos_manage_rights_of (const struct inos_manage_rights *rights,
                                       const struct inos_peer_id *peer);
/** inos_manage_rights_set: on the disk when this returns true; else nothing has changed, and @error
 * says why, in the domain INOS_MESH_ERROR. */
bool inos_manage_rights_set (struct inos_manage_rights *rights, const struct inos_peer_id *peer,
                             enum inos_right right, GError **error);
/** inos_manage_rights_forget: @peer (nullable) is no member any more, and comes back without a
 * right; NULL: nobody of those that a person named is. */
void inos_manage_rights_forget (struct inos_manage_rights *rights, const struct inos_peer_id *peer);
/** inos_manage_rights_list: (transfer floating): a(ssb): a peer's id, its right, and whether it is
 * a member now, without which the right is none; by id. */
GVariant *inos_manage_rights_list (const struct inos_manage_rights *rights);
