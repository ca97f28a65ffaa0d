/*
 * A document that somebody fills up: what is whose stays.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/kept.h"

#include "../world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#define NODES 4u /* the last one of which is up to no good */
#define LIAR (NODES - 1)
#define ENTRIES 40u
#define TOPIC "board"

struct node {
  struct world_place place;
  struct inos_peer_id id;
  uint8_t secret[crypto_sign_SECRETKEYBYTES];
  struct inos_document *document;
};

struct net {
  struct world world;
  struct node nodes[NODES];
};

static void sign (void *data, const void *bytes, size_t len,
                  uint8_t signature[INOS_SHARE_SIGNATURE_SIZE])
{
  const struct node *node = data;

  crypto_sign_detached (signature, NULL, bytes, len, node->secret);
}

static void make (struct net *net, unsigned i, bool shares)
{
  struct node *node = &net->nodes[i];
  struct inos_peer_id others[NODES];
  unsigned n = 0;

  node->document = inos_document_new (&(struct inos_document_setup){
    .env = &node->place.env,
    .actor = inos_document_actor (node->id.bytes, node->id.len),
    .author = {.topic = shares ? TOPIC : NULL, .id = node->id, .sign = sign, .data = node}});
  for (unsigned j = 0; j < NODES; j++)
    if (j != i)
      others[n++] = net->nodes[j].id;
  inos_document_set_members (node->document, others, n);
}

static void begin (struct net *net, bool shares)
{
  uint8_t seed[crypto_sign_SEEDBYTES] = {0}, key[crypto_sign_PUBLICKEYBYTES];

  *net = (struct net){0};
  world_init (&net->world, 1);
  for (unsigned i = 0; i < NODES; i++) {
    struct node *node = &net->nodes[i];
    seed[0] = (uint8_t)(i + 1);
    crypto_sign_seed_keypair (key, node->secret, seed);
    node->id = inos_peer_id_of_key (key);
    world_place_init (&net->world, &node->place);
  }
  for (unsigned i = 0; i < NODES; i++)
    make (net, i, shares);
}

static void end (struct net *net)
{
  for (unsigned i = 0; i < NODES; i++)
    inos_document_free (net->nodes[i].document);
  world_finish (&net->world);
}

/* All that @from has goes to @to, as a comparison would bring it: lists first. */
static void give (struct net *net, unsigned from, unsigned to)
{
  struct inos_document *a = net->nodes[from].document, *b = net->nodes[to].document;

  for (unsigned shares = 0; shares < 2; shares++)
    for (unsigned i = 0; i < inos_document_slots (a); i++)
      if ((inos_document_slot_at (a, i)->kind == INOS_SLOT_SHARE) == !shares)
        inos_document_merge (b, inos_document_slot_at (a, i));
}

/* The honest ones compare until nothing is new. */
static void settle (struct net *net)
{
  for (unsigned round = 0; round < 2; round++)
    for (unsigned i = 0; i < LIAR; i++)
      for (unsigned j = 0; j < LIAR; j++)
        if (i != j)
          give (net, i, j);
}

static bool is_low (const char *key)
{
  const struct inos_slot slot = {.kind = INOS_SLOT_VALUE, .key = key, .key_len = strlen (key)};

  return inos_slot_id (&slot).bytes[0] < 0x80;
}

/* The next name from *@number on whose id is low, or is not: it takes no time to find one. */
static const char *name_of (const char *head, bool low, unsigned *number, char name[32])
{
  do
    g_snprintf (name, 32, "%s%u", head, (*number)++);
  while (is_low (name) != low);
  return name;
}

/* What the honest ones have to say has high ids, as bad luck would have it. */
static void write_all (struct net *net, size_t size)
{
  g_autofree char *text = g_strnfill (size, 'x');
  char head[16], name[32];

  for (unsigned i = 0; i < LIAR; i++) {
    unsigned number = 0;
    g_snprintf (head, sizeof head, "of-%u-", i);
    for (unsigned n = 0; n < ENTRIES; n++)
      assert_true (inos_document_put (net->nodes[i].document, name_of (head, false, &number, name),
                                      text, size));
  }
}

static void list_all (struct net *net)
{
  for (unsigned i = 0; i < LIAR; i++)
    inos_document_list_share (net->nodes[i].document);
}

