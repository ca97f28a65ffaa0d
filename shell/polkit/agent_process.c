/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "agent_process.h"

#include "inos-config.h"

#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_PAUSE = 1 /* s */, LAST_PAUSE = 60 };

struct InosAgentProcess {
  InosAgentProcessHooks hooks;
  gpointer data;
  GPid pid; /* 0: none runs */
  int fd;   /* -1 likewise */
  guint readable, watch, again;
  guint pause; /* s, before the next start */
};

static void start (InosAgentProcess *self);

static void hang_up (InosAgentProcess *self)
{
  g_clear_handle_id (&self->readable, g_source_remove);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static void ask_nothing (InosAgentProcess *self)
{
  g_autoptr (GVariant) nothing =
    g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));

  self->hooks.asked (nothing, self->data);
}

static gboolean on_readable (int fd, GIOCondition condition, gpointer data)
{
  InosAgentProcess *self = data;
  g_autofree guint8 *bytes = g_malloc (INOS_POLKIT_STATE_MAX);
  gssize size = recv (fd, bytes, INOS_POLKIT_STATE_MAX, MSG_DONTWAIT | MSG_TRUNC);
  g_autoptr (GVariant) state = NULL;

  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  if (size <= 0 && condition & (G_IO_HUP | G_IO_ERR)) {
    self->readable = 0; /* its end is told by the watch */
    return G_SOURCE_REMOVE;
  }
  /* An empty dictionary is an empty datagram. */
  if (size > INOS_POLKIT_STATE_MAX)
    return G_SOURCE_CONTINUE;
  state = g_variant_ref_sink (g_variant_new_from_data (G_VARIANT_TYPE_VARDICT, bytes,
                                                       (gsize)MAX (size, 0), FALSE, g_free, bytes));
  bytes = NULL;
  if (g_variant_is_normal_form (state))
    self->hooks.asked (state, self->data);
  return G_SOURCE_CONTINUE;
}

static gboolean on_again (gpointer data)
{
  InosAgentProcess *self = data;

  self->again = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

static void start_later (InosAgentProcess *self)
{
  self->again = g_timeout_add_seconds (self->pause, on_again, self);
  self->pause = MIN (2 * self->pause, LAST_PAUSE);
}

static void on_ended (GPid pid, int status, gpointer data)
{
  InosAgentProcess *self = data;

  g_spawn_close_pid (pid);
  self->pid = 0;
  self->watch = 0;
  hang_up (self);
  ask_nothing (self);
  if (WIFEXITED (status) && WEXITSTATUS (status) == INOS_POLKIT_STATUS_NO_BUS)
    g_info ("there is no system bus: polkit asks for no passwords here");
  else
    start_later (self);
}

static void start (InosAgentProcess *self)
{
  const char *chosen = g_getenv ("INOS_POLKIT_AGENT");
  const char *const argv[] = {chosen ? chosen : INOS_LIBEXECDIR "/inos-polkit-agent", NULL};
  const int target = INOS_POLKIT_SOCKET;
  g_autoptr (GError) error = NULL;
  int pair[2];
  gboolean started;

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
    g_warning ("there is no socket for polkit's agent: %s", g_strerror (errno));
    start_later (self);
    return;
  }
  started = g_spawn_async_with_pipes_and_fds (NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                              NULL, -1, -1, -1, &pair[1], &target, 1, &self->pid,
                                              NULL, NULL, NULL, &error);
  close (pair[1]);
  if (!started) {
    g_warning ("%s does not start, so that polkit asks for no passwords: %s", argv[0],
               error->message);
    self->pid = 0;
    close (pair[0]);
    start_later (self);
    return;
  }
  self->fd = pair[0];
  self->readable = g_unix_fd_add (pair[0], G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, self);
  self->watch = g_child_watch_add (self->pid, on_ended, self);
  self->hooks.started (self->data);
}

gboolean inos_agent_process_say (InosAgentProcess *self, enum inos_polkit_word_kind kind, guint id,
                                 guint value, const char *text)
{
  struct inos_polkit_word word = {.kind = kind, .id = id, .value = value};
  gsize length = text ? strlen (text) : 0;
  gsize size = offsetof (struct inos_polkit_word, text) + length + 1;
  gboolean said = FALSE;

  if (self->fd >= 0 && length <= INOS_POLKIT_ANSWER_MAX) {
    memcpy (word.text, text ? text : "", length);
    said = send (self->fd, &word, size, MSG_NOSIGNAL | MSG_DONTWAIT) == (gssize)size;
  }
  explicit_bzero (&word, sizeof word);
  return said;
}

InosAgentProcess *inos_agent_process_create (const InosAgentProcessHooks *hooks, gpointer data)
{
  InosAgentProcess *self = g_new0 (InosAgentProcess, 1);

  *self = (InosAgentProcess){.hooks = *hooks, .data = data, .fd = -1, .pause = FIRST_PAUSE};
  start (self);
  return self;
}

static void on_buried (GPid pid, int status, gpointer data)
{
  g_spawn_close_pid (pid);
}

/* It ends by itself when its socket does. */
void inos_agent_process_destroy (InosAgentProcess *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->again, g_source_remove);
  g_clear_handle_id (&self->watch, g_source_remove);
  if (self->pid)
    g_child_watch_add (self->pid, on_buried, NULL);
  hang_up (self);
  g_free (self);
}
