/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

/* Numbered bytes go in and come out in turn, in pieces of all sizes, and none is lost. */
static void test_first_in_first_out (void **state)
{
  struct inos_buffer buffer = {0};
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  uint8_t in = 0, out = 0;

  for (int i = 0; i < 20000; i++) {
    size_t len = (size_t)g_rand_int_range (rand, 0, 700);
    if (g_rand_boolean (rand)) {
      uint8_t *room = inos_buffer_reserve (&buffer, len);
      for (size_t j = 0; j < len; j++)
        room[j] = in++;
      inos_buffer_commit (&buffer, len);
    } else {
      len = MIN (len, inos_buffer_len (&buffer));
      for (size_t j = 0; j < len; j++)
        assert_int_equal (inos_buffer_data (&buffer)[j], out++);
      inos_buffer_consume (&buffer, len);
    }
  }
  inos_buffer_clear (&buffer);
}

/* What was large once does not stay so when it is empty. */
static void test_gives_memory_back (void **state)
{
  struct inos_buffer buffer = {0};

  inos_buffer_reserve (&buffer, 1 << 20);
  inos_buffer_commit (&buffer, 1 << 20);
  inos_buffer_consume (&buffer, 1 << 20);
  assert_int_equal (buffer.size, 0);
  inos_buffer_append (&buffer, NULL, 0);
  inos_buffer_append (&buffer, "abc", 3);
  assert_memory_equal (inos_buffer_data (&buffer), "abc", 3);
  inos_buffer_clear (&buffer);
  inos_buffer_clear (&buffer);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_first_in_first_out),
    cmocka_unit_test (test_gives_memory_back),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
