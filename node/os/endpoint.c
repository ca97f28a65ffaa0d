/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/endpoint.h"

#include "node/os/argument.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

const char *inos_endpoint_name (const struct inos_endpoint *endpoint)
{
  if (endpoint->path)
    return endpoint->path;
  return endpoint->address ? endpoint->address : "Nothing";
}

/* As an argument: two lists of one string, or of none. */

inos_actor_id inos_endpoint_spawn (struct inos_context *context,
                                   const struct inos_behaviour *behaviour, const void *table,
                                   gsize size, const struct inos_endpoint *endpoint,
                                   const struct inos_spawn *how)
{
  const char *const path[] = {endpoint->path, NULL};
  const char *const address[] = {endpoint->address, NULL};
  const char *const *const lists[] = {path[0] ? path : NULL, address[0] ? address : NULL};
  g_autoptr (GByteArray) argument = inos_argument_new (table, size, lists, G_N_ELEMENTS (lists));
  const struct inos_spawn spawn = inos_argument_spawn (behaviour, argument, how);

  return inos_spawn_actor (context, &spawn);
}

void inos_endpoint_unpack (const void *argument, gsize size, struct inos_endpoint *endpoint)
{
  g_autofree const char **path = inos_argument_list (argument, size, 0);
  g_autofree const char **address = inos_argument_list (argument, size, 1);

  endpoint->path = path ? path[0] : NULL;
  endpoint->address = address ? address[0] : NULL;
}

/* As an address */

struct place {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un local;
  } at;
  socklen_t size;
};

static struct inos_os_result result_of (bool good)
{
  return inos_os_result_of (good ? 0 : errno);
}

static bool parse (const struct inos_endpoint *endpoint, struct place *place)
{
  *place = (struct place){0};
  if (inet_pton (AF_INET, endpoint->address, &place->at.v4.sin_addr) == 1) {
    place->at.v4.sin_family = AF_INET;
    place->at.v4.sin_port = htons (endpoint->port);
    place->size = sizeof place->at.v4;
    return true;
  }
  place->at.v6.sin6_family = AF_INET6;
  place->at.v6.sin6_port = htons (endpoint->port);
  place->size = sizeof place->at.v6;
  return inet_pton (AF_INET6, endpoint->address, &place->at.v6.sin6_addr) == 1;
}

static struct inos_os_result find (const struct inos_endpoint *endpoint,
                                   const struct inos_security *security, enum inos_reach reach,
                                   struct place *place)
{
  struct inos_os_result result =
    inos_security_network (security, endpoint->address, endpoint->port, reach);

  if (result.error == INOS_OS_OK && !parse (endpoint, place))
    return (struct inos_os_result){INOS_OS_WRONG_KIND, 0};
  return result;
}

/* A Unix socket by a descriptor, so that what was allowed is what is meant; and a path of any
 * length. @name: in the directory @fd; NULL: @fd itself. */
static struct place place_of (int fd, const char *name)
{
  struct place place = {.at.local.sun_family = AF_UNIX, .size = sizeof place.at.local};

  if (name)
    g_snprintf (place.at.local.sun_path, sizeof place.at.local.sun_path, "/proc/self/fd/%d/%s", fd,
                name);
  else
    g_snprintf (place.at.local.sun_path, sizeof place.at.local.sun_path, "/proc/self/fd/%d", fd);
  return place;
}

static int new_socket (int family)
{
  int fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), yes = 1;

  if (fd >= 0 && family != AF_UNIX)
    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes); /* one that fails does no harm */
  return fd;
}

/* Takes @fd where it fails. */
static struct inos_os_result connect_to (int *fd, const struct place *place, bool *connecting)
{
  *fd = new_socket (place->at.any.sa_family);
  if (*fd < 0)
    return inos_os_result_of (errno);
  bool good = connect (*fd, &place->at.any, place->size) == 0;
  *connecting = !good && errno == EINPROGRESS;
  if (good || *connecting)
    return (struct inos_os_result){INOS_OS_OK, 0};
  struct inos_os_result result = inos_os_result_of (errno);
  close (*fd);
  *fd = -1;
  return result;
}

/* The socket @name itself, and no link to another. */
static struct inos_os_result open_local (int dir, const char *name, int *local)
{
  struct stat st;

  *local = openat (dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (*local < 0)
    return inos_os_result_of (errno);
  if (fstat (*local, &st) == 0 && S_ISSOCK (st.st_mode))
    return (struct inos_os_result){INOS_OS_OK, 0};
  close (*local);
  return (struct inos_os_result){INOS_OS_WRONG_KIND, 0};
}

static struct inos_os_result connect_local (int dir, const char *name, int *fd, bool *connecting)
{
  int local;
  struct inos_os_result result = open_local (dir, name, &local);

