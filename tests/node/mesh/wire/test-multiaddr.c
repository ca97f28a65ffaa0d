/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/multiaddr.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define PEER "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"
#define RELAY "QmdPU7PfRyKehdrP5A3WqmjyD6bhVpU1mLGKppa2FjGDjZ"
#define OTHER "QmVT6GYwjeeAF5TR485Yc58S3xRF5EFsZ5YAF4VcP3URHt"

static struct inos_multiaddr parse (const char *text)
{
  struct inos_multiaddr address = {0};
  g_autoptr (GError) error = NULL;

  if (!inos_multiaddr_parse (&address, text, &error))
    fail_msg ("%s", error->message);
  return address;
}

/* The first three are of go-multiaddr's tests, the others what js' @multiformats/multiaddr 13.0.3
 * makes; memory is 64 bits as in go. */
static void test_vectors (void **state)
{
  static const struct {
    const char *text, *hex;
  } cases[] = {
    {"/ip4/127.0.0.1/udp/1234", "047f000001910204d2"},
    {"/ip4/127.0.0.1/tcp/4321", "047f0000010610e1"},
    {"/ip4/127.0.0.1/udp/1234/ip4/127.0.0.1/tcp/4321", "047f000001910204d2047f0000010610e1"},
    {"/ip6/2001:db8::ff00:42:8329/tcp/4001/ws", "2920010db8000000000000ff0000428329060fa1dd03"},
    {"/dns4/node.example/tcp/443/tls/ws", "360c6e6f64652e6578616d706c650601bbc003dd03"},
    {"/dns/a.b/tcp/443/wss", "3503612e620601bbde03"},
    {"/dns6/x/tcp/1", "370178060001"},
    {"/dnsaddr/bootstrap.libp2p.io/p2p/" PEER,
     "3813626f6f7473747261702e6c69627032702e696fa503260024080112202ffa35a99d3a3cfbb17bb7c1dc5561b1"
     "8a8dcca4df38dc613ea859c37eb1336b"},
    {"/ip4/127.0.0.1/udp/1234/quic-v1", "047f000001910204d2cd03"},
    {"/ip6zone/eth0/ip6/fe80::1/tcp/80", "2a046574683029fe800000000000000000000000000001060050"},
    {"/ip4/192.0.2.1/tcp/443/tls/sni/example.com/ws",
     "04c00002010601bbc003c1030b6578616d706c652e636f6ddd03"},
    {"/ip4/192.0.2.0/tcp/5002/p2p/" RELAY "/p2p-circuit/p2p/" OTHER,
     "04c000020006138aa503221220df98100149311096b2d532b1dfa065a9835993b1e0accbb75c646aa70c31c8cca2"
     "02a50322122069a831853dfca2f1bcc129355b213b4889439dbe7b2734d7b3ab6b2f4abd630b"},
    {"/memory/4", "89060000000000000004"},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    uint8_t bytes[INOS_MULTIADDR_MAX];
    size_t len;
    assert_int_equal (
      sodium_hex2bin (bytes, sizeof bytes, cases[i].hex, strlen (cases[i].hex), NULL, &len, NULL),
      0);
    struct inos_multiaddr address = parse (cases[i].text), read;
    assert_int_equal (address.len, len);
    assert_memory_equal (address.bytes, bytes, len);
    assert_true (inos_multiaddr_read (&read, bytes, len));
    assert_true (inos_multiaddr_equal (&address, &read));
    g_autofree char *text = inos_multiaddr_text (&read);
    assert_string_equal (text, cases[i].text);
  }
}

