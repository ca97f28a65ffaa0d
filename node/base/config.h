/*
 * node.ini: what a person may set without a session. A file that is wrong keeps the defaults and
 * says where it is wrong.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/service/mesh_config.h"
#include "node/monitor/alerts.h"

#include <stdbool.h>

/**
 * inos_config_load:
 * @path: the file; none is fine
 * @alerts: (inout): set to what the group [alerts] says, as far as it is right
 * @mesh: (inout): likewise of the group [mesh]
 *
 * Returns: whether nothing was wrong; warnings say what was, with the line.
 */
bool inos_config_load (const char *path, struct inos_alert_config *alerts,
                       struct inos_mesh_config *mesh);
