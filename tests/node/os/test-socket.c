/*
 * Sockets as actors: connections both ways, halves that close, floods, and what is refused.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tests/node/os/fixture.h"
#include "tests/node/os/watched.h"

#include "node/os/listener.h"

#include <glib/gstdio.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct {
  GString *data;
  uint64_t bytes, open, connections, finished, down, answers, closed, asked;
  struct inos_accepted connection;
  struct inos_os_result answer;
  struct inos_listener_where where;
  struct inos_exit reason;
  inos_actor_id from; /* of the last data */
} seen;

struct say {
  inos_socket_ref to;
  const char *text; /* NULL: finish */
  size_t size;      /* 0: up to the zero */
};

struct taken {
  inos_socket_ref to;
  uint64_t bytes;
};

#define PROBE(MESSAGE, REQUEST)                                                                    \
  MESSAGE (probe, data, struct inos_chunk, 1, .clear = inos_chunk_clear)                           \
  MESSAGE (probe, opened, struct inos_nothing, 1)                                                  \
  MESSAGE (probe, finished, struct inos_nothing, 1)                                                \
  MESSAGE (probe, accepted, struct inos_accepted, 1)                                               \
  MESSAGE (probe, listen, struct inos_listener_argument, 1)                                        \
  MESSAGE (probe, connect, struct inos_socket_argument, 1)                                         \
  MESSAGE (probe, say, struct say, 1)                                                              \
  MESSAGE (probe, take, struct taken, 1)                                                           \
  MESSAGE (probe, where, inos_actor_id, 1)
INOS_PROTOCOL (probe, PROBE);
INOS_PROTOCOL_DEFINE (probe, PROBE);

struct probe {
  char nothing;
};

static inos_actor_id made; /* the socket or listener made last */

INOS_HANDLE (probe, data, struct probe)
{
  gsize size;
  const char *data = g_bytes_get_data (message->bytes, &size);

  seen.bytes += size;
  seen.from = inos_sender (context);
  if (seen.data->len < 10000)
    g_string_append_len (seen.data, data, (gssize)size);
  return INOS_OK;
}

INOS_HANDLE (probe, opened, struct probe)
{
  seen.open++;
  return INOS_OK;
}

INOS_HANDLE (probe, finished, struct probe)
{
  seen.finished++;
  return INOS_OK;
}

INOS_HANDLE (probe, accepted, struct probe)
{
  seen.connections++;
  seen.connection = *message;
  return INOS_OK;
}

static struct inos_socket_receiver receiver_of (struct inos_context *context, uint32_t window)
{
  return (struct inos_socket_receiver){
    .to = INOS_TO (inos_self (context)),
    .on_data = INOS_EVENT (probe, data, struct inos_chunk),
    .on_finish = INOS_EVENT (probe, finished, struct inos_nothing),
    .window = window,
  };
}

INOS_HANDLE (probe, listen, struct probe)
{
  const struct inos_spawn how = {.watcher = inos_self (context)};
  struct inos_listener listener = *message->listener;

  listener.receiver = receiver_of (context, listener.receiver.window);
  listener.on_connection = INOS_EVENT (probe, accepted, struct inos_accepted);
  made = inos_listener_spawn (context, &listener, &how).address.id;
  return INOS_OK;
}

INOS_HANDLE (probe, connect, struct probe)
{
  const struct inos_spawn how = {.watcher = inos_self (context)};
  struct inos_socket socket = *message->socket;

  socket.receiver = receiver_of (context, socket.receiver.window);
  socket.on_open = INOS_EVENT (probe, opened, struct inos_nothing);
  made = inos_socket_connect (context, &socket, &how).address.id;
  return INOS_OK;
}

static enum inos_outcome on_answer (void *state, struct inos_context *context,
                                    enum inos_replied status, const struct inos_os_result *reply,
                                    uint64_t tag)
{
  seen.answers++;
  seen.answer = reply ? *reply : (struct inos_os_result){INOS_OS_LATE, 0};
  seen.closed += seen.answer.error == INOS_OS_CLOSED;
  return INOS_OK;
}

INOS_HANDLE (probe, say, struct probe)
{
  if (!message->text) {
    inos_socket_send_finish (context, message->to, INOS_NOTHING);
    return INOS_OK;
  }
  size_t size = message->size ? message->size : strlen (message->text);
  struct inos_chunk chunk = {g_bytes_new (message->text, size)};
  inos_socket_request_write (context, message->to, chunk, 20 * INOS_SECOND, on_answer, 0);
  return INOS_OK;
}

