/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "link-trials.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

void link_trial_bulk (struct inos_host *host, struct inos_link *dialled, struct inos_link *accepted,
                      uint64_t len)
{
  standin_send (dialled, len);
  standin_send (accepted, len);
  for (unsigned turn = 0; accepted->received < len || dialled->received < len; turn++) {
    if (turn % 64 == 0)
      accepted->klass->read (accepted->object, turn % 128 != 0 || dialled->received == len);
    standin_turn (host);
    assert_true (turn < 1000000);
  }
  assert_false (accepted->wrong || dialled->wrong);
}

void link_trial_back_pressure (struct inos_host *host, struct inos_link *dialled,
                               struct inos_link *accepted)
{
  const uint64_t len = 256 * 1024 * 1024;
  uint64_t before;

  accepted->klass->read (accepted->object, false);
  standin_send (dialled, len);
  do {
    before = dialled->sent;
    for (int i = 0; i < 10; i++)
      standin_turn (host);
  } while (dialled->sent > before);
  assert_int_equal (accepted->received, 0);
  assert_true (dialled->sent < len / 4);
  accepted->klass->read (accepted->object, true);
  host->no_check = true;
  standin_until (host, accepted->received == len);
}

void link_trial_close (struct inos_host *host, struct inos_link *dialled,
                       struct inos_link *accepted, uint64_t len)
{
  accepted->klass->read (accepted->object, false);
  standin_send (accepted, 100); /* comes too late: it must not reset the connection */
  standin_send (dialled, len);
  uint64_t sent = dialled->sent;
  standin_close (dialled);
  accepted->klass->read (accepted->object, true);
  standin_until (host, accepted->closed);
  assert_null (accepted->error);
  assert_int_equal (accepted->received, sent);
  assert_false (accepted->wrong);
}
