#include "overview_show.h"

#include <math.h>
#include <string.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>

#include "each_frame.h"
#include "binding.h"
#include "cursor_image.h"
#include "layer_surface.h"
#include "listener.h"
#include "motion.h"
#include "overview_private.h"
#include "seat_focus.h"
#include "seats.h"
#include "switcher.h"
#include "tablet.h"
#include "touch.h"
#include "window_frame.h"
#include "window_menu.h"
#include "x11_drag.h"

enum {
  LENGTH = 200, /* ms to open or close, or to new places */
  LATE = 50,    /* ms after which that ends without frames: the outputs are off */
};

/* What the overview is shown instead of. */
static const enum inos_layer replaced[] = {INOS_LAYER_BELOW, INOS_LAYER_VIEWS, INOS_LAYER_ABOVE,
                                           INOS_LAYER_FULLSCREEN};

static void show_windows (struct inos_compositor *compositor, bool shown)
{
  for (size_t i = 0; i < G_N_ELEMENTS (replaced); i++)
    wlr_scene_node_set_enabled (&compositor->layers[replaced[i]]->node, shown);
}

bool inos_overview_is_open (const struct inos_compositor *compositor)
{
  return compositor->overview && compositor->overview->open;
}

INOS_EACH_FRAME bool inos_overview_is_shown (const struct inos_compositor *compositor)
{
  return compositor->overview && compositor->overview->shown;
}

uint32_t inos_overview_selected (const struct inos_compositor *compositor)
{
  return inos_overview_is_open (compositor) ? compositor->overview->selected : 0;
}

static void tell (struct inos_overview *overview)
{
  wl_signal_emit_mutable (&overview->compositor->events.overview_change, overview->compositor);
}

static void schedule (struct inos_overview *overview)
{
  const struct inos_overview_screen *screen;
  wl_list_for_each (screen, &overview->screens, link)
    wlr_output_schedule_frame (screen->output->wlr);
}

static void show (struct inos_overview *overview)
{
  struct inos_overview_screen *screen;
  wl_list_for_each (screen, &overview->screens, link)
    inos_overview_screen_show (screen);
}

void inos_overview_mark (struct inos_overview *overview)
{
  struct inos_overview_screen *screen;
  wl_list_for_each (screen, &overview->screens, link)
    inos_overview_screen_mark (screen);
}

struct inos_overview_tile *inos_overview_find_tile (struct inos_overview *overview, uint32_t id,
                                                    struct inos_overview_screen **which)
{
  struct inos_overview_screen *screen;
  wl_list_for_each (screen, &overview->screens, link) {
    for (guint i = 0; i < screen->tiles->len; i++) {
      struct inos_overview_tile *tile = g_ptr_array_index (screen->tiles, i);
      if (tile->view->id != id)
        continue;
      *which = screen;
      return tile;
    }
  }
  return NULL;
}

struct inos_overview_tile *inos_overview_chosen (struct inos_overview *overview,
                                                 struct inos_overview_screen **screen)
{
  return inos_overview_find_tile (overview, overview->selected, screen);
}

void inos_overview_choose (struct inos_overview *overview, uint32_t view)
{
  if (overview->selected == view)
    return;
  overview->selected = view;
  overview->on_close = false;
  inos_overview_mark (overview);
  tell (overview);
}

/* What is chosen is there: the window that was used last, where it was another one. */
static void choose_again (struct inos_overview *overview)
{
  struct inos_overview_screen *screen;
  const struct inos_use *use;
  if (inos_overview_chosen (overview, &screen))
    return;
  wl_list_for_each (use, &overview->compositor->acting->views, link) {
    if (!inos_overview_find_tile (overview, use->view->id, &screen))
      continue;
    inos_overview_choose (overview, use->view->id);
    return;
  }
  inos_overview_choose (overview, 0);
}

/* Nothing is dragged or pressed any more. */
static void put_back (struct inos_overview *overview)
{
  struct inos_overview_screen *screen;
  struct inos_overview_tile *tile =
    overview->press.moved ? inos_overview_find_tile (overview, overview->press.view, &screen)
                          : NULL;
  if (tile)
    inos_overview_put_down (screen, tile);
  overview->press.seat = NULL;
  overview->press.moved = false;
  overview->over_cell = -1;
}

static void on_idle (void *data);

/* Once for all that happens in a turn of the loop. */
void inos_overview_arrange_later (struct inos_overview *overview)
{
  if (!overview->idle)
    overview->idle = wl_event_loop_add_idle (overview->compositor->loop, on_idle, overview);
}

