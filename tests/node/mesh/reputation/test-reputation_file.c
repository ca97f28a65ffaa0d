/*
 * What was seen of peers, on the disk and back.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/reputation/reputation_file.h"
#include "node/mesh/wire/sealed.h"
#include "fixture.h"

#include <string.h>

#define WALL INT64_C (1700000000000)
#define HOUR_MS INT64_C (3600000)
#define MAGIC "INOSREP\1"

static GBytes *make (void)
{
  struct fixture f;

  begin (&f);
  see (&f, 1, INOS_CONDUCT_ANSWERED, 8);
  see (&f, 2, INOS_CONDUCT_SILENT, 3);
  see (&f, 2, INOS_CONDUCT_RULES, 1);
  GBytes *bytes = inos_reputation_file_write (f.reputation, WALL);
  end (&f);
  return bytes;
}

static bool read_at (struct fixture *f, int64_t wall, const void *bytes, size_t len)
{
  return inos_reputation_file_read (f->reputation, f->world.now, wall, bytes, len);
}

static void check (int64_t wall, unsigned first, unsigned second)
{
  g_autoptr (GBytes) bytes = make();
  struct fixture f;
  gsize len;
  const void *data = g_bytes_get_data (bytes, &len);

  begin (&f);
  assert_true (read_at (&f, wall, data, len));
  assert_int_equal (inos_reputation_count (f.reputation), 2);
  assert_int_equal (expect (&f, 1, INOS_EVIDENCE_NEUTRAL), first);
  assert_int_equal (expect (&f, 2, INOS_EVIDENCE_NEUTRAL), second);
  end (&f);
}

/* It has faded while the node was not there; a clock that was set back fades nothing. */
static void test_back_again (void **state)
{
  check (WALL, 900, 111);                 /* 9 / 10, 1 / 9 */
  check (WALL + 168 * HOUR_MS, 833, 182); /* 5 / 6, 1 / 5.5 */
  check (WALL - 1000 * HOUR_MS, 900, 111);
  check (0, 900, 111);
  check (INT64_MIN, 900, 111);
}

/* After a time in which all fades there is nobody left. */
static void test_long_ago (void **state)
{
  g_autoptr (GBytes) bytes = make();
  struct fixture f;
  gsize len;
  const void *data = g_bytes_get_data (bytes, &len);

  begin (&f);
  assert_true (read_at (&f, INT64_MAX, data, len));
  assert_int_equal (inos_reputation_count (f.reputation), 0);
  end (&f);
}

/* It goes on fading from where it was. */
static void test_written_again (void **state)
{
  g_autoptr (GBytes) bytes = make();
  struct fixture f;
  gsize len;
  const void *data = g_bytes_get_data (bytes, &len);

  begin (&f);
  assert_true (read_at (&f, WALL, data, len));
  g_autoptr (GBytes) again = inos_reputation_file_write (f.reputation, WALL);
  assert_true (g_bytes_equal (bytes, again));
  end (&f);
}

static void refused (const void *bytes, size_t len)
{
  struct fixture f;

  begin (&f);
  assert_false (read_at (&f, WALL, bytes, len));
  assert_int_equal (inos_reputation_count (f.reputation), 0);
  end (&f);
}

static void test_torn (void **state)
{
  g_autoptr (GBytes) bytes = make();
  gsize len;
  const uint8_t *data = g_bytes_get_data (bytes, &len);

  for (gsize i = 0; i < len; i++) {
    g_autofree uint8_t *torn = g_memdup2 (data, len);
    refused (torn, i);
    torn[i] ^= 1;
    refused (torn, len);
  }
}

/* A file with one peer of these outcomes, well sealed. */
static void refused_with (const void *id, size_t id_len, uint64_t amount, unsigned times,
                          unsigned peers)
{
  struct inos_buffer out = {0};

  inos_sealed_begin (&out, MAGIC);
  for (unsigned i = 0; i < peers; i++) {
    size_t opened = inos_proto_open (&out, 2);
    inos_proto_put_bytes (&out, 1, id, id_len);
    for (unsigned j = 0; j < times; j++)
      inos_proto_put_number (&out, 2 + j, amount);
    inos_proto_close (&out, opened);
  }
  inos_sealed_end (&out);
  refused (inos_buffer_data (&out), inos_buffer_len (&out));
  inos_buffer_clear (&out);
}

static void test_hostile (void **state)
{
  struct inos_peer_id id = peer_of (1);

  refused_with ("nobody", 6, INOS_OUTCOME, 1, 1);
  refused_with (NULL, 0, INOS_OUTCOME, 1, 1);
  refused_with (id.bytes, id.len, UINT64_MAX, 1, 1);
  refused_with (id.bytes, id.len, (UINT64_C (1) << 32) + 1, 1, 1);
  refused_with (id.bytes, id.len, 33 * INOS_OUTCOME, 1, 1);
  refused_with (id.bytes, id.len, 20 * INOS_OUTCOME, 2, 1);
  refused_with (id.bytes, id.len, INOS_OUTCOME, 1, INOS_REPUTATION_PEERS_MAX + 1);
}

/* As many as there may be fit the bound that is read. */
static void test_size (void **state)
{
  struct fixture f;

  begin (&f);
  for (unsigned i = 0; i < INOS_REPUTATION_PEERS_MAX; i++)
    for (unsigned j = 0; j < INOS_CONDUCTS; j++)
      see (&f, i, j, 1);
  g_autoptr (GBytes) bytes = inos_reputation_file_write (f.reputation, WALL);
  assert_true (g_bytes_get_size (bytes) <= INOS_REPUTATION_FILE_MAX);
  end (&f);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_back_again),    cmocka_unit_test (test_long_ago),
    cmocka_unit_test (test_written_again), cmocka_unit_test (test_torn),
    cmocka_unit_test (test_hostile),       cmocka_unit_test (test_size),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
