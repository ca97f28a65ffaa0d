/*
 * Sockets for datagrams on loopback.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/udp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

struct ear {
  unsigned n;
  size_t len;
  uint8_t bytes[INOS_DATAGRAM_MAX];
  struct inos_datagram_place from;
};

static void on_received (void *data, const struct inos_datagram_place *from, const uint8_t *bytes,
                         size_t len)
{
  struct ear *ear = data;

  ear->n++;
  ear->len = len;
  ear->from = *from;
  memcpy (ear->bytes, bytes, len);
}

static struct inos_multiaddr parse (const char *text)
{
  struct inos_multiaddr address = {0};

  assert_true (inos_multiaddr_parse (&address, text, NULL));
  return address;
}

static gboolean on_late (gpointer data)
{
  *(bool *)data = true;
  return G_SOURCE_REMOVE;
}

/* Runs the loop until @ear has heard @n. */
static void wait_for (GMainContext *context, const struct ear *ear, unsigned n)
{
  bool late = false;
  GSource *source = g_timeout_source_new_seconds (30);

  g_source_set_callback (source, on_late, &late, NULL);
  g_source_attach (source, context);
  while (ear->n < n && !late)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (source);
  g_source_unref (source);
  assert_int_equal (ear->n, n);
}

static struct inos_datagram_place at (const struct inos_udp *udp, const char *tcp)
{
  struct inos_multiaddr listening = parse (tcp), address;
  struct inos_datagram_place place;

  assert_true (inos_udp_at (udp, &listening, &address));
  assert_true (inos_datagram_place_read (&place, &address));
  return place;
}

static void exchange (const char *address)
{
  GMainContext *context = g_main_context_new();
  struct ear ears[2] = {0};
  struct inos_udp *a = inos_udp_new (context, on_received, &ears[0]);
  struct inos_udp *b = inos_udp_new (context, on_received, &ears[1]);
  struct inos_multiaddr listen = parse (address);
  uint8_t bytes[INOS_DATAGRAM_MAX + 1] = {1, 2, 3};
  g_autoptr (GError) error = NULL;

  if (!inos_udp_listen (a, &listen, &error)) {
    inos_udp_free (a);
    inos_udp_free (b);
    g_main_context_unref (context);
    skip(); /* no IPv6 here */
  }
  assert_true (inos_udp_listen (b, &listen, NULL));
  struct inos_datagram_place place = at (b, address);
  inos_udp_send (a, &place, bytes, 3);
  wait_for (context, &ears[1], 1);
  assert_int_equal (ears[1].len, 3);
  struct inos_datagram_place own = at (a, address);
  assert_memory_equal (ears[1].from.ip, own.ip, sizeof own.ip);
  assert_int_equal (ears[1].from.port, own.port);
  inos_udp_send (a, &place, bytes, sizeof bytes); /* too long: it is as if it had not come */
  inos_udp_send (a, &place, bytes, sizeof bytes - 1);
  inos_udp_send (b, &ears[1].from, "yes", 3);
  wait_for (context, &ears[1], 2);
  wait_for (context, &ears[0], 1);
  assert_int_equal (ears[1].len, INOS_DATAGRAM_MAX);
  inos_udp_free (a);
  inos_udp_free (b);
  inos_udp_free (NULL);
  g_main_context_unref (context);
}

static void test_exchange (void **state)
{
  exchange ("/ip4/127.0.0.1/tcp/0");
}

static void test_exchange_ip6 (void **state)
{
  exchange ("/ip6/::1/tcp/0");
}

/* The number that TCP has, or another where that is taken; a second time it is the same one. */
static void test_port (void **state)
{
  GMainContext *context = g_main_context_new();
  struct ear ear = {0};
  struct inos_udp *a = inos_udp_new (context, on_received, &ear);
  struct inos_udp *b = inos_udp_new (context, on_received, &ear);
  struct inos_multiaddr any = parse ("/ip4/127.0.0.1/tcp/0");

  assert_true (inos_udp_listen (a, &any, NULL));
  uint16_t port = at (a, "/ip4/127.0.0.1/tcp/0").port;
  g_autofree char *text = g_strdup_printf ("/ip4/127.0.0.1/tcp/%u", port);
  struct inos_multiaddr same = parse (text);
  assert_true (inos_udp_listen (b, &same, NULL));
  assert_int_not_equal (at (b, text).port, port);
  assert_true (inos_udp_listen (a, &same, NULL));
  inos_udp_free (a);
  inos_udp_free (b);
  b = inos_udp_new (context, on_received, &ear);
  if (inos_udp_listen (b, &same, NULL)) /* nobody has taken it meanwhile */
    assert_true (at (b, text).port != 0);
  inos_udp_free (b);
  g_main_context_unref (context);
}

/* All addresses of the machine count as each of them. */
static void test_any (void **state)
{
  GMainContext *context = g_main_context_new();
  struct ear ear = {0};
  struct inos_udp *udp = inos_udp_new (context, on_received, &ear);
  struct inos_multiaddr any = parse ("/ip4/0.0.0.0/tcp/0"), address;
  struct inos_multiaddr ip6 = parse ("/ip6/::1/tcp/1"), name = parse ("/dns4/localhost/tcp/1");
  struct inos_multiaddr ws = parse ("/ip4/127.0.0.1/tcp/1/ws");

  assert_true (inos_udp_listen (udp, &any, NULL));
  assert_int_not_equal (at (udp, "/ip4/192.0.2.1/tcp/4630").port, 0);
  assert_false (inos_udp_at (udp, &ip6, &address));
  assert_false (inos_udp_at (udp, &ws, &address));
  assert_false (inos_udp_listen (udp, &name, NULL));
  assert_false (inos_udp_listen (udp, &ws, NULL));
  inos_udp_free (udp);
  g_main_context_unref (context);
}

static void test_place (void **state)
{
  static const char *const wrong[] = {"/ip4/127.0.0.1/tcp/1",         "/ip4/127.0.0.1/udp/0",
                                      "/ip4/127.0.0.1/udp/1/quic-v1", "/ip4/224.0.0.1/udp/1",
                                      "/dns4/localhost/udp/1",        "/ip4/127.0.0.1"};
  struct inos_datagram_place place;

  for (unsigned i = 0; i < G_N_ELEMENTS (wrong); i++) {
    struct inos_multiaddr address = parse (wrong[i]);
    assert_false (inos_datagram_place_read (&place, &address));
  }
  struct inos_multiaddr address = parse ("/ip4/192.0.2.7/udp/258");
  assert_true (inos_datagram_place_read (&place, &address));
  assert_int_equal (place.port, 258);
  assert_int_equal (place.ip[15], 7);
  assert_int_equal (place.ip[11], 0xff);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_exchange), cmocka_unit_test (test_exchange_ip6),
    cmocka_unit_test (test_port),     cmocka_unit_test (test_any),
    cmocka_unit_test (test_place),
  };

  return cmocka_run_group_tests_name ("udp", tests, NULL, NULL);
}
