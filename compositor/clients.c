#include "clients.h"

#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/util/log.h>
#include <wayland-server-protocol.h>

#include "each_frame.h"
#include "listener.h"

/* Far beyond what programs hold, and little beside what a machine has. */
enum {
  MOST_OBJECTS = 1 << 16,
  MOST_SURFACES = 8192,
  MOST_BUFFERS =
    8192,            /* and pools of shared memory: each may hold a descriptor and address space */
  MOST_RECTS = 8192, /* of one region */
  MOST_DAMAGE = 256, /* rectangles, more are one */
  LEAST_FLOOD = 32,  /* descriptors */
  TURNS = 64,        /* of the loop between two looks at who is stuck */
  MOST_STUCK = 3,    /* looks without a request that was read */
};

/* Of requests: the header has those of events alone. */
enum { REGION_ADD = 1, REGION_SUBTRACT = 2, SURFACE_DAMAGE = 2, SURFACE_DAMAGE_BUFFER = 9 };

enum kind { OBJECTS, SURFACES, BUFFERS, KINDS };

static const char *const kind_names[KINDS] = {"objects", "surfaces", "buffers"};

struct inos_clients {
  struct inos_compositor *compositor;
  struct wl_list list; /* struct client.link */
  unsigned int most[KINDS];
  struct wl_protocol_logger *logger;
  unsigned int turns;

  struct wl_listener created;
};

struct client {
  struct wl_list link;
  struct inos_clients *clients;
  struct wl_client *wl;
  /* Objects that were made for it; they are counted anew when there may be too many. */
  unsigned int made, count_at;
  unsigned int requests, requests_seen, stuck;
  bool told; /* the log says why it goes */

  struct wl_listener resource_created, destroyed;
};

char *inos_client_program (struct wl_client *client, pid_t *pid)
{
  g_autofree char *comm = NULL;
  wl_client_get_credentials (client, pid, NULL, NULL);
  g_autofree char *path = g_strdup_printf ("/proc/%d/comm", (int)*pid);
  return g_file_get_contents (path, &comm, NULL, NULL) ? g_utf8_make_valid (g_strchomp (comm), -1)
                                                       : g_strdup ("");
}

char *inos_client_name (struct wl_client *client)
{
  pid_t pid = 0;
  g_autofree char *program = inos_client_program (client, &pid);
  return program[0] != '\0' ? g_strdup_printf ("%s (process %d)", program, (int)pid)
                            : g_strdup_printf ("process %d", (int)pid);
}

static enum wl_iterator_result count_one (struct wl_resource *resource, void *data)
{
  unsigned int *counts = data;
  const char *class = wl_resource_get_class (resource);
  counts[OBJECTS]++;
  if (strcmp (class, "wl_surface") == 0)
    counts[SURFACES]++;
  else if (strcmp (class, "wl_buffer") == 0 || strcmp (class, "wl_shm_pool") == 0)
    counts[BUFFERS]++;
  return WL_ITERATOR_CONTINUE;
}

static void count (struct client *client, unsigned int counts[static KINDS])
{
  memset (counts, 0, KINDS * sizeof *counts);
  wl_client_for_each_resource (client->wl, count_one, counts);
}

/* Counting is put off for as long as no bound can have been passed by much. */
static void check (struct client *client)
{
  unsigned int counts[KINDS], room = UINT_MAX;
  count (client, counts);
  for (enum kind kind = 0; kind < KINDS; kind++) {
    unsigned int most = client->clients->most[kind];
    if (counts[kind] > most) {
      wl_client_post_implementation_error (client->wl, "more than %u %s: this looks like a flood",
                                           most, kind_names[kind]);
      client->count_at = UINT_MAX;
      return;
    }
    room = MIN (room, MAX (most - counts[kind], most / 16));
  }
  client->made = 0;
  client->count_at = room;
}

