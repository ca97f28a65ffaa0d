/*
 * Trust: who is a member of this node's mesh, and what everybody else may do. It keeps the roll and
 * gives it to the other members, invites, lets in, and guards the host: in a mesh for members only
 * strangers speak no more than the protocols that say so.
 *
 * On the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/identity/identity.h"
#include "node/mesh/host/identify.h"
#include "node/mesh/service/members.h"
#include "node/mesh/service/mesh_config.h"
#include "node/mesh/trust/invitations.h"
#include "node/mesh/trust/requests.h"
#include "node/mesh/trust/roll.h"

struct inos_trust;

/* @peer, which calls itself @name, wants to be a member, and a person is to say whether. */
typedef void (*inos_mesh_on_request) (void *data, const struct inos_peer_id *peer,
                                      const char *name);

/* This node has another identity on its disk from now on, and is to start its mesh anew with it.
 * @known: (transfer full): struct inos_multiaddr, each with a /p2p/: where its peers are. */
typedef void (*inos_trust_on_rotated) (void *data, GArray *known);

struct inos_trust_setup {
  struct inos_host *host;
  struct inos_identify *identify;
  const struct inos_identity *identity;
  GMainContext *context;
  enum inos_access access;
  const char *dir;       /* where it keeps its files; (nullable): it remembers nothing */
  const char *state_dir; /* where the identity is; kept, not copied; NULL with @dir */
  inos_mesh_on_request on_request;
  inos_trust_on_rotated on_rotated;
  void *data;
};

/** inos_trust_new: reads what it kept, and guards the host. */
struct inos_trust *inos_trust_new (const struct inos_trust_setup *setup);
/** inos_trust_use: whom to ask where members are, and tell that one is none any more. */
void inos_trust_use (struct inos_trust *trust, struct inos_membership *membership);
/** inos_trust_stop: before the host is freed: nothing is ticked any more. */
void inos_trust_stop (struct inos_trust *trust);
/** inos_trust_free: after the host. Takes NULL. */
void inos_trust_free (struct inos_trust *trust);

/** inos_trust_is_closed: whether strangers are kept out. */
bool inos_trust_is_closed (const struct inos_trust *trust);
/** inos_trust_roll: of no mesh where it founded or joined none. */
const struct inos_roll *inos_trust_roll (const struct inos_trust *trust);
/** inos_trust_standing: "none", "member", "left" or "revoked". */
const char *inos_trust_standing (enum inos_standing standing);
struct inos_requests *inos_trust_requests (struct inos_trust *trust);
/** inos_trust_audit: (transfer full): the last @limit lines of the audit log. */
GPtrArray *inos_trust_audit (const struct inos_trust *trust, unsigned limit);

/** inos_trust_note: a line of the audit log: @what is a word, @format says more. */
void inos_trust_note (struct inos_trust *trust, const char *what, const struct inos_peer_id *peer,
                      const char *format, ...) G_GNUC_PRINTF (4, 5);
/** inos_trust_note_stranger: @peer, no member, wanted to speak @protocol; written now and then. */
void inos_trust_note_stranger (struct inos_trust *trust, const struct inos_peer_id *peer,
                               const char *protocol);
/* The membership of @peer has ended: it left or was revoked. NULL: this node is of another mesh, or
 * of none. */
typedef void (*inos_trust_on_gone) (void *data, const struct inos_peer_id *peer);
/** inos_trust_watch: who is told so, one; NULL: nobody any more. */
void inos_trust_watch (struct inos_trust *trust, inos_trust_on_gone on_gone, void *data);

/* What a person asks for. Where they return false, @error says why, in the domain INOS_MESH_ERROR.
 */

/**
 * inos_trust_invite: founds a mesh where this node is in none.
 * @code: (out): what the one invited is given
 * @expires: (out): ms since 1970
 */
bool inos_trust_invite (struct inos_trust *trust, int64_t life, unsigned uses, bool ask,
                        char code[INOS_CODE_TEXT_MAX], int64_t *expires, GError **error);
/** inos_trust_decide: @peer's request. */
bool inos_trust_decide (struct inos_trust *trust, const struct inos_peer_id *peer, bool accept,
                        GError **error);
bool inos_trust_revoke (struct inos_trust *trust, const struct inos_peer_id *peer, GError **error);
/** inos_trust_pass: the founder's seat, which is this node's, is @peer's, a member's, from now on.
 */
bool inos_trust_pass (struct inos_trust *trust, const struct inos_peer_id *peer, GError **error);
/** inos_trust_leave: this node is in no mesh any more, and its invitations count no more. */
bool inos_trust_leave (struct inos_trust *trust, GError **error);

/* How it went: the new id, or @error says why not. */
typedef void (*inos_trust_rotated) (void *data, const struct inos_peer_id *next,
                                    const GError *error);
/**
 * inos_trust_rotate: this node gets another key, and in its mesh takes over what the old one was.
 * On the disk when it is told; then the mesh starts anew.
 *
 * Calls @done once, from inside or later, after on_rotated().
 */
void inos_trust_rotate (struct inos_trust *trust, inos_trust_rotated done, void *data);

/* How a join went so far: a member, or waiting for a person's word; else @error says why not. */
typedef void (*inos_trust_joined) (void *data, bool member, const GError *error);
/**
 * inos_trust_join: asks to be a member; goes on asking where a person has to be waited for. An
 * earlier join that waits is given up.
 * @whom: a code, a peer's id, or an address that names one
 *
 * Calls @done once, from inside or later.
 */
void inos_trust_join (struct inos_trust *trust, const char *whom, inos_trust_joined done,
                      void *data);
/** inos_trust_joining: (nullable): whose word is waited for. */
const struct inos_peer_id *inos_trust_joining (const struct inos_trust *trust);
