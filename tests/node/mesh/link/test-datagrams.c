/*
 * Sealed datagrams: three peers on a network that a test steers, on a virtual clock.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/datagrams.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

#define SECOND UINT64_C (1000000000)
#define N 3
#define CAUGHT_MAX 64

struct caught {
  struct inos_datagram_place from, to;
  size_t len;
  uint8_t bytes[INOS_DATAGRAM_MAX];
};

struct world {
  uint64_t now;
  uint32_t random;
  struct inos_mesh_env env;
  struct end {
    struct world *world;
    unsigned index;
    struct inos_identity *identity;
    struct inos_peer_id id;
    struct inos_datagram_place place;
    struct inos_datagrams *datagrams;
    enum inos_datagram_standing others; /* what it thinks of everybody */
    GString *heard;
  } ends[N];
  const uint8_t *network;           /* of the next that starts */
  struct caught caught[CAUGHT_MAX]; /* under way, in order; then the whole history */
  unsigned n_caught, next;
};

static uint64_t now (void *data)
{
  return ((struct world *)data)->now;
}

static int64_t wall (void *data)
{
  return 0;
}

static void draw (void *data, void *bytes, size_t len)
{
  struct world *world = data;

  for (size_t i = 0; i < len; i++) {
    world->random = world->random * 1664525 + 1013904223;
    ((uint8_t *)bytes)[i] = (uint8_t)(world->random >> 24);
  }
}

static void on_send (void *data, const struct inos_datagram_place *to, const void *bytes,
                     size_t len)
{
  struct end *end = data;
  struct world *world = end->world;
  struct caught *caught = &world->caught[world->n_caught++];

  assert_true (world->n_caught <= CAUGHT_MAX);
  assert_true (len <= INOS_DATAGRAM_MAX);
  caught->from = end->place;
  caught->to = *to;
  caught->len = len;
  memcpy (caught->bytes, bytes, len);
}

static void on_received (void *data, const struct inos_peer_id *from, const void *bytes, size_t len)
{
  struct end *end = data;

  for (unsigned i = 0; i < N; i++)
    if (inos_peer_id_equal (&end->world->ends[i].id, from))
      g_string_append_printf (end->heard, "%u:", i);
  g_string_append_len (end->heard, bytes, (gssize)len);
  g_string_append_c (end->heard, ' ');
}

static enum inos_datagram_standing on_standing (void *data, const struct inos_peer_id *peer)
{
  return ((struct end *)data)->others;
}

static unsigned on_locate (void *data, const struct inos_peer_id *peer,
                           struct inos_datagram_place places[INOS_DATAGRAMS_PLACES_MAX])
{
  struct world *world = ((struct end *)data)->world;

  for (unsigned i = 0; i < N; i++)
    if (inos_peer_id_equal (&world->ends[i].id, peer)) {
      places[0] = world->ends[i].place;
      return 1;
    }
  return 0;
}

static void start (struct world *world, unsigned i)
{
  static const struct inos_datagrams_events events = {on_send, on_received, on_standing, on_locate};
  struct end *end = &world->ends[i];
  struct inos_datagrams_setup setup = {&world->env, end->identity, world->network, &events, end};

  inos_datagrams_free (end->datagrams);
  end->datagrams = inos_datagrams_new (&setup);
}

static struct world *begin (void)
{
  struct world *world = g_new0 (struct world, 1);

  world->now = SECOND;
  world->env = (struct inos_mesh_env){world, now, wall, draw};
  for (unsigned i = 0; i < N; i++) {
    struct end *end = &world->ends[i];
    uint8_t seed[INOS_SEED_SIZE];
    memset (seed, (int)i + 1, sizeof seed);
    end->world = world;
    end->index = i;
    end->identity = inos_identity_from_seed (seed);
    end->id = inos_peer_id_of_key (inos_identity_key (end->identity));
    end->place = (struct inos_datagram_place){.ip = {[15] = (uint8_t)(i + 1)}, .port = 4630};
    end->others = INOS_DATAGRAM_KNOWN;
    end->heard = g_string_new (NULL);
    start (world, i);
  }
  return world;
}

