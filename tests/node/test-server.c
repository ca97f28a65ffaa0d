/*
 * The server as its clients see it: the real program in a process of its own, over a real socket.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "client.h"
#include "node/api/connection.h"
#include "node/api/feed.h"
#include "node/api/messages.h"
#include "node/api/server.h"
#include "node/identity/identity.h"

static void test_info (void **state)
{
  struct client *c = client_new (*state);
  struct inos_frame e;
  const char *peer, *version, *key;
  gint64 started;

  ask (c, "node.info", NULL);
  expect_reply (c, "node.info", &e);
  g_variant_get (e.payload, "(&s&s&sx&s)", &peer, &version, NULL, &started, &key);
  assert_true (g_str_has_prefix (peer, "12D3KooW"));
  assert_int_equal (strlen (key), 64);
  assert_true (g_get_real_time() - started < 60 * G_USEC_PER_SEC && started <= g_get_real_time());
  inos_frame_clear (&e);
  client_free (c);
}

static void test_resources_and_alerts (void **state)
{
  struct client *c = client_new (*state);
  struct inos_frame e;
  gint64 time;
  guint64 total;

  ask (c, "node.resources", NULL);
  expect_reply (c, "node.resources", &e);
  g_variant_get_child (e.payload, 0, "x", &time);
  g_variant_get_child (e.payload, 4, "t", &total);
  assert_true (g_get_real_time() - time < 5 * G_USEC_PER_SEC);
  assert_true (total > 0);
  inos_frame_clear (&e);
  ask (c, "node.alerts", NULL);
  expect_reply (c, "node.alerts", &e);
  inos_frame_clear (&e);
  client_free (c);
}

static unsigned count_events (struct client *c, gint64 us)
{
  gint64 end = g_get_monotonic_time() + us;
  unsigned count = 0;

  while (g_get_monotonic_time() < end) {
    struct inos_frame e;
    assert_true (next (c, &e));
    assert_int_equal (e.kind, INOS_EVENT);
    count += strcmp (e.type, "node.resources") == 0;
    inos_frame_clear (&e);
  }
  return count;
}

static void test_subscribe (void **state)
{
  struct client *c = client_new (*state), *slow = client_new (*state);
  struct inos_frame e;

  assert_int_equal (subscribe_to (c, 1), 100);
  assert_int_equal (subscribe_to (c, 4000000000u), INOS_INTERVAL_MAX);
  assert_int_equal (subscribe_to (slow, 900), 1000);
  assert_int_equal (subscribe_to (c, 150), 200);
  unsigned count = count_events (c, 2 * G_USEC_PER_SEC);
  assert_in_range (count, 8, 12);
  count = count_events (slow, 2 * G_USEC_PER_SEC);
  assert_in_range (count, 2, 5); /* two waited already */

  assert_int_equal (subscribe_to (c, 0), 0);
  setsockopt (c->fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_usec = 700000},
              sizeof (struct timeval));
  char byte;
  assert_int_equal (recv (c->fd, &byte, 1, 0), -1); /* silence */
  assert_int_equal (errno, EAGAIN);
  setsockopt (c->fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = PATIENCE},
              sizeof (struct timeval));
  ask (c, "node.info", NULL);
  expect_reply (c, "node.info", &e);
  inos_frame_clear (&e);
  client_free (c);
  client_free (slow);
}

static void test_grants (void **state)
{
  static const uint32_t cases[][2] = {{1, 100},           {100, 100},           {101, 200},
                                      {201, 500},         {501, 1000},          {1000, 1000},
                                      {1001, 2000},       {3599001, 3600000},   {3600000, 3600000},
                                      {3600001, 3600000}, {UINT32_MAX, 3600000}};

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_int_equal (inos_interval_grant (cases[i][0]), cases[i][1]);
}

static void test_small_mistakes_cost_a_frame (void **state)
{
  struct client *c = client_new (*state);
  g_autoptr (GByteArray) bad =
    g_bytes_unref_to_array (request_frame (c, "node.subscribe", g_variant_new ("(u)", 5)));

  ask (c, "node.nothing", NULL);
  expect_error (c, "unknown-message");
  g_byte_array_set_size (bad, bad->len - 1);
  bad->data[0]--;
  put (c, bad->data, bad->len);
  expect_error (c, "bad-payload");

  struct inos_frame reply = {
    .kind = INOS_REPLY, .version = 1, .id = 3, .reply_to = 4, .type = "node.subscribe"};
  reply.payload = g_variant_ref_sink (g_variant_new ("(u)", 5));
  g_autoptr (GBytes) frame = inos_frame_encode (&reply);
  inos_frame_clear (&reply);
  put (c, g_bytes_get_data (frame, NULL), g_bytes_get_size (frame));
  expect_error (c, "unknown-message");
  expect_alive (c);
  client_free (c);
}

