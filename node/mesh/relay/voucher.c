/*
 * Vouchers: what a relay signs for who has a place there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/message.h"

#include "node/mesh/wire/proto.h"
#include "node/mesh/wire/record.h"

#define DOMAIN "libp2p-relay-rsvp"
/* multicodec's 0x0302, written as peer records write theirs */
static const uint8_t voucher_type[] = {0x03, 0x02};
enum { VOUCHER_RELAY = 1, VOUCHER_PEER = 2, VOUCHER_EXPIRATION = 3 };

void inos_relay_voucher_seal (const struct inos_identity *identity,
                              const struct inos_relay_voucher *voucher, struct inos_buffer *out)
{
  struct inos_buffer payload = {0};

  inos_proto_put_bytes (&payload, VOUCHER_RELAY, voucher->relay.bytes, voucher->relay.len);
  inos_proto_put_bytes (&payload, VOUCHER_PEER, voucher->peer.bytes, voucher->peer.len);
  inos_proto_put_number (&payload, VOUCHER_EXPIRATION, voucher->expires);
  inos_envelope_seal (identity, DOMAIN, voucher_type, sizeof voucher_type,
                      inos_buffer_data (&payload), inos_buffer_len (&payload), out);
  inos_buffer_clear (&payload);
}

static bool read_payload (struct inos_relay_voucher *voucher, const uint8_t *bytes, size_t len)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;

  *voucher = (struct inos_relay_voucher){0};
  while (inos_proto_next (&reader, &field)) {
    if (inos_proto_is_bytes (&field, VOUCHER_RELAY, 1, INOS_PEER_ID_MAX) &&
        !inos_peer_id_read (&voucher->relay, field.bytes, field.len))
      return false;
    if (inos_proto_is_bytes (&field, VOUCHER_PEER, 1, INOS_PEER_ID_MAX) &&
        !inos_peer_id_read (&voucher->peer, field.bytes, field.len))
      return false;
    if (field.number == VOUCHER_EXPIRATION && field.kind == INOS_PROTO_NUMBER)
      voucher->expires = field.value;
  }
  return !reader.bad && inos_peer_id_is_set (&voucher->peer);
}

bool inos_relay_voucher_open (const void *bytes, size_t len, struct inos_relay_voucher *voucher)
{
  struct inos_peer_id signer;
  const uint8_t *payload;
  size_t payload_len;

  return inos_envelope_open (bytes, len, DOMAIN, voucher_type, sizeof voucher_type, &signer,
                             &payload, &payload_len) &&
         read_payload (voucher, payload, payload_len) &&
         inos_peer_id_equal (&voucher->relay, &signer);
}