static void end_world (struct world *world)
{
  for (unsigned i = 0; i < N; i++) {
    inos_datagrams_free (world->ends[i].datagrams);
    inos_identity_free (world->ends[i].identity);
    g_string_free (world->ends[i].heard, TRUE);
  }
  g_free (world);
}

static void give (struct world *world, const struct caught *caught)
{
  struct caught copy = *caught;

  for (unsigned i = 0; i < N; i++)
    if (memcmp (world->ends[i].place.ip, copy.to.ip, sizeof copy.to.ip) == 0)
      inos_datagrams_take (world->ends[i].datagrams, &copy.from, copy.bytes, copy.len);
}

/* Delivers what is under way, and what that brings about. */
static void deliver (struct world *world)
{
  while (world->next < world->n_caught)
    give (world, &world->caught[world->next++]);
}

static enum inos_datagram_way say (struct world *world, unsigned from, unsigned to,
                                   const char *text, bool keep)
{
  return inos_datagrams_send (world->ends[from].datagrams, &world->ends[to].id, text, strlen (text),
                              keep);
}

static void expect (struct world *world, unsigned at, const char *heard)
{
  assert_string_equal (world->ends[at].heard->str, heard);
  g_string_truncate (world->ends[at].heard, 0);
}

/* The first waits for the answer; then either sends at once. */
static void test_sessions (void **state)
{
  struct world *world = begin();

  assert_int_equal (say (world, 0, 1, "one", true), INOS_DATAGRAM_KEPT);
  deliver (world);
  expect (world, 1, "0:one ");
  assert_int_equal (say (world, 0, 1, "two", true), INOS_DATAGRAM_SENT);
  assert_int_equal (say (world, 1, 0, "three", true), INOS_DATAGRAM_SENT);
  deliver (world);
  expect (world, 1, "0:two ");
  expect (world, 0, "1:three ");
  assert_int_equal (world->n_caught, 5);
  assert_true (inos_datagrams_is_open (world->ends[0].datagrams, &world->ends[1].id));
  assert_false (inos_datagrams_is_open (world->ends[0].datagrams, &world->ends[2].id));
  assert_int_equal (world->caught[2].len,
                    INOS_DATAGRAM_DATA_HEAD + strlen ("one") + INOS_DATAGRAM_MAC);
  end_world (world);
}

/* Both at once: two sessions, and nothing is lost. */
static void test_both_at_once (void **state)
{
  struct world *world = begin();

  say (world, 0, 1, "a", true);
  say (world, 1, 0, "b", true);
  deliver (world);
  expect (world, 0, "1:b ");
  expect (world, 1, "0:a ");
  for (int i = 0; i < 4; i++) {
    say (world, 0, 1, "c", true);
    say (world, 1, 0, "d", true);
    deliver (world);
    expect (world, 0, "1:d ");
    expect (world, 1, "0:c ");
  }
  end_world (world);
}

/* A caller with another way does not wait, but has it tried. */
static void test_another_way (void **state)
{
  struct world *world = begin();

  assert_int_equal (say (world, 0, 1, "one", false), INOS_DATAGRAM_NOWAY);
  deliver (world);
  expect (world, 1, "");
  assert_int_equal (say (world, 0, 1, "two", false), INOS_DATAGRAM_SENT);
  deliver (world);
  expect (world, 1, "0:two ");
  end_world (world);
}

