/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/cid.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static size_t from_hex (const char *hex, uint8_t *out, size_t size)
{
  size_t len;

  assert_int_equal (sodium_hex2bin (out, size, hex, strlen (hex), NULL, &len, NULL), 0);
  return len;
}

/* Of multiformats/multibase's tests, of RFC 4648, the IETF's draft-msporny-base58 and Bitcoin's. */
static void test_vectors (void **state)
{
  static const struct {
    const char *hex, *text;
  } cases[] = {
    {"796573206d616e692021", "f796573206d616e692021"},
    {"796573206d616e692021", "bpfsxgidnmfxgsibb"},
    {"796573206d616e692021", "k2lcpzo5yikidynfl"},
    {"796573206d616e692021", "z7paNL19xttacUY"},
    {"796573206d616e692021", "meWVzIG1hbmkgIQ"},
    {"796573206d616e692021", "ueWVzIG1hbmkgIQ"},
    {"00796573206d616e692021", "f00796573206d616e692021"},
    {"00796573206d616e692021", "bab4wk4zanvqw42jaee"},
    {"00796573206d616e692021", "k02lcpzo5yikidynfl"},
    {"00796573206d616e692021", "z17paNL19xttacUY"},
    {"00796573206d616e692021", "mAHllcyBtYW5pICE"},
    {"0000796573206d616e692021", "baaahszltebwwc3tjeaqq"},
    {"0000796573206d616e692021", "k002lcpzo5yikidynfl"},
    {"0000796573206d616e692021", "z117paNL19xttacUY"},
    {"0000796573206d616e692021", "uAAB5ZXMgbWFuaSAh"},
    {"66", "bmy"},
    {"666f", "bmzxq"},
    {"666f6f", "bmzxw6"},
    {"666f6f62", "bmzxw6yq"},
    {"666f6f6261", "bmzxw6ytb"},
    {"fbff", "m+/8"},
    {"fbff", "u-_8"},
    {"", "z"},
    {"61", "z2g"},
    {"626262", "za3gV"},
    {"636363", "zaPEr"},
    {"516b6fcd0f", "zABnLTmg"},
    {"572e4794", "z3EFU7m"},
    {"00000000000000000000", "z1111111111"},
    {"00eb15231dfceb60925886b67d065299925915aeb172c06647", "z1NS17iag9jJgTHD1VXjvLCEnZuQ3rJDE9L"},
    {"00", "z1"},
    {"39", "zz"},
    {"3a", "z21"},
    {"ff", "z5Q"},
    {"0000287fb4cd", "z11233QC4"},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    uint8_t bytes[64], back[64];
    size_t len = from_hex (cases[i].hex, bytes, sizeof bytes), back_len,
           text = strlen (cases[i].text);
    char out[96];
    assert_true (
      inos_multibase_encode ((enum inos_base)cases[i].text[0], bytes, len, out, sizeof out));
    assert_string_equal (out, cases[i].text);
    /* exactly enough room, and one too little */
    assert_true (inos_base_encode ((enum inos_base)out[0], bytes, len, out, text));
    assert_false (inos_base_encode ((enum inos_base)cases[i].text[0], bytes, len, out, text - 1));
    assert_true (inos_multibase_decode (cases[i].text, back, len, &back_len));
    assert_int_equal (back_len, len);
    assert_memory_equal (back, bytes, len);
    if (len > 0)
      assert_false (inos_multibase_decode (cases[i].text, back, len - 1, &back_len));
  }
}

/* All lengths there and back, in all bases, with zeroes before and without. */
static void test_there_and_back (void **state)
{
  static const enum inos_base bases[] = {INOS_BASE16,    INOS_BASE32, INOS_BASE36,
                                         INOS_BASE58BTC, INOS_BASE64, INOS_BASE64URL};
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (size_t len = 0; len <= INOS_MULTIBASE_MAX; len++)
    for (size_t i = 0; i < G_N_ELEMENTS (bases); i++) {
      uint8_t bytes[INOS_MULTIBASE_MAX] = {0}, back[INOS_MULTIBASE_MAX];
      char text[INOS_MULTIBASE_TEXT_MAX];
      size_t back_len, zeroes = (size_t)g_rand_int_range (rand, 0, 4);
      for (size_t at = zeroes; at < len; at++)
        bytes[at] = (uint8_t)g_rand_int (rand);
      assert_true (inos_multibase_encode (bases[i], bytes, len, text, sizeof text));
      assert_true (inos_multibase_decode (text, back, sizeof back, &back_len));
      assert_int_equal (back_len, len);
      assert_memory_equal (back, bytes, len);
    }
}

