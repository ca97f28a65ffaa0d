/*
 * Fuzz target of what relays are told: as HOP and as STOP, and as a voucher. What can be read is
 * written and read again, and is the same. See fuzz_envelope.c for how it is built.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/message.h"
#include "node/mesh/relay/opening.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef bool (*read_message) (struct inos_relay_message *message, const void *bytes, size_t len);
typedef void (*write_message) (const struct inos_relay_message *message, struct inos_buffer *out);

static bool is_same (const struct inos_relay_message *one, const struct inos_relay_message *other)
{
  bool same = one->type == other->type && inos_peer_id_equal (&one->peer, &other->peer) &&
              one->limit.duration == other->limit.duration &&
              one->limit.data == other->limit.data &&
              one->has_reservation == other->has_reservation && one->expires == other->expires &&
              one->n_addresses == other->n_addresses && one->voucher_len == other->voucher_len;

  for (unsigned i = 0; same && i < one->n_addresses; i++)
    same = inos_multiaddr_equal (&one->addresses[i], &other->addresses[i]);
  return same;
}

static void try_message (read_message read, write_message write, const uint8_t *data, size_t size)
{
  static struct inos_relay_message first, second;
  struct inos_buffer bytes = {0};

  if (!read (&first, data, size))
    return;
  write (&first, &bytes);
  if (!read (&second, inos_buffer_data (&bytes), inos_buffer_len (&bytes)) &&
      inos_buffer_len (&bytes) <= INOS_RELAY_MESSAGE_MAX)
    g_error ("what was written cannot be read");
  if (inos_buffer_len (&bytes) <= INOS_RELAY_MESSAGE_MAX && !is_same (&first, &second))
    g_error ("what was written is something else");
  inos_buffer_clear (&bytes);
}

/* In two pieces, the first of them as long as the first byte says. */
static void try_opening (const uint8_t *data, size_t size)
{
  struct inos_opening opening = {0};
  size_t piece = MIN (size, data[0]), used = 0, more = 0, len;

  enum inos_opening_state state =
    inos_opening_feed (&opening, INOS_RELAY_MESSAGE_MAX, data, piece, &used);
  if (state == INOS_OPENING_MORE)
    state = inos_opening_feed (&opening, INOS_RELAY_MESSAGE_MAX, data + used, size - used, &more);
  if (used + more > size)
    g_error ("more was used than there is");
  if (state == INOS_OPENING_WHOLE) {
    const uint8_t *message = inos_opening_message (&opening, &len);
    try_message (inos_hop_read, inos_hop_write, message, len);
  }
  inos_opening_clear (&opening);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  struct inos_relay_voucher voucher;

  if (size == 0)
    return 0;
  try_message (inos_hop_read, inos_hop_write, data, size);
  try_message (inos_stop_read, inos_stop_write, data, size);
  inos_relay_voucher_open (data, size, &voucher);
  try_opening (data, size);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

#include "node/mesh/wire/varint.h"

static void add (GPtrArray *corpus, write_message write, const struct inos_relay_message *message,
                 bool framed)
{
  struct inos_buffer body = {0}, bytes = {0};

  write (message, &body);
  if (framed)
    inos_varint_append (&bytes, inos_buffer_len (&body));
  inos_buffer_append (&bytes, inos_buffer_data (&body), inos_buffer_len (&body));
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  inos_buffer_clear (&body);
  inos_buffer_clear (&bytes);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  uint8_t seed[INOS_SEED_SIZE] = {1};
  struct inos_identity *identity = inos_identity_from_seed (seed);
  struct inos_relay_voucher voucher = {.peer = inos_peer_id_of_key ((const uint8_t[32]){2}),
                                       .expires = 1760000000};
  struct inos_buffer sealed = {0};
  struct inos_relay_message message = {.type = INOS_RELAY_RESERVE};

  inos_peer_id_parse (&voucher.relay, inos_identity_peer_id (identity));
  inos_relay_voucher_seal (identity, &voucher, &sealed);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&sealed), inos_buffer_len (&sealed)));
  add (corpus, inos_hop_write, &message, true);
  message = (struct inos_relay_message){.type = INOS_RELAY_CONNECT, .peer = voucher.peer};
  add (corpus, inos_hop_write, &message, false);
  message.limit = (struct inos_relay_limit){120, 131072};
  add (corpus, inos_stop_write, &message, false);
  message = (struct inos_relay_message){.type = INOS_RELAY_STATUS,
                                        .status = INOS_RELAY_OK,
                                        .has_reservation = true,
                                        .expires = 1760000000,
                                        .limit = {120, 131072},
                                        .n_addresses = 1,
                                        .voucher = inos_buffer_data (&sealed),
                                        .voucher_len = inos_buffer_len (&sealed)};
  inos_multiaddr_parse (&message.addresses[0], "/ip4/192.0.2.1/tcp/4001", NULL);
  add (corpus, inos_hop_write, &message, false);
  add (corpus, inos_hop_write, &message, true);
  inos_buffer_clear (&sealed);
  inos_identity_free (identity);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_relay", make_corpus());
}

#endif
