/*
 * Replicas on a network that loses, repeats, delays and splits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/state/sync.h"

#include "../world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#define NODES_MAX 5u

struct node {
  struct net *net;
  unsigned index;
  struct world_place place;
  struct inos_peer_id id;
  struct inos_document *document;
  struct inos_sync *sync;
  unsigned side; /* of a partition */
  bool deaf;     /* hears no deltas */
};

struct net {
  struct world world;
  unsigned n;
  struct node nodes[NODES_MAX];
  uint64_t random;
  unsigned lost; /* of 100 */
  uint64_t questions, bytes;
};

struct letter {
  struct net *net;
  unsigned from, to;
  uint64_t ticket;
  GBytes *bytes; /* NULL: no answer */
};

static void letter_free (void *data)
{
  struct letter *letter = data;

  g_clear_pointer (&letter->bytes, g_bytes_unref);
  g_free (letter);
}

static bool goes (struct net *net, unsigned from, unsigned to)
{
  return net->nodes[from].side == net->nodes[to].side &&
         world_random (&net->random) % 100 >= net->lost;
}

static void mail (struct net *net, unsigned from, unsigned to, uint64_t ticket, const void *bytes,
                  size_t len, world_happens happens)
{
  struct letter *letter = g_new0 (struct letter, 1);

  *letter = (struct letter){net, from, to, ticket, bytes ? g_bytes_new (bytes, len) : NULL};
  net->bytes += len;
  world_at (&net->world, net->world.now + MS + world_random (&net->random) % (80 * MS), happens,
            letter_free, letter);
}

static void on_delta (void *data)
{
  struct letter *letter = data;
  struct node *to = &letter->net->nodes[letter->to];
  gsize len;
  const void *bytes = g_bytes_get_data (letter->bytes, &len);

  assert_true (inos_sync_receive (to->sync, &letter->net->nodes[letter->from].id, bytes, len));
}

static void on_answer (void *data)
{
  struct letter *letter = data;
  gsize len = 0;
  const void *bytes = letter->bytes ? g_bytes_get_data (letter->bytes, &len) : NULL;

  inos_sync_answered (letter->net->nodes[letter->to].sync, letter->ticket, bytes, len);
}

static void on_question (void *data)
{
  struct letter *letter = data;
  struct net *net = letter->net;
  struct inos_buffer answer = {0};
  gsize len;
  const void *bytes = g_bytes_get_data (letter->bytes, &len);
  bool answered = inos_sync_answer (net->nodes[letter->to].sync, &net->nodes[letter->from].id,
                                    bytes, len, &answer);

  assert_true (inos_buffer_len (&answer) <= INOS_SYNC_MESSAGE_MAX);
  mail (net, letter->to, letter->from, letter->ticket, answered ? inos_buffer_data (&answer) : NULL,
        inos_buffer_len (&answer), on_answer);
  inos_buffer_clear (&answer);
}

static void publish (void *data, const void *delta, size_t len)
{
  struct node *node = data;
  struct net *net = node->net;

  for (unsigned i = 0; i < net->n; i++)
    for (unsigned times = 1 + world_random (&net->random) % 2; times > 0 && i != node->index;
         times--)
      if (!net->nodes[i].deaf && goes (net, node->index, i))
        mail (net, node->index, i, 0, delta, len, on_delta);
}

/* A question that is lost is answered with nothing. */
static void ask (void *data, const struct inos_peer_id *peer, uint64_t ticket, const void *question,
                 size_t len)
{
  struct node *node = data;
  struct net *net = node->net;
  unsigned to = 0;

  net->questions++;
  assert_true (len <= INOS_SYNC_MESSAGE_MAX);
  while (!inos_peer_id_equal (&net->nodes[to].id, peer))
    to++;
  if (goes (net, node->index, to))
    mail (net, node->index, to, ticket, question, len, on_question);
  else
    mail (net, to, node->index, ticket, NULL, 0, on_answer);
}

static const struct inos_sync_events events = {publish, ask};

static void make (struct node *node, int64_t age)
{
  node->document = inos_document_new (
    &(struct inos_document_setup){.env = &node->place.env,
                                  .actor = inos_document_actor (node->id.bytes, node->id.len),
                                  .age = age});
  node->sync = inos_sync_new (&(struct inos_sync_setup){.env = &node->place.env,
                                                        .topic = "test",
                                                        .document = node->document,
                                                        .events = &events,
                                                        .data = node});
}

