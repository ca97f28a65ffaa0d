/*
 * Elections on a network that loses, repeats, delays and splits, among members that crash, and
 * whose clocks differ by as much as they may. Who holds the lease is looked at after everything
 * that happens: there are never two, and never two in one epoch.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/group/election.h"
#include "node/mesh/group/election_message.h"

#include "../world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#define RESOURCE 42u
#define SEEDS 300u
#define KILLS 200u
#define EPOCHS_MAX 1024u

struct net;

struct node {
  struct net *net;
  struct inos_mesh_env env;
  uint64_t random;
  int64_t drift; /* parts in 10^6 that its clock runs fast */
  uint64_t base;
  struct inos_peer_id id;
  struct inos_election *election; /* NULL: it is down */
  struct inos_election_vote disk; /* epoch 0: none */
  unsigned life, side;
  bool disk_full;
};

struct net {
  struct world world;
  unsigned n;
  struct node nodes[INOS_ELECTION_MEMBERS_MAX];
  uint64_t random;
  unsigned lost, repeated;      /* of 100 */
  uint64_t delay;               /* ns, at most */
  unsigned holders[EPOCHS_MAX]; /* by epoch: the node that held it, plus one */
  uint64_t elections;
  bool broken;  /* whether a safety rule was */
  uint64_t far; /* what the first node, a liar, says of epochs; 0: it does not lie */
  bool forgets; /* nodes lose their votes, which is against the rules */
};

static uint64_t node_now (void *data)
{
  const struct node *node = data;
  uint64_t now = node->net->world.now;

  return node->base + now + (uint64_t)((int64_t)(now / 1000000) * node->drift);
}

static int64_t node_wall (void *data)
{
  return 1760000000000 + (int64_t)(node_now (data) / MS);
}

static void node_random (void *data, void *bytes, size_t len)
{
  struct node *node = data;

  for (size_t i = 0; i < len; i++)
    ((uint8_t *)bytes)[i] = (uint8_t)world_random (&node->random);
}

/* Whoever says it is the primary: nobody else does, and nobody else ever did in this epoch. */
static void check (struct net *net)
{
  unsigned holder = net->n;

  for (unsigned i = 0; i < net->n; i++) {
    uint64_t token =
      net->nodes[i].election ? inos_election_token (net->nodes[i].election, RESOURCE) : 0;
    if (token == 0)
      continue;
    if (net->far > 0)
      token %= EPOCHS_MAX;
    assert_true (token < EPOCHS_MAX);
    net->broken |= holder < net->n || (net->holders[token] > 0 && net->holders[token] != i + 1);
    holder = i;
    net->elections += net->holders[token] == 0;
    net->holders[token] = i + 1;
  }
}

struct letter {
  struct net *net;
  unsigned from, to, life;
  uint8_t bytes[INOS_ELECTION_MESSAGE_SIZE];
};

static bool send_letter (void *data, const struct inos_peer_id *id, const void *bytes, size_t len);

/* Whatever it is asked, it refuses, and tells of an epoch that is far away. */
static void lie (struct node *liar, const struct node *to, const uint8_t *bytes)
{
  struct inos_election_message message;
  uint8_t answer[INOS_ELECTION_MESSAGE_SIZE];

  assert_true (inos_election_message_read (&message, bytes, INOS_ELECTION_MESSAGE_SIZE));
  message.kind = INOS_ELECTION_REFUSE;
  message.epoch += liar->net->far;
  inos_election_message_write (&message, answer);
  send_letter (liar, &to->id, answer, sizeof answer);
}

static void on_letter (void *data)
{
  struct letter *letter = data;
  struct node *to = &letter->net->nodes[letter->to];

  if (letter->net->far > 0 && letter->to == 0)
    lie (to, &letter->net->nodes[letter->from], letter->bytes);
  else if (to->election && to->life == letter->life)
    inos_election_receive (to->election, &letter->net->nodes[letter->from].id, letter->bytes,
                           sizeof letter->bytes);
  check (letter->net);
}

