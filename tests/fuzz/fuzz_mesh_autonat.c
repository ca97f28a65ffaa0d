/*
 * Fuzz target of AutoNAT's messages. What can be read is written and read again, and is the same.
 * See fuzz_envelope.c for how it is built.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/autonat_message.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* One with an address that is not understood is not written: it is no address of ours. */
static bool is_whole (const struct inos_autonat_message *message)
{
  for (unsigned i = 0; i < message->n_addresses; i++)
    if (message->addresses[i].len == 0)
      return false;
  return message->kind != INOS_AUTONAT_DATA || message->bytes <= INOS_AUTONAT_DATA_MAX;
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static struct inos_autonat_message first, second;
  struct inos_buffer bytes = {0}, again = {0};
  uint64_t nonce;

  inos_autonat_read_nonce (&nonce, data, size);
  inos_autonat_is_thanks (data, size);
  if (!inos_autonat_read (&first, data, size) || !is_whole (&first))
    return 0;
  inos_autonat_write (&first, &bytes);
  if (!inos_autonat_read (&second, inos_buffer_data (&bytes), inos_buffer_len (&bytes)))
    g_error ("what was written cannot be read");
  inos_autonat_write (&second, &again);
  if (inos_buffer_len (&bytes) != inos_buffer_len (&again) ||
      memcmp (inos_buffer_data (&bytes), inos_buffer_data (&again), inos_buffer_len (&bytes)) != 0)
    g_error ("what was written is something else");
  inos_buffer_clear (&bytes);
  inos_buffer_clear (&again);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void add (GPtrArray *corpus, const struct inos_autonat_message *message)
{
  struct inos_buffer bytes = {0};

  inos_autonat_write (message, &bytes);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  inos_buffer_clear (&bytes);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_autonat_message message = {
    .kind = INOS_AUTONAT_REQUEST, .nonce = 42, .n_addresses = 2};

  inos_multiaddr_parse (&message.addresses[0], "/ip4/192.0.2.1/tcp/4001", NULL);
  inos_multiaddr_parse (&message.addresses[1], "/ip6/2001:db8::1/tcp/443/wss", NULL);
  add (corpus, &message);
  message = (struct inos_autonat_message){.kind = INOS_AUTONAT_RESPONSE,
                                          .status = INOS_AUTONAT_OK,
                                          .dial_status = INOS_AUTONAT_DIAL_ERROR,
                                          .index = 1};
  add (corpus, &message);
  message = (struct inos_autonat_message){.kind = INOS_AUTONAT_DATA_REQUEST, .bytes = 30000};
  add (corpus, &message);
  message = (struct inos_autonat_message){.kind = INOS_AUTONAT_DATA, .bytes = 20};
  add (corpus, &message);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_autonat", make_corpus());
}

#endif
