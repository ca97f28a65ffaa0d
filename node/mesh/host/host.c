/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/error.h"
#include "node/mesh/host/private.h"

#define SWEEP INOS_SECONDS (60)

G_DEFINE_QUARK (inos - mesh - error - quark, inos_mesh_error)

/* What has ended goes, and what waits is sent, when nobody is inside any more. */

static void count_past (struct inos_host *host, const struct inos_link *link)
{
  struct inos_connection_stats stats;

  inos_connection_stats (link->connection, &stats);
  host->past_sent += stats.sent;
  host->past_received += stats.received;
}

static void reap (struct inos_host *host)
{
  host->litter = false;
  for (guint i = host->links->len; i > 0; i--) {
    struct inos_link *link = host->links->pdata[i - 1];
    if (!link->over)
      continue;
    inos_link_flush (link); /* its goodbye */
    count_past (host, link);
    g_ptr_array_remove_index (host->links, i - 1);
    inos_link_free (link);
  }
}

static void flush (struct inos_host *host)
{
  host->dirty = false;
  /* the newest first: what a relayed one sends goes by one that was there before */
  for (guint i = host->links->len; i > 0; i--) {
    struct inos_link *link = host->links->pdata[i - 1];
    if (link->dirty)
      inos_link_flush (link);
  }
}

void inos_host_enter (struct inos_host *host)
{
  host->depth++;
}

void inos_host_leave (struct inos_host *host)
{
  if (host->depth == 1 && !host->freeing) {
    if (host->dirty)
      flush (host);
    if (host->litter)
      reap (host);
  }
  host->depth--;
}

/* Life cycle */

static unsigned or_else (unsigned value, unsigned instead)
{
  return value > 0 ? value : instead;
}

static void set_limits (struct inos_host *host)
{
  struct inos_host_limits *limits = &host->limits;

  *limits = host->setup.limits;
  limits->connections_max = or_else (limits->connections_max, 256);
  limits->connections_low = or_else (limits->connections_low, limits->connections_max / 4 * 3);
  limits->per_peer = or_else (limits->per_peer, 4);
  limits->per_address = or_else (limits->per_address, 32);
  limits->per_prefix = or_else (limits->per_prefix, 128);
  limits->pending_inbound = or_else (limits->pending_inbound, 64);
  limits->dials = or_else (limits->dials, 16);
  limits->accepts_per_second = or_else (limits->accepts_per_second, 64);
}

static void set_id (struct inos_host *host)
{
  bool right = inos_peer_id_parse (&host->id, inos_identity_peer_id (host->setup.identity));

  g_assert (right);
}

struct inos_host *inos_host_new (const struct inos_host_setup *setup)
{
  struct inos_host *host = g_new0 (struct inos_host, 1);

  host->setup = *setup;
  set_limits (host);
  set_id (host);
  host->networks = g_ptr_array_new();
  host->watchers = g_array_new (FALSE, FALSE, sizeof (struct inos_host_watcher));
  host->offers = g_ptr_array_new();
  host->offer_of = g_hash_table_new (g_str_hash, g_str_equal);
  host->latest = g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, g_free, g_free);
  host->book = inos_peer_book_new();
  host->gate = inos_gate_new (
    &(struct inos_gate_limits){host->limits.pending_inbound, host->limits.per_address,
                               host->limits.per_prefix, host->limits.accepts_per_second});
  host->links = g_ptr_array_new();
  host->dials = g_ptr_array_new();
  host->listening = g_array_new (FALSE, FALSE, sizeof (struct inos_multiaddr));
  host->observed = inos_observed_new();
  host->meter = inos_meter_new();
  inos_shape_init (host);
  host->next_sweep = inos_env_now (setup->env) + SWEEP;
  return host;
}

