/*
 * The codec against bytes that js-libp2p wrote (@libp2p/kad-dht 16.4.5, @libp2p/record), the
 * routing table, what is stored, and who may store what.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/kad.h"
#include "node/mesh/dht/provider_store.h"

#include "../world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#define JS_PEER "002408011220ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c"
#define JS_FIND "08041226" JS_PEER
#define JS_FOUND "080450001226" JS_PEER "42340a26" JS_PEER "1208047f000001060fa11801"
#define JS_ADD                                                                                     \
  "08021222122003030303030303030303030303030303030303030303030303030303030303034a320a26" JS_PEER   \
  "1208047f000001060fa1"
#define JS_RECORD                                                                                  \
  "0a072f696e6f732f61120576616c75652a1e323032352d31302d30395430383a35333a32302e313233303030303030" \
  "5"                                                                                              \
  "a"

static size_t from_hex (const char *hex, uint8_t *out, size_t size)
{
  size_t len;

  assert_int_equal (sodium_hex2bin (out, size, hex, strlen (hex), NULL, &len, NULL), 0);
  return len;
}

static void expect_hex (struct inos_buffer *buffer, const char *hex)
{
  uint8_t bytes[512];
  size_t len = from_hex (hex, bytes, sizeof bytes);

  assert_int_equal (inos_buffer_len (buffer), len);
  assert_memory_equal (inos_buffer_data (buffer), bytes, len);
  inos_buffer_clear (buffer);
}

static struct inos_peer_id js_peer (void)
{
  struct inos_peer_id peer = {.len = 38};

  from_hex (JS_PEER, peer.bytes, sizeof peer.bytes);
  return peer;
}

static void test_writes_as_js (void **state)
{
  struct inos_buffer out = {0};
  struct inos_peer_id peer = js_peer();
  struct inos_multiaddr address;
  uint8_t hash[34] = {0x12, 0x20};

  memset (hash + 2, 3, 32);
  assert_true (inos_multiaddr_parse (&address, "/ip4/127.0.0.1/tcp/4001", NULL));
  inos_kad_put_head (&out, INOS_KAD_FIND_NODE, peer.bytes, peer.len);
  expect_hex (&out, JS_FIND);
  inos_kad_put_head (&out, INOS_KAD_ADD_PROVIDER, hash, sizeof hash);
  inos_kad_put_peer (&out, true, &peer, &address, 1);
  expect_hex (&out, JS_ADD);
  inos_kad_put_head (&out, INOS_KAD_PUT_VALUE, "/inos/a", 7);
  inos_kad_put_record (&out, "/inos/a", 7, "value", 5, 1760000000123);
  expect_hex (&out, "12072f696e6f732f611a30" JS_RECORD);
}

static void test_reads_js (void **state)
{
  struct inos_kad_message message;
  struct inos_multiaddr address;
  struct inos_peer_id peer = js_peer();
  uint8_t bytes[512];
  size_t len = from_hex (JS_FOUND, bytes, sizeof bytes);

  assert_true (inos_kad_message_read (&message, bytes, len));
  assert_int_equal (message.type, INOS_KAD_FIND_NODE);
  assert_int_equal (message.key_len, 38);
  assert_int_equal (message.n_closer, 1);
  assert_true (inos_peer_id_equal (&message.closer[0].id, &peer));
  assert_true (inos_kad_next_address (&message.closer[0], &address));
  g_autofree char *text = inos_multiaddr_text (&address);
  assert_string_equal (text, "/ip4/127.0.0.1/tcp/4001");
  assert_false (inos_kad_next_address (&message.closer[0], &address));
  len = from_hex ("12072f696e6f732f611a30" JS_RECORD, bytes, sizeof bytes);
  assert_true (inos_kad_message_read (&message, bytes, len));
  assert_int_equal (message.type, INOS_KAD_PUT_VALUE);
  assert_true (message.has_record);
  assert_memory_equal (message.record_key, "/inos/a", 7);
  assert_int_equal (message.value_len, 5);
  assert_memory_equal (message.value, "value", 5);
}

static void test_message_refuses (void **state)
{
  struct inos_kad_message message;
  struct inos_buffer out = {0};
  g_autofree uint8_t *large = g_malloc0 (INOS_KAD_VALUE_MAX + 1);
  struct inos_peer_id peer = js_peer();

  assert_false (inos_kad_message_read (&message, "\x08\x06", 2)); /* of tomorrow */
  assert_false (inos_kad_message_read (&message, "\x08", 1));
  assert_false (inos_kad_message_read (&message, "\x10\x01", 2));
  inos_kad_put_head (&out, INOS_KAD_GET_VALUE, large, INOS_KAD_KEY_MAX + 1);
  assert_false (inos_kad_message_read (&message, inos_buffer_data (&out), inos_buffer_len (&out)));
  inos_buffer_clear (&out);
  inos_kad_put_record (&out, "k", 1, large, INOS_KAD_VALUE_MAX + 1, 0);
  assert_false (inos_kad_message_read (&message, inos_buffer_data (&out), inos_buffer_len (&out)));
  inos_buffer_clear (&out);
  for (unsigned i = 0; i < 100; i++) {
    inos_kad_put_peer (&out, false, &peer, NULL, 0);
    inos_kad_put_peer (&out, true, &peer, NULL, 0);
  }
  assert_true (inos_kad_message_read (&message, inos_buffer_data (&out), inos_buffer_len (&out)));
  assert_int_equal (message.n_closer, INOS_KAD_CLOSER_MAX);
  assert_int_equal (message.n_providers, INOS_KAD_PROVIDERS_MAX);
  inos_buffer_clear (&out);
}

