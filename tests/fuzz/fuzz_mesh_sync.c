/*
 * Fuzz target of what replicas ask each other: the same bytes as a question, as the answer to one,
 * and as a delta, of a member. What it says itself has to be a message. See fuzz_envelope.c for how
 * it is built.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/sync.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

struct world {
  uint64_t now, ticket;
  unsigned asked;
};

static uint64_t now (void *data)
{
  return ((struct world *)data)->now;
}

static int64_t wall (void *data)
{
  return INT64_C (1760000000000) + (int64_t)(((struct world *)data)->now / 1000000);
}

static void random_bytes (void *data, void *bytes, size_t len)
{
  memset (bytes, 7, len);
}

static void check (const void *bytes, size_t len)
{
  struct inos_sync_message message;

  if (!inos_sync_message_read (&message, bytes, len))
    g_error ("what it says is no message");
}

static void publish (void *data, const void *delta, size_t len)
{
  struct inos_delta read;

  if (!inos_delta_read (&read, delta, len))
    g_error ("what is published is no delta");
}

static void ask (void *data, const struct inos_peer_id *peer, uint64_t ticket, const void *question,
                 size_t len)
{
  struct world *world = data;

  check (question, len);
  world->ticket = ticket;
  world->asked++;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const struct inos_sync_events events = {publish, ask};
  struct world world = {.now = 1000000000};
  struct inos_mesh_env env = {&world, now, wall, random_bytes};
  struct inos_peer_id peer = inos_peer_id_of_key ((const uint8_t[32]){2});
  struct inos_document *document =
    inos_document_new (&(struct inos_document_setup){.env = &env, .actor = 1});
  struct inos_sync *sync = inos_sync_new (&(struct inos_sync_setup){
    .env = &env, .topic = "t", .document = document, .events = &events, .data = &world});
  struct inos_buffer answer = {0};
  char key[] = "a";

  inos_sync_set_members (sync, &peer, 1);
  inos_sync_add_peer (sync, &peer);
  for (; *key < 'a' + 24; ++*key)
    inos_document_put (document, key, "value", 5);
  inos_document_remove (document, "b");
  inos_sync_tell (sync, false);
  world.now += 1000000000;
  inos_sync_tick (sync);
  if (inos_sync_answer (sync, &peer, data, size, &answer))
    check (inos_buffer_data (&answer), inos_buffer_len (&answer));
  for (unsigned i = 0; i < 4; i++)
    inos_sync_answered (sync, world.ticket, data, size);
  inos_sync_receive (sync, &peer, data, size);
  world.now += 60000000000;
  inos_sync_tick (sync);
  if (world.asked > 8)
    g_error ("it asks more than it is answered");
  inos_buffer_clear (&answer);
  inos_sync_free (sync);
  inos_document_free (document);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void begin (struct inos_buffer *out)
{
  inos_sync_put_head (out, "t", inos_stamp_of (INT64_C (1760000001000)), 5, 5);
}

static void add (GPtrArray *corpus, struct inos_buffer *out)
{
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (out), inos_buffer_len (out)));
  inos_buffer_clear (out);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  static const struct inos_slot_id digests[INOS_SYNC_CHILDREN];
  struct inos_document_range all = {0}, some = {.depth = 1, .prefix.bytes = {0x30}};
  struct inos_slot slot = {.kind = INOS_SLOT_VALUE,
                           .key = "a",
                           .key_len = 1,
                           .actor = 2,
                           .stamp = inos_stamp_of (INT64_C (1760000001000)),
                           .value = (const uint8_t *)"x",
                           .value_len = 1};
  struct inos_slot_id wanted = inos_slot_id (&slot);
  struct inos_delta_writer writer = {0};
  struct inos_buffer out = {0}, delta = {0};

  begin (&out);
  inos_sync_put_part (&out, INOS_SYNC_RANGE, &all, digests, sizeof *digests);
  add (corpus, &out);
  begin (&out);
  inos_sync_put_part (&out, INOS_SYNC_RANGE, &some, digests, sizeof *digests);
  add (corpus, &out);
  begin (&out);
  inos_sync_put_part (&out, INOS_SYNC_CHILDREN_OF, &all, digests, sizeof digests);
  add (corpus, &out);
  begin (&out);
  inos_sync_put_part (&out, INOS_SYNC_LEAVES_OF, &all, digests, 4 * sizeof *digests);
  add (corpus, &out);
  begin (&out);
  inos_delta_put (&writer, &slot, INOS_DELTA_MAX);
  inos_delta_finish (&writer, false, &delta);
  inos_sync_put_delta (&out, &delta);
  inos_sync_put_wants (&out, &wanted, 1);
  add (corpus, &out);
  add (corpus, &delta);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_sync", make_corpus());
}

#endif
