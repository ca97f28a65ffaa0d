#include "grab_keys.h"

#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/util/edges.h>

#include "binding.h"
#include "binding_repeat.h"
#include "grab.h"
#include "lens.h"
#include "snap.h"
#include "tiles.h"
#include "view.h"

enum { STEP = 16, FINE_STEP = 1, DOWN = 12 }; /* px; the last: from the top of what is moved */

static void remember (struct inos_seat *seat, const struct inos_view *view)
{
  seat->grab.before.box = view->floating;
  seat->grab.before.maximized = view->maximized;
  seat->grab.before.snapped = view->snapped;
  seat->grab.before.floats = view->floats;
}

void inos_grab_keys_begin (struct inos_view *view, bool resizes)
{
  struct inos_compositor *compositor = view->compositor;
  struct inos_seat *seat = compositor->acting;
  if (compositor->locked || !view->mapped || !inos_view_is_shown (view) || view->fullscreen ||
      (resizes && view->maximized) || seat->grab.kind != INOS_GRAB_NONE || seat->wlr->drag ||
      seat->pressed)
    return;
  struct wlr_box box = inos_view_box (view);
  inos_view_focus (view);
  remember (seat, view);
  wlr_cursor_warp_closest (seat->cursor, NULL,
                           resizes ? box.x + box.width : box.x + box.width / 2.0,
                           resizes ? box.y + box.height : box.y + MIN (DOWN, box.height / 2.0));
  if (resizes)
    inos_grab_resize (seat, view, WLR_EDGE_RIGHT | WLR_EDGE_BOTTOM);
  else
    inos_grab_move (seat, view);
  seat->grab.keys = seat->grab.kind != INOS_GRAB_NONE;
}

/* Everything as it was, but for where the pointer is. */
static void take_back (struct inos_seat *seat)
{
  struct inos_view *view = seat->grab.view;
  struct wlr_box box = seat->grab.before.box;
  bool maximized = seat->grab.before.maximized, floats = seat->grab.before.floats;
  uint32_t snapped = seat->grab.before.snapped;
  seat->grab.tiled = false;
  inos_snap_preview_end (seat);
  inos_grab_end (seat);
  inos_grab_forget_view (seat, view);
  view->floating = box;
  view->floats = floats;
  inos_view_move (view, box.x, box.y);
  inos_view_resize (view, box.width, box.height);
  inos_tiles_arrange (view->compositor);
  if (maximized)
    inos_view_set_maximized (view, true);
  else if (snapped)
    inos_snap_view (view, snapped, inos_view_output (view));
}

static bool step (struct inos_seat *seat, xkb_keysym_t symbol, int by)
{
  int dx = symbol == XKB_KEY_Right ? by : symbol == XKB_KEY_Left ? -by : 0;
  int dy = symbol == XKB_KEY_Down ? by : symbol == XKB_KEY_Up ? -by : 0;
  if (dx == 0 && dy == 0)
    return false;
  wlr_cursor_move (seat->cursor, NULL, dx, dy);
  inos_lenses_update (seat->compositor);
  inos_grab_motion (seat);
  return true;
}

bool inos_grab_keys_press (struct inos_keyboard *keyboard, uint32_t key)
{
  struct inos_seat *seat = keyboard->seat;
  struct wlr_keyboard *wlr = keyboard->wlr;
  if (!seat->grab.keys || seat->grab.kind == INOS_GRAB_NONE || !wlr->xkb_state)
    return false;
  xkb_keysym_t shifted = xkb_state_key_get_one_sym (wlr->xkb_state, key + 8);
  /* The way to another terminal is always open. */
  if (shifted >= XKB_KEY_XF86Switch_VT_1 && shifted <= XKB_KEY_XF86Switch_VT_12)
    return false;
  xkb_keysym_t symbol = inos_binding_plain_symbol (keyboard, key);
  uint32_t modifiers = wlr_keyboard_get_modifiers (wlr);
  bool fine = modifiers & (WLR_MODIFIER_CTRL | WLR_MODIFIER_SHIFT);
  if (step (seat, symbol, fine ? FINE_STEP : STEP))
    inos_binding_repeat_press (keyboard, key, inos_grab_keys_press);
  else if (symbol == XKB_KEY_Escape)
    take_back (seat);
  else if (symbol == XKB_KEY_Return || symbol == XKB_KEY_KP_Enter || symbol == XKB_KEY_space)
    inos_grab_end (seat);
  return true;
}
