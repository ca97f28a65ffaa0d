/*
 * Messages on a stream, each after its length as a varint: how most of libp2p's protocols frame
 * what they say.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/link/stream.h"
#include "node/mesh/wire/buffer.h"

/* A reader; zero but for `max` to begin with. */
struct inos_frames {
  size_t max; /* bytes of one message */
  struct inos_buffer partial;
};

/* Returns: whether to go on. The message is good until this returns. */
typedef bool (*inos_frames_each) (void *data, const uint8_t *message, size_t len);

/**
 * inos_frames_feed: @bytes came; @each is called for every message that is whole now.
 *
 * @each may not free @frames.
 *
 * Returns: false where @each said so, or the bytes are no such messages: the stream is then to be
 * reset.
 */
bool inos_frames_feed (struct inos_frames *frames, const uint8_t *bytes, size_t len,
                       inos_frames_each each, void *data);
/** inos_frames_is_empty: whether no message has begun and not ended. */
bool inos_frames_is_empty (const struct inos_frames *frames);
void inos_frames_clear (struct inos_frames *frames);

/** inos_frames_write: sends @message after its length. */
void inos_frames_write (struct inos_stream *stream, const void *message, size_t len);