/* Other ways to write what has one canonical form. */
static void test_other_texts (void **state)
{
  static const char *const pairs[][2] = {
    {"/ip4/127.0.0.1/tcp/1234/", "/ip4/127.0.0.1/tcp/1234"},
    {"/ipfs/" RELAY "/tcp/1234", "/p2p/" RELAY "/tcp/1234"},
    {"/p2p/bafzbeigvf25ytwc3akrijfecaotc74udrhcxzh2cx3we5qqnw5vgrei4bm",
     "/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC"},
    {"/p2p/k2k4r8oqamigqdo6o7hsbfwd45y70oyynp98usk7zmyfrzpqxh1pohl7",
     "/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC"},
    {"/ip6/0:0:0:0:0:0:0:1/tcp/0", "/ip6/::1/tcp/0"},
    {"/ip6/2001:DB8::A/tcp/65535", "/ip6/2001:db8::a/tcp/65535"},
    {"/ip6/::ffff:192.0.2.1", "/ip6/::ffff:192.0.2.1"},
    {"/ip6zone/x%y/ip6/::", "/ip6zone/x%y/ip6/::"},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (pairs); i++) {
    struct inos_multiaddr address = parse (pairs[i][0]);
    g_autofree char *text = inos_multiaddr_text (&address);
    assert_string_equal (text, pairs[i][1]);
  }
}

/* Those of go-multiaddr's TestConstructFails whose protocols Inos knows, and more. */
static void test_refuses_text (void **state)
{
  static const char *const wrong[] = {
    "",
    "/",
    "//",
    "ip4/1.2.3.4",
    "/ip4",
    "/ip4/",
    "/ip4/::1",
    "/ip4/fdpsofodsajfdoisa",
    "/ip6",
    "/ip6zone",
    "/ip6zone/",
    "/ip6zone//ip6/fe80::1",
    "/udp",
    "/tcp",
    "/udp/65536",
    "/tcp/65536",
    "/quic-v1/65536",
    "/ip4/127.0.0.1/udp/jfodsajfidosajfoidsa",
    "/ip4/127.0.0.1/udp",
    "/ip4/127.0.0.1/tcp",
    "/ip4/127.0.0.1/p2p",
    "/ip4/127.0.0.1/ipfs/tcp",
    "/ip4/1.2.3.4/tcp/-1",
    "/p2p/QmxoHT6iViN5xAjoz1VZ553cL31U9F94ht3QvWR1FrEbZY",
    "/memory/92233720368547758081",
    "/memory/18446744073709551616",
    "/tcp/+1",
    "/tcp/01",
    "/tcp/ 1",
    "/tcp/1 ",
    "/tcp//",
    "/ip4/1.2.3",
    "/ip4/01.2.3.4",
    "/ip4/1.2.3.4//tcp/1",
    "/ip4/1.2.3.4/tcp/1//",
    "/ip6/fe80::1%eth0",
    "/dns4/a b",
    "/dns4/.a",
    "/dns4/a..b",
    "/dns4/\303\244.example",
    "/dns4/a\nb",
    "/unix/tmp/x",
    "/ip4/127.0.0.1/tcp/1/x-unknown",
    "/IP4/127.0.0.1",
    "/ws/1",
  };
  struct inos_multiaddr address = {.len = 1};

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    if (inos_multiaddr_parse (&address, wrong[i], &error))
      fail_msg ("“%s” was taken", wrong[i]);
    assert_true (g_error_matches (error, INOS_NODE_ERROR, INOS_NODE_ERROR_FAILED));
    assert_true (g_utf8_validate (error->message, -1, NULL));
    assert_int_equal (address.len, 1); /* left as it was */
  }
}

