/*
 * Two real hosts over real sockets, each on a thread of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "real.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define MIB (1024u * 1024u)

/* They connect, prove who they are, answer, and carry bulk both ways; then one goes away. */
static void talk (const char *place)
{
  struct real *a = real_new (1, place), *b = real_new (2, NULL);
  struct inos_multiaddr address = real_address (a);
  struct inos_peer_id id = a->id;

  assert_true (address.len > 0);
  assert_false (real_connect (b, &id, &address).failed);
  for (unsigned i = 0; i < 10; i++)
    assert_false (real_ping (b, &id).failed);
  struct later done = real_perf (b, &id, 8 * MIB + 3, 16 * MIB + 5);
  assert_false (done.failed);
  assert_int_equal (done.result.sent, 8 * MIB + 3);
  assert_int_equal (done.result.received, 16 * MIB + 5);
  real_free (a);
  while (!real_ping (b, &id).failed) /* until its end has come */
    ;
  assert_true (real_connect (b, &id, &address).failed);
  real_free (b);
}

static void test_tcp (void **state)
{
  talk ("/ip4/127.0.0.1/tcp/0");
  talk ("/ip6/::1/tcp/0");
}

static void test_websocket (void **state)
{
  talk ("/ip4/127.0.0.1/tcp/0/ws");
}

/* Who is somebody else than expected is not connected to. */
static void test_somebody_else (void **state)
{
  struct real *a = real_new (1, "/ip4/127.0.0.1/tcp/0"), *b = real_new (2, NULL);
  struct real *c = real_new (3, NULL);
  struct inos_multiaddr address = real_address (a);

  assert_true (real_connect (b, &c->id, &address).failed);
  assert_true (real_ping (b, &a->id).failed);
  real_free (c);
  real_free (b);
  real_free (a);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_tcp),
    cmocka_unit_test (test_websocket),
    cmocka_unit_test (test_somebody_else),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
