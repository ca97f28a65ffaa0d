/*
 * What is to happen in a world, read from a small file:
 *
 *     [scenario]    nodes, seconds, join: seconds in which they start, 5 and never more than 500 a
 *                   second where it does not say; partial-above, full-below, sample: where views
 *                   become partial; replicas, writing: how many share a document, and until
 *                   when they write in it; groups: of five that elect primaries; and the network's
 * conditions: loss, duplicate, reorder, latency-ms, spread-ms, jitter-ms, bandwidth-mbit [fault
 * NAME]  kind, at, for, share or count; see faults in scenario.c [check NAME]  at, what: invariants
 * that must hold then; within: seconds since a change
 *
 * Times are in virtual seconds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct inos_sim_conditions {
  double loss, duplicate, reorder; /* probabilities, of a datagram; of a message's part: loss */
  double latency_ms, jitter_ms;    /* least of a link, and how much it varies */
  double spread_ms;                /* how much further the furthest link is */
  double bandwidth;                /* bytes a second that a node sends; 0: no limit */
};

enum inos_sim_fault {
  INOS_FAULT_CONDITIONS, /* the network's, from then on or for a while */
  INOS_FAULT_PARTITION,  /* a share is cut off; one-way: it hears, and is not heard */
  INOS_FAULT_CRASH,      /* a share goes without a word; back: seconds until it is there again */
  INOS_FAULT_CHURN,      /* `rate` a second crash, and are back after `back` */
  INOS_FAULT_LEAVE,      /* a share says goodbye */
  INOS_FAULT_SLOW,       /* a share stalls for `stall` on average, every `every` */
  INOS_FAULT_LIE,        /* a share lies */
  INOS_FAULT_SKEW,       /* a share's clocks run wrong */
};

enum inos_sim_invariant {
  INOS_CHECK_NO_FALSE_DEATHS = 1 << 0, /* nobody who was there was called dead */
  INOS_CHECK_AGREED = 1 << 1,          /* each knows exactly those that are there */
  INOS_CHECK_DEAD_KNOWN = 1 << 2,      /* nobody thinks that one who went is there */
  INOS_CHECK_OVERLAY = 1 << 3,         /* neighbours reach everybody */
  INOS_CHECK_COUNTED = 1 << 4,         /* estimates are near enough */
  INOS_CHECK_BOUNDED = 1 << 5,         /* no table beyond its limit */
  INOS_CHECK_CONVERGED = 1 << 6,       /* replicas of the document are equal */
  INOS_CHECK_ONE_PRIMARY = 1 << 7,     /* each group with a majority has one; never two */
};

struct inos_sim_step {
  char *name; /* owned */
  bool is_check;
  double at, length; /* s; length 0: from then on */
  enum inos_sim_fault fault;
  double share;
  unsigned count; /* 0: by share */
  bool one_way, torn, undo;
  double back, rate, stall, every, skew_ms, drift_ppm;
  struct inos_sim_conditions conditions;
  unsigned invariants;
  double within;  /* s */
  unsigned group; /* set when it runs */
};

struct inos_sim_scenario {
  char *name; /* owned */
  unsigned nodes;
  double seconds, join;
  unsigned partial_above, full_below, sample; /* of membership; 0: as in a real node */
  unsigned replicas, groups;                  /* see group.h */
  double writing;                             /* s */
  struct inos_sim_conditions conditions;
  GArray *steps; /* owned, struct inos_sim_step, by time */
};

/** inos_sim_scenario_new: nothing goes wrong in it; 50 nodes, 60 s. */
struct inos_sim_scenario *inos_sim_scenario_new (void);
/** inos_sim_scenario_load: (transfer full) (nullable): from @path; @error says what is wrong, and
 * where. */
struct inos_sim_scenario *inos_sim_scenario_load (const char *path, GError **error);
void inos_sim_scenario_free (struct inos_sim_scenario *scenario);
