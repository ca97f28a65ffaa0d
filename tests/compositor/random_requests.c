/* What clients ask for beside windows: pictures, input methods, text, drags, virtual pointers;
 * ended in any order, or not at all. */

#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_seat.h>

#include "input-method-client.h"
#include "output.h"
#include "random.h"
#include "seats.h"
#include "wlr_interfaces.h"

#include "ext-foreign-toplevel-list-v1-client-protocol.h"
#include "ext-image-capture-source-v1-client-protocol.h"
#include "ext-image-copy-capture-v1-client-protocol.h"
#include "text-input-unstable-v3-client-protocol.h"

enum { MOST_THINGS = 20 };
/* Requests that end an object, by their number. */
enum {
  END_FIRST = 0,
  END_SESSION = 1,
  END_SOURCE = 1,
  END_DEVICE = 2,
  END_INPUT_METHOD = 6,
};

/* A client that may have more; NULL where there is none. */
static struct actor *pick (struct world *world)
{
  struct actor *actor = random_pick_actor (world);
  return actor && actor->client->server_side && actor->things->len < MOST_THINGS ? actor : NULL;
}

/* Bound for one request: the compositor keeps it until the client goes. NULL where the client was
 * dropped by now, or the global is not there. */
static void *bind (struct actor *actor, const struct wl_interface *interface, int version, int nth)
{
  return actor->client->server_side
           ? client_bind_nth (actor->client, interface, (uint32_t)version, nth)
           : NULL;
}

static void forget (void *proxy)
{
  if (proxy)
    wl_proxy_destroy (proxy);
}

static struct wl_seat *bind_seat (struct world *world, struct actor *actor)
{
  return bind (actor, &wl_seat_interface, 5, random_pick (world, 2));
}

/* Pictures. */

static void film (struct world *world, struct actor *actor, void *source)
{
  struct ext_image_copy_capture_manager_v1 *manager =
    bind (actor, &ext_image_copy_capture_manager_v1_interface, 1, 0);
  if (!manager)
    return;
  uint32_t options = (uint32_t)random_pick (world, 2);
  thing_add (actor, ext_image_copy_capture_manager_v1_create_session (manager, source, options),
             END_SESSION);
  forget (manager);
}

static void film_output (struct world *world, struct actor *actor)
{
  int outputs = wl_list_length (&world->compositor->outputs);
  struct wl_output *output =
    bind (actor, &wl_output_interface, 1, random_pick (world, MAX (outputs, 1)));
  struct ext_output_image_capture_source_manager_v1 *manager =
    bind (actor, &ext_output_image_capture_source_manager_v1_interface, 1, 0);
  if (output && manager) {
    struct ext_image_capture_source_v1 *source =
      ext_output_image_capture_source_manager_v1_create_source (manager, output);
    thing_add (actor, source, END_FIRST);
    film (world, actor, source);
  }
  forget (manager);
  forget (output);
}

/* Into a buffer as large as some output, which need not be that one. */
static void shoot (struct world *world, struct actor *actor, struct thing *session)
{
  const struct wlr_output *output = random_pick_output (world)->wlr;
  struct thing *before = thing_find (actor, "ext_image_copy_capture_frame_v1");
  if (before && random_pick (world, 10))
    thing_end (actor, before);
  struct ext_image_copy_capture_frame_v1 *frame = ext_image_copy_capture_session_v1_create_frame (
    (struct ext_image_copy_capture_session_v1 *)session->proxy);
  thing_add (actor, frame, END_FIRST);
  struct wl_buffer *buffer =
    client_buffer (actor->client, MAX (output->width, 1), MAX (output->height, 1), 0x102030);
  thing_add (actor, buffer, END_FIRST);
  ext_image_copy_capture_frame_v1_attach_buffer (frame, buffer);
  ext_image_copy_capture_frame_v1_damage_buffer (frame, 0, 0, 10, 10);
  ext_image_copy_capture_frame_v1_capture (frame);
}

void random_capture (struct world *world)
{
  struct actor *actor = pick (world);
  if (!actor)
    return;
  struct thing *session = thing_find (actor, "ext_image_copy_capture_session_v1");
  if (session && random_pick (world, 4)) {
    g_string_append (world->told, " of a frame");
    shoot (world, actor, session);
  } else {
    film_output (world, actor);
  }
}