static void join (struct net *net, unsigned i, bool members)
{
  struct inos_peer_id others[NODES_MAX];
  unsigned n = 0;

  for (unsigned j = 0; j < net->n; j++)
    if (j != i)
      others[n++] = net->nodes[j].id;
  if (members)
    assert_true (inos_sync_set_members (net->nodes[i].sync, others, n));
  for (unsigned j = 0; j < n; j++)
    assert_true (inos_sync_add_peer (net->nodes[i].sync, &others[j]));
}

static void begin (struct net *net, unsigned n, uint64_t seed, bool members)
{
  *net = (struct net){.n = n, .random = seed};
  world_init (&net->world, seed);
  for (unsigned i = 0; i < n; i++) {
    struct node *node = &net->nodes[i];
    node->net = net;
    node->index = i;
    node->id = inos_peer_id_of_key ((const uint8_t[32]){(uint8_t)(i + 1)});
    world_place_init (&net->world, &node->place);
    make (node, 0);
  }
  for (unsigned i = 0; i < n; i++)
    join (net, i, members);
}

static void end (struct net *net)
{
  world_finish (&net->world);
  for (unsigned i = 0; i < net->n; i++) {
    inos_sync_free (net->nodes[i].sync);
    inos_document_free (net->nodes[i].document);
  }
}

static void run (struct net *net, uint64_t seconds)
{
  uint64_t until = net->world.now + seconds * SECOND;

  while (net->world.now < until) {
    uint64_t at = until;
    for (unsigned i = 0; i < net->n; i++) {
      if (inos_sync_deadline (net->nodes[i].sync) <= net->world.now)
        inos_sync_tick (net->nodes[i].sync);
      at = MIN (at, inos_sync_deadline (net->nodes[i].sync));
    }
    world_run (&net->world, CLAMP (at, net->world.now + 1, net->world.now + 50 * MS));
  }
}

static struct inos_slot_id digest_of (const struct node *node, uint64_t graves)
{
  struct inos_document_range all = {0};
  struct inos_slot_id digest;

  inos_sync_digest (node->document, &all, graves, &digest);
  return digest;
}

static bool are_equal (const struct net *net)
{
  struct inos_slot_id first = digest_of (&net->nodes[0], UINT64_MAX), other;

  for (unsigned i = 1; i < net->n; i++) {
    other = digest_of (&net->nodes[i], UINT64_MAX);
    if (memcmp (&first, &other, sizeof first) != 0)
      return false;
  }
  return true;
}

static void put (struct node *node, const char *key, const char *value)
{
  assert_true (inos_document_put (node->document, key, value, strlen (value)));
}

static bool has (const struct node *node, const char *key)
{
  g_autoptr (GBytes) value = inos_document_get (node->document, key);

  return value != NULL;
}

static void put_many (struct node *node, unsigned n, const char *prefix)
{
  char key[32];

  for (unsigned i = 0; i < n; i++) {
    g_snprintf (key, sizeof key, "%s%u", prefix, i);
    put (node, key, "some value or other");
  }
}

static void test_deltas (void **state)
{
  struct net net;

  begin (&net, 3, 1, false);
  put (&net.nodes[0], "a", "1");
  inos_sync_tell (net.nodes[0].sync, false);
  world_run (&net.world, net.world.now + 100 * MS);
  assert_true (has (&net.nodes[1], "a") && has (&net.nodes[2], "a"));
  assert_int_equal (inos_sync_stats (net.nodes[0].sync)->published, 1);
  inos_sync_tell (net.nodes[0].sync, false); /* nothing more */
  assert_int_equal (inos_sync_stats (net.nodes[0].sync)->published, 1);
  end (&net);
}

/* One slot of 4,000 that differs is found and repaired with few questions and few bytes. */
static void test_finds_one (void **state)
{
  struct net net;
  uint64_t random = 3;

  for (unsigned seed = 1; seed <= 10; seed++) {
    begin (&net, 2, seed, false);
    for (unsigned i = 0; i < 2; i++)
      net.nodes[i].deaf = true;
    put_many (&net.nodes[0], 4000, "key");
    run (&net, 60);
    assert_true (are_equal (&net));
    uint64_t equal = inos_sync_stats (net.nodes[0].sync)->equal;
    struct inos_sync *asker = net.nodes[0].sync;
    char key[32];
    g_snprintf (key, sizeof key, "key%u", (unsigned)(world_random (&random) % 4000));
    put (&net.nodes[world_random (&random) % 2], key, "another");
    assert_false (are_equal (&net));
    net.questions = net.bytes = 0;
    inos_sync_remove_peer (asker, &net.nodes[1].id);
    inos_sync_remove_peer (net.nodes[1].sync, &net.nodes[0].id);
    assert_true (inos_sync_add_peer (net.nodes[1].sync, &net.nodes[0].id));
    assert_true (inos_sync_add_peer (asker, &net.nodes[1].id));
    while (inos_sync_stats (asker)->equal == equal)
      run (&net, 1);
    assert_true (are_equal (&net));
    assert_true (net.questions <= 2 * 8); /* both asked: levels, exchange, is it equal now */
    assert_true (net.bytes < 16000);
    end (&net);
  }
}

