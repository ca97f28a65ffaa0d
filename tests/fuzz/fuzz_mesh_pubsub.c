/*
 * Fuzz target of pubsub's RPCs: what a core that is subscribed makes of them, as it would of any
 * peer's. All signatures are taken for right, so that the way behind them is seen too. See
 * fuzz_envelope.c for how it is built.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/gossip.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

struct world {
  uint64_t now, random;
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

static void sign (void *data, const void *bytes, size_t len, uint8_t signature[64])
{
  memset (signature, 1, 64);
}

static bool verify (void *data, const struct inos_peer_id *from, const void *bytes, size_t len,
                    const uint8_t signature[64])
{
  return true;
}

/* What it sends has to be an RPC. */
static bool send_checked (void *data, const struct inos_peer_id *to, const void *bytes, size_t len)
{
  if (!inos_rpc_check (bytes, len))
    g_error ("what is sent is no RPC");
  return true;
}

static struct inos_peer_id peer (uint8_t number)
{
  return inos_peer_id_of_key ((const uint8_t[32]){number});
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct world world = {.now = 1000000000};
  struct inos_mesh_env env = {&world, now, wall, random_bytes};
  struct inos_channel channel = {NULL, send_checked};
  struct inos_gossip_events events = {0};
  struct inos_gossip_setup setup = {
    .env = &env,
    .channel = &channel,
    .self = peer (1),
    .signer = {NULL, sign, verify},
    .events = &events,
  };
  struct inos_gossip *gossip = inos_gossip_new (&setup);
  struct inos_gossip_stats stats;

  inos_gossip_subscribe (gossip, "t");
  for (uint8_t i = 2; i < 5; i++) {
    struct inos_gossip_peer info = {.id = peer (i), .protocol = inos_gossip_protocols[i - 2]};
    inos_gossip_add_peer (gossip, &info);
  }
  inos_gossip_publish (gossip, "t", "x", 1);
  struct inos_peer_id from = peer (2), other = peer (3);
  inos_gossip_receive (gossip, &from, data, size);
  world.now += 1000000000;
  inos_gossip_tick (gossip);
  inos_gossip_receive (gossip, &other, data, size);
  inos_gossip_remove_peer (gossip, &from);
  world.now += 1000000000;
  inos_gossip_tick (gossip);
  inos_gossip_stats (gossip, &stats);
  if (stats.delivered > size)
    g_error ("more messages than bytes");
  inos_gossip_free (gossip);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void add (GPtrArray *corpus, struct inos_buffer *rpc)
{
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (rpc), inos_buffer_len (rpc)));
  inos_buffer_clear (rpc);
}

static void add_control (GPtrArray *corpus, struct inos_buffer *control)
{
  struct inos_buffer rpc = {0};

  inos_rpc_put_control (&rpc, control);
  inos_buffer_clear (control);
  add (corpus, &rpc);
}

static void add_ids (GPtrArray *corpus, enum inos_rpc_kind kind)
{
  struct inos_peer_id author = peer (3);
  struct inos_buffer control = {0};
  uint8_t id[INOS_PUBSUB_MESSAGE_ID_MAX] = {0};

  memcpy (id, author.bytes, author.len);
  size_t opened = inos_rpc_open_ids (&control, kind, "t");
  inos_rpc_put_id (&control, kind, id, author.len + 8u);
  inos_rpc_put_id (&control, kind, "short", 5);
  inos_proto_close (&control, opened);
  add_control (corpus, &control);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_pubsub_message_signer signer = {NULL, sign, verify};
  struct inos_buffer rpc = {0}, raw = {0}, control = {0};
  struct inos_peer_id author = peer (3);

  inos_rpc_put_subscription (&rpc, "t", true);
  add (corpus, &rpc);
  inos_rpc_put_subscription (&rpc, "u", false);
  add (corpus, &rpc);
  inos_pubsub_message_write (&raw, &author, 7, "t", "data", 4, &signer);
  inos_rpc_put_message (&rpc, inos_buffer_data (&raw), inos_buffer_len (&raw));
  inos_buffer_clear (&raw);
  add (corpus, &rpc);
  add_ids (corpus, INOS_RPC_IHAVE);
  add_ids (corpus, INOS_RPC_IWANT);
  add_ids (corpus, INOS_RPC_IDONTWANT);
  inos_rpc_put_graft (&control, "t");
  add_control (corpus, &control);
  size_t opened = inos_rpc_open_prune (&control, "t");
  inos_rpc_put_peer (&control, &author, "record", 6);
  inos_rpc_close_prune (&control, opened, 60);
  add_control (corpus, &control);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_pubsub", make_corpus());
}

#endif
