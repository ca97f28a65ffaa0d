#include "wire.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
/* For struct wl_resource and struct wl_object, which say what a request may be. */
#include <wayland-server.h>

enum { MOST_BYTES = 4096, MOST_FDS = 8, MOST_OBJECTS = 200 };

struct wire {
  int fd;
  struct wl_client *client; /* NULL once the compositor dropped it */
  struct wl_listener gone;
  uint32_t last_id;
  uint8_t bytes[MOST_BYTES];
  size_t length;
  int fds[MOST_FDS];
  unsigned int fd_count;
};

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  struct wire_global *global = g_new (struct wire_global, 1);
  *global = (struct wire_global){name, version, g_strdup (interface)};
  g_ptr_array_add (data, global);
}

static void on_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
}

static void global_free (void *data)
{
  struct wire_global *global = data;
  g_free (global->interface);
  g_free (global);
}

GPtrArray *wire_globals (struct inos_compositor *compositor)
{
  static const struct wl_registry_listener listener = {on_global, on_global_remove};
  GPtrArray *globals = g_ptr_array_new_with_free_func (global_free);
  struct client *client = client_connect (compositor);
  struct wl_registry *registry = wl_display_get_registry (client->display);
  wl_registry_add_listener (registry, &listener, globals);
  client_roundtrip (client);
  wl_registry_destroy (registry);
  client_disconnect (client);
  return globals;
}

static void handle_gone (struct wl_listener *listener, void *data)
{
  struct wire *wire = wl_container_of (listener, wire, gone);
  wire->client = NULL;
}

static void put (struct wire *wire, const void *bytes, size_t length)
{
  if (wire->length + length > MOST_BYTES)
    return;
  memcpy (wire->bytes + wire->length, bytes, length);
  wire->length += length;
}

static void put_number (struct wire *wire, uint32_t number)
{
  put (wire, &number, sizeof number);
}

/* A string or an array, filled up to a multiple of four. */
static void put_bytes (struct wire *wire, const void *bytes, size_t length)
{
  static const uint8_t zeros[4];
  put_number (wire, (uint32_t)length);
  put (wire, bytes, length);
  put (wire, zeros, (4 - length % 4) % 4);
}

/* The sizes are filled in when the request is whole. */
static size_t begin (struct wire *wire, uint32_t object, uint32_t opcode)
{
  size_t start = wire->length;
  put_number (wire, object);
  put_number (wire, opcode);
  return start;
}

static void end (struct wire *wire, size_t start, int off_by)
{
  uint32_t word;
  memcpy (&word, wire->bytes + start + 4, sizeof word);
  word |= (uint32_t)((int)(wire->length - start) + off_by) << 16;
  memcpy (wire->bytes + start + 4, &word, sizeof word);
}

