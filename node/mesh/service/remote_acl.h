/*
 * Who may reach which of this node's actors from another node. The settings name those that are
 * open to everybody; what a person changes lies in a file of the node's, and goes before them. On
 * the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/service/mesh_config.h"
#include "node/mesh/wire/peer_id.h"

#define INOS_REMOTE_ACL_ACTORS_MAX 256u /* that are named */
#define INOS_REMOTE_ACL_WHO_MAX 64u     /* of one actor */
#define INOS_REMOTE_PUBLIC "public"     /* everybody */
#define INOS_REMOTE_MEMBERS "members"

struct inos_remote_acl;

/** inos_remote_acl_new: @state_dir (nullable): where its file lies; NULL: it is not kept. */
struct inos_remote_acl *inos_remote_acl_new (const struct inos_mesh_config *config,
                                             const char *state_dir);
/** inos_remote_acl_ask: members are from now on those whom the guard of @host lets in, while it has
 * one; others then only reach what is public. */
void inos_remote_acl_ask (struct inos_remote_acl *acl, const struct inos_host *host);
void inos_remote_acl_free (struct inos_remote_acl *acl);

/** inos_remote_acl_allows: whether @peer may reach the actor @name; who is named by an earlier id
 * that it handed over may, and who has that id still may not. All others may not even know
 * whether there is one. */
bool inos_remote_acl_allows (const struct inos_remote_acl *acl, const struct inos_peer_id *peer,
                             const char *name);
/**
 * inos_remote_acl_set:
 * @who: "public", "members" or peer ids; empty: nobody; on the disk when this returns
 *
 * Returns: whether it could be; else nothing has changed, and @error says why.
 */
bool inos_remote_acl_set (struct inos_remote_acl *acl, const char *name, const char *const *who,
                          GError **error);
/** inos_remote_acl_list: (transfer floating): a(sas): name, who; by name. */
GVariant *inos_remote_acl_list (const struct inos_remote_acl *acl);
/** inos_remote_acl_names: (transfer full): those that @peer may reach, by name. */
char **inos_remote_acl_names (const struct inos_remote_acl *acl, const struct inos_peer_id *peer);
