#include "random.h"

#include <linux/input-event-codes.h>
#include <wlr/backend.h>
#include <wlr/interfaces/wlr_keyboard.h>
#include <wlr/interfaces/wlr_pointer.h>
#include <wlr/interfaces/wlr_touch.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_management_v1.h>
#include <wlr/types/wlr_seat.h>

#include "action.h"
#include "layer-client.h"
#include "layer_surface.h"
#include "output.h"
#include "output_management.h"
#include "protocol.h"
#include "seats.h"
#include "switcher.h"
#include "view.h"
#include "xdg-shell-client-protocol.h"

enum { MOST_ACTORS = 4, MOST_PIECES = 12, MOST_DEVICES = 3, MOST_OUTPUTS = 4, KINDS = 3 };

static const struct wlr_keyboard_impl keyboard_impl = {.name = "random"};
static const struct wlr_pointer_impl pointer_impl = {.name = "random"};
static const struct wlr_touch_impl touch_impl = {.name = "random"};

int random_pick (struct world *world, int below)
{
  return g_rand_int_range (world->rand, 0, below);
}

static void *pick_of (struct world *world, GPtrArray *array)
{
  return array->len > 0 ? array->pdata[random_pick (world, (int)array->len)] : NULL;
}

static struct actor *pick_actor (struct world *world)
{
  return pick_of (world, world->actors);
}

static struct piece *pick_piece (struct world *world)
{
  struct actor *actor = pick_actor (world);
  return actor ? pick_of (world, actor->pieces) : NULL;
}

static struct piece *pick_window (struct world *world)
{
  for (int i = 0; i < 8; i++) {
    struct piece *piece = pick_piece (world);
    if (piece && piece->role == ROLE_WINDOW)
      return piece;
  }
  return NULL;
}

static struct inos_view *pick_view (struct world *world)
{
  int n = wl_list_length (&world->compositor->views);
  int index = n > 0 ? random_pick (world, n) : 0;
  struct inos_view *view;
  wl_list_for_each (view, &world->compositor->views, link) {
    if (index-- == 0)
      return view;
  }
  return NULL;
}

static struct inos_output *pick_output (struct world *world)
{
  int index = random_pick (world, wl_list_length (&world->compositor->outputs));
  struct inos_output *output;
  wl_list_for_each (output, &world->compositor->outputs, link) {
    if (index-- == 0)
      return output;
  }
  return NULL;
}

/* Somebody else's seat, by whose name it is found; NULL where nobody is there. */
static struct inos_seat *second_seat (struct world *world)
{
  return inos_seats_find (world->compositor, "second");
}

static struct inos_seat *pick_seat (struct world *world)
{
  struct inos_seat *second = second_seat (world);
  bool wanted = random_pick (world, 2);
  return wanted && second ? second : world->compositor->seat;
}

/* Clients. */

static void do_connect (struct world *world)
{
  if (world->actors->len < MOST_ACTORS)
    g_ptr_array_add (world->actors, actor_create (world->compositor));
}

static void do_die (struct world *world)
{
  struct actor *actor = pick_actor (world);
  struct piece *piece = actor ? pick_of (world, actor->pieces) : NULL;
  if (piece && random_pick (world, 2))
    piece_draw (piece, 50, 50, false);
  if (actor) {
    wl_display_flush (actor->client->display);
    g_ptr_array_remove (world->actors, actor);
    actor_destroy (actor);
  }
}

static void do_create (struct world *world)
{
  struct actor *actor = pick_actor (world);
  if (!actor || actor->pieces->len >= MOST_PIECES)
    return;
  enum role role =
    random_pick (world, 3) == 0 ? ROLE_WINDOW : (enum role)random_pick (world, ROLE_COUNT);
  struct piece *parent = pick_of (world, actor->pieces);
  struct piece *piece = piece_create (actor, role, parent, world->rand);
  g_string_append_printf (world->told, " of role %d", role);
  if (piece && random_pick (world, 4)) {
    client_roundtrip (actor->client);
    piece_draw (piece, 1 + random_pick (world, 200), 1 + random_pick (world, 200), true);
  }
}

static void do_draw (struct world *world)
{
  struct piece *piece = pick_piece (world);
  if (piece)
    piece_draw (piece, 1 + random_pick (world, 400), 1 + random_pick (world, 300),
                random_pick (world, 8));
}

static void do_unmap (struct world *world)
{
  struct piece *piece = pick_piece (world);
  if (piece) {
    piece_unmap (piece);
    g_string_append_printf (world->told, " of role %d", piece->role);
  }
}

static void do_commit (struct world *world)
{
  struct piece *piece = pick_piece (world);
  if (piece)
    wl_surface_commit (piece->surface);
}