INOS_HANDLE (probe, take, struct probe)
{
  inos_socket_send_taken (context, message->to, (struct inos_socket_taken){message->bytes});
  return INOS_OK;
}

static enum inos_outcome on_where (void *state, struct inos_context *context,
                                   enum inos_replied status,
                                   const struct inos_listener_where *reply, uint64_t tag)
{
  assert_int_equal (status, INOS_REPLIED);
  seen.where = *reply;
  seen.asked++;
  return INOS_OK;
}

INOS_HANDLE (probe, where, struct probe)
{
  const inos_listener_ref listener = {INOS_TO (*message)};

  inos_listener_request_where (context, listener, INOS_NOTHING, 10 * INOS_SECOND, on_where, 0);
  return INOS_OK;
}

INOS_BEHAVIOUR (probe, PROBE, struct probe, .on_edge = true, .on_down = on_down);

/* The world of a test */

static struct world world;
static probe_ref probe;
static char *top, *path;
static struct inos_unix_rule sockets[1];
static const struct inos_net_rule networks[] = {
  {"127.0.0.1", 0, 65535, INOS_REACH_CONNECT | INOS_REACH_LISTEN},
  {"127.0.0.2", 1, 65535, INOS_REACH_CONNECT},
};
static struct inos_security security = {.name = "test",
                                        .sockets = sockets,
                                        .n_sockets = 1,
                                        .networks = networks,
                                        .n_networks = G_N_ELEMENTS (networks)};

static void begin (void)
{
  const struct inos_spawn how = {.behaviour = &probe_behaviour};

  memset (&seen, 0, sizeof seen);
  memset (&watched, 0, sizeof watched);
  seen.data = g_string_new (NULL);
  top = g_dir_make_tmp ("inos-socket-XXXXXX", NULL);
  path = g_build_filename (top, "socket", NULL);
  sockets[0] = (struct inos_unix_rule){top, INOS_REACH_CONNECT | INOS_REACH_LISTEN};
  world_begin (&world);
  probe = (probe_ref){INOS_TO (inos_runtime_spawn (world.runtime, &how))};
}

static void end (void)
{
  world_end (&world);
  assert_false (g_file_test (path, G_FILE_TEST_EXISTS)); /* its name went with the listener */
  g_rmdir (top);
  g_string_free (seen.data, TRUE);
  g_free (path);
  g_free (top);
}

static inos_actor_id start_listener (const struct inos_listener *listener)
{
  uint64_t asked = seen.asked;

  made = 0;
  probe_post_listen (world.runtime, probe, (struct inos_listener_argument){listener});
  while (!made)
    run_for (1);
  probe_post_where (world.runtime, probe, made);
  run_until (&seen.asked, asked + 1);
  return made;
}

static inos_socket_ref start_connection (const struct inos_socket *socket)
{
  made = 0;
  probe_post_connect (world.runtime, probe, (struct inos_socket_argument){socket});
  while (!made)
    run_for (1);
  return (inos_socket_ref){INOS_TO (made)};
}

static void say (inos_socket_ref to, const char *text)
{
  probe_post_say (world.runtime, probe, (struct say){to, text, 0});
}

static struct inos_listener local_listener (void)
{
  return (struct inos_listener){.security = &security, .endpoint = {.path = path}};
}

/* A client that is no actor. */
static int plain_client (void)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  assert_int_equal (connect (fd, (struct sockaddr *)&address, sizeof address), 0);
  return fd;
}

/* Tests */

static void talk (const struct inos_listener *listener, struct inos_endpoint to)
{
  inos_actor_id id = start_listener (listener);

  if (!to.path)
    to.port = (uint16_t)seen.where.port;
  const struct inos_socket plan = {.security = &security, .endpoint = to};
  inos_socket_ref client = start_connection (&plan);
  run_until (&seen.open, 1);
  run_until (&seen.connections, 1);
  inos_socket_ref server = seen.connection.socket;
  say (client, "hello ");
  run_until (&seen.bytes, 6);
  assert_int_equal (seen.from, server.address.id);
  say (server, "you");
  run_until (&seen.bytes, 9);
  assert_int_equal (seen.from, client.address.id);
  assert_string_equal (seen.data->str, "hello you");
  assert_int_equal (seen.answer.error, INOS_OS_OK);
  probe_post_where (world.runtime, probe, id);
  run_until (&seen.asked, 2);
  assert_int_equal (seen.where.connections, 1);
  /* One half closes, the other goes on, then it closes too. */
  say (client, NULL);
  run_until (&seen.finished, 1);
  say (server, " still");
  run_until (&seen.bytes, 15);
  say (client, "no more");
  run_until (&seen.answers, 4);
  assert_int_equal (seen.answer.error, INOS_OS_CLOSED);
  say (server, NULL);
  run_until (&seen.finished, 2);
  run_until (&watched.down, 1);
  assert_int_equal (watched.reason.kind, INOS_EXIT_NORMAL);
  run_until_living (world.runtime, 2); /* the listener and the probe */
}

