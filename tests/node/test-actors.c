/*
 * The node's actors as they are seen and handled from outside, over its socket.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "client.h"

/* The row of the actor of this name, of the first page; 0: there is none. */
static guint64 find_in (GVariant *reply, const char *name, guint64 *parent, guint32 *restarts)
{
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 3);
  GVariantIter iter;
  guint64 id, above;
  const char *called;
  guint32 count;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(tt&s&s&sttddub)", &id, &above, &called, NULL, NULL, NULL,
                              NULL, NULL, NULL, &count, NULL))
    if (strcmp (called, name) == 0) {
      if (parent)
        *parent = above;
      if (restarts)
        *restarts = count;
      return id;
    }
  return 0;
}

static guint64 find (struct client *c, const char *name, guint64 *parent, guint32 *restarts)
{
  g_autoptr (GVariant) reply =
    get (c, "actors.list", g_variant_new ("(sut)", "place", 128, (guint64)0));

  return find_in (reply, name, parent, restarts);
}

/* While who lists the actors is itself being started again they cannot be listed. */
static guint64 find_soon (struct client *c, const char *name, guint64 but)
{
  for (int i = 0; i < 200; i++) {
    struct inos_frame e;
    query (c, "actors.list", g_variant_new ("(sut)", "place", 128, (guint64)0), &e);
    guint64 id = e.kind == INOS_REPLY ? find_in (e.payload, name, NULL, NULL) : 0;
    inos_frame_clear (&e);
    if (id && id != but)
      return id;
    g_usleep (10000);
  }
  fail_msg ("no %s", name);
  return 0;
}

static void test_list_is_the_tree (void **state)
{
  static const char *const tree[][2] = {
    {"node", "keeper"},    {"identity", "node"}, {"monitor", "node"},
    {"inspector", "node"}, {"api", "node"},      {"connections", "api"},
    {"feed", "api"},       {"server", "api"},    {"connection", "connections"},
  };
  struct client *c = client_new (*state);
  guint64 parent;

  for (size_t i = 0; i < G_N_ELEMENTS (tree); i++) {
    assert_true (find (c, tree[i][0], &parent, NULL) != 0);
    assert_int_equal (parent, find (c, tree[i][1], NULL, NULL));
  }
  client_free (c);
}

static void test_pages (void **state)
{
  struct client *c = client_new (*state);
  guint64 cursor = 0, actors;
  unsigned seen = 0, pages = 0;

  do {
    g_autoptr (GVariant) reply =
      get (c, "actors.list", g_variant_new ("(sut)", "place", 3, cursor));
    g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 3);
    g_variant_get_child (reply, 0, "t", &cursor);
    g_variant_get_child (reply, 1, "t", &actors);
    assert_true (g_variant_n_children (rows) <= 3);
    seen += g_variant_n_children (rows);
    pages++;
  } while (cursor && pages < 50);
  assert_true (pages >= 3);
  assert_in_range (seen, 10, actors);
  client_free (c);
}

static void test_orders (void **state)
{
  static const char *const orders[] = {"rate", "depth", "busy"};
  struct client *c = client_new (*state);

  subscribe_to (c, 100);
  for (size_t i = 0; i < G_N_ELEMENTS (orders); i++) {
    g_usleep (300000);
    g_autoptr (GVariant) reply =
      get (c, "actors.list", g_variant_new ("(sut)", orders[i], 5, (guint64)0));
    g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 3);
    assert_true (g_variant_n_children (rows) <= 5);
    if (i == 0)
      assert_true (g_variant_n_children (rows) > 0);
  }
  client_free (c);
}