void inos_host_free (struct inos_host *host)
{
  if (!host)
    return;
  host->freeing = true;
  inos_host_enter (host);
  inos_dials_clear (host);
  for (guint i = 0; i < host->links->len; i++) {
    inos_link_close (host->links->pdata[i]);
    inos_link_flush (host->links->pdata[i]);
  }
  for (guint i = 0; i < host->links->len; i++)
    inos_link_free (host->links->pdata[i]);
  g_ptr_array_unref (host->links);
  g_ptr_array_unref (host->dials);
  g_ptr_array_unref (host->networks);
  g_array_unref (host->watchers);
  g_ptr_array_unref (host->offers);
  g_hash_table_unref (host->offer_of);
  g_hash_table_unref (host->latest);
  g_array_unref (host->listening);
  g_array_unref (host->observed);
  inos_peer_book_free (host->book);
  inos_gate_free (host->gate);
  inos_meter_free (host->meter);
  g_free (host);
}

/* What it is made of */

void inos_host_add_network (struct inos_host *host, const struct inos_network *network)
{
  g_ptr_array_add (host->networks, (gpointer)network);
}

void inos_host_watch (struct inos_host *host, const struct inos_host_events *events, void *data)
{
  struct inos_host_watcher watcher = {events, data};

  g_array_append_val (host->watchers, watcher);
}

void inos_host_offer (struct inos_host *host, const struct inos_protocol_offer *offer)
{
  g_ptr_array_add (host->offers, (gpointer)offer);
  g_hash_table_insert (host->offer_of, (gpointer)offer->name, (gpointer)offer);
}

void inos_host_withdraw (struct inos_host *host, const struct inos_protocol_offer *offer)
{
  if (g_ptr_array_remove (host->offers, (gpointer)offer))
    g_hash_table_remove (host->offer_of, offer->name);
}

const struct inos_protocol_offer *inos_host_offer_of (struct inos_host *host, const char *name)
{
  return g_hash_table_lookup (host->offer_of, name);
}

void inos_host_set_guard (struct inos_host *host, const struct inos_host_guard *guard, void *data)
{
  host->guard = guard;
  host->guard_data = data;
}

bool inos_host_is_guarded (const struct inos_host *host)
{
  return host->guard != NULL;
}

bool inos_host_lets_in (const struct inos_host *host, const struct inos_peer_id *peer)
{
  return !host->guard || host->guard->lets_in (host->guard_data, peer);
}

const struct inos_peer_id *inos_host_latest (const struct inos_host *host,
                                             const struct inos_peer_id *peer)
{
  const struct inos_peer_id *latest = g_hash_table_lookup (host->latest, peer);

  return latest ? latest : peer;
}

void inos_host_forget_successions (struct inos_host *host)
{
  g_hash_table_remove_all (host->latest);
}

bool inos_host_may_speak (const struct inos_host *host, const struct inos_peer_id *peer,
                          const struct inos_protocol_offer *offer)
{
  return offer->open || inos_host_lets_in (host, peer);
}

bool inos_host_listen (struct inos_host *host, const struct inos_multiaddr *address, GError **error)
{
  for (guint i = 0; i < host->networks->len; i++) {
    const struct inos_network *network = host->networks->pdata[i];
    if (network->listen && network->handles (network->data, address))
      return network->listen (network->data, address, error);
  }
  g_autofree char *text = inos_multiaddr_text (address);
  g_set_error (error, INOS_MESH_ERROR, INOS_MESH_ERROR_NO_NETWORK,
               "This node cannot listen at %s: it speaks TCP and WebSocket.", text);
  return false;
}

/* What it tells */

#define TELL(host, event, ...)                                                                     \
  for (guint tell = 0; tell < (host)->watchers->len; tell++) {                                     \
    const struct inos_host_watcher *watcher =                                                      \
      &g_array_index ((host)->watchers, struct inos_host_watcher, tell);                           \
    if (watcher->events->event)                                                                    \
      watcher->events->event (watcher->data __VA_OPT__ (, ) __VA_ARGS__);                          \
  }

