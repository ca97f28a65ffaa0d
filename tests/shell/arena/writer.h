/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A process that writes to an arena in place of the node, and can be killed at any moment. It is
 * made before anything of GTK, which does not bear a fork.
 */

#include "node/arena/arena.h"

typedef struct {
  struct inos_arena *arena;
  int event; /* an eventfd */
} Scene;

/* Runs in the child, for ever. */
typedef void (*Writing) (const Scene *scene);

/* Epochs of cores as fast as they can be, which say their count in each row. */
void writer_torn (const Scene *scene);
/* One epoch each 5 ms. */
void writer_latency (const Scene *scene);
/* 10,000 actors, 60 times a second, of which a tenth has changed. */
void writer_rows (const Scene *scene);
/* The same as a signal on the session bus, each when the event says that the one before was read.
 */
void writer_json (const Scene *scene);
/* 1,000 other nodes, to half of which there are connections with traffic, 10 times a second. */
void writer_peers (const Scene *scene);

/* Starts one who has writers: a byte down the pipe kills the present one and makes another; its end
 * kills it and ends. Returns: the pipe. */
int nursery_start (const Scene *scene, Writing writing);
