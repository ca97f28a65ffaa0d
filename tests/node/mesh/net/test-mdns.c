/*
 * Multicast DNS on a network that is a list, with a clock of its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/dns_packet.h"
#include "node/mesh/net/mdns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)
#define PEERS 4

struct network;

struct peer {
  struct network *network;
  struct inos_mdns *mdns;
  struct inos_peer_id id;
  unsigned n_sent, n_answers, n_found;
  struct inos_multiaddr last[PEERS]; /* address that was found of each of the others */
  struct inos_peer_id found;
  unsigned n_addresses;
  struct inos_multiaddr addresses[INOS_MDNS_ADDRESSES];
};

struct network {
  uint64_t now;
  GRand *rand;
  struct inos_mesh_env env;
  struct peer peers[PEERS];
  GByteArray *last; /* packet that was sent */
};

static uint64_t now (void *data)
{
  return ((struct network *)data)->now;
}

static void random_bytes (void *data, void *bytes, size_t len)
{
  for (size_t i = 0; i < len; i++)
    ((uint8_t *)bytes)[i] = (uint8_t)g_rand_int (((struct network *)data)->rand);
}

/* To all, and so to the sender itself. */
static void on_send (void *data, const uint8_t *bytes, size_t len)
{
  struct peer *peer = data;
  struct network *network = peer->network;

  assert_true (len <= INOS_MDNS_PACKET_MAX);
  peer->n_sent++;
  peer->n_answers += bytes[2] >> 7;
  g_byte_array_set_size (network->last, 0);
  g_byte_array_append (network->last, bytes, (guint)len);
  for (unsigned i = 0; i < PEERS; i++)
    if (network->peers[i].mdns)
      inos_mdns_receive (network->peers[i].mdns, bytes, len);
}

static void on_found (void *data, const struct inos_peer_id *id,
                      const struct inos_multiaddr *addresses, unsigned n_addresses)
{
  struct peer *peer = data;

  peer->n_found++;
  peer->found = *id;
  peer->n_addresses = n_addresses;
  memcpy (peer->addresses, addresses, n_addresses * sizeof *addresses);
  for (unsigned i = 0; i < PEERS; i++)
    if (inos_peer_id_equal (&peer->network->peers[i].id, id))
      peer->last[i] = addresses[0];
}

static const struct inos_mdns_events events = {on_send, on_found};

static struct inos_multiaddr parse (const char *text)
{
  struct inos_multiaddr address = {0};

  assert_true (inos_multiaddr_parse (&address, text, NULL));
  return address;
}

static void add_peer (struct network *network, unsigned i, const char *name, const char *address)
{
  struct peer *peer = &network->peers[i];
  uint8_t key[32] = {(uint8_t)(i + 1)};
  struct inos_multiaddr addresses[2] = {parse ("/ip4/127.0.0.1/tcp/4001")};

  peer->network = network;
  peer->id = inos_peer_id_of_key (key);
  peer->mdns = inos_mdns_new (&network->env, &events, peer, &peer->id, name);
  if (address) {
    addresses[1] = parse (address);
    inos_mdns_set_addresses (peer->mdns, addresses, 2);
  }
}

static void run_until (struct network *network, uint64_t end)
{
  for (;;) {
    uint64_t next = INOS_NEVER;
    for (unsigned i = 0; i < PEERS; i++)
      if (network->peers[i].mdns)
        next = MIN (next, inos_mdns_deadline (network->peers[i].mdns));
    if (next > end)
      break;
    network->now = MAX (network->now, next);
    for (unsigned i = 0; i < PEERS; i++)
      if (network->peers[i].mdns && inos_mdns_deadline (network->peers[i].mdns) <= network->now)
        inos_mdns_tick (network->peers[i].mdns);
  }
  network->now = end;
}

static int set_up (void **state)
{
  struct network *network = g_new0 (struct network, 1);

  network->now = 1000 * SECOND;
  network->rand = g_rand_new_with_seed (1);
  network->env = (struct inos_mesh_env){.data = network, .now = now, .random = random_bytes};
  network->last = g_byte_array_new();
  *state = network;
  return 0;
}

static int tear_down (void **state)
{
  struct network *network = *state;

  for (unsigned i = 0; i < PEERS; i++)
    inos_mdns_free (network->peers[i].mdns);
  g_rand_free (network->rand);
  g_byte_array_unref (network->last);
  g_free (network);
  return 0;
}

