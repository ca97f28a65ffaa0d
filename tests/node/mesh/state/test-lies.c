/*
 * Replicas of which some lie: what the others have is the same in the end.
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

#define NODES 5u

struct node {
  struct world_place place;
  struct inos_mesh_env env;
  struct inos_peer_id id;
  struct inos_document *document;
  struct inos_sync *sync;
  int64_t behind; /* ms that its wall clock is */
  GBytes *asked;  /* NULL: nothing is asked */
  struct inos_peer_id to;
  uint64_t ticket;
};

/* The last `liars` of them say what the test has them say. */
struct net {
  struct world world;
  unsigned n, liars;
  struct node nodes[NODES];
};

static uint64_t node_now (void *data)
{
  return ((struct node *)data)->place.world->now;
}

static int64_t node_wall (void *data)
{
  const struct node *node = data;

  return inos_env_wall (&node->place.env) - node->behind;
}

static void node_random (void *data, void *bytes, size_t len)
{
  inos_env_random (&((struct node *)data)->place.env, bytes, len);
}

static void publish (void *data, const void *delta, size_t len)
{
}

static void ask (void *data, const struct inos_peer_id *peer, uint64_t ticket, const void *question,
                 size_t len)
{
  struct node *node = data;

  assert_null (node->asked);
  node->asked = g_bytes_new (question, len);
  node->to = *peer;
  node->ticket = ticket;
}

static void make (struct net *net, unsigned i)
{
  static const struct inos_sync_events events = {publish, ask};
  struct node *node = &net->nodes[i];
  struct inos_peer_id others[NODES];
  unsigned n = 0;

  node->document = inos_document_new (&(struct inos_document_setup){
    .env = &node->env, .actor = inos_document_actor (node->id.bytes, node->id.len)});
  node->sync = inos_sync_new (&(struct inos_sync_setup){.env = &node->env,
                                                        .topic = "test",
                                                        .document = node->document,
                                                        .events = &events,
                                                        .data = node});
  for (unsigned j = 0; j < net->n; j++)
    if (j != i)
      others[n++] = net->nodes[j].id;
  assert_true (inos_sync_set_members (node->sync, others, n));
}

static void unmake (struct node *node)
{
  inos_sync_free (node->sync);
  inos_document_free (node->document);
}

static void begin (struct net *net, unsigned n, unsigned liars)
{
  *net = (struct net){.n = n, .liars = liars};
  world_init (&net->world, 1);
  for (unsigned i = 0; i < n; i++) {
    struct node *node = &net->nodes[i];
    node->id = inos_peer_id_of_key ((const uint8_t[32]){(uint8_t)(i + 1)});
    world_place_init (&net->world, &node->place);
    node->env = (struct inos_mesh_env){node, node_now, node_wall, node_random};
  }
  for (unsigned i = 0; i < n; i++)
    make (net, i);
}

static void end (struct net *net)
{
  for (unsigned i = 0; i < net->n; i++)
    unmake (&net->nodes[i]);
  world_finish (&net->world);
}

/* @from asks @to, who answers as it is, or with @lie. */
static void compare_with (struct net *net, unsigned from, unsigned to,
                          const struct inos_buffer *lie)
{
  struct node *a = &net->nodes[from], *b = &net->nodes[to];

  assert_true (inos_sync_add_peer (a->sync, &b->id));
  net->world.now += SECOND;
  inos_sync_tick (a->sync);
  assert_non_null (a->asked);
  while (a->asked) {
    g_autoptr (GBytes) question = g_steal_pointer (&a->asked);
    struct inos_buffer answer = {0};
    gsize len;
    const void *bytes = g_bytes_get_data (question, &len);
    if (lie)
      inos_sync_answered (a->sync, a->ticket, inos_buffer_data (lie), inos_buffer_len (lie));
    else if (inos_sync_answer (b->sync, &a->id, bytes, len, &answer))
      inos_sync_answered (a->sync, a->ticket, inos_buffer_data (&answer),
                          inos_buffer_len (&answer));
    else
      inos_sync_answered (a->sync, a->ticket, NULL, 0);
    inos_buffer_clear (&answer);
  }
  inos_sync_remove_peer (a->sync, &b->id);
}

static void compare (struct net *net, unsigned from, unsigned to)
{
  compare_with (net, from, to, NULL);
}

static void put_head (const struct net *net, uint64_t floor, struct inos_buffer *out)
{
  inos_sync_put_head (out, "test", inos_stamp_of (inos_env_wall (&net->nodes[0].place.env)), floor,
                      0);
}

/* All compare with each other, and the liars say to @believer that they are equal. */
static void settle (struct net *net, unsigned believer)
{
  unsigned honest = net->n - net->liars;

  for (unsigned i = 0; i < honest; i++)
    for (unsigned j = 0; j < honest; j++)
      if (i != j)
        compare (net, i, j);
  for (unsigned i = honest; i < net->n; i++) {
    struct inos_buffer equal = {0};
    net->world.now += SECOND;
    put_head (net, 0, &equal);
    compare_with (net, believer, i, &equal);
    inos_buffer_clear (&equal);
  }
}

