/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"

#include "net.h"

#include <string.h>

#define LATENCY (5 * MS)
#define JITTER (20 * MS)
#define PATIENCE (300 * SECOND)

struct parcel {
  struct net *net;
  unsigned from, to;
  uint64_t ticket;
  bool expects, is_answer, failed;
  size_t len;
  uint8_t bytes[];
};

static bool is_valid (void *data, const void *key, size_t key_len, const void *value,
                      size_t value_len)
{
  const char *text = memchr (value, ':', value_len);

  return text &&
         !(value_len - (size_t)(text - (const char *)value) == 4 && memcmp (text, ":bad", 4) == 0);
}

static bool is_better (void *data, const void *value, size_t len, const void *other,
                       size_t other_len)
{
  return g_ascii_strtoull (value, NULL, 10) > g_ascii_strtoull (other, NULL, 10);
}

const struct inos_kad_validator net_validator = {
  .space = "test",
  .is_valid = is_valid,
  .is_better = is_better,
};

static void on_tick (void *data)
{
  struct node *node = data;

  if (node->ticks_at > node->net->world.now)
    return;
  node->ticks_at = INOS_NEVER;
  inos_kad_tick (node->kad);
  net_update (node);
}

void net_update (struct node *node)
{
  uint64_t deadline = inos_kad_deadline (node->kad);

  if (deadline >= node->ticks_at)
    return;
  node->ticks_at = deadline;
  world_at (&node->net->world, deadline, on_tick, NULL, node);
}

static struct parcel *parcel_new (struct net *net, unsigned from, unsigned to, const void *bytes,
                                  size_t len)
{
  struct parcel *parcel = g_malloc0 (sizeof *parcel + len);

  parcel->net = net;
  parcel->from = from;
  parcel->to = to;
  parcel->len = len;
  if (len > 0)
    memcpy (parcel->bytes, bytes, len);
  return parcel;
}

static void on_parcel (void *data);

static void post (struct net *net, struct parcel *parcel)
{
  net->messages++;
  net->digest = (net->digest ^ net->world.now ^ parcel->len ^ parcel->to) * 1099511628211u;
  world_at (&net->world, net->world.now + LATENCY + world_random (&net->random) % JITTER, on_parcel,
            g_free, parcel);
}

/* Twenty peers that are none, near to what is looked for; a value of nobody's. */
static void lie (struct net *net, const struct parcel *asked, struct inos_buffer *answer)
{
  g_autofree struct inos_kad_message *message = g_new (struct inos_kad_message, 1);

  g_assert (inos_kad_message_read (message, asked->bytes, asked->len));
  inos_kad_put_head (answer, message->type, message->key, message->key_len);
  if (message->type == INOS_KAD_GET_VALUE)
    inos_kad_put_record (answer, message->key, message->key_len, "99:bad", 6, 0);
  for (unsigned i = 0; i < 20; i++) {
    uint64_t number[4];
    struct inos_multiaddr nowhere;
    for (unsigned j = 0; j < 4; j++)
      number[j] = world_random (&net->random);
    struct inos_peer_id fake = inos_peer_id_of_key ((const uint8_t *)number);
    g_assert (inos_multiaddr_parse (&nowhere, "/ip4/192.0.2.1/tcp/1", NULL));
    inos_kad_put_peer (answer, false, &fake, &nowhere, 1);
  }
}

static void answer_failed (const struct parcel *asked)
{
  struct parcel *reply = parcel_new (asked->net, asked->to, asked->from, NULL, 0);

  reply->ticket = asked->ticket;
  reply->is_answer = reply->failed = true;
  post (asked->net, reply);
}

