/*
 * Bytes that come from a descriptor as messages, and bytes that go into one.
 *
 * Both are parts of an actor on the edge. What comes is read in chunks and sent to one receiver,
 * and is not read while that receiver has no room for it: while the actor has a send parked, or
 * while more than a window of bytes has not been said to be taken. What goes out waits in a bounded
 * queue, and whoever asked is answered when all of his is with the kernel.
 *
 * A receiver whose mailbox drops or refuses messages loses bytes so. Where there is no memory for a
 * message the stream ends, as it does when the receiver has gone.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/os/result.h"
#include "node/os/watch.h"

/* One message's bytes at most. */
#define INOS_CHUNK_MAX 65536u
/* Bytes that may wait to go out. */
#define INOS_OUTFLOW_MAX (1024u * 1024)

/* Where what happens is told: a message type of the receiver's own protocol, with the payload that
 * is said beside each use. INOS_EVENT() sees that it is. */
typedef const struct inos_message_type *inos_event;

/**
 * INOS_EVENT:
 * @proto: the receiver's protocol
 * @name: one of its messages
 * @payload: the struct that it must have
 *
 * What to put into a member of the type inos_event; another payload does not compile.
 */
#define INOS_EVENT(proto, name, payload)                                                           \
  _Generic ((proto##_##name##_message *)0, __typeof__ (payload) *: &proto##_##name##_type)

/**
 * inos_wait_for_room:
 * @waits: whether @again is on its way; set here, and to be cleared by the handler of @again
 * @again: a message of the actor's own protocol, a struct inos_nothing
 *
 * An actor that is blocked handles no message: so one to itself tells it when it is no more.
 *
 * Returns: whether the actor has to wait.
 */
bool inos_wait_for_room (struct inos_context *context, bool *waits,
                         const struct inos_message_type *again);

struct inos_inflow {
  int fd;    /* owned while it is open */
  bool open; /* else it never began, or has ended */
  GSource *watch;
  struct inos_address to;
  inos_event chunk; /* struct inos_chunk, with inos_chunk_clear; NULL: nothing is read yet */
  uint32_t window;  /* bytes; 0: no bound but the receiver's mailbox */
  uint64_t untaken; /* bytes that were sent and not said to be taken */
  int error;        /* errno it ended with; 0: the other side's end */
};

/** inos_inflow_begin: takes @fd, a nonblocking one. Nothing is read before inos_inflow_arm(). */
void inos_inflow_begin (struct inos_inflow *in, int fd, struct inos_address to, inos_event chunk,
                        uint32_t window);

/**
 * inos_inflow_read: reads one chunk and sends it, if the receiver has room. Returns: whether it
 * got something.
 */
bool inos_inflow_read (struct inos_inflow *in, struct inos_context *context);

/**
 * inos_inflow_arm: has @ready called when there is something to be read and the receiver has room;
 * else not.
 */
void inos_inflow_arm (struct inos_inflow *in, struct inos_context *context, inos_watch_ready ready);

/** inos_inflow_is_held: whether it is not read because the receiver has no room. */
bool inos_inflow_is_held (const struct inos_inflow *in, struct inos_context *context);

/** inos_inflow_taken: the receiver is done with @bytes. */
void inos_inflow_taken (struct inos_inflow *in, uint64_t bytes);

/** inos_inflow_clear: closes it. Safe to call twice, and on a zeroed one that never began. */
void inos_inflow_clear (struct inos_inflow *in);

struct inos_outflow {
  int fd; /* owned while it is open */
  bool open, is_socket, finish;
  GSource *watch;
  GQueue queue;                          /* struct outgoing */
  uint64_t waiting;                      /* bytes */
  const struct inos_message_type *reply; /* struct inos_os_result */
};

/** inos_outflow_begin: takes @fd, a nonblocking one. @reply: what requests are answered with. */
void inos_outflow_begin (struct inos_outflow *out, int fd, bool is_socket,
                         const struct inos_message_type *reply);

/**
 * inos_outflow_put: for the request that is being handled: appends a reference to @bytes, and
 * answers now or later: with INOS_OS_OK when all is with the kernel, INOS_OS_BUSY where too much
 * waits, INOS_OS_CLOSED where the other side takes no more.
 */
void inos_outflow_put (struct inos_outflow *out, struct inos_context *context, GBytes *bytes);

/** inos_outflow_finish: ends it after what waits. */
void inos_outflow_finish (struct inos_outflow *out, struct inos_context *context);

/** inos_outflow_write: writes what can be written now. */
void inos_outflow_write (struct inos_outflow *out, struct inos_context *context);

/** inos_outflow_arm: has @ready called when there is room for what waits; else not. */
void inos_outflow_arm (struct inos_outflow *out, struct inos_context *context,
                       inos_watch_ready ready);

/** inos_outflow_clear: closes it; @context may be NULL, then who waits is not answered. */
void inos_outflow_clear (struct inos_outflow *out, struct inos_context *context);
