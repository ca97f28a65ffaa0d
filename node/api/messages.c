/*
 * The message table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/messages.h"

#include <string.h>

static const struct inos_api_message table[] = {
  {INOS_NODE_ALERT, 1, NULL, NULL, "(sbdds)", "node.resources"},
  {INOS_NODE_ALERTS, 1, "()", "a(sdds)", NULL, "node.resources"},
  {INOS_NODE_INFO, 1, "()", "(sssxs)", NULL, "node.info"},
  {INOS_NODE_RESOURCES, 1, "()", INOS_RESOURCES_TYPE, INOS_RESOURCES_TYPE, "node.resources"},
  {INOS_NODE_SUBSCRIBE, 1, "(u)", "(u)", NULL, "node.resources"},
};

const struct inos_api_message *inos_message_find (const char *type, uint16_t version)
{
  for (size_t i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].version == version && strcmp (table[i].name, type) == 0)
      return &table[i];
  return NULL;
}

const char *inos_message_payload_type (const struct inos_api_message *message, enum inos_kind kind)
{
  if (kind == INOS_ERROR)
    return INOS_ERROR_TYPE;
  if (!message)
    return NULL;
  switch (kind) {
  case INOS_REQUEST:
    return message->request;
  case INOS_REPLY:
    return message->reply;
  case INOS_EVENT:
    return message->event;
  default:
    return NULL;
  }
}

const struct inos_api_message *inos_message_table (size_t *count)
{
  *count = G_N_ELEMENTS (table);
  return table;
}