static void test_inspect (void **state)
{
  struct client *c = client_new (*state);
  g_autoptr (GVariant) monitor = get (c, "actors.inspect", g_variant_new ("(s)", "monitor"));
  g_autoptr (GVariant) details = g_variant_get_child_value (monitor, 1);
  const char *text;
  guint64 number;
  guint32 count;

  assert_true (g_variant_lookup (details, "behaviour", "&s", &text));
  assert_string_equal (text, "node_monitor");
  assert_true (g_variant_lookup (details, "state", "&s", &text));
  assert_true (g_variant_lookup (details, "depth", "t", &number));
  assert_true (g_variant_lookup (details, "memory", "t", &number));
  assert_true (g_variant_lookup (details, "restarts", "u", &count));
  assert_int_equal (count, 0);

  /* A supervisor says more, and an id is as good as a name. */
  g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, find (c, "node", NULL, NULL));
  g_autoptr (GVariant) node = get (c, "actors.inspect", g_variant_new ("(s)", id));
  g_autoptr (GVariant) more = g_variant_get_child_value (node, 1);
  g_autoptr (GVariant) children = g_variant_lookup_value (more, "children", NULL);
  assert_int_equal (g_variant_n_children (children), 8);
  assert_true (g_variant_lookup (more, "strategy", "&s", &text));
  assert_string_equal (text, "one-for-one");
  client_free (c);
}

static void test_monitor_comes_back (void **state)
{
  struct client *c = client_new (*state), *other = client_new (*state);
  guint64 before = find (c, "monitor", NULL, NULL), identity = find (c, "identity", NULL, NULL);
  guint32 restarts;

  subscribe_to (c, 100);
  expect_alive (other);
  g_autoptr (GVariant) stopped = get (c, "actors.stop", g_variant_new ("(s)", "monitor"));
  guint64 after = find_soon (c, "monitor", before);
  assert_true (after != before);
  assert_int_equal (find (c, "identity", NULL, NULL), identity);
  find (c, "monitor", NULL, &restarts);
  assert_int_equal (restarts, 1);

  /* Who was connected is, and hears of the machine as often as before. */
  expect_alive (other);
  unsigned events = 0;
  for (gint64 end = g_get_monotonic_time() + 2 * G_USEC_PER_SEC; g_get_monotonic_time() < end;) {
    struct inos_frame e;
    assert_true (next (c, &e));
    events += strcmp (e.type, "node.resources") == 0;
    inos_frame_clear (&e);
  }
  assert_in_range (events, 14, 26);
  client_free (c);
  client_free (other);
}

static void test_feed_and_server_come_back (void **state)
{
  struct client *c = client_new (*state);
  guint64 feed = find (c, "feed", NULL, NULL), server = find (c, "server", NULL, NULL);
  struct inos_frame e;

  subscribe_to (c, 100);
  g_variant_unref (get (c, "actors.stop", g_variant_new ("(s)", "feed")));
  find_soon (c, "feed", feed);
  for (int i = 0; i < 5; i++) { /* the subscription is known again */
    assert_true (next (c, &e));
    assert_int_equal (e.kind, INOS_EVENT);
    inos_frame_clear (&e);
  }
  g_variant_unref (get (c, "actors.stop", g_variant_new ("(s)", "server")));
  struct client *new = client_new (*state); /* the socket has been there all the time */
  expect_alive (new);
  assert_true (find_soon (new, "server", server) != server);
  client_free (new);
  client_free (c);
}

static void test_restart (void **state)
{
  struct client *c = client_new (*state);
  guint64 before = find (c, "inspector", NULL, NULL), after;

  for (int i = 0; i < 10; i++) { /* which does not count as a failure, however often it is done */
    g_autoptr (GVariant) reply = get (c, "actors.restart", g_variant_new ("(s)", "inspector"));
    g_variant_get (reply, "(t)", &after);
    assert_true (after != before);
    before = after;
  }
  assert_int_equal (find (c, "inspector", NULL, NULL), after);
  expect_refused (c, "actors.restart", g_variant_new ("(s)", "node"), "failed");
  g_autofree char *me = g_strdup_printf ("%" G_GUINT64_FORMAT, find (c, "connection", NULL, NULL));
  expect_refused (c, "actors.restart", g_variant_new ("(s)", me), "failed");
  expect_alive (c);
  client_free (c);
}

