/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define BACKLOG 64

static bool fail (GError **error, const char *what, const char *path)
{
  g_set_error (error, INOS_NODE_ERROR, INOS_NODE_ERROR_SETUP, "%s %s: %s", what, path,
               g_strerror (errno));
  return false;
}

static bool already_running (GError **error, const char *path)
{
  g_set_error (
    error, INOS_NODE_ERROR, INOS_NODE_ERROR_RUNNING,
    "Another node listens at %s. End it first, or give this one another --socket and --state-dir.",
    path);
  return false;
}

/* Two nodes that start at once must not remove each other's socket. The lock goes when the process
 * goes. */
static bool take_lock (struct inos_listener *l, GError **error)
{
  g_autofree char *path = g_strconcat (l->path, ".lock", NULL);

  l->lock = open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (l->lock < 0)
    return fail (error, "Cannot make", path);
  if (flock (l->lock, LOCK_EX | LOCK_NB) == 0)
    return true;
  return errno == EWOULDBLOCK ? already_running (error, l->path)
                              : fail (error, "Cannot lock", path);
}

/* Makes room at the path, where there is a socket that nobody listens at. */
static bool clear_stale (const struct sockaddr_un *address, GError **error)
{
  const char *path = address->sun_path;
  struct stat st;

  if (lstat (path, &st) < 0)
    return errno == ENOENT || fail (error, "Cannot look at", path);
  if (!S_ISSOCK (st.st_mode)) {
    g_set_error (
      error, INOS_NODE_ERROR, INOS_NODE_ERROR_SETUP,
      "%s is there and is not a socket. Move it away, or name another path with --socket.", path);
    return false;
  }

  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return fail (error, "Cannot make a socket to try", path);
  int result = connect (fd, (const struct sockaddr *)address, sizeof *address), saved = errno;
  close (fd);
  errno = saved;
  if (result == 0 || errno == EAGAIN) /* EAGAIN: somebody listens and is busy */
    return already_running (error, path);
  if (errno != ECONNREFUSED && errno != ENOENT)
    return fail (error, "Cannot try", path);
  return unlink (path) == 0 || errno == ENOENT || fail (error, "Cannot remove", path);
}

static bool bind_there (struct inos_listener *l, const struct sockaddr_un *address, mode_t mode,
                        GError **error)
{
  l->fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (l->fd < 0)
    return fail (error, "Cannot make a socket for", l->path);

  /* Closed to others from the first moment, and opened by exactly @mode. Its file has the socket's
   * mode; a umask would be that of all threads, and folders made meanwhile could not be entered. */
  int result = fchmod (l->fd, 0600);
  if (result == 0)
    result = bind (l->fd, (const struct sockaddr *)address, sizeof *address);
  if (result < 0)
    return errno == EADDRINUSE ? already_running (error, l->path)
                               : fail (error, "Cannot listen at", l->path);
  if (chmod (l->path, mode) == 0 && listen (l->fd, BACKLOG) == 0)
    return true;
  fail (error, "Cannot listen at", l->path);
  unlink (l->path);
  return false;
}

/* The socket that systemd gave, if it gave one. */
static bool from_systemd (struct inos_listener *l, bool *given, GError **error)
{
  int count = sd_listen_fds (1);

  *given = count > 0;
  if (count <= 0)
    return true;
  if (count > 1 || sd_is_socket_unix (SD_LISTEN_FDS_START, SOCK_STREAM, 1, NULL, 0) <= 0) {
    g_set_error_literal (error, INOS_NODE_ERROR, INOS_NODE_ERROR_SETUP,
                         "LISTEN_FDS has to be one Unix stream socket that listens.");
    return false;
  }
  l->fd = SD_LISTEN_FDS_START;
  if (fcntl (l->fd, F_SETFL, O_NONBLOCK) < 0)
    return fail (error, "Cannot set up", "the socket of LISTEN_FDS");
  return true;
}

bool inos_listen (struct inos_listener *l, const char *path, mode_t mode, GError **error)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  bool given;

  *l = (struct inos_listener){.fd = -1, .lock = -1};
  if (!from_systemd (l, &given, error) || given)
    return given && l->fd >= 0;
  if (g_strlcpy (address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path) {
    g_set_error (error, INOS_NODE_ERROR, INOS_NODE_ERROR_SETUP,
                 "The path %s is too long for a socket; %zu bytes are the most.", path,
                 sizeof address.sun_path - 1);
    return false;
  }

  g_autofree char *dir = g_path_get_dirname (path);
  if (g_mkdir_with_parents (dir, 0700) < 0)
    return fail (error, "Cannot make the directory", dir);
  l->path = g_strdup (path);
  if (take_lock (l, error) && clear_stale (&address, error) &&
      bind_there (l, &address, mode, error))
    return true;
  g_clear_pointer (&l->path, g_free); /* not ours to remove */
  inos_listen_end (l);
  return false;
}

void inos_listen_end (struct inos_listener *l)
{
  if (l->path)
    unlink (l->path);
  g_clear_pointer (&l->path, g_free);
  if (l->fd >= 0)
    close (l->fd);
  if (l->lock >= 0)
    close (l->lock);
  l->fd = l->lock = -1;
}
