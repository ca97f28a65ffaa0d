/*
 * The codec against bytes that js-libp2p wrote (@libp2p/gossipsub 17.1.1, key of 32 bytes 7).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/pubsub/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#define JS_PEER "002408011220ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"
#define JS_RPC                                                                                     \
  "0a100801120c73746174652d7570646174650a0508001201621a87010a160a0c73746174652d757064617465120301" \
  "020312010412040a0205061a030a0167225d0a0170122c0a26" JS_PEER "1202090912280a26" JS_PEER          \
  "183c2a030a0107"
#define JS_MESSAGE                                                                                 \
  "12af010a26" JS_PEER "120568656c6c6f1a0818ea348e1a5f0841220c73746174652d7570646174652a40e921"    \
  "5ab5a1fca135ab26da56ae27ffae50f68a3f08928511029f11c5ab4555b965473fe6f753c8cdca304595020cebf308" \
  "bb5d0987a1a644a97bcdfbd6c8d70a3224"                                                             \
  "08011220ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b9242"                                     \
  "1eea691446d22c"

static size_t from_hex (const char *hex, uint8_t *out, size_t size)
{
  size_t len;

  assert_int_equal (sodium_hex2bin (out, size, hex, strlen (hex), NULL, &len, NULL), 0);
  return len;
}

static struct inos_rpc_item next (struct inos_rpc *rpc, enum inos_rpc_kind kind, const char *topic)
{
  struct inos_rpc_item item;

  assert_true (inos_rpc_next (rpc, &item));
  assert_int_equal (item.kind, kind);
  assert_int_equal (item.topic_len, strlen (topic));
  assert_memory_equal (item.topic, topic, item.topic_len);
  return item;
}

static void expect_id (struct inos_rpc_item *item, const char *expected)
{
  const uint8_t *id;
  size_t len;

  if (!expected) {
    assert_false (inos_rpc_next_id (item, &id, &len));
    return;
  }
  assert_true (inos_rpc_next_id (item, &id, &len));
  assert_int_equal (len, strlen (expected));
  assert_memory_equal (id, expected, len);
}

static void test_reads_js (void **state)
{
  uint8_t bytes[512], js[64];
  size_t len = from_hex (JS_RPC, bytes, sizeof bytes), record_len;
  struct inos_peer_id peer;
  const uint8_t *record;

  from_hex (JS_PEER, js, sizeof js);
  assert_true (inos_rpc_check (bytes, len));
  struct inos_rpc rpc = inos_rpc_begin (bytes, len);
  next (&rpc, INOS_RPC_SUBSCRIBE, "state-update");
  next (&rpc, INOS_RPC_UNSUBSCRIBE, "b");
  struct inos_rpc_item item = next (&rpc, INOS_RPC_IHAVE, "state-update");
  expect_id (&item, "\1\2\3");
  expect_id (&item, "\4");
  expect_id (&item, NULL);
  item = next (&rpc, INOS_RPC_IWANT, "");
  expect_id (&item, "\5\6");
  expect_id (&item, NULL);
  next (&rpc, INOS_RPC_GRAFT, "g");
  item = next (&rpc, INOS_RPC_PRUNE, "p");
  assert_true (item.has_backoff);
  assert_int_equal (item.backoff, 60);
  assert_true (inos_rpc_next_peer (&item, &peer, &record, &record_len));
  assert_memory_equal (peer.bytes, js, peer.len);
  assert_int_equal (record_len, 2);
  assert_memory_equal (record, "\x9\x9", 2);
  assert_true (inos_rpc_next_peer (&item, &peer, &record, &record_len));
  assert_int_equal (record_len, 0);
  assert_false (inos_rpc_next_peer (&item, &peer, &record, &record_len));
  item = next (&rpc, INOS_RPC_IDONTWANT, "");
  expect_id (&item, "\7");
  assert_false (inos_rpc_next (&rpc, &item));
}

static void test_writes_as_js (void **state)
{
  struct inos_buffer rpc = {0}, control = {0};
  struct inos_peer_id peer = {.len = 38};
  uint8_t expected[512];
  size_t len = from_hex (JS_RPC, expected, sizeof expected), opened;

  from_hex (JS_PEER, peer.bytes, sizeof peer.bytes);
  inos_rpc_put_subscription (&rpc, "state-update", true);
  inos_rpc_put_subscription (&rpc, "b", false);
  opened = inos_rpc_open_ids (&control, INOS_RPC_IHAVE, "state-update");
  inos_rpc_put_id (&control, INOS_RPC_IHAVE, "\1\2\3", 3);
  inos_rpc_put_id (&control, INOS_RPC_IHAVE, "\4", 1);
  inos_proto_close (&control, opened);
  opened = inos_rpc_open_ids (&control, INOS_RPC_IWANT, NULL);
  inos_rpc_put_id (&control, INOS_RPC_IWANT, "\5\6", 2);
  inos_proto_close (&control, opened);
  inos_rpc_put_graft (&control, "g");
  opened = inos_rpc_open_prune (&control, "p");
  inos_rpc_put_peer (&control, &peer, "\x9\x9", 2);
  inos_rpc_put_peer (&control, &peer, NULL, 0);
  inos_rpc_close_prune (&control, opened, 60);
  opened = inos_rpc_open_ids (&control, INOS_RPC_IDONTWANT, NULL);
  inos_rpc_put_id (&control, INOS_RPC_IDONTWANT, "\7", 1);
  inos_proto_close (&control, opened);
  inos_rpc_put_control (&rpc, &control);
  assert_int_equal (inos_buffer_len (&rpc), len);
  assert_memory_equal (inos_buffer_data (&rpc), expected, len);
  inos_buffer_clear (&rpc);
  inos_buffer_clear (&control);
}

static void sign (void *data, const void *bytes, size_t len, uint8_t signature[64])
{
  crypto_sign_detached (signature, NULL, bytes, len, data);
}

static struct inos_pubsub_message_signer js_signer (uint8_t key[64], struct inos_peer_id *id)
{
  struct inos_pubsub_message_signer signer = inos_identity_signer (NULL);
  uint8_t seed[32], public_key[32];

  memset (seed, 7, sizeof seed);
  crypto_sign_seed_keypair (public_key, key, seed);
  *id = inos_peer_id_of_key (public_key);
  signer.data = key;
  signer.sign = sign;
  return signer;
}

/* The signature of js-libp2p is right for us, and ours is the same as its. */
static void test_signature (void **state)
{
  uint8_t bytes[512], key[64];
  struct inos_peer_id id;
  struct inos_pubsub_message_signer signer = js_signer (key, &id);
  size_t len = from_hex (JS_MESSAGE, bytes, sizeof bytes);
  struct inos_rpc rpc = inos_rpc_begin (bytes, len);
  struct inos_buffer raw = {0};
  struct inos_pubsub_message_view view;

  struct inos_rpc_item item = next (&rpc, INOS_RPC_MESSAGE, "");
  assert_true (inos_pubsub_message_read (&view, item.raw, item.raw_len));
  assert_true (inos_peer_id_equal (&view.from, &id));
  assert_true (view.seqno == 0x18ea348e1a5f0841);
  assert_int_equal (view.len, 5);
  assert_memory_equal (view.data, "hello", 5);
  assert_true (inos_pubsub_message_verify (&view, &signer));
  inos_pubsub_message_write (&raw, &id, view.seqno, "state-update", "hello", 5, &signer);
  /* js-libp2p adds the key, of 38 bytes with its tag, which the id has already. */
  assert_int_equal (inos_buffer_len (&raw), item.raw_len - 38);
  assert_memory_equal (inos_buffer_data (&raw), item.raw, item.raw_len - 38);
  inos_buffer_clear (&raw);

  /* No byte of it can be another. */
  size_t start = (size_t)(item.raw - bytes);
  for (size_t i = start; i < len; i++) {
    bytes[i] ^= 1;
    assert_false (inos_pubsub_message_read (&view, item.raw, item.raw_len) &&
                  inos_pubsub_message_verify (&view, &signer));
    bytes[i] ^= 1;
  }
}

