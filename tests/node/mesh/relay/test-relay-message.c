/*
 * What peers and relays say, in bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/message.h"
#include "node/mesh/relay/opening.h"
#include "node/mesh/wire/varint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static struct inos_multiaddr parse (const char *text)
{
  struct inos_multiaddr address;

  assert_true (inos_multiaddr_parse (&address, text, NULL));
  return address;
}

static struct inos_peer_id peer (uint8_t number)
{
  return inos_peer_id_of_key ((const uint8_t[32]){number});
}

static void test_reservation (void **state)
{
  struct inos_relay_message sent = {.type = INOS_RELAY_STATUS,
                                    .status = INOS_RELAY_OK,
                                    .limit = {120, 131072},
                                    .has_reservation = true,
                                    .expires = 1760000000,
                                    .n_addresses = 2,
                                    .voucher = (const uint8_t *)"voucher",
                                    .voucher_len = 7};
  struct inos_relay_message got;
  struct inos_buffer bytes = {0};

  sent.addresses[0] = parse ("/ip4/192.0.2.1/tcp/4001");
  sent.addresses[1] = parse ("/dns4/relay.example/tcp/443/wss");
  inos_hop_write (&sent, &bytes);
  assert_true (inos_hop_read (&got, inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  assert_int_equal (got.type, INOS_RELAY_STATUS);
  assert_int_equal (got.status, INOS_RELAY_OK);
  assert_int_equal (got.limit.duration, 120);
  assert_int_equal (got.limit.data, 131072);
  assert_true (got.has_reservation);
  assert_int_equal (got.expires, 1760000000);
  assert_int_equal (got.n_addresses, 2);
  assert_true (inos_multiaddr_equal (&got.addresses[1], &sent.addresses[1]));
  assert_memory_equal (got.voucher, "voucher", 7);
  inos_buffer_clear (&bytes);
}

/* The bytes that the specification's protobuf makes. */
static void test_bytes (void **state)
{
  struct inos_relay_message message = {.type = INOS_RELAY_RESERVE};
  struct inos_buffer bytes = {0};

  inos_hop_write (&message, &bytes);
  assert_int_equal (inos_buffer_len (&bytes), 2);
  assert_memory_equal (inos_buffer_data (&bytes), "\x08\x00", 2);
  inos_buffer_clear (&bytes);

  message =
    (struct inos_relay_message){.type = INOS_RELAY_STATUS, .status = INOS_RELAY_NO_RESERVATION};
  inos_hop_write (&message, &bytes);
  assert_memory_equal (inos_buffer_data (&bytes), "\x08\x02\x28\xcc\x01", 5);
  inos_buffer_clear (&bytes);
  inos_stop_write (&message, &bytes);
  assert_memory_equal (inos_buffer_data (&bytes), "\x08\x01\x20\xcc\x01", 5);
  inos_buffer_clear (&bytes);

  message = (struct inos_relay_message){.type = INOS_RELAY_CONNECT, .peer = peer (1)};
  inos_stop_write (&message, &bytes);
  assert_memory_equal (inos_buffer_data (&bytes), "\x08\x00\x12\x28\x0a\x26\x00\x24", 8);
  inos_buffer_clear (&bytes);
}

static void test_calls (void **state)
{
  struct inos_relay_message sent = {.type = INOS_RELAY_CONNECT, .peer = peer (7)}, got;
  struct inos_buffer hop = {0}, stop = {0};

  inos_hop_write (&sent, &hop);
  inos_stop_write (&sent, &stop);
  assert_true (inos_hop_read (&got, inos_buffer_data (&hop), inos_buffer_len (&hop)));
  assert_int_equal (got.type, INOS_RELAY_CONNECT);
  assert_true (inos_peer_id_equal (&got.peer, &sent.peer));
  assert_true (inos_stop_read (&got, inos_buffer_data (&stop), inos_buffer_len (&stop)));
  assert_int_equal (got.type, INOS_RELAY_CONNECT);
  inos_buffer_clear (&hop);
  inos_buffer_clear (&stop);
}

