/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/dial_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define MOST 16

static unsigned parse (struct inos_multiaddr *out, const char *const *texts)
{
  unsigned n = 0;

  for (; texts[n]; n++)
    assert_true (inos_multiaddr_parse (&out[n], texts[n], NULL));
  return n;
}

static void check (const char *const *given, const char *const *own, const char *const *wanted)
{
  struct inos_multiaddr addresses[MOST], ours[MOST];
  unsigned n = parse (addresses, given);

  inos_dial_order (addresses, n, ours, parse (ours, own));
  for (unsigned i = 0; i < n; i++) {
    g_autofree char *text = inos_multiaddr_text (&addresses[i]);
    assert_string_equal (text, wanted[i]);
  }
}

/* RFC 8305, 4: families in turns, IPv6 first. */
static void test_families_in_turns (void **state)
{
  const char *const given[] = {"/ip4/198.51.100.1/tcp/1", "/ip4/198.51.100.2/tcp/1",
                               "/ip4/198.51.100.3/tcp/1", "/ip6/2001:db8::1/tcp/1",
                               "/ip6/2001:db8::2/tcp/1",  NULL};
  const char *const own[] = {NULL};
  const char *const wanted[] = {"/ip6/2001:db8::1/tcp/1", "/ip4/198.51.100.1/tcp/1",
                                "/ip6/2001:db8::2/tcp/1", "/ip4/198.51.100.2/tcp/1",
                                "/ip4/198.51.100.3/tcp/1"};

  check (given, own, wanted);
}

static void test_near_before_far (void **state)
{
  const char *const given[] = {"/ip4/10.9.9.9/tcp/1",     "/ip4/198.51.100.1/tcp/2/ws",
                               "/ip4/198.51.100.1/tcp/1", "/ip4/192.168.7.20/tcp/1",
                               "/ip4/127.0.0.1/tcp/1",    NULL};
  const char *const own[] = {"/ip4/127.0.0.1/tcp/4630", "/ip4/192.168.7.3/tcp/4630", NULL};
  const char *const wanted[] = {"/ip4/192.168.7.20/tcp/1", "/ip4/127.0.0.1/tcp/1",
                                "/ip4/198.51.100.1/tcp/1", "/ip4/198.51.100.1/tcp/2/ws",
                                "/ip4/10.9.9.9/tcp/1"};

  check (given, own, wanted);
}

static void test_none (void **state)
{
  inos_dial_order (NULL, 0, NULL, 0);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_families_in_turns),
    cmocka_unit_test (test_near_before_far),
    cmocka_unit_test (test_none),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