static void do_destroy (struct world *world)
{
  struct piece *piece = pick_piece (world);
  if (!piece)
    return;
  bool orderly = random_pick (world, 12);
  g_string_append_printf (world->told, " of role %d, %s", piece->role,
                          orderly ? "in order" : "in disorder");
  piece_destroy (piece, orderly);
}

static void do_window_request (struct world *world)
{
  struct piece *piece = pick_window (world);
  if (!piece)
    return;
  struct xdg_toplevel *toplevel = (struct xdg_toplevel *)piece->object;
  struct piece *other = pick_window (world);
  int which = random_pick (world, 10);
  g_string_append_printf (world->told, " number %d", which);
  switch (which) {
  case 0:
    xdg_toplevel_set_title (toplevel, "another \xc3\xa4 title");
    break;
  case 1:
    xdg_toplevel_set_app_id (toplevel, "org.example.Other");
    break;
  case 2:
    xdg_toplevel_set_maximized (toplevel);
    break;
  case 3:
    xdg_toplevel_unset_maximized (toplevel);
    break;
  case 4:
    xdg_toplevel_set_fullscreen (toplevel, NULL);
    break;
  case 5:
    xdg_toplevel_unset_fullscreen (toplevel);
    break;
  case 6:
    xdg_toplevel_set_minimized (toplevel);
    break;
  case 7:
    if (other && other->actor == piece->actor && other != piece)
      xdg_toplevel_set_parent (toplevel, (struct xdg_toplevel *)other->object);
    break;
  case 8:
    xdg_surface_set_window_geometry (piece->xdg, random_pick (world, 20), random_pick (world, 20),
                                     1 + random_pick (world, 300), 1 + random_pick (world, 300));
    wl_surface_commit (piece->surface);
    break;
  default:
    xdg_toplevel_set_min_size (toplevel, random_pick (world, 300), random_pick (world, 300));
    wl_surface_commit (piece->surface);
  }
}

static void do_layer_request (struct world *world)
{
  struct piece *piece = pick_piece (world);
  if (!piece || piece->role != ROLE_LAYER)
    return;
  static const uint32_t requests[] = {LAYER_SURFACE_SET_ANCHOR, LAYER_SURFACE_SET_EXCLUSIVE_ZONE,
                                      LAYER_SURFACE_SET_KEYBOARD_INTERACTIVITY,
                                      LAYER_SURFACE_SET_LAYER, LAYER_SURFACE_SET_MARGIN};
  static const int below[] = {16, 2000, 3, 4, 500};
  int which = random_pick (world, G_N_ELEMENTS (requests));
  layer_surface_set (piece->object, requests[which], random_pick (world, below[which]), 3, 4, 5);
  wl_surface_commit (piece->surface);
}

/* What a person or a program asks of the compositor. */

static void do_action (struct world *world)
{
  static const char *const actions[] = {"close",
                                        "fullscreen",
                                        "maximize",
                                        "switch-next",
                                        "switch-previous",
                                        "workspace 1",
                                        "workspace 2",
                                        "move-to-workspace 2",
                                        "move-to-workspace 3",
                                        "workspace 3",
                                        "minimize",
                                        "on-top",
                                        "below",
                                        "sticky",
                                        "snap left",
                                        "snap up",
                                        "layout-mode next",
                                        "tile-move next",
                                        "tile-float",
                                        "tile-ratio 5",
                                        "window-menu",
                                        "focus left",
                                        "focus right",
                                        "focus down",
                                        "focus-output right",
                                        "focus-output left",
                                        "move-to-output right",
                                        "move-to-output left",
                                        "workspace next",
                                        "workspace previous",
                                        "take-to-workspace next",
                                        "column-centre",
                                        "column-move left",
                                        "column-move right",
                                        "column-width next",
                                        "consume",
                                        "expel",
                                        "consume-or-expel left",
                                        "consume-or-expel right",
                                        "overview",
                                        "overview",
                                        "layout-mode scroll"};
  const char *action = actions[random_pick (world, G_N_ELEMENTS (actions))];
  g_string_append_printf (world->told, " %s", action);
  /* Neither a key nor the bus runs one behind the lock screen. */
  if (!world->compositor->locked)
    inos_action_run (world->compositor, action);
}

static void do_accept (struct world *world)
{
  inos_switcher_accept (pick_seat (world));
}

static void do_view (struct world *world)
{
  struct inos_view *view = pick_view (world);
  if (!view)
    return;
  int which = random_pick (world, 6);
  g_string_append_printf (world->told, " %u number %d", view->id, which);
  if (which == 0)
    inos_seat_focus_view (pick_seat (world), view);
  else if (which == 1)
    inos_view_set_maximized (view, random_pick (world, 2));
  else if (which == 2)
    inos_view_set_fullscreen (view, random_pick (world, 2), pick_output (world));
  else if (which == 3)
    inos_view_set_workspace (view, (unsigned int)random_pick (world, 5));
  else if (which == 4)
    inos_view_resize (view, random_pick (world, 500), random_pick (world, 500));
  else
    inos_view_close (view);
}

