/*
 * Codes of invitations, which of them count, and who waits for a person's word.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/invitations.h"
#include "node/mesh/trust/requests.h"
#include "tests/node/mesh/trust/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define HOUR INT64_C (3600000)

static struct inos_code code_of (struct fixture *f, unsigned addresses)
{
  static const char *const texts[] = {
    "/ip4/192.0.2.1/tcp/4630", "/ip6/2001:db8::1/tcp/4630",
    "/dns4/a-rather-long-name-of-a-machine.in-some-department.example.org/tcp/4630",
    "/ip4/10.0.0.1/tcp/4630"};
  struct inos_code code = {
    .inviter = f->peers[1].id, .secret = {1, 2, 3}, .expires = 29000000 * INT64_C (60000)};

  for (; code.n_addresses < addresses; code.n_addresses++)
    assert_true (
      inos_multiaddr_parse (&code.addresses[code.n_addresses], texts[code.n_addresses], NULL));
  return code;
}

static void test_code (void **state)
{
  struct fixture *f = fixture_new (1);
  char text[INOS_CODE_TEXT_MAX];
  struct inos_code read = {0};

  for (unsigned n = 0; n <= INOS_CODE_ADDRESSES_MAX; n++) {
    struct inos_code code = code_of (f, n);
    assert_true (inos_code_write (&code, text));
    assert_true (inos_code_is (text) && inos_code_read (&read, text));
    assert_true (inos_peer_id_equal (&read.inviter, &code.inviter));
    assert_memory_equal (read.secret, code.secret, sizeof code.secret);
    assert_true (read.expires == code.expires);
    assert_int_equal (read.n_addresses, n < 3 ? n : n == 3 ? 2 : 3); /* the long one is left out */
    assert_true (n == 0 || inos_multiaddr_equal (&read.addresses[0], &code.addresses[0]));
  }
  fixture_free (f);
}

static void test_code_as_people_write_it (void **state)
{
  struct fixture *f = fixture_new (2);
  struct inos_code code = code_of (f, 1), read;
  char text[INOS_CODE_TEXT_MAX];

  assert_true (inos_code_write (&code, text));
  g_autofree char *capitals = g_ascii_strup (text, -1);
  g_autofree char *spaced = g_strdup_printf ("  %.20s %.10s\n%s ", text, text + 20, text + 30);
  assert_true (inos_code_read (&read, capitals));
  assert_true (inos_code_read (&read, spaced));
  for (size_t i = 0; text[i]; i++) { /* each letter counts */
    char was = text[i];
    text[i] = was == 'a' ? 'b' : 'a';
    assert_false (inos_code_read (&read, text));
    text[i] = '\0';
    assert_false (inos_code_read (&read, text));
    text[i] = was;
  }
  assert_false (inos_code_is ("12D3KooW"));
  fixture_free (f);
}

static void test_counts (void **state)
{
  struct fixture *f = fixture_new (3);
  struct inos_invitations *all = inos_invitations_new (&f->place.env);
  uint8_t once[INOS_CODE_SECRET_SIZE], twice[INOS_CODE_SECRET_SIZE], none[INOS_CODE_SECRET_SIZE];
  int64_t expires;

  memset (none, 0, sizeof none);
  assert_true (inos_invitations_add (all, HOUR, 1, false, once, &expires));
  assert_true (inos_invitations_add (all, 2 * HOUR, 2, true, twice, &expires));
  assert_int_equal (inos_invitations_look (all, none), INOS_INVITATION_UNKNOWN);
  assert_int_equal (inos_invitations_look (all, once), INOS_INVITATION_GOOD);
  assert_int_equal (inos_invitations_look (all, twice), INOS_INVITATION_ASK);
  assert_true (inos_invitations_use (all, once));
  assert_false (inos_invitations_use (all, once));
  assert_false (inos_invitations_use (all, none));
  assert_int_equal (inos_invitations_look (all, once), INOS_INVITATION_USED_UP);
  assert_true (inos_invitations_use (all, twice) && inos_invitations_use (all, twice));
  assert_int_equal (inos_invitations_open (all), 0);
  assert_true (inos_invitations_add (all, HOUR, 1, false, once, &expires));
  world_run (&f->world, f->world.now + 3601 * SECOND);
  assert_int_equal (inos_invitations_look (all, once), INOS_INVITATION_EXPIRED);
  assert_false (inos_invitations_use (all, once));
  inos_invitations_free (all);
  fixture_free (f);
}

