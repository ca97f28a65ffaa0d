/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/limits.h"

#include "node/mesh/host/identify.h"
#include "node/mesh/host/ping.h"
#include "node/mesh/relay/dcutr_message.h"
#include "node/mesh/service/groups.h"
#include "node/mesh/service/member_carrier.h"
#include "node/mesh/trust/join_message.h"
#include "node/mesh/trust/roll_message.h"

#include <gio/gio.h>
#include <string.h>

/* By what a mesh knows that its nodes live, who leads, and who may come in. */
static const char *const urgent[] = {
  INOS_DCUTR_PROTOCOL, INOS_GROUP_PROTOCOL,  INOS_IDENTIFY_PROTOCOL, INOS_IDENTIFY_PUSH_PROTOCOL,
  INOS_JOIN_PROTOCOL,  INOS_MEMBER_PROTOCOL, INOS_PING_PROTOCOL,     INOS_ROLL_PROTOCOL,
};

struct inos_limits {
  struct inos_host *host;
  struct inos_host_limits set; /* as far as bytes are concerned */
  uint64_t saving;             /* bytes a second; 0: nothing is saved */
};

static void apply (struct inos_limits *limits)
{
  struct inos_host_limits now = limits->set;

  if (limits->saving > 0 && (now.send_max == 0 || now.send_max > limits->saving))
    now.send_max = limits->saving;
  inos_host_limit (limits->host, &now);
}

struct inos_limits *inos_limits_new (struct inos_host *host, const struct inos_mesh_config *config)
{
  struct inos_limits *limits = g_new0 (struct inos_limits, 1);

  limits->host = host;
  limits->set = *inos_host_limits (host);
  for (size_t i = 0; i < G_N_ELEMENTS (urgent); i++)
    inos_host_urge (host, urgent[i]);
  for (unsigned i = 0; i < config->n_protocol_limits; i++)
    inos_host_limit_protocol (host, config->protocol_limits[i].protocol,
                              &config->protocol_limits[i].limits);
  return limits;
}

void inos_limits_free (struct inos_limits *limits)
{
  g_free (limits);
}

static bool complain (GError **error, const char *what)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, what);
  return false;
}

bool inos_limits_set (struct inos_limits *limits, const char *whom,
                      const struct inos_protocol_limits *values, GError **error)
{
  bool total = strcmp (whom, INOS_LIMIT_TOTAL) == 0, peer = strcmp (whom, INOS_LIMIT_PEER) == 0;
  struct inos_host_limits *set = &limits->set;

  if (!inos_mesh_limits_are_right (values))
    return complain (error, "A limit is 0, or from 16 KiB/s, and from 1 MiB of memory, up.");
  if (total && values->memory_max > 0)
    return complain (error, "The memory of all peers together has no limit: set that of each.");
  if (!total && !peer && !inos_mesh_protocol_is_right (whom))
    return complain (error,
                     "It is neither “total” nor “peer” nor a protocol, which begins with “/” "
                     "and has no blank.");
  if (!total && !peer)
    return inos_host_limit_protocol (limits->host, whom, values) ||
           complain (error, "There are too many protocols.");
  *(total ? &set->send_max : &set->peer_send_max) = values->send_max;
  *(total ? &set->receive_max : &set->peer_receive_max) = values->receive_max;
  if (peer)
    set->peer_memory_max = values->memory_max;
  apply (limits);
  return true;
}

void inos_limits_save (struct inos_limits *limits, uint64_t send_max)
{
  if (limits->saving == send_max)
    return;
  limits->saving = send_max;
  apply (limits);
}

static void tell (const char *whom, struct inos_protocol_limits values, inos_limits_told each,
                  void *data)
{
  if (values.send_max > 0 || values.receive_max > 0 || values.memory_max > 0)
    each (data, whom, &values);
}

void inos_limits_each (const struct inos_limits *limits, inos_limits_told each, void *data)
{
  const struct inos_host_limits *set = &limits->set;
  const struct inos_meter *meter = inos_host_meter (limits->host);
  const struct inos_usage *usage;

  tell (INOS_LIMIT_TOTAL, (struct inos_protocol_limits){set->send_max, set->receive_max, 0}, each,
        data);
  tell (
    INOS_LIMIT_PEER,
    (struct inos_protocol_limits){set->peer_send_max, set->peer_receive_max, set->peer_memory_max},
    each, data);
  for (unsigned i = 0; (usage = inos_meter_at (meter, i)) != NULL; i++)
    tell (usage->protocol,
          (struct inos_protocol_limits){usage->may_send.rate, usage->may_receive.rate,
                                        usage->memory.max},
          each, data);
}