static struct inos_peer_id numbered (unsigned number)
{
  uint8_t key[32] = {1};

  memcpy (key + 4, &number, sizeof number);
  return inos_peer_id_of_key (key);
}

static void test_keys (void **state)
{
  struct inos_kad_key a = {{0x80}}, b = {{0x81}}, c = {{0}};

  assert_int_equal (inos_kad_shared (&a, &b), 7);
  assert_int_equal (inos_kad_shared (&a, &c), 0);
  assert_int_equal (inos_kad_shared (&a, &a), 256);
  b.bytes[0] = 0x80;
  b.bytes[31] = 1;
  assert_int_equal (inos_kad_shared (&a, &b), 255);
  assert_true (inos_kad_nearer (&a, &b, &c) < 0);
  assert_true (inos_kad_nearer (&a, &c, &b) > 0);
  assert_int_equal (inos_kad_nearer (&a, &c, &c), 0);
}

static int compare (const void *a, const void *b, void *target)
{
  return inos_kad_nearer (target, a, b);
}

/* The nearest are those that sorting all would say; buckets keep to their size. */
static void test_table (void **state)
{
  struct inos_peer_id self = numbered (0);
  struct inos_kad_key key = inos_kad_key_of_peer (&self), all[2000];
  struct inos_kad_table *table = inos_kad_table_new (&key);
  struct inos_kad_group none = {0};
  struct inos_kad_entry near[INOS_KAD_K];
  unsigned waiting, count = 0;

  assert_null (inos_kad_table_add (table, &self, &none, 1));
  assert_int_equal (inos_kad_table_count (table), 0);
  for (unsigned i = 1; i <= 2000; i++) {
    struct inos_peer_id peer = numbered (i);
    inos_kad_table_add (table, &peer, &none, i);
    if (inos_kad_table_find (table, &peer))
      all[count++] = inos_kad_key_of_peer (&peer);
  }
  assert_int_equal (inos_kad_table_count (table), count);
  assert_in_range (count, 80, 240);
  assert_int_equal (inos_kad_table_in_bucket (table, 0, &waiting), INOS_KAD_K);
  assert_int_equal (waiting, INOS_KAD_K);
  for (unsigned i = 0; i < 300; i++) {
    struct inos_kad_key target = inos_kad_key_of (&i, sizeof i);
    if (i == 0)
      target = key;
    g_sort_array (all, count, sizeof *all, compare, &target);
    unsigned n = inos_kad_table_nearest (table, &target, near, INOS_KAD_K);
    assert_int_equal (n, INOS_KAD_K);
    for (unsigned j = 0; j < n; j++)
      assert_memory_equal (&near[j].key, &all[j], sizeof all[j]);
  }
  inos_kad_table_free (table);
}