static void test_bounded_and_kept (void **state)
{
  struct fixture *f = fixture_new (4);
  struct inos_invitations *all = inos_invitations_new (&f->place.env), *again;
  uint8_t secrets[INOS_INVITATIONS_MAX][INOS_CODE_SECRET_SIZE], more[INOS_CODE_SECRET_SIZE];
  struct inos_buffer out = {0};
  int64_t expires;

  for (unsigned i = 0; i < INOS_INVITATIONS_MAX; i++)
    assert_true (inos_invitations_add (all, HOUR, 3, false, secrets[i], &expires));
  assert_false (inos_invitations_add (all, HOUR, 1, false, more, &expires));
  for (unsigned i = 0; i < 3; i++)
    assert_true (inos_invitations_use (all, secrets[5]));
  assert_true (inos_invitations_add (all, HOUR, 1, true, more, &expires));
  inos_invitations_write (all, &out);
  for (unsigned i = 0; i < INOS_INVITATIONS_MAX; i++) /* no secret is in it */
    assert_null (
      memmem (inos_buffer_data (&out), inos_buffer_len (&out), secrets[i], INOS_CODE_SECRET_SIZE));
  again = inos_invitations_new (&f->place.env);
  assert_true (inos_invitations_read (again, inos_buffer_data (&out), inos_buffer_len (&out)));
  assert_int_equal (inos_invitations_open (again), INOS_INVITATIONS_MAX);
  assert_int_equal (inos_invitations_look (again, more), INOS_INVITATION_ASK);
  assert_int_equal (inos_invitations_look (again, secrets[5]), INOS_INVITATION_UNKNOWN);
  assert_false (inos_invitations_read (again, inos_buffer_data (&out), 40)); /* full, and cut */
  inos_buffer_clear (&out);
  inos_invitations_free (all);
  inos_invitations_free (again);
  fixture_free (f);
}

/* Requests */

static struct inos_consent asks (unsigned number)
{
  uint8_t key[32] = {(uint8_t)number, (uint8_t)(number >> 8), 1};

  return (struct inos_consent){.subject = inos_peer_id_of_key (key), .era = 1};
}

static void test_requests (void **state)
{
  struct fixture *f = fixture_new (5);
  struct inos_requests *all = inos_requests_new (&f->place.env);
  struct inos_consent one = asks (0);
  uint8_t secret[INOS_CODE_SECRET_SIZE] = {7};
  bool is_new;

  assert_non_null (inos_requests_ask (all, &one, NULL, &is_new));
  assert_true (is_new);
  assert_non_null (inos_requests_ask (all, &one, NULL, &is_new));
  assert_false (is_new);
  for (unsigned i = 1; i < INOS_REQUESTS_MAX; i++) {
    struct inos_consent other = asks (i);
    assert_non_null (inos_requests_ask (all, &other, i == 1 ? secret : NULL, &is_new));
  }
  struct inos_consent late = asks (500), invited = asks (501);
  assert_null (inos_requests_ask (all, &late, NULL, &is_new)); /* who waits keeps its place */
  assert_non_null (inos_requests_ask (all, &invited, secret, &is_new));
  assert_non_null (inos_requests_find (all, &one.subject));
  assert_int_equal (inos_requests_list (all)->len, INOS_REQUESTS_MAX);
  assert_true (inos_requests_refuse (all, &one.subject));
  assert_false (inos_requests_refuse (all, &one.subject));
  assert_int_equal (inos_requests_find (all, &one.subject)->state, INOS_REQUEST_REFUSED);
  assert_non_null (inos_requests_ask (all, &late, NULL, &is_new)); /* in its place */
  assert_null (inos_requests_find (all, &one.subject));
  world_run (&f->world, f->world.now + INOS_REQUEST_LIFE + SECOND);
  assert_int_equal (inos_requests_list (all)->len, 0);
  inos_requests_free (all);
  fixture_free (f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_code),     cmocka_unit_test (test_code_as_people_write_it),
    cmocka_unit_test (test_counts),   cmocka_unit_test (test_bounded_and_kept),
    cmocka_unit_test (test_requests),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
