#include "actor.h"

#include <sys/mman.h>
#include <unistd.h>

#include "layer-client.h"
#include "xdg-shell-client-protocol.h"

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  struct actor *actor = data;
  if (g_str_equal (interface, "wl_subcompositor"))
    actor->subcompositor = wl_registry_bind (registry, name, &wl_subcompositor_interface, 1);
  else if (g_str_equal (interface, "wl_seat"))
    actor->seat = wl_registry_bind (registry, name, &wl_seat_interface, 1);
  else if (g_str_equal (interface, "zwlr_layer_shell_v1"))
    actor->layer_shell = wl_registry_bind (registry, name, &test_layer_shell_interface, 4);
}

static void on_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
}

struct actor *actor_create (struct inos_compositor *compositor)
{
  static const struct wl_registry_listener listener = {on_global, on_global_remove};
  struct actor *actor = g_new0 (struct actor, 1);
  actor->client = client_connect (compositor);
  actor->pieces = g_ptr_array_new();
  actor->things = g_ptr_array_new_with_free_func (g_free);
  actor->registry = wl_display_get_registry (actor->client->display);
  wl_registry_add_listener (actor->registry, &listener, actor);
  client_roundtrip (actor->client);
  actor->pointer = wl_seat_get_pointer (actor->seat);
  actor->keyboard = wl_seat_get_keyboard (actor->seat);
  return actor;
}

static void forget (void *proxy)
{
  if (proxy)
    wl_proxy_destroy (proxy);
}

/* Without a word to the compositor. */
static void piece_free (struct piece *piece)
{
  forget (piece->buffer);
  forget (piece->object);
  forget (piece->xdg);
  forget (piece->surface);
  g_free (piece);
}

struct thing *thing_add (struct actor *actor, void *proxy, int end)
{
  struct thing *thing = g_new (struct thing, 1);
  *thing = (struct thing){proxy, end};
  g_ptr_array_add (actor->things, thing);
  return thing;
}

struct thing *thing_find (struct actor *actor, const char *interface)
{
  for (guint i = 0; i < actor->things->len; i++) {
    struct thing *thing = actor->things->pdata[i];
    if (g_str_equal (wl_proxy_get_class (thing->proxy), interface))
      return thing;
  }
  return NULL;
}

void thing_end (struct actor *actor, struct thing *thing)
{
  if (thing->end >= 0)
    wl_proxy_marshal_flags (thing->proxy, (uint32_t)thing->end, NULL,
                            wl_proxy_get_version (thing->proxy), WL_MARSHAL_FLAG_DESTROY);
  else
    wl_proxy_destroy (thing->proxy);
  g_ptr_array_remove (actor->things, thing);
}

static void thing_forget (struct thing *thing)
{
  wl_proxy_destroy (thing->proxy);
}

void actor_destroy (struct actor *actor)
{
  for (guint i = 0; i < actor->things->len; i++)
    thing_forget (actor->things->pdata[i]);
  g_ptr_array_unref (actor->things);
  for (guint i = 0; i < actor->pieces->len; i++)
    piece_free (actor->pieces->pdata[i]);
  g_ptr_array_unref (actor->pieces);
  forget (actor->touch);
  forget (actor->pointer);
  forget (actor->keyboard);
  forget (actor->seat);
  forget (actor->layer_shell);
  forget (actor->subcompositor);
  forget (actor->registry);
  client_disconnect (actor->client);
  g_free (actor);
}

static void on_configure (void *data, struct xdg_surface *surface, uint32_t serial)
{
  struct piece *piece = data;
  piece->serial = serial;
  piece->configured = piece->unanswered = true;
}

static void on_layer_configure (void *data, struct wl_proxy *surface, uint32_t serial,
                                uint32_t width, uint32_t height)
{
  on_configure (data, NULL, serial);
}

static void on_layer_closed (void *data, struct wl_proxy *surface)
{
}

static struct wl_proxy *make_popup (struct piece *piece, struct piece *parent, GRand *rand)
{
  struct actor *actor = piece->actor;
  struct xdg_positioner *positioner = xdg_wm_base_create_positioner (actor->client->wm_base);
  xdg_positioner_set_size (positioner, g_rand_int_range (rand, 1, 200), 40);
  xdg_positioner_set_anchor_rect (positioner, g_rand_int_range (rand, -50, 50), 0, 10, 10);
  xdg_positioner_set_constraint_adjustment (positioner, g_rand_int_range (rand, 0, 64));
  struct xdg_popup *popup = xdg_surface_get_popup (piece->xdg, parent->xdg, positioner);
  xdg_positioner_destroy (positioner);
  if (parent->role == ROLE_LAYER)
    wl_proxy_marshal_flags (parent->object, LAYER_SURFACE_GET_POPUP, NULL, 4, 0, popup);
  if (g_rand_boolean (rand))
    xdg_popup_grab (popup, actor->seat, g_rand_int (rand) % 1000);
  return (struct wl_proxy *)popup;
}