static void flush (struct wire *wire)
{
  struct iovec part = {wire->bytes, wire->length};
  char control[CMSG_SPACE (sizeof (int) * MOST_FDS)] = {0};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (wire->fd_count > 0) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE (sizeof (int) * wire->fd_count);
    struct cmsghdr *header = CMSG_FIRSTHDR (&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN (sizeof (int) * wire->fd_count);
    memcpy (CMSG_DATA (header), wire->fds, sizeof (int) * wire->fd_count);
  }
  (void)!sendmsg (wire->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  for (unsigned int i = 0; i < wire->fd_count; i++)
    close (wire->fds[i]);
  wire->fd_count = 0;
  wire->length = 0;
}

/* What came back is of no interest; descriptors in it are closed by the kernel. */
static void drain (struct wire *wire)
{
  uint8_t bytes[MOST_BYTES];
  while (recv (wire->fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
    ;
}

static enum wl_iterator_result collect (struct wl_resource *resource, void *data)
{
  g_ptr_array_add (data, resource);
  return WL_ITERATOR_CONTINUE;
}

static GPtrArray *objects_of (struct wire *wire)
{
  GPtrArray *objects = g_ptr_array_new();
  wl_client_for_each_resource (wire->client, collect, objects);
  return objects;
}

static uint32_t odd_number (GRand *rand)
{
  static const uint32_t odd[] = {0,          1,          2,          0x7fffffff, 0x80000000,
                                 0xffffffff, 0xfffffffe, 0x00010000, 0x7fff,     256};
  int kind = g_rand_int_range (rand, 0, 10);
  if (kind == 0)
    return odd[g_rand_int_range (rand, 0, G_N_ELEMENTS (odd))];
  return (uint32_t)g_rand_int_range (rand, kind < 3 ? -300 : 0, kind < 6 ? 16 : 600);
}

/* An object of that interface, most of the time. */
static uint32_t some_object (GPtrArray *objects, const struct wl_interface *interface, GRand *rand)
{
  if (g_rand_int_range (rand, 0, 100) == 0)
    return odd_number (rand);
  for (int i = 0; i < 40; i++) {
    struct wl_resource *resource = objects->pdata[g_rand_int_range (rand, 0, (int)objects->len)];
    if (!interface || resource->object.interface == interface ||
        g_str_equal (resource->object.interface->name, interface->name))
      return resource->object.id;
  }
  return 0;
}

static void put_fd (struct wire *wire, GRand *rand)
{
  if (wire->fd_count == MOST_FDS)
    return;
  int fd = memfd_create ("wire", MFD_CLOEXEC);
  if (fd >= 0 && ftruncate (fd, g_rand_int_range (rand, 0, 1 << 16)) == 0)
    wire->fds[wire->fd_count++] = fd;
}

static void put_text (struct wire *wire, GRand *rand)
{
  char text[300];
  size_t length = (size_t)g_rand_int_range (rand, 0, g_rand_int_range (rand, 2, sizeof text));
  for (size_t i = 0; i < length; i++)
    text[i] = (char)g_rand_int_range (rand, 1, 256);
  text[length] = g_rand_int_range (rand, 0, 100) ? '\0' : 'x';
  put_bytes (wire, text, length + 1);
}

static void put_argument (struct wire *wire, char type, const struct wl_interface *interface,
                          GPtrArray *objects, GRand *rand)
{
  static const uint8_t array[64];
  switch (type) {
  case 's':
    put_text (wire, rand);
    break;
  case 'a':
    put_bytes (wire, array, (size_t)g_rand_int_range (rand, 0, sizeof array));
    break;
  case 'h':
    put_fd (wire, rand);
    break;
  case 'o':
    put_number (wire, some_object (objects, interface, rand));
    break;
  case 'n':
    put_number (wire, g_rand_int_range (rand, 0, 200) ? ++wire->last_id : odd_number (rand));
    break;
  default:
    put_number (wire, odd_number (rand));
  }
}

static void put_request (struct wire *wire, GPtrArray *objects, GRand *rand)
{
  struct wl_resource *resource = objects->pdata[g_rand_int_range (rand, 0, (int)objects->len)];
  const struct wl_interface *interface = resource->object.interface;
  /* Of an interface without requests, and now and then: one that is not there. */
  int count = MAX (interface->method_count, 1);
  bool wrong = g_rand_int_range (rand, 0, 400) == 0;
  uint32_t opcode = (uint32_t)g_rand_int_range (rand, 0, wrong ? 70000 : count) & 0xffff;
  size_t start =
    begin (wire, wrong && opcode & 1 ? odd_number (rand) : resource->object.id, opcode);
  if ((int)opcode < interface->method_count) {
    const struct wl_message *message = &interface->methods[opcode];
    int argument = 0;
    for (const char *c = message->signature; *c; c++) {
      if (*c == '?' || g_ascii_isdigit (*c))
        continue;
      put_argument (wire, *c, message->types[argument++], objects, rand);
    }
  }
  end (wire, start, g_rand_int_range (rand, 0, 500) ? 0 : g_rand_int_range (rand, -20, 20));
}

static void bind_global (struct wire *wire, const struct wire_global *global)
{
  size_t start = begin (wire, 2, 0);
  put_number (wire, global->name);
  put_bytes (wire, global->interface, strlen (global->interface) + 1);
  put_number (wire, global->version);
  put_number (wire, ++wire->last_id);
  end (wire, start, 0);
}

struct wire *wire_connect (struct inos_compositor *compositor, GPtrArray *globals, GRand *rand)
{
  int pair[2];
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
  struct wire *wire = g_new0 (struct wire, 1);
  wire->fd = pair[1];
  wire->client = wl_client_create (compositor->display, pair[0]);
  wire->gone.notify = handle_gone;
  wl_client_add_destroy_listener (wire->client, &wire->gone);
  wire->last_id = 2;
  size_t start = begin (wire, 1, 1); /* wl_display.get_registry */
  put_number (wire, 2);
  end (wire, start, 0);
  for (guint i = 0; i < globals->len; i++) {
    const struct wire_global *global = globals->pdata[i];
    if (g_rand_int_range (rand, 0, 3))
      bind_global (wire, global);
  }
  flush (wire);
  return wire;
}

void wire_disconnect (struct wire *wire)
{
  if (wire->client)
    wl_list_remove (&wire->gone.link);
  close (wire->fd);
  g_free (wire);
}

bool wire_is_alive (struct wire *wire)
{
  return wire->client;
}

unsigned int wire_talk (struct wire *wire, GRand *rand)
{
  drain (wire);
  if (!wire->client)
    return 0;
  g_autoptr (GPtrArray) objects = objects_of (wire);
  unsigned int n = 0;
  while (n < 10 && wire->length + 600 < MOST_BYTES && wire->fd_count < MOST_FDS &&
         objects->len > 0) {
    put_request (wire, objects, rand);
    n++;
  }
  flush (wire);
  return objects->len > MOST_OBJECTS ? 0 : n;
}
