/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/document.h"
#include "node/mesh/state/sync_message.h"

#include "../world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#define REPLICAS 3u
#define SEEDS 200u
#define ROUNDS 60u

struct replica {
  struct world_place place;
  struct inos_document *document;
  int64_t counted;
};

static struct inos_document *make (struct replica *replica, uint64_t actor, int64_t age)
{
  return inos_document_new (
    &(struct inos_document_setup){.env = &replica->place.env, .actor = actor, .age = age});
}

static void begin (struct world *world, struct replica *replicas, unsigned n, uint64_t seed)
{
  world_init (world, seed);
  for (unsigned i = 0; i < n; i++) {
    world_place_init (world, &replicas[i].place);
    replicas[i].document = make (&replicas[i], i + 1, 0);
    replicas[i].counted = 0;
  }
}

static void end (struct world *world, struct replica *replicas, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    inos_document_free (replicas[i].document);
  world_finish (world);
}

static void merge_bytes (struct inos_document *document, const struct inos_buffer *bytes)
{
  struct inos_delta delta;
  struct inos_slot slot;

  assert_true (inos_delta_read (&delta, inos_buffer_data (bytes), inos_buffer_len (bytes)));
  while (inos_delta_next (&delta, &slot))
    inos_document_merge (document, &slot);
}

/* All that @from knows goes to @to, each slot with the probability 1 / @one_in, in deltas of at
 * most a few, and some of them twice. */
static void copy (struct inos_document *to, struct inos_document *from, unsigned one_in,
                  uint64_t *random)
{
  for (unsigned i = 0; i < inos_document_slots (from); i++) {
    struct inos_delta_writer writer = {0};
    struct inos_buffer bytes = {0};
    if (world_random (random) % one_in != 0)
      continue;
    assert_true (inos_document_write (from, i, &writer, INOS_DELTA_MAX));
    inos_delta_finish (&writer, false, &bytes);
    for (unsigned times = 1 + world_random (random) % 2; times > 0; times--)
      merge_bytes (to, &bytes);
    inos_buffer_clear (&bytes);
  }
}

static struct inos_slot_id digest_of (const struct inos_document *document)
{
  struct inos_document_range all = {0};
  struct inos_slot_id digest;

  inos_sync_digest (document, &all, 0, &digest);
  return digest;
}

static bool is_equal (const struct inos_document *a, const struct inos_document *b)
{
  struct inos_slot_id one = digest_of (a), other = digest_of (b);

  return memcmp (&one, &other, sizeof one) == 0;
}

/* Anything that a person may do. */
static void act (struct replica *replica, uint64_t *random)
{
  static const char *const names[] = {"a", "b", "c", "ü"};
  const char *name = names[world_random (random) % G_N_ELEMENTS (names)];
  const char *element = names[world_random (random) % G_N_ELEMENTS (names)];
  struct inos_document *document = replica->document;
  uint64_t value = world_random (random);
  int64_t by = (int64_t)(value % 21) - 10;
  bool had;

  switch (world_random (random) % 6) {
  case 0:
  case 1:
    assert_true (inos_document_put (document, name, &value, sizeof value));
    break;
  case 2:
    inos_document_remove (document, name);
    break;
  case 3:
    assert_true (inos_document_add (document, name, element));
    break;
  case 4:
    had = inos_document_has (document, name, element);
    assert_int_equal (inos_document_take (document, name, element), had);
    assert_false (inos_document_has (document, name, element));
    break;
  default:
    assert_true (inos_document_count (document, "n", by));
    replica->counted += by;
  }
}

/* Whatever three replicas do, and in whatever order, part and number they hear of it: when each has
 * heard all, they are the same, and nothing that was counted is lost. */