static void test_refuses (void **state)
{
  static const struct {
    const char *bytes;
    size_t len;
  } wrong[] = {
    {"", 0},         /* no type */
    {"\x08\x03", 2}, /* a type that there is not */
    {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11},
    {"\x08", 1},                        /* cut off */
    {"\x08\x01\x12\x05\x0a\x09", 6},    /* longer than what there is */
    {"\x08\x01\x12\x02\x0a\x00", 6},    /* a peer without an id */
    {"\x08\x01\x12\x05\x0a\x03xyz", 9}, /* whose id is none */
    {"\x08\x01\x12\x00", 4},            /* nobody */
  };
  struct inos_relay_message message;
  static uint8_t large[INOS_RELAY_MESSAGE_MAX + 1];

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_false (inos_hop_read (&message, wrong[i].bytes, wrong[i].len));
  assert_false (inos_stop_read (&message, "\x08\x02", 2));
  assert_false (inos_hop_read (&message, large, sizeof large));
}

static void test_voucher (void **state)
{
  uint8_t seed[INOS_SEED_SIZE] = {1};
  struct inos_identity *identity = inos_identity_from_seed (seed);
  struct inos_relay_voucher voucher = {.peer = peer (3), .expires = 1760000000}, got;
  struct inos_buffer bytes = {0};

  assert_true (inos_peer_id_parse (&voucher.relay, inos_identity_peer_id (identity)));
  inos_relay_voucher_seal (identity, &voucher, &bytes);
  assert_true (inos_relay_voucher_open (inos_buffer_data (&bytes), inos_buffer_len (&bytes), &got));
  assert_true (inos_peer_id_equal (&got.peer, &voucher.peer));
  assert_int_equal (got.expires, voucher.expires);
  for (size_t i = 0; i < inos_buffer_len (&bytes); i++) {
    inos_buffer_data (&bytes)[i] ^= 1;
    assert_false (
      inos_relay_voucher_open (inos_buffer_data (&bytes), inos_buffer_len (&bytes), &got));
    inos_buffer_data (&bytes)[i] ^= 1;
  }
  inos_buffer_clear (&bytes);
  voucher.relay = peer (4); /* who did not sign it */
  inos_relay_voucher_seal (identity, &voucher, &bytes);
  assert_false (
    inos_relay_voucher_open (inos_buffer_data (&bytes), inos_buffer_len (&bytes), &got));
  inos_buffer_clear (&bytes);
  inos_identity_free (identity);
}

/* In pieces of any size, and what follows is left. */
static void test_opening (void **state)
{
  struct inos_buffer bytes = {0};
  uint8_t message[300];
  size_t len;

  memset (message, 'm', sizeof message);
  inos_varint_append (&bytes, sizeof message);
  inos_buffer_append (&bytes, message, sizeof message);
  inos_buffer_append (&bytes, "rest", 4);
  for (size_t piece = 1; piece <= inos_buffer_len (&bytes); piece++) {
    struct inos_opening opening = {0};
    enum inos_opening_state got = INOS_OPENING_MORE;
    size_t at = 0, used;
    while (got == INOS_OPENING_MORE) {
      got = inos_opening_feed (&opening, 300, inos_buffer_data (&bytes) + at,
                               MIN (piece, inos_buffer_len (&bytes) - at), &used);
      at += used;
    }
    assert_int_equal (got, INOS_OPENING_WHOLE);
    assert_int_equal (at, inos_buffer_len (&bytes) - 4);
    assert_memory_equal (inos_opening_message (&opening, &len), message, sizeof message);
    assert_int_equal (len, sizeof message);
    inos_opening_clear (&opening);
  }
  struct inos_opening opening = {0};
  assert_int_equal (
    inos_opening_feed (&opening, 299, inos_buffer_data (&bytes), inos_buffer_len (&bytes), &len),
    INOS_OPENING_WRONG);
  inos_opening_clear (&opening);
  inos_buffer_clear (&bytes);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_reservation), cmocka_unit_test (test_bytes),
    cmocka_unit_test (test_calls),       cmocka_unit_test (test_refuses),
    cmocka_unit_test (test_voucher),     cmocka_unit_test (test_opening),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
