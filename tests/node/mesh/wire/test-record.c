/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/proto.h"
#include "node/mesh/wire/record.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

/* The key of libp2p/specs, peer-ids. */
static const char seed_hex[] = "7e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d";

/* What @libp2p/peer-record 9.0.16 seals for that key: sequence 1234567890123 and three addresses.
 */
static const char js_envelope[] =
  "0a24080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e120203011a6e0a260024"
  "080112201ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e10cb89ec8ff7231a0a0a0804"
  "c0000201060fa11a180a162920010db8000000000000000000000001060fa2dd031a170a15360c6e6f64652e6578616d"
  "706c650601bbc003dd032a4097e252f5f23de5084abeec2fdbf74b51cc41beccd94a9be2549d6e2c575da663892aa083"
  "9af571ece20a0e2d4308539381bc006c686f77a1b4fe1a66256cd20a";

static const char *const js_addresses[] = {
  "/ip4/192.0.2.1/tcp/4001",
  "/ip6/2001:db8::1/tcp/4002/ws",
  "/dns4/node.example/tcp/443/tls/ws",
};

struct fixture {
  struct inos_identity *identity;
  struct inos_peer_id peer;
  struct inos_buffer out;
};

static int set_up (void **state)
{
  struct fixture *f = g_new0 (struct fixture, 1);
  uint8_t seed[INOS_SEED_SIZE];

  sodium_hex2bin (seed, sizeof seed, seed_hex, 64, NULL, NULL, NULL);
  f->identity = inos_identity_from_seed (seed);
  f->peer = inos_peer_id_of_key (inos_identity_key (f->identity));
  *state = f;
  return 0;
}

static int tear_down (void **state)
{
  struct fixture *f = *state;

  inos_identity_free (f->identity);
  inos_buffer_clear (&f->out);
  g_free (f);
  return 0;
}

static void append_address (struct inos_peer_record *record, const char *text)
{
  assert_true (inos_multiaddr_parse (&record->addresses[record->n_addresses++], text, NULL));
}

/* Byte for byte what js writes, and read as what it is. */
static void test_same_as_js (void **state)
{
  struct fixture *f = *state;
  struct inos_peer_record record = {.peer = f->peer, .sequence = 1234567890123}, read;
  uint8_t js[512];
  size_t len;

  sodium_hex2bin (js, sizeof js, js_envelope, strlen (js_envelope), NULL, &len, NULL);
  for (size_t i = 0; i < G_N_ELEMENTS (js_addresses); i++)
    append_address (&record, js_addresses[i]);
  inos_peer_record_seal (f->identity, &record, &f->out);
  assert_int_equal (inos_buffer_len (&f->out), len);
  assert_memory_equal (inos_buffer_data (&f->out), js, len);

  assert_true (inos_peer_record_open (js, len, &read));
  assert_true (inos_peer_id_equal (&read.peer, &f->peer));
  assert_true (read.sequence == record.sequence);
  assert_int_equal (read.n_addresses, 3);
  for (unsigned i = 0; i < 3; i++)
    assert_true (inos_multiaddr_equal (&read.addresses[i], &record.addresses[i]));
}

/* No bit of it may change, and nothing may be missing at its end or come after it. */
static void test_any_change (void **state)
{
  struct inos_peer_record read;
  uint8_t js[512];
  size_t len;

  sodium_hex2bin (js, sizeof js, js_envelope, strlen (js_envelope), NULL, &len, NULL);
  for (size_t bit = 0; bit < len * 8; bit++) {
    js[bit / 8] ^= (uint8_t)(1 << bit % 8);
    if (inos_peer_record_open (js, len, &read))
      fail_msg ("bit %zu has changed", bit);
    js[bit / 8] ^= (uint8_t)(1 << bit % 8);
  }
  for (size_t cut = 0; cut < len; cut++)
    assert_false (inos_peer_record_open (js, cut, &read));
  memcpy (js + len, js, 38); /* the key again */
  assert_false (inos_peer_record_open (js, len + 38, &read));
}

/* A right signature is for one purpose and one kind of payload. */
static void test_envelope (void **state)
{
  struct fixture *f = *state;
  struct inos_peer_id signer;
  const uint8_t *payload;
  size_t len;

  inos_envelope_seal (f->identity, "purpose", "ab", 2, "words", 5, &f->out);
  const uint8_t *bytes = inos_buffer_data (&f->out);
  size_t size = inos_buffer_len (&f->out);
  assert_true (inos_envelope_open (bytes, size, "purpose", "ab", 2, &signer, &payload, &len));
  assert_true (inos_peer_id_equal (&signer, &f->peer));
  assert_int_equal (len, 5);
  assert_memory_equal (payload, "words", 5);
  assert_false (inos_envelope_open (bytes, size, "purposes", "ab", 2, &signer, &payload, &len));
  assert_false (inos_envelope_open (bytes, size, "purpose", "ac", 2, &signer, &payload, &len));
  assert_false (inos_envelope_open (bytes, size, "purpose", "abc", 3, &signer, &payload, &len));
  assert_false (inos_envelope_open (bytes, size, "purpose", "a", 1, &signer, &payload, &len));
}

