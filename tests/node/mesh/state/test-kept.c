/*
 * Documents in files.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/kept.h"

#include "../world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

struct fixture {
  struct world world;
  struct inos_mesh_env env;
};

static struct inos_document *make (struct fixture *f, uint64_t actor, int64_t age)
{
  return inos_document_new (
    &(struct inos_document_setup){.env = &f->env, .actor = actor, .age = age});
}

static int64_t wall (void *data)
{
  return INT64_C (1760000000000) + (int64_t)(((struct fixture *)data)->world.now / MS);
}

static uint64_t now (void *data)
{
  return ((struct fixture *)data)->world.now;
}

static void random_bytes (void *data, void *bytes, size_t len)
{
  memset (bytes, 7, len);
}

static void begin (struct fixture *f)
{
  *f = (struct fixture){.world.now = 1000 * MS};
  f->env = (struct inos_mesh_env){f, now, wall, random_bytes};
}

static struct inos_slot_id digest_of (const struct inos_document *document)
{
  struct inos_document_range all = {0};
  struct inos_slot_id digest;

  inos_sync_digest (document, &all, 0, &digest);
  return digest;
}

static struct inos_document *restore (struct fixture *f, GBytes *bytes, struct inos_kept *kept)
{
  struct inos_document *document = make (f, 1, 0);
  gsize len;
  const void *data = g_bytes_get_data (bytes, &len);

  assert_true (inos_kept_read (kept, data, len));
  inos_kept_restore (document, data, len);
  return document;
}

static void test_all_comes_back (void **state)
{
  struct fixture f;
  struct inos_kept kept = {.topic = "t", .incarnation = 77, .closed = true, .n_members = 2}, read;
  char value[INOS_SLOT_VALUE_MAX], name[16];

  begin (&f);
  kept.members[0] = inos_peer_id_of_key ((const uint8_t[32]){1});
  kept.members[1] = inos_peer_id_of_key ((const uint8_t[32]){2});
  struct inos_document *document = make (&f, 1, 0);
  memset (value, 'x', sizeof value);
  for (unsigned i = 0; i < 40; i++) { /* many deltas */
    g_snprintf (name, sizeof name, "k%u", i);
    assert_true (inos_document_put (document, name, value, sizeof value));
  }
  assert_true (inos_document_add (document, "set", "a"));
  assert_true (inos_document_take (document, "set", "a"));
  assert_true (inos_document_count (document, "c", -5));
  assert_true (inos_document_remove (document, "k3"));
  f.world.now += 120000 * MS;
  assert_true (inos_document_pack (document, 1000 * MS) > 0);
  g_autoptr (GBytes) bytes = inos_kept_write (document, &kept);
  struct inos_document *other = restore (&f, bytes, &read);
  assert_memory_equal (&read, &kept, sizeof kept);
  struct inos_slot_id a = digest_of (document), b = digest_of (other);
  assert_memory_equal (a.bytes, b.bytes, sizeof a);
  assert_int_equal (inos_document_total (other, "c"), -5);
  g_autoptr (GBytes) back = inos_document_get (other, "k7");
  assert_int_equal (g_bytes_get_size (back), sizeof value);
  inos_document_free (document);
  inos_document_free (other);
}

/* What a clock gave before is not given again, though the wall clock was put back; and the floor
 * stays. */
static void test_clock_and_floor (void **state)
{
  struct fixture f;
  struct inos_kept kept = {.topic = "t"}, read;

  begin (&f);
  f.world.now += 3600000 * MS;
  struct inos_document *document = make (&f, 1, 0);
  inos_document_put (document, "a", "1", 1);
  inos_document_settle (document, inos_document_stamp (document));
  uint64_t last = inos_document_stamp (document), floor = inos_document_floor (document);
  g_autoptr (GBytes) bytes = inos_kept_write (document, &kept);
  f.world.now -= 3600000 * MS;
  struct inos_document *other = restore (&f, bytes, &read);
  assert_true (inos_document_stamp (other) > last);
  assert_int_equal (inos_document_floor (other), floor);
  assert_int_equal (inos_document_slots (other), 1);
  inos_document_free (document);
  inos_document_free (other);
}

static void test_harm_is_seen (void **state)
{
  struct fixture f;
  struct inos_kept kept = {.topic = "t"}, read;

  begin (&f);
  struct inos_document *document = make (&f, 1, 0);
  inos_document_put (document, "a", "1", 1);
  g_autoptr (GBytes) bytes = inos_kept_write (document, &kept);
  gsize len;
  const void *data = g_bytes_get_data (bytes, &len);
  g_autofree uint8_t *copy = g_memdup2 (data, len);
  assert_true (inos_kept_read (&read, copy, len));
  for (gsize i = 0; i < len; i++) {
    copy[i] ^= 1;
    assert_false (inos_kept_read (&read, copy, len));
    copy[i] ^= 1;
    assert_false (inos_kept_read (&read, copy, i));
  }
  inos_document_free (document);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_all_comes_back),
    cmocka_unit_test (test_clock_and_floor),
    cmocka_unit_test (test_harm_is_seen),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
