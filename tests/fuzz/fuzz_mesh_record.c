/*
 * Fuzz target of signed envelopes and peer records. The input is an envelope, and also a record
 * that gets a right signature, since no mutation would ever have one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/record.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What is taken can be sealed again and says the same. */
static void check (const struct inos_identity *identity, const struct inos_peer_record *record)
{
  struct inos_buffer sealed = {0};
  struct inos_peer_record again;

  if (record->n_addresses > INOS_RECORD_ADDRESSES)
    g_error ("too many addresses");
  inos_peer_record_seal (identity, record, &sealed);
  if (!inos_peer_record_open (inos_buffer_data (&sealed), inos_buffer_len (&sealed), &again) ||
      again.sequence != record->sequence || again.n_addresses != record->n_addresses)
    g_error ("a record changed on the way");
  for (unsigned i = 0; i < again.n_addresses; i++)
    if (!inos_multiaddr_equal (&again.addresses[i], &record->addresses[i]))
      g_error ("an address changed on the way");
  inos_buffer_clear (&sealed);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const uint8_t seed[INOS_SEED_SIZE] = {1};
  struct inos_identity *identity = inos_identity_from_seed (seed);
  struct inos_buffer sealed = {0};
  struct inos_peer_record record;

  if (inos_peer_record_open (data, size, &record) && record.n_addresses > INOS_RECORD_ADDRESSES)
    g_error ("too many addresses");
  inos_envelope_seal (identity, INOS_RECORD_DOMAIN, "\x03\x01", 2, data, size, &sealed);
  if (inos_peer_record_open (inos_buffer_data (&sealed), inos_buffer_len (&sealed), &record))
    check (identity, &record);
  inos_buffer_clear (&sealed);
  inos_identity_free (identity);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

#include "node/mesh/wire/proto.h"

static GPtrArray *make_corpus (void)
{
  static const uint8_t seed[INOS_SEED_SIZE] = {1};
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_identity *identity = inos_identity_from_seed (seed);
  struct inos_peer_record record = {
    .peer = inos_peer_id_of_key (inos_identity_key (identity)), .sequence = 7, .n_addresses = 2};
  struct inos_buffer bytes = {0};
  const uint8_t *payload;
  size_t len;

  inos_multiaddr_parse (&record.addresses[0], "/ip4/192.0.2.1/tcp/1", NULL);
  inos_multiaddr_parse (&record.addresses[1], "/dns4/a.example/tcp/443/tls/ws", NULL);
  inos_peer_record_seal (identity, &record, &bytes);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  if (inos_envelope_open (inos_buffer_data (&bytes), inos_buffer_len (&bytes), INOS_RECORD_DOMAIN,
                          "\x03\x01", 2, &record.peer, &payload, &len))
    g_ptr_array_add (corpus, g_bytes_new (payload, len));
  inos_buffer_clear (&bytes);
  inos_identity_free (identity);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_record", make_corpus());
}

#endif
