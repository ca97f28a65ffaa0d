/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "checker.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SOCKET = 3, MOST_AT_ONCE = 32 /* messages, before keys and frames get their turn */ };

struct inos_checker {
  const char *program;
  const struct inos_checker_events *events;
  void *data;
  GPid pid; /* 0: none runs */
  int fd;   /* -1 likewise */
  guint source;
};

static void hang_up (struct inos_checker *checker)
{
  if (checker->source)
    g_source_remove (checker->source);
  checker->source = 0;
  if (checker->fd >= 0)
    close (checker->fd);
  checker->fd = -1;
}

static void on_gone (GPid pid, int status, void *data)
{
  g_spawn_close_pid (pid);
}

/* Its end is of no interest any more, but somebody has to take note of it. */
static void bury (struct inos_checker *checker)
{
  if (checker->pid)
    g_child_watch_add (checker->pid, on_gone, NULL);
  checker->pid = 0;
}

static void lose (struct inos_checker *checker, const char *text)
{
  inos_checker_stop (checker);
  checker->events->lost (text, checker->data);
}

/* Returns false where there is no more for now, or no checker. */
static bool hear_one (struct inos_checker *checker)
{
  uint8_t frame[INOS_TALK_MAX];
  struct inos_talk talk;
  ssize_t size = recv (checker->fd, frame, sizeof frame, MSG_DONTWAIT | MSG_TRUNC);
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return false;
  if (size <= 0) {
    lose (checker, NULL);
    return false;
  }
  if (!inos_talk_parse (frame, (size_t)size, &talk) || !inos_talk_is_checkers (talk.type)) {
    g_warning ("%s sent a datagram of %zd bytes that is no message: it is stopped",
               checker->program, size);
    lose (checker, NULL);
    return false;
  }
  checker->events->heard (&talk, checker->data);
  return checker->fd >= 0;
}

static gboolean on_readable (int fd, GIOCondition condition, void *data)
{
  struct inos_checker *checker = data;
  for (int i = 0; i < MOST_AT_ONCE && checker->fd == fd && hear_one (checker); i++)
    continue;
  /* It was removed where it ended or was started anew. */
  return G_SOURCE_CONTINUE;
}

bool inos_checker_start (struct inos_checker *checker, const char *const *arguments, GError **error)
{
  int pair[2];
  inos_checker_stop (checker);
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
    return false;
  }
  g_autoptr (GPtrArray) argv = g_ptr_array_new();
  g_ptr_array_add (argv, (char *)checker->program);
  for (; arguments && *arguments; arguments++)
    g_ptr_array_add (argv, (char *)*arguments);
  g_ptr_array_add (argv, NULL);
  const int target = SOCKET;
  gboolean started = g_spawn_async_with_pipes_and_fds (
    NULL, (const char *const *)argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, -1, -1, -1,
    &pair[1], &target, 1, &checker->pid, NULL, NULL, NULL, error);
  close (pair[1]);
  if (!started) {
    checker->pid = 0;
    close (pair[0]);
    return false;
  }
  checker->fd = pair[0];
  checker->source = g_unix_fd_add (pair[0], G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, checker);
  return true;
}

void inos_checker_stop (struct inos_checker *checker)
{
  hang_up (checker);
  if (checker->pid)
    kill (checker->pid, SIGKILL);
  bury (checker);
}

static void put (struct inos_checker *checker, const uint8_t *frame, size_t size)
{
  /* A few datagrams in an empty socket: that one does not go out means that the checker is gone,
   * which is heard of in a moment. */
  if (checker->fd >= 0 &&
      send (checker->fd, frame, size, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)size)
    g_warning ("%s does not take the answer: %s", checker->program, g_strerror (errno));
}

void inos_checker_tell (struct inos_checker *checker, const char *text)
{
  uint8_t frame[INOS_TALK_MAX];
  put (checker, frame, inos_talk_write (frame, INOS_TALK_ANSWER, 0, text));
  explicit_bzero (frame, sizeof frame);
}

void inos_checker_choose (struct inos_checker *checker, const char *session)
{
  uint8_t frame[INOS_TALK_MAX];
  put (checker, frame, inos_talk_write (frame, INOS_TALK_SESSION, 0, session));
}

void inos_checker_answer (struct inos_checker *checker, struct inos_secret *secret)
{
  put (checker, secret->frame, inos_talk_head (secret->frame, INOS_TALK_ANSWER, 0, secret->length));
  inos_secret_wipe (secret);
}

struct inos_checker *inos_checker_create (const char *program,
                                          const struct inos_checker_events *events, void *data)
{
  struct inos_checker *checker = g_new0 (struct inos_checker, 1);
  checker->program = program;
  checker->events = events;
  checker->data = data;
  checker->fd = -1;
  return checker;
}

void inos_checker_destroy (struct inos_checker *checker)
{
  if (!checker)
    return;
  inos_checker_stop (checker);
  g_free (checker);
}
