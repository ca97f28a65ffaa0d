#include "socket.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <wlr/util/log.h>

#include "clients.h"

enum { MOST_NAMES = 32, BACKLOG = 128 };

struct inos_socket {
  struct inos_compositor *compositor;
  char *name, *path, *lock_path;
  int fd, lock;
  /* Is closed to have a descriptor for a connection when there is none left, so as to refuse it. */
  int reserve;
  bool told; /* of the shortage that lasts */
  struct wl_event_source *source;
};

static int open_reserve (void)
{
  return open ("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Somebody holds too much, or else nobody who can be told from the others: the newcomer goes. */
static void handle_shortage (struct inos_socket *socket)
{
  if (inos_clients_drop_heaviest (socket->compositor->clients))
    return;
  if (!socket->told)
    wlr_log (WLR_ERROR, "out of file descriptors: programs that connect now are refused");
  socket->told = true;
  if (socket->reserve >= 0)
    close (socket->reserve);
  int fd = accept4 (socket->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd >= 0)
    close (fd);
  socket->reserve = open_reserve();
}

static bool is_shortage (void)
{
  return errno == EMFILE || errno == ENFILE;
}

/* libwayland needs a descriptor more for each client. */
static int on_connection (int listening, uint32_t mask, void *data)
{
  struct inos_socket *socket = data;
  int fd = accept4 (listening, NULL, NULL, SOCK_CLOEXEC);
  if (fd >= 0 && wl_client_create (socket->compositor->display, fd)) {
    socket->told = false;
    return 0;
  }
  bool shortage = is_shortage();
  if (fd >= 0)
    close (fd);
  if (shortage)
    handle_shortage (socket);
  return 0;
}

/* The lock says that a socket of that name is in use; one that is left over is nobody's. */
static bool take_lock (struct inos_socket *socket)
{
  struct stat info;
  socket->lock = open (socket->lock_path, O_CREAT | O_CLOEXEC | O_RDWR, 0660);
  if (socket->lock < 0)
    return false;
  if (flock (socket->lock, LOCK_EX | LOCK_NB) < 0) {
    close (socket->lock);
    socket->lock = -1;
    return false;
  }
  if (lstat (socket->path, &info) == 0 && S_ISSOCK (info.st_mode))
    unlink (socket->path);
  return true;
}

static bool listen_at (struct inos_socket *made)
{
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (g_strlcpy (address.sun_path, made->path, sizeof address.sun_path) >= sizeof address.sun_path)
    return false;
  made->fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made->fd < 0 || bind (made->fd, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen (made->fd, BACKLOG) != 0)
    return false;
  made->source =
    wl_event_loop_add_fd (made->compositor->loop, made->fd, WL_EVENT_READABLE, on_connection, made);
  return made->source;
}

static struct inos_socket *try_name (struct inos_compositor *compositor, const char *name)
{
  struct inos_socket *socket = g_new0 (struct inos_socket, 1);
  socket->compositor = compositor;
  socket->name = g_strdup (name);
  socket->path = g_path_is_absolute (name)
                   ? g_strdup (name)
                   : g_build_filename (g_get_user_runtime_dir(), name, NULL);
  socket->lock_path = g_strconcat (socket->path, ".lock", NULL);
  socket->fd = socket->lock = -1;
  socket->reserve = open_reserve();
  if (take_lock (socket) && listen_at (socket))
    return socket;
  inos_socket_destroy (socket);
  return NULL;
}

struct inos_socket *inos_socket_create (struct inos_compositor *compositor, const char *name)
{
  if (name)
    return try_name (compositor, name);
  for (int i = 0; i < MOST_NAMES; i++) {
    g_autofree char *numbered = g_strdup_printf ("wayland-%d", i);
    struct inos_socket *socket = try_name (compositor, numbered);
    if (socket)
      return socket;
  }
  return NULL;
}

void inos_socket_destroy (struct inos_socket *socket)
{
  if (!socket)
    return;
  if (socket->source)
    wl_event_source_remove (socket->source);
  if (socket->source)
    unlink (socket->path);
  if (socket->lock >= 0)
    unlink (socket->lock_path);
  const int fds[] = {socket->fd, socket->lock, socket->reserve};
  for (size_t i = 0; i < G_N_ELEMENTS (fds); i++) {
    if (fds[i] >= 0)
      close (fds[i]);
  }
  g_free (socket->name);
  g_free (socket->path);
  g_free (socket->lock_path);
  g_free (socket);
}

const char *inos_socket_name (const struct inos_socket *socket)
{
  return socket->name;
}
