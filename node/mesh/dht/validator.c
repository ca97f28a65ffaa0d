/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/validator.h"
#include "node/mesh/wire/proto.h"
#include "node/mesh/wire/record.h"

#include <sodium.h>
#include <string.h>

#define PK_PREFIX "/pk/"

/* What a signed record's envelope says its payload is; of this project's own. */
static const uint8_t payload_type[] = "/inos/kad-record";

enum {
  SIGNED_KEY = 1,
  SIGNED_NUMBER = 2,
  SIGNED_DATA = 3,
};

const struct inos_kad_validator *
inos_kad_find_validator (const struct inos_kad_validator *validators, unsigned n, const void *key,
                         size_t len)
{
  const char *text = key;

  if (len < 3 || text[0] != '/')
    return NULL;
  const char *end = memchr (text + 1, '/', len - 1);
  for (unsigned i = 0; end && i < n; i++)
    if (strlen (validators[i].space) == (size_t)(end - text - 1) &&
        memcmp (validators[i].space, text + 1, (size_t)(end - text - 1)) == 0)
      return &validators[i];
  return NULL;
}

/* Keys that are in their ids whole, and those whose ids are their hashes. */
static bool pk_is_valid (void *data, const void *key, size_t key_len, const void *value,
                         size_t value_len)
{
  size_t prefix = strlen (PK_PREFIX);
  struct inos_peer_id id;
  uint8_t digest[32];

  if (key_len <= prefix ||
      !inos_peer_id_read (&id, (const uint8_t *)key + prefix, key_len - prefix))
    return false;
  if (id.bytes[0] == 0) /* identity: its length, and itself */
    return id.len == 2 + value_len && memcmp (id.bytes + 2, value, value_len) == 0;
  crypto_hash_sha256 (digest, value, value_len);
  return id.len == 34 && memcmp (id.bytes + 2, digest, 32) == 0;
}

static bool pk_is_better (void *data, const void *value, size_t len, const void *other,
                          size_t other_len)
{
  return false; /* there is but one */
}

const struct inos_kad_validator inos_kad_pk_validator = {
  .space = "pk",
  .is_valid = pk_is_valid,
  .is_better = pk_is_better,
};

void inos_kad_sign (const struct inos_identity *identity, const void *key, size_t key_len,
                    uint64_t number, const void *data, size_t len, struct inos_buffer *out)
{
  struct inos_buffer payload = {0};

  inos_proto_put_bytes (&payload, SIGNED_KEY, key, key_len);
  inos_proto_put_number (&payload, SIGNED_NUMBER, number);
  inos_proto_put_bytes (&payload, SIGNED_DATA, data, len);
  inos_envelope_seal (identity, INOS_KAD_SIGNED_DOMAIN, payload_type, sizeof payload_type - 1,
                      inos_buffer_data (&payload), inos_buffer_len (&payload), out);
  inos_buffer_clear (&payload);
}

static bool read_payload (const uint8_t *payload, size_t payload_len, const void *key,
                          size_t key_len, uint64_t *number, const uint8_t **data, size_t *len)
{
  struct inos_proto reader = inos_proto_begin (payload, payload_len);
  struct inos_proto_field field;
  bool has_key = false;

  *number = 0;
  *data = NULL;
  *len = 0;
  while (inos_proto_next (&reader, &field))
    if (inos_proto_is_bytes (&field, SIGNED_KEY, key_len, key_len)) {
      has_key = memcmp (field.bytes, key, key_len) == 0;
    } else if (field.number == SIGNED_NUMBER && field.kind == INOS_PROTO_NUMBER) {
      *number = field.value;
    } else if (inos_proto_is_bytes (&field, SIGNED_DATA, 0, SIZE_MAX)) {
      *data = field.bytes;
      *len = field.len;
    }
  return !reader.bad && (has_key || key_len == 0);
}

bool inos_kad_signed_read (const void *key, size_t key_len, const void *value, size_t value_len,
                           struct inos_peer_id *signer, uint64_t *number, const uint8_t **data,
                           size_t *len)
{
  const uint8_t *payload;
  size_t payload_len;

  return inos_envelope_open (value, value_len, INOS_KAD_SIGNED_DOMAIN, payload_type,
                             sizeof payload_type - 1, signer, &payload, &payload_len) &&
         read_payload (payload, payload_len, key, key_len, number, data, len);
}

/* Whether the second part of @key is the text of @signer. */
static bool belongs_to (const char *key, size_t len, const struct inos_peer_id *signer)
{
  char text[INOS_PEER_TEXT_MAX];
  const char *start = memchr (key + 1, '/', len - 1);

  if (!start)
    return false;
  start++;
  size_t rest = len - (size_t)(start - key);
  const char *end = memchr (start, '/', rest);
  size_t part = end ? (size_t)(end - start) : rest;
  inos_peer_id_text (signer, text);
  return strlen (text) == part && memcmp (text, start, part) == 0;
}

static bool signed_is_valid (void *data, const void *key, size_t key_len, const void *value,
                             size_t value_len)
{
  struct inos_peer_id signer;
  const uint8_t *content;
  uint64_t number;
  size_t len;

  return inos_kad_signed_read (key, key_len, value, value_len, &signer, &number, &content, &len) &&
         belongs_to (key, key_len, &signer);
}

static bool signed_is_better (void *data, const void *value, size_t len, const void *other,
                              size_t other_len)
{
  struct inos_peer_id signer;
  const uint8_t *content;
  uint64_t number = 0, other_number = 0;
  size_t content_len;

  inos_kad_signed_read ("", 0, value, len, &signer, &number, &content, &content_len);
  inos_kad_signed_read ("", 0, other, other_len, &signer, &other_number, &content, &content_len);
  if (number != other_number)
    return number > other_number;
  int order = memcmp (value, other, MIN (len, other_len)); /* the same everywhere */
  return order != 0 ? order > 0 : len > other_len;
}

struct inos_kad_validator inos_kad_signed_validator (const char *space)
{
  return (struct inos_kad_validator){
    .space = space,
    .is_valid = signed_is_valid,
    .is_better = signed_is_better,
  };
}
