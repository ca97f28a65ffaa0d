/*
 * Fuzz target of the DHT's messages: as a question, and as the answer to each that a core has
 * asked. See fuzz_envelope.c for how it is built.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/kad.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define TICKETS_MAX 64

struct world {
  uint64_t now, random;
  uint64_t tickets[TICKETS_MAX]; /* that were not answered yet */
  unsigned n_tickets;
  unsigned told;
};

static uint64_t now (void *data)
{
  return ((struct world *)data)->now;
}

static int64_t wall (void *data)
{
  return 1760000000000 + (int64_t)(((struct world *)data)->now / 1000000);
}

static void random_bytes (void *data, void *bytes, size_t len)
{
  struct world *world = data;

  for (size_t i = 0; i < len; i++) {
    world->random = world->random * 6364136223846793005 + 1442695040888963407;
    ((uint8_t *)bytes)[i] = (uint8_t)(world->random >> 56);
  }
}

static void ask (void *data, const struct inos_peer_id *peer, const void *message, size_t len,
                 bool expects, uint64_t ticket)
{
  struct world *world = data;
  g_autofree struct inos_kad_message *own = g_new (struct inos_kad_message, 1);

  if (!inos_kad_message_read (own, message, len))
    g_error ("what is asked is no message");
  if (world->n_tickets < TICKETS_MAX)
    world->tickets[world->n_tickets++] = ticket;
}

static bool is_valid (void *data, const void *key, size_t key_len, const void *value,
                      size_t value_len)
{
  return value_len > 0;
}

static bool is_better (void *data, const void *value, size_t len, const void *other,
                       size_t other_len)
{
  return len > other_len;
}

static void on_peers (void *data, const struct inos_peer_id *peers, unsigned n, bool found)
{
  ((struct world *)data)->told++;
}

static void on_value (void *data, const uint8_t *value, size_t len)
{
  ((struct world *)data)->told++;
}

static void on_provider (void *data, const struct inos_peer_id *provider)
{
  ((struct world *)data)->told += provider == NULL;
}

static struct inos_peer_id peer (uint8_t number)
{
  return inos_peer_id_of_key ((const uint8_t[32]){number});
}

/* The same bytes for all that is out, and for what that makes it ask. */
static void answer_all (struct inos_kad *kad, struct world *world, const uint8_t *data, size_t size)
{
  for (unsigned round = 0; round < 4 && world->n_tickets > 0; round++) {
    uint64_t tickets[TICKETS_MAX];
    unsigned n = world->n_tickets;
    memcpy (tickets, world->tickets, sizeof tickets);
    world->n_tickets = 0;
    for (unsigned i = 0; i < n; i++)
      inos_kad_answer (kad, tickets[i], data, size);
  }
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const struct inos_kad_validator validator = {"t", NULL, is_valid, is_better};
  struct world world = {.now = 1000000000};
  struct inos_mesh_env env = {&world, now, wall, random_bytes};
  struct inos_kad_network network = {.data = &world, .ask = ask};
  struct inos_kad_setup setup = {
    .env = &env,
    .network = &network,
    .self = peer (1),
    .server = true,
    .validators = &validator,
    .n_validators = 1,
  };
  struct inos_kad *kad = inos_kad_new (&setup);
  struct inos_buffer answer = {0};
  struct inos_peer_id from = peer (2), sought = peer (9);
  g_autofree struct inos_kad_message *read = g_new (struct inos_kad_message, 1);

  for (uint8_t i = 2; i < 6; i++) {
    struct inos_peer_id other = peer (i);
    inos_kad_add_peer (kad, &other);
  }
  if (inos_kad_serve (kad, &from, data, size, &answer) && inos_buffer_len (&answer) > 0 &&
      !inos_kad_message_read (read, inos_buffer_data (&answer), inos_buffer_len (&answer)))
    g_error ("an answer is no message");
  inos_buffer_clear (&answer);
  inos_kad_find_peer (kad, &sought, on_peers, &world);
  inos_kad_get (kad, "/t/k", 4, 3, on_value, &world);
  inos_kad_find_providers (kad, "k", 1, 3, on_provider, &world);
  answer_all (kad, &world, data, size);
  for (unsigned i = 0; i < 200 && world.told < 3; i++) {
    world.now += 1000000000;
    inos_kad_tick (kad);
    answer_all (kad, &world, data, size);
  }
  if (world.told != 3)
    g_error ("%u of 3 lookups have ended", world.told);
  inos_kad_free (kad);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void add (GPtrArray *corpus, struct inos_buffer *message)
{
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (message), inos_buffer_len (message)));
  inos_buffer_clear (message);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_peer_id sought = peer (9), other = peer (2);
  struct inos_buffer message = {0};
  struct inos_multiaddr address;

  inos_multiaddr_parse (&address, "/ip4/192.0.2.1/tcp/4001", NULL);
  inos_kad_put_head (&message, INOS_KAD_FIND_NODE, sought.bytes, sought.len);
  inos_kad_put_peer (&message, false, &other, &address, 1);
  inos_kad_put_peer (&message, false, &sought, &address, 1);
  add (corpus, &message);
  inos_kad_put_head (&message, INOS_KAD_GET_VALUE, "/t/k", 4);
  inos_kad_put_record (&message, "/t/k", 4, "value", 5, 1760000000000);
  add (corpus, &message);
  inos_kad_put_head (&message, INOS_KAD_PUT_VALUE, "/t/k", 4);
  inos_kad_put_record (&message, "/t/k", 4, "v", 1, 0);
  add (corpus, &message);
  inos_kad_put_head (&message, INOS_KAD_GET_PROVIDERS, "k", 1);
  inos_kad_put_peer (&message, true, &other, &address, 1);
  add (corpus, &message);
  inos_kad_put_head (&message, INOS_KAD_ADD_PROVIDER, "k", 1);
  inos_kad_put_peer (&message, true, &other, &address, 1);
  add (corpus, &message);
  inos_kad_put_head (&message, INOS_KAD_PING, NULL, 0);
  add (corpus, &message);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_kad", make_corpus());
}

#endif
