#include "action.h"

#include <glib/gi18n.h>
#include <string.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/util/edges.h>
#include <wlr/util/log.h>

#include "action_desk.h"
#include "binding.h"
#include "cursor_image.h"
#include "grab.h"
#include "grab_keys.h"
#include "keyboard_layout.h"
#include "lens.h"
#include "lock.h"
#include "navigate.h"
#include "notice.h"
#include "output.h"
#include "overview_show.h"
#include "program.h"
#include "seat.h"
#include "snap.h"
#include "switcher.h"
#include "tiles.h"
#include "view.h"
#include "window_menu.h"
#include "workspace.h"

struct inos_view *inos_action_view (struct inos_compositor *compositor)
{
  if (inos_overview_is_open (compositor))
    return inos_view_find (compositor, inos_overview_selected (compositor));
  return inos_seat_focused (compositor->acting);
}

static void act_close (struct inos_compositor *compositor, const char *name, const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_view_close (view);
}

static void act_exec (struct inos_compositor *compositor, const char *name, const char *argument)
{
  g_autoptr (GError) error = NULL;
  if (inos_program_start (compositor, argument, &error))
    return;
  wlr_log (WLR_ERROR, "%s", error->message);
  inos_notice_say (compositor->notice, _ ("The program does not start."), error->message);
}

static void act_fullscreen (struct inos_compositor *compositor, const char *name,
                            const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_view_set_fullscreen (view, !view->fullscreen, NULL);
}

static void act_layout (struct inos_compositor *compositor, const char *name, const char *argument)
{
  guint64 number = 0;
  if (g_ascii_string_to_unsigned (argument, 10, 1, 32, &number, NULL))
    inos_keyboard_layout_set (compositor->acting, (unsigned int)number - 1);
}

static void act_layout_next (struct inos_compositor *compositor, const char *name,
                             const char *argument)
{
  struct inos_seat *seat = compositor->acting;
  inos_keyboard_layout_set (seat, (seat->layout + 1) % inos_keyboard_layout_count (seat));
}

static void act_lock (struct inos_compositor *compositor, const char *name, const char *argument)
{
  g_autoptr (GError) error = NULL;
  if (inos_lock_now (compositor, &error))
    return;
  wlr_log (WLR_ERROR, "%s", error->message);
  inos_notice_say (compositor->notice, _ ("The session is not locked."), error->message);
}

static void act_maximize (struct inos_compositor *compositor, const char *name,
                          const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_view_set_maximized (view, !view->maximized);
}

static void act_minimize (struct inos_compositor *compositor, const char *name,
                          const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_view_set_minimized (view, true);
}

/* Steps of a quarter, so that four of them are about 2.5 times. */
static void act_zoom (struct inos_compositor *compositor, const char *name, const char *argument)
{
  int zoom = compositor->config.magnifier;
  if (g_str_equal (name, "zoom-in"))
    zoom = zoom * 5 / 4;
  else if (g_str_equal (name, "zoom-out"))
    zoom = zoom * 4 / 5;
  else
    zoom = 100;
  inos_lens_set_zoom (compositor, zoom);
}

static void act_invert_colours (struct inos_compositor *compositor, const char *name,
                                const char *argument)
{
  inos_lens_set_inverted (compositor, !compositor->config.invert_colours);
}

static void act_high_contrast_pointer (struct inos_compositor *compositor, const char *name,
                                       const char *argument)
{
  inos_cursor_image_set_high_contrast (compositor, !compositor->config.high_contrast_pointer);
}

static void act_on_top (struct inos_compositor *compositor, const char *name, const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_view_set_on_top (view, !view->on_top);
}

static void act_below (struct inos_compositor *compositor, const char *name, const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_view_set_below (view, !view->below);
}

static void act_sticky (struct inos_compositor *compositor, const char *name, const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_view_set_sticky (view, !view->sticky);
}

static void act_snap (struct inos_compositor *compositor, const char *name, const char *argument)
{
  static const char *const directions[] = {"up", "down", "left", "right", NULL};
  static const uint32_t edges[] = {WLR_EDGE_TOP, WLR_EDGE_BOTTOM, WLR_EDGE_LEFT, WLR_EDGE_RIGHT};
  struct inos_view *view = inos_action_view (compositor);
  for (int i = 0; view && directions[i]; i++) {
    if (g_str_equal (argument, directions[i]))
      inos_snap_step (view, edges[i]);
  }
}