static unsigned count_all (const struct net *net, unsigned at)
{
  char head[16], name[32];
  unsigned count = 0;

  for (unsigned i = 0; i < LIAR; i++) {
    unsigned number = 0;
    g_snprintf (head, sizeof head, "of-%u-", i);
    for (unsigned n = 0; n < ENTRIES; n++) {
      g_autoptr (GBytes) value =
        inos_document_get (net->nodes[at].document, name_of (head, false, &number, name));
      count += value != NULL;
    }
  }
  return count;
}

/* As @actor says, be it whose it may: more than there is room for, with ids below all others. */
static void flood (struct net *net, unsigned to, uint64_t actor, size_t size)
{
  g_autofree uint8_t *bytes = g_malloc0 (size);
  struct inos_document *document = net->nodes[to].document;
  unsigned number = 0, least = 0;
  char name[32];

  for (unsigned n = 0; n < INOS_DOCUMENT_SLOTS_MAX + 100; n++) {
    struct inos_slot slot = {.kind = INOS_SLOT_VALUE,
                             .key = name_of ("flood-", true, &number, name),
                             .actor = actor + (actor ? 0 : ++least),
                             .stamp = inos_document_stamp (document),
                             .value = bytes,
                             .value_len = size};
    slot.key_len = strlen (slot.key);
    inos_document_merge (document, &slot);
  }
}

static bool are_equal (const struct net *net)
{
  struct inos_document_range all = {0};
  struct inos_slot_id first, other;

  inos_sync_digest (net->nodes[0].document, &all, UINT64_MAX, &first);
  for (unsigned i = 1; i < LIAR; i++) {
    inos_sync_digest (net->nodes[i].document, &all, UINT64_MAX, &other);
    if (memcmp (&first, &other, sizeof first) != 0)
      return false;
  }
  return true;
}

/* Without lists it is as it was: who grinds ids pushes all others out. */
static void test_without (void **state)
{
  struct net net;

  begin (&net, false);
  write_all (&net, 8);
  settle (&net);
  for (unsigned i = 0; i < LIAR; i++)
    flood (&net, i, 7, 8);
  assert_int_equal (count_all (&net, 0), 0);
  assert_true (are_equal (&net));
  end (&net);
}

/* In its own name, in another's, and each time in that of somebody else; with many and with large
 * ones. */
static void test_flood (void **state)
{
  static const size_t sizes[] = {8, 4096};
  struct net net;

  for (unsigned what = 0; what < 6; what++) {
    begin (&net, true);
    const struct inos_peer_id *victim = &net.nodes[0].id;
    uint64_t actors[] = {7, inos_document_actor (victim->bytes, victim->len), 0};
    write_all (&net, 8);
    list_all (&net);
    settle (&net);
    for (unsigned i = 0; i < LIAR; i++)
      flood (&net, i, actors[what % 3], sizes[what / 3]);
    for (unsigned i = 0; i < LIAR; i++)
      assert_int_equal (count_all (&net, i), LIAR * ENTRIES);
    settle (&net);
    assert_true (are_equal (&net));
    for (unsigned i = 0; i < LIAR; i++) {
      assert_int_equal (count_all (&net, i), LIAR * ENTRIES);
      assert_true (inos_document_memory (net.nodes[i].document) <= inos_document_memory_max());
    }
    end (&net);
  }
}

/* Those that have not heard of a list yet lose what is in it, and get it back with that. Who wrote
 * it keeps it. */
static void test_flood_before (void **state)
{
  struct net net;

  begin (&net, true);
  write_all (&net, 8);
  settle (&net);
  for (unsigned i = 0; i < LIAR; i++)
    flood (&net, i, 7, 8);
  assert_true (count_all (&net, 0) < LIAR * ENTRIES);
  list_all (&net);
  settle (&net);
  for (unsigned i = 0; i < LIAR; i++)
    assert_int_equal (count_all (&net, i), LIAR * ENTRIES);
  assert_true (are_equal (&net));
  end (&net);
}