/* Who has nothing gets everything, although one message does not hold it. */
static void test_from_nothing (void **state)
{
  struct net net;

  begin (&net, 2, 7, false);
  net.nodes[1].deaf = true;
  put_many (&net.nodes[0], INOS_DOCUMENT_SLOTS_MAX, "k");
  run (&net, 60);
  assert_true (are_equal (&net));
  assert_int_equal (inos_document_slots (net.nodes[1].document), INOS_DOCUMENT_SLOTS_MAX);
  end (&net);
}

static void test_partition (void **state)
{
  struct net net;

  begin (&net, 5, 11, false);
  put_many (&net.nodes[0], 50, "before");
  inos_sync_tell (net.nodes[0].sync, false);
  run (&net, 5);
  assert_true (are_equal (&net));
  for (unsigned i = 3; i < 5; i++)
    net.nodes[i].side = 1;
  put_many (&net.nodes[0], 60, "left");
  put_many (&net.nodes[4], 40, "right");
  assert_true (inos_document_remove (net.nodes[3].document, "before7"));
  put (&net.nodes[1], "before8", "changed");
  for (unsigned i = 0; i < 5; i++)
    inos_sync_tell (net.nodes[i].sync, false);
  run (&net, 60);
  assert_false (are_equal (&net));
  for (unsigned i = 0; i < 5; i++)
    net.nodes[i].side = 0;
  run (&net, 60);
  assert_true (are_equal (&net));
  assert_false (has (&net.nodes[0], "before7"));
  assert_true (has (&net.nodes[3], "left59") && has (&net.nodes[0], "right39"));
  end (&net);
}

/* Graves stay while a member is away who has what is buried, go when all have seen them, and
 * nothing rises. */
static void test_graves (void **state)
{
  struct net net;

  begin (&net, 4, 13, true);
  put_many (&net.nodes[0], 20, "k");
  inos_sync_tell (net.nodes[0].sync, false);
  run (&net, 120);
  assert_true (inos_document_floor (net.nodes[0].document) > 0);
  net.nodes[3].side = 1;
  assert_true (inos_document_remove (net.nodes[1].document, "k3"));
  assert_true (inos_document_add (net.nodes[1].document, "set", "x"));
  assert_true (inos_document_take (net.nodes[1].document, "set", "x"));
  inos_sync_tell (net.nodes[1].sync, false);
  run (&net, 3600);
  assert_int_equal (inos_document_slots (net.nodes[0].document), 21); /* two of them graves */
  assert_true (has (&net.nodes[3], "k3"));
  net.nodes[3].side = 0;
  run (&net, 240);
  for (unsigned i = 0; i < 4; i++) {
    assert_false (has (&net.nodes[i], "k3"));
    assert_int_equal (inos_document_slots (net.nodes[i].document), 19);
  }
  assert_true (are_equal (&net));

  /* What was once removed comes in a delta that was under way for an hour, at one that has
   * forgotten everything: it is dropped again. */
  struct node *node = &net.nodes[2];
  struct inos_slot slot = {.kind = INOS_SLOT_VALUE,
                           .key = "k3",
                           .key_len = 2,
                           .actor = 1,
                           .stamp = inos_stamp_of (inos_env_wall (&node->place.env) - 5400000)};
  world_run (&net.world, net.world.now + SECOND); /* letters to it come before it goes */
  inos_sync_free (node->sync);
  inos_document_free (node->document);
  make (node, 0);
  join (&net, 2, true);
  assert_int_equal (inos_document_merge (net.nodes[0].document, &slot), INOS_DOCUMENT_OLD);
  assert_int_equal (inos_document_merge (node->document, &slot), INOS_DOCUMENT_TAKEN);
  run (&net, 240);
  assert_true (are_equal (&net));
  assert_int_equal (inos_document_slots (node->document), 19);
  end (&net);
}

