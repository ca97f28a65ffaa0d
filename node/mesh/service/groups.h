/*
 * Groups on the mesh's thread: of each, three to seven nodes that have the same name and the same
 * members, and elect who of them is the primary (node/mesh/group/election.h). They tell each other
 * once a second that they are there (node/mesh/member/heartbeat.h). Both go on "/inos/group/1.0.0":
 * messages of one byte that says which, and what it is.
 *
 * A vote is on the disk before it is answered; so are the groups, which this node is in again after
 * a restart, however it ended.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/group/group_kept.h"
#include "node/mesh/host/host.h"
#include "node/mesh/member/heartbeat.h"
#include "node/mesh/service/mesh.h"

#include <glib.h>

#define INOS_GROUP_PROTOCOL "/inos/group/1.0.0"

struct inos_groups;

struct inos_groups_setup {
  struct inos_host *host;
  GMainContext *context;
  const char *state_dir; /* (nullable): then this node is in no group */
  inos_mesh_on_group on_group;
  void *data;
};

/** inos_groups_new: joins the groups that it remembers. */
struct inos_groups *inos_groups_new (const struct inos_groups_setup *setup);
/** inos_groups_stop: before the host is freed: gives back what it holds; nothing is ticked any
 * more.
 */
void inos_groups_stop (struct inos_groups *groups);
/** inos_groups_free: after the host. Takes NULL. */
void inos_groups_free (struct inos_groups *groups);

/* @error is of the domain %INOS_API_ERROR. */

/** inos_groups_join: with @members, among whom this node need not be named; whoever of them does
 * not say the same is not heard. */
bool inos_groups_join (struct inos_groups *groups, const char *name,
                       const struct inos_peer_id *members, unsigned n, GError **error);
/** inos_groups_leave: what it voted is remembered all the same. */
bool inos_groups_leave (struct inos_groups *groups, const char *name, GError **error);
/** inos_groups_resign: lets another be the primary. */
bool inos_groups_resign (struct inos_groups *groups, const char *name, GError **error);

/* A group as this node sees it. */
struct inos_group_view {
  const struct inos_group_kept *kept;
  struct inos_peer_id primary; /* zero: nobody that this node knows of */
  uint64_t epoch;              /* of it */
  uint64_t token;              /* the fencing token, where this node is it and may write; else 0 */
  uint64_t lease;              /* ns that it may, from now on */
};
/** inos_groups_at: (out) @view, of the @index'th group that this node is in. Returns: whether there
 * is one. */
bool inos_groups_at (struct inos_groups *groups, unsigned index, struct inos_group_view *view);
/** inos_groups_state: "there", "late", "gone" or "new", and "self". */
const char *inos_groups_state (struct inos_groups *groups, const struct inos_peer_id *member);
