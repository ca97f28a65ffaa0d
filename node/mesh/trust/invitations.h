/*
 * The invitations that this node has given out. Of a secret only its hash is kept, so that who
 * reads the file cannot come in; those that are used up or have expired are remembered for a while,
 * so that whoever comes too late is told so.
 *
 * A core (env.h) without deadlines.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"
#include "node/mesh/trust/code.h"
#include "node/mesh/wire/buffer.h"

#define INOS_INVITATIONS_MAX 64u
#define INOS_INVITATION_USES_MAX 1000u
#define INOS_INVITATION_LIFE_MAX INT64_C (2592000000) /* ms: 30 days */

struct inos_invitations;

enum inos_invitation_answer {
  INOS_INVITATION_UNKNOWN,
  INOS_INVITATION_EXPIRED,
  INOS_INVITATION_USED_UP,
  INOS_INVITATION_GOOD, /* lets in at once */
  INOS_INVITATION_ASK,  /* a person decides */
};

struct inos_invitations *inos_invitations_new (const struct inos_mesh_env *env);
/** inos_invitations_free: takes NULL. */
void inos_invitations_free (struct inos_invitations *invitations);

/**
 * inos_invitations_add:
 * @life: ms, from now; at most INOS_INVITATION_LIFE_MAX
 * @uses: how many may come with it; 1 to INOS_INVITATION_USES_MAX
 * @ask: whether a person is to be asked about each
 * @secret: (out): goes into the code and nowhere else
 * @expires: (out): ms since 1970
 *
 * Returns: whether there was room: of those that are over the oldest goes.
 */
bool inos_invitations_add (struct inos_invitations *invitations, int64_t life, unsigned uses,
                           bool ask, uint8_t secret[INOS_CODE_SECRET_SIZE], int64_t *expires);
/** inos_invitations_look: what becomes of who comes with @secret now. */
enum inos_invitation_answer inos_invitations_look (const struct inos_invitations *invitations,
                                                   const uint8_t secret[INOS_CODE_SECRET_SIZE]);
/** inos_invitations_use: one has come with it. Returns: whether it counted still. */
bool inos_invitations_use (struct inos_invitations *invitations,
                           const uint8_t secret[INOS_CODE_SECRET_SIZE]);
/** inos_invitations_clear: none counts any more. */
void inos_invitations_clear (struct inos_invitations *invitations);
/** inos_invitations_open: how many count still. */
unsigned inos_invitations_open (const struct inos_invitations *invitations);

/** inos_invitations_write: appends what inos_invitations_read() reads. */
void inos_invitations_write (const struct inos_invitations *invitations, struct inos_buffer *out);
/** inos_invitations_read: whether @bytes were whole; what is right of them is taken. */
bool inos_invitations_read (struct inos_invitations *invitations, const void *bytes, size_t len);
