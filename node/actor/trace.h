/*
 * Tracing: what an actor gets, and what becomes of one message.
 *
 * Two kinds, both turned on and off at run time from any thread. A traced actor has a ring of the
 * last messages and replies that came to it. A traced path begins with one message and goes on with
 * every message, request and reply that is sent while one on the path is handled, from actor to
 * actor, until so many steps have been seen; what a timer sends later is not on it.
 *
 * What is not traced pays for a test of two flags a message. What is traced reads the clock twice
 * and takes a lock.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/dead_letter.h"

#define INOS_TRACES_MAX 64        /* traced actors in a runtime */
#define INOS_TRACE_ROOM_MAX 65536 /* messages in a ring, or on a path */

enum inos_traced_outcome {
  INOS_TRACED_HANDLED,
  INOS_TRACED_DONE,      /* its handler ended the actor */
  INOS_TRACED_FAILED,    /* its handler failed */
  INOS_TRACED_FORWARDED, /* its handler passed it on */
  INOS_TRACED_DEAD,      /* it is a dead letter; `reason` says why */
};

struct inos_traced {
  uint64_t id;
  uint64_t cause; /* on a path: the message that was handled when it was sent; 0: it is the first.
                   * Of a reply: the request */
  inos_actor_id sender, recipient;
  const struct inos_message_type *type; /* NULL: a failed request's reply */
  uint64_t queued, handled;             /* ns of the runtime's clock */
  uint64_t duration;                    /* ns */
  enum inos_traced_outcome outcome;
  enum inos_dead_reason reason;
};

/**
 * inos_trace_actor:
 * @room: how many of the last messages are kept; 0: 256
 *
 * Traces @actor from now on. The ring is there until inos_trace_stop(), also when the actor has
 * gone.
 *
 * Returns: false where there is no such actor, no memory, or so many are traced already.
 */
bool inos_trace_actor (struct inos_runtime *runtime, inos_actor_id actor, uint32_t room);

/** inos_trace_stop: forgets the ring. Returns: whether there was one. */
bool inos_trace_stop (struct inos_runtime *runtime, inos_actor_id actor);

/** inos_trace_room: how many messages of @actor are kept; 0: it is not traced. */
uint32_t inos_trace_room (struct inos_runtime *runtime, inos_actor_id actor);

/**
 * inos_trace_read:
 * @out: where up to @room go, the oldest of them first; they are the latest
 * @total: (out) (optional): how many there have been since it began
 *
 * Returns: how many there are in @out.
 */
size_t inos_trace_read (struct inos_runtime *runtime, inos_actor_id actor, struct inos_traced *out,
                        size_t room, uint64_t *total);

/**
 * inos_trace_path:
 * @actor: the next message that it handles begins the path
 * @steps: how many messages are followed; 0: 256
 *
 * One path at a time is traced in a runtime; the one before is forgotten.
 *
 * Returns: the path's number, which counts up from 1; 0 where there is no such actor, or no memory.
 */
uint64_t inos_trace_path (struct inos_runtime *runtime, inos_actor_id actor, uint32_t steps);

/** inos_trace_path_number: of the path that is traced now, or was last; 0: none has been. */
uint64_t inos_trace_path_number (struct inos_runtime *runtime);

/** inos_trace_path_stop: nothing more is followed; what was seen can still be read. */
void inos_trace_path_stop (struct inos_runtime *runtime);

/**
 * inos_trace_path_read:
 * @out: where up to @room go, in the order in which they had been handled
 * @going_on: (out) (optional): whether there may be more
 *
 * A step is there when its handler has returned; that of its cause may return later.
 *
 * Returns: how many there are in @out.
 */
size_t inos_trace_path_read (struct inos_runtime *runtime, struct inos_traced *out, size_t room,
                             bool *going_on);

/** inos_traced_outcome_name: a word for people and for D-Bus, such as "handled". */
const char *inos_traced_outcome_name (enum inos_traced_outcome outcome);