/* All that was ever sent comes again, and again after restarts: nothing of it counts. */
static void test_replay (void **state)
{
  struct world *world = begin();

  say (world, 0, 1, "one", true);
  deliver (world);
  say (world, 1, 0, "two", true);
  deliver (world);
  expect (world, 1, "0:one ");
  expect (world, 0, "1:two ");
  unsigned n = world->n_caught;
  for (unsigned round = 0; round < 3; round++) {
    for (unsigned i = 0; i < n; i++)
      give (world, &world->caught[i]);
    deliver (world);
    expect (world, 0, "");
    expect (world, 1, "");
    world->n_caught = world->next = n;
    if (round < 2)
      start (world, 1 - round);
  }
  assert_true (inos_datagrams_stats (world->ends[1].datagrams)->forged > 0);
  end_world (world);
}

/* The same, while the session goes on that was there: it is not disturbed. */
static void test_replay_beside (void **state)
{
  struct world *world = begin();

  say (world, 0, 1, "one", true);
  deliver (world);
  start (world, 0); /* another life */
  say (world, 0, 1, "two", true);
  deliver (world);
  expect (world, 1, "0:one 0:two ");
  unsigned n = world->n_caught;
  for (unsigned i = 0; i < n; i++)
    give (world, &world->caught[i]);
  deliver (world);
  expect (world, 1, "");
  assert_int_equal (say (world, 1, 0, "three", true), INOS_DATAGRAM_SENT);
  deliver (world);
  expect (world, 0, "1:three ");
  assert_int_equal (inos_datagrams_stats (world->ends[1].datagrams)->repeated, 2);
  end_world (world);
}

/* A window of 64: late ones count once, later ones not. */
static void test_reordered (void **state)
{
  struct world *world = begin();
  g_autoptr (GString) wanted = g_string_new (NULL);

  say (world, 0, 1, "-", true);
  deliver (world);
  expect (world, 1, "0:- ");
  unsigned first = world->n_caught;
  for (unsigned i = 0; i < 40; i++) {
    g_autofree char *text = g_strdup_printf ("%u", i);
    say (world, 0, 1, text, true);
  }
  for (unsigned i = 40; i-- > 0;) {
    give (world, &world->caught[first + i]);
    give (world, &world->caught[first + i]);
    g_string_append_printf (wanted, "0:%u ", i);
  }
  expect (world, 1, wanted->str);
  assert_int_equal (inos_datagrams_stats (world->ends[1].datagrams)->repeated, 40);
  struct caught late = world->caught[first];
  world->n_caught = world->next = first;
  for (unsigned i = 0; i < 40; i++)
    say (world, 0, 1, ".", true);
  struct caught never = world->caught[first + 1];
  world->next = world->n_caught;
  give (world, &world->caught[first + 39]);
  world->n_caught = world->next = first;
  for (unsigned i = 0; i < 40; i++)
    say (world, 0, 1, ".", true);
  give (world, &world->caught[first + 39]);
  g_string_truncate (world->ends[1].heard, 0);
  give (world, &late);
  give (world, &never); /* 78 behind */
  expect (world, 1, "");
  end_world (world);
}

/* Every bit matters. */
static void test_forged (void **state)
{
  struct world *world = begin();

  say (world, 0, 1, "one", true);
  deliver (world);
  expect (world, 1, "0:one ");
  say (world, 0, 1, "two", true);
  unsigned n = world->n_caught;
  for (unsigned i = 0; i < n; i++)
    for (size_t bit = 0; bit < world->caught[i].len * 8; bit++) {
      struct caught forged = world->caught[i];
      forged.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
      give (world, &forged);
      world->n_caught = n; /* nothing of what that brings about arrives */
    }
  for (size_t len = 0; len < world->caught[n - 1].len; len++) {
    struct caught cut = world->caught[n - 1];
    cut.len = len;
    give (world, &cut);
  }
  expect (world, 0, "");
  expect (world, 1, "");
  deliver (world);
  expect (world, 1, "0:two ");
  end_world (world);
}