static void test_refuses_bytes (void **state)
{
  static const struct {
    const char *bytes;
    size_t len;
  } wrong[] = {
    {"", 0},                 /* nothing */
    {"\x04\x7f\x00\x00", 4}, /* cut short */
    {"\x06\x10", 2},
    {"\xa5\x03", 2},
    {"\xa5\x03\x00", 3},         /* no peer */
    {"\xa5\x03\x02\x00\x00", 5}, /* nobody */
    {"\x36\x00", 2},             /* no name */
    {"\x36\x02"
     "a",
     3}, /* cut short */
    {"\x36\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
     "a",
     12},
    {"\x36\x81\x00"
     "a",
     4},                             /* a long varint */
    {"\x84\x00\x7f\x00\x00\x01", 6}, /* the same, of the code */
    {"\x36\x01/", 3},
    {"\x36\x01\x00", 3},
    {"\x2a\x01/", 3},
    {"\x05", 1},           /* nobody knows it */
    {"\x90\x03\x02/a", 5}, /* unix */
    {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10},
  };
  struct inos_multiaddr address;
  uint8_t large[INOS_MULTIADDR_MAX + 2];

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (inos_multiaddr_read (&address, wrong[i].bytes, wrong[i].len))
      fail_msg ("number %zu was taken", i);
  for (size_t i = 0; i < sizeof large; i += 2) /* "/ws" again and again */
    memcpy (large + i, "\xdd\x03", 2);
  assert_true (inos_multiaddr_read (&address, large, INOS_MULTIADDR_MAX));
  assert_false (inos_multiaddr_read (&address, large, sizeof large));
}

static void test_parts (void **state)
{
  struct inos_multiaddr address = parse ("/dns4/node.example/tcp/443/tls/ws/p2p/" PEER), bare;
  struct inos_multiaddr_part part;
  size_t at = 0;

  assert_true (inos_multiaddr_next (&address, &at, &part));
  assert_int_equal (part.code, INOS_MULTIADDR_DNS4);
  assert_int_equal (part.len, 12);
  assert_memory_equal (part.value, "node.example", 12);
  assert_true (inos_multiaddr_next (&address, &at, &part));
  assert_int_equal (part.code, INOS_MULTIADDR_TCP);
  assert_memory_equal (part.value, "\x01\xbb", 2);
  assert_true (inos_multiaddr_next (&address, &at, &part));
  assert_int_equal (part.code, INOS_MULTIADDR_TLS);
  assert_int_equal (part.len, 0);
  assert_true (inos_multiaddr_has (&address, INOS_MULTIADDR_WS));
  assert_false (inos_multiaddr_has (&address, INOS_MULTIADDR_WSS));
  inos_multiaddr_without_peer (&address, &bare);
  g_autofree char *text = inos_multiaddr_text (&bare);
  assert_string_equal (text, "/dns4/node.example/tcp/443/tls/ws");
}

/* The one at the end is the peer; the relay on the way is not. */
static void test_peer (void **state)
{
  struct inos_multiaddr address =
    parse ("/ip4/192.0.2.0/tcp/1/p2p/" RELAY "/p2p-circuit/p2p/" OTHER);
  struct inos_multiaddr bare, none = {0};
  struct inos_peer_id id;
  char text[INOS_PEER_TEXT_MAX];

  assert_true (inos_multiaddr_peer (&address, &id));
  inos_peer_id_text (&id, text);
  assert_string_equal (text, OTHER);
  inos_multiaddr_without_peer (&address, &bare);
  assert_true (inos_multiaddr_peer (&bare, &id)); /* the relay */
  inos_peer_id_text (&id, text);
  assert_string_equal (text, RELAY);
  inos_multiaddr_without_peer (&bare, &address);
  assert_true (inos_multiaddr_equal (&bare, &address)); /* it does not end with it */
  address = parse ("/p2p/" PEER);
  inos_multiaddr_without_peer (&address, &bare);
  assert_int_equal (bare.len, 0);
  inos_multiaddr_without_peer (&none, &bare);
  assert_int_equal (bare.len, 0);
  assert_false (inos_multiaddr_peer (&none, &id));
}