static bool send_letter (void *data, const struct inos_peer_id *id, const void *bytes, size_t len)
{
  struct node *node = data;
  struct net *net = node->net;
  unsigned to = 0, from = (unsigned)(node - net->nodes);

  while (!inos_peer_id_equal (&net->nodes[to].id, id))
    to++;
  assert_int_equal (len, INOS_ELECTION_MESSAGE_SIZE);
  if (!net->nodes[to].election || net->nodes[to].side != node->side ||
      world_random (&net->random) % 100 < net->lost)
    return false;
  for (unsigned times = 1 + (world_random (&net->random) % 100 < net->repeated); times > 0;
       times--) {
    struct letter *letter = g_new0 (struct letter, 1);
    *letter = (struct letter){.net = net, .from = from, .to = to, .life = net->nodes[to].life};
    memcpy (letter->bytes, bytes, len);
    world_at (&net->world, net->world.now + MS + world_random (&net->random) % net->delay,
              on_letter, g_free, letter);
  }
  return true;
}

static bool store (void *data, const struct inos_election_vote *vote)
{
  struct node *node = data;

  if (node->disk_full)
    return false;
  assert_true (vote->epoch > node->disk.epoch || node->net->forgets);
  node->disk = *vote;
  return true;
}

static const struct inos_election_events events = {.store = store};

static void start (struct node *node)
{
  struct net *net = node->net;
  struct inos_peer_id members[INOS_ELECTION_MEMBERS_MAX];

  for (unsigned i = 0; i < net->n; i++)
    members[i] = net->nodes[(i + 3) % net->n].id;
  node->life++;
  node->election =
    inos_election_new (&(struct inos_election_setup){.env = &node->env,
                                                     .id = node->id,
                                                     .channel = {.data = node, .send = send_letter},
                                                     .events = &events,
                                                     .data = node});
  if (net->forgets)
    node->disk.epoch = 0;
  assert_true (inos_election_join (node->election, RESOURCE, members, net->n,
                                   node->disk.epoch > 0 ? &node->disk : NULL));
  assert_false (inos_election_join (node->election, RESOURCE, members, net->n, NULL));
}

static void stop (struct node *node)
{
  g_clear_pointer (&node->election, inos_election_free);
}

static void begin (struct net *net, unsigned n, uint64_t seed)
{
  *net = (struct net){.n = n, .random = seed, .delay = 20 * MS};
  world_init (&net->world, seed);
  for (unsigned i = 0; i < n; i++) {
    struct node *node = &net->nodes[i];
    node->net = net;
    node->random = world_random (&net->random);
    node->env = (struct inos_mesh_env){node, node_now, node_wall, node_random};
    node->id = inos_peer_id_of_key ((const uint8_t[32]){(uint8_t)(i + 1)});
  }
  for (unsigned i = 0; i < n; i++)
    start (&net->nodes[i]);
}

static void end (struct net *net)
{
  world_finish (&net->world);
  for (unsigned i = 0; i < net->n; i++)
    stop (&net->nodes[i]);
}

/* Ticks go in small steps: to be late does no harm. */
static void run (struct net *net, uint64_t ns)
{
  uint64_t until = net->world.now + ns;

  while (net->world.now < until) {
    world_run (&net->world, MIN (net->world.now + 5 * MS, until));
    for (unsigned i = 0; i < net->n; i++) {
      struct node *node = &net->nodes[i];
      if (node->election && inos_election_deadline (node->election) <= node_now (node))
        inos_election_tick (node->election);
      check (net);
    }
  }
}

/* Returns: who holds the lease; n: nobody. */
static unsigned primary (const struct net *net)
{
  for (unsigned i = 0; i < net->n; i++)
    if (net->nodes[i].election && inos_election_token (net->nodes[i].election, RESOURCE) > 0)
      return i;
  return net->n;
}