void inos_host_succeed (struct inos_host *host, const struct inos_peer_id *peer,
                        const struct inos_peer_id *latest)
{
  if (inos_peer_id_equal (inos_host_latest (host, peer), latest))
    return;
  g_hash_table_replace (host->latest, g_memdup2 (peer, sizeof *peer),
                        g_memdup2 (latest, sizeof *latest));
  TELL (host, succeeded, peer, latest);
}

void inos_host_tell_dialled (struct inos_host *host, const struct inos_peer_id *peer,
                             const GError *error)
{
  TELL (host, dialled, peer, error);
}

void inos_host_tell_connected (struct inos_host *host, const struct inos_peer_id *peer)
{
  TELL (host, connected, peer);
}

void inos_host_tell_direct (struct inos_host *host, const struct inos_peer_id *peer)
{
  TELL (host, direct, peer);
}

void inos_host_tell_fewer (struct inos_host *host, const struct inos_peer_id *peer)
{
  TELL (host, fewer, peer);
}

void inos_host_tell_disconnected (struct inos_host *host, const struct inos_peer_id *peer)
{
  TELL (host, disconnected, peer);
}

void inos_host_tell_identified (struct inos_host *host, const struct inos_peer_id *peer)
{
  TELL (host, identified, peer);
}

static guint find_listening (struct inos_host *host, const struct inos_multiaddr *address)
{
  guint i = 0;

  while (
    i < host->listening->len &&
    !inos_multiaddr_equal (&g_array_index (host->listening, struct inos_multiaddr, i), address))
    i++;
  return i;
}

void inos_host_listening (struct inos_host *host, const struct inos_multiaddr *address, bool on)
{
  guint at = find_listening (host, address);

  if (on == (at < host->listening->len))
    return;
  if (on)
    g_array_append_vals (host->listening, address, 1);
  else
    g_array_remove_index (host->listening, at);
  inos_host_enter (host);
  TELL (host, addresses);
  inos_host_leave (host);
}

const GArray *inos_host_listening_at (const struct inos_host *host)
{
  return host->listening;
}

/* Time */

uint64_t inos_host_deadline (const struct inos_host *host)
{
  uint64_t deadline = MIN (host->next_sweep, inos_dials_deadline (host));

  if (host->dirty || host->litter)
    return 0;
  deadline = MIN (deadline, inos_shape_deadline (host));
  if (host->next_trim)
    deadline = MIN (deadline, host->next_trim);
  for (guint i = 0; i < host->links->len; i++) {
    const struct inos_link *link = host->links->pdata[i];
    deadline = MIN (deadline, inos_connection_deadline (link->connection));
  }
  return deadline;
}

static void sweep (struct inos_host *host, uint64_t now)
{
  host->next_sweep = now + SWEEP;
  inos_peer_book_forget_old (host->book, now);
  inos_gate_forget (host->gate, now);
}

void inos_host_tick (struct inos_host *host)
{
  uint64_t now = inos_env_now (host->setup.env);

  inos_host_enter (host);
  guint first = ++host->tick; /* what a limit has let through is not always for the same */
  for (guint i = 0; i < host->links->len; i++) {
    struct inos_link *link = host->links->pdata[(first + i) % host->links->len];
    if (!link->over && inos_connection_deadline (link->connection) <= now)
      inos_connection_tick (link->connection);
  }
  inos_dials_tick (host);
  inos_shape_tick (host);
  if (host->next_trim && host->next_trim <= now)
    inos_host_trim (host);
  if (host->next_sweep <= now)
    sweep (host, now);
  inos_host_leave (host);
}

/* Peers */

const struct inos_peer_id *inos_host_id (const struct inos_host *host)
{
  return &host->id;
}

const struct inos_mesh_env *inos_host_env (const struct inos_host *host)
{
  return host->setup.env;
}

const struct inos_meter *inos_host_meter (const struct inos_host *host)
{
  return host->meter;
}