/* Datagrams of one pair are nothing to another, and one's own are nothing to oneself. */
static void test_other_ends (void **state)
{
  struct world *world = begin();

  say (world, 0, 1, "one", true);
  deliver (world);
  say (world, 0, 1, "two", true);
  unsigned n = world->n_caught;
  for (unsigned i = 0; i < n; i++)
    for (unsigned to = 0; to < N; to += 2) {
      struct caught astray = world->caught[i];
      astray.to = world->ends[to].place;
      give (world, &astray);
    }
  expect (world, 0, "");
  expect (world, 2, "");
  end_world (world);
}

/* A private mesh hears only its own. */
static void test_network (void **state)
{
  static const uint8_t key[32] = {1};
  struct world *world = begin();

  world->network = key;
  start (world, 1);
  say (world, 0, 1, "one", true);
  say (world, 1, 0, "two", true);
  deliver (world);
  expect (world, 1, "");
  expect (world, 0, "");
  assert_int_equal (inos_datagrams_stats (world->ends[1].datagrams)->forged, 1);
  start (world, 0);
  say (world, 0, 1, "one", true);
  deliver (world);
  expect (world, 1, "0:one ");
  end_world (world);
}

/* One that begins anew is heard at once; one that it was told in the old session is lost, and the
 * silence is noticed. */
static void test_restart (void **state)
{
  struct world *world = begin();

  say (world, 0, 1, "one", true);
  deliver (world);
  expect (world, 1, "0:one ");
  start (world, 1);
  assert_int_equal (say (world, 0, 1, "lost", true), INOS_DATAGRAM_SENT);
  deliver (world);
  expect (world, 1, "");
  world->now += INOS_DATAGRAMS_SILENCE;
  assert_false (inos_datagrams_is_open (world->ends[0].datagrams, &world->ends[1].id));
  assert_int_equal (say (world, 0, 1, "two", true), INOS_DATAGRAM_KEPT);
  deliver (world);
  expect (world, 1, "0:two ");
  start (world, 1);
  say (world, 1, 0, "three", true);
  deliver (world);
  expect (world, 0, "1:three ");
  assert_int_equal (say (world, 0, 1, "four", true), INOS_DATAGRAM_SENT);
  deliver (world);
  expect (world, 1, "0:four ");
  end_world (world);
}

/* Nobody answers: one HELLO at a time, ever more seldom; what waits is not sent when it is old. */
static void test_nobody_there (void **state)
{
  struct world *world = begin();
  unsigned hellos[2];

  for (unsigned half = 0; half < 2; half++) {
    for (unsigned i = 0; i < 600; i++) {
      assert_int_equal (say (world, 0, 1, "one", true), INOS_DATAGRAM_KEPT);
      world->now += SECOND / 10;
    }
    hellos[half] = world->n_caught;
  }
  assert_int_equal (hellos[0], 6); /* after 0, 1, 3, 7, 15 and 31 s */
  assert_int_equal (hellos[1], 7);
  world->now += INOS_DATAGRAMS_KEPT;
  struct caught last = world->caught[world->n_caught - 1];
  world->next = world->n_caught;
  give (world, &last);
  deliver (world);
  expect (world, 1, "");
  assert_int_equal (say (world, 0, 1, "two", true), INOS_DATAGRAM_SENT);
  end_world (world);
}

/* It moves: where its last word came from is where it is. */
static void test_moves (void **state)
{
  struct world *world = begin();
  struct inos_datagram_place place;

  say (world, 0, 1, "one", true);
  deliver (world);
  world->ends[0].place.ip[0] = 9;
  say (world, 0, 1, "two", true);
  deliver (world);
  expect (world, 1, "0:one 0:two ");
  assert_true (inos_datagrams_at (world->ends[1].datagrams, &world->ends[0].id, &place));
  assert_int_equal (place.ip[0], 9);
  say (world, 1, 0, "three", true);
  deliver (world);
  expect (world, 0, "1:three ");
  end_world (world);
}

/* Many strangers: as many keys a second as are allowed, few remembered, known ones not disturbed.
 */
