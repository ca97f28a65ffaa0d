/*
 * What a mesh is made of, on its thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/mesh/host/host.h"
#include "node/mesh/host/identify.h"
#include "node/mesh/host/perf.h"
#include "node/mesh/host/ping.h"
#include "node/mesh/service/dht.h"
#include "node/mesh/service/groups.h"
#include "node/mesh/service/limits.h"
#include "node/mesh/service/manage.h"
#include "node/mesh/service/members.h"
#include "node/mesh/service/mesh.h"
#include "node/mesh/service/ports.h"
#include "node/mesh/service/relays.h"
#include "node/mesh/service/reputations.h"
#include "node/mesh/service/saving.h"
#include "node/mesh/service/services.h"
#include "node/mesh/service/states.h"
#include "node/mesh/service/remote.h"
#include "node/mesh/service/topics.h"
#include "node/mesh/service/trust.h"

struct inos_mesh_parts {
  struct inos_host *host;
  struct inos_limits *limits;
  struct inos_identify *identify;
  struct inos_ping *ping;
  struct inos_perf *perf;
  struct inos_topics *topics;
  struct inos_dht *dht;
  struct inos_membership *membership;
  struct inos_relays *relays;
  struct inos_states *states;
  struct inos_groups *groups;
  struct inos_reputations *reputations;
  struct inos_services *services;
  struct inos_trust *trust;
  struct inos_ports *ports; /* NULL: it is switched off */
  struct inos_remote *remote;
  struct inos_manage *manage;
  struct inos_saving_mode *saving;
  bool is_private;
};

/** inos_ask_begin: answers a question, now or later. */
void inos_ask_begin (struct inos_mesh_parts *parts, const char *type, GVariant *parameters,
                     inos_mesh_answered answered, void *data);
