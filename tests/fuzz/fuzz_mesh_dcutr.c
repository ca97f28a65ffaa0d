/*
 * Fuzz target of DCUtR's messages. What can be read is written and read again, and is the same. See
 * fuzz_envelope.c for how it is built.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/dcutr_message.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static struct inos_dcutr_message first, second;
  struct inos_buffer bytes = {0}, again = {0};

  if (!inos_dcutr_read (&first, data, size))
    return 0;
  inos_dcutr_write (&first, &bytes);
  if (!inos_dcutr_read (&second, inos_buffer_data (&bytes), inos_buffer_len (&bytes)) ||
      second.kind != first.kind || second.n_addresses != first.n_addresses)
    g_error ("what was written cannot be read");
  inos_dcutr_write (&second, &again);
  if (inos_buffer_len (&bytes) != inos_buffer_len (&again) ||
      memcmp (inos_buffer_data (&bytes), inos_buffer_data (&again), inos_buffer_len (&bytes)) != 0)
    g_error ("what was written is something else");
  inos_buffer_clear (&bytes);
  inos_buffer_clear (&again);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void add (GPtrArray *corpus, const struct inos_dcutr_message *message)
{
  struct inos_buffer bytes = {0};

  inos_dcutr_write (message, &bytes);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  inos_buffer_clear (&bytes);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  static struct inos_dcutr_message message = {.kind = INOS_DCUTR_CONNECT, .n_addresses = 2};

  inos_multiaddr_parse (&message.addresses[0], "/ip4/192.0.2.1/tcp/4001", NULL);
  inos_multiaddr_parse (&message.addresses[1], "/ip6/2001:db8::1/tcp/4001", NULL);
  add (corpus, &message);
  add (corpus, &(struct inos_dcutr_message){.kind = INOS_DCUTR_SYNC});
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_dcutr", make_corpus());
}

#endif
