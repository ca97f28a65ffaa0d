/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/proto.h"
#include "tests/node/mesh/member/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* All parts go in and come out the same. */
static void test_message (void **state)
{
  struct inos_buffer out = {0}, numbers = {0}, lines = {0};
  struct inos_member_message message;
  struct inos_member_claim claim;
  struct inos_member_line line;
  size_t offset = 0;
  uint64_t number;

  inos_member_put_kind (&out, INOS_MEMBER_SYNC_LIST);
  inos_member_put_sequence (&out, 300);
  inos_member_put_tag (&out, UINT64_MAX);
  inos_member_put_claim (&out,
                         &(struct inos_member_claim){
                           .state = INOS_MEMBER_SUSPECT, .tag = 1, .incarnation = 2, .accuser = 3});
  inos_member_put_summary (&out, 4, 5, 6);
  inos_member_put_ttl (&out, 7);
  inos_member_put_flag (&out);
  inos_member_add_line (&lines, &(struct inos_member_line){8, 9, INOS_MEMBER_LEFT});
  inos_member_put_lines (&out, &lines);
  inos_member_add_number (&numbers, 10);
  inos_member_add_number (&numbers, 11);
  inos_member_put_wants (&out, &numbers);

  assert_true (
    inos_member_message_read (&message, inos_buffer_data (&out), inos_buffer_len (&out)));
  assert_int_equal (message.kind, INOS_MEMBER_SYNC_LIST);
  assert_true (message.sequence == 300 && message.tag == UINT64_MAX && message.digest == 6);
  assert_true (message.level == 4 && message.count == 5 && message.ttl == 7 && message.flag);
  assert_true (inos_member_message_claim (&message, &offset, &claim));
  assert_true (claim.state == INOS_MEMBER_SUSPECT && claim.tag == 1 && claim.incarnation == 2 &&
               claim.accuser == 3);
  assert_false (inos_member_message_claim (&message, &offset, &claim));
  offset = 0;
  assert_true (inos_member_span_line (&message.lines, &offset, &line));
  assert_true (line.tag == 8 && line.incarnation == 9 && line.state == INOS_MEMBER_LEFT);
  assert_false (inos_member_span_line (&message.lines, &offset, &line));
  offset = 0;
  assert_true (inos_member_span_number (&message.wants, &offset, &number) && number == 10);
  assert_true (inos_member_span_number (&message.wants, &offset, &number) && number == 11);
  assert_false (inos_member_span_number (&message.wants, &offset, &number));
  inos_buffer_clear (&out);
  inos_buffer_clear (&numbers);
  inos_buffer_clear (&lines);
}

static void test_message_refuses (void **state)
{
  static const struct {
    const char *bytes;
    size_t len;
  } wrong[] = {
    {"", 0},                     /* no kind */
    {"\x10\x01", 2},             /* no kind, but a sequence */
    {"\x08\x00", 2},             /* kind 0 */
    {"\x08\x7f", 2},             /* a kind that there is not */
    {"\x08\x01\x10", 3},         /* cut off */
    {"\x08\x01\x2a\x01\x02", 5}, /* an accusation of another length */
    {"\x08\x01\x22\x00", 4},     /* an empty record */
    {"\x08\x01\x5a\x01\x01", 5}, /* a line that is too short */
    {"\x08\x01\x62\x07"
     "1234567",
     11},                    /* a number of seven bytes */
    {"\x08\x01\x30\x29", 4}, /* a level beyond all members */
    {"\x08\x01\x50\x02", 4}, /* a flag that is neither */
  };

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++) {
    struct inos_member_message message;
    assert_false (inos_member_message_read (&message, wrong[i].bytes, wrong[i].len));
  }
}