static void on_toplevel (void *data, struct ext_foreign_toplevel_list_v1 *list,
                         struct ext_foreign_toplevel_handle_v1 *handle)
{
  struct ext_foreign_toplevel_handle_v1 **first = data;
  if (*first)
    ext_foreign_toplevel_handle_v1_destroy (handle);
  else
    *first = handle;
}

static void on_finished (void *data, struct ext_foreign_toplevel_list_v1 *list)
{
}

void random_capture_window (struct world *world)
{
  static const struct ext_foreign_toplevel_list_v1_listener listener = {on_toplevel, on_finished};
  struct actor *actor = pick (world);
  struct ext_foreign_toplevel_handle_v1 *handle = NULL;
  if (!actor)
    return;
  struct ext_foreign_toplevel_list_v1 *list =
    bind (actor, &ext_foreign_toplevel_list_v1_interface, 1, 0);
  if (!list)
    return;
  ext_foreign_toplevel_list_v1_add_listener (list, &listener, &handle);
  client_roundtrip (actor->client);
  /* It goes only when it says no more: whatever it told of would be lost otherwise. */
  ext_foreign_toplevel_list_v1_stop (list);
  client_roundtrip (actor->client);
  ext_foreign_toplevel_list_v1_destroy (list);
  struct ext_foreign_toplevel_image_capture_source_manager_v1 *manager =
    bind (actor, &ext_foreign_toplevel_image_capture_source_manager_v1_interface, 1, 0);
  if (handle && manager) {
    struct ext_image_capture_source_v1 *source =
      ext_foreign_toplevel_image_capture_source_manager_v1_create_source (manager, handle);
    thing_add (actor, source, END_FIRST);
    film (world, actor, source);
  }
  forget (handle);
  forget (manager);
}

/* Text. */

static void im_begin (struct world *world, struct actor *actor)
{
  void *manager = bind (actor, &im_manager_interface, 1, 0);
  struct wl_seat *seat = bind_seat (world, actor);
  if (manager && seat)
    thing_add (actor, im_get (manager, seat), END_INPUT_METHOD);
  forget (seat);
  forget (manager);
}

static void im_popup (struct world *world, struct actor *actor, struct thing *im)
{
  struct wl_surface *surface = wl_compositor_create_surface (actor->client->wl_compositor);
  thing_add (actor, im_get_popup (im->proxy, surface), END_FIRST);
  struct wl_buffer *buffer = client_buffer (actor->client, 1 + random_pick (world, 300), 40, 0xff);
  wl_surface_attach (surface, buffer, 0, 0);
  wl_surface_commit (surface);
  thing_add (actor, buffer, END_FIRST);
  thing_add (actor, surface, END_FIRST);
}

void random_input_method (struct world *world)
{
  struct actor *actor = pick (world);
  struct thing *im = actor ? thing_find (actor, im_interface.name) : NULL;
  if (!actor)
    return;
  int which = random_pick (world, 4);
  g_string_append_printf (world->told, " number %d", im ? which : -1);
  if (!im) {
    im_begin (world, actor);
  } else if (which == 0) {
    im_popup (world, actor, im);
  } else if (which == 1) {
    thing_add (actor, im_grab_keyboard (im->proxy), END_FIRST);
  } else {
    wl_proxy_marshal_flags (im->proxy, 0, NULL, 1, 0, "text");
    wl_proxy_marshal_flags (im->proxy, 1, NULL, 1, 0, "pre", 0, 3);
    wl_proxy_marshal_flags (im->proxy, 3, NULL, 1, 0, (uint32_t)random_pick (world, 4));
  }
}

void random_text_input (struct world *world)
{
  struct actor *actor = pick (world);
  struct thing *thing = actor ? thing_find (actor, zwp_text_input_v3_interface.name) : NULL;
  if (!actor)
    return;
  if (!thing) {
    struct zwp_text_input_manager_v3 *manager =
      bind (actor, &zwp_text_input_manager_v3_interface, 1, 0);
    struct wl_seat *seat = bind_seat (world, actor);
    if (manager && seat)
      thing_add (actor, zwp_text_input_manager_v3_get_text_input (manager, seat), END_FIRST);
    forget (seat);
    forget (manager);
    return;
  }
  struct zwp_text_input_v3 *text = (struct zwp_text_input_v3 *)thing->proxy;
  if (random_pick (world, 3))
    zwp_text_input_v3_enable (text);
  else
    zwp_text_input_v3_disable (text);
  zwp_text_input_v3_set_surrounding_text (text, "words", 2, 2);
  zwp_text_input_v3_set_cursor_rectangle (text, random_pick (world, 900) - 300, 10, 2, 20);
  zwp_text_input_v3_commit (text);
}