static void test_converges (void **state)
{
  struct replica replicas[REPLICAS];
  struct world world;

  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    uint64_t random = seed;
    int64_t total = 0;
    begin (&world, replicas, REPLICAS, seed);
    for (unsigned i = 0; i < ROUNDS; i++) {
      world.now += world_random (&random) % (2 * MS);
      act (&replicas[world_random (&random) % REPLICAS], &random);
      if (world_random (&random) % 3 == 0)
        copy (replicas[world_random (&random) % REPLICAS].document,
              replicas[world_random (&random) % REPLICAS].document, 3, &random);
    }
    for (unsigned i = 0; i < 2 * REPLICAS; i++) /* all to all, around twice */
      copy (replicas[(i + 1) % REPLICAS].document, replicas[i % REPLICAS].document, 1, &random);
    for (unsigned i = 0; i < REPLICAS; i++)
      total += replicas[i].counted;
    for (unsigned i = 0; i < REPLICAS; i++) {
      if (!is_equal (replicas[0].document, replicas[i].document) ||
          inos_document_total (replicas[i].document, "n") != total)
        fail_msg ("seed %" G_GUINT64_FORMAT ": replica %u differs", seed, i);
    }
    end (&world, replicas, REPLICAS);
  }
}

/* a ⊔ b = b ⊔ a, (a ⊔ b) ⊔ c = a ⊔ (b ⊔ c), a ⊔ a = a. */
static void test_laws (void **state)
{
  struct replica r[REPLICAS + 4];
  struct world world;

  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    uint64_t random = seed * 7919;
    begin (&world, r, G_N_ELEMENTS (r), seed);
    for (unsigned i = 0; i < ROUNDS; i++) {
      act (&r[world_random (&random) % REPLICAS], &random);
      if (i % 10 == 0)
        copy (r[i / 10 % REPLICAS].document, r[(i / 10 + 1) % REPLICAS].document, 2, &random);
    }
    struct inos_document *a = r[0].document, *b = r[1].document, *c = r[2].document;
    struct inos_document *left = r[3].document, *right = r[4].document, *bc = r[5].document;
    copy (left, a, 1, &random);
    copy (left, a, 1, &random);
    assert_true (is_equal (left, a));
    copy (left, b, 1, &random);
    copy (right, b, 1, &random);
    copy (right, a, 1, &random);
    assert_true (is_equal (left, right));
    copy (left, c, 1, &random);
    copy (bc, b, 1, &random);
    copy (bc, c, 1, &random);
    copy (r[6].document, a, 1, &random);
    copy (r[6].document, bc, 1, &random);
    assert_true (is_equal (left, r[6].document));
    end (&world, r, G_N_ELEMENTS (r));
  }
}

static void test_values (void **state)
{
  struct replica r[2];
  struct world world;
  uint64_t random = 1;

  begin (&world, r, 2, 1);
  assert_true (inos_document_put (r[0].document, "key", "old", 3));
  copy (r[1].document, r[0].document, 1, &random);
  assert_true (inos_document_put (r[1].document, "key", "new", 3));
  assert_false (inos_document_put (r[1].document, "", "x", 1));
  copy (r[0].document, r[1].document, 1, &random);
  g_autoptr (GBytes) value = inos_document_get (r[0].document, "key");
  assert_int_equal (g_bytes_get_size (value), 3);
  assert_memory_equal (g_bytes_get_data (value, NULL), "new", 3);
  assert_true (inos_document_remove (r[0].document, "key"));
  assert_false (inos_document_remove (r[0].document, "key"));
  assert_null (inos_document_get (r[0].document, "key"));
  g_autoptr (GPtrArray) keys = inos_document_keys (r[0].document);
  assert_int_equal (keys->len, 0);
  copy (r[0].document, r[1].document, 1, &random); /* an older copy brings nothing back */
  assert_null (inos_document_get (r[0].document, "key"));
  end (&world, r, 2);
}

/* Who removes removes what it has seen: what somebody else adds meanwhile stays. */
static void test_sets (void **state)
{
  struct replica r[2];
  struct world world;
  uint64_t random = 1;

  begin (&world, r, 2, 1);
  assert_true (inos_document_add (r[0].document, "set", "x"));
  assert_true (inos_document_add (r[0].document, "set", "y"));
  copy (r[1].document, r[0].document, 1, &random);
  assert_true (inos_document_add (r[1].document, "set", "x"));
  assert_true (inos_document_take (r[0].document, "set", "x"));
  assert_true (inos_document_take (r[0].document, "set", "y"));
  copy (r[1].document, r[0].document, 1, &random);
  copy (r[0].document, r[1].document, 1, &random);
  for (unsigned i = 0; i < 2; i++) {
    g_autoptr (GPtrArray) elements = inos_document_elements (r[i].document, "set");
    assert_int_equal (elements->len, 1);
    assert_string_equal (elements->pdata[0], "x");
  }
  end (&world, r, 2);
}