static struct inos_slot_id digest_of (const struct node *node)
{
  struct inos_document_range all = {0};
  struct inos_slot_id digest;

  inos_sync_digest (node->document, &all, UINT64_MAX, &digest);
  return digest;
}

static bool are_equal (const struct net *net)
{
  struct inos_slot_id first = digest_of (&net->nodes[0]), other;

  for (unsigned i = 1; i < net->n - net->liars; i++) {
    other = digest_of (&net->nodes[i]);
    if (memcmp (&first, &other, sizeof first) != 0)
      return false;
  }
  return true;
}

static bool has (const struct node *node, const char *key)
{
  g_autoptr (GBytes) value = inos_document_get (node->document, key);

  return value != NULL;
}

static struct inos_slot slot_of (const char *key, uint64_t stamp, bool gone)
{
  return (struct inos_slot){.kind = INOS_SLOT_VALUE,
                            .gone = gone,
                            .key = key,
                            .key_len = strlen (key),
                            .actor = 7,
                            .stamp = stamp,
                            .value = gone ? NULL : (const uint8_t *)"x",
                            .value_len = !gone};
}

/* The last one says to @to that @slot is so. */
static void tell (struct net *net, unsigned to, const struct inos_slot *slot)
{
  struct inos_delta_writer writer = {0};
  struct inos_buffer delta = {0};

  assert_true (inos_delta_put (&writer, slot, INOS_DELTA_MAX));
  inos_delta_finish (&writer, false, &delta);
  assert_true (inos_sync_receive (net->nodes[to].sync, &net->nodes[net->n - 1].id,
                                  inos_buffer_data (&delta), inos_buffer_len (&delta)));
  inos_buffer_clear (&delta);
}

/* One that says that it has nothing, and that a floor was reached above everything, takes nothing
 * away. */
static void test_false_floor (void **state)
{
  struct inos_document_range everything = {0};
  struct inos_buffer nothing = {0};
  struct net net;

  begin (&net, 4, 1);
  assert_true (inos_document_put (net.nodes[0].document, "k", "x", 1));
  settle (&net, 0);
  put_head (&net, UINT64_MAX, &nothing);
  inos_sync_put_part (&nothing, INOS_SYNC_LEAVES_OF, &everything, NULL, 0);
  compare_with (&net, 0, 3, &nothing);
  assert_true (has (&net.nodes[0], "k"));
  assert_true (are_equal (&net));
  inos_buffer_clear (&nothing);
  end (&net);
}

/* Where one has a floor and another has not, a grave from below it is told to one of them. */
static void test_buried_in_the_past (void **state)
{
  struct net net;

  for (unsigned buried = 0; buried < 2; buried++) {
    begin (&net, 3, 1);
    assert_true (inos_document_put (net.nodes[0].document, "k", "x", 1));
    uint64_t stamp = inos_document_stamp (net.nodes[0].document);
    settle (&net, 0);
    assert_true (inos_document_floor (net.nodes[0].document) > stamp);
    assert_int_equal (inos_document_floor (net.nodes[1].document), 0);
    struct inos_slot grave = slot_of ("k", stamp, true);
    tell (&net, buried, &grave);
    assert_false (are_equal (&net));
    compare (&net, 0, 1);
    assert_true (are_equal (&net));
    end (&net);
  }
}

/* What was equal when a grave was not here yet does not let it go. */
static void test_grave_that_came_late (void **state)
{
  struct net net;

  begin (&net, 3, 1);
  assert_true (inos_document_put (net.nodes[0].document, "k", "x", 1));
  uint64_t stamp = inos_document_stamp (net.nodes[0].document);
  settle (&net, 0);
  struct inos_slot grave = slot_of ("k", stamp, true);
  tell (&net, 0, &grave);
  inos_document_settle (net.nodes[0].document, inos_document_floor (net.nodes[0].document) + 1);
  assert_int_equal (inos_document_slots (net.nodes[0].document), 1);
  settle (&net, 0);
  settle (&net, 0);
  assert_int_equal (inos_document_slots (net.nodes[0].document), 0);
  assert_true (are_equal (&net));
  end (&net);
}

/* What is written as if before the floor of one is with the other: too few say that it is not, so
 * that it is taken when it has been offered for a minute. */
