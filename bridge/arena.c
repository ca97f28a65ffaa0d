/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/arena.h"

#include "bridge/forward.h"
#include "node/api/messages.h"

#define DESCRIPTORS 3 /* memory, event, lease */

struct call {
  struct inos_node_link **link;
  GDBusMethodInvocation *invocation;
};

static void on_opened (GVariant *payload, const GError *error, void *data)
{
  g_autofree struct call *call = data;
  g_autoptr (GUnixFDList) fds = error == NULL ? inos_node_link_take_fds (*call->link) : NULL;

  if (error != NULL) {
    inos_forward_refuse (call->invocation, error);
  } else if (fds == NULL || g_unix_fd_list_get_length (fds) != DESCRIPTORS) {
    g_autoptr (GError) wrong = g_error_new_literal (
      G_IO_ERROR, G_IO_ERROR_FAILED,
      "the node answered without the arena's descriptors; is it of another version?");
    inos_forward_refuse (call->invocation, wrong);
  } else {
    g_dbus_method_invocation_return_value_with_unix_fd_list (call->invocation,
                                                             g_variant_new ("(hhh)", 0, 1, 2), fds);
  }
}

/* Swapped, as in forward.c. */
static gboolean on_open_arena (struct inos_node_link **link, GDBusMethodInvocation *invocation)
{
  struct call *call = g_new0 (struct call, 1);

  *call = (struct call){link, invocation};
  inos_node_link_request (*link, INOS_NODE_ARENA, NULL, on_opened, call);
  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

void inos_bridge_arena (InosNode1 *node, struct inos_node_link **link)
{
  g_signal_connect_swapped (node, "handle-open-arena", G_CALLBACK (on_open_arena), link);
}
