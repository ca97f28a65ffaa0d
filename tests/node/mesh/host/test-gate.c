/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)

static struct inos_multiaddr address (const char *text)
{
  struct inos_multiaddr parsed;

  assert_true (inos_multiaddr_parse (&parsed, text, NULL));
  return parsed;
}

static struct inos_gate *new_gate (void)
{
  return inos_gate_new (
    &(struct inos_gate_limits){.pending = 100, .per_address = 3, .per_prefix = 5, .per_second = 4});
}

static void test_address (void **state)
{
  struct inos_gate *gate = new_gate();
  struct inos_multiaddr one = address ("/ip4/192.0.2.1/tcp/1000");

  for (int i = 0; i < 3; i++)
    assert_null (inos_gate_enter (gate, &one, SECOND));
  assert_string_equal (inos_gate_enter (gate, &one, SECOND), "too many from this address");
  inos_gate_leave (gate, &one, true);
  assert_null (inos_gate_enter (gate, &one, SECOND));
  inos_gate_free (gate);
}

static void test_network (void **state)
{
  struct inos_gate *gate = new_gate();
  const char *places[] = {"/ip4/192.0.2.1/tcp/1", "/ip4/192.0.2.2/tcp/1", "/ip4/192.0.2.3/tcp/1",
                          "/ip4/192.0.2.4/tcp/1", "/ip4/192.0.2.5/tcp/1"};

  for (size_t i = 0; i < G_N_ELEMENTS (places); i++) {
    struct inos_multiaddr place = address (places[i]);
    assert_null (inos_gate_enter (gate, &place, SECOND));
  }
  struct inos_multiaddr sixth = address ("/ip4/192.0.2.6/tcp/1");
  struct inos_multiaddr other = address ("/ip4/192.0.3.6/tcp/1");
  assert_string_equal (inos_gate_enter (gate, &sixth, SECOND), "too many from this network");
  assert_null (inos_gate_enter (gate, &other, SECOND));
  inos_gate_free (gate);
}

/* A /56 is one network: who has many IPv6 addresses is nobody better. */
static void test_ip6 (void **state)
{
  struct inos_gate *gate = new_gate();

  for (int i = 0; i < 6; i++) {
    g_autofree char *text = g_strdup_printf ("/ip6/2001:db8:1:0%x::%d/tcp/1", i, i);
    struct inos_multiaddr place = address (text);
    const char *why_not = inos_gate_enter (gate, &place, SECOND);
    if (i < 5)
      assert_null (why_not);
    else
      assert_string_equal (why_not, "too many from this network");
  }
  inos_gate_free (gate);
}

/* Who comes and goes again and again is let in four times a second. */
static void test_rate (void **state)
{
  struct inos_gate *gate = new_gate();
  struct inos_multiaddr one = address ("/ip4/192.0.2.1/tcp/1000");

  for (int i = 0; i < 4; i++) {
    assert_null (inos_gate_enter (gate, &one, SECOND));
    inos_gate_leave (gate, &one, true);
  }
  assert_string_equal (inos_gate_enter (gate, &one, SECOND), "too fast from this address");
  assert_null (inos_gate_enter (gate, &one, SECOND + SECOND / 4));
  inos_gate_leave (gate, &one, true);
  assert_non_null (inos_gate_enter (gate, &one, SECOND + SECOND / 4));
  inos_gate_free (gate);
}

static void test_pending (void **state)
{
  struct inos_gate *gate = new_gate();
  struct inos_multiaddr loopback = address ("/ip4/127.0.0.1/tcp/1000");

  for (int i = 0; i < 100; i++)
    assert_null (inos_gate_enter (gate, &loopback, SECOND));
  assert_string_equal (inos_gate_enter (gate, &loopback, SECOND),
                       "too many have not said who they are");
  inos_gate_ready (gate);
  assert_null (inos_gate_enter (gate, &loopback, SECOND));
  inos_gate_free (gate);
}

/* Ten thousand addresses cost no more than what is remembered, and honest ones come in after. */
static void test_many_addresses (void **state)
{
  struct inos_gate *gate = new_gate();

  for (unsigned i = 0; i < 20000; i++) {
    g_autofree char *text =
      g_strdup_printf ("/ip4/10.%u.%u.%u/tcp/1", i / 65536, i / 256 % 256, i % 256);
    struct inos_multiaddr place = address (text);
    if (!inos_gate_enter (gate, &place, SECOND))
      inos_gate_leave (gate, &place, true);
  }
  struct inos_multiaddr honest = address ("/ip4/192.0.2.1/tcp/1000");
  assert_null (inos_gate_enter (gate, &honest, 3 * SECOND));
  inos_gate_free (gate);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_address), cmocka_unit_test (test_network),
    cmocka_unit_test (test_ip6),     cmocka_unit_test (test_rate),
    cmocka_unit_test (test_pending), cmocka_unit_test (test_many_addresses),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