/* The one that has been quiet longest is to be asked; who waited last takes the place of who does
 * not answer. */
static void test_replacement (void **state)
{
  struct inos_peer_id self = numbered (0), in_bucket[30];
  struct inos_kad_key key = inos_kad_key_of_peer (&self);
  struct inos_kad_table *table = inos_kad_table_new (&key);
  struct inos_kad_group none = {0};
  unsigned n = 0;

  for (unsigned i = 1; n < 30; i++) {
    struct inos_peer_id peer = numbered (i);
    struct inos_kad_key at = inos_kad_key_of_peer (&peer);
    if (inos_kad_shared (&at, &key) == 0)
      in_bucket[n++] = peer;
  }
  for (unsigned i = 0; i < 20; i++)
    assert_null (inos_kad_table_add (table, &in_bucket[i], &none, 1 + i));
  assert_null (inos_kad_table_add (table, &in_bucket[0], &none, 50)); /* was heard of again */
  struct inos_kad_entry *quietest = inos_kad_table_add (table, &in_bucket[20], &none, 51);
  assert_true (inos_peer_id_equal (&quietest->peer, &in_bucket[1]));
  quietest->checking = true;
  assert_null (inos_kad_table_add (table, &in_bucket[21], &none, 52));
  inos_kad_table_remove (table, &in_bucket[1]);
  assert_null (inos_kad_table_find (table, &in_bucket[1]));
  assert_non_null (inos_kad_table_find (table, &in_bucket[21]));
  assert_null (inos_kad_table_find (table, &in_bucket[20]));
  assert_int_equal (inos_kad_table_count (table), 20);
  inos_kad_table_free (table);
}

/* Peers of one prefix get few places, however many there are. */
static void test_diversity (void **state)
{
  struct inos_peer_id self = numbered (0);
  struct inos_kad_key key = inos_kad_key_of_peer (&self);
  struct inos_kad_table *table = inos_kad_table_new (&key);
  struct inos_kad_group group = {2, {192, 0}}, other = {2, {198, 51}};

  for (unsigned i = 1; i < 1000; i++) {
    struct inos_peer_id peer = numbered (i);
    inos_kad_table_add (table, &peer, &group, i);
  }
  assert_int_equal (inos_kad_table_count (table), INOS_KAD_GROUP_IN_TABLE);
  assert_int_equal (inos_kad_table_in_bucket (table, 0, NULL), INOS_KAD_GROUP_IN_BUCKET);
  struct inos_peer_id peer = numbered (1000);
  inos_kad_table_add (table, &peer, &other, 1000);
  assert_non_null (inos_kad_table_find (table, &peer));
  inos_kad_table_free (table);
}

static unsigned kept, dropped;

static void keep (void *data, const struct inos_kad_record *record)
{
  kept++;
}

static void drop (void *data, const struct inos_kad_record *record)
{
  dropped++;
}

