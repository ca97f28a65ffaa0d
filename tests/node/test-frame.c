/*
 * The codec: what goes in comes out, and each kind of damage is refused in its own way.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/frame.h"
#include "node/api/messages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct inos_frame make (enum inos_kind kind, const char *type, GVariant *payload)
{
  struct inos_frame e = {
    .kind = kind,
    .priority = INOS_PRIORITY_NORMAL,
    .version = 1,
    .id = 0x0102030405060708,
    .reply_to = kind == INOS_REPLY || kind == INOS_ERROR ? 7 : 0,
    .ttl_ms = 1500,
    .payload = payload ? g_variant_ref_sink (payload) : NULL,
  };

  g_strlcpy (e.type, type, sizeof e.type);
  return e;
}

static GByteArray *frame_of (enum inos_kind kind, const char *type, GVariant *payload)
{
  struct inos_frame e = make (kind, type, payload);
  GBytes *bytes = inos_frame_encode (&e);

  assert_non_null (bytes);
  inos_frame_clear (&e);
  return g_bytes_unref_to_array (bytes);
}

static enum inos_decode decode (GByteArray *frame, struct inos_frame *out, GError **error)
{
  struct inos_decoder *decoder = inos_decoder_new();
  enum inos_decode result;

  inos_decoder_push (decoder, frame->data, frame->len);
  result = inos_decoder_next (decoder, out, error);
  inos_decoder_free (decoder);
  return result;
}

static void expect_bad (GByteArray *frame, enum inos_api_error code)
{
  struct inos_frame out;
  g_autoptr (GError) error = NULL;

  assert_int_equal (decode (frame, &out, &error), INOS_DECODE_BAD);
  assert_true (g_error_matches (error, INOS_API_ERROR, (gint)code));
  assert_null (out.payload);
  inos_frame_clear (&out);
}

static GVariant *resources (void)
{
  return g_variant_new_parsed (
    "@" INOS_RESOURCES_TYPE " (1, 12.5, [1.0, 2.0], (0.1, 0.2, 0.3), 4, 3, 2, 1,"
    "[('cpu.some', 1.0, 2.0, 3.0)], [('/', 'ext4', 3, 2, 1)], [('lo', true, 1, 2, 3, 4)],"
    "[('Core', 40.0)], (true, 99.0, false, -1))");
}

static void test_layout (void **state)
{
  static const uint8_t wanted[] = {38,  0, 0, 0, 1,   1,   2,   9,   1,   0,   0,   0,   8,   7,
                                   6,   5, 4, 3, 2,   1,   0,   0,   0,   0,   0,   0,   0,   0,
                                   220, 5, 0, 0, 'n', 'o', 'd', 'e', '.', 'i', 'n', 'f', 'o', 0};
  g_autoptr (GByteArray) frame = frame_of (INOS_REQUEST, "node.info", NULL);

  assert_int_equal (frame->len, sizeof wanted);
  assert_memory_equal (frame->data, wanted, sizeof wanted);
}

static void test_round_trip (void **state)
{
  struct {
    enum inos_kind kind;
    const char *type;
    GVariant *payload;
  } cases[] = {
    {INOS_REQUEST, "node.info", NULL},
    {INOS_REPLY, "node.info", g_variant_new ("(sssxs)", "12D3", "0.1", "höst", (gint64)-5, "ab")},
    {INOS_REPLY, "node.resources", resources()},
    {INOS_EVENT, "node.resources", resources()},
    {INOS_REQUEST, "node.subscribe", g_variant_new ("(u)", 1000)},
    {INOS_REPLY, "node.alerts", g_variant_new_parsed ("@a(sdds) []")},
    {INOS_EVENT, "node.alert", g_variant_new ("(sbdds)", "cpu", TRUE, 90.0, 70.0, "busy")},
    {INOS_ERROR, "no.such-type", g_variant_new ("(ss)", "unknown-message", "why")},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    struct inos_frame e = make (cases[i].kind, cases[i].type, cases[i].payload), out;
    g_autoptr (GBytes) bytes = inos_frame_encode (&e);
    g_autoptr (GByteArray) frame = g_bytes_unref_to_array (g_steal_pointer (&bytes));
    g_autoptr (GError) error = NULL;
    assert_int_equal (decode (frame, &out, &error), INOS_DECODE_ONE);
    assert_null (error);
    assert_int_equal (out.kind, e.kind);
    assert_int_equal (out.priority, e.priority);
    assert_int_equal (out.version, e.version);
    assert_int_equal (out.id, e.id);
    assert_int_equal (out.reply_to, e.reply_to);
    assert_int_equal (out.ttl_ms, e.ttl_ms);
    assert_string_equal (out.type, e.type);
    if (e.payload)
      assert_true (g_variant_equal (out.payload, e.payload));
    inos_frame_clear (&e);
    inos_frame_clear (&out);
    inos_frame_clear (&out);
  }
}

static void test_byte_by_byte (void **state)
{
  g_autoptr (GByteArray) frame = frame_of (INOS_REPLY, "node.resources", resources());
  struct inos_decoder *decoder = inos_decoder_new();
  struct inos_frame out;
  guint whole = 0;

  for (int round = 0; round < 2; round++)
    for (guint i = 0; i < frame->len; i++) {
      inos_decoder_push (decoder, frame->data + i, 1);
      enum inos_decode result = inos_decoder_next (decoder, &out, NULL);
      assert_int_equal (result, i + 1 == frame->len ? INOS_DECODE_ONE : INOS_DECODE_MORE);
      whole += result == INOS_DECODE_ONE;
      inos_frame_clear (&out);
    }
  assert_int_equal (whole, 2);
  assert_int_equal (inos_decoder_pending (decoder), 0);
  inos_decoder_free (decoder);
  inos_decoder_free (NULL);
}

static void test_many_in_one_push (void **state)
{
  g_autoptr (GByteArray) frame = frame_of (INOS_REQUEST, "node.info", NULL);
  g_autoptr (GByteArray) all = g_byte_array_new();
  struct inos_decoder *decoder = inos_decoder_new();
  struct inos_frame out;

  for (int i = 0; i < 100; i++)
    g_byte_array_append (all, frame->data, frame->len);
  g_byte_array_append (all, frame->data, 10);
  inos_decoder_push (decoder, all->data, all->len);
  for (int i = 0; i < 100; i++) {
    assert_int_equal (inos_decoder_next (decoder, &out, NULL), INOS_DECODE_ONE);
    inos_frame_clear (&out);
  }
  assert_int_equal (inos_decoder_next (decoder, &out, NULL), INOS_DECODE_MORE);
  assert_int_equal (inos_decoder_pending (decoder), 10);
  inos_decoder_free (decoder);
}

static void test_bad_headers (void **state)
{
  static const struct {
    guint at;
    uint8_t value;
    enum inos_api_error code;
  } cases[] = {
    {0, 3, INOS_API_ERROR_MALFORMED},  /* shorter than a header */
    {0, 28, INOS_API_ERROR_MALFORMED}, /* no room for a type name */
    {0, 30, INOS_API_ERROR_MALFORMED}, /* the type name goes past the end */
    {2, 0x11, INOS_API_ERROR_TOO_BIG}, /* 1 MiB and some */
    {3, 0x80, INOS_API_ERROR_TOO_BIG}, /* 2 GiB */
    {4, 0, INOS_API_ERROR_MALFORMED},  /* format */
    {4, 2, INOS_API_ERROR_MALFORMED},
    {5, 0, INOS_API_ERROR_MALFORMED}, /* kind */
    {5, 5, INOS_API_ERROR_MALFORMED},
    {5, INOS_REPLY, INOS_API_ERROR_MALFORMED}, /* without reply_to */
    {6, 4, INOS_API_ERROR_MALFORMED},          /* priority */
    {7, 0, INOS_API_ERROR_MALFORMED},          /* type name's length */
    {7, 65, INOS_API_ERROR_MALFORMED},
    {7, 255, INOS_API_ERROR_MALFORMED},
    {7, 8, INOS_API_ERROR_UNKNOWN_MESSAGE},          /* node.inf, and a longer payload */
    {8, 9, INOS_API_ERROR_UNKNOWN_MESSAGE},          /* version */
    {5, INOS_EVENT, INOS_API_ERROR_UNKNOWN_MESSAGE}, /* node.info has no event */
    {10, 1, INOS_API_ERROR_MALFORMED},               /* reserved */
    {11, 1, INOS_API_ERROR_MALFORMED},
    {20, 1, INOS_API_ERROR_MALFORMED},   /* a request that answers */
    {32, 'N', INOS_API_ERROR_MALFORMED}, /* type name's characters */
    {32, 0, INOS_API_ERROR_MALFORMED},
    {33, '/', INOS_API_ERROR_MALFORMED},
    {33, 0xc3, INOS_API_ERROR_MALFORMED},
    {41, 1, INOS_API_ERROR_BAD_PAYLOAD}, /* the unit is one zero byte */
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GByteArray) frame = frame_of (INOS_REQUEST, "node.info", NULL);
    frame->data[cases[i].at] = cases[i].value;
    expect_bad (frame, cases[i].code);
  }

  g_autoptr (GByteArray) no_id = frame_of (INOS_REQUEST, "node.info", NULL);
  memset (no_id->data + 12, 0, 8);
  expect_bad (no_id, INOS_API_ERROR_MALFORMED);
}

