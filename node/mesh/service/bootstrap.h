/*
 * The peers that the settings name, by whom a node comes to all others: dialled at the start, and
 * again as long as there is nobody at all. Where they are may stand in the TXT records of a name,
 * "/dnsaddr/example.org". On the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/service/mesh_config.h"

#include <glib.h>

struct inos_bootstrap;

/** inos_bootstrap_new: begins at once; @config is not kept. */
struct inos_bootstrap *inos_bootstrap_new (struct inos_host *host, GMainContext *context,
                                           const struct inos_mesh_config *config);
/** inos_bootstrap_free: before the host; takes NULL. */
void inos_bootstrap_free (struct inos_bootstrap *bootstrap);
