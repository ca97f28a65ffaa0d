/*
 * What happened in a world, as a page with charts that needs nothing from elsewhere.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/sim/world.h"

/**
 * inos_sim_report:
 * @folder: made where there is none
 *
 * Writes SCENARIO-SEED.html into @folder; @error names the file and says why it cannot.
 *
 * Returns: whether it is there.
 */
bool inos_sim_report (const struct inos_sim_world *world, const char *folder, GError **error);