static void test_counters (void **state)
{
  struct replica r[2];
  struct world world;
  uint64_t random = 1;

  begin (&world, r, 2, 1);
  assert_true (inos_document_count (r[0].document, "n", 5));
  assert_true (inos_document_count (r[1].document, "n", -7));
  copy (r[1].document, r[0].document, 1, &random);
  assert_true (inos_document_total (r[1].document, "n") == -2);
  assert_true (inos_document_count (r[0].document, "big", INT64_MAX));
  assert_false (inos_document_count (r[0].document, "big", INT64_MAX));
  assert_true (inos_document_count (r[1].document, "big", INT64_MAX));
  copy (r[1].document, r[0].document, 1, &random);
  assert_true (inos_document_total (r[1].document, "big") == INT64_MAX);
  end (&world, r, 2);
}

/* Nobody's clock is taken along far into the future, and what is written there can be overwritten.
 */
static void test_ahead (void **state)
{
  struct replica r[2];
  struct world world;
  struct inos_slot slot = {.kind = INOS_SLOT_VALUE, .key = "k", .key_len = 1, .actor = 9};

  begin (&world, r, 1, 1);
  int64_t wall = inos_env_wall (&r[0].place.env);
  slot.stamp = inos_stamp_of (wall + INOS_STAMP_AHEAD_MAX + 1);
  assert_int_equal (inos_document_merge (r[0].document, &slot), INOS_DOCUMENT_AHEAD);
  slot.stamp = inos_stamp_of (wall + INOS_STAMP_AHEAD_MAX);
  assert_int_equal (inos_document_merge (r[0].document, &slot), INOS_DOCUMENT_TAKEN);
  assert_int_equal (inos_document_merge (r[0].document, &slot), INOS_DOCUMENT_KNOWN);
  uint64_t next = inos_document_stamp (r[0].document),
           lead = inos_stamp_of (wall + INOS_STAMP_LEAD_MAX);
  assert_true (next > lead && next < lead + 10);
  assert_true (inos_document_put (r[0].document, "k", "y", 1));
  assert_int_equal (inos_document_merge (r[0].document, &slot), INOS_DOCUMENT_KNOWN);
  assert_true (inos_document_remove (r[0].document, "k"));
  assert_int_equal (inos_document_merge (r[0].document, &slot), INOS_DOCUMENT_KNOWN);
  end (&world, r, 1);
}

/* Behind the floor, graves are gone, and what rises from them is not taken. */
static void test_floor (void **state)
{
  struct replica r[2];
  struct world world;
  uint64_t random = 1;

  begin (&world, r, 2, 1);
  inos_document_put (r[0].document, "dead", "x", 1);
  inos_document_put (r[0].document, "alive", "x", 1);
  inos_document_add (r[0].document, "set", "dead");
  copy (r[1].document, r[0].document, 1, &random);
  inos_document_remove (r[0].document, "dead");
  inos_document_take (r[0].document, "set", "dead");
  assert_int_equal (inos_document_slots (r[0].document), 3);
  inos_document_settle (r[0].document, inos_document_stamp (r[0].document));
  assert_int_equal (inos_document_slots (r[0].document), 1);
  copy (r[0].document, r[1].document, 1, &random);
  assert_int_equal (inos_document_slots (r[0].document), 1);
  assert_true (inos_document_put (r[0].document, "dead", "y", 1)); /* written anew */
  end (&world, r, 2);
}

/* What is from before the floor, and still there after a minute, is taken: a grave is not. So is
 * more than can be remembered. */
