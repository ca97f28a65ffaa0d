/*
 * The path of a message through the node's actors, as it is asked for from outside, over its
 * socket.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "client.h"

struct step {
  guint64 id, cause, recipient;
  char *name, *type, *outcome;
};

/* The messages of a path, by pages of three. */
static GArray *steps_of (struct client *c, guint64 path, bool *going_on)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (struct step));
  guint total;

  do {
    g_autoptr (GVariant) reply =
      get (c, "actors.path", g_variant_new ("(tuu)", path, steps->len, 3));
    g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 2);
    gboolean more;
    g_variant_get_child (reply, 0, "b", &more);
    g_variant_get_child (reply, 1, "u", &total);
    *going_on = more;
    assert_true (g_variant_n_children (rows) <= 3);
    for (gsize i = 0; i < g_variant_n_children (rows); i++) {
      struct step s;
      g_variant_get_child (rows, i, "(ttttssxttss)", &s.id, &s.cause, NULL, &s.recipient, &s.name,
                           &s.type, NULL, NULL, NULL, &s.outcome, NULL);
      g_array_append_val (steps, s);
    }
  } while (steps->len < total);
  return steps;
}

static const struct step *step_to (const GArray *steps, const char *name, const char *type)
{
  for (guint i = 0; i < steps->len; i++) {
    const struct step *s = &g_array_index (steps, struct step, i);
    if (strcmp (s->name, name) == 0 && strcmp (s->type, type) == 0)
      return s;
  }
  fail_msg ("no %s to %s", type, name);
  return NULL;
}

static void steps_free (GArray *steps)
{
  for (guint i = 0; i < steps->len; i++) {
    struct step *s = &g_array_index (steps, struct step, i);
    g_free (s->name), g_free (s->type), g_free (s->outcome);
  }
  g_array_unref (steps);
}

/* What comes of a request to the identity: that, and its answer. */
static void test_path (void **state)
{
  struct client *c = client_new (*state);
  guint64 id, path, next;
  bool going_on;

  expect_refused (c, "actors.path", g_variant_new ("(tuu)", (guint64)0, 0, 9), "not-found");
  expect_refused (c, "actors.path-end", g_variant_new ("(t)", (guint64)0), "not-found");
  g_autoptr (GVariant) begun = get (c, "actors.path-begin", g_variant_new ("(su)", "identity", 99));
  g_variant_get (begun, "(tt)", &id, &path);
  assert_int_equal (path, 1);
  expect_alive (c);
  expect_alive (c); /* only the first is on it */
  GArray *steps = steps_of (c, path, &going_on);
  assert_true (going_on);
  assert_int_equal (steps->len, 2);
  const struct step *ask = step_to (steps, "identity", "node_identity.describe");
  const struct step *reply = step_to (steps, "node_connection", "node_identity.describe-reply");
  assert_int_equal (ask->cause, 0);
  assert_int_equal (ask->recipient, id);
  assert_int_equal (reply->cause, ask->id);
  assert_string_equal (ask->outcome, "handled");
  steps_free (steps);

  g_variant_unref (get (c, "actors.path-end", g_variant_new ("(t)", path)));
  steps = steps_of (c, 0, &going_on); /* which is the same */
  assert_false (going_on);
  assert_int_equal (steps->len, 2);
  steps_free (steps);

  g_autoptr (GVariant) other = get (c, "actors.path-begin", g_variant_new ("(su)", "monitor", 1));
  g_variant_get (other, "(tt)", NULL, &next);
  assert_int_equal (next, path + 1);
  expect_refused (c, "actors.path", g_variant_new ("(tuu)", path, 0, 9), "not-found");
  expect_refused (c, "actors.path-end", g_variant_new ("(t)", path), "not-found");
  expect_refused (c, "actors.path", g_variant_new ("(tuu)", G_MAXUINT64, 0, 9), "not-found");
  client_free (c);
}

/* One that is over by itself, and what no path is. */
static void test_path_bounds (void **state)
{
  struct client *c = client_new (*state);
  bool going_on;

  g_variant_unref (get (c, "actors.path-begin", g_variant_new ("(su)", "feed", 1)));
  subscribe_to (c, 100);
  GArray *steps = steps_of (c, 0, &going_on);
  assert_int_equal (steps->len, 1);
  assert_false (going_on);
  steps_free (steps);
  g_autoptr (GVariant) behind =
    get (c, "actors.path", g_variant_new ("(tuu)", (guint64)0, G_MAXUINT32, G_MAXUINT32));
  g_autoptr (GVariant) rows = g_variant_get_child_value (behind, 2);
  assert_int_equal (g_variant_n_children (rows), 0);
  expect_refused (c, "actors.path-begin", g_variant_new ("(su)", "feed", 0), "bad-payload");
  expect_refused (c, "actors.path-begin", g_variant_new ("(su)", "feed", 1025), "bad-payload");
  expect_refused (c, "actors.path-begin", g_variant_new ("(su)", "nobody", 9), "not-found");
  client_free (c);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_path, set_up, tear_down),
    cmocka_unit_test_setup_teardown (test_path_bounds, set_up, tear_down),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
