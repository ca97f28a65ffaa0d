/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/pnet.h"
#include "pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#define HEAD "/key/swarm/psk/1.0.0/\n"
#define HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define BASE64 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

static void check_key (const uint8_t key[INOS_PNET_KEY_SIZE])
{
  for (unsigned i = 0; i < INOS_PNET_KEY_SIZE; i++)
    assert_int_equal (key[i], i);
}

static void test_files (void **state)
{
  static const char *const texts[] = {
    HEAD "/base16/\n" HEX "\n",
    HEAD "/base16/\n" HEX,
    HEAD "/base64/\n" BASE64 "\n",
    "/key/swarm/psk/1.0.0/\r\n/base16/\r\n" HEX "\r\n",
  };
  uint8_t key[INOS_PNET_KEY_SIZE];

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    memset (key, 0xff, sizeof key);
    assert_true (inos_pnet_parse_key (texts[i], strlen (texts[i]), key, NULL));
    check_key (key);
  }
  struct inos_buffer binary = {0};
  inos_buffer_append (&binary, HEAD "/bin/\n", sizeof HEAD + 5);
  inos_buffer_append (&binary, key, sizeof key);
  memset (key, 0xff, sizeof key);
  assert_true (
    inos_pnet_parse_key (inos_buffer_data (&binary), inos_buffer_len (&binary), key, NULL));
  check_key (key);
  inos_buffer_clear (&binary);
}

static void test_bad_files (void **state)
{
  static const char *const texts[] = {
    "",
    "\n",
    HEAD,
    HEAD "/base16/",
    HEAD "/base16/\n",
    "/key/swarm/psk/2.0.0/\n/base16/\n" HEX,
    HEAD "/base32/\n" HEX,
    HEAD "/base16/\n" HEX "00",
    HEAD "/base16/\n" HEX "\n00",
    HEAD "/base16/\n0" HEX,
    HEAD "/base16/\nxx0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    HEAD "/base64/\n" HEX,
    HEAD "/base64/\nAAEC",
    HEAD "/bin/\nshort",
    HEX,
  };
  uint8_t key[INOS_PNET_KEY_SIZE];

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    /* Of its own, so that a read past its end is seen. */
    g_autofree char *copy = g_memdup2 (texts[i], MAX (strlen (texts[i]), 1));
    assert_false (inos_pnet_parse_key (copy, strlen (texts[i]), key, &error));
    assert_non_null (error);
    assert_null (strstr (error->message, "0102")); /* nothing of the key */
  }
  char large[INOS_PNET_FILE_MAX + 1];
  memset (large, ' ', sizeof large);
  memcpy (large, HEAD "/base16/\n" HEX, strlen (HEAD "/base16/\n" HEX));
  assert_false (inos_pnet_parse_key (large, sizeof large, key, NULL));
}

/* In pieces of any size the same as libsodium's stream as a whole. */
static void test_stream (void **state)
{
  struct pair pair;
  uint8_t key[INOS_PNET_KEY_SIZE], nonce[INOS_PNET_NONCE_SIZE];
  static uint8_t text[20000], whole[20000], pieces[20000];

  pair_init (&pair, 3);
  inos_env_random (&pair.env, key, sizeof key);
  inos_env_random (&pair.env, text, sizeof text);
  for (unsigned round = 0; round < 50; round++) {
    struct inos_pnet_stream send, receive;
    unsigned max = 1u << (round % 12);
    inos_pnet_init (&send, key);
    inos_pnet_init (&receive, key);
    inos_pnet_make_nonce (&send, &pair.env, nonce);
    crypto_stream_xsalsa20_xor (whole, text, sizeof text, nonce, key);
    memcpy (pieces, text, sizeof text);
    for (size_t at = 0; at < sizeof text;) {
      size_t n = (size_t)g_rand_int_range (pair.rand, 1, (gint32)max + 1);
      n = MIN (n, sizeof text - at);
      inos_pnet_xor (&send, pieces + at, n);
      at += n;
    }
    assert_memory_equal (pieces, whole, sizeof text);
    for (size_t at = 0; at < sizeof nonce;)
      at += inos_pnet_take_nonce (&receive, nonce + at, MIN (sizeof nonce - at, 1 + round % 30));
    assert_int_equal (inos_pnet_take_nonce (&receive, nonce, sizeof nonce), 0);
    inos_pnet_xor (&receive, pieces, sizeof text);
    assert_memory_equal (pieces, text, sizeof text);
    inos_pnet_clear (&send);
    inos_pnet_clear (&receive);
  }
  g_rand_free (pair.rand);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_files),
    cmocka_unit_test (test_bad_files),
    cmocka_unit_test (test_stream),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
