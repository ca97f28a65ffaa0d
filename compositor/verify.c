#include "verify.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_layer_shell_v1.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_pointer_constraints_v1.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/util/edges.h>

#include "keyboard.h"
#include "layer_surface.h"
#include "lock.h"
#include "output.h"
#include "pointer.h"
#include "seats.h"
#include "tablet.h"
#include "view.h"
#include "overview_show.h"
#include "window_menu.h"
#include "workspace.h"

/* Ends the check with a sentence where a condition does not hold. */
#define MUST(condition, ...)                                                                       \
  do {                                                                                             \
    if (!(condition))                                                                              \
      return g_strdup_printf (__VA_ARGS__);                                                        \
  } while (0)

#define MUST_PASS(check)                                                                           \
  do {                                                                                             \
    char *wrong = (check);                                                                         \
    if (wrong)                                                                                     \
      return wrong;                                                                                \
  } while (0)

/* How often `wanted` is in the list: a list that was damaged may hold it twice. */
static unsigned int count (struct wl_list *list, struct wl_list *wanted)
{
  unsigned int n = 0;
  for (struct wl_list *link = list->next; link != list; link = link->next)
    n += link == wanted;
  return n;
}

static bool is_listed (struct inos_compositor *compositor, struct inos_view *view)
{
  struct inos_view *each;
  wl_list_for_each (each, &compositor->views, link) {
    if (each == view)
      return true;
  }
  return false;
}

/* Alt+Tab shows windows of other workspaces while it is on. */
static bool is_drawn (struct inos_view *view)
{
  bool hidden = view->tile_hidden && view->tiled && !view->maximized && !view->fullscreen;
  return inos_view_is_shown (view) && !hidden;
}

static bool is_switching (struct inos_compositor *compositor)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link) {
    if (seat->switcher.active)
      return true;
  }
  return false;
}

static char *check_view_scene (struct inos_view *view)
{
  struct inos_compositor *compositor = view->compositor;
  enum inos_layer layer = inos_view_layer (view);
  MUST (view->tree->node.parent == compositor->layers[layer], "view %u is in the wrong layer",
        view->id);
  MUST (view->tree->node.data == view, "view %u is not its node's", view->id);
  MUST (view->tree->node.x == view->x + view->drawn_x &&
          view->tree->node.y == view->y + view->drawn_y,
        "view %u is drawn at %d,%d and not at %d,%d", view->id, view->tree->node.x,
        view->tree->node.y, view->x, view->y);
  MUST (view->motion || (view->drawn_x == 0 && view->drawn_y == 0),
        "view %u does not move and is drawn beside its place", view->id);
  MUST (view->tree->node.enabled == is_drawn (view) || is_switching (compositor),
        "view %u on workspace %u is %s while workspace %u is shown", view->id, view->workspace,
        view->tree->node.enabled ? "drawn" : "not drawn", compositor->active_workspace);
  return NULL;
}

/* A window that fills an output or what panels leave of it does so exactly. */
static char *check_view_place (struct inos_view *view)
{
  if (!view->maximized && !view->fullscreen)
    return NULL;
  /* Where it is, or where it goes as soon as the client has drawn its size. */
  struct wlr_box place =
    view->placing.timer ? view->placing.box : (struct wlr_box){.x = view->x, .y = view->y};
  struct inos_output *output;
  wl_list_for_each (output, &view->compositor->outputs, link) {
    struct wlr_box box = view->fullscreen ? inos_output_box (output) : output->usable;
    if (box.x == place.x && box.y == place.y)
      return NULL;
  }
  return g_strdup_printf ("view %u is %s, but at %d,%d", view->id,
                          view->fullscreen ? "full screen" : "maximized", view->x, view->y);
}

/* It is drawn as focused while anybody has it, and one alone moves or resizes it. */
static char *check_view_seats (struct inos_view *view)
{
  unsigned int active = 0, grabbing = 0, resizing = 0, own = 0;
  struct inos_seat *seat;
  wl_list_for_each (seat, &view->compositor->seats, link) {
    MUST (count (&seat->views, &view->uses[seat->index].link) == 1 &&
            view->uses[seat->index].view == view,
          "view %u is not once in the order of seat %s", view->id, seat->wlr->name);
    own += view->uses[seat->index].own;
    active += seat->active == view;
    grabbing += seat->grab.view == view;
    resizing += seat->grab.view == view && seat->grab.kind == INOS_GRAB_RESIZE;
  }
  MUST (own > 0, "view %u is nobody's to come back to", view->id);
  MUST (view->activated == (active > 0), "view %u is %sactivated", view->id,
        view->activated ? "" : "not ");
  MUST (grabbing <= 1, "view %u is grabbed by %u seats", view->id, grabbing);
  MUST (view->resizing == (resizing > 0), "view %u is %sresizing", view->id,
        view->resizing ? "" : "not ");
  return NULL;
}