static void on_asked (const struct parcel *parcel)
{
  struct net *net = parcel->net;
  struct node *to = &net->nodes[parcel->to];
  struct inos_buffer answer = {0};

  if (to->life == SILENT)
    return;
  if (to->life == REFUSES) {
    answer_failed (parcel);
    return;
  }
  bool served = true;
  if (to->life == LIES)
    lie (net, parcel, &answer);
  else
    served =
      inos_kad_serve (to->kad, &net->nodes[parcel->from].id, parcel->bytes, parcel->len, &answer);
  inos_kad_add_peer (to->kad, &net->nodes[parcel->from].id); /* as identify would say */
  net_update (to);
  if (!parcel->expects)
    to->adverts++;
  if (served) {
    struct parcel *reply = parcel_new (net, parcel->to, parcel->from, inos_buffer_data (&answer),
                                       parcel->expects ? inos_buffer_len (&answer) : 0);
    reply->ticket = parcel->ticket;
    reply->is_answer = true;
    post (net, reply);
  } else {
    answer_failed (parcel);
  }
  inos_buffer_clear (&answer);
}

static void on_parcel (void *data)
{
  const struct parcel *parcel = data;
  struct node *to = &parcel->net->nodes[parcel->to];

  if (!parcel->is_answer) {
    on_asked (parcel);
    return;
  }
  if (parcel->failed)
    inos_kad_failed (to->kad, parcel->ticket);
  else
    inos_kad_answer (to->kad, parcel->ticket, parcel->bytes, parcel->len);
  net_update (to);
}

static void ask (void *data, const struct inos_peer_id *peer, const void *message, size_t len,
                 bool expects, uint64_t ticket)
{
  struct node *node = data;
  struct node *to = g_hash_table_lookup (node->net->by_id, peer);

  if (!to) { /* a fake: cannot be dialled */
    inos_kad_failed (node->kad, ticket);
    return;
  }
  struct parcel *parcel = parcel_new (node->net, node->index, to->index, message, len);
  parcel->ticket = ticket;
  parcel->expects = expects;
  post (node->net, parcel);
}

static unsigned addresses (void *data, const struct inos_peer_id *peer, struct inos_multiaddr *out,
                           unsigned max)
{
  return inos_multiaddr_parse (out, "/ip4/10.0.0.1/tcp/4001", NULL);
}

static void node_init (struct net *net, unsigned index)
{
  struct node *node = &net->nodes[index];
  uint8_t key[32] = {(uint8_t)index, (uint8_t)(index >> 8), 9};

  node->net = net;
  node->index = index;
  node->id = inos_peer_id_of_key (key);
  node->network = (struct inos_kad_network){.data = node, .ask = ask, .addresses = addresses};
  node->ticks_at = INOS_NEVER;
  world_place_init (&net->world, &node->place);
  g_hash_table_insert (net->by_id, &node->id, node);
  struct inos_kad_setup setup = {
    .env = &node->place.env,
    .network = &node->network,
    .self = node->id,
    .server = true,
    .validators = &net_validator,
    .n_validators = 1,
  };
  node->kad = inos_kad_new (&setup);
}

struct net *net_new (unsigned n, uint64_t seed)
{
  struct net *net = g_new0 (struct net, 1);

  net->n = n;
  net->nodes = g_new0 (struct node, n);
  net->by_id = g_hash_table_new (inos_peer_id_hash, inos_peer_id_same);
  net->random = seed;
  world_init (&net->world, seed);
  for (unsigned i = 0; i < n; i++) {
    node_init (net, i);
    if (i == 0)
      continue;
    inos_kad_add_peer (net->nodes[i].kad,
                       &net->nodes[i < 10 ? 0 : world_random (&net->random) % i].id);
    net_update (&net->nodes[i]);
    world_run (&net->world, net->world.now + 50 * MS);
  }
  world_run (&net->world, net->world.now + 20 * SECOND);
  return net;
}

void net_free (struct net *net)
{
  world_finish (&net->world);
  for (unsigned i = 0; i < net->n; i++)
    inos_kad_free (net->nodes[i].kad);
  g_hash_table_unref (net->by_id);
  g_free (net->nodes);
  g_free (net);
}

void net_run (struct net *net, uint64_t time)
{
  world_run (&net->world, net->world.now + time);
}

struct node *net_random (struct net *net)
{
  return &net->nodes[world_random (&net->random) % net->n];
}

struct node *net_live (struct net *net)
{
  struct node *node;

  do
    node = net_random (net);
  while (node->life != ALIVE);
  return node;
}