/* Above 70 % what is not critical waits, both ways, until there is time or half a minute is over.
 */
static void test_busy (void **state)
{
  struct net net;
  struct node *a = &net.nodes[0], *b = &net.nodes[1];

  begin (&net, 2, 17, false);
  inos_sync_remove_peer (a->sync, &b->id); /* deltas alone */
  inos_sync_remove_peer (b->sync, &a->id);
  inos_sync_set_load (a->sync, 0.71, 0);
  put (a, "late", "1");
  inos_sync_tell (a->sync, false);
  put (a, "critical", "1");
  inos_sync_tell (a->sync, true);
  run (&net, 1);
  assert_true (has (b, "critical") && !has (b, "late"));
  inos_sync_set_load (a->sync, 0.5, 0);
  run (&net, 1);
  assert_true (has (b, "late"));

  inos_sync_set_load (b->sync, 0.9, 0);
  put (a, "more", "1");
  inos_sync_tell (a->sync, false);
  put (a, "urgent", "1");
  inos_sync_tell (a->sync, true);
  run (&net, 20);
  assert_true (has (b, "urgent") && !has (b, "more"));
  run (&net, 11);
  assert_true (has (b, "more"));

  /* What waits is bounded. */
  static char large[INOS_SLOT_VALUE_MAX + 1];
  memset (large, 'x', INOS_SLOT_VALUE_MAX);
  for (unsigned i = 0; i < 80; i++) {
    put (a, "large", large);
    inos_sync_tell (a->sync, false);
    run (&net, 0);
    world_run (&net.world, net.world.now + 100 * MS);
  }
  assert_true (inos_sync_stats (b->sync)->dropped > 0);
  run (&net, 31);
  assert_true (has (b, "large"));
  end (&net);
}

static void test_cramped (void **state)
{
  struct net net;
  struct node *node = &net.nodes[0];
  char text[2001] = {0};

  begin (&net, 1, 19, false);
  memset (text, 'x', sizeof text - 1);
  put (node, "text", text);
  size_t before = inos_document_bytes (node->document);
  run (&net, 120);
  assert_true (inos_document_bytes (node->document) == before);
  inos_sync_set_load (node->sync, 0, 0.81);
  run (&net, 1);
  assert_true (inos_document_bytes (node->document) < before / 2);
  assert_true (inos_sync_stats (node->sync)->packed > 1000);
  assert_true (has (node, "text"));
  end (&net);
}

/* Nothing wakes who has nobody to compare with; who comes finds it awake. */
static void test_rest (void **state)
{
  struct net net;

  begin (&net, 2, 29, false);
  struct node *a = &net.nodes[0], *b = &net.nodes[1];
  put (a, "k", "v");
  run (&net, 30);
  inos_sync_remove_peer (a->sync, &b->id);
  assert_int_equal (inos_sync_deadline (a->sync), INOS_NEVER);
  assert_int_equal (inos_sync_peers (a->sync), 0);
  uint64_t rounds = inos_sync_stats (a->sync)->rounds;
  inos_sync_set_load (a->sync, 0, 0.9);
  assert_int_equal (inos_sync_deadline (a->sync), INOS_NEVER);
  run (&net, 600);
  assert_int_equal (inos_sync_stats (a->sync)->rounds, rounds);
  inos_sync_add_peer (a->sync, &b->id);
  inos_sync_add_peer (a->sync, &b->id);
  assert_int_equal (inos_sync_peers (a->sync), 1);
  assert_true (inos_sync_deadline (a->sync) <= net.world.now + INOS_SYNC_SOON);
  run (&net, 2);
  assert_true (inos_sync_stats (a->sync)->rounds > rounds);
  end (&net);
}