/* Returns: ns until somebody holds the lease. */
static uint64_t wait_for_primary (struct net *net, uint64_t most)
{
  uint64_t from = net->world.now;

  while (primary (net) == net->n && net->world.now < from + most)
    run (net, 5 * MS);
  return net->world.now - from;
}

static void test_one (void **state)
{
  struct net net;

  for (unsigned n = 1; n <= INOS_ELECTION_MEMBERS_MAX; n++) {
    begin (&net, n, n);
    assert_true (wait_for_primary (&net, 3 * SECOND) < 3 * SECOND);
    unsigned first = primary (&net);
    run (&net, 60 * SECOND);
    assert_int_equal (primary (&net), first); /* nobody disturbs it */
    assert_int_equal (net.elections, 1);
    for (unsigned i = 0; i < n; i++) {
      struct inos_peer_id id;
      assert_true (inos_election_primary (net.nodes[i].election, RESOURCE, &id) > 0);
      assert_true (inos_peer_id_equal (&id, &net.nodes[first].id));
    }
    assert_false (net.broken);
    end (&net);
  }
}

static int by_size (const void *a, const void *b)
{
  const uint64_t *one = a, *other = b;

  return *one < *other ? -1 : *one > *other;
}

/* The primary is killed, 200 times: in 99 of 100 there is another within 6 s, while messages take
 * up to 200 ms, some get lost, and clocks differ. */
static void test_failover (void **state)
{
  static uint64_t took[KILLS];
  struct net net;

  for (unsigned i = 0; i < KILLS; i++) {
    begin (&net, i % 2 ? 5 : 7, i + 1);
    net.delay = 200 * MS;
    net.lost = 2;
    for (unsigned j = 0; j < net.n; j++)
      net.nodes[j].drift = (int64_t)(world_random (&net.random) % 20001) - 10000; /* 1 % */
    assert_true (wait_for_primary (&net, 30 * SECOND) < 30 * SECOND);
    run (&net, 3 * SECOND + world_random (&net.random) % SECOND);
    if (primary (&net) < net.n)
      stop (&net.nodes[primary (&net)]);
    took[i] = wait_for_primary (&net, 60 * SECOND);
    assert_false (net.broken);
    end (&net);
  }
  qsort (took, KILLS, sizeof *took, by_size);
  unsigned middle = KILLS / 2, late = KILLS * 99 / 100 - 1;
  print_message ("# failover: p50 %.2f s, p99 %.2f s, longest %.2f s\n", (double)took[middle] / 1e9,
                 (double)took[late] / 1e9, (double)took[KILLS - 1] / 1e9);
  assert_true (took[late] <= 6 * SECOND);
}

/* A minority elects nobody, and who comes back from it does not disturb. */
static void test_minority (void **state)
{
  struct net net;

  begin (&net, 5, 3);
  wait_for_primary (&net, 5 * SECOND);
  run (&net, SECOND);
  unsigned before = primary (&net), apart = (before + 1) % 5;
  net.nodes[before].side = net.nodes[apart].side = 1;
  run (&net, 10 * SECOND);
  unsigned after = primary (&net);
  assert_true (after < 5 && after != before && after != apart);
  uint64_t elections = net.elections;
  run (&net, 60 * SECOND);
  net.nodes[before].side = net.nodes[apart].side = 0;
  run (&net, 60 * SECOND);
  assert_int_equal (primary (&net), after);
  assert_int_equal (net.elections, elections);
  for (unsigned i = 0; i < 5; i++) {
    struct inos_peer_id known;
    inos_election_primary (net.nodes[i].election, RESOURCE, &known);
    assert_true (inos_peer_id_equal (&known, &net.nodes[after].id));
    net.nodes[i].side = i;
  }
  struct inos_peer_id known;
  assert_true (inos_election_primary (net.nodes[after].election, RESOURCE, &known) > 0);
  run (&net, 4 * SECOND);
  assert_int_equal (primary (&net), 5);
  for (unsigned i = 0; i < 5; i++)
    assert_int_equal (inos_election_primary (net.nodes[i].election, RESOURCE, &known), 0);
  assert_false (net.broken);
  end (&net);
}

