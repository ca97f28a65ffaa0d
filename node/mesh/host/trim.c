/*
 * Too many connections: those of least worth are closed, down to a mark below the limit so that
 * this is rare, and not those that are new and had no time to be of worth. That is so for a part of
 * all: else whoever comes again and again would have the old ones closed, and be spared itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/private.h"

#define GRACE INOS_SECONDS (20)
#define PAUSE INOS_SECONDS (10)
/* Of the connections that there may be, one in so many is new, came in and is spared. */
#define SPARED 4

struct candidate {
  struct inos_link *link;
  unsigned worth;
  bool young;
  unsigned streams;
};

/* The least worth first; of the same, those that are too many new ones, then those that nobody
 * uses, then the newest. */
static gint compare (gconstpointer a, gconstpointer b)
{
  const struct candidate *one = a, *other = b;

  if (one->worth != other->worth)
    return one->worth < other->worth ? -1 : 1;
  if (one->young != other->young)
    return one->young ? -1 : 1;
  if (one->streams != other->streams)
    return one->streams < other->streams ? -1 : 1;
  return one->link->since > other->link->since ? -1 : one->link->since < other->link->since;
}

static GArray *list_candidates (struct inos_host *host, uint64_t now)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (struct candidate));
  unsigned n_young = 0;

  for (guint i = 0; i < host->links->len; i++) {
    struct inos_link *link = host->links->pdata[i];
    if (link->over || !link->peer)
      continue;
    bool young = now - link->since < GRACE;
    if (young && (link->dial || ++n_young <= host->limits.connections_max / SPARED))
      continue;
    struct inos_connection_stats stats;
    inos_connection_stats (link->connection, &stats);
    struct candidate candidate = {link, inos_peer_worth (link->peer), young,
                                  stats.streams_in + stats.streams_out};
    if (candidate.worth < G_MAXUINT)
      g_array_append_val (list, candidate);
  }
  g_array_sort (list, compare);
  return list;
}

static unsigned count_living (const struct inos_host *host)
{
  unsigned living = 0;

  for (guint i = 0; i < host->links->len; i++)
    living += !((const struct inos_link *)host->links->pdata[i])->over;
  return living;
}

void inos_host_trim (struct inos_host *host)
{
  unsigned living = count_living (host);

  host->next_trim = 0;
  if (living <= host->limits.connections_max)
    return;
  uint64_t now = inos_env_now (host->setup.env);
  g_autoptr (GArray) candidates = list_candidates (host, now);
  for (guint i = 0; i < candidates->len && living > host->limits.connections_low; i++, living--)
    inos_link_close (g_array_index (candidates, struct candidate, i).link);
  if (living > host->limits.connections_max)
    host->next_trim = now + PAUSE;
}