/* Fields that are not known are signed too; none may come twice. */
static void test_fields (void **state)
{
  uint8_t key[64], signature[64];
  struct inos_peer_id id;
  struct inos_pubsub_message_signer signer = js_signer (key, &id);
  struct inos_buffer raw = {0}, text = {0};
  struct inos_pubsub_message_view view;

  inos_buffer_append (&text, "libp2p-pubsub:", 14);
  inos_proto_put_bytes (&raw, 1, id.bytes, id.len);
  inos_proto_put_bytes (&raw, 3, "12345678", 8);
  inos_proto_put_string (&raw, 4, "t");
  inos_proto_put_string (&raw, 9, "of tomorrow");
  inos_buffer_append (&text, inos_buffer_data (&raw), inos_buffer_len (&raw));
  sign (key, inos_buffer_data (&text), inos_buffer_len (&text), signature);
  inos_proto_put_bytes (&raw, 5, signature, 64);
  assert_true (inos_pubsub_message_read (&view, inos_buffer_data (&raw), inos_buffer_len (&raw)));
  assert_true (inos_pubsub_message_verify (&view, &signer));
  assert_int_equal (view.len, 0);
  inos_proto_put_string (&raw, 4, "t");
  assert_false (inos_pubsub_message_read (&view, inos_buffer_data (&raw), inos_buffer_len (&raw)));
  inos_buffer_clear (&raw);
  inos_buffer_clear (&text);
}

static void test_refuses (void **state)
{
  static const struct {
    const char *bytes;
    size_t len;
  } wrong[] = {
    {"\x0a", 1},                         /* no length */
    {"\x08\x01", 2},                     /* a number for a subscription */
    {"\x0a\x02\x08\x01", 4},             /* no topic */
    {"\x0a\x04\x08\x01\x12\x00", 6},     /* an empty one */
    {"\x0a\x05\x08\x01\x12\x01\xff", 7}, /* not UTF-8 */
    {"\x0a\x05\x08\x01\x12\x01\x00", 7}, /* with an end in it */
    {"\x1a\x02\x1a\x00", 4},             /* a GRAFT of nothing */
    {"\x1a\x04\x1a\x03\x0a\x01", 6},     /* cut off */
    {"\x18\x05", 2},                     /* a number for control */
  };

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_false (inos_rpc_check (wrong[i].bytes, wrong[i].len));
  assert_true (inos_rpc_check ("", 0));
  assert_true (inos_rpc_check ("\x3a\x01x", 3)); /* of tomorrow */
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_reads_js),  cmocka_unit_test (test_writes_as_js),
    cmocka_unit_test (test_signature), cmocka_unit_test (test_fields),
    cmocka_unit_test (test_refuses),
  };

  return sodium_init() < 0 || cmocka_run_group_tests (tests, NULL, NULL);
}
