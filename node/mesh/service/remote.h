/*
 * Remote actors on the streams of a host: sessions to actors of other nodes, and from others to
 * actors of this one. On the mesh's thread; remote_actor.h has what it is to actors.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/service/remote_acl.h"
#include "node/mesh/service/remote_link.h"
#include "node/mesh/service/reputations.h"

#define INOS_REMOTE_CALLED_MAX 256u /* sessions of others with this node's actors */
#define INOS_REMOTE_CALLS_MAX 256u  /* of this node's with others' */
#define INOS_REMOTE_STREAMS_MAX 16u /* of one peer */
#define INOS_REMOTE_QUEUE_MAX                                                                      \
  (1024u * 1024) /* bytes of what a session has to say and cannot yet                              \
                  */

struct inos_remote;

/** inos_remote_new: @reputations: (nullable): who hears how peers behave; outlives the host. */
struct inos_remote *inos_remote_new (struct inos_host *host, GMainContext *context,
                                     const struct inos_mesh_config *config, const char *state_dir,
                                     struct inos_reputations *reputations);
/** inos_remote_serve: from now on others may reach actors of @runtime. */
void inos_remote_serve (struct inos_remote *remote, struct inos_runtime *runtime,
                        struct inos_remote_link *link);
/** inos_remote_stop: before the host is freed: every session is lost. */
void inos_remote_stop (struct inos_remote *remote);
/** inos_remote_free: after the host. Takes NULL. */
void inos_remote_free (struct inos_remote *remote);

void inos_remote_do (struct inos_remote *remote, const struct inos_remote_order *order);

struct inos_remote_acl *inos_remote_acl (struct inos_remote *remote);
/** inos_remote_acl_changed: sessions of those that may not reach their actor any more end. */
void inos_remote_acl_changed (struct inos_remote *remote);
/* @names NULL: @error says why. */
typedef void (*inos_remote_listed) (void *data, const char *const *names, const GError *error);
/** inos_remote_list: which actors of @peer this node may reach. Calls @listed once, later. */
void inos_remote_list (struct inos_remote *remote, const struct inos_peer_id *peer,
                       inos_remote_listed listed, void *data);
