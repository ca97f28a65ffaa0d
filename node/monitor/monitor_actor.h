/*
 * The actor that looks at the machine: it takes a sample each second, or more often where somebody
 * asks for it, goes by it to raise and clear alerts, and publishes both. In its steady state it
 * takes nothing from the heap.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/actor.h"
#include "node/monitor/alerts.h"
#include "node/monitor/sample.h"

#include <stdatomic.h>

#define NODE_MONITOR_NAME "monitor" /* in its runtime */
#define NODE_MONITOR_TOPIC "machine"
#define NODE_MONITOR_PERIOD 1000u /* ms; at most */

/* One look, shared by counting; constant once it is published. */
struct node_sight {
  _Atomic uint32_t refs;
  uint32_t period; /* ms, of the looks that are published */
  int64_t time;    /* µs, monotonic */
  struct inos_sample sample;
  struct inos_alerts alerts;
};

/** node_sight_ref, node_sight_unref: from any thread. */
struct node_sight *node_sight_ref (struct node_sight *sight);
void node_sight_unref (struct node_sight *sight);

struct node_monitor_look {
  struct node_sight *sight; /* goes when the message has been handled */
};
struct node_monitor_pace {
  uint32_t period; /* ms; divides a second, or is one */
};

#define NODE_MONITOR(MESSAGE, REQUEST)                                                             \
  MESSAGE (node_monitor, pace, struct node_monitor_pace, 1)                                        \
  /* Taken now. */                                                                                 \
  REQUEST (node_monitor, look, struct inos_nothing, struct node_monitor_look, 1,                   \
           .clear_reply = node_monitor_look_clear)                                                 \
  REQUEST (node_monitor, alerts, struct inos_nothing, struct inos_alerts, 1)
INOS_PROTOCOL (node_monitor, NODE_MONITOR);

/* What comes on NODE_MONITOR_TOPIC. */
#define NODE_MACHINE(MESSAGE, REQUEST)                                                             \
  MESSAGE (node_machine, seen, struct node_monitor_look, 1, .clear = node_monitor_look_clear,      \
           .copy = node_monitor_look_copy)                                                         \
  /* The monitor has started, and looks once a second until it is told otherwise. */               \
  MESSAGE (node_machine, began, struct inos_nothing, 1)
INOS_PROTOCOL (node_machine, NODE_MACHINE);

/* Its argument is a struct inos_setup *. */
extern const struct inos_behaviour node_monitor_behaviour;