static struct inos_overview_screen *screen_of (struct inos_overview *overview,
                                               const struct inos_output *output)
{
  struct inos_overview_screen *screen;
  wl_list_for_each (screen, &overview->screens, link) {
    if (screen->output == output)
      return screen;
  }
  return NULL;
}

static void drop_screen (struct inos_overview_screen *screen)
{
  wl_list_remove (&screen->link);
  inos_overview_screen_destroy (screen);
}

/* One for each output that has a place in the layout. */
static void match_outputs (struct inos_overview *overview)
{
  struct inos_output *output;
  wl_list_for_each (output, &overview->compositor->outputs, link) {
    struct inos_overview_screen *screen = screen_of (overview, output);
    struct wlr_box box = inos_output_box (output);
    bool wanted = output->scene_output && !wlr_box_empty (&box);
    if (screen && !wanted)
      drop_screen (screen);
    if (screen || !wanted)
      continue;
    screen = inos_overview_screen_create (overview, output);
    wl_list_insert (overview->screens.prev, &screen->link);
  }
}

static bool moves (struct inos_overview *overview)
{
  return inos_motions_are_on (overview->compositor);
}

static gint64 length_of (struct inos_overview *overview)
{
  return MAX (1, LENGTH * 100 / overview->compositor->config.animation_speed);
}

static void run (struct inos_overview *overview)
{
  wl_event_source_timer_update (overview->timer, (int)length_of (overview) + LATE);
  schedule (overview);
}

static void on_idle (void *data)
{
  struct inos_overview *overview = data;
  bool moved = false, goes_on = true;
  overview->idle = NULL;
  match_outputs (overview);
  struct inos_overview_screen *screen;
  wl_list_for_each (screen, &overview->screens, link) {
    moved |= inos_overview_screen_update (screen);
    goes_on &= screen->goes_on;
  }
  if (!goes_on) {
    overview->settled = moved && moves (overview) ? 0 : 1;
    overview->settle_start = inos_motion_now (overview->compositor);
  }
  choose_again (overview);
  show (overview);
  if (overview->settled < 1)
    run (overview);
}

#define ON_CHANGE(name)                                                                            \
  static void handle_##name (struct wl_listener *listener, void *data)                             \
  {                                                                                                \
    struct inos_overview *overview = wl_container_of (listener, overview, name);                   \
    inos_overview_arrange_later (overview);                                                        \
  }

ON_CHANGE (view_map)
ON_CHANGE (view_change)
ON_CHANGE (workspace_change)
ON_CHANGE (output_add)
ON_CHANGE (output_change)
ON_CHANGE (config_change)

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct inos_overview *overview = wl_container_of (listener, overview, view_unmap);
  struct inos_view *view = data;
  if (overview->press.view == view->id)
    put_back (overview);
  struct inos_overview_screen *screen;
  wl_list_for_each (screen, &overview->screens, link)
    inos_overview_screen_forget (screen, view);
  inos_overview_arrange_later (overview);
}

static void handle_output_remove (struct wl_listener *listener, void *data)
{
  struct inos_overview *overview = wl_container_of (listener, overview, output_remove);
  struct inos_overview_screen *screen = screen_of (overview, data);
  put_back (overview);
  if (screen)
    drop_screen (screen);
  inos_overview_arrange_later (overview);
}

static void handle_surface_commit (struct wl_listener *listener, void *data)
{
  struct inos_overview *overview = wl_container_of (listener, overview, surface_commit);
  struct inos_view *view = inos_view_from_surface (data);
  struct inos_overview_screen *screen;
  if (!view || !view->mapped)
    return;
  wl_list_for_each (screen, &overview->screens, link)
    inos_overview_screen_refresh (screen, view);
}

static void connect (struct inos_overview *overview)
{
  struct inos_compositor *compositor = overview->compositor;
  CONNECT_SIGNAL (compositor, overview, view_map);
  CONNECT_SIGNAL (compositor, overview, view_unmap);
  CONNECT_SIGNAL (compositor, overview, view_change);
  CONNECT_SIGNAL (compositor, overview, workspace_change);
  CONNECT_SIGNAL (compositor, overview, output_add);
  CONNECT_SIGNAL (compositor, overview, output_remove);
  CONNECT_SIGNAL (compositor, overview, output_change);
  CONNECT_SIGNAL (compositor, overview, config_change);
  CONNECT_SIGNAL (compositor, overview, surface_commit);
}