static void test_resign (void **state)
{
  struct net net;

  begin (&net, 3, 9);
  wait_for_primary (&net, 5 * SECOND);
  run (&net, SECOND);
  unsigned first = primary (&net);
  uint64_t token = inos_election_token (net.nodes[first].election, RESOURCE);
  assert_true (inos_election_until (net.nodes[first].election, RESOURCE) >
               node_now (&net.nodes[first]));
  inos_election_resign (net.nodes[first].election, RESOURCE);
  assert_int_equal (primary (&net), 3);
  assert_true (wait_for_primary (&net, 5 * SECOND) < SECOND); /* nobody waits for a lease */
  unsigned second = primary (&net);
  assert_int_not_equal (first, second);
  struct inos_fence fence = {0};
  assert_true (inos_fence_admit (&fence, token));
  assert_true (
    inos_fence_admit (&fence, inos_election_token (net.nodes[second].election, RESOURCE)));
  assert_false (inos_fence_admit (&fence, token));
  inos_election_leave (net.nodes[second].election, RESOURCE);
  assert_int_equal (primary (&net), 3);
  assert_false (net.broken);
  end (&net);
}

/* Who cannot store its vote has none. */
static void test_disk (void **state)
{
  struct net net;

  begin (&net, 3, 5);
  net.nodes[0].disk_full = net.nodes[1].disk_full = true;
  run (&net, 30 * SECOND);
  assert_int_equal (primary (&net), 3);
  assert_true (net.nodes[0].disk.epoch == 0);
  net.nodes[0].disk_full = false;
  assert_true (wait_for_primary (&net, 10 * SECOND) < 10 * SECOND);
  assert_int_not_equal (primary (&net), 1);
  end (&net);
}

/* Other groups, strangers, epochs out of nowhere, and what is no message. */
static void test_hostile (void **state)
{
  struct net net;
  struct inos_peer_id members[4], stranger = inos_peer_id_of_key ((const uint8_t[32]){99});
  uint8_t bytes[INOS_ELECTION_MESSAGE_SIZE] = {0};

  begin (&net, 3, 4);
  wait_for_primary (&net, 5 * SECOND);
  struct node *node = &net.nodes[primary (&net)];
  uint64_t epoch = node->disk.epoch;
  for (unsigned kind = 0; kind <= INOS_ELECTION_KINDS; kind++) {
    struct inos_election_message message = {
      .kind = (enum inos_election_kind)kind, .resource = RESOURCE, .epoch = epoch + 5, .ms = 3000};
    inos_election_message_write (&message, bytes);
    inos_election_receive (node->election, &net.nodes[0].id, bytes, sizeof bytes); /* no group */
    inos_election_receive (node->election, &stranger, bytes, sizeof bytes);
    inos_election_receive (node->election, &net.nodes[0].id, bytes, kind);
  }
  assert_true (node->disk.epoch == epoch);
  for (unsigned i = 0; i < 3; i++)
    members[i] = net.nodes[i].id;
  members[3] = members[0];
  assert_false (inos_election_join (node->election, 1, members, 4, NULL)); /* twice */
  assert_false (inos_election_join (node->election, 1, members, 0, NULL));
  members[(unsigned)(node - net.nodes)] = stranger;
  assert_false (inos_election_join (node->election, 1, members, 3, NULL)); /* not in it */
  end (&net);
}

/* One who refuses everything and lies about epochs keeps the others from nothing. */
static void test_liar (void **state)
{
  struct net net;

  for (unsigned shift = 0; shift < 64; shift += 4) {
    begin (&net, 5, shift + 1);
    net.far = UINT64_C (1) << shift;
    for (unsigned i = 0; i < 5; i++) {
      assert_true (wait_for_primary (&net, 20 * SECOND) < 20 * SECOND);
      unsigned leader = primary (&net);
      run (&net, 5 * SECOND);
      if (leader != 0 && primary (&net) == leader)
        inos_election_resign (net.nodes[leader].election, RESOURCE);
    }
    end (&net);
  }
}

