/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/access.h"

#include <string.h>

/* Where the capability that a caller over D-Bus needs does not say enough. */
static const struct {
  const char *message, *action;
} messages[] = {
  {INOS_MACHINE_DISKS, NULL},
  {INOS_MACHINE_INTERFACES, NULL},
  {INOS_MESH_ALLOW, INOS_ACTION_ACTORS},
  {INOS_MESH_DECIDE, INOS_ACTION_MEMBERS},
  {INOS_MESH_INVITE, INOS_ACTION_MEMBERS},
  {INOS_MESH_JOIN, INOS_ACTION_MEMBERS},
  {INOS_MESH_LEAVE, INOS_ACTION_MEMBERS},
  /* Other machines let this machine in, not whoever sits at it. */
  {INOS_MESH_LOOK, INOS_ACTION_ACTORS},
  {INOS_MESH_MANAGE, INOS_ACTION_MEMBERS},
  {INOS_MESH_PASS, INOS_ACTION_MEMBERS},
  {INOS_MESH_REVOKE, INOS_ACTION_MEMBERS},
  {INOS_MESH_ROTATE, INOS_ACTION_MEMBERS},
  /* What others write to each other, and what the node takes part in for it. */
  {INOS_MESH_STATE, INOS_ACTION_MESH},
  {INOS_MESH_STEER, INOS_ACTION_ACTORS},
  {INOS_MESH_SUBSCRIBE, INOS_ACTION_MESH},
  {INOS_MESH_UNSUBSCRIBE, INOS_ACTION_MESH},
};

static const struct {
  const char *capability, *action;
} capabilities[] = {
  {"node.actors", INOS_ACTION_INSPECT},    {"node.actors.control", INOS_ACTION_ACTORS},
  {"node.info", INOS_ACTION_LOOK},         {"node.mesh", INOS_ACTION_INSPECT},
  {"node.mesh.control", INOS_ACTION_MESH}, {"node.resources", INOS_ACTION_LOOK},
};

static const char *action_of (const struct inos_api_message *message)
{
  for (size_t i = 0; i < G_N_ELEMENTS (messages); i++)
    if (strcmp (messages[i].message, message->name) == 0)
      return messages[i].action;
  for (size_t i = 0; i < G_N_ELEMENTS (capabilities); i++)
    if (strcmp (capabilities[i].capability, message->capability) == 0)
      return capabilities[i].action;
  return NULL;
}

struct inos_need inos_need_of (const struct inos_api_message *message)
{
  const char *action = action_of (message);

  return (struct inos_need){
    .action = action,
    .changes =
      action && strcmp (action, INOS_ACTION_LOOK) != 0 && strcmp (action, INOS_ACTION_INSPECT) != 0,
  };
}