/* Drags and virtual pointers. */

/* Whatever the serial, now and then with the one of the press that holds. */
static void start_drag (struct world *world, struct actor *actor, struct wl_data_device *device,
                        struct wl_data_source *source)
{
  const struct piece *piece = random_pick_window (world);
  const struct wlr_seat *seat = random_pick_seat (world)->wlr;
  struct wl_surface *icon = NULL;
  if (!piece || piece->actor != actor)
    return;
  if (random_pick (world, 2)) {
    icon = wl_compositor_create_surface (actor->client->wl_compositor);
    thing_add (actor, icon, END_FIRST);
  }
  wl_data_device_start_drag (device, source, piece->surface, icon, seat->pointer_state.grab_serial);
}

void random_drag_and_drop (struct world *world)
{
  struct actor *actor = pick (world);
  if (!actor)
    return;
  struct wl_data_device_manager *manager = bind (actor, &wl_data_device_manager_interface, 3, 0);
  struct wl_seat *seat = bind_seat (world, actor);
  if (manager && seat) {
    struct wl_data_device *device = wl_data_device_manager_get_data_device (manager, seat);
    struct wl_data_source *source =
      random_pick (world, 5) ? wl_data_device_manager_create_data_source (manager) : NULL;
    bool drags = random_pick (world, 3);
    g_string_append (world->told, drags ? " drags" : " copies");
    thing_add (actor, device, END_DEVICE);
    if (source) {
      thing_add (actor, source, END_SOURCE);
      wl_data_source_offer (source, "text/plain");
      if (drags)
        wl_data_source_set_actions (source, WL_DATA_DEVICE_MANAGER_DND_ACTION_COPY);
    }
    if (drags)
      start_drag (world, actor, device, source);
    else
      wl_data_device_set_selection (device, source,
                                    wl_display_get_serial (world->compositor->display));
  }
  forget (seat);
  forget (manager);
}

void random_virtual_pointer (struct world *world)
{
  struct actor *actor = pick (world);
  const char *name = zwlr_virtual_pointer_v1_interface.name;
  struct thing *thing = actor ? thing_find (actor, name) : NULL;
  if (!actor)
    return;
  if (!thing) {
    void *manager = bind (actor, &zwlr_virtual_pointer_manager_v1_interface, 1, 0);
    struct wl_seat *seat = bind_seat (world, actor);
    if (manager && seat)
      thing_add (actor,
                 wl_proxy_marshal_flags (manager, VIRTUAL_POINTER_MANAGER_CREATE,
                                         &zwlr_virtual_pointer_v1_interface, 1, 0, seat, NULL),
                 VIRTUAL_POINTER_DESTROY);
    forget (seat);
    forget (manager);
    return;
  }
  wl_proxy_marshal_flags (thing->proxy, VIRTUAL_POINTER_MOTION_ABSOLUTE, NULL, 1, 0, 0,
                          (uint32_t)random_pick (world, 100), (uint32_t)random_pick (world, 100),
                          100, 100);
  if (random_pick (world, 2))
    wl_proxy_marshal_flags (thing->proxy, VIRTUAL_POINTER_BUTTON, NULL, 1, 0, 0, 0x110,
                            (uint32_t)random_pick (world, 2));
  wl_proxy_marshal_flags (thing->proxy, VIRTUAL_POINTER_FRAME, NULL, 1, 0);
}

void random_end_thing (struct world *world)
{
  struct actor *actor = random_pick_actor (world);
  struct thing *thing = actor ? random_pick_of (world, actor->things) : NULL;
  if (!thing)
    return;
  g_string_append_printf (world->told, ": %s", wl_proxy_get_class (thing->proxy));
  thing_end (actor, thing);
}
