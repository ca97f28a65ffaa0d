/*
 * Fuzz target of multicast DNS: the input is a packet.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/dns_packet.h"
#include "node/mesh/net/mdns.h"

#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static uint64_t now (void *data)
{
  return *(uint64_t *)data;
}

static void random_bytes (void *data, void *bytes, size_t len)
{
  memset (bytes, 0x11, len);
}

static void on_send (void *data, const uint8_t *bytes, size_t len)
{
  struct inos_dns_reader reader;
  struct inos_dns_entry entry;

  if (len > INOS_MDNS_PACKET_MAX || !inos_dns_begin (&reader, bytes, len))
    g_error ("what is sent is no packet");
  while (inos_dns_next (&reader, &entry))
    ;
  if (reader.at != len || reader.questions + reader.records > 0)
    g_error ("what is sent cannot be read");
  (*(unsigned *)data)++;
}

static void on_found (void *data, const struct inos_peer_id *peer,
                      const struct inos_multiaddr *addresses, unsigned n_addresses)
{
  if (n_addresses == 0 || n_addresses > INOS_MDNS_ADDRESSES || !inos_peer_id_is_set (peer))
    g_error ("nobody was found");
  for (unsigned i = 0; i < n_addresses; i++)
    if (!inos_multiaddr_read (&(struct inos_multiaddr){0}, addresses[i].bytes, addresses[i].len) ||
        inos_multiaddr_reach (&addresses[i]) == INOS_REACH_LOOPBACK)
      g_error ("what was found is no address");
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const struct inos_mdns_events events = {on_send, on_found};
  static const uint8_t key[32] = {1};
  uint64_t time = 1000 * SECOND;
  unsigned sent = 0;
  struct inos_mesh_env env = {.data = &time, .now = now, .random = random_bytes};
  struct inos_peer_id self = inos_peer_id_of_key (key);
  struct inos_multiaddr address = {0};
  struct inos_mdns *mdns = inos_mdns_new (&env, &events, &sent, &self, NULL);

  inos_multiaddr_parse (&address, "/ip4/10.0.0.1/tcp/1", NULL);
  inos_mdns_set_addresses (mdns, &address, 1);
  inos_mdns_receive (mdns, data, size);
  for (unsigned i = 0; i < 4; i++) {
    time = MAX (time, inos_mdns_deadline (mdns));
    inos_mdns_tick (mdns);
  }
  if (sent > 8)
    g_error ("it says too much");
  inos_mdns_free (mdns);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

#define OTHER "/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"

static void add (GPtrArray *corpus, struct inos_buffer *packet)
{
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (packet), inos_buffer_len (packet)));
  inos_buffer_clear (packet);
}

static void put_text (struct inos_buffer *out, const char *text)
{
  uint8_t len = (uint8_t)strlen (text);

  inos_buffer_append (out, &len, 1);
  inos_buffer_append (out, text, len);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_buffer out = {0};

  inos_dns_put_header (&out, false, 1, 0, 0);
  inos_dns_put_question (&out, "_p2p._udp.local", INOS_DNS_PTR);
  add (corpus, &out);
  inos_dns_put_header (&out, false, 1, 0, 0);
  inos_dns_put_question (&out, "_services._dns-sd._udp.local", INOS_DNS_ANY);
  add (corpus, &out);
  inos_dns_put_header (&out, true, 0, 1, 1);
  size_t record = inos_dns_open_record (&out, "_p2p._udp.local", INOS_DNS_PTR, 120);
  inos_dns_put_name (&out, "abc._p2p._udp.local");
  inos_dns_close_record (&out, record);
  record = inos_dns_open_record (&out, "abc._p2p._udp.local", INOS_DNS_TXT, 120);
  put_text (&out, "dnsaddr=/ip4/10.0.0.7/tcp/4001" OTHER);
  put_text (&out, "dnsaddr=/ip6/fd00::7/tcp/4001/ws" OTHER);
  inos_dns_close_record (&out, record);
  add (corpus, &out);
  inos_dns_put_header (&out, true, 0, 2, 0);
  inos_buffer_append (&out, "\4_p2p\4_udp\5local\0", 17);
  inos_buffer_append (&out, "\0\x0c\0\1\0\0\0\x78\0\6", 10);
  inos_buffer_append (&out, "\3abc\xc0\x0c", 6);
  inos_buffer_append (&out, "\xc0\x27\0\x10\0\1\0\0\0\x78\0\0", 12);
  add (corpus, &out);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_mdns", make_corpus());
}

#endif
