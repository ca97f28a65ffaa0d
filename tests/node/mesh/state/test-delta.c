/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/delta.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>

static const struct inos_slot value = {
  .kind = INOS_SLOT_VALUE,
  .key = "colour",
  .key_len = 6,
  .actor = 7,
  .stamp = 1000,
  .value = (const uint8_t *)"red",
  .value_len = 3,
};
static const struct inos_slot gone = {
  .kind = INOS_SLOT_VALUE, .gone = true, .key = "shape", .key_len = 5, .actor = 9, .stamp = 900};
static const struct inos_slot element = {
  .kind = INOS_SLOT_ELEMENT,
  .key = "set",
  .key_len = 3,
  .element = "a",
  .element_len = 1,
  .actor = 7,
  .stamp = 1200,
  .added = 1100,
  .removed = 5,
};
static const struct inos_slot count = {.kind = INOS_SLOT_COUNT,
                                       .key = "n",
                                       .key_len = 1,
                                       .actor = 8,
                                       .stamp = UINT64_MAX,
                                       .plus = INOS_SLOT_COUNT_MAX,
                                       .minus = 3};

static bool is_same (const struct inos_slot *a, const struct inos_slot *b)
{
  struct inos_slot_id id = inos_slot_id (a), other = inos_slot_id (b);
  struct inos_slot_id digest = inos_slot_digest (a, &id), other_digest = inos_slot_digest (b, &id);

  return memcmp (&id, &other, sizeof id) == 0 &&
         memcmp (&digest, &other_digest, sizeof digest) == 0;
}

static void write_all (struct inos_buffer *out)
{
  struct inos_delta_writer writer = {0};

  assert_true (inos_delta_put (&writer, &value, INOS_DELTA_MAX));
  assert_true (inos_delta_put (&writer, &gone, INOS_DELTA_MAX));
  assert_true (inos_delta_put (&writer, &element, INOS_DELTA_MAX));
  assert_true (inos_delta_put (&writer, &count, INOS_DELTA_MAX));
  inos_delta_finish (&writer, true, out);
}

static void test_round_trip (void **state)
{
  const struct inos_slot *const slots[] = {&value, &gone, &element, &count};
  struct inos_buffer bytes = {0};
  struct inos_delta delta;
  struct inos_slot slot;

  write_all (&bytes);
  assert_true (inos_delta_read (&delta, inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  assert_true (delta.critical);
  for (unsigned i = 0; i < G_N_ELEMENTS (slots); i++) {
    assert_true (inos_delta_next (&delta, &slot));
    assert_true (is_same (&slot, slots[i]));
  }
  assert_false (inos_delta_next (&delta, &slot));
  assert_false (delta.bad);
  inos_buffer_clear (&bytes);
}

/* Cut anywhere, or with anything behind it, it is none. */
static void test_truncated (void **state)
{
  struct inos_buffer bytes = {0};
  struct inos_delta delta;

  write_all (&bytes);
  for (size_t len = 0; len < inos_buffer_len (&bytes); len++)
    assert_false (inos_delta_read (&delta, inos_buffer_data (&bytes), len));
  inos_buffer_append (&bytes, "", 1);
  assert_false (inos_delta_read (&delta, inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  inos_buffer_clear (&bytes);
}

/* What no replica writes is not read. */
static void test_unsound (void **state)
{
  struct inos_slot slots[12] = {value,   value,   value,   value, gone,  element,
                                element, element, element, count, count, value};
  static char long_name[INOS_SLOT_KEY_MAX + 1];
  static uint8_t long_value[INOS_SLOT_VALUE_MAX + 1];

  memset (long_name, 'x', sizeof long_name);
  slots[0].key_len = 0;
  slots[1].key = "\xff";
  slots[1].key_len = 1;
  slots[2].key = long_name;
  slots[2].key_len = sizeof long_name;
  slots[3].stamp = 0;
  slots[4].kind = INOS_SLOT_COUNT;
  slots[4].key = "a\0b";
  slots[4].key_len = 3;
  slots[5].added = 0;
  slots[5].removed = 0;
  slots[6].removed = slots[6].added + 1;
  slots[7].added = slots[7].stamp + 1;
  slots[8].element_len = 0;
  slots[9].plus = INOS_SLOT_COUNT_MAX + 1;
  slots[10].minus = UINT64_MAX;
  slots[11].value = long_value;
  slots[11].value_len = sizeof long_value;
  for (unsigned i = 0; i < G_N_ELEMENTS (slots); i++) {
    struct inos_delta_writer writer = {0};
    struct inos_buffer bytes = {0};
    struct inos_delta delta;
    assert_false (inos_slot_is_sound (&slots[i]));
    assert_true (inos_delta_put (&writer, &slots[i], INOS_DELTA_MAX));
    inos_delta_finish (&writer, false, &bytes);
    assert_false (inos_delta_read (&delta, inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
    inos_buffer_clear (&bytes);
  }
}

/* Heads that lie: versions, flags, counts. */
static void test_heads (void **state)
{
  struct inos_buffer bytes = {0};
  struct inos_delta delta;

  write_all (&bytes);
  uint8_t *at = inos_buffer_data (&bytes);
  size_t len = inos_buffer_len (&bytes);
  at[0] = 2;
  assert_false (inos_delta_read (&delta, at, len));
  at[0] = 1;
  at[1] = 3;
  assert_false (inos_delta_read (&delta, at, len));
  at[1] = 0;
  assert_true (inos_delta_read (&delta, at, len));
  assert_false (delta.critical);
  at[4] = 0; /* actors, behind a base of two bytes */
  assert_false (inos_delta_read (&delta, at, len));
  inos_buffer_clear (&bytes);
}

/* No delta is larger than it may be, whatever is put into it. */
static void test_limits (void **state)
{
  static uint8_t large[INOS_SLOT_VALUE_MAX];
  struct inos_delta_writer writer = {0};
  struct inos_buffer bytes = {0};
  struct inos_delta delta;
  struct inos_slot slot = value;
  unsigned n = 0;

  slot.value = large;
  slot.value_len = sizeof large;
  while (inos_delta_put (&writer, &slot, INOS_DELTA_MAX))
    n++;
  assert_int_equal (n, 3);
  inos_delta_finish (&writer, false, &bytes);
  assert_true (inos_buffer_len (&bytes) <= INOS_DELTA_MAX);
  assert_true (inos_delta_read (&delta, inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  inos_buffer_clear (&bytes);

  slot = count;
  for (n = 0; inos_delta_put (&writer, &slot, INOS_DELTA_MAX); n++)
    slot.actor++;
  assert_int_equal (n, INOS_DELTA_ACTORS_MAX);
  slot.actor--;
  while (inos_delta_put (&writer, &slot, INOS_DELTA_MAX))
    n++;
  assert_true (n <= INOS_DELTA_SLOTS_MAX);
  inos_delta_finish (&writer, false, &bytes);
  assert_true (inos_delta_read (&delta, inos_buffer_data (&bytes), inos_buffer_len (&bytes)));
  inos_buffer_clear (&bytes);

  inos_delta_finish (&writer, false, &bytes);
  assert_int_equal (inos_buffer_len (&bytes), 0);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_round_trip), cmocka_unit_test (test_truncated),
    cmocka_unit_test (test_unsound),    cmocka_unit_test (test_heads),
    cmocka_unit_test (test_limits),
  };

  if (sodium_init() < 0)
    return 1;
  return cmocka_run_group_tests (tests, NULL, NULL);
}