static void test_damage_ends_the_connection (void **state)
{
  static const struct {
    const char *bytes;
    size_t len;
    const char *code;
  } cases[] = {
    {"\1\0\x10\0", 4, "too-big"},
    {"\xff\xff\xff\xff", 4, "too-big"},
    {"\0\0\0\0", 4, "malformed"},
    {"GET / HTTP/1.1\r\n\r\n", 18, "too-big"},
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    struct client *c = client_new (*state);
    put (c, cases[i].bytes, cases[i].len);
    expect_error (c, cases[i].code);
    expect_end (c);
    client_free (c);
  }
}

static void test_slow_reader (void **state)
{
  struct client *sleeper = client_new (*state), *c = client_new (*state);
  g_autoptr (GByteArray) many = g_byte_array_new();

  /* Asks for megabytes and reads nothing: the node stops reading it, and serves the others. */
  subscribe_to (sleeper, 100);
  for (int i = 0; i < 100; i++) {
    g_autoptr (GBytes) frame = request_frame (sleeper, "node.resources", NULL);
    g_byte_array_append (many, g_bytes_get_data (frame, NULL), (guint)g_bytes_get_size (frame));
  }
  setsockopt (sleeper->fd, SOL_SOCKET, SO_SNDTIMEO, &(struct timeval){.tv_usec = 300000},
              sizeof (struct timeval));
  ssize_t sent = 0, n;
  for (int i = 0; i < 200 && (n = send (sleeper->fd, many->data, many->len, MSG_NOSIGNAL)) > 0; i++)
    sent += n;
  assert_true (sent < 200 * (ssize_t)many->len); /* it was held back */
  expect_alive (c);

  g_autofree char *statm = g_strdup_printf ("/proc/%d/statm", ((struct fixture *)*state)->node),
                  *text = NULL;
  assert_true (g_file_get_contents (statm, &text, NULL, NULL));
  assert_true (g_ascii_strtoull (strchr (text, ' '), NULL, 10) * 4096 < 200 << 20);

  struct inos_frame e; /* when it wakes up it gets what it asked for, and it can go on */
  for (int i = 0; i < 100; i++) {
    assert_true (next (sleeper, &e));
    inos_frame_clear (&e);
  }
  client_free (sleeper);
  expect_alive (c);
  client_free (c);
}

static void test_rate (void **state)
{
  struct client *c = client_new (*state);
  g_autoptr (GByteArray) many = g_byte_array_new();
  unsigned refused = 0, served = 0;

  for (int i = 0; i < 2 * INOS_BURST; i++) {
    g_autoptr (GBytes) frame = request_frame (c, "node.alerts", NULL);
    g_byte_array_append (many, g_bytes_get_data (frame, NULL), (guint)g_bytes_get_size (frame));
  }
  put (c, many->data, many->len);
  for (int i = 0; i < 2 * INOS_BURST; i++) {
    struct inos_frame e;
    assert_true (next (c, &e));
    e.kind == INOS_REPLY ? served++ : refused++;
    inos_frame_clear (&e);
  }
  assert_true (served >= INOS_BURST);
  assert_true (refused > 0);
  g_usleep (200000);
  expect_alive (c);
  client_free (c);
}

static void test_too_many_connections (void **state)
{
  struct client *clients[INOS_CONNECTIONS_MAX];

  for (size_t i = 0; i < G_N_ELEMENTS (clients); i++)
    clients[i] = client_new (*state);
  expect_alive (clients[0]);
  expect_alive (clients[G_N_ELEMENTS (clients) - 1]);
  struct client *beyond = client_new (*state);
  expect_error (beyond, "too-many");
  expect_end (beyond);
  client_free (beyond);
  for (size_t i = 0; i < G_N_ELEMENTS (clients); i++)
    client_free (clients[i]);
  for (int i = 0; i < 50; i++) { /* and there is room again, as soon as the node has seen them go */
    struct client *c = client_new (*state);
    struct inos_frame e;
    ask (c, "node.info", NULL);
    bool served = next (c, &e) && e.kind == INOS_REPLY;
    inos_frame_clear (&e);
    client_free (c);
    if (served)
      return;
    g_usleep (20000);
  }
  fail();
}

