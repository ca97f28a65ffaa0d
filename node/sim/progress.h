/*
 * What a run says while it goes on, for programs that show it: a JSON object on a line of its own
 * for each virtual second, and one for the end.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/sim/world.h"

/**
 * inos_sim_progress_second: (transfer full): the second that is over: "second", "of", "up",
 * "least", "mean", "most" (how many members nodes that are up think there are), "datagrams",
 * "messages", "bytes", "suspected", "dead" (of all nodes in it), "failed" (so far).
 */
char *inos_sim_progress_second (const struct inos_sim_world *world);
/**
 * inos_sim_progress_end: (transfer full): "end" ("ok" or "failed"), "nodes", "seconds", "seed" and
 * "digest" (texts), "events", "processor" (s), sums of the run, "failed" and "failures", the first
 * @most of them.
 */
char *inos_sim_progress_end (const struct inos_sim_world *world, double processor, unsigned most);