static char *check_view (struct inos_view *view)
{
  struct inos_compositor *compositor = view->compositor;
  MUST (count (&compositor->views, &view->link) == 1, "view %u is listed twice", view->id);
  MUST (view->mapped, "view %u is listed and not mapped", view->id);
  MUST (view->id > 0 && view->id <= compositor->last_view_id, "view id %u was not given", view->id);
  MUST (inos_view_find (compositor, view->id) == view, "view id %u was given twice", view->id);
  MUST (view->workspace < compositor->workspaces->len, "view %u is on workspace %u of %u", view->id,
        view->workspace, compositor->workspaces->len);
  MUST (view->surface && view->surface->mapped, "view %u has no mapped surface", view->id);
  MUST (inos_view_from_surface (view->surface) == view, "view %u is not its surface's", view->id);
  MUST_PASS (check_view_seats (view));
  MUST_PASS (check_view_scene (view));
  return check_view_place (view);
}

/* Nothing is drawn in the windows' layers that is no mapped window. */
static char *check_layer_of_views (struct inos_compositor *compositor, enum inos_layer layer)
{
  struct wlr_scene_node *node;
  wl_list_for_each (node, &compositor->layers[layer]->children, link) {
    MUST (!node->enabled || !node->data || is_listed (compositor, node->data),
          "a window that is not mapped is drawn");
  }
  return NULL;
}

/* The windows of a column of a strip stand together, and are all as wide as it. */
static char *check_column (struct inos_workspace *workspace, guint index)
{
  struct inos_view *view = g_ptr_array_index (workspace->tiles, index);
  bool apart = false;
  for (guint i = index + 1; i < workspace->tiles->len; i++) {
    struct inos_view *other = g_ptr_array_index (workspace->tiles, i);
    if (other->tile_output != view->tile_output)
      continue;
    MUST (other->column != view->column || (!apart && other->share == view->share),
          "views %u and %u are in one column and %s", view->id, other->id,
          apart ? "not next to each other" : "not as wide");
    apart |= other->column != view->column;
  }
  return NULL;
}

/* Every window that is laid out is so once, on its own workspace. */
static char *check_tiles (struct inos_compositor *compositor)
{
  guint tiles = 0, tiled = 0;
  for (guint i = 0; i < compositor->workspaces->len; i++) {
    struct inos_workspace *workspace = g_ptr_array_index (compositor->workspaces, i);
    for (guint j = 0; j < workspace->tiles->len; j++, tiles++) {
      struct inos_view *view = g_ptr_array_index (workspace->tiles, j);
      MUST (is_listed (compositor, view) && view->tiled && view->workspace == i,
            "workspace %u lays out a window that is not there", i);
      if (workspace->layout == INOS_LAYOUT_SCROLL)
        MUST_PASS (check_column (workspace, j));
    }
  }
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link)
    tiled += view->tiled;
  MUST (tiles == tiled, "%u windows are laid out and %u are tiled", tiles, tiled);
  return NULL;
}

static char *check_views (struct inos_compositor *compositor)
{
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link)
    MUST_PASS (check_view (view));
  MUST_PASS (check_tiles (compositor));
  MUST_PASS (check_layer_of_views (compositor, INOS_LAYER_BELOW));
  MUST_PASS (check_layer_of_views (compositor, INOS_LAYER_VIEWS));
  MUST_PASS (check_layer_of_views (compositor, INOS_LAYER_ABOVE));
  return check_layer_of_views (compositor, INOS_LAYER_FULLSCREEN);
}

static char *check_layer_surface (struct inos_output *output, struct inos_layer_surface *surface)
{
  static const enum inos_layer layers[] = {INOS_LAYER_BACKGROUND, INOS_LAYER_BOTTOM, INOS_LAYER_TOP,
                                           INOS_LAYER_OVERLAY};
  MUST (surface->output == output && surface->wlr->output == output->wlr,
        "a layer surface is listed at %s and belongs elsewhere", output->wlr->name);
  MUST (count (&output->layer_surfaces, &surface->link) == 1,
        "a layer surface of %s is listed twice", output->wlr->name);
  if (surface->wlr->initialized)
    MUST (surface->scene->tree->node.parent ==
            output->compositor->layers[layers[surface->wlr->current.layer]],
          "a layer surface of %s is drawn in the wrong layer", output->wlr->name);
  return NULL;
}