static void disconnect (struct inos_overview *overview)
{
  DISCONNECT (overview->view_map);
  DISCONNECT (overview->view_unmap);
  DISCONNECT (overview->view_change);
  DISCONNECT (overview->workspace_change);
  DISCONNECT (overview->output_add);
  DISCONNECT (overview->output_remove);
  DISCONNECT (overview->output_change);
  DISCONNECT (overview->config_change);
  DISCONNECT (overview->surface_commit);
}

/* Nothing is drawn any more but the windows themselves. */
static void finish (struct inos_overview *overview)
{
  struct inos_compositor *compositor = overview->compositor;
  struct inos_overview_screen *screen, *next;
  disconnect (overview);
  put_back (overview);
  wl_list_for_each_safe (screen, next, &overview->screens, link)
    drop_screen (screen);
  g_clear_pointer (&overview->idle, wl_event_source_remove);
  g_clear_pointer (&overview->timer, wl_event_source_remove);
  overview->shown = overview->pulled = false;
  overview->part = 0;
  show_windows (compositor, true);
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link)
    inos_seat_refresh_cursor_later (seat);
}

/* Fast at first, as windows move. */
static double part_of (struct inos_overview *overview, gint64 start, gint64 now)
{
  double left = 1 - CLAMP ((double)(now - start) / (double)length_of (overview), 0, 1);
  return 1 - left * left * left;
}

static void step (struct inos_overview *overview)
{
  gint64 now = inos_motion_now (overview->compositor);
  double goal = overview->open ? 1 : 0;
  double settled = overview->settled < 1 ? part_of (overview, overview->settle_start, now) : 1;
  double part = overview->part;
  if (!overview->pulled && part != goal)
    part =
      overview->part_from + (goal - overview->part_from) * part_of (overview, overview->start, now);
  if (part == overview->part && settled == overview->settled)
    return;
  overview->part = part;
  overview->settled = settled;
  if (part <= 0 && !overview->open && !overview->pulled)
    finish (overview);
  else
    show (overview);
}

static bool is_moving (const struct inos_overview *overview)
{
  return overview->settled < 1 || (!overview->pulled && overview->part != (overview->open ? 1 : 0));
}

INOS_EACH_FRAME void inos_overview_step (struct inos_output *output)
{
  struct inos_overview *overview = output->compositor->overview;
  if (!inos_overview_is_shown (output->compositor) || !is_moving (overview))
    return;
  step (overview);
  if (overview->shown && is_moving (overview))
    wlr_output_schedule_frame (output->wlr);
}

static int on_late (void *data)
{
  struct inos_overview *overview = data;
  step (overview);
  if (overview->shown && is_moving (overview))
    wl_event_source_timer_update (overview->timer, LATE);
  return 0;
}

/* Whoever was in the middle of something sees the end of it. */
static void let_go (struct inos_seat *seat)
{
  inos_switcher_accept (seat);
  inos_seat_end_popups (seat);
  inos_seat_forget_click (seat);
  inos_frame_cancel (seat);
  inos_window_menu_close (seat);
  inos_x11_drag_cancel (seat->x11_drag);
  inos_touch_let_go (seat);
  inos_tablets_let_go (seat);
  inos_binding_forget_tap (seat);
  seat->pressed = false;
  wlr_seat_pointer_notify_clear_focus (seat->wlr);
  inos_cursor_image_set_name (seat, "default");
}

static bool may_open (struct inos_compositor *compositor)
{
  struct inos_seat *seat;
  if (compositor->locked || compositor->ending)
    return false;
  wl_list_for_each (seat, &compositor->seats, link) {
    if (seat->grab.kind != INOS_GRAB_NONE || seat->wlr->drag || inos_layer_exclusive (seat))
      return false;
  }
  return true;
}

/* Draws it, as it is when it is closed. */
static bool begin (struct inos_overview *overview)
{
  struct inos_compositor *compositor = overview->compositor;
  struct inos_seat *seat;
  if (overview->shown)
    return true;
  if (!may_open (compositor))
    return false;
  inos_motions_end (compositor->motions);
  wl_list_for_each (seat, &compositor->seats, link)
    let_go (seat);
  overview->shown = true;
  overview->part = 0;
  overview->settled = 1;
  overview->selected = 0;
  g_string_truncate (overview->typed, 0);
  overview->asked = false;
  overview->timer = wl_event_loop_add_timer (compositor->loop, on_late, overview);
  match_outputs (overview);
  show_windows (compositor, false);
  connect (overview);
  choose_again (overview);
  show (overview);
  return true;
}