INOS_EACH_FRAME static void handle_resource_created (struct wl_listener *listener, void *data)
{
  struct client *client = wl_container_of (listener, client, resource_created);
  if (++client->made > client->count_at)
    check (client);
}

/* libwayland drops in silence whose socket and buffer are full. */
static void say_if_deaf (struct wl_client *client)
{
  struct pollfd socket = {.fd = wl_client_get_fd (client), .events = POLLOUT};
  if (poll (&socket, 1, 0) != 0)
    return;
  g_autofree char *name = inos_client_name (client);
  wlr_log (WLR_ERROR, "%s loses its connection: it does not read what it is told", name);
}

static void handle_destroyed (struct wl_listener *listener, void *data)
{
  struct client *client = wl_container_of (listener, client, destroyed);
  if (!client->told)
    say_if_deaf (client->wl);
  DISCONNECT (client->resource_created);
  DISCONNECT (client->destroyed);
  wl_list_remove (&client->link);
  g_free (client);
}

static void handle_created (struct wl_listener *listener, void *data)
{
  struct inos_clients *clients = wl_container_of (listener, clients, created);
  struct client *client = g_new0 (struct client, 1);
  client->clients = clients;
  client->wl = data;
  wl_client_set_user_data (client->wl, client, NULL);
  client->count_at = MIN (clients->most[BUFFERS], MOST_SURFACES);
  client->resource_created.notify = handle_resource_created;
  wl_client_add_resource_created_listener (client->wl, &client->resource_created);
  client->destroyed.notify = handle_destroyed;
  wl_client_add_destroy_listener (client->wl, &client->destroyed);
  wl_list_insert (&clients->list, &client->link);
}

/* Each rectangle more makes the next one dearer. */
static void bound_region (struct wl_resource *resource)
{
  const pixman_region32_t *region = wlr_region_from_resource (resource);
  if (region && pixman_region32_n_rects (region) > MOST_RECTS)
    wl_client_post_implementation_error (wl_resource_get_client (resource),
                                         "more than %d rectangles in a region", MOST_RECTS);
}

/* Damage may be more than was said. */
static void simplify (pixman_region32_t *damage)
{
  if (pixman_region32_n_rects (damage) <= MOST_DAMAGE)
    return;
  pixman_box32_t box = *pixman_region32_extents (damage);
  pixman_region32_fini (damage);
  pixman_region32_init_rect (damage, box.x1, box.y1, (unsigned int)(box.x2 - box.x1),
                             (unsigned int)(box.y2 - box.y1));
}

static void bound_damage (struct wl_resource *resource)
{
  struct wlr_surface *surface = wlr_surface_from_resource (resource);
  simplify (&surface->pending.surface_damage);
  simplify (&surface->pending.buffer_damage);
}

static void log_error (const union wl_argument *arguments, struct wl_client *client)
{
  g_autofree char *name = inos_client_name (client);
  struct client *ours = wl_client_get_user_data (client);
  struct wl_resource *culprit = (struct wl_resource *)arguments[0].o;
  ours->told = true;
  wlr_log (WLR_ERROR, "%s loses its connection: %s: %s", name,
           culprit ? wl_resource_get_class (culprit) : "no object", arguments[2].s);
}

/* Called for each message, so most of them must be told apart by an address alone. */
INOS_EACH_FRAME static void on_message (void *data, enum wl_protocol_logger_type direction,
                                        const struct wl_protocol_logger_message *message)
{
  if (direction == WL_PROTOCOL_LOGGER_REQUEST) {
    const struct wl_message *what = message->message;
    struct client *client = wl_client_get_user_data (wl_resource_get_client (message->resource));
    client->requests++;
    if (what == &wl_region_interface.methods[REGION_ADD] ||
        what == &wl_region_interface.methods[REGION_SUBTRACT])
      bound_region (message->resource);
    else if (what == &wl_surface_interface.methods[SURFACE_DAMAGE] ||
             what == &wl_surface_interface.methods[SURFACE_DAMAGE_BUFFER])
      bound_damage (message->resource);
  } else if (message->message == &wl_display_interface.events[WL_DISPLAY_ERROR]) {
    log_error (message->arguments, wl_resource_get_client (message->resource));
  }
}