static void test_unix (void **state)
{
  begin();
  const struct inos_listener listener = local_listener();
  talk (&listener, (struct inos_endpoint){.path = path});
  assert_int_equal (seen.connection.pid, getpid());
  assert_int_equal (seen.connection.uid, getuid());
  end();
}

static void test_tcp (void **state)
{
  begin();
  const struct inos_listener listener = {.security = &security,
                                         .endpoint = {.address = "127.0.0.1"}};
  talk (&listener, (struct inos_endpoint){.address = "127.0.0.1"});
  assert_string_equal (seen.connection.address, "127.0.0.1");
  end();
}

static void test_refused (void **state)
{
  g_autofree char *elsewhere = NULL, *link = NULL;
  begin();
  link = g_build_filename (top, "link", NULL);
  elsewhere = g_build_filename (top, "..", "x", NULL);
  assert_int_equal (symlink ("/run/dbus/system_bus_socket", link), 0);
  const struct {
    struct inos_endpoint to;
    enum inos_os_error error;
  } cases[] = {
    {{.path = "/run/dbus/system_bus_socket"}, INOS_OS_REFUSED},
    {{.path = elsewhere}, INOS_OS_REFUSED},
    {{.path = link}, INOS_OS_WRONG_KIND},
    {{.path = path}, INOS_OS_NOT_FOUND},
    {{.address = "127.0.0.3", .port = 80}, INOS_OS_REFUSED},
    {{.address = "::1", .port = 80}, INOS_OS_REFUSED},
    {{.address = "localhost", .port = 80}, INOS_OS_REFUSED},
    {{0}, INOS_OS_REFUSED},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const struct inos_socket plan = {.security = &security, .endpoint = cases[i].to};
    start_connection (&plan);
    run_until (&watched.down, i + 1);
    assert_int_equal (watched.reason.kind, INOS_EXIT_START);
    assert_int_equal (watched.reason.code, cases[i].error);
  }
  uint64_t down = watched.down;
  const struct inos_listener bad = {.security = &security, .endpoint = {.address = "127.0.0.2"}};
  probe_post_listen (world.runtime, probe, (struct inos_listener_argument){&bad});
  run_until (&watched.down, down + 1);
  assert_int_equal (watched.reason.code, INOS_OS_REFUSED);
  g_unlink (link);
  end();
}

/* Nobody listens; that is found out at once, or later. */
static void test_cannot_connect (void **state)
{
  begin();
  const struct inos_socket plan = {.security = &security,
                                   .endpoint = {.address = "127.0.0.1", .port = 1}};
  start_connection (&plan);
  run_until (&watched.down, 1);
  assert_true (watched.reason.kind == INOS_EXIT_ERROR || watched.reason.kind == INOS_EXIT_START);
  end();
}

/* The name of a socket is taken over from one that died, and from nobody else. */
static void test_stale_name (void **state)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};

  begin();
  int dead = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  assert_int_equal (bind (dead, (struct sockaddr *)&address, sizeof address), 0);
  close (dead);
  const struct inos_listener listener = local_listener();
  start_listener (&listener);
  probe_post_listen (world.runtime, probe, (struct inos_listener_argument){&listener});
  run_until (&watched.down, 1);
  assert_int_equal (watched.reason.kind, INOS_EXIT_START);
  assert_int_equal (watched.reason.code, INOS_OS_EXISTS);
  int client = plain_client();
  run_until (&seen.connections, 1);
  close (client);
  run_until (&seen.finished, 1);
  end();
}

