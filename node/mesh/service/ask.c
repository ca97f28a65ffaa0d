/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"
#include "node/mesh/host/error.h"

#include <stdarg.h>
#include <string.h>

struct inos_ask {
  struct inos_mesh_parts *parts;
  GVariant *parameters;
  inos_mesh_answered answered;
  void *data;
};

static const struct {
  const char *type;
  void (*answer) (struct inos_ask *ask);
} table[] = {
  {INOS_MESH_AUDIT, inos_ask_audit},
  {INOS_MESH_ACCESS, inos_ask_access},
  {INOS_MESH_ACTORS, inos_ask_actors},
  {INOS_MESH_ALLOW, inos_ask_allow},
  {INOS_MESH_BANDWIDTH, inos_ask_bandwidth},
  {INOS_MESH_CONNECT, inos_ask_connect},
  {INOS_MESH_DECIDE, inos_ask_decide},
  {INOS_MESH_DISCONNECT, inos_ask_disconnect},
  {INOS_MESH_FIND_PEER, inos_ask_find_peer},
  {INOS_MESH_FIND_SERVICE, inos_ask_find_service},
  {INOS_MESH_GET, inos_ask_get},
  {INOS_MESH_GROUP_JOIN, inos_ask_group_join},
  {INOS_MESH_GROUP_LEAVE, inos_ask_group_leave},
  {INOS_MESH_GROUP_RESIGN, inos_ask_group_resign},
  {INOS_MESH_GROUPS, inos_ask_groups},
  {INOS_MESH_INSPECT, inos_ask_inspect},
  {INOS_MESH_INVITE, inos_ask_invite},
  {INOS_MESH_JOIN, inos_ask_join},
  {INOS_MESH_LEAVE, inos_ask_leave},
  {INOS_MESH_LIMIT, inos_ask_limit},
  {INOS_MESH_LIMITS, inos_ask_limits},
  {INOS_MESH_LOOK, inos_ask_look},
  {INOS_MESH_MANAGE, inos_ask_manage},
  {INOS_MESH_MANAGERS, inos_ask_managers},
  {INOS_MESH_MEMBERS, inos_ask_members},
  {INOS_MESH_NODES, inos_ask_nodes},
  {INOS_MESH_OFFER, inos_ask_offer},
  {INOS_MESH_OFFERS, inos_ask_offers},
  {INOS_MESH_PASS, inos_ask_pass},
  {INOS_MESH_PEERS, inos_ask_peers},
  {INOS_MESH_PERF, inos_ask_perf},
  {INOS_MESH_PING, inos_ask_ping},
  {INOS_MESH_PROVIDE, inos_ask_provide},
  {INOS_MESH_PROVIDERS, inos_ask_providers},
  {INOS_MESH_PUBLISH, inos_ask_publish},
  {INOS_MESH_PUT, inos_ask_put},
  {INOS_MESH_REPUTATION, inos_ask_reputation},
  {INOS_MESH_REPUTATION_FORGET, inos_ask_reputation_forget},
  {INOS_MESH_REQUESTS, inos_ask_requests},
  {INOS_MESH_REVOKE, inos_ask_revoke},
  {INOS_MESH_ROLL, inos_ask_roll},
  {INOS_MESH_ROTATE, inos_ask_rotate},
  {INOS_MESH_SAVE, inos_ask_save},
  {INOS_MESH_SERVICES, inos_ask_services},
  {INOS_MESH_STATE, inos_ask_state},
  {INOS_MESH_STATES, inos_ask_states},
  {INOS_MESH_STATE_CHANGE, inos_ask_state_change},
  {INOS_MESH_STATE_CLOSE, inos_ask_state_close},
  {INOS_MESH_STATE_OPEN, inos_ask_state_open},
  {INOS_MESH_STATE_SHARE, inos_ask_state_share},
  {INOS_MESH_STATUS, inos_ask_status},
  {INOS_MESH_STEER, inos_ask_steer},
  {INOS_MESH_SUBSCRIBE, inos_ask_subscribe},
  {INOS_MESH_TOPICS, inos_ask_topics},
  {INOS_MESH_UNPROVIDE, inos_ask_unprovide},
  {INOS_MESH_UNSUBSCRIBE, inos_ask_unsubscribe},
  {INOS_MESH_WHY_NOT_DIRECT, inos_ask_why_not_direct},
  {INOS_MESH_WITHDRAW, inos_ask_withdraw},
};

static void finish (struct inos_ask *ask, GVariant *payload, const GError *error)
{
  ask->answered (ask->data, payload, error);
  g_variant_unref (ask->parameters);
  g_free (ask);
}

void inos_ask_answer (struct inos_ask *ask, GVariant *payload)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (payload);

  finish (ask, owned, NULL);
}

void inos_ask_refuse (struct inos_ask *ask, enum inos_api_error code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autoptr (GError) error = g_error_new_valist (INOS_API_ERROR, (gint)code, format, arguments);
  va_end (arguments);
  finish (ask, NULL, error);
}

void inos_ask_refuse_error (struct inos_ask *ask, const GError *error)
{
  bool not_found = g_error_matches (error, INOS_MESH_ERROR, INOS_MESH_ERROR_NO_ADDRESS);
  bool too_many = g_error_matches (error, INOS_MESH_ERROR, INOS_MESH_ERROR_LIMIT);

  inos_ask_refuse (ask,
                   not_found  ? INOS_API_ERROR_NOT_FOUND
                   : too_many ? INOS_API_ERROR_TOO_MANY
                              : INOS_API_ERROR_FAILED,
                   "%s", error->message);
}

GVariant *inos_ask_parameters (const struct inos_ask *ask)
{
  return ask->parameters;
}

struct inos_mesh_parts *inos_ask_parts (const struct inos_ask *ask)
{
  return ask->parts;
}

bool inos_ask_peer (struct inos_ask *ask, struct inos_peer_id *peer)
{
  const char *text;

  g_variant_get_child (ask->parameters, 0, "&s", &text);
  if (inos_peer_id_parse (peer, text))
    return true;
  inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD,
                   "“%.80s” is no peer id, which looks like “12D3KooW…”.", text);
  return false;
}

void inos_ask_begin (struct inos_mesh_parts *parts, const char *type, GVariant *parameters,
                     inos_mesh_answered answered, void *data)
{
  struct inos_ask *ask = g_new0 (struct inos_ask, 1);

  *ask = (struct inos_ask){parts, g_variant_ref (parameters), answered, data};
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    if (strcmp (table[i].type, type) == 0) {
      table[i].answer (ask);
      return;
    }
  inos_ask_refuse (ask, INOS_API_ERROR_UNKNOWN_MESSAGE, "The mesh does not answer this message.");
}
