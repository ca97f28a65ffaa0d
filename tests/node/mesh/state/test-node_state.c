/*
 * What a node says of itself: that it comes over whole, and that nobody else can say it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/node_state.h"

#include "node/identity/identity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

struct fixture {
  struct inos_identity *identity;
  struct inos_peer_id id;
  char key[INOS_SLOT_KEY_MAX + 1];
  struct inos_buffer value;
  struct inos_slot slot;
};

static void sign (void *data, const void *bytes, size_t len,
                  uint8_t signature[INOS_NODE_SIGNATURE_SIZE])
{
  inos_identity_sign (data, bytes, len, signature);
}

static void begin (struct fixture *f, const struct inos_node_state *said, enum inos_node_part part)
{
  *f = (struct fixture){.identity = inos_identity_from_seed ((const uint8_t[32]){1})};
  f->id = inos_peer_id_of_key (inos_identity_key (f->identity));
  inos_node_state_key (&f->id, part, f->key);
  inos_node_state_write (said, part, f->key, 5, sign, f->identity, &f->value);
  f->slot = (struct inos_slot){.kind = INOS_SLOT_VALUE,
                               .key = f->key,
                               .key_len = strlen (f->key),
                               .stamp = 5,
                               .value = inos_buffer_data (&f->value),
                               .value_len = inos_buffer_len (&f->value)};
}

static void end (struct fixture *f)
{
  inos_identity_free (f->identity);
  inos_buffer_clear (&f->value);
}

static bool is_same_opinion (const struct inos_opinion *a, const struct inos_opinion *b)
{
  return inos_peer_id_equal (&a->about, &b->about) && a->expected == b->expected &&
         a->outcomes == b->outcomes;
}

static void test_comes_over (void **state)
{
  struct inos_node_state said = {0}, read = {0};
  struct fixture f;

  for (unsigned i = 0; i < INOS_NODE_FIGURES; i++)
    inos_node_state_set (&said, i, i == 0 ? UINT64_MAX : i);
  said.known[INOS_NODE_BATTERY] = false;
  said.figures[INOS_NODE_BATTERY] = 0;
  inos_node_state_add (&said, "relay", 4630, UINT32_MAX);
  inos_node_state_add (&said, "", 0, 0);
  inos_node_state_add (&said, "\xff", 0, 0);
  for (unsigned i = 0; i < 2 * INOS_NODE_SERVICES_MAX; i++)
    inos_node_state_add (&said, "more", 0, i);
  assert_int_equal (said.n_services, INOS_NODE_SERVICES_MAX);
  said.opinions = (struct inos_opinions){.told = true, .all = true, .n = INOS_OPINIONS_MAX};
  for (uint8_t i = 0; i < INOS_OPINIONS_MAX; i++)
    said.opinions.of[i] =
      (struct inos_opinion){inos_peer_id_of_key ((const uint8_t[32]){i}), i * 30u, i + 1u};
  for (unsigned part = 0; part < INOS_PARTS; part++) {
    begin (&f, &said, part);
    assert_true (inos_node_state_is_signed (&f.slot, &f.id));
    assert_true (inos_node_state_read (&read, part, f.slot.value, f.slot.value_len));
    end (&f);
  }
  assert_memory_equal (&read, &said, offsetof (struct inos_node_state, opinions));
  assert_true (read.opinions.told && read.opinions.all);
  assert_int_equal (read.opinions.n, INOS_OPINIONS_MAX);
  for (unsigned i = 0; i < INOS_OPINIONS_MAX; i++)
    assert_true (is_same_opinion (&read.opinions.of[i], &said.opinions.of[i]));
}

static void test_only_by_itself (void **state)
{
  struct inos_node_state said = {0};
  struct inos_peer_id other = inos_peer_id_of_key ((const uint8_t[32]){9});
  struct fixture f;

  inos_node_state_set (&said, INOS_NODE_CORES, 4);
  begin (&f, &said, INOS_PART_RESOURCES);
  assert_true (inos_node_state_is_signed (&f.slot, &f.id));
  assert_false (inos_node_state_is_signed (&f.slot, &other));
  f.slot.stamp++;
  assert_false (inos_node_state_is_signed (&f.slot, &f.id));
  f.slot.stamp--;
  f.key[0] ^= 1;
  assert_false (inos_node_state_is_signed (&f.slot, &f.id));
  f.key[0] ^= 1;
  for (size_t i = 0; i < f.slot.value_len; i++) {
    inos_buffer_data (&f.value)[i] ^= 1;
    assert_false (inos_node_state_is_signed (&f.slot, &f.id));
    inos_buffer_data (&f.value)[i] ^= 1;
  }
  f.slot.value_len = 63;
  assert_false (inos_node_state_is_signed (&f.slot, &f.id));
  end (&f);
}

static void test_keys (void **state)
{
  static const char *const wrong[] = {"",           "/",          "resources", "x/resources",
                                      "/resources", "made/up/key"};
  struct inos_peer_id id = inos_peer_id_of_key ((const uint8_t[32]){1}), read;
  char key[INOS_SLOT_KEY_MAX + 1], cid[INOS_PEER_TEXT_MAX];
  enum inos_node_part part;

  inos_node_state_key (&id, INOS_PART_NETWORK, key);
  assert_true (inos_node_state_key_read (key, strlen (key), &read, &part));
  assert_true (inos_peer_id_equal (&read, &id));
  assert_int_equal (part, INOS_PART_NETWORK);
  assert_false (inos_node_state_key_read (key, strlen (key) + 1, &read, &part));
  assert_false (inos_node_state_key_read (key, strlen (key) - 1, &read, &part));
  for (unsigned i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_false (inos_node_state_key_read (wrong[i], strlen (wrong[i]), &read, &part));
  /* the same peer in another way would have room of its own */
  inos_peer_id_cid (&id, cid);
  g_autofree char *twin = g_strconcat (cid, "/network", NULL);
  assert_false (inos_node_state_key_read (twin, strlen (twin), &read, &part));
}

