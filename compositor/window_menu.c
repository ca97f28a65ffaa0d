#include "window_menu.h"

#include <glib/gi18n.h>
#include <math.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>

#include "binding.h"
#include "cursor_image.h"
#include "grab_keys.h"
#include "listener.h"
#include "look.h"
#include "seats.h"
#include "view.h"
#include "window_frame.h"
#include "window_menu_draw.h"

enum { SLACK = 8, MAX_SCALE = 4 }; /* px that the pointer slips in the click that opens it */

static void minimize (struct inos_view *view)
{
  inos_view_set_minimized (view, true);
}

static void maximize (struct inos_view *view)
{
  inos_view_set_maximized (view, !view->maximized);
}

static void fill_screen (struct inos_view *view)
{
  inos_view_set_fullscreen (view, !view->fullscreen, NULL);
}

static void keep_on_top (struct inos_view *view)
{
  inos_view_set_on_top (view, !view->on_top);
}

static void stick (struct inos_view *view)
{
  inos_view_set_sticky (view, !view->sticky);
}

static void move (struct inos_view *view)
{
  inos_grab_keys_begin (view, false);
}

static void resize (struct inos_view *view)
{
  inos_grab_keys_begin (view, true);
}

static void hide_in_pictures (struct inos_view *view)
{
  inos_view_set_private (view, !view->is_private);
}

static const struct entry {
  const char *label;
  void (*run) (struct inos_view *view);
} entries[] = {
  {N_ ("Minimize"), minimize},       {N_ ("Maximize"), maximize},
  {N_ ("Full screen"), fill_screen}, {N_ ("Move"), move},
  {N_ ("Resize"), resize},           {N_ ("Always on top"), keep_on_top},
  {N_ ("On all workspaces"), stick}, {N_ ("Black in pictures of the screen"), hide_in_pictures},
  {N_ ("Close"), inos_view_close},
};

struct inos_window_menu {
  struct inos_seat *seat;
  struct inos_view *view;
  struct wlr_scene_buffer *scene;
  struct wlr_box box; /* in layout coordinates */
  const char *labels[G_N_ELEMENTS (entries) + 1];
  struct inos_menu_picture picture;
  double x, y; /* where the pointer was when it opened */
  bool armed;  /* a release chooses: the one of the click that opened it does not */

  struct wl_listener view_unmap, view_change, workspace_change, output_change, output_remove,
    lock_change;
};

void inos_window_menu_close (struct inos_seat *seat)
{
  struct inos_window_menu *menu = seat->menu;
  if (!menu)
    return;
  seat->menu = NULL;
  DISCONNECT (menu->view_unmap);
  DISCONNECT (menu->view_change);
  DISCONNECT (menu->workspace_change);
  DISCONNECT (menu->output_change);
  DISCONNECT (menu->output_remove);
  DISCONNECT (menu->lock_change);
  wlr_scene_node_destroy (&menu->scene->node);
  g_free (menu);
  if (!seat->compositor->ending)
    inos_seat_refresh_cursor_later (seat);
}

struct inos_view *inos_window_menu_view (struct inos_seat *seat)
{
  return seat->menu ? seat->menu->view : NULL;
}

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct inos_window_menu *menu = wl_container_of (listener, menu, view_unmap);
  if (menu->view == data)
    inos_window_menu_close (menu->seat);
}

static void handle_view_change (struct wl_listener *listener, void *data)
{
  struct inos_window_menu *menu = wl_container_of (listener, menu, view_change);
  if (menu->view == data && !inos_view_is_shown (menu->view))
    inos_window_menu_close (menu->seat);
}

static void handle_workspace_change (struct wl_listener *listener, void *data)
{
  struct inos_window_menu *menu = wl_container_of (listener, menu, workspace_change);
  if (!inos_view_is_shown (menu->view))
    inos_window_menu_close (menu->seat);
}

static void handle_output_change (struct wl_listener *listener, void *data)
{
  struct inos_window_menu *menu = wl_container_of (listener, menu, output_change);
  inos_window_menu_close (menu->seat);
}

static void handle_output_remove (struct wl_listener *listener, void *data)
{
  struct inos_window_menu *menu = wl_container_of (listener, menu, output_remove);
  inos_window_menu_close (menu->seat);
}

static void handle_lock_change (struct wl_listener *listener, void *data)
{
  struct inos_window_menu *menu = wl_container_of (listener, menu, lock_change);
  inos_window_menu_close (menu->seat);
}

