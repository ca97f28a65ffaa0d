/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/proto.h"
#include "node/mesh/wire/varint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

/* Vectors of multiformats/unsigned-varint, and the edges. */
static void test_varint (void **state)
{
  static const struct {
    uint64_t value;
    const char *bytes;
    int len;
  } vectors[] = {
    {0, "\x00", 1},
    {1, "\x01", 1},
    {127, "\x7f", 1},
    {128, "\x80\x01", 2},
    {255, "\xff\x01", 2},
    {300, "\xac\x02", 2},
    {16384, "\x80\x80\x01", 3},
    {UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10},
  };
  uint8_t out[INOS_VARINT_MAX];
  uint64_t value;

  for (size_t i = 0; i < G_N_ELEMENTS (vectors); i++) {
    const uint8_t *bytes = (const uint8_t *)vectors[i].bytes;
    assert_int_equal (inos_varint_put (out, vectors[i].value), vectors[i].len);
    assert_int_equal (inos_varint_size (vectors[i].value), vectors[i].len);
    assert_memory_equal (out, bytes, (size_t)vectors[i].len);
    assert_int_equal (inos_varint_get (bytes, (size_t)vectors[i].len, &value), vectors[i].len);
    assert_true (value == vectors[i].value);
    assert_int_equal (inos_varint_get (bytes, (size_t)vectors[i].len - 1, &value), 0);
  }
}

static void test_varint_refuses (void **state)
{
  uint64_t value;

  assert_int_equal (inos_varint_get ((const uint8_t *)"\x81\x00", 2, &value), -1);
  assert_int_equal (inos_varint_get_loose ((const uint8_t *)"\x81\x00", 2, &value), 2);
  assert_int_equal (
    inos_varint_get_loose ((const uint8_t *)"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 10, &value),
    -1);
  assert_int_equal (inos_varint_get_loose (
                      (const uint8_t *)"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 11, &value),
                    -1);
}

/* The example of protobuf's "Encoding" page, and a message of more than 127 bytes in another. */
static void test_writes (void **state)
{
  struct inos_buffer out = {0};
  char long_text[300];

  memset (long_text, 'x', sizeof long_text);
  size_t outer = inos_proto_open (&out, 3);
  inos_proto_put_number (&out, 1, 150);
  inos_proto_close (&out, outer);
  assert_int_equal (inos_buffer_len (&out), 5);
  assert_memory_equal (inos_buffer_data (&out), "\x1a\x03\x08\x96\x01", 5);

  outer = inos_proto_open (&out, 4);
  size_t inner = inos_proto_open (&out, 1);
  inos_proto_put_bytes (&out, 2, long_text, sizeof long_text);
  inos_proto_close (&out, inner);
  inos_proto_put_fixed64 (&out, 3, 0x0102030405060708);
  inos_proto_close (&out, outer);

  struct inos_proto reader = inos_proto_begin (inos_buffer_data (&out), inos_buffer_len (&out));
  struct inos_proto_field field;
  assert_true (inos_proto_next (&reader, &field));
  assert_true (inos_proto_is_bytes (&field, 3, 3, 3));
  assert_true (inos_proto_next (&reader, &field));
  assert_true (inos_proto_is_bytes (&field, 4, 300, 400));
  assert_false (inos_proto_next (&reader, &(struct inos_proto_field){0}));
  assert_false (reader.bad);

  reader = inos_proto_begin (field.bytes, field.len);
  assert_true (inos_proto_next (&reader, &field));
  struct inos_proto within = inos_proto_begin (field.bytes, field.len);
  assert_true (inos_proto_next (&reader, &field));
  assert_int_equal (field.number, 3);
  assert_true (field.value == 0x0102030405060708);
  assert_true (inos_proto_next (&within, &field));
  assert_true (inos_proto_is_bytes (&field, 2, sizeof long_text, sizeof long_text));
  assert_memory_equal (field.bytes, long_text, sizeof long_text);
  inos_buffer_clear (&out);
}

static void test_refuses (void **state)
{
  static const struct {
    const char *bytes;
    size_t len;
  } wrong[] = {
    {"\x08", 1}, /* no value */
    {"\x0a\x05"
     "abcd",
     6},                                                  /* shorter than it says */
    {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11}, /* far shorter */
    {"\x0b\x0c", 2},                                      /* a group */
    {"\x00\x01", 2},                                      /* number 0 */
    {"\x09\x01\x02\x03", 4},                              /* a fixed64 cut off */
    {"\x0d\x01\x02\x03", 4},                              /* a fixed32 cut off */
  };

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++) {
    struct inos_proto reader = inos_proto_begin (wrong[i].bytes, wrong[i].len);
    struct inos_proto_field field;
    assert_false (inos_proto_next (&reader, &field));
    assert_true (reader.bad);
    assert_false (inos_proto_next (&reader, &field));
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_varint),
    cmocka_unit_test (test_varint_refuses),
    cmocka_unit_test (test_writes),
    cmocka_unit_test (test_refuses),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
