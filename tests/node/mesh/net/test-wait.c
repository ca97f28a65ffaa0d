/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <cmocka.h>

#define LONG (INOS_WAIT_AWAKE + 1)

/* One answer that came at once is reason to ask for a while, and many in vain to sleep. */
static void test_learns (void **state)
{
  unsigned tries = inos_wait_learn (0, INOS_WAIT_AWAKE), n = 0;

  assert_int_equal (tries, INOS_WAIT_TRIES);
  while (tries > 0 && n < 100) {
    tries = inos_wait_learn (tries, LONG);
    n++;
  }
  assert_int_equal (n, INOS_WAIT_TRIES);
  assert_int_equal (inos_wait_learn (0, UINT64_MAX), 0);
  assert_int_equal (inos_wait_learn (1, 1), INOS_WAIT_TRIES);
}

/* What poll() says is said, however it waits. */
static void test_says_what_is_ready (void **state)
{
  int event = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  uint64_t one = 1;
  GPollFD fds[] = {{.fd = event, .events = G_IO_IN}};

  for (unsigned i = 0; i < 200; i++) {
    inos_wait_asleep (i >= 100);
    assert_int_equal (inos_wait (fds, 1, 1), 0);
    assert_int_equal (write (event, &one, sizeof one), sizeof one);
    assert_int_equal (inos_wait (fds, 1, -1), 1);
    assert_int_equal (inos_wait (fds, 1, -1), 1);
    assert_int_equal (inos_wait (fds, 1, 0), 1);
    assert_int_equal (fds[0].revents, G_IO_IN);
    assert_int_equal (read (event, &one, sizeof one), sizeof one);
    assert_int_equal (inos_wait (fds, 1, 0), 0);
  }
  close (event);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_learns),
    cmocka_unit_test (test_says_what_is_ready),
  };

  cmocka_set_message_output (CM_OUTPUT_TAP);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
