/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/terminal/door.h"

#include "node/terminal/terminals.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 16

struct visitor {
  struct inos_door *door;
  int fd;
  unsigned reader, timer; /* sources */
  struct inos_terminals_knock knock;
  size_t size; /* of it that has come */
};

struct inos_door {
  char *path;
  int fd;
  unsigned acceptor; /* source */
  GPtrArray *visitors;
  inos_door_visit visit;
  void *data;
};

static void visitor_free (void *data)
{
  struct visitor *v = data;

  g_clear_handle_id (&v->reader, g_source_remove);
  g_clear_handle_id (&v->timer, g_source_remove);
  if (v->fd >= 0)
    close (v->fd);
  g_free (v);
}

void inos_door_refuse (int fd, enum inos_terminal_status status)
{
  const struct inos_terminal_hello hello = {.status = status};

  if (send (fd, &hello, sizeof hello, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    g_debug ("One who would look on at a terminal was gone already.");
  close (fd);
}

static gboolean on_patience_over (gpointer data)
{
  struct visitor *v = data;

  v->timer = 0;
  g_ptr_array_remove_fast (v->door->visitors, v);
  return G_SOURCE_REMOVE;
}

static gboolean on_knock (gint fd, GIOCondition condition, gpointer data)
{
  struct visitor *v = data;
  struct inos_door *door = v->door;
  ssize_t n = recv (fd, (char *)&v->knock + v->size, sizeof v->knock - v->size, MSG_DONTWAIT);

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return G_SOURCE_CONTINUE;
  v->size += n > 0 ? (size_t)n : 0;
  if (n > 0 && v->size < sizeof v->knock)
    return G_SOURCE_CONTINUE;
  struct inos_terminals_knock knock = v->knock;
  v->reader = 0;
  if (n > 0 && knock.magic == INOS_TERMINALS_MAGIC && knock.flags == 0)
    v->fd = -1;
  bool welcome = v->fd < 0;
  g_ptr_array_remove_fast (door->visitors, v);
  if (welcome)
    door->visit (knock.id, fd, door->data);
  return G_SOURCE_REMOVE;
}

static gboolean on_connect (gint listener, GIOCondition condition, gpointer data)
{
  struct inos_door *door = data;
  struct ucred peer;
  socklen_t size = sizeof peer;
  int fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (fd < 0) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
      g_usleep (10000); /* rather than spin: the peer stays in line */
    return G_SOURCE_CONTINUE;
  }
  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 ||
      (peer.uid != 0 && peer.uid != geteuid())) {
    close (fd);
    return G_SOURCE_CONTINUE;
  }
  if (door->visitors->len >= INOS_DOOR_VISITORS_MAX) {
    inos_door_refuse (fd, INOS_TERMINAL_TOO_MANY);
    return G_SOURCE_CONTINUE;
  }
  struct visitor *v = g_new0 (struct visitor, 1);
  *v = (struct visitor){.door = door, .fd = fd};
  v->reader = g_unix_fd_add (fd, G_IO_IN, on_knock, v);
  v->timer = g_timeout_add (INOS_DOOR_PATIENCE_MS, on_patience_over, v);
  g_ptr_array_add (door->visitors, v);
  return G_SOURCE_CONTINUE;
}

static bool fail (GError **error, const char *path)
{
  g_set_error (error, INOS_NODE_ERROR, INOS_NODE_ERROR_SETUP, "Cannot listen at %s: %s", path,
               g_strerror (errno));
  return false;
}

/* Who has the node's own socket, which is beside it and has a lock, has this one: the tree starts
 * that one first. */
static bool listen_at (struct inos_door *door, GError **error)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  struct stat st;

  if (g_strlcpy (address.sun_path, door->path, sizeof address.sun_path) >=
      sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return fail (error, door->path);
  }
  if (lstat (door->path, &st) == 0 && S_ISSOCK (st.st_mode))
    unlink (door->path);
  door->fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (door->fd < 0)
    return fail (error, door->path);
  /* The file of a socket has its mode; a umask would be that of all threads. */
  int result = fchmod (door->fd, 0600);
  if (result == 0)
    result = bind (door->fd, (const struct sockaddr *)&address, sizeof address);
  if (result == 0 && listen (door->fd, BACKLOG) == 0)
    return true;
  fail (error, door->path);
  if (result < 0)
    g_clear_pointer (&door->path, g_free); /* not ours to remove */
  return false;
}

struct inos_door *inos_door_new (const char *path, inos_door_visit visit, void *data,
                                 GError **error)
{
  struct inos_door *door = g_new0 (struct inos_door, 1);

  *door = (struct inos_door){.path = g_strdup (path), .fd = -1, .visit = visit, .data = data};
  door->visitors = g_ptr_array_new_with_free_func (visitor_free);
  if (listen_at (door, error))
    door->acceptor = g_unix_fd_add (door->fd, G_IO_IN, on_connect, door);
  else
    g_clear_pointer (&door, inos_door_free);
  return door;
}

void inos_door_free (struct inos_door *door)
{
  if (!door)
    return;
  g_clear_handle_id (&door->acceptor, g_source_remove);
  g_ptr_array_unref (door->visitors);
  if (door->fd >= 0)
    close (door->fd);
  if (door->path)
    unlink (door->path);
  g_free (door->path);
  g_free (door);
}