static void test_written_in_the_past (void **state)
{
  struct net net;

  begin (&net, 3, 1);
  assert_true (inos_document_put (net.nodes[0].document, "k", "x", 1));
  uint64_t stamp = inos_document_stamp (net.nodes[0].document);
  settle (&net, 0);
  struct inos_slot old = slot_of ("old", stamp, false);
  tell (&net, 0, &old);
  assert_false (has (&net.nodes[0], "old"));
  tell (&net, 1, &old);
  assert_true (has (&net.nodes[1], "old"));
  for (unsigned i = 0; i < 3; i++) {
    compare (&net, 0, 1);
    compare (&net, 1, 0);
  }
  assert_false (are_equal (&net));
  net.world.now += INOS_DOCUMENT_INSIST;
  compare (&net, 1, 0);
  assert_true (has (&net.nodes[0], "old") && are_equal (&net));
  end (&net);
}

/* Whose disk was set back has what was removed, and hears of enough others that it is no more. */
static void test_set_back (void **state)
{
  const struct inos_kept kept = {.topic = "test"};
  struct net net;
  gsize len;

  begin (&net, 5, 1);
  assert_true (inos_document_put (net.nodes[0].document, "k", "x", 1));
  assert_true (inos_document_put (net.nodes[0].document, "other", "x", 1));
  uint64_t stamp = inos_document_stamp (net.nodes[0].document);
  settle (&net, 3);
  g_autoptr (GBytes) disk = inos_kept_write (net.nodes[3].document, &kept);
  assert_true (inos_document_remove (net.nodes[0].document, "k"));
  for (unsigned i = 0; i < 4; i++)
    settle (&net, i);
  for (unsigned i = 0; i < 4; i++)
    settle (&net, i);
  for (unsigned i = 0; i < 4; i++)
    assert_int_equal (inos_document_slots (net.nodes[i].document), 1);

  struct node *node = &net.nodes[3];
  unmake (node);
  make (&net, 3);
  const void *bytes = g_bytes_get_data (disk, &len);
  inos_kept_restore (node->document, bytes, len);
  assert_true (inos_document_floor (node->document) > stamp);
  for (unsigned i = 0; i < 3; i++) {
    assert_true (has (node, "k"));
    compare (&net, i, 3);
    assert_false (has (&net.nodes[i], "k"));
    compare (&net, 3, i);
  }
  assert_false (has (node, "k"));
  assert_true (has (node, "other") && are_equal (&net));
  end (&net);
}

/* One that answers slowly, and that there is more to ask, for ever, does not keep others waiting
 * for longer than a minute. */
static void test_endless_answers (void **state)
{
  struct inos_slot_id digests[INOS_SYNC_CHILDREN] = {0};
  struct inos_document_range everything = {0};
  struct net net;
  unsigned asked = 0;

  begin (&net, 3, 1);
  struct node *node = &net.nodes[0];
  assert_true (inos_sync_add_peer (node->sync, &net.nodes[2].id));
  net.world.now += SECOND;
  inos_sync_tick (node->sync);
  for (; node->asked; asked++) {
    struct inos_buffer more = {0};
    put_head (&net, 0, &more);
    inos_sync_put_part (&more, INOS_SYNC_CHILDREN_OF, &everything, digests, sizeof digests);
    g_clear_pointer (&node->asked, g_bytes_unref);
    net.world.now += 10 * SECOND;
    inos_sync_answered (node->sync, node->ticket, inos_buffer_data (&more),
                        inos_buffer_len (&more));
    inos_buffer_clear (&more);
  }
  assert_true (asked > 1 && asked <= INOS_SYNC_ROUND_MAX / (10 * SECOND) + 1);
  end (&net);
}

/* Who writes as far ahead as may be pushes nobody's clock so far that others do not hear it. */
static void test_pushed_clock (void **state)
{
  struct net net;

  begin (&net, 3, 1);
  net.nodes[1].behind = 40000;
  struct inos_slot ahead = slot_of (
    "ahead", inos_stamp_of (inos_env_wall (&net.nodes[0].env) + INOS_STAMP_AHEAD_MAX), false);
  tell (&net, 0, &ahead);
  assert_true (has (&net.nodes[0], "ahead"));
  assert_true (inos_document_put (net.nodes[0].document, "k", "x", 1));
  assert_true (inos_document_put (net.nodes[0].document, "ahead", "not", 3)); /* over it */
  g_autoptr (GBytes) value = inos_document_get (net.nodes[0].document, "ahead");
  assert_int_equal (g_bytes_get_size (value), 3);
  compare (&net, 1, 0);
  assert_true (has (&net.nodes[1], "k"));
  net.world.now += 60 * SECOND;
  compare (&net, 1, 0);
  assert_true (are_equal (&net));
  end (&net);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_false_floor),
    cmocka_unit_test (test_buried_in_the_past),
    cmocka_unit_test (test_grave_that_came_late),
    cmocka_unit_test (test_written_in_the_past),
    cmocka_unit_test (test_set_back),
    cmocka_unit_test (test_endless_answers),
    cmocka_unit_test (test_pushed_clock),
  };

  if (sodium_init() < 0)
    return 1;
  return cmocka_run_group_tests (tests, NULL, NULL);
}
