/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/other_nodes.h"

#include "bridge/ask_node.h"
#include "bridge/error.h"
#include "bridge/forward.h"
#include "node/api/messages.h"

#define OTHERS "inos-other-nodes" /* of a skeleton: struct others */

struct others {
  struct inos_node_link **link;
  struct inos_permit *permit;
  GHashTable *waiting; /* caller → how many answers it waits for */
};

struct call {
  GDBusMethodInvocation *invocation;
  GHashTable *waiting;
  char *caller;
};

/* Every answer of the table's is a tuple. */
static void on_reply (GVariant *payload, const GError *error, void *data)
{
  g_autoptr (GVariant) answer = NULL;
  struct call *call = data;

  if (error == NULL) {
    g_variant_get (payload, "(v)", &answer);
    g_dbus_method_invocation_return_value (call->invocation,
                                           g_variant_new ("(@av)", inos_ask_node_pack (answer)));
  } else {
    inos_forward_refuse (call->invocation, error);
  }
  inos_forward_count (call->waiting, call->caller, -1);
  g_hash_table_unref (call->waiting);
  g_free (call->caller);
  g_free (call);
}

static void ask (struct others *others, GDBusMethodInvocation *invocation, const char *message,
                 GVariant *question)
{
  g_autofree char *caller = inos_permit_name_caller (others->permit, invocation);

  if (GPOINTER_TO_INT (g_hash_table_lookup (others->waiting, caller)) >= INOS_OTHER_NODES_LOOKS) {
    g_variant_unref (g_variant_ref_sink (question));
    g_dbus_method_invocation_return_dbus_error (
      invocation, INOS_BUS_TOO_MANY, "Too much is asked at once: wait for what was asked before.");
    return;
  }
  struct call *call = g_new0 (struct call, 1);
  inos_forward_count (others->waiting, caller, 1);
  *call = (struct call){invocation, g_hash_table_ref (others->waiting), g_steal_pointer (&caller)};
  inos_node_link_request (*others->link, message, question, on_reply, call);
}

static gboolean pass_on (struct others *others, GDBusMethodInvocation *invocation,
                         const char *message)
{
  GVariant *parameters = g_dbus_method_invocation_get_parameters (invocation);
  g_autoptr (GVariant) arguments = NULL;
  const char *peer, *method;

  g_variant_get (parameters, "(&s&s@av)", &peer, &method, &arguments);
  const char *question = inos_forward_find (method);
  if (question == NULL) {
    g_autofree char *sentence = g_strdup_printf (
      "“%.64s” is no method of org.inos.Node1 or org.inos.Node1.Machine that is asked of a node.",
      method);
    g_dbus_method_invocation_return_dbus_error (invocation, INOS_BUS_INVALID_ARGUMENT, sentence);
  } else {
    ask (others, invocation, message,
         g_variant_new ("(ssv)", peer, question, inos_ask_node_unpack (arguments)));
  }
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_ask (InosNode1Mesh *mesh, GDBusMethodInvocation *invocation, const char *peer,
                        const char *method, GVariant *arguments, void *data)
{
  return pass_on (data, invocation, INOS_MESH_LOOK);
}

static gboolean on_steer (InosNode1Mesh *mesh, GDBusMethodInvocation *invocation, const char *peer,
                          const char *method, GVariant *arguments, void *data)
{
  return pass_on (data, invocation, INOS_MESH_STEER);
}

static void others_free (void *data)
{
  struct others *others = data;

  g_hash_table_unref (others->waiting);
  g_free (others);
}

void inos_other_nodes (InosNode1Mesh *mesh, struct inos_node_link **link,
                       struct inos_permit *permit)
{
  struct others *others = g_new0 (struct others, 1);

  *others =
    (struct others){link, permit, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL)};
  g_object_set_data_full (G_OBJECT (mesh), OTHERS, others, others_free);
  g_signal_connect (mesh, "handle-ask-node", G_CALLBACK (on_ask), others);
  g_signal_connect (mesh, "handle-steer-node", G_CALLBACK (on_steer), others);
}