static void act_layout_mode (struct inos_compositor *compositor, const char *name,
                             const char *argument)
{
  unsigned int index = inos_workspace_of_output (compositor, inos_output_active (compositor));
  struct inos_workspace *workspace = g_ptr_array_index (compositor->workspaces, index);
  enum inos_layout layout = g_str_equal (argument, "next")
                              ? (workspace->layout + 1) % INOS_LAYOUT_COUNT
                              : inos_layout_from_name (argument);
  inos_tiles_set_layout (compositor, index, layout);
}

static void act_tile_float (struct inos_compositor *compositor, const char *name,
                            const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_tiles_set_floats (view, !view->floats);
}

static void act_tile_move (struct inos_compositor *compositor, const char *name,
                           const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_tiles_swap (view, g_str_equal (argument, "next") ? 1 : -1);
}

/* The argument is in hundredths: +5, -5. */
static void act_tile_ratio (struct inos_compositor *compositor, const char *name,
                            const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  gint64 by = 0;
  if (view && g_ascii_string_to_signed (argument, 10, -100, 100, &by, NULL))
    inos_tiles_grow (view, (double)by / 100);
}

/* Actions that are somebody else's to do: the D-Bus object tells of them. */
static void act_announce (struct inos_compositor *compositor, const char *name,
                          const char *argument)
{
  wl_signal_emit_mutable (&compositor->events.action, (void *)name);
}

/* Told too: who watches need not guess. */
static void act_overview (struct inos_compositor *compositor, const char *name,
                          const char *argument)
{
  inos_overview_toggle (compositor);
  act_announce (compositor, name, argument);
}

static void act_mode (struct inos_compositor *compositor, const char *name, const char *argument)
{
  inos_binding_set_mode (compositor->acting, g_str_equal (argument, "default") ? "" : argument);
}

static struct inos_view *pointed_at (struct inos_compositor *compositor)
{
  double sx, sy;
  const struct wlr_cursor *cursor = compositor->acting->cursor;
  return inos_view_from_surface (
    inos_seat_surface_at (compositor->acting, cursor->x, cursor->y, &sx, &sy));
}

static void act_move (struct inos_compositor *compositor, const char *name, const char *argument)
{
  struct inos_view *view = pointed_at (compositor);
  if (view)
    inos_grab_move (compositor->acting, view);
}

static void act_resize (struct inos_compositor *compositor, const char *name, const char *argument)
{
  struct inos_view *view = pointed_at (compositor);
  if (view)
    inos_grab_resize (compositor->acting, view, inos_grab_nearest_edges (compositor->acting, view));
}

static void act_by_keys (struct inos_compositor *compositor, const char *name, const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view && !inos_overview_is_open (compositor))
    inos_grab_keys_begin (view, g_str_equal (name, "resize-by-keys"));
}

static void act_private (struct inos_compositor *compositor, const char *name, const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  if (view)
    inos_view_set_private (view, !view->is_private);
}

static void act_switch (struct inos_compositor *compositor, const char *name, const char *argument)
{
  int step = g_str_has_suffix (name, "next") ? 1 : -1;
  if (inos_overview_is_open (compositor))
    inos_overview_choose_next (compositor, step);
  else
    inos_switcher_step (compositor->acting, step);
}

static void act_move_to_workspace (struct inos_compositor *compositor, const char *name,
                                   const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  unsigned int index = inos_navigate_workspace (compositor, argument);
  if (!view)
    return;
  inos_view_set_workspace (view, index);
  if (compositor->config.follow_window)
    inos_workspace_switch (compositor, index);
}

/* Below the title bar that we draw, or where one of the window's own begins. */
static void act_window_menu (struct inos_compositor *compositor, const char *name,
                             const char *argument)
{
  struct inos_view *view = inos_action_view (compositor);
  struct wlr_box box = view ? inos_view_box (view) : (struct wlr_box){0};
  if (view)
    inos_window_menu_open (view, box.x, box.y, true);
}

static void act_workspace (struct inos_compositor *compositor, const char *name,
                           const char *argument)
{
  inos_workspace_switch (compositor, inos_navigate_workspace (compositor, argument));
}