static void test_records (void **state)
{
  struct inos_kad_key self = {{0}};
  struct inos_kad_keeper keeper = {.keep = keep, .drop = drop};
  struct inos_record_store *store = inos_record_store_new (&self, &keeper);
  int64_t day = 86400000;

  inos_record_store_put (store, "a", 1, "1", 1, day);
  inos_record_store_put (store, "b", 1, "2", 1, 2 * day);
  inos_record_store_put (store, "a", 1, "3", 1, 2 * day);
  inos_record_store_load (store, "c", 1, "4", 1, 0);
  assert_int_equal (kept, 3);
  assert_int_equal (inos_record_store_count (store), 3);
  assert_memory_equal (
    g_bytes_get_data (inos_record_store_get (store, "a", 1, 2 * day)->value, NULL), "3", 1);
  assert_null (inos_record_store_get (store, "c", 1, 2 * day));
  inos_record_store_expire (store, 2 * day);
  assert_int_equal (dropped, 1);
  for (unsigned i = 0; i < INOS_KAD_RECORDS_MAX + 100; i++)
    inos_record_store_put (store, &i, sizeof i, "x", 1, 2 * day);
  assert_int_equal (inos_record_store_count (store), INOS_KAD_RECORDS_MAX);
  g_autofree char *large = g_malloc0 (INOS_KAD_VALUE_MAX);
  for (unsigned i = 0; i < 2000; i++)
    inos_record_store_put (store, &i, sizeof i, large, INOS_KAD_VALUE_MAX, 3 * day);
  assert_true (inos_record_store_count (store) <= INOS_KAD_RECORDS_MAX);
  inos_record_store_expire (store, 5 * day);
  assert_int_equal (inos_record_store_count (store), 0);
  inos_record_store_free (store);
}

static void test_providers (void **state)
{
  struct world world;
  struct world_place place;
  struct inos_peer_id out[64];

  world_init (&world, 1);
  world_place_init (&world, &place);
  struct inos_provider_store *store = inos_provider_store_new (&place.env);
  struct inos_kad_key key = inos_kad_key_of ("k", 1);
  for (unsigned i = 0; i < 100; i++) {
    struct inos_peer_id peer = numbered (i);
    assert_true (inos_provider_store_add (store, &key, &peer, SECOND + i));
    assert_true (inos_provider_store_add (store, &key, &peer, SECOND + i));
  }
  unsigned n = inos_provider_store_get (store, &key, SECOND, out, 64);
  assert_int_equal (n, INOS_KAD_PROVIDERS_OF_KEY);
  struct inos_peer_id last = numbered (99);
  assert_true (inos_peer_id_equal (&out[0], &last));
  assert_int_equal (inos_provider_store_get (store, &key, SECOND, out, 5), 5);
  /* One peer cannot fill it; many cannot make it larger. */
  unsigned taken = 0;
  for (unsigned i = 0; i < INOS_KAD_PROVIDED_BY_PEER + 100; i++) {
    struct inos_kad_key other = inos_kad_key_of (&i, sizeof i);
    taken += inos_provider_store_add (store, &other, &last, 2 * SECOND);
  }
  assert_int_equal (taken, INOS_KAD_PROVIDED_BY_PEER - 1);
  for (unsigned i = 0; i < INOS_KAD_PROVIDED_MAX; i++) {
    struct inos_kad_key other = inos_kad_key_of (&i, sizeof i);
    struct inos_peer_id peer = numbered (i % 100);
    inos_provider_store_add (store, &other, &peer, 3 * SECOND);
  }
  assert_int_equal (inos_provider_store_count (store), INOS_KAD_PROVIDED_MAX);
  inos_provider_store_expire (store, 4 * SECOND + INOS_KAD_PROVIDER_TIME);
  assert_int_equal (inos_provider_store_count (store), 0);
  assert_int_equal (inos_provider_store_get (store, &key, SECOND, out, 5), 0);
  inos_provider_store_free (store);
  world_finish (&world);
}