static void test_late (void **state)
{
  struct inos_slot slot = {
    .kind = INOS_SLOT_VALUE, .key = "k", .key_len = 1, .actor = 9, .stamp = 5};
  struct replica r[1];
  struct world world;
  char name[16];

  begin (&world, r, 1, 1);
  inos_document_settle (r[0].document, inos_document_stamp (r[0].document));
  assert_int_equal (inos_document_reconcile (r[0].document, &slot), INOS_DOCUMENT_OLD);
  world.now += INOS_DOCUMENT_INSIST - 1;
  assert_int_equal (inos_document_reconcile (r[0].document, &slot), INOS_DOCUMENT_OLD);
  world.now += 1;
  assert_int_equal (inos_document_merge (r[0].document, &slot), INOS_DOCUMENT_OLD);
  slot.gone = true;
  assert_int_equal (inos_document_reconcile (r[0].document, &slot), INOS_DOCUMENT_OLD);
  slot.gone = false;
  assert_int_equal (inos_document_reconcile (r[0].document, &slot), INOS_DOCUMENT_TAKEN);
  slot.key = name;
  for (unsigned i = 0; i < INOS_DOCUMENT_LATE_MAX; i++) {
    slot.key_len = (size_t)g_snprintf (name, sizeof name, "%u", i);
    assert_int_equal (inos_document_reconcile (r[0].document, &slot), INOS_DOCUMENT_OLD);
  }
  assert_true (inos_document_memory (r[0].document) <= inos_document_memory_max());
  slot.key_len = (size_t)g_snprintf (name, sizeof name, "more");
  assert_int_equal (inos_document_reconcile (r[0].document, &slot), INOS_DOCUMENT_TAKEN);
  world.now += 10 * INOS_DOCUMENT_INSIST; /* of that nobody knows any more */
  slot.key_len = (size_t)g_snprintf (name, sizeof name, "0");
  assert_int_equal (inos_document_reconcile (r[0].document, &slot), INOS_DOCUMENT_OLD);
  end (&world, r, 1);
}

/* So many others who lack it within a minute have it go, unless it was insisted on. */
static void test_denied (void **state)
{
  struct inos_slot slot = {
    .kind = INOS_SLOT_VALUE, .key = "k", .key_len = 1, .actor = 9, .stamp = 5};
  struct inos_slot_id id = inos_slot_id (&slot);
  struct replica r[1];
  struct world world;

  begin (&world, r, 1, 1);
  assert_false (inos_document_deny (r[0].document, &id, 1, 1)); /* it is not there */
  assert_int_equal (inos_document_merge (r[0].document, &slot), INOS_DOCUMENT_TAKEN);
  for (unsigned i = 0; i < 5; i++)
    assert_false (inos_document_deny (r[0].document, &id, 1, 3));
  assert_false (inos_document_deny (r[0].document, &id, 63, 3));
  inos_document_grant (r[0].document, &id, 1);
  assert_false (inos_document_deny (r[0].document, &id, 2, 3));
  inos_document_grant (r[0].document, NULL, 2);
  assert_false (inos_document_deny (r[0].document, &id, 3, 3));
  world.now += INOS_DOCUMENT_INSIST + 1;
  assert_false (inos_document_deny (r[0].document, &id, 1, 3));
  assert_false (inos_document_deny (r[0].document, &id, 2, 3));
  assert_true (inos_document_deny (r[0].document, &id, 3, 3));
  assert_int_equal (inos_document_slots (r[0].document), 0);

  inos_document_settle (r[0].document, inos_document_stamp (r[0].document));
  inos_document_reconcile (r[0].document, &slot);
  world.now += INOS_DOCUMENT_INSIST;
  assert_int_equal (inos_document_reconcile (r[0].document, &slot), INOS_DOCUMENT_TAKEN);
  for (unsigned i = 0; i < INOS_DOCUMENT_MEMBERS_MAX; i++)
    assert_false (inos_document_deny (r[0].document, &id, i, 1));
  end (&world, r, 1);
}

static void test_ages (void **state)
{
  struct replica r[2];
  struct world world;
  uint64_t random = 1;

  begin (&world, r, 1, 1);
  world_place_init (&world, &r[1].place);
  r[1].document = make (&r[1], 2, 60000);
  inos_document_put (r[0].document, "old", "x", 1);
  copy (r[1].document, r[0].document, 1, &random);
  assert_int_equal (inos_document_slots (r[1].document), 1);
  world.now += 61 * SECOND;
  inos_document_put (r[0].document, "new", "x", 1);
  assert_int_equal (inos_document_expire (r[1].document), 1);
  copy (r[1].document, r[0].document, 1, &random);
  g_autoptr (GPtrArray) keys = inos_document_keys (r[1].document);
  assert_int_equal (keys->len, 1);
  assert_string_equal (keys->pdata[0], "new");
  end (&world, r, 2);
}

