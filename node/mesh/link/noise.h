/*
 * Noise as libp2p has it ("/noise"): the XX handshake, whose payloads prove each side's identity
 * and say which multiplexers it speaks, and the encrypted frames after it. Each message is a frame
 * with two bytes of length before it. Only Ed25519 identities are taken.
 *
 * Source: libp2p/specs, noise and connections/inlined-muxer-negotiation.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/identity/identity.h"
#include "node/mesh/env.h"
#include "node/mesh/link/noise_xx.h"
#include "node/mesh/wire/peer_id.h"

#include <glib.h>

#define INOS_NOISE_PROTOCOL "/noise"
#define INOS_NOISE_HEAD_SIZE 2
#define INOS_NOISE_PLAIN_MAX (65535 - INOS_NOISE_TAG_SIZE) /* bytes in one frame */
#define INOS_NOISE_FRAME_MAX (INOS_NOISE_HEAD_SIZE + 65535)
#define INOS_NOISE_HANDSHAKE_MAX 8192 /* bytes of a handshake's frame */

struct inos_noise;

enum inos_noise_result {
  INOS_NOISE_MORE, /* the peer's next message is awaited */
  INOS_NOISE_DONE, /* the peer is who it says, and frames may go both ways */
  INOS_NOISE_BAD,
};

/**
 * inos_noise_new:
 * @muxer: (nullable): the multiplexer that this side speaks, told to the peer early; outlives it
 *
 * Returns: (transfer full): one side of a handshake, with new keys from @env.
 */
struct inos_noise *inos_noise_new (const struct inos_mesh_env *env,
                                   const struct inos_identity *identity, bool initiator,
                                   const char *muxer);
/** inos_noise_free: takes NULL; secrets are wiped. */
void inos_noise_free (struct inos_noise *noise);

/** inos_noise_start: appends the first frame to @out, where this side is the one to send it. */
void inos_noise_start (struct inos_noise *noise, struct inos_buffer *out);
/**
 * inos_noise_frame_size:
 * @bytes: where a frame begins, two bytes of it at least
 *
 * Returns: the frame's size, with its head.
 */
static inline size_t inos_noise_frame_size (const uint8_t *bytes)
{
  return INOS_NOISE_HEAD_SIZE + ((size_t)bytes[0] << 8 | bytes[1]);
}
/**
 * inos_noise_handshake:
 * @frame: the peer's next frame, whole, with its head; decrypted in place
 * @out: where an answer is appended
 * @error: (out): what is wrong, when it is
 */
enum inos_noise_result inos_noise_handshake (struct inos_noise *noise, uint8_t *frame, size_t len,
                                             struct inos_buffer *out, GError **error);
/** inos_noise_peer: who the peer is; after the handshake. */
const struct inos_peer_id *inos_noise_peer (const struct inos_noise *noise);

/* What the handshake said of multiplexers. */
enum inos_noise_muxer {
  INOS_NOISE_MUXER_OPEN,   /* nothing: it is still to be negotiated */
  INOS_NOISE_MUXER_AGREED, /* this side's */
  INOS_NOISE_MUXER_NONE,   /* the peer speaks only others */
};
enum inos_noise_muxer inos_noise_muxer (const struct inos_noise *noise);

/**
 * inos_noise_room:
 * @len: at most %INOS_NOISE_PLAIN_MAX
 *
 * Returns: where @len bytes may be written at the end of @out, for inos_noise_seal().
 */
uint8_t *inos_noise_room (struct inos_buffer *out, size_t len);
/** inos_noise_seal: makes a frame at the end of @out of the @len bytes that were written there. */
void inos_noise_seal (struct inos_noise *noise, struct inos_buffer *out, size_t len);
/**
 * inos_noise_open:
 * @frame: the peer's next frame, whole, with its head; decrypted in place
 * @plain_len: (out): bytes that were in it
 *
 * Returns: (nullable): them, in @frame; NULL where it is not what the peer sealed next.
 */
uint8_t *inos_noise_open (struct inos_noise *noise, uint8_t *frame, size_t len, size_t *plain_len);
