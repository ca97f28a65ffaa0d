/*
 * Which actors can be reached from other nodes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"

#include <gio/gio.h>

void inos_ask_access (struct inos_ask *ask)
{
  struct inos_remote_acl *acl = inos_remote_acl (inos_ask_parts (ask)->remote);

  inos_ask_answer (ask, g_variant_new ("(@a(sas))", inos_remote_acl_list (acl)));
}

void inos_ask_allow (struct inos_ask *ask)
{
  struct inos_remote *remote = inos_ask_parts (ask)->remote;
  g_autofree const char **who = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;

  g_variant_get (inos_ask_parameters (ask), "(&s^a&s)", &name, &who);
  if (!inos_remote_acl_set (inos_remote_acl (remote), name, who, &error)) {
    bool wrong = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    inos_ask_refuse (ask, wrong ? INOS_API_ERROR_BAD_PAYLOAD : INOS_API_ERROR_FAILED, "%s",
                     error->message);
    return;
  }
  inos_remote_acl_changed (remote);
  inos_ask_answer (ask, g_variant_new ("()"));
}

static void on_listed (void *data, const char *const *names, const GError *error)
{
  if (names)
    inos_ask_answer (data, g_variant_new ("(^as)", names));
  else
    inos_ask_refuse_error (data, error);
}

void inos_ask_actors (struct inos_ask *ask)
{
  struct inos_peer_id peer;

  if (inos_ask_peer (ask, &peer))
    inos_remote_list (inos_ask_parts (ask)->remote, &peer, on_listed, ask);
}
