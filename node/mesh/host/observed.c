/*
 * Where others see this node: what several of them agree on is worth to be tried.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/private.h"

#define OBSERVED_MAX 16u /* addresses; of the same votes the older goes */
#define VOTERS_MAX 4u    /* of one address; more say no more */

struct observation {
  struct inos_multiaddr address;
  unsigned n_voters;
  struct inos_peer_id voters[VOTERS_MAX];
};

static struct observation *find (struct inos_host *host, const struct inos_multiaddr *address)
{
  for (guint i = 0; i < host->observed->len; i++) {
    struct observation *one = &g_array_index (host->observed, struct observation, i);
    if (inos_multiaddr_equal (&one->address, address))
      return one;
  }
  return NULL;
}

static void drop_least (struct inos_host *host)
{
  guint least = 0;

  g_assert (host->observed->data);
  for (guint i = 1; i < host->observed->len; i++)
    if (g_array_index (host->observed, struct observation, i).n_voters <
        g_array_index (host->observed, struct observation, least).n_voters)
      least = i;
  g_array_remove_index (host->observed, least);
}

static void vote (struct observation *one, const struct inos_peer_id *by)
{
  for (unsigned i = 0; i < one->n_voters; i++)
    if (inos_peer_id_equal (&one->voters[i], by))
      return;
  if (one->n_voters < VOTERS_MAX)
    one->voters[one->n_voters++] = *by;
}

void inos_host_observed (struct inos_host *host, const struct inos_peer_id *by, const void *bytes,
                         size_t len)
{
  struct observation fresh = {0};
  struct observation *one;

  if (!inos_multiaddr_read (&fresh.address, bytes, len) ||
      inos_multiaddr_has (&fresh.address, INOS_MULTIADDR_P2P_CIRCUIT))
    return;
  one = find (host, &fresh.address);
  if (one) {
    vote (one, by);
    return;
  }
  if (host->observed->len >= OBSERVED_MAX)
    drop_least (host);
  vote (&fresh, by);
  g_array_append_val (host->observed, fresh);
}

bool inos_host_observed_at (const struct inos_host *host, unsigned index,
                            struct inos_multiaddr *address, unsigned *voters)
{
  if (index >= host->observed->len)
    return false;
  const struct observation *one = &g_array_index (host->observed, struct observation, index);
  *address = one->address;
  *voters = one->n_voters;
  return true;
}

GArray *inos_observed_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (struct observation));
}