/* Replaces the payload of a node.subscribe request by @len bytes and expects @code. */
static void expect_bad_subscribe (const char *bytes, guint len)
{
  g_autoptr (GByteArray) frame =
    frame_of (INOS_REQUEST, "node.subscribe", g_variant_new ("(u)", 1));

  g_byte_array_set_size (frame, 32 + 14);
  g_byte_array_append (frame, (const guint8 *)bytes, len);
  frame->data[0] = (guint8)(frame->len - 4);
  expect_bad (frame, INOS_API_ERROR_BAD_PAYLOAD);
}

static void test_bad_payloads (void **state)
{
  expect_bad_subscribe ("", 0);
  expect_bad_subscribe ("abc", 3);
  expect_bad_subscribe ("abcde", 5);
  expect_bad_subscribe ("abcdefgh", 8);

  /* A string that is not UTF-8, and one without its end. */
  g_autoptr (GByteArray) error =
    frame_of (INOS_ERROR, "node.info", g_variant_new ("(ss)", "ab", "cd"));
  guint at = 32 + 9;
  error->data[at] = 0xff;
  expect_bad (error, INOS_API_ERROR_BAD_PAYLOAD);
  error->data[at] = 'a';
  error->data[error->len - 1] = 200; /* the framing offset points past the end */
  expect_bad (error, INOS_API_ERROR_BAD_PAYLOAD);

  g_autoptr (GByteArray) big = frame_of (INOS_EVENT, "node.resources", resources());
  for (guint i = 32 + 14; i < big->len; i++) {
    struct inos_frame out;
    guint8 was = big->data[i];
    big->data[i] = (guint8)~was;
    if (decode (big, &out, NULL) == INOS_DECODE_ONE) /* a changed number is still a number */
      assert_true (g_variant_is_normal_form (out.payload));
    inos_frame_clear (&out);
    big->data[i] = was;
  }
}