static char *check_output (struct inos_output *output)
{
  struct inos_compositor *compositor = output->compositor;
  const char *name = output->wlr->name;
  MUST (count (&compositor->outputs, &output->link) == 1, "output %s is listed twice", name);
  MUST (inos_output_from_wlr (output->wlr) == output, "output %s is not its wlr_output's", name);
  MUST (count (&output->wlr->events.destroy.listener_list, &output->destroy.link) == 1,
        "we would not hear of the end of output %s", name);
  unsigned int places = 0;
  struct wlr_output_layout_output *place;
  wl_list_for_each (place, &compositor->layout->outputs, link)
    places += place->output == output->wlr;
  unsigned int wanted = output->mirror ? 0 : 1;
  MUST (places == wanted || (places == 0 && !output->wlr->enabled),
        "output %s is %u times in the layout", name, places);
  struct wlr_box box = inos_output_box (output), usable = output->usable;
  if (places == 1)
    MUST (usable.width >= 0 && usable.height >= 0 && usable.x >= box.x && usable.y >= box.y &&
            usable.x + usable.width <= box.x + box.width &&
            usable.y + usable.height <= box.y + box.height,
          "of output %s at %d,%d %dx%d windows get %d,%d %dx%d", name, box.x, box.y, box.width,
          box.height, usable.x, usable.y, usable.width, usable.height);
  struct inos_layer_surface *surface;
  wl_list_for_each (surface, &output->layer_surfaces, link)
    MUST_PASS (check_layer_surface (output, surface));
  return NULL;
}

static char *check_outputs (struct inos_compositor *compositor)
{
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link)
    MUST_PASS (check_output (output));
  int n = wl_list_length (&compositor->outputs);
  MUST (n > 0, "there is no output, not even a virtual one");
  MUST (!compositor->fallback ||
          (n == 1 && count (&compositor->outputs, &compositor->fallback->link)),
        "the output for when there is none stays beside %d others", n - 1);
  struct wlr_output_layout_output *place;
  wl_list_for_each (place, &compositor->layout->outputs, link)
    MUST (inos_output_from_wlr (place->output), "the layout has an output that is not ours");
  return NULL;
}

static char *check_focus (struct inos_seat *seat)
{
  struct inos_compositor *compositor = seat->compositor;
  struct wlr_surface *surface = seat->wlr->keyboard_state.focused_surface;
  struct inos_view *view = inos_view_from_surface (surface);
  struct inos_layer_surface *exclusive = inos_layer_exclusive (seat);
  MUST (!compositor->locked || !surface == !inos_lock_focus (compositor),
        "the screen is locked, and %s has the keyboard",
        surface ? "something that is not shown" : "nobody");
  if (compositor->locked)
    return NULL;
  MUST (!surface || surface->mapped, "the keyboard is with a surface that is not mapped");
  MUST (!view || (is_listed (compositor, view) && inos_view_is_shown (view)),
        "the keyboard is with a window that is not shown");
  MUST (seat->active == inos_seat_focused (seat),
        "view %u is drawn as focused, view %u has the keyboard",
        seat->active ? seat->active->id : 0, view ? view->id : 0);
  MUST (!exclusive || (surface && !view), "a layer surface wants the keyboard and %s has it",
        view ? "a window" : "nobody");
  MUST (surface || !inos_seat_next_focus (seat), "nobody has the keyboard and a window is there");
  return NULL;
}

/* Also what an output showed that has gone since: it keeps a press until that is over. */
static bool is_locker (struct wlr_surface *surface)
{
  const struct wlr_surface *root = surface ? wlr_surface_get_root_surface (surface) : NULL;
  return !root || (root->role && g_str_equal (root->role->name, "ext_session_lock_surface_v1"));
}

/* Nothing else is shown, and nothing else has any input. */
static char *check_lock (struct inos_seat *seat)
{
  struct inos_compositor *compositor = seat->compositor;
  struct wlr_seat *wlr = seat->wlr;
  if (!compositor->locked)
    return NULL;
  for (int i = 0; i < INOS_LAYER_LOCK; i++)
    MUST (!compositor->layers[i]->node.enabled, "layer %d is shown behind the lock screen", i);
  MUST (is_locker (wlr->pointer_state.focused_surface),
        "the screen is locked, and the pointer is with something else: %s",
        wlr->pointer_state.focused_surface->role ? wlr->pointer_state.focused_surface->role->name
                                                 : "no role");
  MUST (is_locker (wlr->keyboard_state.focused_surface),
        "the screen is locked, and the keyboard is with something else");
  struct wlr_touch_point *point;
  wl_list_for_each (point, &wlr->touch_state.touch_points, link)
    MUST (is_locker (point->surface), "the screen is locked, and a finger is on something else");
  MUST (!wlr->drag && !wlr_seat_pointer_has_grab (wlr) && !wlr_seat_keyboard_has_grab (wlr) &&
          !wlr_seat_touch_has_grab (wlr),
        "the screen is locked, and a menu or a drag keeps input from the locker");
  MUST (seat->grab.kind == INOS_GRAB_NONE, "a window is moved or resized behind the lock screen");
  MUST (!seat->constraint || is_locker (seat->constraint->surface),
        "the screen is locked, and a window holds the pointer");
  MUST (!seat->switcher.active, "windows are switched behind the lock screen");
  return NULL;
}