static void test_record (void **state)
{
  struct inos_member_metadata metadata = {.load = 500,
                                          .reputation = 900,
                                          .cores = 16,
                                          .gpus = 1,
                                          .memory = 65536,
                                          .storage = 2000,
                                          .sensors = INOS_SENSOR_CAMERA | INOS_SENSOR_MOTION,
                                          .region = "eu-central",
                                          .n_addresses = INOS_MEMBER_ADDRESSES};
  struct fixture f;

  fixture_init (&f, 2);
  for (unsigned i = 0; i < INOS_MEMBER_ADDRESSES; i++) {
    metadata.addresses[i].len = INOS_MEMBER_ADDRESS_MAX;
    memset (metadata.addresses[i].bytes, (int)i, INOS_MEMBER_ADDRESS_MAX);
  }
  struct inos_member_record *record = inos_member_store_sign (
    f.store, &f.all[0].trust, &f.all[0].id, INOS_MEMBER_INCARNATION_MAX, false, &metadata);
  struct inos_member_metadata said = inos_member_record_metadata (record);
  assert_memory_equal (&said, &metadata, sizeof metadata);
  assert_true (record->len <= INOS_MEMBER_RECORD_MAX);

  /* The same bytes are the same record; any other byte is none. */
  uint8_t *bytes = g_memdup2 (record->bytes, record->len);
  struct inos_member_record *same = inos_member_store_take (f.store, bytes, record->len);
  assert_ptr_equal (same, record);
  inos_member_record_unref (f.store, same);
  for (size_t i = 0; i < record->len; i++) {
    bytes[i] ^= 0x10;
    assert_null (inos_member_store_take (f.store, bytes, record->len));
    bytes[i] ^= 0x10;
    assert_null (inos_member_store_take (f.store, bytes, i));
  }
  g_free (bytes);
  assert_int_equal (inos_member_store_count (f.store), 1);
  inos_member_record_unref (f.store, record);
  assert_int_equal (inos_member_store_count (f.store), 0);
  fixture_finish (&f);
}

/* One that somebody else has signed is none. */
static void test_record_of_another (void **state)
{
  const struct inos_member_metadata metadata = {0};
  struct inos_buffer body = {0}, out = {0};
  struct fixture f;
  uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE];

  fixture_init (&f, 2);
  struct inos_member_record *record =
    inos_member_store_sign (f.store, &f.all[0].trust, &f.all[0].id, 7, false, &metadata);
  struct inos_proto reader = inos_proto_begin (record->bytes, record->len);
  struct inos_proto_field field;
  assert_true (inos_proto_next (&reader, &field));
  inos_buffer_append (&body, INOS_MEMBER_RECORD_DOMAIN, strlen (INOS_MEMBER_RECORD_DOMAIN));
  inos_buffer_append (&body, field.bytes, field.len);
  fixture_make (&f.all[1].id, inos_buffer_data (&body), inos_buffer_len (&body), signature);
  inos_proto_put_bytes (&out, 1, field.bytes, field.len);
  inos_proto_put_bytes (&out, 2, signature, sizeof signature);
  assert_null (inos_member_store_take (f.store, inos_buffer_data (&out), inos_buffer_len (&out)));
  inos_member_record_unref (f.store, record);
  inos_buffer_clear (&body);
  inos_buffer_clear (&out);
  fixture_finish (&f);
}

/* One that names two peers is none: whoever looks for the first would find it to be about another.
 */
static void test_record_of_two (void **state)
{
  struct inos_buffer body = {0}, said = {0}, out = {0};
  struct fixture f;
  uint8_t signature[INOS_MEMBER_SIGNATURE_SIZE];

  fixture_init (&f, 2);
  for (unsigned i = 0; i < 2; i++) {
    inos_proto_put_bytes (&body, 1, f.all[i].id.bytes, f.all[i].id.len);
    inos_proto_put_number (&body, 2, 7);
    inos_buffer_clear (&said);
    inos_buffer_clear (&out);
    inos_buffer_append (&said, INOS_MEMBER_RECORD_DOMAIN, strlen (INOS_MEMBER_RECORD_DOMAIN));
    inos_buffer_append (&said, inos_buffer_data (&body), inos_buffer_len (&body));
    fixture_make (&f.all[i].id, inos_buffer_data (&said), inos_buffer_len (&said), signature);
    inos_proto_put_bytes (&out, 1, inos_buffer_data (&body), inos_buffer_len (&body));
    inos_proto_put_bytes (&out, 2, signature, sizeof signature);
    struct inos_member_record *record =
      inos_member_store_take (f.store, inos_buffer_data (&out), inos_buffer_len (&out));
    if (i == 0) {
      assert_non_null (record);
      inos_member_record_unref (f.store, record);
    } else {
      assert_null (record);
    }
  }
  inos_buffer_clear (&body);
  inos_buffer_clear (&said);
  inos_buffer_clear (&out);
  fixture_finish (&f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_message),       cmocka_unit_test (test_message_refuses),
    cmocka_unit_test (test_record),        cmocka_unit_test (test_record_of_another),
    cmocka_unit_test (test_record_of_two),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
