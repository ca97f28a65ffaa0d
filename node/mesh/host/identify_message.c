/*
 * What peers say of themselves, in bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/identify.h"
#include "node/mesh/host/private.h"
#include "node/mesh/wire/proto.h"
#include "node/mesh/wire/record.h"

#include <string.h>

#define PROTOCOL_VERSION "ipfs/0.1.0"
#define ADDRESS_LIFE INOS_SECONDS (3600) /* of what nobody was at yet */

enum field {
  FIELD_PUBLIC_KEY = 1,
  FIELD_LISTEN = 2,
  FIELD_PROTOCOL = 3,
  FIELD_OBSERVED = 4,
  FIELD_VERSION = 5,
  FIELD_AGENT = 6,
  FIELD_RECORD = 8,
};

/* Writing */

static void put_key (struct inos_buffer *out, const struct inos_peer_id *id)
{
  /* The key's protobuf is what an identity multihash holds after its two bytes of head. */
  inos_proto_put_bytes (out, FIELD_PUBLIC_KEY, id->bytes + 2, id->len - 2u);
}

static void put_record (struct inos_host *host, struct inos_buffer *out)
{
  struct inos_peer_record record = {.peer = host->id,
                                    .sequence = (uint64_t)inos_env_wall (host->setup.env)};
  struct inos_buffer sealed = {0};

  for (guint i = 0; i < host->listening->len && i < INOS_RECORD_ADDRESSES; i++)
    record.addresses[record.n_addresses++] =
      g_array_index (host->listening, struct inos_multiaddr, i);
  inos_peer_record_seal (host->setup.identity, &record, &sealed);
  inos_proto_put_bytes (out, FIELD_RECORD, inos_buffer_data (&sealed), inos_buffer_len (&sealed));
  inos_buffer_clear (&sealed);
}

void inos_identify_write (struct inos_host *host, const struct inos_peer_id *to,
                          const struct inos_multiaddr *observed, struct inos_buffer *out)
{
  put_key (out, &host->id);
  for (guint i = 0; i < host->listening->len && i < INOS_PEER_ADDRESSES_MAX; i++) {
    const struct inos_multiaddr *address =
      &g_array_index (host->listening, struct inos_multiaddr, i);
    inos_proto_put_bytes (out, FIELD_LISTEN, address->bytes, address->len);
  }
  for (guint i = 0; i < host->offers->len; i++) {
    const struct inos_protocol_offer *offer = host->offers->pdata[i];
    if (inos_host_may_speak (host, to, offer))
      inos_proto_put_string (out, FIELD_PROTOCOL, offer->name);
  }
  if (observed && observed->len > 0)
    inos_proto_put_bytes (out, FIELD_OBSERVED, observed->bytes, observed->len);
  inos_proto_put_string (out, FIELD_VERSION, PROTOCOL_VERSION);
  inos_proto_put_string (out, FIELD_AGENT, host->setup.agent);
  put_record (host, out);
}

/* Reading */

static char *take_word (const struct inos_proto_field *field)
{
  if (field->len > INOS_PEER_WORD_MAX ||
      !g_utf8_validate ((const char *)field->bytes, (gssize)field->len, NULL))
    return NULL;
  return g_strndup ((const char *)field->bytes, field->len);
}

static void take_address (struct inos_peer *peer, const struct inos_proto_field *field,
                          enum inos_address_source source, uint64_t expires)
{
  struct inos_multiaddr address;

  if (inos_multiaddr_read (&address, field->bytes, field->len))
    inos_peer_learn (peer, &address, source, expires);
}

static void take_protocol (struct inos_peer *peer, const struct inos_proto_field *field)
{
  g_autofree char *name = take_word (field);

  if (name && peer->protocols->len < INOS_PEER_PROTOCOLS_MAX && !inos_peer_speaks (peer, name))
    g_ptr_array_add (peer->protocols, g_steal_pointer (&name));
}

static void take_record (struct inos_peer *peer, const struct inos_proto_field *field,
                         uint64_t expires)
{
  struct inos_peer_record record;

  if (field->len > INOS_RECORD_MAX || !inos_peer_record_open (field->bytes, field->len, &record) ||
      !inos_peer_id_equal (&record.peer, &peer->id) || record.sequence < peer->record_sequence)
    return;
  for (unsigned i = 0; i < record.n_addresses; i++)
    inos_peer_learn (peer, &record.addresses[i], INOS_ADDRESS_CERTIFIED, expires);
  g_clear_pointer (&peer->record, g_bytes_unref);
  peer->record = g_bytes_new (field->bytes, field->len);
  peer->record_sequence = record.sequence;
}

static void take_text (char **where, const struct inos_proto_field *field)
{
  char *word = take_word (field);

  if (!word)
    return;
  g_free (*where);
  *where = word;
}

static void take (struct inos_host *host, struct inos_peer *peer,
                  const struct inos_proto_field *field, uint64_t expires)
{
  if (field->kind != INOS_PROTO_BYTES)
    return;
  switch (field->number) {
  case FIELD_LISTEN:
    take_address (peer, field, INOS_ADDRESS_SELF, expires);
    break;
  case FIELD_PROTOCOL:
    take_protocol (peer, field);
    break;
  case FIELD_VERSION:
    take_text (&peer->protocol_version, field);
    break;
  case FIELD_AGENT:
    take_text (&peer->agent, field);
    break;
  case FIELD_RECORD:
    take_record (peer, field, expires);
    break;
  case FIELD_OBSERVED:
    inos_host_observed (host, &peer->id, field->bytes, field->len);
    break;
  default:
    break;
  }
}

/* A message says all protocols or, a push of something else, none. */
static bool scan (const void *bytes, size_t len, const struct inos_peer_id *id, bool *has_protocols)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;

  *has_protocols = false;
  while (inos_proto_next (&reader, &field)) {
    *has_protocols |= field.number == FIELD_PROTOCOL;
    if (field.number == FIELD_PUBLIC_KEY && id->bytes[0] == 0 &&
        (field.kind != INOS_PROTO_BYTES || field.len != id->len - 2u ||
         memcmp (field.bytes, id->bytes + 2, field.len) != 0))
      return false;
  }
  return !reader.bad;
}

bool inos_identify_read (struct inos_host *host, const struct inos_peer_id *id, const void *bytes,
                         size_t len)
{
  struct inos_peer *peer = inos_peer_book_find (host->book, id);
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  bool has_protocols;

  if (!peer || !scan (bytes, len, id, &has_protocols))
    return false;
  if (has_protocols)
    g_ptr_array_set_size (peer->protocols, 0);
  uint64_t expires = inos_env_now (host->setup.env) + ADDRESS_LIFE;
  while (inos_proto_next (&reader, &field))
    take (host, peer, &field, expires);
  peer->identified = true;
  struct inos_peer_id copy = *id;
  inos_host_tell_identified (host, &copy);
  return true;
}
