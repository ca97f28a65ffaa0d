/*
 * Who is in the mesh.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"
#include "node/mesh/service/members.h"

#define ROWS 1024u
#define MIB 20
#define GIB 30
#define NS_PER_MS UINT64_C (1000000)

static int compare (const void *a, const void *b)
{
  const struct inos_member *const *one = a, *const *other = b;

  return inos_peer_id_compare (&inos_member_record (*one)->id, &inos_member_record (*other)->id);
}

/* By id. Returns: (transfer container). */
static GPtrArray *sorted (const struct inos_members *members)
{
  GPtrArray *all = g_ptr_array_new();

  for (unsigned i = 0; i < inos_members_total (members); i++)
    g_ptr_array_add (all, (void *)inos_members_at (members, i));
  g_ptr_array_sort (all, compare);
  return all;
}

/* The first that it names; or "". */
static char *address_of (const struct inos_member_metadata *metadata)
{
  struct inos_multiaddr address;

  for (unsigned i = 0; i < metadata->n_addresses; i++)
    if (inos_multiaddr_read (&address, metadata->addresses[i].bytes, metadata->addresses[i].len))
      return inos_multiaddr_text (&address);
  return g_strdup ("");
}

static void add_row (GVariantBuilder *rows, struct inos_host *host,
                     const struct inos_member *member)
{
  const struct inos_member_record *record = inos_member_record (member);
  const struct inos_member_metadata metadata = inos_member_record_metadata (record);
  g_autofree char *address = address_of (&metadata);
  uint64_t age = inos_env_now (inos_host_env (host)) - inos_member_since (member);
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (&record->id, id);
  g_variant_builder_add (
    rows, "(ssstuututsb)", id, inos_membership_state (inos_member_state (member)), address,
    age / NS_PER_MS, (guint32)metadata.load, (guint32)metadata.cores,
    (guint64)metadata.memory << MIB, (guint32)metadata.gpus, (guint64)metadata.storage << GIB,
    metadata.region, inos_peer_id_equal (&record->id, inos_host_id (host)));
}

void inos_ask_members (struct inos_ask *ask)
{
  struct inos_mesh_parts *parts = inos_ask_parts (ask);
  const struct inos_members *members = inos_membership_members (parts->membership);
  g_autoptr (GPtrArray) all = sorted (members);
  GVariantBuilder rows;
  guint32 limit;

  g_variant_get (inos_ask_parameters (ask), "(u)", &limit);
  g_variant_builder_init (&rows, G_VARIANT_TYPE (INOS_MESH_MEMBER_ROWS_TYPE));
  for (guint i = 0; i < MIN (all->len, MIN (limit, ROWS)); i++)
    add_row (&rows, parts->host, all->pdata[i]);
  inos_ask_answer (ask,
                   g_variant_new ("(u@" INOS_MESH_MEMBER_ROWS_TYPE ")",
                                  inos_members_estimate (members), g_variant_builder_end (&rows)));
}