/* Sorted by name. */
static const struct action {
  const char *name;
  bool argument;
  void (*run) (struct inos_compositor *compositor, const char *name, const char *argument);
} actions[] = {
  {"below", false, act_below},
  {"brightness-down", false, act_announce},
  {"brightness-up", false, act_announce},
  {"clipboard", false, act_announce},
  {"close", false, act_close},
  {"column-centre", false, inos_act_column_centre},
  {"column-move", true, inos_act_column_move},
  {"column-width", true, inos_act_column_width},
  {"consume", false, inos_act_consume},
  {"consume-or-expel", true, inos_act_consume_or_expel},
  {"exec", true, act_exec},
  {"expel", false, inos_act_expel},
  {"focus", true, inos_act_focus},
  {"focus-output", true, inos_act_focus_output},
  {"fullscreen", false, act_fullscreen},
  {"high-contrast-pointer", false, act_high_contrast_pointer},
  {"invert-colours", false, act_invert_colours},
  {"launcher", false, act_announce},
  {"layout", true, act_layout},
  {"layout-mode", true, act_layout_mode},
  {"layout-next", false, act_layout_next},
  {"lock", false, act_lock},
  {"maximize", false, act_maximize},
  {"media-next", false, act_announce},
  {"media-pause", false, act_announce},
  {"media-play", false, act_announce},
  {"media-play-pause", false, act_announce},
  {"media-previous", false, act_announce},
  {"media-stop", false, act_announce},
  {"microphone-mute", false, act_announce},
  {"minimize", false, act_minimize},
  {"mode", true, act_mode},
  {"move", false, act_move},
  {"move-by-keys", false, act_by_keys},
  {"move-to-output", true, inos_act_move_to_output},
  {"move-to-workspace", true, act_move_to_workspace},
  {"notifications", false, act_announce},
  {"on-top", false, act_on_top},
  {"overview", false, act_overview},
  {"power-menu", false, act_announce},
  {"private", false, act_private},
  {"quick-settings", false, act_announce},
  {"resize", false, act_resize},
  {"resize-by-keys", false, act_by_keys},
  {"shortcuts", false, act_announce},
  {"snap", true, act_snap},
  {"sticky", false, act_sticky},
  {"suspend", false, act_announce},
  {"switch-next", false, act_switch},
  {"switch-previous", false, act_switch},
  {"take-to-workspace", true, inos_act_take_to_workspace},
  {"tile-float", false, act_tile_float},
  {"tile-move", true, act_tile_move},
  {"tile-ratio", true, act_tile_ratio},
  {"tray", false, act_announce},
  {"volume-down", false, act_announce},
  {"volume-mute", false, act_announce},
  {"volume-up", false, act_announce},
  {"window-menu", false, act_window_menu},
  {"workspace", true, act_workspace},
  {"zoom-in", false, act_zoom},
  {"zoom-out", false, act_zoom},
  {"zoom-reset", false, act_zoom},
};

static const struct action *find (const char *text, const char **argument)
{
  size_t length = strcspn (text, " ");
  *argument = text + length + strspn (text + length, " ");
  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++) {
    if (strlen (actions[i].name) == length && strncmp (actions[i].name, text, length) == 0)
      return actions[i].argument == (**argument != '\0') ? &actions[i] : NULL;
  }
  return NULL;
}

bool inos_action_exists (const char *action)
{
  const char *argument;
  return find (action, &argument);
}

bool inos_action_run (struct inos_compositor *compositor, const char *text)
{
  const char *argument;
  const struct action *action = find (text, &argument);
  if (action)
    action->run (compositor, action->name, argument);
  return action;
}

bool inos_action_works_locked (const char *action)
{
  static const char *const names[] = {
    "brightness-down",
    "brightness-up",
    "high-contrast-pointer",
    "invert-colours",
    "media-next",
    "media-pause",
    "media-play",
    "media-play-pause",
    "media-previous",
    "media-stop",
    "volume-down",
    "volume-mute",
    "volume-up",
    "zoom-in",
    "zoom-out",
    "zoom-reset",
    NULL,
  };
  return g_strv_contains (names, action);
}

bool inos_action_repeats (const char *action)
{
  static const char *const names[] = {
    "brightness-down", "brightness-up", "volume-down", "volume-up", NULL,
  };
  return g_strv_contains (names, action);
}

void inos_actions_for_each (void (*each) (const char *name, bool argument, void *data), void *data)
{
  for (size_t i = 0; i < G_N_ELEMENTS (actions); i++)
    each (actions[i].name, actions[i].argument, data);
}