/* A whole branch, with the connection through which it is asked for. */
static void test_restart_of_the_branch_one_sits_on (void **state)
{
  struct client *c = client_new (*state);

  ask (c, "actors.restart", g_variant_new ("(s)", "api"));
  expect_end (c);
  client_free (c);
  c = client_new (*state);
  expect_alive (c);
  client_free (c);
}

/* What is in the trace of `who` after the message of that number. */
static GVariant *traced (struct client *c, const char *who, guint64 after)
{
  return get (c, "actors.traced", g_variant_new ("(stu)", who, after, 128));
}

/* An answer may be here before the message that it answers is in the trace. */
static GVariant *trace_of_twenty (struct client *c)
{
  for (;;) {
    guint64 total;
    g_autoptr (GVariant) reply = traced (c, "identity", 0);
    g_variant_get_child (reply, 1, "t", &total);
    assert_true (total <= 20);
    if (total == 20)
      return g_steal_pointer (&reply);
    g_usleep (1000);
  }
}

static void test_trace (void **state)
{
  struct client *c = client_new (*state);
  guint32 room;

  g_variant_unref (get (c, "actors.trace", g_variant_new ("(su)", "identity", 16)));
  for (int i = 0; i < 20; i++)
    expect_alive (c);
  g_autoptr (GVariant) reply = trace_of_twenty (c);
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 3);
  g_variant_get_child (reply, 2, "u", &room);
  assert_int_equal (room, 16);
  assert_int_equal (g_variant_n_children (rows), 16);
  const char *type, *outcome;
  guint64 number;
  g_variant_get_child (rows, 15, "(tttt&sxtt&s&s)", &number, NULL, NULL, NULL, &type, NULL, NULL,
                       NULL, &outcome, NULL);
  assert_int_equal (number, 20);
  assert_string_equal (type, "node_identity.describe");
  assert_string_equal (outcome, "handled");

  g_autoptr (GVariant) later = traced (c, "identity", 18);
  g_autoptr (GVariant) two = g_variant_get_child_value (later, 3);
  assert_int_equal (g_variant_n_children (two), 2);
  g_variant_unref (get (c, "actors.trace", g_variant_new ("(su)", "identity", 0)));
  g_autoptr (GVariant) off = traced (c, "identity", 0);
  g_variant_get_child (off, 2, "u", &room);
  assert_int_equal (room, 0);
  client_free (c);
}

/* Dead letters */

/* Whether the trace of `who` has a message of this type that was handled. */
static bool has_handled (struct client *c, const char *who, const char *type)
{
  g_autoptr (GVariant) reply = traced (c, who, 0);
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 3);
  const char *called, *outcome;
  GVariantIter iter;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(tttt&sxtt&s&s)", NULL, NULL, NULL, NULL, &called, NULL, NULL,
                              NULL, &outcome, NULL))
    if (strcmp (called, type) == 0 && strcmp (outcome, "handled") == 0)
      return true;
  return false;
}

/* The number of the latest that has this type, 0: there is none. */
static guint64 dead_letter (struct client *c, const char *type)
{
  g_autoptr (GVariant) reply =
    get (c, "actors.dead-letters", g_variant_new ("(tu)", (guint64)0, 128));
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 2);
  GVariantIter iter;
  guint64 number;
  const char *called;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(t&stt&sxx)", &number, NULL, NULL, NULL, &called, NULL, NULL))
    if (strcmp (called, type) == 0)
      return number;
  return 0;
}

/* The inspector is stopped and asked in one go, so that it has gone before it comes to that. */
static guint64 make_dead_letter (struct client *c)
{
  guint64 before = find (c, "inspector", NULL, NULL);
  g_autoptr (GBytes) stop = request_frame (c, "actors.stop", g_variant_new ("(s)", "inspector"));
  g_autoptr (GBytes) list =
    request_frame (c, "actors.list", g_variant_new ("(sut)", "place", 1, (guint64)0));
  g_autoptr (GByteArray) both = g_byte_array_new();
  struct inos_frame e;

  g_byte_array_append (both, g_bytes_get_data (stop, NULL), (guint)g_bytes_get_size (stop));
  g_byte_array_append (both, g_bytes_get_data (list, NULL), (guint)g_bytes_get_size (list));
  put (c, both->data, both->len);
  for (int i = 0; i < 2; i++) {
    assert_true (next (c, &e));
    assert_int_equal (e.kind, e.reply_to == c->last_id ? INOS_ERROR : INOS_REPLY);
    inos_frame_clear (&e);
  }
  find_soon (c, "inspector", before);
  return dead_letter (c, "node_inspector.list");
}