/* Outputs. */

static void do_add_output (struct world *world)
{
  if (wl_list_length (&world->compositor->outputs) < MOST_OUTPUTS)
    inos_output_add_virtual (world->compositor, 64 + random_pick (world, 600),
                             64 + random_pick (world, 400));
}

static void do_remove_output (struct world *world)
{
  struct inos_output *output = pick_output (world);
  if (output && output != world->compositor->fallback)
    wlr_output_destroy (output->wlr);
}

/* What an output manager asks for, without the manager. */
static void do_configure_output (struct world *world)
{
  struct wlr_output_manager_v1 *manager = inos_output_management_wlr (
    inos_protocol_state (world->compositor, INOS_STATE_OUTPUT_MANAGEMENT));
  struct inos_output *output = pick_output (world);
  struct wlr_output_configuration_v1 *configuration = wlr_output_configuration_v1_create();
  struct wlr_output_configuration_head_v1 *head =
    wlr_output_configuration_head_v1_create (configuration, output->wlr);
  int which = random_pick (world, 5);
  g_string_append_printf (world->told, " %s number %d", output->wlr->name, which);
  if (which == 0)
    head->state.enabled = !head->state.enabled;
  else if (which == 1)
    head->state.scale = 1 + random_pick (world, 4) / 2.0F;
  else if (which == 2)
    head->state.transform = (enum wl_output_transform)random_pick (world, 8);
  if (which == 3 || (which == 0 && head->state.enabled)) {
    head->state.mode = NULL;
    head->state.custom_mode.width = 64 + random_pick (world, 600);
    head->state.custom_mode.height = 64 + random_pick (world, 400);
  }
  head->state.x = random_pick (world, 3000) - 1000;
  head->state.y = random_pick (world, 3000) - 1000;
  wl_signal_emit_mutable (&manager->events.apply, configuration);
}

static void do_lose_renderer (struct world *world)
{
  wl_signal_emit_mutable (&world->compositor->renderer->events.lost, NULL);
}

/* Devices. */

static void do_plug (struct world *world)
{
  if (world->devices->len >= MOST_DEVICES * KINDS)
    return;
  struct device *device = g_new0 (struct device, 1);
  device->kind = random_pick (world, KINDS);
  g_string_append_printf (world->told, " kind %d", device->kind);
  struct wlr_input_device *base = NULL;
  if (device->kind == KEYBOARD) {
    wlr_keyboard_init (&device->keyboard, &keyboard_impl, "keyboard");
    base = &device->keyboard.base;
  } else if (device->kind == POINTER) {
    wlr_pointer_init (&device->pointer, &pointer_impl, "pointer");
    base = &device->pointer.base;
  } else {
    wlr_touch_init (&device->touch, &touch_impl, "touch");
    base = &device->touch.base;
  }
  struct inos_seat *seat = pick_seat (world);
  if (inos_seat_is_main (seat))
    wl_signal_emit_mutable (&world->compositor->backend->events.new_input, base);
  else
    inos_seat_add_device (seat, base);
  g_string_append_printf (world->told, " to %s", seat->wlr->name);
  g_ptr_array_add (world->devices, device);
}

void device_free (struct device *device)
{
  if (device->kind == KEYBOARD)
    wlr_keyboard_finish (&device->keyboard);
  else if (device->kind == POINTER)
    wlr_pointer_finish (&device->pointer);
  else
    wlr_touch_finish (&device->touch);
  g_free (device);
}

static void do_unplug (struct world *world)
{
  struct device *device = pick_of (world, world->devices);
  if (!device)
    return;
  g_string_append_printf (world->told, " kind %d", device->kind);
  g_ptr_array_remove (world->devices, device);
  device_free (device);
}

/* Another person comes, or goes in the middle of what they do. */
static void do_seat (struct world *world)
{
  struct inos_seat *second = second_seat (world);
  if (!second) {
    inos_seats_add (world->compositor, "second");
    g_string_append (world->told, " comes");
  } else if (random_pick (world, 4) == 0) {
    inos_seats_remove (second);
    g_string_append (world->told, " goes");
  }
}