static void test_append (void **state)
{
  struct inos_multiaddr address = {0};
  uint8_t name[254];

  memset (name, 'a', sizeof name);
  name[60] = name[120] = name[180] = name[240] = '.';
  assert_true (inos_multiaddr_append (&address, INOS_MULTIADDR_IP4, "\x7f\0\0\1", 4));
  assert_true (inos_multiaddr_append (&address, INOS_MULTIADDR_TCP, "\0\x50", 2));
  assert_false (inos_multiaddr_append (&address, INOS_MULTIADDR_TCP, "\0\x50", 3));
  assert_false (inos_multiaddr_append (&address, INOS_MULTIADDR_TCP, NULL, 0));
  assert_false (inos_multiaddr_append (&address, INOS_MULTIADDR_WS, "x", 1));
  assert_false (inos_multiaddr_append (&address, (enum inos_multiaddr_code)400, "/x", 2));
  assert_false (inos_multiaddr_append (&address, INOS_MULTIADDR_SNI, "a/b", 3));
  assert_true (inos_multiaddr_append (&address, INOS_MULTIADDR_WS, NULL, 0));
  g_autofree char *text = inos_multiaddr_text (&address);
  assert_string_equal (text, "/ip4/127.0.0.1/tcp/80/ws");
  assert_false (inos_multiaddr_append (&address, INOS_MULTIADDR_SNI, name, 254));
  assert_true (inos_multiaddr_append (&address, INOS_MULTIADDR_SNI, name, 253));
  assert_false (inos_multiaddr_append (&address, INOS_MULTIADDR_SNI, name, 253)); /* no room */
}

static void test_reach (void **state)
{
  static const struct {
    const char *text;
    enum inos_multiaddr_reach reach;
  } cases[] = {
    {"/ip4/127.1.2.3/tcp/1", INOS_REACH_LOOPBACK},
    {"/ip4/0.0.0.0/tcp/1", INOS_REACH_LOOPBACK},
    {"/ip6/::1/tcp/1", INOS_REACH_LOOPBACK},
    {"/ip6/::/tcp/1", INOS_REACH_LOOPBACK},
    {"/ip6/::ffff:127.0.0.1/tcp/1", INOS_REACH_LOOPBACK},
    {"/memory/1", INOS_REACH_LOOPBACK},
    {"/ip4/169.254.0.1", INOS_REACH_LINK},
    {"/ip6zone/eth0/ip6/fe80::1/tcp/1", INOS_REACH_LINK},
    {"/ip6/febf::1", INOS_REACH_LINK},
    {"/ip4/10.0.0.1", INOS_REACH_PRIVATE},
    {"/ip4/172.16.0.1", INOS_REACH_PRIVATE},
    {"/ip4/172.31.255.255", INOS_REACH_PRIVATE},
    {"/ip4/192.168.1.1", INOS_REACH_PRIVATE},
    {"/ip4/100.64.0.1", INOS_REACH_PRIVATE},
    {"/ip4/100.127.255.255", INOS_REACH_PRIVATE},
    {"/ip6/fd00::1", INOS_REACH_PRIVATE},
    {"/ip6/::ffff:10.0.0.1", INOS_REACH_PRIVATE},
    {"/ip4/172.32.0.1", INOS_REACH_PUBLIC},
    {"/ip4/100.128.0.1", INOS_REACH_PUBLIC},
    {"/ip4/8.8.8.8/tcp/1/p2p/" RELAY "/p2p-circuit", INOS_REACH_PUBLIC},
    {"/ip6/2001:db8::1", INOS_REACH_PUBLIC},
    {"/ip6/64:ff9b::8.8.8.8", INOS_REACH_PUBLIC},
    {"/ip4/224.0.0.251", INOS_REACH_UNKNOWN},
    {"/ip4/255.255.255.255", INOS_REACH_UNKNOWN},
    {"/ip6/ff02::fb", INOS_REACH_UNKNOWN},
    {"/dns4/localhost/tcp/1", INOS_REACH_UNKNOWN},
    {"/p2p/" PEER, INOS_REACH_UNKNOWN},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    struct inos_multiaddr address = parse (cases[i].text);
    if (inos_multiaddr_reach (&address) != cases[i].reach)
      fail_msg ("%s: %d", cases[i].text, inos_multiaddr_reach (&address));
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_vectors),      cmocka_unit_test (test_other_texts),
    cmocka_unit_test (test_refuses_text), cmocka_unit_test (test_refuses_bytes),
    cmocka_unit_test (test_parts),        cmocka_unit_test (test_peer),
    cmocka_unit_test (test_append),       cmocka_unit_test (test_reach),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
