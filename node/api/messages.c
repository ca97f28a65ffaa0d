/*
 * The message table.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/messages.h"

#include <string.h>

static const struct inos_api_message table[] = {
  {INOS_ACTORS_CYCLES, 1, "(uu)", "(u" INOS_CYCLE_ROWS_TYPE ")", NULL, "node.actors"},
  {INOS_ACTORS_DEAD_LETTERS, 1, "(tu)", "(ta{st}" INOS_DEAD_LETTER_ROWS_TYPE ")", NULL,
   "node.actors"},
  {INOS_ACTORS_INSPECT, 1, "(s)", "(ta{sv})", NULL, "node.actors"},
  {INOS_ACTORS_LIST, 1, "(sut)", "(ttd" INOS_ACTOR_ROWS_TYPE ")", NULL, "node.actors"},
  {INOS_ACTORS_PATH, 1, "(tuu)", "(bu" INOS_PATH_ROWS_TYPE ")", NULL, "node.actors"},
  {INOS_ACTORS_PATH_BEGIN, 1, "(su)", "(tt)", NULL, "node.actors.control"},
  {INOS_ACTORS_PATH_END, 1, "(t)", "()", NULL, "node.actors.control"},
  {INOS_ACTORS_RESEND, 1, "(ts)", "(s)", NULL, "node.actors.control"},
  {INOS_ACTORS_RESTART, 1, "(s)", "(t)", NULL, "node.actors.control"},
  {INOS_ACTORS_STOP, 1, "(s)", "(t)", NULL, "node.actors.control"},
  {INOS_ACTORS_TRACE, 1, "(su)", "(t)", NULL, "node.actors.control"},
  {INOS_ACTORS_TRACED, 1, "(stu)", "(ttu" INOS_TRACED_ROWS_TYPE ")", NULL, "node.actors"},
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
