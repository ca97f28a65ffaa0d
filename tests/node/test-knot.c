/*
 * Actors that wait for each other, as they are seen over the socket of a node that has some
 * (knot.c).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "client.h"

static guint64 id_of (struct client *c, const char *who)
{
  g_autoptr (GVariant) reply = get (c, "actors.inspect", g_variant_new ("(s)", who));
  guint64 id;

  g_variant_get_child (reply, 0, "t", &id);
  return id;
}

/* The circles that are older than that, ms. */
static GVariant *cycles (struct client *c, guint32 min_age)
{
  g_autoptr (GVariant) reply = get (c, "actors.cycles", g_variant_new ("(uu)", min_age, 64));
  guint32 unknown;

  g_variant_get_child (reply, 0, "u", &unknown);
  assert_int_equal (unknown, 0);
  return g_variant_get_child_value (reply, 1);
}

/* The circles when there are so many. */
static GVariant *cycles_soon (struct client *c, guint32 min_age, gsize count)
{
  for (int i = 0; i < 300; i++) {
    GVariant *found = cycles (c, min_age);
    if (g_variant_n_children (found) == count)
      return found;
    g_variant_unref (found);
    g_usleep (10000);
  }
  fail_msg ("there are not %zu circles", count);
  return NULL;
}

static void test_circle (void **state)
{
  struct client *c = client_new (*state);
  g_autoptr (GVariant) found = cycles_soon (c, 200, 1);
  g_autoptr (GVariant) waits = NULL;
  guint64 who[2], whom[2], age;
  const char *name[2], *behaviour, *kind;
  guint32 length;

  g_variant_get_child (found, 0, "(u@a(tsstst))", &length, &waits);
  assert_int_equal (length, 2);
  assert_int_equal (g_variant_n_children (waits), 2);
  for (gsize i = 0; i < 2; i++) {
    g_variant_get_child (waits, i, "(t&s&st&st)", &who[i], &name[i], &behaviour, &whom[i], &kind,
                         &age);
    assert_string_equal (behaviour, "thread");
    assert_string_equal (kind, "reply");
    assert_in_range (age, 200 * G_GUINT64_CONSTANT (1000000), 60 * G_GUINT64_CONSTANT (1000000000));
    assert_int_equal (who[i], id_of (c, name[i]));
  }
  assert_true (who[0] == whom[1] && who[1] == whom[0]);
  assert_true (strcmp (name[0], "left") == 0 || strcmp (name[1], "left") == 0);
  assert_true (strcmp (name[0], "right") == 0 || strcmp (name[1], "right") == 0);
  client_free (c);
}

static void test_young_ones_do_not_count (void **state)
{
  struct client *c = client_new (*state);

  g_variant_unref (cycles_soon (c, 0, 1));
  g_autoptr (GVariant) old = cycles (c, G_MAXUINT32);
  assert_int_equal (g_variant_n_children (old), 0);
  client_free (c);
}

static void test_untied (void **state)
{
  struct client *c = client_new (*state);

  g_variant_unref (cycles_soon (c, 0, 1));
  g_variant_unref (get (c, "actors.stop", g_variant_new ("(s)", "left")));
  g_variant_unref (cycles_soon (c, 0, 0));
  client_free (c);
}

/* All at once, as often as one connection may, and somebody who does not wait for the answer. */
static void test_many_look (void **state)
{
  struct client *c = client_new (*state), *gone = client_new (*state);
  unsigned served = 0;

  for (int i = 0; i < 8; i++)
    ask (gone, "actors.cycles", g_variant_new ("(uu)", 0, 64));
  client_free (gone);
  for (int i = 0; i < 50; i++)
    ask (c, "actors.cycles", g_variant_new ("(uu)", 0, 64));
  for (int i = 0; i < 50; i++) {
    struct inos_frame e;
    assert_true (next (c, &e));
    served += e.kind == INOS_REPLY;
    inos_frame_clear (&e);
  }
  assert_true (served >= 8);
  expect_alive (c);
  client_free (c);
}

int main (void)
{
#define WITH_NODE(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    WITH_NODE (test_circle),
    WITH_NODE (test_young_ones_do_not_count),
    WITH_NODE (test_untied),
    WITH_NODE (test_many_look),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
