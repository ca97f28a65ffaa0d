/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/cid.h"
#include "node/mesh/wire/peer_id.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

/* The key of the test vectors in libp2p/specs, peer-ids, and what js-libp2p 3.3.11 calls it. */
static void test_of_key (void **state)
{
  static const char hex[] = "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
  uint8_t key[32], back[32];
  char text[INOS_PEER_TEXT_MAX];

  sodium_hex2bin (key, sizeof key, hex, 64, NULL, NULL, NULL);
  struct inos_peer_id id = inos_peer_id_of_key (key), parsed;
  inos_peer_id_text (&id, text);
  assert_string_equal (text, "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq");
  assert_true (inos_peer_id_parse (&parsed, text));
  assert_memory_equal (&parsed, &id, sizeof id);
  inos_peer_id_cid (&id, text);
  assert_string_equal (text, "k51qzi5uqu5dgy8qsq67hbz73jqkw87l3fgf4a91qb0d9b5173tir7n4vxk1oe");
  assert_true (inos_peer_id_parse (&parsed, text));
  assert_memory_equal (&parsed, &id, sizeof id);
  assert_true (inos_peer_id_parse (
    &parsed, "bafzaajaiaejcahwr5d5ofrfbis4l5d6uwr57hu5tjodrypfm6yaq6dsc2r2pzyt6"));
  assert_true (inos_peer_id_equal (&parsed, &id));
  assert_true (inos_peer_id_key (&id, back));
  assert_memory_equal (back, key, sizeof key);
}

/* The examples of libp2p/specs, peer-ids: the same peer by its SHA-256, both ways. */
static void test_of_long_key (void **state)
{
  struct inos_peer_id a, b;
  uint8_t key[32];
  char text[INOS_PEER_TEXT_MAX];

  assert_true (inos_peer_id_parse (&a, "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"));
  assert_true (
    inos_peer_id_parse (&b, "bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe"));
  assert_true (inos_peer_id_equal (&a, &b));
  assert_int_equal (a.len, 34);
  assert_false (inos_peer_id_key (&a, key));
  inos_peer_id_text (&b, text);
  assert_string_equal (text, "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
}

static void test_order (void **state)
{
  struct inos_peer_id nobody = {0}, a, b;

  assert_true (inos_peer_id_parse (&a, "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"));
  assert_true (inos_peer_id_parse (&b, "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N"));
  assert_false (inos_peer_id_is_set (&nobody));
  assert_true (inos_peer_id_is_set (&a));
  assert_true (inos_peer_id_compare (&nobody, &b) < 0);
  assert_true (inos_peer_id_compare (&b, &a) < 0); /* the shorter first */
  assert_true (inos_peer_id_compare (&a, &b) > 0);
  struct inos_peer_id c = a;
  assert_true (inos_peer_id_same (&a, &c));
  assert_int_equal (inos_peer_id_hash (&a), inos_peer_id_hash (&c));
  c.bytes[c.len - 1] ^= 1;
  assert_false (inos_peer_id_same (&a, &c));
  assert_int_not_equal (inos_peer_id_hash (&a), inos_peer_id_hash (&c));
}

static void test_refuses (void **state)
{
  static const char *const wrong[] = {
    "",
    "1",
    "11",
    "Qm",
    "12D3KooW",
    "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5S",
    "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SAA",
    "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA ",
    " 12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
    "zQmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N",
    "QmxoHT6iViN5xAjoz1VZ553cL31U9F94ht3QvWR1FrEbZY",    /* a digest longer than SHA-256's */
    "zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA", /* a CID of content */
    "bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxE",
    "f017280122012209dff3b17d74cf4d38a50d8b6383e92d181a10395a5e73a726d",
  };
  struct inos_peer_id id;
  uint8_t bytes[INOS_PEER_ID_MAX + 1] = {0, INOS_PEER_ID_MAX - 2};
  struct inos_cid cid;
  char text[INOS_CID_TEXT_MAX];

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (inos_peer_id_parse (&id, wrong[i]))
      fail_msg ("“%s” was taken", wrong[i]);
  assert_true (inos_peer_id_read (&id, bytes, INOS_PEER_ID_MAX));
  assert_false (inos_peer_id_read (&id, bytes, INOS_PEER_ID_MAX - 1));
  assert_false (inos_peer_id_read (&id, bytes, INOS_PEER_ID_MAX + 1));
  assert_false (inos_peer_id_read (&id, bytes, 0));
  assert_false (inos_peer_id_read (&id, "\0\0", 2));
  /* a hash whose code ends like that of SHA-256 */
  assert_true (inos_cid_make (&cid, INOS_CODEC_LIBP2P_KEY, 0x12 << 7, bytes, 32));
  assert_true (inos_cid_text (&cid, INOS_BASE36, text, sizeof text));
  assert_false (inos_peer_id_parse (&id, text));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_of_key),
    cmocka_unit_test (test_of_long_key),
    cmocka_unit_test (test_order),
    cmocka_unit_test (test_refuses),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