static void draw (struct inos_window_menu *menu)
{
  struct wlr_buffer *buffer = inos_menu_draw (&menu->picture);
  wlr_scene_buffer_set_buffer (menu->scene, buffer);
  if (buffer)
    wlr_buffer_drop (buffer);
  wlr_scene_buffer_set_dest_size (menu->scene, menu->box.width, menu->box.height);
}

static void select_row (struct inos_window_menu *menu, int row)
{
  if (menu->picture.selected == row)
    return;
  menu->picture.selected = row;
  draw (menu);
}

/* Away from an edge of the output that is too near, as other menus do. */
static void place (struct inos_window_menu *menu, const struct inos_output *output, double x,
                   double y)
{
  const struct wlr_box *room = &output->usable;
  struct wlr_box *box = &menu->box;
  inos_menu_measure (&menu->picture, &box->width, &box->height);
  box->x = (int)floor (x);
  box->y = (int)floor (y);
  if (box->x + box->width > room->x + room->width)
    box->x -= box->width;
  if (box->y + box->height > room->y + room->height)
    box->y -= box->height;
  box->x = MAX (room->x, MIN (box->x, room->x + room->width - box->width));
  box->y = MAX (room->y, MIN (box->y, room->y + room->height - box->height));
  wlr_scene_node_set_position (&menu->scene->node, box->x, box->y);
}

static void describe (struct inos_window_menu *menu, const struct inos_output *output)
{
  const struct inos_view *view = menu->view;
  struct inos_compositor *compositor = menu->seat->compositor;
  const bool checked[] = {
    false,        view->maximized, view->fullscreen, false, false,
    view->on_top, view->sticky,    view->is_private, false,
  };
  G_STATIC_ASSERT (G_N_ELEMENTS (checked) == G_N_ELEMENTS (entries));
  menu->picture = (struct inos_menu_picture){
    .labels = menu->labels,
    .selected = -1,
    .text = inos_look_text (compositor),
    .scale = MIN ((int)ceilf (output->wlr->scale), MAX_SCALE),
    .dark = inos_look_is_dark (compositor),
    .contrast = inos_look_is_contrast (compositor),
  };
  for (size_t i = 0; i < G_N_ELEMENTS (entries); i++) {
    menu->labels[i] = _ (entries[i].label);
    menu->picture.checked |= (checked[i] ? 1u : 0) << i;
  }
}

void inos_window_menu_open (struct inos_view *view, double x, double y, bool selected)
{
  struct inos_compositor *compositor = view->compositor;
  struct inos_seat *seat = compositor->acting;
  struct inos_output *output = inos_output_at (compositor, x, y);
  inos_window_menu_close (seat);
  if (!output)
    output = inos_view_output (view);
  if (!output || compositor->locked || !view->mapped || !inos_view_is_shown (view) ||
      seat->grab.kind != INOS_GRAB_NONE || seat->wlr->drag)
    return;
  struct inos_window_menu *menu = seat->menu = g_new0 (struct inos_window_menu, 1);
  menu->seat = seat;
  menu->view = view;
  menu->x = seat->cursor->x;
  menu->y = seat->cursor->y;
  menu->scene = wlr_scene_buffer_create (compositor->layers[INOS_LAYER_OVERLAY], NULL);
  describe (menu, output);
  menu->picture.selected = selected ? 0 : -1;
  place (menu, output, x, y);
  draw (menu);
  CONNECT_SIGNAL (compositor, menu, view_unmap);
  CONNECT_SIGNAL (compositor, menu, view_change);
  CONNECT_SIGNAL (compositor, menu, workspace_change);
  CONNECT_SIGNAL (compositor, menu, output_change);
  CONNECT_SIGNAL (compositor, menu, output_remove);
  CONNECT_SIGNAL (compositor, menu, lock_change);
  /* The window keeps the keyboard, and is drawn so: keys come here before they get to it. Of the
   * pointer nobody sees a release without its press. */
  inos_frame_cancel (seat);
  inos_binding_forget_tap (seat);
  wlr_seat_pointer_notify_clear_focus (seat->wlr);
  inos_cursor_image_set_name (seat, "default");
}

