/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/env.h"
#include "node/mesh/host/peer_book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)

static struct inos_peer_id peer_id (unsigned number)
{
  uint8_t key[32] = {0};

  memcpy (key, &number, sizeof number);
  return inos_peer_id_of_key (key);
}

static struct inos_multiaddr address (unsigned number)
{
  g_autofree char *text = g_strdup_printf ("/ip4/10.0.%u.%u/tcp/4001", number / 256, number % 256);
  struct inos_multiaddr parsed;

  assert_true (inos_multiaddr_parse (&parsed, text, NULL));
  return parsed;
}

/* A stranger names a hundred thousand peers: the oldest are forgotten, but for those that a person
 * has named. */
static void test_bounded (void **state)
{
  struct inos_peer_book *book = inos_peer_book_new();
  struct inos_peer_id named = peer_id (1000000);
  struct inos_multiaddr where = address (1);

  inos_peer_learn (inos_peer_book_get (book, &named, SECOND), &where, INOS_ADDRESS_CONFIGURED,
                   INOS_NEVER);
  for (unsigned i = 0; i < 100000; i++) {
    struct inos_peer_id id = peer_id (i);
    inos_peer_learn (inos_peer_book_get (book, &id, SECOND + i), &where, INOS_ADDRESS_HEARSAY,
                     INOS_NEVER);
  }
  struct inos_peer_id first = peer_id (0), last = peer_id (99999);
  g_autoptr (GPtrArray) all = inos_peer_book_list (book);
  assert_true (all->len <= INOS_PEERS_MAX);
  assert_null (inos_peer_book_find (book, &first));
  assert_non_null (inos_peer_book_find (book, &last));
  assert_non_null (inos_peer_book_find (book, &named));
  inos_peer_book_free (book);
}

/* What a peer signed, and where we were, is not pushed out by what others say. */
static void test_addresses_bounded (void **state)
{
  struct inos_peer_book *book = inos_peer_book_new();
  struct inos_peer_id id = peer_id (1);
  struct inos_peer *peer = inos_peer_book_get (book, &id, SECOND);
  struct inos_multiaddr certain = address (60000), signed_one = address (60001);

  inos_peer_learn (peer, &certain, INOS_ADDRESS_CONNECTED, 100 * SECOND);
  inos_peer_learn (peer, &signed_one, INOS_ADDRESS_CERTIFIED, 50 * SECOND);
  for (unsigned i = 0; i < 1000; i++) {
    struct inos_multiaddr hearsay = address (i);
    inos_peer_learn (peer, &hearsay, INOS_ADDRESS_HEARSAY, 200 * SECOND);
  }
  assert_int_equal (peer->addresses->len, INOS_PEER_ADDRESSES_MAX);
  unsigned kept = 0;
  for (guint i = 0; i < peer->addresses->len; i++) {
    const struct inos_multiaddr *at =
      &g_array_index (peer->addresses, struct inos_known_address, i).address;
    kept += inos_multiaddr_equal (at, &certain) || inos_multiaddr_equal (at, &signed_one);
  }
  assert_int_equal (kept, 2);
  inos_peer_book_forget_old (book, 60 * SECOND);
  assert_int_equal (peer->addresses->len, INOS_PEER_ADDRESSES_MAX - 1);
  inos_peer_book_free (book);
}

static void test_forgets_old (void **state)
{
  struct inos_peer_book *book = inos_peer_book_new();
  struct inos_peer_id id = peer_id (1);
  struct inos_multiaddr where = address (1);

  inos_peer_learn (inos_peer_book_get (book, &id, SECOND), &where, INOS_ADDRESS_SELF, 10 * SECOND);
  inos_peer_book_forget_old (book, 9 * SECOND);
  assert_non_null (inos_peer_book_find (book, &id));
  inos_peer_book_forget_old (book, 10 * SECOND);
  assert_null (inos_peer_book_find (book, &id));
  inos_peer_book_free (book);
}

static void test_backs_off (void **state)
{
  struct inos_peer_book *book = inos_peer_book_new();
  struct inos_peer_id id = peer_id (1);
  struct inos_peer *peer = inos_peer_book_get (book, &id, SECOND);
  struct inos_multiaddr where = address (1);

  inos_peer_learn (peer, &where, INOS_ADDRESS_SELF, INOS_NEVER);
  const struct inos_known_address *known =
    &g_array_index (peer->addresses, struct inos_known_address, 0);
  const uint64_t wait[] = {1, 2, 4, 8};
  for (size_t i = 0; i < G_N_ELEMENTS (wait); i++) {
    inos_peer_dialled (peer, &where, INOS_DIAL_REFUSED, 100 * SECOND);
    assert_true (known->not_before == (100 + wait[i]) * SECOND);
  }
  for (int i = 0; i < 40; i++)
    inos_peer_dialled (peer, &where, INOS_DIAL_REFUSED, 100 * SECOND);
  assert_true (known->not_before == 400 * SECOND);
  inos_peer_dialled (peer, &where, INOS_DIAL_WORKED, 100 * SECOND);
  assert_true (known->not_before == 0 && known->failures == 0);
  inos_peer_book_free (book);
}

static void test_worth (void **state)
{
  struct inos_peer_book *book = inos_peer_book_new();
  struct inos_peer_id id = peer_id (1);
  struct inos_peer *peer = inos_peer_book_get (book, &id, SECOND);

  inos_peer_value (peer, "dht", 5);
  inos_peer_value (peer, "topic", 10);
  assert_int_equal (inos_peer_worth (peer), 15);
  inos_peer_value (peer, "dht", 1);
  assert_int_equal (inos_peer_worth (peer), 11);
  inos_peer_value (peer, "member", G_MAXUINT);
  assert_true (inos_peer_worth (peer) == G_MAXUINT);
  inos_peer_value (peer, "member", 0);
  inos_peer_value (peer, "topic", 0);
  assert_int_equal (inos_peer_worth (peer), 1);
  inos_peer_book_free (book);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_bounded),     cmocka_unit_test (test_addresses_bounded),
    cmocka_unit_test (test_forgets_old), cmocka_unit_test (test_backs_off),
    cmocka_unit_test (test_worth),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
