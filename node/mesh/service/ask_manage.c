/*
 * To look at other nodes and manage them, and who may manage this one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"

static void on_asked (void *data, GVariant *payload, const GError *error)
{
  if (payload)
    inos_ask_answer (data, g_variant_new ("(v)", payload));
  else
    inos_ask_refuse (data, (enum inos_api_error)error->code, "%s", error->message);
}

/* Who may only look is kept from doing more here already. */
static void pass_on (struct inos_ask *ask, enum inos_right most)
{
  g_autoptr (GVariant) parameters = NULL;
  struct inos_mesh_parts *parts = inos_ask_parts (ask);
  enum inos_right needed = INOS_RIGHT_NONE;
  struct inos_peer_id peer;
  const char *type;

  if (!inos_ask_peer (ask, &peer))
    return;
  g_variant_get (inos_ask_parameters (ask), "(&s&sv)", NULL, &type, &parameters);
  const struct inos_api_message *message = inos_message_find (type, INOS_MESSAGE_VERSION);
  if (!message || !inos_right_needed (message->name, &needed))
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD,
                     "“%.64s” is nothing that one node asks another.", type);
  else if (needed > most)
    inos_ask_refuse (ask, INOS_API_ERROR_ACCESS_DENIED,
                     "“%s” changes something: that is asked with mesh.steer.", message->name);
  else if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE (message->request)))
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD, "“%s” takes %s.", message->name,
                     message->request);
  else if (inos_peer_id_equal (&peer, inos_host_id (parts->host)))
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD,
                     "This is the node itself: ask it without naming a node.");
  else if (inos_trust_is_closed (parts->trust) &&
           inos_roll_standing (inos_trust_roll (parts->trust), &peer) != INOS_STANDING_MEMBER)
    inos_ask_refuse (ask, INOS_API_ERROR_UNREACHABLE,
                     "That node cannot be reached: it is no member of this mesh.");
  else
    inos_manage_ask (parts->manage, &peer, message->name, parameters, on_asked, ask);
}

void inos_ask_look (struct inos_ask *ask)
{
  pass_on (ask, INOS_RIGHT_LOOK);
}

void inos_ask_steer (struct inos_ask *ask)
{
  pass_on (ask, INOS_RIGHT_ALL);
}

void inos_ask_managers (struct inos_ask *ask)
{
  struct inos_manage_rights *rights = inos_manage_rights (inos_ask_parts (ask)->manage);

  inos_ask_answer (
    ask, g_variant_new ("(@" INOS_MESH_MANAGER_ROWS_TYPE ")", inos_manage_rights_list (rights)));
}

void inos_ask_manage (struct inos_ask *ask)
{
  struct inos_mesh_parts *parts = inos_ask_parts (ask);
  g_autoptr (GError) error = NULL;
  struct inos_peer_id peer;
  enum inos_right right;
  const char *word;

  if (!inos_ask_peer (ask, &peer))
    return;
  g_variant_get_child (inos_ask_parameters (ask), 1, "&s", &word);
  if (!inos_right_parse (word, &right))
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD, "The right is one of look, all and none.");
  else if (!inos_manage_rights_set (inos_manage_rights (parts->manage), &peer, right, &error))
    inos_ask_refuse_error (ask, error);
  else {
    inos_trust_note (parts->trust, "manager", &peer, "%s", word);
    inos_ask_answer (ask, g_variant_new ("()"));
  }
}
