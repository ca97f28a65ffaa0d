/*
 * Groups and votes in files.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/group/group_kept.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

static void check (const struct inos_group_kept *kept)
{
  struct inos_group_kept read;
  struct inos_buffer out = {0};

  inos_group_kept_write (kept, &out);
  assert_true (inos_buffer_len (&out) <= INOS_GROUP_FILE_MAX);
  assert_true (inos_group_kept_read (&read, inos_buffer_data (&out), inos_buffer_len (&out)));
  assert_memory_equal (&read, kept, sizeof read);
  for (size_t i = 0; i < inos_buffer_len (&out); i++) {
    assert_false (inos_group_kept_read (&read, inos_buffer_data (&out), i));
    inos_buffer_data (&out)[i] ^= 4;
    assert_false (inos_group_kept_read (&read, inos_buffer_data (&out), inos_buffer_len (&out)));
    inos_buffer_data (&out)[i] ^= 4;
  }
  inos_buffer_clear (&out);
}

static void test_kept (void **state)
{
  struct inos_group_kept kept = {.name = "g"};

  kept.vote.resource = inos_group_resource ("g");
  for (unsigned i = 0; i < INOS_ELECTION_MEMBERS_MAX; i++) {
    kept.members[kept.n_members++] = inos_peer_id_of_key ((const uint8_t[32]){(uint8_t)i});
    check (&kept);
  }
  kept.vote.epoch = UINT64_MAX;
  kept.vote.candidate = kept.members[3];
  kept.left = true;
  memset (kept.name, 'n', INOS_GROUP_NAME_MAX);
  kept.vote.resource = inos_group_resource (kept.name);
  check (&kept);
}

static void test_names_differ (void **state)
{
  assert_true (inos_group_resource ("a") == inos_group_resource ("a"));
  assert_true (inos_group_resource ("a") != inos_group_resource ("b"));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_kept),
    cmocka_unit_test (test_names_differ),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
