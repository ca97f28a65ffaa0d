#include "random.h"

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
#include "reload.h"
#include "seats.h"
#include "switcher.h"
#include "view.h"
#include "xdg-shell-client-protocol.h"

enum { MOST_ACTORS = 4, MOST_PIECES = 12, MOST_OUTPUTS = 4 };

int random_pick (struct world *world, int below)
{
  return g_rand_int_range (world->rand, 0, below);
}

void *random_pick_of (struct world *world, GPtrArray *array)
{
  return array->len > 0 ? array->pdata[random_pick (world, (int)array->len)] : NULL;
}

struct actor *random_pick_actor (struct world *world)
{
  return random_pick_of (world, world->actors);
}

struct piece *random_pick_piece (struct world *world)
{
  struct actor *actor = random_pick_actor (world);
  return actor ? random_pick_of (world, actor->pieces) : NULL;
}

struct piece *random_pick_window (struct world *world)
{
  for (int i = 0; i < 8; i++) {
    struct piece *piece = random_pick_piece (world);
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

struct inos_output *random_pick_output (struct world *world)
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

struct inos_seat *random_pick_seat (struct world *world)
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
  struct actor *actor = random_pick_actor (world);
  struct piece *piece = actor ? random_pick_of (world, actor->pieces) : NULL;
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
  struct actor *actor = random_pick_actor (world);
  if (!actor || actor->pieces->len >= MOST_PIECES)
    return;
  enum role role =
    random_pick (world, 3) == 0 ? ROLE_WINDOW : (enum role)random_pick (world, ROLE_COUNT);
  struct piece *parent = random_pick_of (world, actor->pieces);
  struct piece *piece = piece_create (actor, role, parent, world->rand);
  g_string_append_printf (world->told, " of role %d", role);
  if (piece && random_pick (world, 4)) {
    client_roundtrip (actor->client);
    piece_draw (piece, 1 + random_pick (world, 200), 1 + random_pick (world, 200), true);
  }
}

static void do_draw (struct world *world)
{
  struct piece *piece = random_pick_piece (world);
  if (piece)
    piece_draw (piece, 1 + random_pick (world, 400), 1 + random_pick (world, 300),
                random_pick (world, 8));
}

static void do_unmap (struct world *world)
{
  struct piece *piece = random_pick_piece (world);
  if (piece) {
    piece_unmap (piece);
    g_string_append_printf (world->told, " of role %d", piece->role);
  }
}

static void do_commit (struct world *world)
{
  struct piece *piece = random_pick_piece (world);
  if (piece)
    wl_surface_commit (piece->surface);
}

static void do_destroy (struct world *world)
{
  struct piece *piece = random_pick_piece (world);
  if (!piece)
    return;
  bool orderly = random_pick (world, 12);
  g_string_append_printf (world->told, " of role %d, %s", piece->role,
                          orderly ? "in order" : "in disorder");
  piece_destroy (piece, orderly);
}

static void do_window_request (struct world *world)
{
  struct piece *piece = random_pick_window (world);
  if (!piece)
    return;
  struct xdg_toplevel *toplevel = (struct xdg_toplevel *)piece->object;
  struct piece *other = random_pick_window (world);
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
  struct piece *piece = random_pick_piece (world);
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
                                        "move-by-keys",
                                        "resize-by-keys",
                                        "private",
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
  inos_switcher_accept (random_pick_seat (world));
}

static void do_view (struct world *world)
{
  struct inos_view *view = pick_view (world);
  if (!view)
    return;
  int which = random_pick (world, 6);
  g_string_append_printf (world->told, " %u number %d", view->id, which);
  if (which == 0)
    inos_seat_focus_view (random_pick_seat (world), view);
  else if (which == 1)
    inos_view_set_maximized (view, random_pick (world, 2));
  else if (which == 2)
    inos_view_set_fullscreen (view, random_pick (world, 2), random_pick_output (world));
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
  struct inos_output *output = random_pick_output (world);
  if (output && output != world->compositor->fallback)
    wlr_output_destroy (output->wlr);
}

/* What an output manager asks for, without the manager. */
static void do_configure_output (struct world *world)
{
  struct wlr_output_manager_v1 *manager = inos_output_management_wlr (
    inos_protocol_state (world->compositor, INOS_STATE_OUTPUT_MANAGEMENT));
  struct inos_output *output = random_pick_output (world);
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

/* A client asks to be dragged, as a person holds it: whatever the serial. */
static void do_drag (struct world *world)
{
  struct piece *piece = random_pick_window (world);
  if (!piece)
    return;
  const struct wlr_seat *seat = random_pick_seat (world)->wlr;
  if (random_pick (world, 2))
    xdg_toplevel_move ((struct xdg_toplevel *)piece->object, piece->actor->seat,
                       seat->pointer_state.grab_serial);
  else
    xdg_toplevel_resize ((struct xdg_toplevel *)piece->object, piece->actor->seat,
                         seat->pointer_state.grab_serial, 1 + (uint32_t)random_pick (world, 2));
}

/* Somebody writes compositor.ini, well or badly. */
static void do_settings (struct world *world)
{
  static const char *const texts[] = {
    "",
    "[windows]\ntitle-bars=true\n",
    "[windows]\ntitle-bars=perhaps\n",
    "[workspaces]\nper-output=true\ncount=3\n",
    "[workspaces]\ndynamic=true\n",
    "[workspaces]\ncount=0\n",
    "[tiling]\nlayout=dwindle\n",
    "[accessibility]\nmagnifier=200\n",
    "[keyboard]\nrepeat-rate=40\n",
    "[device pen]\nseat=second\n",
    "[device pen]\nmap-to-region=300,300,5000x200\n",
    "[device pointer]\nmap-to-region=-50,-50,400x300\n",
    "[device touch]\nmap-to-region=0,0,1x1\nmap-to-output=HEADLESS-2\n",
    "[device keyboard]\nseat=third\n",
    "[animations]\nenabled=false\n",
    "not a file of settings",
  };
  int which = random_pick (world, G_N_ELEMENTS (texts));
  /* No locker of this machine is to take over where the test's one dies. */
  g_autofree char *text = g_strdup_printf ("[lock]\ncommand=\n%s", texts[which]);
  g_string_append_printf (world->told, " number %d", which);
  g_assert_true (g_file_set_contents (world->config, text, -1, NULL));
  inos_reload (world->compositor);
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
  {"plug in a device", 3, random_plug},
  {"unplug a device", 2, random_unplug},
  {"a second seat", 3, do_seat},
  {"use a device", 30, random_use},
  {"drag", 4, do_drag},
  {"lock", 4, random_lock},
  {"new settings", 2, do_settings},
  {"capture", 6, random_capture},
  {"film a window", 3, random_capture_window},
  {"input method", 6, random_input_method},
  {"text input", 3, random_text_input},
  {"drag and drop", 5, random_drag_and_drop},
  {"virtual pointer", 3, random_virtual_pointer},
  {"end a thing", 6, random_end_thing},
  {NULL, 0, NULL},
};