static char *check_grab (struct inos_seat *seat)
{
  bool on = seat->grab.kind != INOS_GRAB_NONE;
  struct inos_view *view = seat->grab.view;
  MUST (!on || view, "nothing is moved or resized, but a grab is on");
  MUST (on || seat->grab.settling || !view, "a window is remembered as grabbed");
  MUST (!view || is_listed (seat->compositor, view), "a window that is not mapped is grabbed");
  MUST (!on || inos_view_is_floating (view), "view %u is grabbed and fills its output", view->id);
  return NULL;
}

static bool is_held (struct inos_seat *seat, uint32_t button)
{
  struct inos_pointer *pointer;
  wl_list_for_each (pointer, &seat->pointers, link) {
    if (g_hash_table_contains (pointer->held, GUINT_TO_POINTER (button)))
      return true;
  }
  return inos_tablets_hold (seat, button);
}

static char *check_menu (struct inos_seat *seat)
{
  const struct inos_compositor *compositor = seat->compositor;
  struct inos_view *view = inos_window_menu_view (seat);
  MUST (!view || (view->mapped && inos_view_is_shown (view)), "a menu is of a hidden window");
  MUST (!view || !compositor->locked, "a menu is open while the session is locked");
  MUST (!view || !seat->wlr->pointer_state.focused_surface,
        "a menu is open and a program has the pointer");
  return NULL;
}

static char *check_devices (struct inos_seat *seat)
{
  const struct wlr_seat_pointer_state *pointer = &seat->wlr->pointer_state;
  for (size_t i = 0; i < pointer->button_count; i++)
    MUST (is_held (seat, pointer->buttons[i]), "button %u is down and no device holds it",
          pointer->buttons[i]);
  MUST (!seat->pressed || pointer->button_count > 0,
        "a surface keeps the pointer and no button is down");
  const struct wlr_seat_keyboard_state *keys = &seat->wlr->keyboard_state;
  /* A virtual one without a keymap is not used before there is one. */
  bool known = wl_list_empty (&seat->keyboards) || (!keys->keyboard && !keys->focused_surface);
  struct inos_keyboard *keyboard;
  wl_list_for_each (keyboard, &seat->keyboards, link)
    known |= keyboard->wlr == keys->keyboard;
  MUST (known, "there are keyboards, and the seat's is none of them");
  MUST (!wl_list_empty (&seat->touches) || g_hash_table_size (seat->touch_points) == 0,
        "a finger is down and there is no touch screen");
  MUST ((unsigned int)wlr_seat_touch_num_points (seat->wlr) <=
          g_hash_table_size (seat->touch_points),
        "a client has a finger that we know nothing of");
  MUST (!seat->clicked_layer || seat->clicked_layer->mapped,
        "a layer surface that is gone was clicked");
  return NULL;
}

static char *check_seat (struct inos_seat *seat)
{
  MUST (wl_list_length (&seat->views) == wl_list_length (&seat->compositor->views),
        "seat %s has %d windows in its order of %d", seat->wlr->name, wl_list_length (&seat->views),
        wl_list_length (&seat->compositor->views));
  MUST (!seat->chosen || is_listed (seat->compositor, seat->chosen),
        "seat %s chose a window that is not mapped", seat->wlr->name);
  MUST_PASS (check_focus (seat));
  MUST_PASS (check_lock (seat));
  MUST_PASS (check_grab (seat));
  MUST_PASS (check_menu (seat));
  return check_devices (seat);
}

static char *check_seats (struct inos_compositor *compositor)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link)
    MUST_PASS (check_seat (seat));
  MUST (compositor->seats.next == &compositor->seat->link, "the main seat is not the first");
  MUST (count (&compositor->seats, &compositor->acting->link) == 1,
        "the seat that was used last is gone");
  MUST (wl_list_length (&compositor->seats) <= INOS_SEATS_MOST, "there are %d seats",
        wl_list_length (&compositor->seats));
  return NULL;
}

char *inos_verify_invariants (struct inos_compositor *compositor)
{
  MUST (compositor->active_workspace < compositor->workspaces->len, "workspace %u is shown of %u",
        compositor->active_workspace, compositor->workspaces->len);
  MUST_PASS (check_outputs (compositor));
  MUST_PASS (check_views (compositor));
  MUST_PASS (inos_overview_verify (compositor));
  return check_seats (compositor);
}
