/*
 * The actor that knows which connection hears of the machine, and how often: one feed for all, so
 * that a frame is made once and the monitor looks no more often than somebody wants.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"

#define NODE_FEED_NAME "feed" /* in its runtime */
/* Here it tells connections that it has started and knows of no subscription. */
#define NODE_FEED_TOPIC "feed"

#define INOS_INTERVAL_MIN 100
#define INOS_INTERVAL_MAX 3600000

struct node_feed_interval {
  uint32_t ms; /* 0: no subscription */
};

/* The connection that asks is the one that subscribes. The reply is what is granted. */
#define NODE_FEED(MESSAGE, REQUEST)                                                                \
  REQUEST (node_feed, subscribe, struct node_feed_interval, struct node_feed_interval, 1)
INOS_PROTOCOL (node_feed, NODE_FEED);

/* Its argument is a struct inos_setup *. */
extern const struct inos_behaviour inos_feed_behaviour;

/**
 * inos_interval_grant:
 * @wanted: ms
 *
 * Returns: the interval that is kept: from 100 ms to an hour; below a second 100, 200 or 500 ms,
 * and whole seconds above, so that all subscribers are served by the one wake-up that the monitor
 * needs anyway.
 */
uint32_t inos_interval_grant (uint32_t wanted);