static void test_refuses (void **state)
{
  static const char *const wrong[] = {
    "",
    "x",
    "Z7paNL19xttacUY",
    "z0",
    "zO",
    "zI",
    "zl",
    "z 2g",
    "k2LCP",
    "bPFSX",
    "b1",
    "b8",
    "ba",
    "bmzx",
    "bmzxw6yqaa",
    "bmz",
    "bmy======",
    "m=",
    "ma",
    "m//",
    "m-_8",
    "u+/8",
    "meWVzIG1hbmkgIR",
    "fF",
    "f0",
    "f0g",
    "meWVzIG1hbmkgIQ==",
  };
  uint8_t out[64], large[INOS_MULTIBASE_MAX + 1] = {0};
  char text[2 * INOS_MULTIBASE_TEXT_MAX];
  size_t len;

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (inos_multibase_decode (wrong[i], out, sizeof out, &len))
      fail_msg ("“%s” was taken", wrong[i]);
  assert_false (inos_base_encode (INOS_BASE58BTC, large, sizeof large, text, sizeof text));
  memset (text, '1', sizeof text - 1);
  text[0] = 'z';
  text[sizeof text - 1] = '\0';
  assert_false (inos_multibase_decode (text, large, sizeof large, &len));
}

/* Of multiformats/multihash's README and of RFC-like edges. */
static void test_multihash (void **state)
{
  uint8_t bytes[INOS_MULTIHASH_MAX];
  struct inos_multihash hash;
  size_t len = from_hex ("122041dd7b6443542e75701aa98a0c235951a28a0d851b11564d20022ab11d2589a8",
                         bytes, sizeof bytes);

  assert_int_equal (inos_multihash_read (bytes, len, &hash), 34);
  assert_int_equal (hash.code, INOS_HASH_SHA2_256);
  assert_int_equal (hash.len, 32);
  for (size_t cut = 0; cut < len; cut++)
    assert_int_equal (inos_multihash_read (bytes, cut, &hash), 0);
  uint8_t again[INOS_MULTIHASH_MAX];
  assert_int_equal (inos_multihash_put (again, INOS_HASH_SHA2_256, bytes + 2, 32), 34);
  assert_memory_equal (again, bytes, 34);
  assert_int_equal (inos_multihash_put (again, INOS_HASH_SHA2_256, bytes + 2, 31), 0);
  assert_int_equal (inos_multihash_put (again, INOS_HASH_BLAKE2B_256, bytes + 2, 32), 3 + 1 + 32);
  assert_int_equal (inos_multihash_read (again, 36, &hash), 36);
  assert_int_equal (hash.code, INOS_HASH_BLAKE2B_256);
  assert_int_equal (inos_multihash_put (again, INOS_HASH_IDENTITY, NULL, 0), 2);
  assert_int_equal (inos_multihash_read ((const uint8_t *)"\x12\x1f", 2, &hash), -1);
  assert_int_equal (inos_multihash_read ((const uint8_t *)"\x1e\x21", 2, &hash), -1);
  assert_int_equal (inos_multihash_read ((const uint8_t *)"\x92\x00\x20", 3, &hash), -1);
  assert_int_equal (inos_multihash_read ((const uint8_t *)"\x00\x81\x01", 3, &hash), -1);
  assert_true (inos_multihash_is_known (hash.code));
  assert_false (inos_multihash_is_known (0x13));
}