/* @payload as a peer record that the fixture's key signed; whether it is one. */
static bool open_payload (struct fixture *f, struct inos_buffer *payload,
                          struct inos_peer_record *record)
{
  inos_buffer_clear (&f->out);
  inos_envelope_seal (f->identity, INOS_RECORD_DOMAIN, "\x03\x01", 2, inos_buffer_data (payload),
                      inos_buffer_len (payload), &f->out);
  inos_buffer_clear (payload);
  return inos_peer_record_open (inos_buffer_data (&f->out), inos_buffer_len (&f->out), record);
}

static void put_address (struct inos_buffer *payload, const char *text)
{
  struct inos_multiaddr address;
  size_t opened = inos_proto_open (payload, 3);

  assert_true (inos_multiaddr_parse (&address, text, NULL));
  inos_proto_put_bytes (payload, 1, address.bytes, address.len);
  inos_proto_close (payload, opened);
}

/* Nobody speaks for others. */
static void test_somebody_else (void **state)
{
  struct fixture *f = *state;
  struct inos_peer_record record;
  struct inos_buffer payload = {0};
  uint8_t other_key[32] = {1};
  struct inos_peer_id other = inos_peer_id_of_key (other_key);

  inos_proto_put_bytes (&payload, 1, other.bytes, other.len);
  assert_false (open_payload (f, &payload, &record));
  inos_proto_put_number (&payload, 2, 7); /* nobody at all */
  assert_false (open_payload (f, &payload, &record));
  inos_proto_put_bytes (&payload, 1, f->peer.bytes, f->peer.len);
  inos_proto_put_bytes (&payload, 1, f->peer.bytes, f->peer.len); /* twice */
  assert_false (open_payload (f, &payload, &record));
  inos_proto_put_bytes (&payload, 1, f->peer.bytes, f->peer.len);
  inos_proto_put_number (&payload, 3, 1); /* an address that is a number */
  assert_false (open_payload (f, &payload, &record));
  inos_proto_put_bytes (&payload, 1, f->peer.bytes, f->peer.len);
  assert_true (open_payload (f, &payload, &record));
  assert_int_equal (record.n_addresses, 0);
}

/* Addresses that Inos does not know, that are somebody else's or too many are left out. */
static void test_left_out (void **state)
{
  static const char relayed[] =
    "/ip4/192.0.2.1/tcp/1/p2p/QmdPU7PfRyKehdrP5A3WqmjyD6bhVpU1mLGKppa2FjGDjZ/p2p-circuit";
  struct fixture *f = *state;
  struct inos_peer_record record;
  struct inos_buffer payload = {0};
  g_autofree char *own =
    g_strdup_printf ("%s/p2p/%s", relayed, inos_identity_peer_id (f->identity));

  inos_proto_put_bytes (&payload, 1, f->peer.bytes, f->peer.len);
  size_t opened = inos_proto_open (&payload, 3);
  inos_proto_put_bytes (&payload, 1, "\x90\x03\x02/a", 5); /* unix */
  inos_proto_close (&payload, opened);
  opened = inos_proto_open (&payload, 3); /* none in it */
  inos_proto_close (&payload, opened);
  put_address (&payload, "/ip4/192.0.2.1/tcp/1/p2p/QmdPU7PfRyKehdrP5A3WqmjyD6bhVpU1mLGKppa2FjGDjZ");
  put_address (&payload, relayed);
  put_address (&payload, own);
  inos_proto_put_number (&payload, 99, 1); /* what a later version adds */
  assert_true (open_payload (f, &payload, &record));
  assert_int_equal (record.n_addresses, 2);

  inos_proto_put_bytes (&payload, 1, f->peer.bytes, f->peer.len);
  for (unsigned i = 0; i < INOS_RECORD_ADDRESSES + 5; i++)
    put_address (&payload, "/ip4/192.0.2.1/tcp/1");
  assert_true (open_payload (f, &payload, &record));
  assert_int_equal (record.n_addresses, INOS_RECORD_ADDRESSES);
}

/* A key that is another kind of key, or not written as it has to be. */
static void test_other_keys (void **state)
{
  struct fixture *f = *state;
  struct inos_peer_id signer;
  const uint8_t *payload, *bytes;
  size_t len, size;

  inos_envelope_seal (f->identity, "d", "t", 1, "p", 1, &f->out);
  bytes = inos_buffer_data (&f->out);
  size = inos_buffer_len (&f->out);
  for (unsigned extra = 0; extra < 8; extra++) {
    struct inos_buffer other = {0};
    size_t key = inos_proto_open (&other, 1);
    inos_proto_put_number (&other, 1, extra == 1 ? 2 : 1); /* secp256k1 */
    if (extra != 2)
      inos_proto_put_bytes (&other, 2, inos_identity_key (f->identity), extra == 3 ? 31 : 32);
    if (extra == 4)
      inos_proto_put_number (&other, 3, 1);
    if (extra == 5)
      inos_proto_put_bytes (&other, 2, inos_identity_key (f->identity), 32);
    inos_proto_close (&other, key);
    inos_buffer_append (&other, bytes + 38, size - 38);
    assert_int_equal (inos_envelope_open (inos_buffer_data (&other), inos_buffer_len (&other), "d",
                                          "t", 1, &signer, &payload, &len),
                      extra == 0 || extra > 5);
    inos_buffer_clear (&other);
  }
}

int main (void)
{
#define WITH_KEY(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    WITH_KEY (test_same_as_js),    WITH_KEY (test_any_change), WITH_KEY (test_envelope),
    WITH_KEY (test_somebody_else), WITH_KEY (test_left_out),   WITH_KEY (test_other_keys),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
