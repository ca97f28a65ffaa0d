/*
 * Descriptors that an actor on the edge waits for. All of this is for the edge's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/edge.h"

/* Acts as the actor, which may have a send parked; returns what a handler would. */
typedef enum inos_outcome (*inos_watch_ready) (void *state, struct inos_context *context);

/**
 * inos_watch_fd:
 * @context: the actor that waits, in a hook or a handler
 * @fd: a descriptor, the caller's, which stays open as long as the watch is
 * @condition: G_IO_IN or G_IO_OUT; errors and hang-ups are told too
 * @ready: called each time that the edge's loop finds @fd ready
 *
 * Returns: (transfer full) (nullable): a source to be given to inos_watch_end(); NULL where there
 * is no edge.
 */
GSource *inos_watch_fd (struct inos_context *context, int fd, GIOCondition condition,
                        inos_watch_ready ready);

/**
 * inos_watch_time:
 *
 * Calls @ready once, @milliseconds from now; unlike a timer, also while the actor is blocked.
 */
GSource *inos_watch_time (struct inos_context *context, unsigned milliseconds,
                          inos_watch_ready ready);

/** inos_watch_end: ends *@source, also from its own callback, and clears it. Takes NULL. */
void inos_watch_end (GSource **source);
