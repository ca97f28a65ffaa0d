/*
 * The environment of the real node: the kernel's clocks and random numbers.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/env.h"

/** inos_clock_env: for any thread; lives as long as the process. */
const struct inos_mesh_env *inos_clock_env (void);
