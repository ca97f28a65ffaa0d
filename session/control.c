/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Questions are numbered, so that an answer which comes too late, or before anybody asked, is not
 * taken for the answer to another one. */
#define QUESTION "shell %u"
#define QUESTION_MAX 32
#define UNLOCK "unlock"
#define ENDING "ending"
#define MAX_DESCRIPTORS 16

struct inos_control {
  int fd;
  guint source, timeout;
  guint patience;         /* ms */
  guint number;           /* of the last question; 0: none yet */
  inos_control_func func; /* NULL: nothing was asked */
  void *data;
};

static void answer (struct inos_control *control, int fd, const GError *error)
{
  inos_control_func func = control->func;
  control->func = NULL;
  g_clear_handle_id (&control->timeout, g_source_remove);
  func (fd, error, control->data);
}

static void answer_failure (struct inos_control *control, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, why);
  if (control->func != NULL)
    answer (control, -1, error);
}

/* Collects the descriptors of a datagram. Returns how many. */
static gsize take_descriptors (struct msghdr *header, int fds[MAX_DESCRIPTORS])
{
  gsize count = 0;
  for (struct cmsghdr *c = CMSG_FIRSTHDR (header); c != NULL; c = CMSG_NXTHDR (header, c)) {
    if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
      continue;
    gsize n = (c->cmsg_len - CMSG_LEN (0)) / sizeof (int);
    for (gsize i = 0; i < n && count < MAX_DESCRIPTORS; i++)
      memcpy (&fds[count++], CMSG_DATA (c) + i * sizeof (int), sizeof (int));
  }
  return count;
}

static gsize write_question (const struct inos_control *control, char text[QUESTION_MAX])
{
  return (gsize)g_snprintf (text, QUESTION_MAX, QUESTION, control->number);
}

static gboolean is_answer (const struct inos_control *control, const char *text, gssize length)
{
  char question[QUESTION_MAX];
  return control->func != NULL && length == (gssize)write_question (control, question) &&
         memcmp (text, question, (gsize)length) == 0;
}

static gboolean on_datagram (gint fd, GIOCondition condition, gpointer data)
{
  struct inos_control *control = data;
  char text[64];
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE (MAX_DESCRIPTORS * sizeof (int))];
  } room;
  struct iovec part = {.iov_base = text, .iov_len = sizeof text};
  struct msghdr header = {
    .msg_iov = &part, .msg_iovlen = 1, .msg_control = &room, .msg_controllen = sizeof room};
  ssize_t n = recvmsg (fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;

  int fds[MAX_DESCRIPTORS];
  gsize count = n < 0 ? 0 : take_descriptors (&header, fds);
  gboolean wanted = count == 1 && (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 &&
                    is_answer (control, text, n);
  if (wanted) {
    answer (control, fds[0], NULL);
    return G_SOURCE_CONTINUE;
  }
  for (gsize i = 0; i < count; i++)
    close (fds[i]);
  if (n > 0 || count > 0) {
    g_message ("ignored a datagram of the compositor that answers no question");
    return G_SOURCE_CONTINUE;
  }
  /* The end of the channel looks like an empty datagram; only the hang-up tells them apart. */
  if (n == 0 && (condition & G_IO_HUP) == 0)
    return G_SOURCE_CONTINUE;
  control->source = 0;
  answer_failure (control, "the compositor closed its control channel");
  return G_SOURCE_REMOVE;
}

struct inos_control *inos_control_new (guint patience, int *peer, GError **error)
{
  int fds[2];
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0) {
    g_set_error (error, G_IO_ERROR, (gint)g_io_error_from_errno (errno), "socketpair: %s",
                 g_strerror (errno));
    return NULL;
  }
  struct inos_control *control = g_new0 (struct inos_control, 1);
  control->fd = fds[0];
  control->patience = patience;
  control->source = g_unix_fd_add (fds[0], G_IO_IN | G_IO_HUP, on_datagram, control);
  *peer = fds[1];
  return control;
}

void inos_control_free (struct inos_control *control)
{
  if (control == NULL)
    return;
  g_clear_handle_id (&control->timeout, g_source_remove);
  g_clear_handle_id (&control->source, g_source_remove);
  close (control->fd);
  g_free (control);
}

static gboolean on_timeout (gpointer data)
{
  struct inos_control *control = data;
  control->timeout = 0;
  g_autofree char *why =
    g_strdup_printf ("the compositor did not answer within %.3g s", control->patience / 1000.0);
  answer_failure (control, why);
  return G_SOURCE_REMOVE;
}

static gboolean on_unsent (gpointer data)
{
  struct inos_control *control = data;
  control->timeout = 0;
  answer_failure (control, "the compositor's control channel is closed or full");
  return G_SOURCE_REMOVE;
}

void inos_control_request_shell (struct inos_control *control, inos_control_func func, void *data)
{
  inos_control_cancel (control);
  control->func = func;
  control->data = data;
  control->number++;
  char question[QUESTION_MAX];
  gsize length = write_question (control, question);
  ssize_t n = send (control->fd, question, length, MSG_NOSIGNAL | MSG_DONTWAIT);
  control->timeout = n < 0 ? g_idle_add (on_unsent, control)
                           : g_timeout_add (control->patience, on_timeout, control);
}

gboolean inos_control_unlock (struct inos_control *control)
{
  return send (control->fd, UNLOCK, strlen (UNLOCK), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

void inos_control_tell_end (struct inos_control *control)
{
  /* One that cannot be told has other troubles. */
  ssize_t ignored = send (control->fd, ENDING, strlen (ENDING), MSG_NOSIGNAL | MSG_DONTWAIT);
  (void)ignored;
}

void inos_control_cancel (struct inos_control *control)
{
  g_clear_handle_id (&control->timeout, g_source_remove);
  control->func = NULL;
}
