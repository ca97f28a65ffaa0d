/*
 * Questions and answers: protocols in which each request goes on a stream of its own, and its
 * answer comes back on it; each with its length before it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/wire/buffer.h"

struct inos_questions;

struct inos_questions_setup {
  const char *name;     /* of the protocol; static */
  size_t message_max;   /* bytes, of either */
  unsigned streams_max; /* inbound of one peer */
  bool serve;           /* whether peers may ask */
  bool relayed;         /* also over relayed connections */
  bool open;            /* also those whom the guard does not let in */
  /* Answers @question of @peer: appends to @answer. Returns: false: the stream is reset. An answer
   * of nothing is not sent. */
  bool (*answer) (void *data, const struct inos_peer_id *peer, const uint8_t *question, size_t len,
                  struct inos_buffer *answer);
  /* What inos_questions_ask() was told @ticket for. @answer NULL: there is none, @why says why. */
  void (*answered) (void *data, uint64_t ticket, const uint8_t *answer, size_t len,
                    const GError *why);
  void *data;
};

struct inos_questions *inos_questions_new (struct inos_host *host,
                                           const struct inos_questions_setup *setup);
/** inos_questions_free: after the host; what is open is not answered any more. */
void inos_questions_free (struct inos_questions *questions);
/** inos_questions_serve: whether peers may ask from now on; whether that has changed. */
bool inos_questions_serve (struct inos_questions *questions, bool serve);
/**
 * inos_questions_ask: asks @peer, who is dialled where there is no connection that is not relayed.
 * @expects: whether an answer comes; else it is answered with nothing when it was sent
 * @timeout: ns
 */
void inos_questions_ask (struct inos_questions *questions, const struct inos_peer_id *peer,
                         const void *question, size_t len, bool expects, uint64_t timeout,
                         uint64_t ticket);
uint64_t inos_questions_deadline (const struct inos_questions *questions);
void inos_questions_tick (struct inos_questions *questions);
