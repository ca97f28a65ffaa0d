/*
 * Messages that are older than what is remembered of them: the cache of seen ones lasts two
 * minutes, a replay may come later. Authors who number their messages by the time in ns (this
 * project, go-libp2p and js-libp2p do; others may not) are held to it: what is not above all
 * that has left the cache has been there before.
 *
 * An author whose numbers were ever no time is not held to anything. One who has been quiet for an
 * hour is forgotten, so that a clock that was set back does not silence it for ever.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/pubsub/message.h"

#define INOS_REPLAY_AUTHORS 4096 /* more: who has been quiet longest is forgotten */
#define INOS_REPLAY_TIME (3600 * G_GUINT64_CONSTANT (1000000000)) /* ns */

struct inos_replay;

struct inos_replay *inos_replay_new (void);
void inos_replay_free (struct inos_replay *replay);
/**
 * inos_replay_check: a message that is not in the cache, and whose signature is right.
 * @wall: ms since 1970
 * @now: ns
 *
 * Returns: whether it is a replay.
 */
bool inos_replay_check (struct inos_replay *replay, const struct inos_peer_id *author,
                        uint64_t seqno, int64_t wall, uint64_t now);
/** inos_replay_forgotten: @id has left the cache. */
void inos_replay_forgotten (struct inos_replay *replay, const struct inos_pubsub_message_id *id);