static void test_goes_on_after_unknown (void **state)
{
  g_autoptr (GByteArray) all = frame_of (INOS_REQUEST, "node.info", NULL);
  g_autoptr (GByteArray) good = frame_of (INOS_REQUEST, "node.info", NULL);
  struct inos_decoder *decoder = inos_decoder_new();
  struct inos_frame out;
  GError *error = NULL;

  all->data[32] = 'x';
  g_byte_array_append (all, good->data, good->len);
  inos_decoder_push (decoder, all->data, all->len);
  assert_int_equal (inos_decoder_next (decoder, &out, &error), INOS_DECODE_BAD);
  assert_false (inos_api_error_is_fatal (error));
  assert_string_equal (out.type, "xode.info");
  assert_int_equal (out.id, 0x0102030405060708);
  g_clear_error (&error);
  assert_int_equal (inos_decoder_next (decoder, &out, &error), INOS_DECODE_ONE);
  inos_frame_clear (&out);
  inos_decoder_free (decoder);
}

static void test_stays_broken (void **state)
{
  g_autoptr (GByteArray) bad = frame_of (INOS_REQUEST, "node.info", NULL);
  g_autoptr (GByteArray) good = frame_of (INOS_REQUEST, "node.info", NULL);
  struct inos_decoder *decoder = inos_decoder_new();
  struct inos_frame out;

  bad->data[4] = 9;
  inos_decoder_push (decoder, bad->data, bad->len);
  for (int i = 0; i < 3; i++) {
    g_autoptr (GError) error = NULL;
    assert_int_equal (inos_decoder_next (decoder, &out, &error), INOS_DECODE_BAD);
    assert_true (inos_api_error_is_fatal (error));
    inos_decoder_push (decoder, good->data, good->len);
  }
  inos_decoder_free (decoder);
}

