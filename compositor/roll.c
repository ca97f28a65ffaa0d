#include "roll.h"

#include <string.h>

#include "listener.h"
#include "output.h"
#include "session/desk_file.h"
#include "stack.h"
#include "workspace.h"
#include "written_file.h"

enum {
  BETWEEN = 1000,   /* ms from a change to its being written: much changes at the same time */
  PATIENCE = 90000, /* ms in which a program that was started again opens its window */
};

/* A window that is to come back. */
struct expected {
  struct inos_desk_window *window; /* owned */
  const struct inos_view *view;    /* that was told its size; NULL: none yet */
};

struct inos_roll {
  struct inos_compositor *compositor;
  struct inos_written_file *file; /* NULL: none is kept */
  struct wl_event_source *timer;  /* to the next write */
  struct wl_event_source *patience;
  char *written;       /* what the file says; NULL: not known */
  bool armed, frozen;  /* the timer runs; nothing is written any more */
  GPtrArray *expected; /* of struct expected, owned */

  struct wl_listener view_map, view_unmap, view_change, workspace_change;
};

static void expected_free (void *data)
{
  struct expected *expected = data;
  inos_desk_window_free (expected->window);
  g_free (expected);
}

/* A view that has no name, or that nobody else shall know of, is not on the roll. */
static bool belongs (struct inos_view *view)
{
  const char *app_id = inos_view_app_id (view);
  return app_id[0] != '\0' && strlen (app_id) <= INOS_DESK_MAX_APP_ID &&
         g_utf8_validate (app_id, -1, NULL) && !view->is_private && !inos_stack_parent (view) &&
         view->workspace <= INOS_DESK_MAX_WORKSPACE;
}

static struct inos_desk_window *describe_view (struct inos_view *view)
{
  struct wlr_box box = inos_view_is_floating (view) ? inos_view_box (view) : view->floating;
  struct inos_desk_window *window = g_new0 (struct inos_desk_window, 1);
  *window = (struct inos_desk_window){
    .app_id = g_strdup (inos_view_app_id (view)),
    .program = (unsigned int)MAX (inos_view_pid (view), 0),
    .workspace = view->workspace,
    .x = box.x,
    .y = box.y,
    .width = MAX (box.width, 1),
    .height = MAX (box.height, 1),
    .maximized = view->maximized,
    .fullscreen = view->fullscreen,
    .minimized = view->minimized,
    .on_top = view->on_top,
    .below = view->below,
    .sticky = view->sticky,
  };
  return window;
}

char *inos_roll_describe (struct inos_roll *roll)
{
  g_autoptr (GPtrArray) windows = inos_desk_new();
  struct inos_view *view;
  /* The oldest first. */
  wl_list_for_each_reverse (view, &roll->compositor->views, link) {
    if (belongs (view) && windows->len < INOS_DESK_MOST)
      g_ptr_array_add (windows, describe_view (view));
  }
  return inos_desk_format (windows, NULL);
}

static void write_out (struct inos_roll *roll)
{
  g_autofree char *text = inos_roll_describe (roll);
  if (!g_strcmp0 (text, roll->written))
    return;
  g_free (roll->written);
  roll->written = g_strdup (text);
  size_t length = strlen (text);
  inos_written_file_write (roll->file, g_steal_pointer (&text), length, NULL, NULL);
}

static int on_time (void *data)
{
  struct inos_roll *roll = data;
  roll->armed = false;
  write_out (roll);
  return 0;
}

static void later (struct inos_roll *roll)
{
  if (roll->armed || roll->frozen || !roll->file || roll->compositor->ending)
    return;
  roll->armed = true;
  wl_event_source_timer_update (roll->timer, BETWEEN);
}

void inos_roll_freeze (struct inos_roll *roll)
{
  if (roll->file && !roll->frozen)
    write_out (roll);
  roll->frozen = true;
  roll->armed = false;
  wl_event_source_timer_update (roll->timer, 0);
}

static void handle_view_map (struct wl_listener *listener, void *data)
{
  struct inos_roll *roll = wl_container_of (listener, roll, view_map);
  later (roll);
}

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct inos_roll *roll = wl_container_of (listener, roll, view_unmap);
  later (roll);
}

static void handle_view_change (struct wl_listener *listener, void *data)
{
  struct inos_roll *roll = wl_container_of (listener, roll, view_change);
  later (roll);
}

static void handle_workspace_change (struct wl_listener *listener, void *data)
{
  struct inos_roll *roll = wl_container_of (listener, roll, workspace_change);
  later (roll);
}

/* Coming back */

static int on_patience_ends (void *data)
{
  struct inos_roll *roll = data;
  g_ptr_array_set_size (roll->expected, 0);
  return 0;
}

