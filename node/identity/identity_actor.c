/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/identity/identity_actor.h"

#include "node/tree/setup.h"

INOS_PROTOCOL_DEFINE (node_identity, NODE_IDENTITY);

struct holder {
  struct inos_setup *setup;
  struct inos_identity *identity;
};

INOS_HANDLE (node_identity, describe, struct holder)
{
  struct node_identity_description description = {0};

  g_strlcpy (description.peer_id, inos_identity_peer_id (self->identity),
             sizeof description.peer_id);
  g_strlcpy (description.public_key, inos_identity_public_key (self->identity),
             sizeof description.public_key);
  node_identity_reply_describe (context, description);
  return INOS_OK;
}

INOS_HANDLE (node_identity, changed, struct holder)
{
  g_autoptr (GError) error = NULL;
  struct inos_identity *identity = inos_identity_open (self->setup->state_dir, &error);

  if (!identity)
    return inos_fail (context, error->code, "%s", error->message);
  inos_identity_free (self->identity);
  self->identity = identity;
  return INOS_OK;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct holder *self = state;
  struct inos_setup *setup = *(struct inos_setup *const *)argument;
  GError *error = NULL;

  self->setup = setup;
  self->identity = inos_identity_open (setup->state_dir, &error);
  if (self->identity)
    return INOS_OK;
  enum inos_outcome outcome = inos_fail (context, error->code, "%s", error->message);
  inos_setup_blame (setup, error);
  return outcome;
}

static void clear (void *state)
{
  inos_identity_free (((struct holder *)state)->identity);
}

INOS_BEHAVIOUR (node_identity, NODE_IDENTITY, struct holder, .pre_start = pre_start,
                .clear = clear);