/* Both find each other, by the addresses that mean something to others, within a second. */
static void test_find (void **state)
{
  struct network *network = *state;

  add_peer (network, 0, NULL, "/ip4/10.0.0.1/tcp/4001");
  add_peer (network, 1, NULL, "/ip6/fd00::2/tcp/4001/ws");
  run_until (network, network->now + 2 * SECOND);
  for (unsigned i = 0; i < 2; i++) {
    assert_true (network->peers[i].n_found > 0);
    assert_true (inos_peer_id_equal (&network->peers[i].found, &network->peers[1 - i].id));
    assert_int_equal (network->peers[i].n_addresses, 1);
  }
  g_autofree char *text = inos_multiaddr_text (&network->peers[0].addresses[0]);
  assert_string_equal (text, "/ip6/fd00::2/tcp/4001/ws");

  /* one that comes later is found by its question, and finds by the answers */
  run_until (network, network->now + 100 * SECOND);
  add_peer (network, 2, NULL, "/ip4/10.0.0.3/tcp/4001");
  run_until (network, network->now + 3 * SECOND);
  assert_true (network->peers[0].last[2].len > 0);
  assert_true (network->peers[2].last[0].len > 0 && network->peers[2].last[1].len > 0);

  /* an address that changes is told */
  struct inos_multiaddr other = parse ("/ip4/10.0.0.9/tcp/1");
  inos_mdns_set_addresses (network->peers[2].mdns, &other, 1);
  run_until (network, network->now + 3 * SECOND);
  assert_true (inos_multiaddr_equal (&network->peers[0].last[2], &other));
}

/* A private mesh and the public one do not see each other, nor does one without an address. */
static void test_apart (void **state)
{
  struct network *network = *state;

  add_peer (network, 0, NULL, "/ip4/10.0.0.1/tcp/4001");
  add_peer (network, 1, "0123456789abcdef0123456789abcdef", "/ip4/10.0.0.2/tcp/4001");
  add_peer (network, 2, NULL, NULL);
  run_until (network, network->now + 60 * SECOND);
  assert_int_equal (network->peers[0].n_found, 0);
  assert_int_equal (network->peers[1].n_found, 0);
  assert_true (network->peers[2].n_found > 0); /* it hears */
  assert_int_equal (network->peers[2].n_answers, 0);
}

/* In an hour a few questions; and an answer a second at most, however many ask. */
static void test_quiet (void **state)
{
  struct network *network = *state;
  struct inos_buffer query = {0};

  add_peer (network, 0, NULL, "/ip4/10.0.0.1/tcp/4001");
  run_until (network, network->now + 3600 * SECOND);
  assert_true (network->peers[0].n_sent < 60);
  inos_dns_put_header (&query, false, 1, 0, 0);
  inos_dns_put_question (&query, "_P2P._udp.LOCAL", INOS_DNS_PTR);
  unsigned before = network->peers[0].n_answers;
  for (unsigned i = 0; i < 1000; i++) {
    inos_mdns_receive (network->peers[0].mdns, inos_buffer_data (&query), inos_buffer_len (&query));
    run_until (network, network->now + SECOND / 100);
  }
  assert_in_range (network->peers[0].n_answers - before, 5, 11);
  inos_buffer_clear (&query);

  /* who asks what services there are is told this one */
  inos_dns_put_header (&query, false, 1, 0, 0);
  inos_dns_put_question (&query, "_services._dns-sd._udp.local", INOS_DNS_PTR);
  run_until (network, network->now + 2 * SECOND);
  inos_mdns_receive (network->peers[0].mdns, inos_buffer_data (&query), inos_buffer_len (&query));
  before = network->peers[0].n_answers;
  run_until (network, network->now + 2 * SECOND);
  assert_int_equal (network->peers[0].n_answers, before + 1);
  inos_buffer_clear (&query);
}

