/*
 * One sample of the node's resources, put into the D-Bus properties.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "inos-node1.h"

#include <stdbool.h>

/**
 * inos_sample_apply:
 * @node: the properties
 * @resources: of the type INOS_RESOURCES_TYPE
 * @heartbeat: whether SampledAt moves even where no figure did
 *
 * Percentages are rounded to tenths, averages to hundredths, memory and swap to MiB; what is no
 * number is 0.
 */
void inos_sample_apply (InosNode1 *node, GVariant *resources, bool heartbeat);