void inos_roll_expect (struct inos_roll *roll, GPtrArray *windows)
{
  g_ptr_array_set_size (roll->expected, 0);
  g_ptr_array_set_free_func (windows, NULL);
  for (guint i = 0; i < windows->len; i++) {
    struct expected *expected = g_new0 (struct expected, 1);
    expected->window = g_ptr_array_index (windows, i);
    g_ptr_array_add (roll->expected, expected);
  }
  g_ptr_array_unref (windows);
  wl_event_source_timer_update (roll->patience, roll->expected->len > 0 ? PATIENCE : 0);
}

/* What the view is taken for: what it was taken for before, else the first of its program that no
 * other one is. */
static struct expected *find (struct inos_roll *roll, struct inos_view *view)
{
  struct expected *found = NULL;
  if (!roll || roll->expected->len == 0 || inos_stack_parent (view))
    return NULL;
  const char *app_id = inos_view_app_id (view);
  for (guint i = 0; i < roll->expected->len; i++) {
    struct expected *expected = g_ptr_array_index (roll->expected, i);
    if (expected->view == view)
      return expected;
    if (!found && !expected->view && !strcmp (expected->window->app_id, app_id))
      found = expected;
  }
  return found;
}

static struct wlr_box box_of (const struct inos_desk_window *window)
{
  return (struct wlr_box){window->x, window->y, window->width, window->height};
}

bool inos_roll_foresee (struct inos_view *view, struct wlr_box *box)
{
  struct expected *expected = find (view->compositor->roll, view);
  if (!expected)
    return false;
  expected->view = view;
  *box = box_of (expected->window);
  return true;
}

/* Its output may not be there any more: then it is where any window would be. */
static void place_floating (struct inos_view *view, struct wlr_box box)
{
  if (!inos_output_at (view->compositor, box.x + box.width / 2.0, box.y + box.height / 2.0))
    return;
  struct wlr_box now = inos_view_box (view);
  view->floating = box;
  if (!inos_view_is_floating (view))
    return;
  inos_view_move (view, box.x, box.y);
  if (now.width != box.width || now.height != box.height)
    inos_view_resize (view, box.width, box.height);
}

static void place_as (struct inos_view *view, const struct inos_desk_window *window)
{
  place_floating (view, box_of (window));
  inos_view_set_workspace (view, window->workspace);
  inos_view_set_on_top (view, window->on_top);
  inos_view_set_below (view, window->below);
  inos_view_set_sticky (view, window->sticky);
  if (window->maximized != view->maximized)
    inos_view_set_maximized (view, window->maximized);
  if (window->fullscreen != view->fullscreen)
    inos_view_set_fullscreen (view, window->fullscreen, NULL);
  inos_view_set_minimized (view, window->minimized);
}

void inos_roll_place (struct inos_view *view)
{
  struct inos_roll *roll = view->compositor->roll;
  struct expected *expected = find (roll, view);
  if (!expected)
    return;
  place_as (view, expected->window);
  g_ptr_array_remove (roll->expected, expected);
}

void inos_roll_forget (struct inos_view *view)
{
  struct inos_roll *roll = view->compositor->roll;
  for (guint i = 0; roll && i < roll->expected->len; i++) {
    struct expected *expected = g_ptr_array_index (roll->expected, i);
    if (expected->view == view)
      expected->view = NULL;
  }
}

struct inos_roll *inos_roll_create (struct inos_compositor *compositor, const char *path)
{
  struct inos_roll *roll = g_new0 (struct inos_roll, 1);
  roll->compositor = compositor;
  roll->expected = g_ptr_array_new_with_free_func (expected_free);
  roll->timer = wl_event_loop_add_timer (compositor->loop, on_time, roll);
  roll->patience = wl_event_loop_add_timer (compositor->loop, on_patience_ends, roll);
  if (path)
    roll->file = inos_written_file_create (path, "which windows were open is forgotten");
  CONNECT_SIGNAL (compositor, roll, view_map);
  CONNECT_SIGNAL (compositor, roll, view_unmap);
  CONNECT_SIGNAL (compositor, roll, view_change);
  CONNECT_SIGNAL (compositor, roll, workspace_change);
  return roll;
}

void inos_roll_destroy (struct inos_roll *roll)
{
  if (!roll)
    return;
  DISCONNECT (roll->view_map);
  DISCONNECT (roll->view_unmap);
  DISCONNECT (roll->view_change);
  DISCONNECT (roll->workspace_change);
  wl_event_source_remove (roll->timer);
  wl_event_source_remove (roll->patience);
  inos_written_file_destroy (roll->file);
  g_ptr_array_unref (roll->expected);
  g_free (roll->written);
  g_free (roll);
}