/* No more is read than the window lets through, and no more is queued than fits. */
static void test_flood (void **state)
{
  static char block[500000];

  begin();
  struct inos_listener listener = local_listener();
  listener.receiver.window = 100000;
  start_listener (&listener);
  const struct inos_socket plan = {.security = &security, .endpoint = {.path = path}};
  inos_socket_ref client = start_connection (&plan);
  run_until (&seen.connections, 1);
  for (int i = 0; i < 8; i++)
    probe_post_say (world.runtime, probe, (struct say){client, block, sizeof block});
  run_until (&seen.bytes, 100000);
  run_until (&seen.answers, 1);
  run_for (100);
  assert_in_range (seen.bytes, 100000, 100000 + INOS_CHUNK_MAX);
  assert_int_equal (seen.answer.error, INOS_OS_BUSY);
  uint64_t busy = seen.answers, got = 0;
  while (seen.answers < 8) {
    probe_post_take (world.runtime, probe,
                     (struct taken){seen.connection.socket, seen.bytes - got});
    got = seen.bytes;
    run_for (2);
  }
  assert_true (busy > 0 && busy < 8);
  assert_int_equal (seen.answer.error, INOS_OS_OK);
  end();
}

static void test_connections_max (void **state)
{
  int clients[4];

  begin();
  struct inos_listener listener = local_listener();
  listener.connections_max = 2;
  start_listener (&listener);
  for (int i = 0; i < 4; i++)
    clients[i] = plain_client();
  run_until (&seen.connections, 2);
  run_for (50);
  assert_int_equal (seen.connections, 2);
  close (clients[0]);
  run_until (&seen.finished, 1);
  run_for (50);
  assert_int_equal (seen.connections, 2); /* it is half open yet */
  inos_runtime_stop_actor (world.runtime, seen.from ? seen.from : seen.connection.socket.address.id,
                           (struct inos_exit){.kind = INOS_EXIT_SHUTDOWN});
  run_until (&seen.connections, 3);
  for (int i = 1; i < 4; i++)
    close (clients[i]);
  end();
}

/* The other side breaks off: what was under way is answered, and the actor fails. */
static void test_broken (void **state)
{
  static char block[900000];
  const struct linger hard = {.l_onoff = 1};

  begin();
  const struct inos_listener listener = {.security = &security,
                                         .endpoint = {.address = "127.0.0.1"}};
  start_listener (&listener);
  int client = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const struct sockaddr_in to = {.sin_family = AF_INET,
                                 .sin_port = htons ((uint16_t)seen.where.port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  assert_int_equal (connect (client, (const struct sockaddr *)&to, sizeof to), 0);
  run_until (&seen.connections, 1);
  for (int i = 0; i < 40; i++) /* more than the kernel takes */
    probe_post_say (world.runtime, probe,
                    (struct say){seen.connection.socket, block, sizeof block});
  while (seen.answer.error != INOS_OS_BUSY) /* so one waits */
    run_for (1);
  setsockopt (client, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  close (client);
  run_until (&seen.answers, 40);
  assert_true (seen.closed > 0);
  run_until_living (world.runtime, 2);
  end();
}

/* A receiver that goes takes its connections with it; one that stops during its start is no leak.
 */
static void test_ends (void **state)
{
  begin();
  const struct inos_listener listener = local_listener();
  start_listener (&listener);
  int client = plain_client();
  run_until (&seen.connections, 1);
  const struct inos_socket plan = {.security = &security, .endpoint = {.path = path}};
  for (int i = 0; i < 30; i++) {
    inos_socket_ref one = start_connection (&plan);
    inos_runtime_stop_actor (
      world.runtime, one.address.id,
      (struct inos_exit){.kind = i % 2 ? INOS_EXIT_KILLED : INOS_EXIT_SHUTDOWN});
  }
  run_until (&watched.down, 30);
  inos_runtime_stop_actor (world.runtime, probe.address.id,
                           (struct inos_exit){.kind = INOS_EXIT_SHUTDOWN});
  char byte;
  for (int i = 0; i < 1000 && recv (client, &byte, 1, MSG_DONTWAIT) != 0; i++)
    run_for (5);
  assert_int_equal (recv (client, &byte, 1, MSG_DONTWAIT), 0);
  close (client);
  end();
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_unix),
    cmocka_unit_test (test_tcp),
    cmocka_unit_test (test_refused),
    cmocka_unit_test (test_cannot_connect),
    cmocka_unit_test (test_stale_name),
    cmocka_unit_test (test_flood),
    cmocka_unit_test (test_connections_max),
    cmocka_unit_test (test_broken),
    cmocka_unit_test (test_ends),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