static void test_oversize_is_refused_at_its_length (void **state)
{
  static const uint8_t length[] = {1, 0, 0x10, 0}; /* 1 MiB + 1 */
  struct inos_decoder *decoder = inos_decoder_new();
  struct inos_frame out;
  g_autoptr (GError) error = NULL;

  inos_decoder_push (decoder, length, sizeof length);
  assert_int_equal (inos_decoder_next (decoder, &out, &error), INOS_DECODE_BAD);
  assert_true (g_error_matches (error, INOS_API_ERROR, INOS_API_ERROR_TOO_BIG));
  inos_decoder_free (decoder);
}

static void test_largest_frame (void **state)
{
  size_t room = INOS_FRAME_MAX - (INOS_FRAME_HEADER - 4) - strlen ("node.info");
  g_autofree char *text = g_strnfill (room - 2 - 4, 'x'); /* two ends and a framing offset */
  g_autoptr (GByteArray) frame =
    frame_of (INOS_ERROR, "node.info", g_variant_new ("(ss)", "", text));
  struct inos_frame out;

  assert_int_equal (frame->len, INOS_FRAME_MAX + 4);
  assert_int_equal (decode (frame, &out, NULL), INOS_DECODE_ONE);
  inos_frame_clear (&out);

  g_autofree char *more = g_strnfill (room - 2 - 4 + 1, 'x');
  struct inos_frame e = make (INOS_ERROR, "node.info", g_variant_new ("(ss)", "", more));
  assert_null (inos_frame_encode (&e));
  inos_frame_clear (&e);
}

static void test_encode_refuses (void **state)
{
  struct inos_frame good = make (INOS_REQUEST, "node.info", NULL), e;

  e = good, e.id = 0;
  assert_null (inos_frame_encode (&e));
  e = good, e.kind = 0;
  assert_null (inos_frame_encode (&e));
  e = good, e.priority = 9;
  assert_null (inos_frame_encode (&e));
  e = good, e.reply_to = 1;
  assert_null (inos_frame_encode (&e));
  e = good, e.type[0] = '\0';
  assert_null (inos_frame_encode (&e));
  e = good, e.type[0] = 'N';
  assert_null (inos_frame_encode (&e));
  e = good, memset (e.type, 'a', sizeof e.type); /* no end */
  assert_null (inos_frame_encode (&e));
}

static void test_table (void **state)
{
  size_t count;
  const struct inos_api_message *table = inos_message_table (&count);

  for (size_t i = 0; i < count; i++) {
    assert_ptr_equal (inos_message_find (table[i].name, table[i].version), &table[i]);
    for (enum inos_kind kind = INOS_REQUEST; kind <= INOS_EVENT; kind++) {
      const char *type = inos_message_payload_type (&table[i], kind);
      assert_true (!type || g_variant_type_string_is_valid (type));
    }
    if (i > 0)
      assert_true (strcmp (table[i - 1].name, table[i].name) < 0);
    assert_non_null (table[i].capability);
  }
  assert_null (inos_message_find ("node.info", 0));
  assert_null (inos_message_find ("", 1));
  assert_string_equal (inos_message_payload_type (NULL, INOS_ERROR), "(ss)");
  assert_string_equal (inos_api_error_name (INOS_API_ERROR_UNKNOWN_MESSAGE), "unknown-message");
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_layout),
    cmocka_unit_test (test_round_trip),
    cmocka_unit_test (test_byte_by_byte),
    cmocka_unit_test (test_many_in_one_push),
    cmocka_unit_test (test_bad_headers),
    cmocka_unit_test (test_bad_payloads),
    cmocka_unit_test (test_goes_on_after_unknown),
    cmocka_unit_test (test_stays_broken),
    cmocka_unit_test (test_oversize_is_refused_at_its_length),
    cmocka_unit_test (test_largest_frame),
    cmocka_unit_test (test_encode_refuses),
    cmocka_unit_test (test_table),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