static struct wl_proxy *make_layer (struct piece *piece, GRand *rand)
{
  static const struct layer_surface_listener listener = {on_layer_configure, on_layer_closed};
  struct wl_proxy *object =
    layer_surface_create (piece->actor->layer_shell, piece->surface, NULL, g_rand_int (rand) % 4);
  wl_proxy_add_listener (object, (void (**) (void))&listener, piece);
  layer_surface_set (object, LAYER_SURFACE_SET_SIZE, g_rand_int_range (rand, 1, 200),
                     g_rand_int_range (rand, 1, 100), 0, 0);
  layer_surface_set (object, LAYER_SURFACE_SET_ANCHOR, g_rand_int_range (rand, 0, 16), 0, 0, 0);
  layer_surface_set (object, LAYER_SURFACE_SET_EXCLUSIVE_ZONE, g_rand_int_range (rand, -1, 700), 0,
                     0, 0);
  layer_surface_set (object, LAYER_SURFACE_SET_KEYBOARD_INTERACTIVITY,
                     g_rand_int_range (rand, 0, 3), 0, 0, 0);
  return object;
}

static void make_role (struct piece *piece, struct piece *parent, GRand *rand)
{
  static const struct xdg_surface_listener listener = {on_configure};
  struct actor *actor = piece->actor;
  if (piece->role == ROLE_WINDOW || piece->role == ROLE_POPUP) {
    piece->xdg = xdg_wm_base_get_xdg_surface (actor->client->wm_base, piece->surface);
    xdg_surface_add_listener (piece->xdg, &listener, piece);
  }
  switch (piece->role) {
  case ROLE_WINDOW:
    piece->object = (struct wl_proxy *)xdg_surface_get_toplevel (piece->xdg);
    break;
  case ROLE_POPUP:
    piece->object = make_popup (piece, parent, rand);
    break;
  case ROLE_LAYER:
    piece->object = make_layer (piece, rand);
    break;
  default:
    piece->object = (struct wl_proxy *)wl_subcompositor_get_subsurface (
      actor->subcompositor, piece->surface, parent->surface);
    piece->configured = true;
  }
}

struct piece *piece_create (struct actor *actor, enum role role, struct piece *parent, GRand *rand)
{
  if ((role == ROLE_POPUP && (!parent || parent->role == ROLE_SUBSURFACE)) ||
      (role == ROLE_SUBSURFACE && !parent))
    return NULL;
  struct piece *piece = g_new0 (struct piece, 1);
  piece->actor = actor;
  piece->role = role;
  piece->surface = wl_compositor_create_surface (actor->client->wl_compositor);
  make_role (piece, parent, rand);
  if (role != ROLE_SUBSURFACE)
    wl_surface_commit (piece->surface);
  g_ptr_array_add (actor->pieces, piece);
  return piece;
}

static void acknowledge (struct piece *piece)
{
  if (!piece->unanswered)
    return;
  if (piece->xdg)
    xdg_surface_ack_configure (piece->xdg, piece->serial);
  else
    layer_surface_set (piece->object, LAYER_SURFACE_ACK_CONFIGURE, (int32_t)piece->serial, 0, 0, 0);
  piece->unanswered = false;
}

void piece_draw (struct piece *piece, int width, int height, bool commit)
{
  if (!piece->configured)
    return;
  acknowledge (piece);
  int size = width * height * 4;
  int fd = memfd_create ("piece", MFD_CLOEXEC);
  g_assert_no_errno (ftruncate (fd, size));
  struct wl_shm_pool *pool = wl_shm_create_pool (piece->actor->client->shm, fd, size);
  g_clear_pointer (&piece->buffer, wl_buffer_destroy);
  piece->buffer =
    wl_shm_pool_create_buffer (pool, 0, width, height, width * 4, WL_SHM_FORMAT_XRGB8888);
  wl_shm_pool_destroy (pool);
  close (fd);
  wl_surface_attach (piece->surface, piece->buffer, 0, 0);
  wl_surface_damage (piece->surface, 0, 0, width, height);
  if (commit)
    wl_surface_commit (piece->surface);
}

void piece_unmap (struct piece *piece)
{
  wl_surface_attach (piece->surface, NULL, 0, 0);
  wl_surface_commit (piece->surface);
  if (piece->role != ROLE_SUBSURFACE)
    piece->configured = piece->unanswered = false;
}

static void destroy_role (struct piece *piece)
{
  if (piece->role == ROLE_WINDOW)
    xdg_toplevel_destroy ((struct xdg_toplevel *)piece->object);
  else if (piece->role == ROLE_POPUP)
    xdg_popup_destroy ((struct xdg_popup *)piece->object);
  else if (piece->role == ROLE_SUBSURFACE)
    wl_subsurface_destroy ((struct wl_subsurface *)piece->object);
  else
    layer_surface_set (piece->object, LAYER_SURFACE_DESTROY, 0, 0, 0, 0);
  if (piece->xdg)
    xdg_surface_destroy (piece->xdg);
}

void piece_destroy (struct piece *piece, bool orderly)
{
  if (orderly)
    destroy_role (piece);
  wl_surface_destroy (piece->surface);
  if (!orderly)
    destroy_role (piece);
  g_clear_pointer (&piece->buffer, wl_buffer_destroy);
  g_ptr_array_remove (piece->actor->pieces, piece);
  g_free (piece);
}
