/* What keys, pointer and fingers do in the overview. */
#include <glib/gi18n.h>
#include <linux/input-event-codes.h>
#include <math.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>

#include "binding.h"
#include "cursor_image.h"
#include "navigate.h"
#include "overview_private.h"
#include "seat_focus.h"
#include "seats.h"

enum {
  SLACK = 8,         /* px that the pointer slips in a click */
  DRAGGED = 240,     /* px wide that a window is while it is dragged, at most */
  TYPED_MOST = 1024, /* bytes */
};

#define DRAGGED_OPACITY 0.9F

static struct inos_overview *open_overview (struct inos_seat *seat)
{
  return inos_overview_is_open (seat->compositor) ? seat->compositor->overview : NULL;
}

/* Whether a panel, or what else is above windows, is under the pointer. */
static bool is_above (struct inos_seat *seat)
{
  double sx, sy;
  return inos_seat_surface_at (seat, seat->cursor->x, seat->cursor->y, &sx, &sy);
}

/* Shows the dragged window at the pointer. */
static void drag (struct inos_overview *overview, const struct inos_overview_spot *spot)
{
  struct inos_overview_screen *screen;
  const struct wlr_cursor *cursor = overview->press.seat->cursor;
  const struct inos_overview_tile *tile =
    inos_overview_find_tile (overview, overview->press.view, &screen);
  if (!tile)
    return;
  struct wlr_scene_tree *layer = overview->compositor->layers[INOS_LAYER_OVERVIEW];
  if (tile->thumbnail->tree->node.parent != layer)
    wlr_scene_node_reparent (&tile->thumbnail->tree->node, layer);
  int width = MIN (tile->place.width, DRAGGED);
  int height = MAX (1, tile->place.height * width / tile->place.width);
  inos_thumbnail_place (
    tile->thumbnail,
    (struct wlr_box){(int)cursor->x - width / 2, (int)cursor->y - height / 2, width, height},
    DRAGGED_OPACITY);
  int over = spot->cell ? (int)spot->cell->workspace : -1;
  if (over == overview->over_cell)
    return;
  overview->over_cell = over;
  inos_overview_mark (overview);
}

static void hover (struct inos_overview *overview, const struct inos_overview_spot *spot)
{
  int over = spot->cell ? (int)spot->cell->workspace : -1;
  if (spot->tile)
    inos_overview_choose (overview, spot->tile->view->id);
  if (spot->close == overview->on_close && over == overview->over_cell)
    return;
  overview->on_close = spot->close;
  overview->over_cell = over;
  inos_overview_mark (overview);
}

bool inos_overview_motion (struct inos_seat *seat)
{
  struct inos_overview *overview = open_overview (seat);
  bool pressed = overview && overview->press.seat == seat;
  /* What was pressed on a panel has the pointer until it is let go. */
  if (!overview || (!pressed && (seat->pressed || is_above (seat))))
    return false;
  double x = seat->cursor->x, y = seat->cursor->y;
  struct inos_overview_spot spot = inos_overview_spot_at (overview, x, y);
  wlr_seat_pointer_notify_clear_focus (seat->wlr);
  inos_cursor_image_set_name (seat, "default");
  if (!pressed) {
    hover (overview, &spot);
    return true;
  }
  bool far = hypot (x - overview->press.x, y - overview->press.y) > SLACK;
  if (far && !overview->press.moved && overview->press.view && !overview->press.close) {
    overview->press.moved = true;
    inos_overview_mark (overview);
  }
  if (overview->press.moved)
    drag (overview, &spot);
  return true;
}

/* Whether a panel was clicked since the overview is open, or has a menu: it is typed into. */
static bool is_typing_above (const struct inos_seat *seat)
{
  return (seat->clicked_layer && seat->clicked_layer->mapped) ||
         wlr_seat_keyboard_has_grab (seat->wlr);
}

/* What was clicked on a panel is over: keys are the overview's again. */
static void take_keyboard (struct inos_seat *seat)
{
  if (!is_typing_above (seat))
    return;
  inos_seat_end_popups (seat);
  inos_seat_forget_click (seat);
  inos_seat_refocus (seat);
}

bool inos_overview_press (struct inos_seat *seat, uint32_t button)
{
  struct inos_compositor *compositor = seat->compositor;
  struct inos_overview *overview = open_overview (seat);
  /* While it closes, what is pressed is meant for what comes. */
  if (!overview && compositor->overview && inos_overview_is_shown (compositor) &&
      !compositor->overview->pulled) {
    inos_overview_end (compositor);
    inos_seat_refresh_cursor (seat);
  }
  if (!overview || is_above (seat))
    return false;
  take_keyboard (seat);
  if (overview->press.seat)
    return true;
  struct inos_overview_spot spot =
    inos_overview_spot_at (overview, seat->cursor->x, seat->cursor->y);
  hover (overview, &spot);
  overview->press.seat = seat;
  overview->press.view = spot.tile ? spot.tile->view->id : 0;
  overview->press.close = spot.close;
  overview->press.button = button;
  overview->press.x = seat->cursor->x;
  overview->press.y = seat->cursor->y;
  overview->press.moved = false;
  return true;
}