/* An answer with a TXT record of @n_texts attributes, all @text. */
static void answer (struct network *network, const char *owner, const char *text, unsigned n_texts)
{
  struct inos_buffer out = {0};
  uint8_t len = (uint8_t)strlen (text);

  inos_dns_put_header (&out, true, 0, 1, 0);
  size_t record = inos_dns_open_record (&out, owner, INOS_DNS_TXT, 120);
  for (unsigned i = 0; i < n_texts; i++) {
    inos_buffer_append (&out, &len, 1);
    inos_buffer_append (&out, text, len);
  }
  inos_dns_close_record (&out, record);
  inos_mdns_receive (network->peers[0].mdns, inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

#define OTHER "/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"

static void test_what_is_left_out (void **state)
{
  static const char *const texts[] = {
    "dnsaddr=/ip4/127.0.0.1/tcp/1" OTHER,
    "dnsaddr=/ip4/10.0.0.1/tcp/1",
    "dnsaddr=/dns4/evil.example/tcp/1" OTHER,
    "dnsaddr=/ip4/224.0.0.1/tcp/1" OTHER,
    "dnsaddr=/ip4/10.0.0.1/tcp/1" OTHER "/p2p-circuit",
    "dnsaddr=",
    "dnsaddr=nonsense",
    "/ip4/10.0.0.1/tcp/1" OTHER,
    "",
    "dnsaddr=/ip4/10.0.0.1/tcp/99999" OTHER,
  };
  struct network *network = *state;

  add_peer (network, 0, NULL, "/ip4/10.0.0.1/tcp/4001");
  for (unsigned i = 0; i < G_N_ELEMENTS (texts); i++)
    answer (network, "x._p2p._udp.local", texts[i], 1);
  answer (network, "x._other._udp.local", "dnsaddr=/ip4/10.0.0.1/tcp/1" OTHER, 1);
  answer (network, "_p2p._udp.local", "dnsaddr=/ip4/10.0.0.1/tcp/1" OTHER, 1);
  assert_int_equal (network->peers[0].n_found, 0);
  answer (network, "x._p2p._udp.local", "dnsaddr=/ip4/10.0.0.1/tcp/1" OTHER, 60);
  assert_int_equal (network->peers[0].n_found, 1);
  assert_int_equal (network->peers[0].n_addresses, INOS_MDNS_ADDRESSES);
  for (unsigned i = 0; i < 10 * INOS_MDNS_PACKETS; i++)
    answer (network, "x._p2p._udp.local", "dnsaddr=/ip4/10.0.0.1/tcp/1" OTHER, 1);
  assert_true (network->peers[0].n_found <= INOS_MDNS_PACKETS); /* in this second */
}

/* What js-libp2p 3.3.11 (multicast-dns) answers: names are compressed, the text is among the
 * answers. Written by hand in the same form, since its name for itself is random. */
static void test_like_js (void **state)
{
  static const char text[] = "dnsaddr=/ip4/10.0.0.7/tcp/4001" OTHER;
  struct network *network = *state;
  struct inos_buffer out = {0};
  uint8_t len = (uint8_t)(sizeof text - 1);

  add_peer (network, 0, NULL, NULL);
  inos_dns_put_header (&out, true, 0, 2, 0);
  inos_buffer_append (&out, "\4_p2p\4_udp\5local\0", 17); /* at 12 */
  inos_buffer_append (&out, "\0\x0c\0\1\0\0\0\x78\0\6", 10);
  inos_buffer_append (&out, "\3abc\xc0\x0c", 6); /* at 39 */
  inos_buffer_append (&out, "\xc0\x27\0\x10\0\1\0\0\0\x78\0", 11);
  uint8_t data_len = (uint8_t)(len + 1);
  inos_buffer_append (&out, &data_len, 1);
  inos_buffer_append (&out, &len, 1);
  inos_buffer_append (&out, text, len);
  inos_mdns_receive (network->peers[0].mdns, inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
  assert_int_equal (network->peers[0].n_found, 1);
  g_autofree char *address = inos_multiaddr_text (&network->peers[0].addresses[0]);
  assert_string_equal (address, "/ip4/10.0.0.7/tcp/4001");
}

/* Names that lead in circles, forward, or on and on. */
static void test_names (void **state)
{
  static const struct {
    const char *bytes;
    size_t len;
    bool right;
  } cases[] = {
    {"\1a\0\0\x0c\0\1", 7, true},
    {"\xc0\x0c\0\x0c\0\1", 6, false},      /* itself */
    {"\1a\xc0\x0c\0\x0c\0\1", 8, false},   /* its own beginning */
    {"\xc0\x12\0\x0c\0\1\1a\0", 9, false}, /* forward */
    {"\xc0\xff\0\x0c\0\1", 6, false},      /* beyond */
    {"\xc0", 1, false},
    {"\x3f"
     "a",
     2, false},
    {"\x40"
     "a\0\0\x0c\0\1",
     7, false}, /* a kind of label that nobody uses */
    {"\2a.\0\0\x0c\0\1", 8, false},
    {"\2a\n\0\0\x0c\0\1", 8, false},
    {"\0\0\x0c\0\1", 5, true},   /* the root */
    {"\1a\0\0\x0c\0", 6, false}, /* cut short */
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    struct inos_buffer packet = {0};
    struct inos_dns_reader reader;
    struct inos_dns_entry entry;
    inos_dns_put_header (&packet, false, 1, 0, 0);
    inos_buffer_append (&packet, cases[i].bytes, cases[i].len);
    assert_true (inos_dns_begin (&reader, inos_buffer_data (&packet), inos_buffer_len (&packet)));
    if (inos_dns_next (&reader, &entry) != cases[i].right)
      fail_msg ("number %zu", i);
    inos_buffer_clear (&packet);
  }

  struct inos_buffer packet = {0}; /* a name of more than 255 bytes */
  struct inos_dns_reader reader;
  struct inos_dns_entry entry;
  inos_dns_put_header (&packet, false, 1, 0, 0);
  for (unsigned i = 0; i < 130; i++)
    inos_buffer_append (&packet, "\1a", 2);
  inos_buffer_append (&packet, "\0\0\x0c\0\1", 5);
  assert_true (inos_dns_begin (&reader, inos_buffer_data (&packet), inos_buffer_len (&packet)));
  assert_false (inos_dns_next (&reader, &entry));
  inos_buffer_clear (&packet);
}

int main (void)
{
#define WITH_NETWORK(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    WITH_NETWORK (test_find),    WITH_NETWORK (test_apart),
    WITH_NETWORK (test_quiet),   WITH_NETWORK (test_what_is_left_out),
    WITH_NETWORK (test_like_js), cmocka_unit_test (test_names),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