static void test_news (void **state)
{
  struct inos_node_state told = {0}, now;

  inos_node_state_set (&told, INOS_NODE_PROCESSOR, 400);
  inos_node_state_set (&told, INOS_NODE_PEERS, 4);
  now = told;
  inos_node_state_set (&now, INOS_NODE_PROCESSOR, 440);
  assert_false (inos_node_state_is_news (&now, &told, INOS_PART_RESOURCES));
  inos_node_state_set (&now, INOS_NODE_PROCESSOR, 460);
  assert_true (inos_node_state_is_news (&now, &told, INOS_PART_RESOURCES));
  assert_false (inos_node_state_is_news (&now, &told, INOS_PART_NETWORK));
  inos_node_state_set (&now, INOS_NODE_PEERS, 5);
  assert_true (inos_node_state_is_news (&now, &told, INOS_PART_NETWORK));
  assert_false (inos_node_state_is_news (&now, &told, INOS_PART_SERVICES));
  inos_node_state_add (&now, "relay", 1, 2);
  assert_true (inos_node_state_is_news (&now, &told, INOS_PART_SERVICES));
  told = now;
  now.services[0].cost++;
  assert_true (inos_node_state_is_news (&now, &told, INOS_PART_SERVICES));
  now = told;
  inos_node_state_set (&now, INOS_NODE_BATTERY, 0);
  assert_true (inos_node_state_is_news (&now, &told, INOS_PART_RESOURCES));
}

/* Of opinions, who is named, and much better or worse. */
static void test_news_of_others (void **state)
{
  struct inos_opinion of = {inos_peer_id_of_key ((const uint8_t[32]){1}), 500, 1};
  struct inos_node_state told = {.opinions = {.told = true, .all = true, .n = 1, .of = {of}}}, now;

  now = told;
  assert_false (inos_node_state_is_news (&now, &told, INOS_PART_OPINIONS));
  now.opinions.of[0].expected = 549;
  now.opinions.of[0].outcomes = 9;
  assert_false (inos_node_state_is_news (&now, &told, INOS_PART_OPINIONS));
  now.opinions.of[0].expected = 450;
  assert_true (inos_node_state_is_news (&now, &told, INOS_PART_OPINIONS));
  now = told;
  now.opinions.of[0].about = inos_peer_id_of_key ((const uint8_t[32]){2});
  assert_true (inos_node_state_is_news (&now, &told, INOS_PART_OPINIONS));
  now = told;
  now.opinions.n = 0;
  assert_true (inos_node_state_is_news (&now, &told, INOS_PART_OPINIONS));
}

/* What is no opinion is left out: of nobody, above all, after nothing, twice of the same. */
static void test_no_opinion (void **state)
{
  struct inos_node_state said = {.opinions = {.told = true, .n = 6}}, read = {0};
  struct inos_opinion right = {inos_peer_id_of_key ((const uint8_t[32]){1}), 1000, 32};
  struct fixture f;

  for (unsigned i = 0; i < said.opinions.n; i++)
    said.opinions.of[i] = right;
  said.opinions.of[0].about = (struct inos_peer_id){0};
  said.opinions.of[1].expected = 1001;
  said.opinions.of[2].outcomes = 0;
  said.opinions.of[3].outcomes = 33;
  said.opinions.of[5].expected = 7;
  begin (&f, &said, INOS_PART_OPINIONS);
  assert_true (inos_node_state_read (&read, INOS_PART_OPINIONS, f.slot.value, f.slot.value_len));
  end (&f);
  assert_true (read.opinions.told && !read.opinions.all);
  assert_int_equal (read.opinions.n, 1);
  assert_true (is_same_opinion (&read.opinions.of[0], &right));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_comes_over),     cmocka_unit_test (test_only_by_itself),
    cmocka_unit_test (test_keys),           cmocka_unit_test (test_news),
    cmocka_unit_test (test_news_of_others), cmocka_unit_test (test_no_opinion),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