/* Strangers, garbage, other topics, and more questions than a peer's share. */
static void test_hostile (void **state)
{
  struct net net;
  struct inos_peer_id stranger = inos_peer_id_of_key ((const uint8_t[32]){99});
  struct inos_buffer question = {0}, answer = {0}, delta = {0};
  struct inos_delta_writer writer = {0};
  struct inos_document_range all = {0};
  struct inos_slot_id digest = {0};

  begin (&net, 2, 23, true);
  struct node *node = &net.nodes[0];
  const struct inos_peer_id *peer = &net.nodes[1].id;
  put (&net.nodes[1], "k", "v");
  assert_true (inos_document_write (net.nodes[1].document, 0, &writer, INOS_DELTA_MAX));
  inos_delta_finish (&writer, false, &delta);
  assert_false (
    inos_sync_receive (node->sync, &stranger, inos_buffer_data (&delta), inos_buffer_len (&delta)));
  assert_false (inos_sync_receive (node->sync, peer, "garbage", 7));
  assert_true (
    inos_sync_receive (node->sync, peer, inos_buffer_data (&delta), inos_buffer_len (&delta)));
  inos_sync_put_head (&question, "test", inos_document_stamp (net.nodes[1].document), 0, 0);
  inos_sync_put_part (&question, INOS_SYNC_RANGE, &all, &digest, sizeof digest);
  assert_false (inos_sync_answer (node->sync, &stranger, inos_buffer_data (&question),
                                  inos_buffer_len (&question), &answer));
  unsigned answered = 0;
  for (unsigned i = 0; i < 1000; i++)
    answered += inos_sync_answer (node->sync, peer, inos_buffer_data (&question),
                                  inos_buffer_len (&question), &answer);
  assert_int_equal (answered, INOS_SYNC_BURST);
  assert_int_equal (inos_sync_stats (node->sync)->limited, 1000 - INOS_SYNC_BURST);
  net.world.now += 10 * SECOND;
  inos_buffer_clear (&question);
  inos_sync_put_head (&question, "other", inos_document_stamp (net.nodes[1].document), 0, 0);
  assert_false (inos_sync_answer (node->sync, peer, inos_buffer_data (&question),
                                  inos_buffer_len (&question), &answer));
  inos_buffer_clear (&question);
  inos_sync_put_head (&question, "test", inos_stamp_of (inos_env_wall (&node->place.env) + 3600000),
                      0, 0);
  assert_false (inos_sync_answer (node->sync, peer, inos_buffer_data (&question),
                                  inos_buffer_len (&question), &answer));
  inos_buffer_clear (&question);
  inos_buffer_clear (&answer);
  inos_buffer_clear (&delta);
  end (&net);
}

static void act (struct node *node, uint64_t *random)
{
  static const char *const names[] = {"a", "b", "c", "d", "e"};
  const char *name = names[world_random (random) % G_N_ELEMENTS (names)];
  const char *element = names[world_random (random) % G_N_ELEMENTS (names)];

  switch (world_random (random) % 5) {
  case 0:
    put (node, name, element);
    break;
  case 1:
    inos_document_remove (node->document, name);
    break;
  case 2:
    assert_true (inos_document_add (node->document, name, element));
    break;
  case 3:
    inos_document_take (node->document, name, element);
    break;
  default:
    assert_true (inos_document_count (node->document, name, 1));
  }
  inos_sync_tell (node->sync, world_random (random) % 4 == 0);
}

/* Loss, partitions that come and go, and everybody writes: an hour without them, and all are equal;
 * with members there is no grave left. */
static void test_random (void **state)
{
  struct net net;

  for (uint64_t seed = 1; seed <= 60; seed++) {
    bool members = seed % 2;
    begin (&net, 3 + (unsigned)(seed % 3), seed, members);
    net.lost = 20;
    for (unsigned i = 0; i < 60; i++) {
      act (&net.nodes[world_random (&net.random) % net.n], &net.random);
      if (world_random (&net.random) % 8 == 0)
        net.nodes[world_random (&net.random) % net.n].side =
          (unsigned)(world_random (&net.random) % 2);
      run (&net, world_random (&net.random) % 10);
    }
    for (unsigned i = 0; i < net.n; i++)
      net.nodes[i].side = 0;
    net.lost = 0;
    run (&net, 300);
    if (!are_equal (&net))
      fail_msg ("seed %" G_GUINT64_FORMAT ": they differ", seed);
    for (unsigned i = 0; i < net.n && members; i++)
      for (unsigned j = 0; j < inos_document_slots (net.nodes[i].document); j++)
        if (inos_slot_is_grave (inos_document_slot_at (net.nodes[i].document, j)))
          fail_msg ("seed %" G_GUINT64_FORMAT ": a grave is left", seed);
    end (&net);
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_deltas),       cmocka_unit_test (test_finds_one),
    cmocka_unit_test (test_from_nothing), cmocka_unit_test (test_partition),
    cmocka_unit_test (test_graves),       cmocka_unit_test (test_busy),
    cmocka_unit_test (test_cramped),      cmocka_unit_test (test_rest),
    cmocka_unit_test (test_hostile),      cmocka_unit_test (test_random),
  };

  if (sodium_init() < 0)
    return 1;
  return cmocka_run_group_tests (tests, NULL, NULL);
}