static void test_foreign_user (void **state)
{
  struct fixture *f = *state;

  if (geteuid() != 0) {
    print_message ("# skipped: only root can knock as another user\n");
    skip();
  }
  assert_int_equal (seteuid (1234), 0);
  struct client *c = client_new (f);
  assert_int_equal (seteuid (0), 0);
  expect_error (c, "access-denied");
  expect_end (c);
  client_free (c);
}

static void test_second_node (void **state)
{
  struct fixture *f = *state;
  struct client *c = client_new (f);

  assert_int_equal (ended (spawn (f)), 4);
  expect_alive (c); /* the first has lost nothing */
  client_free (c);
  c = client_new (f);
  expect_alive (c);
  client_free (c);
}

static void test_stale_socket_and_kept_identity (void **state)
{
  struct fixture *f = *state;
  struct inos_frame before, after;
  struct client *c = client_new (f);

  ask (c, "node.info", NULL);
  expect_reply (c, "node.info", &before);
  client_free (c);
  kill (f->node, SIGKILL); /* leaves its socket behind */
  ended (f->node);
  assert_true (g_file_test (f->socket, G_FILE_TEST_EXISTS));
  f->node = spawn (f);
  expect_notice (f, "READY=1");
  c = client_new (f);
  ask (c, "node.info", NULL);
  expect_reply (c, "node.info", &after);
  client_free (c);
  g_autoptr (GVariant) one = g_variant_get_child_value (before.payload, 0);
  g_autoptr (GVariant) two = g_variant_get_child_value (after.payload, 0);
  assert_true (g_variant_equal (one, two));
  inos_frame_clear (&before);
  inos_frame_clear (&after);
}

static void test_end_and_bad_identity (void **state)
{
  struct fixture *f = *state;
  g_autofree char *key = g_build_filename (f->state, INOS_IDENTITY_FILE, NULL);

  kill (f->node, SIGINT);
  expect_notice (f, "STOPPING=1");
  assert_int_equal (ended (f->node), 0);
  assert_false (g_file_test (f->socket, G_FILE_TEST_EXISTS));

  /* What is at the path and is not a socket stays. */
  fixture_put (f->dir, "node.sock", "precious");
  assert_int_equal (ended (spawn (f)), 1);
  assert_true (g_file_test (f->socket, G_FILE_TEST_IS_REGULAR));
  g_unlink (f->socket);

  assert_int_equal (truncate (key, 17), 0);
  assert_int_equal (ended (spawn (f)), 3);
  f->node = 0;
}

/* A frame that stops in the middle, with the connection in this process for a shorter time-out. */
static void on_request (struct inos_api_connection *connection, const struct inos_frame *request,
                        void *data)
{
  fail();
}

static void on_closed (struct inos_api_connection *connection, void *data)
{
  inos_api_connection_free (connection);
  *(bool *)data = true;
}

static void test_partial_frame_times_out (void **state)
{
  static const struct inos_api_connection_events events = {on_request, on_closed};
  struct client c = {.decoder = inos_decoder_new()};
  int pair[2];
  bool closed = false;

  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
  c.fd = pair[0];
  inos_api_connection_new (pair[1], 100, &events, &closed);
  gint64 start = g_get_monotonic_time();
  put (&c, "\x30\0\0", 3);
  while (!closed && g_get_monotonic_time() - start < 5 * G_USEC_PER_SEC)
    g_main_context_iteration (NULL, TRUE);
  assert_true (closed);
  assert_true (g_get_monotonic_time() - start >= 90000);
  expect_error (&c, "timeout");
  expect_end (&c);
  close (c.fd);
  inos_decoder_free (c.decoder);
}

int main (void)
{
#define WITH_NODE(test) cmocka_unit_test_setup_teardown (test, set_up, tear_down)
  const struct CMUnitTest tests[] = {
    WITH_NODE (test_info),
    WITH_NODE (test_resources_and_alerts),
    WITH_NODE (test_subscribe),
    cmocka_unit_test (test_grants),
    WITH_NODE (test_small_mistakes_cost_a_frame),
    WITH_NODE (test_damage_ends_the_connection),
    WITH_NODE (test_slow_reader),
    WITH_NODE (test_rate),
    WITH_NODE (test_too_many_connections),
    WITH_NODE (test_foreign_user),
    WITH_NODE (test_second_node),
    WITH_NODE (test_stale_socket_and_kept_identity),
    WITH_NODE (test_end_and_bad_identity),
    cmocka_unit_test (test_partial_frame_times_out),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