/* A stranger fills no more than there is room for. */
static void test_limits (void **state)
{
  static uint8_t large[INOS_SLOT_VALUE_MAX];
  struct replica r[1];
  struct world world;
  struct inos_slot slot = {.kind = INOS_SLOT_COUNT, .key = "n", .key_len = 1, .stamp = 1};
  char name[16];

  begin (&world, r, 1, 1);
  assert_true (inos_document_put (r[0].document, "mine", "x", 1));
  for (slot.actor = 10; slot.actor < 10 + INOS_DOCUMENT_ACTORS_MAX - 1; slot.actor++)
    assert_int_equal (inos_document_merge (r[0].document, &slot), INOS_DOCUMENT_TAKEN);
  assert_int_equal (inos_document_slots (r[0].document), INOS_DOCUMENT_ACTORS_MAX);
  inos_document_merge (r[0].document, &slot);
  assert_true (inos_document_slots (r[0].document) <= INOS_DOCUMENT_ACTORS_MAX);
  end (&world, r, 1);

  begin (&world, r, 1, 1);
  assert_true (inos_document_put (r[0].document, "mine", "x", 1));
  slot.actor = 10;
  slot.key = name;
  while (inos_document_slots (r[0].document) < INOS_DOCUMENT_SLOTS_MAX) {
    slot.key_len =
      (size_t)g_snprintf (name, sizeof name, "%u", inos_document_slots (r[0].document));
    assert_int_equal (inos_document_merge (r[0].document, &slot), INOS_DOCUMENT_TAKEN);
  }
  assert_false (inos_document_put (r[0].document, "more", "x", 1));
  assert_true (inos_document_put (r[0].document, "mine", "y", 1));
  slot.key = "more";
  slot.key_len = 4;
  inos_document_merge (r[0].document, &slot);
  assert_int_equal (inos_document_slots (r[0].document), INOS_DOCUMENT_SLOTS_MAX);
  assert_true (inos_document_memory (r[0].document) <= inos_document_memory_max());
  end (&world, r, 1);

  begin (&world, r, 1, 1);
  for (unsigned i = 0;; i++) {
    g_snprintf (name, sizeof name, "%u", i);
    if (!inos_document_put (r[0].document, name, large, sizeof large))
      break;
  }
  assert_true (inos_document_bytes (r[0].document) <= INOS_DOCUMENT_BYTES_MAX);
  assert_true (inos_document_bytes (r[0].document) >
               INOS_DOCUMENT_BYTES_MAX - INOS_SLOT_VALUE_MAX - 16);
  assert_false (inos_document_put (r[0].document, "one", large, sizeof large + 1));
  end (&world, r, 1);
}

/* Slot @i of what is more than has room: @what of too many slots, actors, and bytes. */
static struct inos_slot slot_too_many (unsigned what, unsigned i, char name[16])
{
  static const uint8_t large[INOS_SLOT_VALUE_MAX];
  struct inos_slot slot = {
    .kind = what == 2 ? INOS_SLOT_VALUE : INOS_SLOT_COUNT, .stamp = i + 1, .actor = 5, .key = name};

  slot.key_len = (size_t)g_snprintf (name, 16, "%u", i);
  if (what == 1)
    slot.actor = i;
  if (what == 2) {
    slot.value = large;
    slot.value_len = sizeof large - i;
  }
  return slot;
}