static void test_dead_letter_is_sent_again (void **state)
{
  struct client *c = client_new (*state);
  guint64 number = make_dead_letter (c);
  const char *result;

  assert_true (number > 0);
  /* Whom it was for has gone; it stays where it is. */
  expect_refused (c, "actors.resend", g_variant_new ("(ts)", number, ""), "not-found");
  expect_refused (c, "actors.resend", g_variant_new ("(ts)", number, "nobody"), "not-found");
  assert_int_equal (dead_letter (c, "node_inspector.list"), number);

  g_variant_unref (get (c, "actors.trace", g_variant_new ("(su)", "inspector", 16)));
  assert_false (has_handled (c, "inspector", "node_inspector.list"));
  g_autoptr (GVariant) reply =
    get (c, "actors.resend", g_variant_new ("(ts)", number, "inspector"));
  g_variant_get (reply, "(&s)", &result);
  assert_string_equal (result, "accepted");
  for (int i = 0; i < 2000 && !has_handled (c, "inspector", "node_inspector.list"); i++)
    g_usleep (10000);
  assert_true (has_handled (c, "inspector", "node_inspector.list"));
  assert_int_equal (dead_letter (c, "node_inspector.list"), 0);
  expect_refused (c, "actors.resend", g_variant_new ("(ts)", number, "inspector"), "not-found");
  expect_alive (c);
  client_free (c);
}

static void test_dead_letters (void **state)
{
  struct client *c = client_new (*state);
  guint64 number = make_dead_letter (c), total, other;

  g_autoptr (GVariant) reply =
    get (c, "actors.dead-letters", g_variant_new ("(tu)", number + 1, 1));
  g_autoptr (GVariant) counts = g_variant_get_child_value (reply, 1);
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 2);
  g_variant_get_child (reply, 0, "t", &total);
  assert_true (total >= number);
  assert_true (g_variant_lookup (counts, "gone", "t", &other));
  assert_true (other >= 1);
  assert_int_equal (g_variant_n_children (rows), 1);
  g_variant_get_child (rows, 0, "(tsttsxx)", &other, NULL, NULL, NULL, NULL, NULL, NULL);
  assert_int_equal (other, number);
  g_autoptr (GVariant) older = get (c, "actors.dead-letters", g_variant_new ("(tu)", number, 128));
  g_autoptr (GVariant) before = g_variant_get_child_value (older, 2);
  for (gsize i = 0; i < g_variant_n_children (before); i++) {
    g_variant_get_child (before, i, "(tsttsxx)", &other, NULL, NULL, NULL, NULL, NULL, NULL);
    assert_true (other < number);
  }
  const guint64 nonsense[] = {0, 999999, G_MAXUINT64};
  for (size_t i = 0; i < G_N_ELEMENTS (nonsense); i++)
    expect_refused (c, "actors.resend", g_variant_new ("(ts)", nonsense[i], ""), "not-found");
  client_free (c);
}

/* The node as it is has no circle, whatever the limits. */
static void test_no_cycles (void **state)
{
  static const guint32 bounds[] = {0, 1, G_MAXUINT32};
  struct client *c = client_new (*state);
  guint32 unknown;

  for (size_t i = 0; i < G_N_ELEMENTS (bounds); i++) {
    g_autoptr (GVariant) reply =
      get (c, "actors.cycles", g_variant_new ("(uu)", bounds[i], bounds[i]));
    g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 1);
    g_variant_get_child (reply, 0, "u", &unknown);
    assert_int_equal (unknown, 0);
    assert_int_equal (g_variant_n_children (rows), 0);
  }
  client_free (c);
}

