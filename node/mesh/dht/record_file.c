/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/dht/record_file.h"

#include "node/mesh/dht/kad-private.h"
#include "node/mesh/wire/sealed.h"

#define MAGIC "INOSDHT\1"

enum field { RECORD = 1 };
enum record_field { KEY = 1, VALUE, RECEIVED };

static void put_record (void *data, const struct inos_kad_record *record)
{
  struct inos_buffer *out = data, one = {0};
  gsize len;
  const void *bytes = g_bytes_get_data (record->key, &len);

  inos_proto_put_bytes (&one, KEY, bytes, len);
  bytes = g_bytes_get_data (record->value, &len);
  inos_proto_put_bytes (&one, VALUE, bytes, len);
  inos_proto_put_fixed64 (&one, RECEIVED, (uint64_t)record->received);
  inos_proto_put_bytes (out, RECORD, inos_buffer_data (&one), inos_buffer_len (&one));
  inos_buffer_clear (&one);
}

GBytes *inos_kad_file_write (struct inos_kad *kad)
{
  struct inos_buffer out = {0};

  inos_sealed_begin (&out, MAGIC);
  inos_kad_each_record (kad, put_record, &out);
  inos_sealed_end (&out);
  GBytes *bytes = g_bytes_new (inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
  return bytes;
}

static void load (struct inos_kad *kad, const struct inos_proto_field *record)
{
  struct inos_proto reader = inos_proto_begin (record->bytes, record->len);
  struct inos_proto_field field, key = {0}, value = {0};
  uint64_t received = 0;

  while (inos_proto_next (&reader, &field)) {
    if (inos_proto_is_bytes (&field, KEY, 1, INOS_KAD_KEY_MAX))
      key = field;
    else if (inos_proto_is_bytes (&field, VALUE, 0, INOS_KAD_VALUE_MAX))
      value = field;
    else if (field.number == RECEIVED && field.kind == INOS_PROTO_FIXED64)
      received = field.value;
  }
  /* A clock that was set back must not keep a value for ever. */
  int64_t at = (int64_t)MIN (received, (uint64_t)MAX (inos_env_wall (kad->env), 0));
  if (!reader.bad && key.len > 0 && value.bytes)
    inos_kad_load_record (kad, key.bytes, key.len, value.bytes, value.len, at);
}

bool inos_kad_file_read (struct inos_kad *kad, const void *bytes, size_t len)
{
  struct inos_proto_field field;
  struct inos_proto reader;

  if (!inos_sealed_open (&reader, MAGIC, bytes, len))
    return false;
  while (inos_proto_next (&reader, &field))
    if (field.number == RECORD && field.kind == INOS_PROTO_BYTES)
      load (kad, &field);
  return true;
}