/* Replicas that are full have the same, whatever each heard of first, and though one has packed. */
static void test_full_alike (void **state)
{
  static const unsigned many[] = {INOS_DOCUMENT_SLOTS_MAX + 50, INOS_DOCUMENT_ACTORS_MAX + 50, 90};
  struct replica r[2];
  struct world world;
  uint64_t random = 1;
  char name[16];

  for (unsigned what = 0; what < G_N_ELEMENTS (many); what++) {
    begin (&world, r, 2, 1);
    for (unsigned i = 0; i < many[what]; i++) {
      struct inos_slot slot = slot_too_many (what, i, name);
      inos_document_merge (r[0].document, &slot);
      slot = slot_too_many (what, many[what] - 1 - i, name);
      inos_document_merge (r[1].document, &slot);
      world.now += SECOND;
      inos_document_pack (r[1].document, SECOND);
    }
    assert_true (inos_document_slots (r[0].document) < many[what]);
    for (unsigned i = 0; i < 2; i++) {
      copy (r[0].document, r[1].document, 1, &random);
      copy (r[1].document, r[0].document, 1, &random);
    }
    assert_true (is_equal (r[0].document, r[1].document));
    end (&world, r, 2);
  }
}

static bool judge (void *data, const struct inos_slot *slot)
{
  return slot->actor == 5;
}

static void test_judge (void **state)
{
  struct replica r[1];
  struct world world;
  struct inos_slot slot = {
    .kind = INOS_SLOT_COUNT, .key = "n", .key_len = 1, .stamp = 1, .actor = 4};

  begin (&world, r, 1, 1);
  inos_document_free (r[0].document);
  r[0].document = inos_document_new (
    &(struct inos_document_setup){.env = &r[0].place.env, .actor = 1, .judge = judge});
  assert_int_equal (inos_document_merge (r[0].document, &slot), INOS_DOCUMENT_DENIED);
  slot.actor = 5;
  assert_int_equal (inos_document_merge (r[0].document, &slot), INOS_DOCUMENT_TAKEN);
  assert_true (inos_document_count (r[0].document, "n", 1));
  end (&world, r, 1);
}

/* Packed values are smaller, read as before, merge as before, and go out as they were. */
static void test_pack (void **state)
{
  struct replica r[2];
  struct world world;
  uint64_t random = 1, noise[32];
  char text[4096];

  memset (text, 'x', sizeof text);
  for (unsigned i = 0; i < G_N_ELEMENTS (noise); i++)
    noise[i] = world_random (&random);
  begin (&world, r, 2, 1);
  inos_document_put (r[0].document, "text", text, sizeof text);
  inos_document_put (r[0].document, "noise", noise, sizeof noise);
  inos_document_put (r[0].document, "short", text, 10);
  size_t before = inos_document_bytes (r[0].document);
  assert_int_equal (inos_document_pack (r[0].document, SECOND), 0);
  world.now += SECOND;
  size_t saved = inos_document_pack (r[0].document, SECOND);
  assert_true (saved > 3500);
  assert_true (inos_document_bytes (r[0].document) == before - saved);
  assert_int_equal (inos_document_pack (r[0].document, SECOND), 0);
  copy (r[1].document, r[0].document, 1, &random);
  assert_true (is_equal (r[0].document, r[1].document));
  for (unsigned i = 0; i < 2; i++) {
    g_autoptr (GBytes) value = inos_document_get (r[i].document, "text");
    assert_int_equal (g_bytes_get_size (value), sizeof text);
    assert_memory_equal (g_bytes_get_data (value, NULL), text, sizeof text);
  }
  copy (r[0].document, r[1].document, 1, &random); /* the same again */
  assert_true (inos_document_bytes (r[0].document) == before - saved);
  assert_true (inos_document_put (r[0].document, "text", "new", 3));
  assert_true (inos_document_remove (r[0].document, "noise"));
  assert_true (inos_document_bytes (r[0].document) == 4 + 3 + 5 + 5 + 10);
  end (&world, r, 2);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_converges),  cmocka_unit_test (test_laws),
    cmocka_unit_test (test_values),     cmocka_unit_test (test_sets),
    cmocka_unit_test (test_counters),   cmocka_unit_test (test_ahead),
    cmocka_unit_test (test_floor),      cmocka_unit_test (test_ages),
    cmocka_unit_test (test_late),       cmocka_unit_test (test_denied),
    cmocka_unit_test (test_full_alike), cmocka_unit_test (test_limits),
    cmocka_unit_test (test_judge),      cmocka_unit_test (test_pack),
  };

  if (sodium_init() < 0)
    return 1;
  return cmocka_run_group_tests (tests, NULL, NULL);
}
