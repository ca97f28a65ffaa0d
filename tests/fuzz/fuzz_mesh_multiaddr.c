/*
 * Fuzz target of addresses: the input is one in binary, and one as text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/multiaddr.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A valid one has a text, which is the same address again; and its parts put together are it. */
static void check (const struct inos_multiaddr *address)
{
  g_autofree char *text = inos_multiaddr_text (address);
  struct inos_multiaddr again = {0}, built = {0}, bare;
  struct inos_multiaddr_part part;
  struct inos_peer_id id;
  size_t at = 0;

  if (address->len == 0 || address->len > INOS_MULTIADDR_MAX)
    g_error ("an address of %u bytes", address->len);
  if (strlen (text) < INOS_MULTIADDR_TEXT_MAX &&
      (!inos_multiaddr_parse (&again, text, NULL) || !inos_multiaddr_equal (&again, address)))
    g_error ("“%s” is another address", text);
  while (inos_multiaddr_next (address, &at, &part))
    if (!inos_multiaddr_append (&built, part.code, part.value, part.len))
      g_error ("“%s” cannot be put together", text);
  if (at != address->len || !inos_multiaddr_equal (&built, address))
    g_error ("“%s” is not its parts", text);
  inos_multiaddr_without_peer (address, &bare);
  if (bare.len > address->len || (bare.len < address->len && !inos_multiaddr_peer (address, &id)))
    g_error ("“%s” without a peer", text);
  inos_multiaddr_reach (address);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct inos_multiaddr address = {0};
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GError) error = NULL;

  if (inos_multiaddr_read (&address, data, size))
    check (&address);
  if (inos_multiaddr_parse (&address, text, &error))
    check (&address);
  else if (!error || !g_utf8_validate (error->message, -1, NULL))
    g_error ("no reason, or one that cannot be read");
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  static const char *const texts[] = {
    "/ip4/127.0.0.1/tcp/4001",
    "/ip6/2001:db8::1/udp/4001/quic-v1",
    "/ip6zone/eth0/ip6/fe80::1/tcp/80/ws",
    "/dns4/node.example/tcp/443/tls/sni/example.com/ws",
    "/dnsaddr/libp2p.io/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA",
    "/ip4/192.0.2.0/tcp/5002/p2p/QmdPU7PfRyKehdrP5A3WqmjyD6bhVpU1mLGKppa2FjGDjZ/p2p-circuit",
    "/memory/4",
  };
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (size_t i = 0; i < G_N_ELEMENTS (texts); i++) {
    struct inos_multiaddr address = {0};
    inos_multiaddr_parse (&address, texts[i], NULL);
    g_ptr_array_add (corpus, g_bytes_new (texts[i], strlen (texts[i])));
    g_ptr_array_add (corpus, g_bytes_new (address.bytes, address.len));
  }
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_multiaddr", make_corpus());
}

#endif