static void test_strangers (void **state)
{
  struct world *world = begin();
  struct inos_datagrams *victim = world->ends[1].datagrams;

  say (world, 0, 1, "one", true);
  deliver (world);
  expect (world, 1, "0:one ");
  world->ends[1].others = INOS_DATAGRAM_STRANGER;
  for (unsigned i = 0; i < 200; i++) {
    struct inos_datagram_secret secret;
    uint8_t seed[INOS_SEED_SIZE] = {7, (uint8_t)i}, nonce[INOS_DATAGRAM_NONCE] = {1};
    uint8_t hello[INOS_DATAGRAM_HELLO_SIZE];
    struct inos_identity *one = inos_identity_from_seed (seed);
    assert_true (
      inos_datagram_agree (&secret, one, NULL, inos_identity_key (world->ends[1].identity)));
    inos_datagram_put_hello (&secret, 5, nonce, hello);
    inos_datagrams_take (victim, &world->ends[2].place, hello, sizeof hello);
    world->n_caught = world->next; /* its answer */
    inos_identity_free (one);
    if (i % 100 == 99)
      world->now += SECOND;
  }
  const struct inos_datagrams_stats *stats = inos_datagrams_stats (victim);
  assert_int_equal (stats->strangers, INOS_DATAGRAMS_STRANGERS_MAX);
  assert_int_equal (stats->answers, 1 + 2 * INOS_DATAGRAMS_STRANGERS_RATE);
  assert_int_equal (stats->strange, 200 - 2 * INOS_DATAGRAMS_STRANGERS_RATE);
  assert_int_equal (say (world, 0, 1, "two", true), INOS_DATAGRAM_SENT);
  deliver (world);
  expect (world, 1, "0:two ");
  world->ends[1].others = INOS_DATAGRAM_REFUSED;
  say (world, 2, 1, "three", true);
  say (world, 0, 1, "four", true); /* nor in a session that there is */
  deliver (world);
  expect (world, 1, "");
  end_world (world);
}

/* One's own id, one without a key, one too long. */
static void test_refused (void **state)
{
  struct world *world = begin();
  const struct inos_peer_id none = {.len = 34, .bytes = {0x12, 0x20}};
  uint8_t bytes[INOS_DATAGRAM_PAYLOAD_MAX + 1] = {0};
  struct inos_datagrams *datagrams = world->ends[0].datagrams;

  assert_int_equal (say (world, 0, 0, "one", true), INOS_DATAGRAM_NOWAY);
  assert_int_equal (inos_datagrams_send (datagrams, &none, "x", 1, true), INOS_DATAGRAM_NOWAY);
  assert_int_equal (inos_datagrams_send (datagrams, &world->ends[1].id, bytes, sizeof bytes, true),
                    INOS_DATAGRAM_NOWAY);
  assert_int_equal (world->n_caught, 0);
  assert_int_equal (
    inos_datagrams_send (datagrams, &world->ends[1].id, bytes, sizeof bytes - 1, true),
    INOS_DATAGRAM_KEPT);
  deliver (world);
  assert_int_equal (world->caught[2].len, INOS_DATAGRAM_MAX);
  assert_int_equal (world->ends[1].heard->len, 3 + INOS_DATAGRAM_PAYLOAD_MAX);
  end_world (world);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_sessions),      cmocka_unit_test (test_both_at_once),
    cmocka_unit_test (test_another_way),   cmocka_unit_test (test_replay),
    cmocka_unit_test (test_replay_beside), cmocka_unit_test (test_reordered),
    cmocka_unit_test (test_forged),        cmocka_unit_test (test_other_ends),
    cmocka_unit_test (test_network),       cmocka_unit_test (test_restart),
    cmocka_unit_test (test_nobody_there),  cmocka_unit_test (test_moves),
    cmocka_unit_test (test_strangers),     cmocka_unit_test (test_refused),
  };

  return cmocka_run_group_tests_name ("datagrams", tests, NULL, NULL);
}