/* Who finds a document full writes into it all the same, as much as its share is, and not more. */
static void test_full (void **state)
{
  struct net net;
  char name[32];
  unsigned written = 0;

  begin (&net, true);
  for (unsigned i = 0; i < LIAR; i++)
    flood (&net, i, 7, 8);
  write_all (&net, 8);
  list_all (&net);
  settle (&net);
  assert_int_equal (count_all (&net, 2), LIAR * ENTRIES);
  assert_true (are_equal (&net));
  do
    g_snprintf (name, sizeof name, "more-%u", written++);
  while (inos_document_put (net.nodes[0].document, name, "x", 1) &&
         written < INOS_DOCUMENT_SLOTS_MAX);
  assert_in_range (written,
                   MIN (INOS_DOCUMENT_SLOTS_MAX / NODES, INOS_SHARE_LINES_MAX) - ENTRIES - 1,
                   INOS_DOCUMENT_SLOTS_MAX / NODES);
  assert_int_equal (count_all (&net, 0), LIAR * ENTRIES);
  end (&net);
}

static struct inos_slot list_of (struct net *net, unsigned of, unsigned at)
{
  struct inos_document *document = net->nodes[at].document;
  char key[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (&net->nodes[of].id, key);
  for (unsigned i = 0; i < inos_document_slots (document); i++) {
    const struct inos_slot *slot = inos_document_slot_at (document, i);
    if (slot->kind == INOS_SLOT_SHARE && slot->key_len == strlen (key) &&
        memcmp (slot->key, key, slot->key_len) == 0)
      return *slot;
  }
  return (struct inos_slot){0};
}

/* Nobody else writes a member's list: not another one, not with another stamp, not for another
 * document; and who is no member has none. */
static void test_forged (void **state)
{
  static uint8_t value[INOS_SHARE_SIGNATURE_SIZE];
  struct net net;
  char key[INOS_PEER_TEXT_MAX];

  begin (&net, true);
  write_all (&net, 8);
  list_all (&net);
  struct inos_document *at = net.nodes[1].document;
  struct inos_slot slot = list_of (&net, 0, 0), forged = slot;
  assert_int_equal (slot.value_len, ENTRIES * INOS_SHARE_LINE_SIZE + INOS_SHARE_SIGNATURE_SIZE);
  forged.stamp++;
  assert_int_equal (inos_document_merge (at, &forged), INOS_DOCUMENT_DENIED);
  forged = slot;
  forged.value = value;
  forged.value_len = sizeof value;
  assert_int_equal (inos_document_merge (at, &forged), INOS_DOCUMENT_DENIED);
  forged.value_len = 3;
  assert_int_equal (inos_document_merge (at, &forged), INOS_DOCUMENT_DENIED);
  inos_peer_id_text (&net.nodes[2].id, key);
  forged = slot;
  forged.key = key;
  forged.key_len = strlen (key);
  assert_int_equal (inos_document_merge (at, &forged), INOS_DOCUMENT_DENIED);
  forged.key = "nobody";
  forged.key_len = 6;
  assert_int_equal (inos_document_merge (at, &forged), INOS_DOCUMENT_DENIED);
  assert_int_equal (inos_document_merge (at, &slot), INOS_DOCUMENT_TAKEN);
  inos_document_set_members (at, &net.nodes[2].id, 1);
  slot = list_of (&net, 0, 0);
  slot.stamp += 1;
  assert_int_equal (inos_document_merge (at, &slot), INOS_DOCUMENT_DENIED);
  end (&net);
}

/* Who lists more than its share has that much of it and no more. */
static void test_greedy (void **state)
{
  struct net net;
  char name[32];
  unsigned number = 0, n = 0;

  begin (&net, true);
  struct inos_document *liar = net.nodes[LIAR].document;
  while (n < INOS_DOCUMENT_SLOTS_MAX - 10 &&
         inos_document_put (liar, name_of ("flood-", true, &number, name), "x", 1))
    n++;
  inos_document_list_share (liar);
  write_all (&net, 8);
  list_all (&net);
  for (unsigned i = 0; i < LIAR; i++)
    give (&net, LIAR, i);
  settle (&net);
  flood (&net, 0, 7, 8);
  settle (&net);
  for (unsigned i = 0; i < LIAR; i++)
    assert_int_equal (count_all (&net, i), LIAR * ENTRIES);
  assert_true (are_equal (&net));
  unsigned listed = 0;
  for (unsigned i = 0; i < inos_document_slots (net.nodes[0].document); i++)
    listed += inos_document_share_is_listed (net.nodes[0].document, i);
  assert_true (listed <= LIAR * (ENTRIES + 1) + INOS_DOCUMENT_SLOTS_MAX / NODES);
  end (&net);
}

/* A list of the liar's that names each slot in @of but lists, @times, as of @size; signed as it has
 * to be. */
static void name_all (struct net *net, unsigned of, unsigned times, uint16_t size,
                      struct inos_buffer *value)
{
  const struct inos_document *document = net->nodes[of].document;
  uint16_t little = GUINT16_TO_LE (size);