/* Everything goes wrong for a while. */
static void rage (struct net *net)
{
  net->lost = (unsigned)(world_random (&net->random) % 30);
  net->repeated = (unsigned)(world_random (&net->random) % 30);
  net->delay =
    1 + world_random (&net->random) % (world_random (&net->random) % 4 ? 200 * MS : 2 * SECOND);
  for (unsigned i = 0; i < 30; i++) {
    struct node *node = &net->nodes[world_random (&net->random) % net->n];
    switch (world_random (&net->random) % 6) {
    case 0:
      stop (node);
      break;
    case 1:
    case 2:
      if (!node->election)
        start (node);
      break;
    case 3:
      node->side = (unsigned)(world_random (&net->random) % 2);
      break;
    case 4:
      if (node->election)
        inos_election_resign (node->election, RESOURCE);
      break;
    default:
      for (unsigned j = 0; j < net->n; j++)
        net->nodes[j].side = 0;
    }
    run (net, world_random (&net->random) % (2 * SECOND));
  }
}

static void make_drift (struct net *net, int64_t most)
{
  for (unsigned i = 0; i < net->n; i++) {
    net->nodes[i].drift = i % 2 ? most : -most;
    net->nodes[i].base = world_random (&net->random) % (1000 * SECOND);
  }
}

static void test_safe (void **state)
{
  static const unsigned sizes[] = {3, 5, 7};
  struct net net;
  uint64_t elections = 0;

  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    begin (&net, sizes[seed % 3], seed);
    for (unsigned i = 0; i < net.n; i++)
      stop (&net.nodes[i]);
    make_drift (&net, 90000); /* 9 %: just below what is allowed for */
    for (unsigned i = 0; i < net.n; i++)
      start (&net.nodes[i]);
    rage (&net);
    if (net.broken)
      fail_msg ("seed %" G_GUINT64_FORMAT ": two primaries", seed);
    net.lost = net.repeated = 0;
    net.delay = 20 * MS;
    for (unsigned i = 0; i < net.n; i++) {
      net.nodes[i].side = 0;
      if (!net.nodes[i].election)
        start (&net.nodes[i]);
    }
    run (&net, 4 * SECOND);
    if (wait_for_primary (&net, 10 * SECOND) >= 10 * SECOND)
      fail_msg ("seed %" G_GUINT64_FORMAT ": no primary", seed);
    elections += net.elections;
    assert_false (net.broken);
    end (&net);
  }
  print_message ("# %" G_GUINT64_FORMAT " elections\n", elections);
  assert_true (elections > SEEDS);
}

/* The check finds what it looks for: nodes that forget their votes, and clocks that are further
 * apart than leases allow for, give two primaries. */
static void test_finds (void **state)
{
  struct net net;
  unsigned forgot = 0, drifted = 0;

  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    begin (&net, 3, seed);
    net.forgets = true;
    rage (&net);
    forgot += net.broken;
    end (&net);

    begin (&net, 3, seed);
    for (unsigned i = 0; i < net.n; i++)
      stop (&net.nodes[i]);
    make_drift (&net, 600000);
    for (unsigned i = 0; i < net.n; i++)
      start (&net.nodes[i]);
    rage (&net);
    drifted += net.broken;
    end (&net);
  }
  print_message ("# two primaries: %u without votes, %u with clocks apart\n", forgot, drifted);
  assert_true (forgot > 0);
  assert_true (drifted > 0);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_one),      cmocka_unit_test (test_failover),
    cmocka_unit_test (test_minority), cmocka_unit_test (test_resign),
    cmocka_unit_test (test_liar),     cmocka_unit_test (test_disk),
    cmocka_unit_test (test_hostile),  cmocka_unit_test (test_safe),
    cmocka_unit_test (test_finds),
  };

  if (sodium_init() < 0)
    return 1;
  return cmocka_run_group_tests (tests, NULL, NULL);
}
