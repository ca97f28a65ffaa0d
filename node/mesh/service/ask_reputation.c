/*
 * What is to be expected of peers, and why.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ask.h"

#include "node/api/messages.h"

struct listing {
  struct inos_mesh_parts *parts;
  struct inos_hearsay *hearsay;
  GTree *peers; /* owned struct inos_peer_id → itself */
  GVariantBuilder rows;
};

static gint compare (gconstpointer a, gconstpointer b, gpointer data)
{
  return inos_peer_id_compare (a, b);
}

static void add_peer (void *data, const struct inos_peer_id *peer)
{
  const struct listing *listing = data;

  if (inos_peer_id_equal (peer, inos_host_id (listing->parts->host)))
    return;
  struct inos_peer_id *owned = g_memdup2 (peer, sizeof *peer);
  g_tree_replace (listing->peers, owned, owned);
}

static uint32_t thousandths (uint64_t parts)
{
  return (uint32_t)((parts * 1000 + INOS_OUTCOME / 2) / INOS_OUTCOME);
}

static GVariant *why (const struct inos_evidence *evidence)
{
  GVariantBuilder words;

  g_variant_builder_init (&words, G_VARIANT_TYPE ("a{su}"));
  for (unsigned i = 0; i < INOS_CONDUCTS; i++)
    if (thousandths (evidence->seen[i]) > 0)
      g_variant_builder_add (&words, "{su}", inos_conduct_name (i),
                             thousandths (evidence->seen[i]));
  return g_variant_builder_end (&words);
}

static gboolean add_row (gpointer key, gpointer value, gpointer data)
{
  static const struct inos_evidence nothing;
  struct listing *listing = data;
  struct inos_reputations *reputations = listing->parts->reputations;
  const struct inos_peer_id *peer = key;
  const struct inos_reputed *own = inos_reputation_find (inos_reputations_own (reputations), peer);
  const struct inos_evidence *evidence = own ? &own->evidence : &nothing;
  struct inos_heard heard;
  char id[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (peer, id);
  inos_hearsay_look (listing->hearsay, peer, &heard);
  g_variant_builder_add (&listing->rows, "(suuuuuu@a{su})", id,
                         inos_reputations_expect (reputations, listing->hearsay, peer),
                         inos_evidence_expect (evidence, INOS_EVIDENCE_NEUTRAL),
                         thousandths (inos_evidence_total (evidence)), heard.median, heard.said,
                         heard.silent, why (evidence));
  return FALSE;
}

static void add_all (struct listing *listing)
{
  struct inos_reputation *own = inos_reputations_own (listing->parts->reputations);

  for (unsigned i = 0; i < inos_reputation_count (own); i++)
    add_peer (listing, &inos_reputation_at (own, i)->id);
  inos_hearsay_each (listing->hearsay, add_peer, listing);
}

void inos_ask_reputation (struct inos_ask *ask)
{
  struct listing listing = {.parts = inos_ask_parts (ask)};
  struct inos_peer_id peer;
  const char *whom;

  g_variant_get (inos_ask_parameters (ask), "(&s)", &whom);
  if (*whom && !inos_ask_peer (ask, &peer))
    return;
  listing.hearsay = inos_reputations_hear (listing.parts->reputations);
  listing.peers = g_tree_new_full (compare, NULL, g_free, NULL);
  g_variant_builder_init (&listing.rows, G_VARIANT_TYPE (INOS_MESH_REPUTATION_ROWS_TYPE));
  if (*whom)
    add_peer (&listing, inos_host_latest (listing.parts->host, &peer));
  else
    add_all (&listing);
  g_tree_foreach (listing.peers, add_row, &listing);
  g_tree_unref (listing.peers);
  inos_hearsay_free (listing.hearsay);
  inos_ask_answer (ask, g_variant_new ("(@" INOS_MESH_REPUTATION_ROWS_TYPE ")",
                                       g_variant_builder_end (&listing.rows)));
}

void inos_ask_reputation_forget (struct inos_ask *ask)
{
  struct inos_peer_id peer;

  if (!inos_ask_peer (ask, &peer))
    return;
  if (inos_reputations_forget (inos_ask_parts (ask)->reputations, &peer))
    inos_ask_answer (ask, g_variant_new ("()"));
  else
    inos_ask_refuse (ask, INOS_API_ERROR_NOT_FOUND, "This node has seen nothing of that peer.");
}