static void use_keyboard (struct world *world, struct device *device)
{
  static const uint32_t keys[] = {KEY_LEFTMETA, KEY_LEFTALT, KEY_LEFTSHIFT, KEY_TAB,   KEY_2,
                                  KEY_1,        KEY_A,       KEY_UP,        KEY_ENTER, KEY_SPACE};
  int which = random_pick (world, G_N_ELEMENTS (keys));
  device->down ^= 1U << which;
  struct wlr_keyboard_key_event event = {
    .keycode = keys[which],
    .update_state = true,
    .state =
      device->down & 1U << which ? WL_KEYBOARD_KEY_STATE_PRESSED : WL_KEYBOARD_KEY_STATE_RELEASED,
  };
  g_string_append_printf (world->told, " key %u %s", keys[which], event.state ? "down" : "up");
  wlr_keyboard_notify_key (&device->keyboard, &event);
}

static void use_pointer (struct world *world, struct device *device)
{
  struct wlr_pointer *pointer = &device->pointer;
  int which = random_pick (world, 5);
  if (which < 2) {
    device->down ^= 1U << which;
    struct wlr_pointer_button_event event = {
      .pointer = pointer,
      .button = BTN_LEFT + (uint32_t)which,
      .state = device->down & 1U << which ? WL_POINTER_BUTTON_STATE_PRESSED
                                          : WL_POINTER_BUTTON_STATE_RELEASED,
    };
    g_string_append_printf (world->told, " button %d %s", which, event.state ? "down" : "up");
    wl_signal_emit_mutable (&pointer->events.button, &event);
  } else {
    struct wlr_pointer_motion_absolute_event event = {.pointer = pointer,
                                                      .x = random_pick (world, 100) / 100.0,
                                                      .y = random_pick (world, 100) / 100.0};
    g_string_append_printf (world->told, " to %g,%g", event.x, event.y);
    wl_signal_emit_mutable (&pointer->events.motion_absolute, &event);
  }
  wl_signal_emit_mutable (&pointer->events.frame, pointer);
}

static void use_touch (struct world *world, struct device *device)
{
  struct wlr_touch *touch = &device->touch;
  int32_t id = random_pick (world, 3);
  double x = random_pick (world, 100) / 100.0, y = random_pick (world, 100) / 100.0;
  if (!(device->down & 1U << id)) {
    struct wlr_touch_down_event event = {.touch = touch, .touch_id = id, .x = x, .y = y};
    wl_signal_emit_mutable (&touch->events.down, &event);
    device->down |= 1U << id;
  } else if (random_pick (world, 2)) {
    struct wlr_touch_motion_event event = {.touch = touch, .touch_id = id, .x = x, .y = y};
    wl_signal_emit_mutable (&touch->events.motion, &event);
  } else if (random_pick (world, 4)) {
    struct wlr_touch_up_event event = {.touch = touch, .touch_id = id};
    wl_signal_emit_mutable (&touch->events.up, &event);
    device->down &= ~(1U << id);
  } else {
    struct wlr_touch_cancel_event event = {.touch = touch, .touch_id = id};
    wl_signal_emit_mutable (&touch->events.cancel, &event);
    device->down &= ~(1U << id);
  }
  wl_signal_emit_mutable (&touch->events.frame, NULL);
}

static void do_use (struct world *world)
{
  struct device *device = pick_of (world, world->devices);
  if (!device)
    return;
  if (device->kind == KEYBOARD)
    use_keyboard (world, device);
  else if (device->kind == POINTER)
    use_pointer (world, device);
  else
    use_touch (world, device);
}

/* A client asks to be dragged, as a person holds it: whatever the serial. */
static void do_drag (struct world *world)
{
  struct piece *piece = pick_window (world);
  if (!piece)
    return;
  const struct wlr_seat *seat = pick_seat (world)->wlr;
  if (random_pick (world, 2))
    xdg_toplevel_move ((struct xdg_toplevel *)piece->object, piece->actor->seat,
                       seat->pointer_state.grab_serial);
  else
    xdg_toplevel_resize ((struct xdg_toplevel *)piece->object, piece->actor->seat,
                         seat->pointer_state.grab_serial, 1 + (uint32_t)random_pick (world, 2));
}

const struct operation operations[] = {
  {"connect", 4, do_connect},
  {"die", 1, do_die},
  {"create a surface", 12, do_create},
  {"draw", 16, do_draw},
  {"unmap a surface", 2, do_unmap},
  {"commit", 2, do_commit},
  {"destroy a surface", 6, do_destroy},
  {"window's request", 10, do_window_request},
  {"layer surface's request", 4, do_layer_request},
  {"action", 8, do_action},
  {"accept", 2, do_accept},
  {"view", 6, do_view},
  {"add an output", 2, do_add_output},
  {"remove an output", 2, do_remove_output},
  {"configure output", 4, do_configure_output},
  {"lose the renderer", 1, do_lose_renderer},
  {"plug in a device", 3, do_plug},
  {"unplug a device", 2, do_unplug},
  {"a second seat", 3, do_seat},
  {"use a device", 30, do_use},
  {"drag", 4, do_drag},
  {"lock", 4, random_lock},
  {NULL, 0, NULL},
};