void net_kill (struct net *net, unsigned percent, enum life life)
{
  for (unsigned left = net->n * percent / 100; left > 0;) {
    struct node *node = net_random (net);
    if (node->index == 0 || node->life != ALIVE)
      continue;
    node->life = life;
    left--;
  }
}

static void wait_for (struct node *node, const struct result *result)
{
  struct net *net = node->net;
  uint64_t until = net->world.now + PATIENCE;

  net_update (node);
  while (!result->done && net->world.now < until)
    world_run (&net->world, net->world.now + MS);
  g_assert (result->done);
}

static void on_peers (void *data, const struct inos_peer_id *peers, unsigned n, bool found)
{
  struct result *result = data;

  g_assert (!result->done);
  *result = (struct result){.done = true, .found = found, .n = n};
  memcpy (result->peers, peers, n * sizeof *peers);
}

static void on_stored (void *data, unsigned n)
{
  struct result *result = data;

  g_assert (!result->done);
  result->done = true;
  result->n = n;
}

static void on_value (void *data, const uint8_t *value, size_t len)
{
  struct result *result = data;

  g_assert (!result->done);
  result->done = true;
  result->found = value != NULL;
  memcpy (result->value, value ? value : (const uint8_t *)"", MIN (len, 63));
}

static void on_provider (void *data, const struct inos_peer_id *provider)
{
  struct result *result = data;

  g_assert (!result->done);
  if (provider)
    result->peers[result->n++] = *provider;
  else
    result->done = true;
}

struct result net_find_peer (struct node *node, const struct inos_peer_id *peer)
{
  struct result result = {0};

  inos_kad_find_peer (node->kad, peer, on_peers, &result);
  wait_for (node, &result);
  return result;
}

struct result net_find_nearest (struct node *node, const char *key)
{
  struct result result = {0};

  inos_kad_find_nearest (node->kad, key, strlen (key), on_peers, &result);
  wait_for (node, &result);
  return result;
}

struct result net_put (struct node *node, const char *key, const char *value)
{
  struct result result = {0};

  bool taken =
    inos_kad_put (node->kad, key, strlen (key), value, strlen (value), on_stored, &result);
  g_assert (taken);
  wait_for (node, &result);
  return result;
}

struct result net_get (struct node *node, const char *key, unsigned quorum)
{
  struct result result = {0};

  inos_kad_get (node->kad, key, strlen (key), quorum, on_value, &result);
  wait_for (node, &result);
  return result;
}

struct result net_provide (struct node *node, GBytes *const *keys, unsigned n)
{
  struct result result = {0};
  bool taken = inos_kad_provide (node->kad, keys, n, on_stored, &result);

  g_assert (taken);
  wait_for (node, &result);
  return result;
}

struct result net_find_providers (struct node *node, GBytes *key, unsigned max)
{
  struct result result = {0};
  gsize len;
  const void *bytes = g_bytes_get_data (key, &len);

  inos_kad_find_providers (node->kad, bytes, len, max, on_provider, &result);
  wait_for (node, &result);
  return result;
}

GBytes *net_key (const char *text)
{
  struct inos_kad_key hash = inos_kad_key_of (text, strlen (text));
  uint8_t bytes[34] = {0x12, 0x20};

  memcpy (bytes + 2, hash.bytes, 32);
  return g_bytes_new (bytes, sizeof bytes);
}

unsigned net_nearest (struct net *net, const void *key, size_t len, unsigned rank)
{
  struct inos_kad_key target = inos_kad_key_of (key, len);
  g_autofree bool *taken = g_new0 (bool, net->n);
  unsigned best = 0;

  for (unsigned round = 0; round <= rank; round++) {
    best = UINT_MAX;
    for (unsigned i = 0; i < net->n; i++) {
      if (taken[i] || net->nodes[i].life != ALIVE)
        continue;
      struct inos_kad_key a = inos_kad_key_of_peer (&net->nodes[i].id);
      struct inos_kad_key b = best == UINT_MAX ? a : inos_kad_key_of_peer (&net->nodes[best].id);
      if (best == UINT_MAX || inos_kad_nearer (&target, &a, &b) < 0)
        best = i;
    }
    taken[best] = true;
  }
  return best;
}