  for (unsigned i = 0; i < inos_document_slots (document); i++) {
    const struct inos_slot *slot = inos_document_slot_at (document, i);
    struct inos_slot_id id = inos_slot_id (slot), digest = inos_slot_digest (slot, &id);
    for (unsigned n = 0; n < times && slot->kind != INOS_SLOT_SHARE; n++) {
      inos_buffer_append (value, digest.bytes, sizeof digest.bytes);
      inos_buffer_append (value, &little, sizeof little);
    }
  }
}

static void sign_list (struct net *net, const char *key, uint64_t stamp, struct inos_buffer *value)
{
  uint8_t signature[INOS_SHARE_SIGNATURE_SIZE];
  uint64_t little = GUINT64_TO_LE (stamp);
  struct inos_buffer whole = {0};

  inos_buffer_append (&whole, "inos-document-share:" TOPIC, sizeof "inos-document-share:" TOPIC);
  inos_buffer_append (&whole, key, strlen (key) + 1);
  inos_buffer_append (&whole, &little, sizeof little);
  inos_buffer_append (&whole, inos_buffer_data (value), inos_buffer_len (value));
  sign (&net->nodes[LIAR], inos_buffer_data (&whole), inos_buffer_len (&whole), signature);
  inos_buffer_append (value, signature, sizeof signature);
  inos_buffer_clear (&whole);
}

static void name_others (struct net *net, unsigned times, uint16_t size)
{
  struct inos_buffer value = {0};
  char key[INOS_PEER_TEXT_MAX];

  inos_peer_id_text (&net->nodes[LIAR].id, key);
  struct inos_slot slot = {.kind = INOS_SLOT_SHARE,
                           .key = key,
                           .key_len = strlen (key),
                           .actor = 7,
                           .stamp = inos_document_stamp (net->nodes[LIAR].document)};
  name_all (net, 0, times, size, &value);
  sign_list (net, key, slot.stamp, &value);
  slot.value = inos_buffer_data (&value);
  slot.value_len = inos_buffer_len (&value);
  for (unsigned i = 0; i < LIAR; i++)
    assert_int_equal (inos_document_merge (net->nodes[i].document, &slot), INOS_DOCUMENT_TAKEN);
  inos_buffer_clear (&value);
}

/* Who names in its list what others wrote, smaller than that is, or larger, and often, takes
 * nothing from them. */
static void test_named (void **state)
{
  static const uint16_t sizes[] = {0, 1, 8, UINT16_MAX};
  struct net net;

  for (unsigned what = 0; what < 2 * G_N_ELEMENTS (sizes); what++) {
    begin (&net, true);
    write_all (&net, 8);
    list_all (&net);
    settle (&net);
    name_others (&net, what % 2 ? 7 : 1, sizes[what / 2]);
    for (unsigned i = 0; i < LIAR; i++)
      flood (&net, i, 7, 8);
    for (unsigned i = 0; i < LIAR; i++)
      assert_int_equal (count_all (&net, i), LIAR * ENTRIES);
    settle (&net);
    assert_true (are_equal (&net));
    end (&net);
  }
}

static size_t length_of (struct net *net, unsigned at, const char *key)
{
  g_autoptr (GBytes) value = inos_document_get (net->nodes[at].document, key);

  return value ? g_bytes_get_size (value) : 0;
}

/* One of what the liar wrote that is still there. */
static void find_other (struct net *net, unsigned at, char name[32])
{
  const struct inos_document *document = net->nodes[at].document;

  for (unsigned i = 0; i < inos_document_slots (document); i++) {
    const struct inos_slot *slot = inos_document_slot_at (document, i);
    if (g_str_has_prefix (slot->key, "flood-")) {
      g_strlcpy (name, slot->key, 32);
      return;
    }
  }
  fail();
}

/* What is in a share that is full, of a document that is full, may still be overwritten, as far as
 * the share's bytes go; what is another's would be one more. The room that the document has left is
 * always less than what is to be written over it. */
static void test_overwrite (void **state)
{
  g_autofree char *large = g_strnfill (INOS_SLOT_VALUE_MAX, 'x');
  const unsigned n = MIN (INOS_DOCUMENT_SLOTS_MAX / NODES - 1, INOS_SHARE_LINES_MAX);
  struct net net;
  char name[32];
  unsigned grown = 0;

  begin (&net, true);
  struct inos_document *document = net.nodes[0].document;
  flood (&net, 0, 7, 4096);
  for (unsigned i = 0; i < n; i++) {
    g_snprintf (name, sizeof name, "own-%u", i);
    assert_true (inos_document_put (document, name, "x", 1));
  }
  find_other (&net, 0, name);
  assert_false (inos_document_put (document, name, large, INOS_SLOT_VALUE_MAX));
  assert_int_equal (length_of (&net, 0, name), 4096);
  do
    g_snprintf (name, sizeof name, "own-%u", grown);
  while (inos_document_put (document, name, large, 8192) && ++grown < n);
  size_t fits = (INOS_DOCUMENT_BYTES_MAX / NODES - n * (INOS_SHARE_LINE_SIZE + 10)) / 8192;
  assert_in_range (grown, fits, fits + 1);
  assert_true (inos_document_list_share (document));
  flood (&net, 1, 7, 4096);
  give (&net, 0, 1);
  for (unsigned i = 0; i < n; i++) {
    g_snprintf (name, sizeof name, "own-%u", i);
    assert_int_equal (length_of (&net, 0, name), i < grown ? 8192 : 1);
    assert_int_equal (length_of (&net, 1, name), i < grown ? 8192 : 1);
  }
  end (&net);
}

/* A list is written when something was, and not again where nothing has changed; it is no value. */
static void test_when (void **state)
{
  struct net net;

  begin (&net, true);
  struct inos_document *document = net.nodes[0].document;
  inos_document_list_share (document);
  assert_int_equal (inos_document_slots (document), 0);
  assert_true (inos_document_share_deadline (document) == INOS_NEVER);
  assert_true (inos_document_put (document, "a", "1", 1));
  assert_true (inos_document_share_deadline (document) != INOS_NEVER);
  assert_true (inos_document_list_share (document));
  assert_int_equal (inos_document_slots (document), 2);
  assert_false (inos_document_list_share (document));
  g_autoptr (GPtrArray) keys = inos_document_keys (document);
  assert_int_equal (keys->len, 1);
  assert_true (inos_document_remove (document, "a"));
  assert_true (inos_document_list_share (document));
  end (&net);
}

#define LARGE 16000u

/* The next name from *@number on with an id of the first eighth. */
static const char *lowest_name (unsigned *number, char name[32])
{
  struct inos_slot slot = {.kind = INOS_SLOT_VALUE, .key = name};

  do {
    name_of ("large-", true, number, name);
    slot.key_len = strlen (name);
  } while (inos_slot_id (&slot).bytes[0] >= 0x20);
  return name;
}

/* Of what a replica wrote the large one that has no room in its share is left out, and not what
 * comes after it by its id: that stays, as was said when it was written. */
static void test_small_after_large (void **state)
{
  g_autofree char *text = g_strnfill (LARGE, 'x');
  struct net net;
  unsigned number = 0;
  char name[32];

  begin (&net, true);
  struct inos_document *document = net.nodes[0].document;
  for (size_t size = 0; size < INOS_DOCUMENT_BYTES_MAX / NODES; size += LARGE)
    assert_true (inos_document_put (document, lowest_name (&number, name), text, LARGE));
  inos_document_list_share (document);
  flood (&net, 0, 7, 8);
  assert_true (inos_document_put (document, name_of ("small-", false, &number, name), "1", 1));
  inos_document_list_share (document);
  flood (&net, 0, 8, 8);
  g_autoptr (GBytes) value = inos_document_get (document, name);
  assert_non_null (value);
  end (&net);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_without),      cmocka_unit_test (test_flood),
    cmocka_unit_test (test_flood_before), cmocka_unit_test (test_full),
    cmocka_unit_test (test_forged),       cmocka_unit_test (test_greedy),
    cmocka_unit_test (test_named),        cmocka_unit_test (test_overwrite),
    cmocka_unit_test (test_when),         cmocka_unit_test (test_small_after_large),
  };

  if (sodium_init() < 0)
    return 1;
  return cmocka_run_group_tests (tests, NULL, NULL);
}