/* What one process holds: libwayland has two descriptors for each connection. */
static unsigned int descriptors_of (struct inos_clients *clients, pid_t pid)
{
  unsigned int sum = 0;
  struct client *client;
  wl_list_for_each (client, &clients->list, link) {
    unsigned int counts[KINDS];
    pid_t owner = 0;
    wl_client_get_credentials (client->wl, &owner, NULL, NULL);
    if (owner != pid || client->wl == clients->compositor->shell)
      continue;
    count (client, counts);
    sum += 2 + counts[BUFFERS];
  }
  return sum;
}

bool inos_clients_drop_heaviest (struct inos_clients *clients)
{
  pid_t heaviest = 0, pid = 0;
  unsigned int most = 0;
  g_autofree char *name = NULL;
  struct client *client, *next;
  wl_list_for_each (client, &clients->list, link) {
    wl_client_get_credentials (client->wl, &pid, NULL, NULL);
    unsigned int sum = pid == heaviest ? 0 : descriptors_of (clients, pid);
    if (sum <= most)
      continue;
    most = sum;
    heaviest = pid;
    g_free (name);
    name = inos_client_name (client->wl);
  }
  if (most < LEAST_FLOOD)
    return false;
  wlr_log (WLR_ERROR, "out of file descriptors: %s holds %u and loses its connections", name, most);
  wl_list_for_each_safe (client, next, &clients->list, link) {
    wl_client_get_credentials (client->wl, &pid, NULL, NULL);
    if (pid != heaviest || client->wl == clients->compositor->shell)
      continue;
    client->told = true;
    wl_client_destroy (client->wl);
  }
  return true;
}

/* Bytes wait in the socket, as they did at the last looks, and no request was read since. */
static bool is_stuck (struct client *client)
{
  int waiting = 0;
  bool idle = client->requests == client->requests_seen &&
              ioctl (wl_client_get_fd (client->wl), FIONREAD, &waiting) == 0 && waiting > 0;
  client->requests_seen = client->requests;
  client->stuck = idle ? client->stuck + 1 : 0;
  return client->stuck >= MOST_STUCK;
}

INOS_EACH_FRAME void inos_clients_turn (struct inos_clients *clients)
{
  struct client *client, *next;
  if (++clients->turns % TURNS != 0)
    return;
  wl_list_for_each_safe (client, next, &clients->list, link) {
    if (!is_stuck (client))
      continue;
    g_autofree char *name = inos_client_name (client->wl);
    wlr_log (WLR_ERROR, "%s loses its connection: a request of it cannot be read", name);
    client->told = true;
    wl_client_destroy (client->wl);
  }
}

struct inos_clients *inos_clients_create (struct inos_compositor *compositor)
{
  struct inos_clients *clients = g_new0 (struct inos_clients, 1);
  struct rlimit files = {MOST_BUFFERS, MOST_BUFFERS};
  getrlimit (RLIMIT_NOFILE, &files);
  clients->compositor = compositor;
  clients->most[OBJECTS] = MOST_OBJECTS;
  clients->most[SURFACES] = MOST_SURFACES;
  /* At most a quarter of the descriptors that there are is one client's. */
  clients->most[BUFFERS] = (unsigned int)MIN (files.rlim_cur / 4, MOST_BUFFERS);
  wl_list_init (&clients->list);
  clients->created.notify = handle_created;
  wl_display_add_client_created_listener (compositor->display, &clients->created);
  clients->logger = wl_display_add_protocol_logger (compositor->display, on_message, clients);
  return clients;
}

void inos_clients_destroy (struct inos_clients *clients)
{
  if (!clients)
    return;
  DISCONNECT (clients->created);
  wl_protocol_logger_destroy (clients->logger);
  g_free (clients);
}
