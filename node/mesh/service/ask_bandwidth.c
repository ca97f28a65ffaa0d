/*
 * What goes by, and who moves it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"

#define ROWS 512u

struct row {
  char name[INOS_PEER_TEXT_MAX];
  const char *protocol; /* NULL: it is a peer, .name */
  uint64_t sent, received, sending, receiving, memory;
};

/* Who moves most now comes first, then who moved most. */
static gint compare (gconstpointer a, gconstpointer b)
{
  const struct row *one = a, *other = b;
  uint64_t now = one->sending + one->receiving, then = other->sending + other->receiving;

  if (now != then)
    return now > then ? -1 : 1;
  now = one->sent + one->received;
  then = other->sent + other->received;
  return now == then ? 0 : now > then ? -1 : 1;
}

static void fill (struct row *row, const struct inos_flow *out, const struct inos_flow *in,
                  uint64_t now)
{
  row->sent = out->bytes;
  row->received = in->bytes;
  row->sending = inos_flow_rate (out, now);
  row->receiving = inos_flow_rate (in, now);
}

static GArray *list_peers (struct inos_host *host, uint64_t now)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (struct row));
  g_autoptr (GPtrArray) peers = inos_peer_book_list (inos_host_book (host));

  for (guint i = 0; i < peers->len; i++) {
    const struct inos_peer *peer = peers->pdata[i];
    struct row row = {0};
    if (peer->out.bytes + peer->in.bytes == 0)
      continue;
    inos_peer_id_text (&peer->id, row.name);
    row.memory = inos_host_peer_memory (host, peer);
    fill (&row, &peer->out, &peer->in, now);
    g_array_append_val (rows, row);
  }
  return rows;
}

static GArray *list_protocols (struct inos_host *host, uint64_t now)
{
  GArray *rows = g_array_new (FALSE, TRUE, sizeof (struct row));
  const struct inos_usage *usage;

  for (unsigned i = 0; (usage = inos_meter_at (inos_host_meter (host), i)) != NULL; i++) {
    struct row row = {.protocol = usage->protocol, .memory = usage->memory.used};
    fill (&row, &usage->out, &usage->in, now);
    if (row.sent + row.received > 0)
      g_array_append_val (rows, row);
  }
  return rows;
}

static GVariant *rows_of (GArray *list)
{
  GVariantBuilder rows;

  g_array_sort (list, compare);
  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_BANDWIDTH_ROWS_TYPE));
  for (guint i = 0; i < MIN (list->len, ROWS); i++) {
    const struct row *row = &g_array_index (list, struct row, i);
    g_variant_builder_add (&rows, "(sttttt)", row->protocol ? row->protocol : row->name, row->sent,
                           row->received, row->sending, row->receiving, row->memory);
  }
  return g_variant_builder_end (&rows);
}

void inos_ask_bandwidth (struct inos_ask *ask)
{
  struct inos_host *host = inos_ask_parts (ask)->host;
  uint64_t now = inos_env_now (inos_host_env (host));
  g_autoptr (GArray) peers = list_peers (host, now);
  g_autoptr (GArray) protocols = list_protocols (host, now);
  struct inos_host_totals totals;

  inos_host_totals (host, &totals);
  inos_ask_answer (ask, g_variant_new ("(tttt@" INOS_MESH_BANDWIDTH_ROWS_TYPE
                                       "@" INOS_MESH_BANDWIDTH_ROWS_TYPE ")",
                                       totals.sent, totals.received, totals.sending,
                                       totals.receiving, rows_of (peers), rows_of (protocols)));
}

/* Limits */

void inos_ask_limit (struct inos_ask *ask)
{
  g_autoptr (GError) error = NULL;
  struct inos_protocol_limits values;
  const char *whom;

  g_variant_get (inos_ask_parameters (ask), "(&sttt)", &whom, &values.send_max, &values.receive_max,
                 &values.memory_max);
  if (inos_limits_set (inos_ask_parts (ask)->limits, whom, &values, &error))
    inos_ask_answer (ask, g_variant_new ("()"));
  else
    inos_ask_refuse (ask, INOS_API_ERROR_BAD_PAYLOAD, "%s", error->message);
}

static void add_limit (void *data, const char *whom, const struct inos_protocol_limits *values)
{
  g_variant_builder_add (data, "(sttt)", whom, values->send_max, values->receive_max,
                         values->memory_max);
}

void inos_ask_limits (struct inos_ask *ask)
{
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_LIMIT_ROWS_TYPE));
  inos_limits_each (inos_ask_parts (ask)->limits, add_limit, &rows);
  inos_ask_answer (
    ask, g_variant_new ("(@" INOS_MESH_LIMIT_ROWS_TYPE ")", g_variant_builder_end (&rows)));
}
