/*
 * Bytes both ways over one connected TCP socket, without waiting and with back-pressure both ways:
 * what the kernel does not take is not taken, and what is not wanted stays in the kernel.
 *
 * For the thread of its poller's context.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/net/poller.h"

#include <stddef.h>

#define INOS_PIPE_READ (256 * 1024) /* bytes read at once, into one buffer for all */
#define INOS_PIPE_LINGER 2000       /* ms that what was sent has to arrive after close() */
#define INOS_PIPES_LINGERING 256    /* more are cut off */

struct inos_pipes;
struct inos_pipe;

/* From inside any of these the pipe may be used and closed. */
struct inos_pipe_events {
  /* Bytes came; they may be changed, and are gone when this returns. */
  void (*bytes) (void *data, uint8_t *bytes, size_t len);
  /* It takes bytes again. */
  void (*room) (void *data);
  /* It has ended, and the pipe with it. @error: why; NULL: the other side said no more. */
  void (*closed) (void *data, const GError *error);
};

/** inos_pipes_new: what pipes have in common. */
struct inos_pipes *inos_pipes_new (struct inos_poller *poller);
/** inos_pipes_free: cuts off all of them, without a word; takes NULL. */
void inos_pipes_free (struct inos_pipes *pipes);

/** inos_pipe_new: @fd is the pipe's from now on; it reads until told not to. */
struct inos_pipe *inos_pipe_new (struct inos_pipes *pipes, int fd,
                                 const struct inos_pipe_events *events, void *data);
/** inos_pipe_send: Returns: how much of @bytes went; where it is not all, `room` comes. */
size_t inos_pipe_send (struct inos_pipe *pipe, const uint8_t *bytes, size_t len);
/** inos_pipe_read: whether bytes are wanted. */
void inos_pipe_read (struct inos_pipe *pipe, bool wanted);
/** inos_pipe_close: ends it, after what was sent; nothing more is told, and @pipe has gone. */
void inos_pipe_close (struct inos_pipe *pipe);