  if (result.error != INOS_OS_OK)
    return result;
  struct place place = place_of (local, NULL);
  result = connect_to (fd, &place, connecting);
  close (local);
  return result;
}

struct inos_os_result inos_endpoint_connect (const struct inos_endpoint *endpoint,
                                             const struct inos_security *security, int *fd,
                                             bool *connecting)
{
  g_autofree char *name = NULL;
  struct inos_os_result result;
  struct place place;
  int dir;

  *fd = -1;
  *connecting = false;
  if (!endpoint->path) {
    result = find (endpoint, security, INOS_REACH_CONNECT, &place);
    return result.error == INOS_OS_OK ? connect_to (fd, &place, connecting) : result;
  }
  result = inos_security_socket (security, endpoint->path, INOS_REACH_CONNECT, &dir, &name);
  if (result.error != INOS_OS_OK)
    return result;
  result = connect_local (dir, name, fd, connecting);
  close (dir);
  return result;
}

/* Listening */

static struct inos_os_result listen_on (const struct place *place, int backlog,
                                        struct inos_listening *listening)
{
  int fd = new_socket (place->at.any.sa_family), yes = 1;

  if (fd < 0)
    return inos_os_result_of (errno);
  struct inos_os_result result =
    result_of (setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
               bind (fd, &place->at.any, place->size) == 0 && listen (fd, backlog) == 0);
  if (result.error == INOS_OS_OK)
    *listening = (struct inos_listening){.fd = fd};
  else
    close (fd);
  return result;
}

/* Whether @name is a socket on which nobody listens. */
static bool is_stale (int dir, const char *name)
{
  bool connecting;
  int fd = -1;
  struct inos_os_result result = connect_local (dir, name, &fd, &connecting);

  if (fd >= 0)
    close (fd);
  return result.number == ECONNREFUSED;
}

static bool bind_local (int fd, int dir, const char *name)
{
  struct place place = place_of (dir, name);

  if (bind (fd, &place.at.any, place.size) == 0)
    return true;
  if (errno != EADDRINUSE)
    return false;
  if (is_stale (dir, name) && unlinkat (dir, name, 0) == 0)
    return bind (fd, &place.at.any, place.size) == 0;
  errno = EADDRINUSE;
  return false;
}

static struct inos_os_result listen_local (int dir, char *name, int backlog, mode_t mode,
                                           struct inos_listening *listening)
{
  int fd = new_socket (AF_UNIX);

  if (fd < 0)
    return inos_os_result_of (errno);
  if (bind_local (fd, dir, name)) {
    /* Until it listens nobody can connect. */
    if (fchmodat (dir, name, mode, 0) == 0 && listen (fd, backlog) == 0) {
      *listening = (struct inos_listening){fd, dir, name};
      return (struct inos_os_result){INOS_OS_OK, 0};
    }
    int error = errno;
    unlinkat (dir, name, 0);
    errno = error;
  }
  struct inos_os_result result = inos_os_result_of (errno);
  close (fd);
  return result;
}

struct inos_os_result inos_endpoint_listen (const struct inos_endpoint *endpoint,
                                            const struct inos_security *security, int backlog,
                                            mode_t mode, struct inos_listening *listening)
{
  struct inos_os_result result;
  struct place place;
  char *name;
  int dir;

  if (!endpoint->path) {
    result = find (endpoint, security, INOS_REACH_LISTEN, &place);
    return result.error == INOS_OS_OK ? listen_on (&place, backlog, listening) : result;
  }
  result = inos_security_socket (security, endpoint->path, INOS_REACH_LISTEN, &dir, &name);
  if (result.error != INOS_OS_OK)
    return result;
  /* Beside "/proc/self/fd/N/" in sun_path. */
  result = strlen (name) > 80 ? (struct inos_os_result){INOS_OS_TOO_LARGE, ENAMETOOLONG}
                              : listen_local (dir, name, backlog, mode, listening);
  if (result.error != INOS_OS_OK) {
    close (dir);
    g_free (name);
  }
  return result;
}

void inos_listening_clear (struct inos_listening *listening)
{
  if (listening->fd > 0)
    close (listening->fd);
  if (listening->name) {
    unlinkat (listening->dir, listening->name, 0);
    close (listening->dir);
    g_free (listening->name);
  }
  *listening = (struct inos_listening){0};
}