static void activate (struct inos_seat *seat, struct inos_view *view)
{
  inos_overview_close (seat->compositor);
  inos_seat_focus_view (seat, view);
}

/* On a workspace, or on another output. */
static void drop (struct inos_overview *overview, struct inos_view *view,
                  const struct inos_overview_spot *spot)
{
  if (spot->cell)
    inos_view_set_workspace (view, spot->cell->workspace);
  else if (spot->screen && spot->screen->output != inos_view_output (view))
    inos_navigate_take (view, spot->screen->output);
  inos_overview_arrange_later (overview);
}

static void click (struct inos_overview *overview, struct inos_seat *seat,
                   const struct inos_overview_spot *spot)
{
  struct inos_compositor *compositor = overview->compositor;
  uint32_t button = overview->press.button, id = spot->tile ? spot->tile->view->id : 0;
  if (id != overview->press.view || spot->close != overview->press.close)
    return;
  if (spot->tile && (spot->close || button == BTN_MIDDLE))
    inos_view_close (spot->tile->view);
  else if (button != BTN_LEFT)
    return;
  else if (spot->tile)
    activate (seat, spot->tile->view);
  else if (spot->cell && spot->cell->workspace != spot->screen->workspace)
    inos_workspace_switch (compositor, spot->cell->workspace);
  else
    inos_overview_close (compositor);
}

bool inos_overview_is_pressed (const struct inos_compositor *compositor)
{
  return compositor->overview && compositor->overview->press.seat;
}

bool inos_overview_release (struct inos_seat *seat, uint32_t button)
{
  struct inos_overview *overview = open_overview (seat);
  struct inos_overview_screen *screen;
  if (!overview || overview->press.seat != seat)
    return false;
  if (overview->press.button != button)
    return true;
  struct inos_overview_spot spot =
    inos_overview_spot_at (overview, seat->cursor->x, seat->cursor->y);
  struct inos_overview_tile *tile =
    inos_overview_find_tile (overview, overview->press.view, &screen);
  bool moved = overview->press.moved;
  overview->press.seat = NULL;
  overview->press.moved = false;
  overview->over_cell = -1;
  if (!moved) {
    click (overview, seat, &spot);
  } else if (tile) {
    inos_overview_put_down (screen, tile);
    drop (overview, tile->view, &spot);
  }
  return true;
}

static void switch_by (struct inos_overview *overview, int step)
{
  struct inos_compositor *compositor = overview->compositor;
  int index = (int)inos_workspace_of_output (compositor, inos_output_active (compositor)) + step;
  if (index >= 0 && index < (int)compositor->workspaces->len)
    inos_workspace_switch (compositor, (unsigned int)index);
}

bool inos_overview_scroll (struct inos_seat *seat, double steps)
{
  struct inos_overview *overview = open_overview (seat);
  if (!overview || is_above (seat))
    return false;
  inos_seat_act (seat);
  overview->scrolled += CLAMP (steps, -1, 1);
  if (fabs (overview->scrolled) < 1)
    return true;
  switch_by (overview, overview->scrolled < 0 ? -1 : 1);
  overview->scrolled = 0;
  return true;
}

/* All windows, output by output. */
static GArray *windows_of (struct inos_overview *overview)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (uint32_t));
  const struct inos_overview_screen *screen;
  wl_list_for_each (screen, &overview->screens, link) {
    for (guint i = 0; i < screen->tiles->len; i++) {
      const struct inos_overview_tile *tile = g_ptr_array_index (screen->tiles, i);
      g_array_append_val (ids, tile->view->id);
    }
  }
  return ids;
}

void inos_overview_choose_next (struct inos_compositor *compositor, int step)
{
  struct inos_overview *overview = compositor->overview;
  g_autoptr (GArray) ids = windows_of (overview);
  int count = (int)ids->len, at = step > 0 ? -1 : count;
  for (int i = 0; i < count; i++) {
    if (g_array_index (ids, uint32_t, i) == overview->selected)
      at = i;
  }
  if (count > 0)
    inos_overview_choose (overview, g_array_index (ids, uint32_t, (at + step + count) % count));
}

static void choose_end (struct inos_overview *overview, bool last)
{
  g_autoptr (GArray) ids = windows_of (overview);
  if (ids->len > 0)
    inos_overview_choose (overview, g_array_index (ids, uint32_t, last ? ids->len - 1 : 0));
}

/* The middle of a tile, of the layout. */
static void middle_of (const struct inos_overview_screen *screen,
                       const struct inos_overview_tile *tile, double *x, double *y)
{
  struct wlr_box desk = inos_output_box (screen->output);
  *x = desk.x + tile->place.x + tile->place.width / 2.0;
  *y = desk.y + tile->place.y + tile->place.height / 2.0;
}