/* The examples of multiformats/cid's README, libp2p/specs' peer-ids and js multiformats 14.0.5. */
static void test_cid (void **state)
{
  static const struct {
    const char *text, *hex;
    unsigned version;
    uint64_t codec, hash;
  } cases[] = {
    {"QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N",
     "12209dff3b17d74cf4d38a50d8b6383e92d181a10395a5e73a726dcccbd21bf6f0b9", 0, INOS_CODEC_DAG_PB,
     INOS_HASH_SHA2_256},
    {"bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe",
     "017212209dff3b17d74cf4d38a50d8b6383e92d181a10395a5e73a726dcccbd21bf6f0b9", 1,
     INOS_CODEC_LIBP2P_KEY, INOS_HASH_SHA2_256},
    {"k51qzi5uqu5dhb6l8spkdx7yxafegfkee5by8h7lmjh2ehc2sgg34z7c15vzqs",
     "01720024080112202d3de6d16ae87f7a933fe1552162a2d3f04951e90e8051e4ee2c18f002dd0fb4", 1,
     INOS_CODEC_LIBP2P_KEY, INOS_HASH_IDENTITY},
    {"zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA",
     "015512206e6ff7950a36187a801613426e858dce686cd7d7e3c0fc42ee0330072d245c95", 1, INOS_CODEC_RAW,
     INOS_HASH_SHA2_256},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    uint8_t bytes[INOS_CID_MAX];
    char text[INOS_CID_TEXT_MAX];
    size_t len = from_hex (cases[i].hex, bytes, sizeof bytes);
    struct inos_cid cid, read;
    assert_true (inos_cid_parse (&cid, cases[i].text));
    assert_int_equal (cid.len, len);
    assert_memory_equal (cid.bytes, bytes, len);
    assert_true (inos_cid_text (&cid, (enum inos_base)cases[i].text[0], text, sizeof text));
    assert_string_equal (text, cases[i].text);
    struct inos_cid_parts parts = inos_cid_parts (&cid);
    assert_int_equal (parts.version, cases[i].version);
    assert_int_equal (parts.codec, cases[i].codec);
    assert_int_equal (parts.hash.code, cases[i].hash);
    bytes[len] = 0xee; /* what follows is not its */
    assert_int_equal (inos_cid_read (&read, bytes, len + 1), len);
    for (size_t cut = 0; cut < len; cut++)
      assert_int_equal (inos_cid_read (&read, bytes, cut), 0);
    if (parts.version == 1) {
      assert_true (
        inos_cid_make (&read, parts.codec, parts.hash.code, parts.hash.digest, parts.hash.len));
      assert_memory_equal (&read, &cid, sizeof cid);
    }
  }
}

static void test_cid_refuses (void **state)
{
  static const char *const wrong[] = {
    "",
    "Qm",
    "b",
    "bafz",
    "z",
    "f02551220",
    "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5",   /* one letter short */
    "zQmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N", /* version 0 in multibase */
    "f12209dff3b17d74cf4d38a50d8b6383e92d181a10395a5e73a726dcccbd21bf6f0b9",
    "f015512206e6ff7950a36187a801613426e858dce686cd7d7e3c0fc42ee0330072d245c9500", /* and more */
    "f0155121f6e6ff7950a36187a801613426e858dce686cd7d7e3c0fc42ee0330072d245c",
    "f01d50012206e6ff7950a36187a801613426e858dce686cd7d7e3c0fc42ee0330072d245c95", /* long varint */
  };
  struct inos_cid cid;
  uint8_t digest[INOS_DIGEST_MAX + 1] = {0};

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (inos_cid_parse (&cid, wrong[i]))
      fail_msg ("“%s” was taken", wrong[i]);
  assert_false (inos_cid_make (&cid, INOS_CODEC_RAW, INOS_HASH_SHA2_256, digest, 33));
  assert_false (inos_cid_make (&cid, INOS_CODEC_RAW, INOS_HASH_IDENTITY, digest, sizeof digest));
  assert_true (inos_cid_make (&cid, INOS_CODEC_RAW, INOS_HASH_IDENTITY, digest, INOS_DIGEST_MAX));
  char text[INOS_CID_TEXT_MAX];
  assert_true (inos_cid_text (&cid, INOS_BASE16, text, sizeof text));
  assert_true (inos_cid_parse (&cid, text));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_vectors), cmocka_unit_test (test_there_and_back),
    cmocka_unit_test (test_refuses), cmocka_unit_test (test_multihash),
    cmocka_unit_test (test_cid),     cmocka_unit_test (test_cid_refuses),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
