/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/reputation/reputation.h"

#include <glib.h>

struct inos_reputation {
  const struct inos_mesh_env *env;
  GPtrArray *peers; /* owned struct inos_reputed, by id */
};

struct inos_reputation *inos_reputation_new (const struct inos_mesh_env *env)
{
  struct inos_reputation *reputation = g_new0 (struct inos_reputation, 1);

  reputation->env = env;
  reputation->peers = g_ptr_array_new_with_free_func (g_free);
  return reputation;
}

void inos_reputation_free (struct inos_reputation *reputation)
{
  if (!reputation)
    return;
  g_ptr_array_unref (reputation->peers);
  g_free (reputation);
}

/* Peers */

/* Returns: its place, or where it would be. */
static guint place_of (const struct inos_reputation *reputation, const struct inos_peer_id *id,
                       bool *there)
{
  guint low = 0, high = reputation->peers->len;

  *there = false;
  while (low < high && !*there) {
    guint middle = low + (high - low) / 2;
    const struct inos_reputed *one = reputation->peers->pdata[middle];
    int order = inos_peer_id_compare (&one->id, id);
    *there = order == 0;
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return high;
}

static struct inos_reputed *look (struct inos_reputation *reputation, guint place)
{
  struct inos_reputed *one = reputation->peers->pdata[place];

  inos_evidence_fade (&one->evidence, inos_env_now (reputation->env));
  return one;
}

static struct inos_reputed *find (struct inos_reputation *reputation, const struct inos_peer_id *id)
{
  bool there;
  guint place = place_of (reputation, id, &there);

  return there ? look (reputation, place) : NULL;
}

/* Of whom least is known: so made-up ids push out each other. */
static void evict (struct inos_reputation *reputation)
{
  uint32_t least = UINT32_MAX;
  guint which = 0;

  for (guint i = 0; i < reputation->peers->len; i++) {
    uint32_t total = inos_evidence_total (&look (reputation, i)->evidence);
    if (total < least) {
      least = total;
      which = i;
    }
  }
  g_ptr_array_remove_index (reputation->peers, which);
}

static struct inos_reputed *get (struct inos_reputation *reputation, const struct inos_peer_id *id)
{
  struct inos_reputed *one = find (reputation, id);
  bool there;

  if (one)
    return one;
  if (reputation->peers->len == INOS_REPUTATION_PEERS_MAX)
    evict (reputation);
  one = g_new0 (struct inos_reputed, 1);
  one->id = *id;
  one->evidence.at = inos_env_now (reputation->env);
  g_ptr_array_insert (reputation->peers, (gint)place_of (reputation, id, &there), one);
  return one;
}

/* What was seen */

bool inos_reputation_saw (struct inos_reputation *reputation, const struct inos_peer_id *peer,
                          enum inos_conduct conduct)
{
  uint64_t now = inos_env_now (reputation->env);
  struct inos_reputed *one = get (reputation, peer);

  if (one->last[conduct] > 0 && now - one->last[conduct] < inos_conduct_pause (conduct))
    return false;
  one->last[conduct] = now;
  inos_evidence_add (&one->evidence, conduct);
  return true;
}

const struct inos_reputed *inos_reputation_find (struct inos_reputation *reputation,
                                                 const struct inos_peer_id *peer)
{
  return find (reputation, peer);
}

unsigned inos_reputation_count (const struct inos_reputation *reputation)
{
  return reputation->peers->len;
}

const struct inos_reputed *inos_reputation_at (struct inos_reputation *reputation, unsigned index)
{
  return look (reputation, index);
}

unsigned inos_reputation_expect (struct inos_reputation *reputation,
                                 const struct inos_peer_id *peer, unsigned base)
{
  static const struct inos_evidence nothing;
  const struct inos_reputed *one = find (reputation, peer);

  return inos_evidence_expect (one ? &one->evidence : &nothing, base);
}

bool inos_reputation_forget (struct inos_reputation *reputation, const struct inos_peer_id *peer)
{
  bool there;
  guint place = place_of (reputation, peer, &there);

  if (there)
    g_ptr_array_remove_index (reputation->peers, place);
  return there;
}

bool inos_reputation_succeed (struct inos_reputation *reputation, const struct inos_peer_id *peer,
                              const struct inos_peer_id *latest)
{
  const struct inos_reputed *one = find (reputation, peer);

  if (!one || inos_peer_id_equal (peer, latest))
    return false;
  struct inos_evidence evidence = one->evidence;
  inos_reputation_forget (reputation, peer);
  inos_evidence_merge (&get (reputation, latest)->evidence, &evidence);
  return true;
}

bool inos_reputation_restore (struct inos_reputation *reputation, const struct inos_peer_id *peer,
                              const struct inos_evidence *evidence)
{
  if (inos_evidence_total (evidence) == 0 || find (reputation, peer) ||
      reputation->peers->len == INOS_REPUTATION_PEERS_MAX)
    return false;
  get (reputation, peer)->evidence = *evidence;
  return true;
}

/* What is said of it */

static int compare_known (gconstpointer a, gconstpointer b)
{
  const struct inos_reputed *one = *(const struct inos_reputed *const *)a;
  const struct inos_reputed *other = *(const struct inos_reputed *const *)b;
  uint32_t x = inos_evidence_total (&one->evidence), y = inos_evidence_total (&other->evidence);

  return x != y ? (x < y) - (x > y) : inos_peer_id_compare (&one->id, &other->id);
}

static void say (const struct inos_reputed *one, struct inos_opinions *opinions)
{
  opinions->of[opinions->n++] = (struct inos_opinion){
    .about = one->id,
    .expected = (uint16_t)inos_evidence_expect (&one->evidence, INOS_EVIDENCE_NEUTRAL),
    .outcomes = (uint16_t)(inos_evidence_total (&one->evidence) / INOS_OUTCOME)};
}

void inos_reputation_opinions (struct inos_reputation *reputation, unsigned share,
                               bool (*counts) (void *data, const struct inos_peer_id *peer),
                               void *data, struct inos_opinions *opinions)
{
  g_autoptr (GPtrArray) known = g_ptr_array_new();

  for (guint i = 0; i < reputation->peers->len; i++) {
    struct inos_reputed *one = look (reputation, i);
    if (inos_evidence_total (&one->evidence) >= INOS_OUTCOME && counts (data, &one->id))
      g_ptr_array_add (known, one);
  }
  g_ptr_array_sort (known, compare_known);
  *opinions = (struct inos_opinions){.told = true, .all = known->len <= share};
  for (guint i = 0; i < MIN (known->len, MIN (share, INOS_OPINIONS_MAX)); i++)
    say (known->pdata[i], opinions);
}