/* The nearest window that way: what is beside the way counts double. */
static void choose_towards (struct inos_overview *overview, int dx, int dy)
{
  struct inos_overview_screen *screen;
  const struct inos_overview_tile *from = inos_overview_chosen (overview, &screen);
  double from_x, from_y, x, y, nearest = INFINITY;
  uint32_t best = 0;
  if (!from) {
    choose_end (overview, false);
    return;
  }
  middle_of (screen, from, &from_x, &from_y);
  wl_list_for_each (screen, &overview->screens, link) {
    for (guint i = 0; i < screen->tiles->len; i++) {
      const struct inos_overview_tile *tile = g_ptr_array_index (screen->tiles, i);
      middle_of (screen, tile, &x, &y);
      double along = (x - from_x) * dx + (y - from_y) * dy;
      double beside = fabs ((x - from_x) * dy) + fabs ((y - from_y) * dx);
      if (along < 1 || along + 2 * beside >= nearest)
        continue;
      nearest = along + 2 * beside;
      best = tile->view->id;
    }
  }
  if (best)
    inos_overview_choose (overview, best);
}

/* The launcher is asked for, and takes what was typed so far when it has the keyboard. */
static void type (struct inos_overview *overview, const char *text)
{
  if (overview->typed->len + strlen (text) > TYPED_MOST)
    return;
  g_string_append (overview->typed, text);
  if (overview->asked)
    return;
  overview->asked = true;
  wl_signal_emit_mutable (&overview->compositor->events.action, (void *)"launcher");
}

static void rub_out (struct inos_overview *overview)
{
  const char *start = overview->typed->str;
  const char *last = g_utf8_find_prev_char (start, start + overview->typed->len);
  if (last)
    g_string_truncate (overview->typed, (gsize)(last - start));
}

/* What a key without text does to the windows. */
static void do_key (struct inos_overview *overview, struct inos_seat *seat, xkb_keysym_t symbol,
                    bool shift)
{
  struct inos_overview_screen *screen;
  struct inos_overview_tile *chosen = inos_overview_chosen (overview, &screen);
  if (symbol == XKB_KEY_Left || symbol == XKB_KEY_KP_Left)
    choose_towards (overview, -1, 0);
  else if (symbol == XKB_KEY_Right || symbol == XKB_KEY_KP_Right)
    choose_towards (overview, 1, 0);
  else if (symbol == XKB_KEY_Up || symbol == XKB_KEY_KP_Up)
    choose_towards (overview, 0, -1);
  else if (symbol == XKB_KEY_Down || symbol == XKB_KEY_KP_Down)
    choose_towards (overview, 0, 1);
  else if (symbol == XKB_KEY_Tab)
    inos_overview_choose_next (overview->compositor, shift ? -1 : 1);
  else if (symbol == XKB_KEY_Home || symbol == XKB_KEY_End)
    choose_end (overview, symbol == XKB_KEY_End);
  else if (symbol == XKB_KEY_Page_Up || symbol == XKB_KEY_Page_Down)
    switch_by (overview, symbol == XKB_KEY_Page_Up ? -1 : 1);
  else if (symbol == XKB_KEY_Delete && chosen)
    inos_view_close (chosen->view);
  else if ((symbol == XKB_KEY_Return || symbol == XKB_KEY_KP_Enter || symbol == XKB_KEY_space) &&
           chosen)
    activate (seat, chosen->view);
}

bool inos_overview_key (struct inos_keyboard *keyboard, uint32_t key)
{
  struct inos_seat *seat = keyboard->seat;
  struct inos_overview *overview = open_overview (seat);
  struct wlr_keyboard *wlr = keyboard->wlr;
  if (!overview || !wlr->xkb_state || is_typing_above (seat))
    return false;
  char text[16] = "";
  uint32_t modifiers = wlr_keyboard_get_modifiers (wlr);
  xkb_keysym_t plain = inos_binding_plain_symbol (keyboard, key);
  xkb_keysym_t shifted = xkb_state_key_get_one_sym (wlr->xkb_state, key + 8);
  /* The way to another terminal is always open. */
  if (shifted >= XKB_KEY_XF86Switch_VT_1 && shifted <= XKB_KEY_XF86Switch_VT_12)
    return false;
  if (modifiers & (WLR_MODIFIER_LOGO | WLR_MODIFIER_ALT | WLR_MODIFIER_CTRL))
    return true;
  xkb_state_key_get_utf8 (wlr->xkb_state, key + 8, text, sizeof text);
  if (plain == XKB_KEY_Escape)
    inos_overview_close (overview->compositor);
  else if (plain == XKB_KEY_BackSpace)
    rub_out (overview);
  else if (g_unichar_isgraph (g_utf8_get_char (text)) ||
           (overview->typed->len > 0 && plain == XKB_KEY_space))
    type (overview, text);
  else if (overview->typed->len == 0)
    do_key (overview, seat, plain, modifiers & WLR_MODIFIER_SHIFT);
  return true;
}