struct inos_peer_book *inos_host_book (struct inos_host *host)
{
  return host->book;
}

/* What is only for members is not spoken with strangers either where this node begins: a topic's
 * name, or a key that it looks for, would be said to them. */
static bool may_propose (struct inos_host *host, const struct inos_peer_id *id,
                         const char *const *names, unsigned n_names)
{
  for (unsigned i = 0; host->guard && i < n_names; i++) {
    const struct inos_protocol_offer *offer = inos_host_offer_of (host, names[i]);
    if (offer && !inos_host_may_speak (host, id, offer))
      return false;
  }
  return true;
}

/* Bulk would soon use up what a relay allows, and takes it away from who has no other way. */
static bool may_use (struct inos_host *host, const struct inos_link *link, const char *const *names,
                     unsigned n_names)
{
  if (!inos_connection_is_relayed (link->connection))
    return true;
  for (unsigned i = 0; i < n_names; i++) {
    const struct inos_protocol_offer *offer = inos_host_offer_of (host, names[i]);
    if (offer && offer->relayed)
      return true;
  }
  return false;
}

struct inos_stream *inos_host_open (struct inos_host *host, const struct inos_peer_id *id,
                                    const char *const *names, unsigned n_names,
                                    const struct inos_stream_handler *handler, void *data)
{
  struct inos_peer *peer = inos_peer_book_find (host->book, id);
  struct inos_link *link = peer ? inos_peer_best_link (peer) : NULL;

  if (!link || !may_use (host, link, names, n_names) || !may_propose (host, id, names, n_names))
    return NULL;
  inos_host_enter (host);
  struct inos_stream *stream =
    inos_connection_open (link->connection, names, n_names, handler, data);
  inos_host_leave (host);
  return stream;
}

void inos_host_remote_of (struct inos_host *host, const struct inos_stream *stream,
                          struct inos_multiaddr *remote)
{
  const struct inos_connection *connection = inos_stream_connection (stream);

  *remote = (struct inos_multiaddr){0};
  for (guint i = 0; i < host->links->len; i++) {
    const struct inos_link *link = host->links->pdata[i];
    if (link->connection == connection)
      *remote = link->remote;
  }
}

bool inos_host_is_connected (const struct inos_host *host, const struct inos_peer_id *id)
{
  const struct inos_peer *peer = inos_peer_book_find (host->book, id);

  return peer && peer->links->len > 0;
}

bool inos_host_is_direct (const struct inos_host *host, const struct inos_peer_id *id)
{
  const struct inos_peer *peer = inos_peer_book_find (host->book, id);

  return peer && inos_peer_is_direct (peer);
}

void inos_host_hang_up_relayed (struct inos_host *host, const struct inos_peer_id *id)
{
  struct inos_peer *peer = inos_peer_book_find (host->book, id);

  inos_host_enter (host);
  for (guint i = peer ? peer->links->len : 0; i > 0; i--) {
    struct inos_link *link = i <= peer->links->len ? peer->links->pdata[i - 1] : NULL;
    if (link && inos_connection_is_relayed (link->connection))
      inos_link_close (link);
  }
  inos_host_leave (host);
}

void inos_host_hang_up (struct inos_host *host, const struct inos_peer_id *id)
{
  struct inos_peer *peer = inos_peer_book_find (host->book, id);

  inos_host_enter (host);
  while (peer && peer->links->len > 0)
    inos_link_close (peer->links->pdata[peer->links->len - 1]);
  inos_host_leave (host);
}

void inos_host_value (struct inos_host *host, const struct inos_peer_id *id, const char *tag,
                      unsigned points)
{
  struct inos_peer *peer = points > 0
                             ? inos_peer_book_get (host->book, id, inos_env_now (host->setup.env))
                             : inos_peer_book_find (host->book, id);

  if (peer)
    inos_peer_value (peer, tag, points);
}
