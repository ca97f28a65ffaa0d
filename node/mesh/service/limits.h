/*
 * What the mesh may move and keep: in all, of each peer, of single protocols. The settings say it
 * at the start, people change it meanwhile, and a network that costs, or a battery, takes off it.
 *
 * Also which protocols go before the rest. On the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/service/mesh_config.h"

#include <glib.h>

/* Whom a limit is for, where it is no protocol. */
#define INOS_LIMIT_TOTAL "total"
#define INOS_LIMIT_PEER "peer"

struct inos_limits;

struct inos_limits *inos_limits_new (struct inos_host *host, const struct inos_mesh_config *config);
/** inos_limits_free: before or after the host; takes NULL. */
void inos_limits_free (struct inos_limits *limits);
/**
 * inos_limits_set:
 * @whom: %INOS_LIMIT_TOTAL, %INOS_LIMIT_PEER for each peer, or a protocol
 * @values: bytes a second and bytes; 0: no limit
 *
 * Returns: whether that counts from now on; else @error says what is wrong with it.
 */
bool inos_limits_set (struct inos_limits *limits, const char *whom,
                      const struct inos_protocol_limits *values, GError **error);
/** inos_limits_save: no more than @send_max bytes a second are sent in all, whatever else is set;
 * 0: as is set. */
void inos_limits_save (struct inos_limits *limits, uint64_t send_max);

/* Told of a limit that is set. */
typedef void (*inos_limits_told) (void *data, const char *whom,
                                  const struct inos_protocol_limits *values);
/** inos_limits_each: the total, each peer's, then protocols'. What saving takes off is not said. */
void inos_limits_each (const struct inos_limits *limits, inos_limits_told each, void *data);
