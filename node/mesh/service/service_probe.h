/*
 * Whether those who announce a service answer at its port: whoever looked for one is about to use
 * it, so the first few that were found are asked, and the next who looks for it profits. It is one
 * TCP connection to where the peer itself is connected to this node, closed at once: nobody has
 * this node knock at others' doors.
 *
 * On the mesh's thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/offer/rank.h"
#include "node/mesh/service/reputations.h"

struct inos_service_probe;

struct inos_service_probe *inos_service_probe_new (struct inos_host *host,
                                                   struct inos_reputations *reputations,
                                                   GMainContext *context);
/** inos_service_probe_free: before the host is; runs the context. Takes NULL. */
void inos_service_probe_free (struct inos_service_probe *probe);
/** inos_service_probe_ask: the first few of these @n, the best first. */
void inos_service_probe_ask (struct inos_service_probe *probe,
                             const struct inos_candidate *candidates, unsigned n);