static void go (struct inos_overview *overview, bool open)
{
  bool changed = overview->open != open;
  overview->open = open;
  overview->pulled = false;
  overview->part_from = overview->part;
  overview->start = inos_motion_now (overview->compositor);
  if (!open)
    put_back (overview);
  if (moves (overview)) {
    run (overview);
  } else if (open) {
    overview->part = 1;
    show (overview);
  } else {
    finish (overview);
  }
  if (changed)
    tell (overview);
}

bool inos_overview_open (struct inos_compositor *compositor)
{
  struct inos_overview *overview = compositor->overview;
  if (!overview || overview->open || !begin (overview))
    return inos_overview_is_open (compositor);
  go (overview, true);
  return true;
}

void inos_overview_close (struct inos_compositor *compositor)
{
  if (inos_overview_is_open (compositor))
    go (compositor->overview, false);
}

void inos_overview_toggle (struct inos_compositor *compositor)
{
  if (inos_overview_is_open (compositor))
    inos_overview_close (compositor);
  else
    inos_overview_open (compositor);
}

void inos_overview_end (struct inos_compositor *compositor)
{
  struct inos_overview *overview = compositor->overview;
  if (!inos_overview_is_shown (compositor))
    return;
  bool was_open = overview->open;
  overview->open = false;
  finish (overview);
  if (was_open)
    tell (overview);
}

void inos_overview_yield (struct inos_seat *seat)
{
  if (inos_overview_is_shown (seat->compositor) && inos_layer_exclusive (seat))
    inos_overview_end (seat->compositor);
}

void inos_overview_forget_seat (struct inos_seat *seat)
{
  struct inos_overview *overview = seat->compositor->overview;
  if (!inos_overview_is_shown (seat->compositor) || overview->press.seat != seat)
    return;
  put_back (overview);
  inos_overview_arrange_later (overview);
}

void inos_overview_redraw (struct inos_compositor *compositor)
{
  struct inos_overview_screen *screen;
  if (!inos_overview_is_shown (compositor))
    return;
  wl_list_for_each (screen, &compositor->overview->screens, link) {
    for (guint i = 0; i < screen->tiles->len; i++) {
      struct inos_overview_tile *tile = g_ptr_array_index (screen->tiles, i);
      g_clear_pointer (&tile->title, g_free);
    }
    g_clear_pointer (&screen->strip_shows, g_free);
  }
  inos_overview_arrange_later (compositor->overview);
}

bool inos_overview_pull (struct inos_compositor *compositor, double part)
{
  struct inos_overview *overview = compositor->overview;
  if (!overview || !begin (overview))
    return false;
  overview->pulled = true;
  overview->part = CLAMP (part, 0, 1);
  show (overview);
  return true;
}

void inos_overview_release_pull (struct inos_compositor *compositor, bool open)
{
  if (inos_overview_is_shown (compositor) && compositor->overview->pulled)
    go (compositor->overview, open);
}

char *inos_overview_take_typed (struct inos_compositor *compositor)
{
  if (inos_overview_is_open (compositor))
    return g_strdup (""); /* more may come */
  char *typed = g_strdup (compositor->overview->typed->str);
  g_string_truncate (compositor->overview->typed, 0);
  return typed;
}

static void ask_surface (struct wlr_surface *surface, int sx, int sy, void *data)
{
  wlr_surface_send_frame_done (surface, data);
}

INOS_EACH_FRAME void inos_overview_ask (struct inos_output *output, const struct timespec *now)
{
  struct inos_overview *overview = output->compositor->overview;
  if (!inos_overview_is_shown (output->compositor))
    return;
  const struct inos_overview_screen *screen = screen_of (overview, output);
  for (guint i = 0; screen && i < screen->tiles->len; i++) {
    const struct inos_overview_tile *tile = g_ptr_array_index (screen->tiles, i);
    if (tile->view->surface)
      wlr_surface_for_each_surface (tile->view->surface, ask_surface, (void *)now);
  }
}

struct inos_overview *inos_overview_create (struct inos_compositor *compositor)
{
  struct inos_overview *overview = g_new0 (struct inos_overview, 1);
  overview->compositor = compositor;
  overview->over_cell = -1;
  overview->typed = g_string_new (NULL);
  wl_list_init (&overview->screens);
  return overview;
}

void inos_overview_destroy (struct inos_overview *overview)
{
  if (!overview)
    return;
  if (overview->shown)
    finish (overview);
  overview->compositor->overview = NULL;
  g_string_free (overview->typed, TRUE);
  g_free (overview);
}
