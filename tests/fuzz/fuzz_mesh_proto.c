/*
 * Fuzz target of the protobuf reader: it stays within its bytes, and fields follow each other
 * without a gap.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/proto.h"

#include <string.h>

#define DEPTH_MAX 8

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Writes @field as the writer would. */
static void put (struct inos_buffer *out, const struct inos_proto_field *field)
{
  if (field->kind == INOS_PROTO_NUMBER)
    inos_proto_put_number (out, field->number, field->value);
  else if (field->kind == INOS_PROTO_BYTES)
    inos_proto_put_bytes (out, field->number, field->bytes, field->len);
  else
    inos_proto_put_fixed64 (out, field->number, field->value);
}

static void check_again (const struct inos_buffer *bytes, const struct inos_proto_field *field)
{
  struct inos_proto reader = inos_proto_begin (inos_buffer_data (bytes), inos_buffer_len (bytes));
  struct inos_proto_field again;

  if (!inos_proto_next (&reader, &again) || again.number != field->number ||
      again.value != field->value || again.len != field->len ||
      (field->len > 0 && memcmp (again.bytes, field->bytes, field->len) != 0) ||
      inos_proto_next (&reader, &again) || reader.bad)
    g_error ("a field changed on the way");
}

static void walk (const uint8_t *bytes, size_t len, unsigned depth)
{
  struct inos_proto reader = inos_proto_begin (bytes, len);
  struct inos_proto_field field;
  const uint8_t *expected = bytes;

  while (inos_proto_next (&reader, &field)) {
    struct inos_buffer out = {0};
    if (field.start != expected || reader.at <= field.start || reader.at > bytes + len)
      g_error ("a gap between fields");
    expected = reader.at;
    put (&out, &field);
    check_again (&out, &field);
    inos_buffer_clear (&out);
    if (field.kind == INOS_PROTO_BYTES && depth < DEPTH_MAX)
      walk (field.bytes, field.len, depth + 1);
  }
  if (!reader.bad && reader.at != reader.end)
    g_error ("it ended early");
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  walk (data, size, 0);
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_buffer bytes = {0};

  size_t outer = inos_proto_open (&bytes, 1);
  inos_proto_put_number (&bytes, 1, 150);
  size_t inner = inos_proto_open (&bytes, 2);
  inos_proto_put_string (&bytes, 3, "/ipfs/ping/1.0.0");
  inos_proto_close (&bytes, inner);
  inos_proto_close (&bytes, outer);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  inos_proto_put_fixed64 (&bytes, 2, 0x0102030405060708);
  inos_proto_put_number (&bytes, 536870911, UINT64_MAX);
  g_ptr_array_add (corpus, g_bytes_new (inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  inos_buffer_clear (&bytes);
  g_ptr_array_add (corpus, g_bytes_new ("\x0d\x01\x02\x03\x04", 5)); /* a fixed32 */
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_proto", make_corpus());
}

#endif