static void test_pk (void **state)
{
  struct inos_peer_id peer = js_peer();
  uint8_t key[64] = "/pk/";
  const struct inos_kad_validator *pk = &inos_kad_pk_validator;

  memcpy (key + 4, peer.bytes, peer.len);
  assert_ptr_equal (inos_kad_find_validator (pk, 1, key, 42), pk);
  assert_null (inos_kad_find_validator (pk, 1, "/p/x", 4));
  assert_null (inos_kad_find_validator (pk, 1, "/pkx/", 5));
  assert_null (inos_kad_find_validator (pk, 1, "pk/x", 4));
  assert_null (inos_kad_find_validator (pk, 1, "/pk", 3));
  assert_true (pk->is_valid (NULL, key, 42, peer.bytes + 2, 36));
  peer.bytes[20] ^= 1;
  assert_false (pk->is_valid (NULL, key, 42, peer.bytes + 2, 36));
  assert_false (pk->is_valid (NULL, key, 42, peer.bytes + 2, 35));
  assert_false (pk->is_valid (NULL, key, 4, "", 0));
}

/* Only whose name is in the key may write there; the newest counts. */
static void test_signed (void **state)
{
  g_autofree char *dir = g_dir_make_tmp ("inos-kad-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (dir, INOS_IDENTITY_FILE, NULL);
  struct inos_identity *identity = inos_identity_open (dir, NULL);
  struct inos_kad_validator validator = inos_kad_signed_validator ("inos");
  g_autofree char *key = g_strdup_printf ("/inos/%s/state", inos_identity_peer_id (identity));
  const char *foreign = "/inos/12D3KooWRawPbxPtP1eZaJpumGnyWX2DcUyd3RQnydr3eAto4Az7/state";
  struct inos_buffer first = {0}, second = {0}, other = {0};
  struct inos_peer_id signer;
  const uint8_t *data;
  uint64_t number;
  size_t len;

  inos_kad_sign (identity, key, strlen (key), 1, "one", 3, &first);
  inos_kad_sign (identity, key, strlen (key), 2, "two", 3, &second);
  inos_kad_sign (identity, foreign, strlen (foreign), 3, "x", 1, &other);
#define VALUE(buffer) inos_buffer_data (&(buffer)), inos_buffer_len (&(buffer))
  assert_true (validator.is_valid (NULL, key, strlen (key), VALUE (first)));
  assert_true (validator.is_better (NULL, VALUE (second), VALUE (first)));
  assert_false (validator.is_better (NULL, VALUE (first), VALUE (second)));
  assert_false (validator.is_better (NULL, VALUE (first), VALUE (first)));
  assert_false (validator.is_valid (NULL, foreign, strlen (foreign), VALUE (other)));
  assert_false (validator.is_valid (NULL, foreign, strlen (foreign), VALUE (first)));
  assert_false (validator.is_valid (NULL, "/inos/x", 7, VALUE (first)));
  assert_true (
    inos_kad_signed_read (key, strlen (key), VALUE (second), &signer, &number, &data, &len));
  assert_int_equal (number, 2);
  assert_int_equal (len, 3);
  assert_memory_equal (data, "two", 3);
  for (size_t i = 0; i < inos_buffer_len (&first); i++) {
    inos_buffer_data (&first)[i] ^= 1;
    assert_false (validator.is_valid (NULL, key, strlen (key), VALUE (first)));
    inos_buffer_data (&first)[i] ^= 1;
  }
#undef VALUE
  inos_buffer_clear (&first);
  inos_buffer_clear (&second);
  inos_buffer_clear (&other);
  inos_identity_free (identity);
  g_unlink (file);
  g_rmdir (dir);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_writes_as_js),    cmocka_unit_test (test_reads_js),
    cmocka_unit_test (test_message_refuses), cmocka_unit_test (test_keys),
    cmocka_unit_test (test_table),           cmocka_unit_test (test_replacement),
    cmocka_unit_test (test_diversity),       cmocka_unit_test (test_records),
    cmocka_unit_test (test_providers),       cmocka_unit_test (test_pk),
    cmocka_unit_test (test_signed),
  };

  return sodium_init() < 0 || cmocka_run_group_tests (tests, NULL, NULL);
}