void inos_window_menu_request (struct inos_view *view, struct wlr_seat_client *client,
                               uint32_t serial, double x, double y)
{
  struct wlr_box box = inos_view_box (view);
  struct inos_seat *seat =
    client ? inos_seats_from_wlr (view->compositor, client->seat) : view->compositor->seat;
  if (!client || inos_seat_focused (seat) != view ||
      !wlr_seat_client_validate_event_serial (client, serial))
    return;
  inos_seat_act (seat);
  inos_window_menu_open (view, box.x + CLAMP (x, 0, box.width), box.y + CLAMP (y, 0, box.height),
                         false);
}

/* The row under the seat's cursor, or -1. */
static int row_at_cursor (const struct inos_window_menu *menu)
{
  const struct wlr_cursor *cursor = menu->seat->cursor;
  int edge = inos_menu_edge (&menu->picture);
  double y = cursor->y - menu->box.y - edge;
  if (!wlr_box_contains_point (&menu->box, cursor->x, cursor->y) || y < 0)
    return -1;
  int row = (int)y / inos_menu_row (&menu->picture);
  return row < (int)G_N_ELEMENTS (entries) ? row : -1;
}

static void run (struct inos_window_menu *menu, int row)
{
  struct inos_view *view = menu->view;
  inos_window_menu_close (menu->seat);
  entries[row].run (view);
}

bool inos_window_menu_press (struct inos_seat *seat)
{
  struct inos_window_menu *menu = seat->menu;
  if (!menu)
    return false;
  menu->armed = true;
  select_row (menu, row_at_cursor (menu));
  if (!wlr_box_contains_point (&menu->box, seat->cursor->x, seat->cursor->y))
    inos_window_menu_close (seat);
  return true;
}

bool inos_window_menu_motion (struct inos_seat *seat)
{
  struct inos_window_menu *menu = seat->menu;
  if (!menu)
    return false;
  wlr_seat_pointer_notify_clear_focus (seat->wlr);
  double dx = seat->cursor->x - menu->x, dy = seat->cursor->y - menu->y;
  /* What the keyboard chose stays until the pointer is really used. */
  if (!menu->armed && dx * dx + dy * dy < SLACK * SLACK)
    return true;
  menu->armed = true;
  select_row (menu, row_at_cursor (menu));
  return true;
}

bool inos_window_menu_release (struct inos_seat *seat)
{
  struct inos_window_menu *menu = seat->menu;
  if (!menu)
    return false;
  int row = menu->armed ? row_at_cursor (menu) : -1;
  if (row >= 0)
    run (menu, row);
  return true;
}

/* The next entry that begins with the letter, or the one that there is. */
static int find_letter (const struct inos_window_menu *menu, gunichar letter)
{
  int count = G_N_ELEMENTS (entries);
  for (int i = 1; i <= count; i++) {
    int row = (menu->picture.selected + i + count) % count;
    if (g_unichar_tolower (g_utf8_get_char (menu->labels[row])) == g_unichar_tolower (letter))
      return row;
  }
  return menu->picture.selected;
}

bool inos_window_menu_key (struct inos_keyboard *keyboard, uint32_t key)
{
  struct inos_window_menu *menu = keyboard->seat->menu;
  struct wlr_keyboard *wlr = keyboard->wlr;
  if (!menu || !wlr->xkb_state)
    return false;
  xkb_keysym_t shifted = xkb_state_key_get_one_sym (wlr->xkb_state, key + 8);
  /* The way to another terminal is always open. */
  if (shifted >= XKB_KEY_XF86Switch_VT_1 && shifted <= XKB_KEY_XF86Switch_VT_12)
    return false;
  int last = G_N_ELEMENTS (entries) - 1, row = menu->picture.selected;
  xkb_keysym_t plain = inos_binding_plain_symbol (keyboard, key);
  gunichar letter = xkb_keysym_to_utf32 (plain);
  if (plain == XKB_KEY_Down || plain == XKB_KEY_Tab)
    select_row (menu, row < last ? row + 1 : 0);
  else if (plain == XKB_KEY_Up)
    select_row (menu, row > 0 ? row - 1 : last);
  else if (plain == XKB_KEY_Home)
    select_row (menu, 0);
  else if (plain == XKB_KEY_End)
    select_row (menu, last);
  else if (plain == XKB_KEY_Escape || (row < 0 && plain == XKB_KEY_Return))
    inos_window_menu_close (menu->seat);
  else if (row >= 0 &&
           (plain == XKB_KEY_Return || plain == XKB_KEY_KP_Enter || plain == XKB_KEY_space))
    run (menu, row);
  else if (g_unichar_isalnum (letter))
    select_row (menu, find_letter (menu, letter));
  return true;
}