static void test_nonsense_is_refused (void **state)
{
  static const char *const nobody[] = {"",
                                       "nobody",
                                       "0",
                                       "-1",
                                       "18446744073709551615",
                                       "18446744073709551616",
                                       "4294967295",
                                       "\033[2J",
                                       "✆✆✆✆✆✆✆✆✆✆✆✆✆✆✆✆✆✆✆✆✆"};
  static const char *const about[] = {"actors.inspect", "actors.stop", "actors.restart"};
  struct client *c = client_new (*state);
  g_autofree char *long_name = g_strnfill (100000, 'x');

  for (size_t i = 0; i < G_N_ELEMENTS (about); i++) {
    for (size_t k = 0; k < G_N_ELEMENTS (nobody); k++)
      expect_refused (c, about[i], g_variant_new ("(s)", nobody[k]), "not-found");
    expect_refused (c, about[i], g_variant_new ("(s)", long_name), "bad-payload");
  }
  expect_refused (c, "actors.list", g_variant_new ("(sut)", "size", 5, (guint64)0), "bad-payload");
  expect_refused (c, "actors.list", g_variant_new ("(sut)", "rate", 5, (guint64)7), "bad-payload");
  expect_refused (c, "actors.trace", g_variant_new ("(su)", "monitor", 4000000000u), "bad-payload");
  expect_refused (c, "actors.trace", g_variant_new ("(su)", "nobody", 5), "not-found");
  expect_refused (c, "actors.stop", g_variant_new ("(s)", "node"), "failed");
  expect_refused (c, "actors.stop", g_variant_new ("(s)", "keeper"), "failed");
  /* A place far behind the last is the end. */
  g_autoptr (GVariant) reply =
    get (c, "actors.list", g_variant_new ("(sut)", "place", G_MAXUINT32, G_MAXUINT64));
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 3);
  assert_int_equal (g_variant_n_children (rows), 0);
  expect_alive (c);
  client_free (c);
}

/* More at once than one connection may ask. */
static void test_flood (void **state)
{
  struct client *c = client_new (*state);
  unsigned served = 0, refused = 0;

  for (int i = 0; i < 100; i++)
    ask (c, "actors.inspect", g_variant_new ("(s)", "monitor"));
  for (int i = 0; i < 100; i++) {
    struct inos_frame e;
    assert_true (next (c, &e));
    e.kind == INOS_REPLY ? served++ : refused++;
    inos_frame_clear (&e);
  }
  assert_true (served >= 8);
  assert_int_equal (served + refused, 100);
  expect_alive (c);
  client_free (c);
}

/* One that fails again and again takes the node down, which says so. */
static void test_gives_up (void **state)
{
  struct fixture *f = *state;
  struct client *c = client_new (f);

  for (int i = 0; i < 100 && g_file_test (f->socket, G_FILE_TEST_EXISTS); i++) {
    g_autoptr (GBytes) frame = request_frame (c, "actors.stop", g_variant_new ("(s)", "identity"));
    send (c->fd, g_bytes_get_data (frame, NULL), g_bytes_get_size (frame), MSG_NOSIGNAL);
    g_usleep (10000);
  }
  assert_int_equal (ended (f->node), 1);
  assert_false (g_file_test (f->socket, G_FILE_TEST_EXISTS));
  f->node = 0;
  client_free (c);
}

int main (void)
{
#define WITH_NODE(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    WITH_NODE (test_list_is_the_tree),
    WITH_NODE (test_pages),
    WITH_NODE (test_orders),
    WITH_NODE (test_inspect),
    WITH_NODE (test_monitor_comes_back),
    WITH_NODE (test_feed_and_server_come_back),
    WITH_NODE (test_restart),
    WITH_NODE (test_restart_of_the_branch_one_sits_on),
    WITH_NODE (test_trace),
    WITH_NODE (test_dead_letters),
    WITH_NODE (test_dead_letter_is_sent_again),
    WITH_NODE (test_no_cycles),
    WITH_NODE (test_nonsense_is_refused),
    WITH_NODE (test_flood),
    WITH_NODE (test_gives_up),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
