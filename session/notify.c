/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notify.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MAX_DATAGRAM 4096
#define MAX_DISPLAY 64
#define MAX_LAST_WORDS 65536 /* datagrams: more than the kernel queues, 512 under systemd */
#define MAX_CURSOR_SIZE 1024
#define MAX_X11_DISPLAY 65535
#define MAX_EXTENSION (5 * 60 * G_USEC_PER_SEC)
/* Room for more descriptors than anybody sends; the kernel closes what does not fit. */
#define MAX_DESCRIPTORS 16

struct inos_notify {
  char *path;
  int fd;
  guint source;
  pid_t sender;
  inos_notify_func func;
  void *data;
};

static gboolean is_display_name (const char *name)
{
  return *name != '\0' && *name != '.' && strlen (name) <= MAX_DISPLAY &&
         strspn (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._-") == strlen (name);
}

/* It becomes a part of a path; the whole text is UTF-8 without NUL and newline already. */
static gboolean is_theme_name (const char *name)
{
  return *name != '\0' && *name != '.' && strlen (name) <= NAME_MAX && strchr (name, '/') == NULL;
}

static gboolean parse_line (char *line, struct inos_notify_message *message)
{
  char *value = strchr (line, '=');
  if (value == NULL || value == line)
    return FALSE;
  *value++ = '\0';
  if (g_str_equal (line, "READY"))
    message->ready = g_str_equal (value, "1");
  else if (g_str_equal (line, "STATUS"))
    message->status = value;
  else if (g_str_equal (line, "X_INOS_WAYLAND_DISPLAY")) {
    if (!is_display_name (value))
      return FALSE;
    message->wayland_display = value;
  } else if (g_str_equal (line, "X_INOS_DISPLAY")) {
    if (*value != ':' ||
        !g_ascii_string_to_unsigned (value + 1, 10, 0, MAX_X11_DISPLAY, NULL, NULL))
      return FALSE;
    message->x11_display = value;
  } else if (g_str_equal (line, "X_INOS_CURSOR_THEME")) {
    if (!is_theme_name (value))
      return FALSE;
    message->cursor_theme = value;
  } else if (g_str_equal (line, "X_INOS_CURSOR_SIZE")) {
    if (!g_ascii_string_to_unsigned (value, 10, 1, MAX_CURSOR_SIZE, NULL, NULL))
      return FALSE;
    message->cursor_size = value;
  } else if (g_str_equal (line, "X_INOS_LOCKED")) {
    if (!g_str_equal (value, "0") && !g_str_equal (value, "1"))
      return FALSE;
    message->locked = value;
  } else if (g_str_equal (line, "X_INOS_RENDERER"))
    message->software = g_str_equal (value, "software");
  else if (g_str_equal (line, "EXTEND_TIMEOUT_USEC")) {
    guint64 microseconds = 0;
    if (!g_ascii_string_to_unsigned (value, 10, 1000, MAX_EXTENSION, &microseconds, NULL))
      return FALSE;
    message->more_time = (guint)(microseconds / 1000);
  }
  return TRUE;
}

gboolean inos_notify_parse (char *text, gsize length, struct inos_notify_message *message)
{
  *message = (struct inos_notify_message){0};
  if (length == 0 || memchr (text, '\0', length) != NULL ||
      !g_utf8_validate_len (text, length, NULL))
    return FALSE;
  for (char *line = text; line != NULL && *line != '\0';) {
    char *next = strchr (line, '\n');
    if (next != NULL)
      *next++ = '\0';
    if (*line != '\0' && !parse_line (line, message))
      return FALSE;
    line = next;
  }
  return TRUE;
}

/* The sender's pid, 0 if the kernel did not say; closes descriptors that came along. */
static pid_t take_control_data (struct msghdr *header)
{
  pid_t pid = 0;
  for (struct cmsghdr *c = CMSG_FIRSTHDR (header); c != NULL; c = CMSG_NXTHDR (header, c)) {
    if (c->cmsg_level != SOL_SOCKET)
      continue;
    if (c->cmsg_type == SCM_CREDENTIALS) {
      struct ucred credentials;
      memcpy (&credentials, CMSG_DATA (c), sizeof credentials);
      pid = credentials.pid;
    } else if (c->cmsg_type == SCM_RIGHTS) {
      gsize n = (c->cmsg_len - CMSG_LEN (0)) / sizeof (int);
      for (gsize i = 0; i < n; i++) {
        int fd = -1;
        memcpy (&fd, CMSG_DATA (c) + i * sizeof (int), sizeof fd);
        close (fd);
      }
    }
  }
  return pid;
}

/* Takes one datagram. FALSE where there is none. */
static gboolean take_datagram (struct inos_notify *notify)
{
  char text[MAX_DATAGRAM + 1];
  union {
    struct cmsghdr align;
    char bytes[CMSG_SPACE (sizeof (struct ucred)) + CMSG_SPACE (MAX_DESCRIPTORS * sizeof (int))];
  } control;
  struct iovec part = {.iov_base = text, .iov_len = MAX_DATAGRAM};
  struct msghdr header = {
    .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  ssize_t n = recvmsg (notify->fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (n < 0)
    return FALSE;

  pid_t pid = take_control_data (&header);
  text[n] = '\0';
  struct inos_notify_message message;
  if (notify->sender == 0)
    g_debug ("a notification of process %d came after its end", (int)pid);
  else if (pid != notify->sender)
    g_message ("ignored a notification from process %d, which is not the one that was started",
               (int)pid);
  else if ((header.msg_flags & MSG_TRUNC) != 0 || !inos_notify_parse (text, (gsize)n, &message))
    g_message ("ignored a malformed notification from process %d", (int)pid);
  else
    notify->func (&message, notify->data);
  return TRUE;
}

static gboolean on_datagram (gint fd, GIOCondition condition, gpointer data)
{
  take_datagram (data);
  return G_SOURCE_CONTINUE;
}

static int bind_socket (const char *path, GError **error)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen (path) >= sizeof address.sun_path) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
                 "the path %s is too long for a socket; set XDG_RUNTIME_DIR to a shorter one",
                 path);
    return -1;
  }
  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  unlink (path);
  int fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int yes = 1;
  if (fd >= 0 && bind (fd, (struct sockaddr *)&address, sizeof address) == 0 &&
      setsockopt (fd, SOL_SOCKET, SO_PASSCRED, &yes, sizeof yes) == 0)
    return fd;
  g_set_error (error, G_IO_ERROR, (gint)g_io_error_from_errno (errno), "cannot listen at %s: %s",
               path, g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

struct inos_notify *inos_notify_new (const char *path, inos_notify_func func, void *data,
                                     GError **error)
{
  int fd = bind_socket (path, error);
  if (fd < 0)
    return NULL;
  struct inos_notify *notify = g_new0 (struct inos_notify, 1);
  *notify = (struct inos_notify){.path = g_strdup (path), .fd = fd, .func = func, .data = data};
  notify->source = g_unix_fd_add (fd, G_IO_IN, on_datagram, notify);
  return notify;
}

void inos_notify_free (struct inos_notify *notify)
{
  if (notify == NULL)
    return;
  g_clear_handle_id (&notify->source, g_source_remove);
  close (notify->fd);
  unlink (notify->path);
  g_free (notify->path);
  g_free (notify);
}

void inos_notify_drain (struct inos_notify *notify)
{
  /* Bounded: whoever writes without end must not keep the session here. */
  for (int i = 0; i < MAX_LAST_WORDS && take_datagram (notify); i++)
    continue;
}

const char *inos_notify_path (const struct inos_notify *notify)
{
  return notify->path;
}

void inos_notify_set_sender (struct inos_notify *notify, pid_t pid)
{
  notify->sender = pid;
}
