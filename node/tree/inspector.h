/*
 * The actor that looks at all the others. It remembers its last look, so that it can say how much
 * an actor does; nothing is looked at until somebody asks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/health.h"

#define NODE_INSPECTOR_NAME "inspector" /* in its runtime */
#define NODE_INSPECTOR_ROWS 128u        /* of one answer */

struct node_inspector_page {
  enum inos_health_order order;
  uint32_t limit;
  uint64_t cursor; /* of INOS_BY_PLACE: 0 first, then `next` of the page before */
};

struct node_inspector_rows {
  uint64_t next;     /* 0: this is the last page */
  uint64_t actors;   /* in all */
  uint64_t interval; /* ns between the last two looks */
  uint32_t count;
  struct inos_actor_row row[NODE_INSPECTOR_ROWS];
};

#define NODE_INSPECTOR(MESSAGE, REQUEST)                                                           \
  REQUEST (node_inspector, list, struct node_inspector_page, struct node_inspector_rows, 1)
INOS_PROTOCOL (node_inspector, NODE_INSPECTOR);

extern const struct inos_behaviour node_inspector_behaviour;
