/*
 * A node in a process of its own, and a client of its socket.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "fixture.h"
#include "node/api/frame.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PATIENCE 8 /* seconds */

struct fixture {
  char *dir, *socket, *notify_path, *state;
  int notify;
  pid_t node;
};

struct client {
  int fd;
  struct inos_decoder *decoder;
  uint64_t last_id;
};

static inline int unix_socket (const char *path, int type, bool listens)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int fd = socket (AF_UNIX, type | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  const struct sockaddr *where = (const struct sockaddr *)&address;
  if ((listens ? bind (fd, where, sizeof address) : connect (fd, where, sizeof address)) < 0) {
    close (fd);
    return -1;
  }
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = PATIENCE},
              sizeof (struct timeval));
  return fd;
}

/* Starts a node that says when it is ready. */
static inline pid_t spawn (struct fixture *f)
{
  const char *program = g_getenv ("INOS_NODE");
  pid_t pid = fork();

  if (pid == 0) {
    g_setenv ("NOTIFY_SOCKET", f->notify_path, TRUE);
    g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
    g_unsetenv ("DISPLAY");
    g_unsetenv ("WAYLAND_DISPLAY");
    execl (program, program, "--state-dir", f->state, "--socket", f->socket, "--socket-mode",
           "0666", NULL);
    _exit (99);
  }
  return pid;
}

static inline void expect_notice (struct fixture *f, const char *wanted)
{
  char text[64] = "";

  assert_true (recv (f->notify, text, sizeof text - 1, 0) > 0);
  assert_string_equal (text, wanted);
}

static inline int set_up (void **state)
{
  struct fixture *f = g_new0 (struct fixture, 1);

  f->dir = g_dir_make_tmp ("inos-server-XXXXXX", NULL);
  chmod (f->dir, 0755); /* a foreign user has to get as far as the socket */
  f->socket = g_build_filename (f->dir, "node.sock", NULL);
  f->state = g_build_filename (f->dir, "state", NULL);
  f->notify_path = g_build_filename (f->dir, "notify", NULL);
  f->notify = unix_socket (f->notify_path, SOCK_DGRAM, true);
  f->node = spawn (f);
  expect_notice (f, "READY=1");
  *state = f;
  return 0;
}

static inline int ended (pid_t pid)
{
  int status = -1;

  assert_int_equal (waitpid (pid, &status, 0), pid);
  return WIFEXITED (status) ? WEXITSTATUS (status) : -WTERMSIG (status);
}

static inline int tear_down (void **state)
{
  struct fixture *f = *state;

  if (f->node > 0) {
    kill (f->node, SIGTERM);
    assert_int_equal (ended (f->node), 0); /* whatever the test did to it */
    assert_false (g_file_test (f->socket, G_FILE_TEST_EXISTS));
  }
  close (f->notify);
  fixture_remove (f->dir);
  g_free (f->dir), g_free (f->socket), g_free (f->state), g_free (f->notify_path);
  g_free (f);
  return 0;
}

static inline struct client *client_new (struct fixture *f)
{
  struct client *c = g_new0 (struct client, 1);

  c->fd = unix_socket (f->socket, SOCK_STREAM, false);
  assert_true (c->fd >= 0);
  c->decoder = inos_decoder_new();
  return c;
}

static inline void client_free (struct client *c)
{
  close (c->fd);
  inos_decoder_free (c->decoder);
  g_free (c);
}

static inline GBytes *request_frame (struct client *c, const char *type, GVariant *payload)
{
  struct inos_frame e = {.kind = INOS_REQUEST, .priority = 2, .version = 1, .id = ++c->last_id};

  g_strlcpy (e.type, type, sizeof e.type);
  e.payload = payload ? g_variant_ref_sink (payload) : NULL;
  GBytes *frame = inos_frame_encode (&e);
  inos_frame_clear (&e);
  return frame;
}

static inline void put (struct client *c, const void *bytes, size_t len)
{
  assert_int_equal (send (c->fd, bytes, len, MSG_NOSIGNAL), len);
}

static inline void ask (struct client *c, const char *type, GVariant *payload)
{
  g_autoptr (GBytes) frame = request_frame (c, type, payload);

  put (c, g_bytes_get_data (frame, NULL), g_bytes_get_size (frame));
}

/* The next frame; false where the connection ended instead. */
static inline bool next (struct client *c, struct inos_frame *out)
{
  char buffer[65536];

  for (;;) {
    g_autoptr (GError) error = NULL;
    enum inos_decode result = inos_decoder_next (c->decoder, out, &error);
    assert_int_not_equal (result, INOS_DECODE_BAD); /* the node never sends anything wrong */
    if (result == INOS_DECODE_ONE)
      return true;
    ssize_t n = recv (c->fd, buffer, sizeof buffer, 0);
    if (n == 0 || (n < 0 && errno == ECONNRESET))
      return false;
    assert_true (n > 0); /* else it took too long */
    inos_decoder_push (c->decoder, buffer, (size_t)n);
  }
}

static inline void expect_reply (struct client *c, const char *type, struct inos_frame *out)
{
  assert_true (next (c, out));
  assert_int_equal (out->kind, INOS_REPLY);
  assert_string_equal (out->type, type);
  assert_int_equal (out->reply_to, c->last_id);
}

static inline void expect_error (struct client *c, const char *code)
{
  struct inos_frame e;
  const char *got;

  assert_true (next (c, &e));
  assert_int_equal (e.kind, INOS_ERROR);
  g_variant_get (e.payload, "(&s&s)", &got, NULL);
  assert_string_equal (got, code);
  inos_frame_clear (&e);
}

static inline void expect_end (struct client *c)
{
  struct inos_frame e;

  assert_false (next (c, &e));
}

static inline void expect_alive (struct client *c)
{
  struct inos_frame e;

  ask (c, "node.info", NULL);
  expect_reply (c, "node.info", &e);
  inos_frame_clear (&e);
}

static inline uint32_t subscribe_to (struct client *c, uint32_t interval)
{
  struct inos_frame e;
  uint32_t granted;

  ask (c, "node.subscribe", g_variant_new ("(u)", interval));
  do /* an event may be on its way already */
    assert_true (next (c, &e));
  while (e.kind == INOS_EVENT && (inos_frame_clear (&e), true));
  assert_int_equal (e.kind, INOS_REPLY);
  g_variant_get (e.payload, "(u)", &granted);
  inos_frame_clear (&e);
  return granted;
}

/* Asks and takes the reply, whatever events come before it. */
static inline void query (struct client *c, const char *type, GVariant *payload,
                          struct inos_frame *out)
{
  ask (c, type, payload);
  for (;;) {
    assert_true (next (c, out));
    if (out->kind != INOS_EVENT)
      break;
    inos_frame_clear (out);
  }
  assert_int_equal (out->reply_to, c->last_id);
}

static inline GVariant *get (struct client *c, const char *type, GVariant *payload)
{
  struct inos_frame e;

  query (c, type, payload, &e);
  if (e.kind == INOS_ERROR)
    print_error ("%s\n", g_variant_print (e.payload, FALSE));
  assert_int_equal (e.kind, INOS_REPLY);
  GVariant *reply = g_variant_ref (e.payload);
  inos_frame_clear (&e);
  return reply;
}

static inline void expect_refused (struct client *c, const char *type, GVariant *payload,
                                   const char *code)
{
  struct inos_frame e;
  const char *got;

  query (c, type, payload, &e);
  assert_int_equal (e.kind, INOS_ERROR);
  g_variant_get (e.payload, "(&s&s)", &got, NULL);
  assert_string_equal (got, code);
  inos_frame_clear (&e);
}
