/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/other_nodes.h"

#include "bridge/error.h"
#include "bridge/forward.h"
#include "node/api/messages.h"

/* Floating: what is in a tuple, which on D-Bus may not be an empty one in a variant. */
static GVariant *members_of (GVariant *tuple)
{
  GVariantBuilder members = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  for (gsize i = 0; i < g_variant_n_children (tuple); i++) {
    g_autoptr (GVariant) member = g_variant_get_child_value (tuple, i);
    g_variant_builder_add (&members, "v", member);
  }
  return g_variant_builder_end (&members);
}

/* Floating: the same the other way. */
static GVariant *tuple_of (GVariant *members)
{
  GVariantBuilder tuple = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_TUPLE);
  GVariantIter iter;
  GVariant *member;

  g_variant_iter_init (&iter, members);
  while (g_variant_iter_loop (&iter, "v", &member))
    g_variant_builder_add_value (&tuple, member);
  return g_variant_builder_end (&tuple);
}

/* Every answer of the table's is a tuple. */
static void on_reply (GVariant *payload, const GError *error, void *data)
{
  g_autoptr (GVariant) answer = NULL;

  if (error == NULL) {
    g_variant_get (payload, "(v)", &answer);
    g_dbus_method_invocation_return_value (data, g_variant_new ("(@av)", members_of (answer)));
  } else {
    inos_forward_refuse (data, error);
  }
}

static gboolean pass_on (struct inos_node_link *link, GDBusMethodInvocation *invocation,
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
    inos_node_link_request (link, message,
                            g_variant_new ("(ssv)", peer, question, tuple_of (arguments)), on_reply,
                            invocation);
  }
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean on_ask (InosNode1Mesh *mesh, GDBusMethodInvocation *invocation, const char *peer,
                        const char *method, GVariant *arguments, void *data)
{
  return pass_on (*(struct inos_node_link **)data, invocation, INOS_MESH_LOOK);
}

static gboolean on_steer (InosNode1Mesh *mesh, GDBusMethodInvocation *invocation, const char *peer,
                          const char *method, GVariant *arguments, void *data)
{
  return pass_on (*(struct inos_node_link **)data, invocation, INOS_MESH_STEER);
}

void inos_other_nodes (InosNode1Mesh *mesh, struct inos_node_link **link)
{
  g_signal_connect (mesh, "handle-ask-node", G_CALLBACK (on_ask), link);
  g_signal_connect (mesh, "handle-steer-node", G_CALLBACK (on_steer), link);
}
