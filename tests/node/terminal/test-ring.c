/*
 * What a ring keeps is what was put last.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/terminal/ring.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint8_t byte_at (uint64_t place)
{
  return (uint8_t)(place * 31 + place / 251);
}

/* All that is kept is what was put at its place. */
static void assert_holds (const struct inos_ring *ring)
{
  for (uint64_t at = ring->start; at < ring->end;) {
    size_t size;
    const uint8_t *bytes = inos_ring_peek (ring, at, &size);
    assert_true (size > 0);
    for (size_t i = 0; i < size; i++)
      assert_int_equal (bytes[i], byte_at (at + i));
    at += size;
  }
}

static void keeps_the_last (void **state)
{
  struct inos_ring ring;
  GRand *random = g_rand_new_with_seed (7);
  uint8_t bytes[5000];

  inos_ring_init (&ring, 64 * 1024);
  while (ring.end < 1000 * 1000) {
    size_t size = (size_t)g_rand_int_range (random, 1, sizeof bytes);
    for (size_t i = 0; i < size; i++)
      bytes[i] = byte_at (ring.end + i);
    inos_ring_put (&ring, bytes, size);
    assert_true (ring.end - ring.start <= ring.room && ring.room <= ring.most);
    if (ring.end < 64 * 1024)
      assert_int_equal (ring.start, 0);
    else
      assert_true (ring.end - ring.start > 32 * 1024);
  }
  assert_holds (&ring);
  inos_ring_finish (&ring);
  g_rand_free (random);
}

static void begins_with_a_whole_line (void **state)
{
  struct inos_ring ring;
  size_t size;

  inos_ring_init (&ring, 32 * 1024);
  inos_ring_put (&ring, "first\n", 6);
  assert_int_equal (inos_ring_first_line (&ring), 0);
  for (int i = 0; i < 4000; i++)
    inos_ring_put (&ring, "twelve bytes\n", 13);
  uint64_t at = inos_ring_first_line (&ring);
  assert_true (at > ring.start && at - ring.start <= 13);
  assert_memory_equal (inos_ring_peek (&ring, at, &size), "twelve", 6);
  inos_ring_finish (&ring);
}

static void begins_somewhere_where_no_line_ends (void **state)
{
  struct inos_ring ring;
  size_t size;

  inos_ring_init (&ring, 32 * 1024);
  assert_null (inos_ring_peek (&ring, 0, &size));
  assert_int_equal (size, 0);
  for (int i = 0; i < 4000; i++)
    inos_ring_put (&ring, "no line here.", 13);
  assert_int_equal (inos_ring_first_line (&ring), ring.start);
  inos_ring_finish (&ring);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (keeps_the_last),
    cmocka_unit_test (begins_with_a_whole_line),
    cmocka_unit_test (begins_somewhere_where_no_line_ends),
  };
  return cmocka_run_group_tests_name ("ring", tests, NULL, NULL);
}
