#include "home.h"

#include <wlr/types/wlr_output.h>

#include "grab.h"
#include "output_profile.h"
#include "placement.h"
#include "seat.h"
#include "workspace.h"

enum { MOST_REMEMBERED = 64 /* outputs whose workspace is kept in mind */ };

/* How the view was left by the compositor: when it is otherwise, somebody changed it. */
struct arrangement {
  bool maximized, fullscreen, tiled;
  uint32_t snapped;
  struct inos_output *output; /* to be compared only; NULL where the view floats */
  int x, y;                   /* only where the view floats */
};

struct inos_home {
  char *output;                 /* which one it belongs to */
  struct wlr_box box, floating; /* from the corner of that output */
  unsigned int workspace;
  struct arrangement left;
  bool kept; /* while held: nobody changed it before */
};

struct inos_homes {
  struct inos_compositor *compositor;
  unsigned int held;
  GHashTable *workspaces;       /* which output → index of what it showed, +1 */
  struct wl_event_source *idle; /* NULL: no output came */
};

/* Two monitors of a kind that do not say which one they are differ by where they are plugged in. */
static char *key_of (struct inos_output *output)
{
  char *identity = inos_output_identity (output);
  if (output->wlr->serial)
    return identity;
  char *key = g_strconcat (identity, "|", output->wlr->name, NULL);
  g_free (identity);
  return key;
}

static struct arrangement arrangement_of (struct inos_view *view)
{
  bool floating = inos_view_is_floating (view);
  return (struct arrangement){
    .maximized = view->maximized,
    .fullscreen = view->fullscreen,
    .tiled = view->tiled,
    .snapped = view->snapped,
    .output = floating      ? NULL
              : view->tiled ? view->tile_output
                            : inos_view_output (view),
    .x = floating ? view->x : 0,
    .y = floating ? view->y : 0,
  };
}

static bool is_as_left (struct inos_view *view)
{
  struct arrangement now = arrangement_of (view), left = view->home->left;
  return now.maximized == left.maximized && now.fullscreen == left.fullscreen &&
         now.tiled == left.tiled && now.snapped == left.snapped && now.output == left.output &&
         now.x == left.x && now.y == left.y;
}

void inos_home_forget (struct inos_view *view)
{
  if (view->home)
    g_free (view->home->output);
  g_clear_pointer (&view->home, g_free);
}

void inos_homes_hold (struct inos_compositor *compositor)
{
  if (!compositor->homes || compositor->homes->held++ > 0)
    return;
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (view->home)
      view->home->kept = is_as_left (view);
  }
}

void inos_homes_release (struct inos_compositor *compositor)
{
  if (!compositor->homes || --compositor->homes->held > 0)
    return;
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (view->home && view->home->kept)
      view->home->left = arrangement_of (view);
    else
      inos_home_forget (view);
  }
}

/* Where the view is, or where it goes as soon as its client has drawn. */
static struct wlr_box box_of (struct inos_view *view)
{
  return view->placing.timer ? view->placing.box : inos_view_box (view);
}

static double outside (double x, int from, int length)
{
  return x < from ? from - x : x >= from + length ? x - from - length + 1 : 0;
}

/* The output that the view was on before the layout changed: the one its middle is nearest to. */
static struct inos_output *output_before (struct inos_view *view)
{
  struct wlr_box box = box_of (view);
  double x = box.x + box.width / 2.0, y = box.y + box.height / 2.0, least = 0;
  struct inos_output *output, *nearest = NULL;
  wl_list_for_each (output, &view->compositor->outputs, link) {
    if (!output->placed)
      continue;
    if (view->tiled && view->tile_output == output)
      return output;
    double away = outside (x, output->box.x, output->box.width) +
                  outside (y, output->box.y, output->box.height);
    if (!nearest || away < least) {
      nearest = output;
      least = away;
    }
  }
  return nearest;
}

static void shift (struct inos_view *view, int dx, int dy)
{
  if (dx == 0 && dy == 0)
    return;
  inos_grabs_forget_view (view);
  view->floating.x += dx;
  view->floating.y += dy;
  view->placing.box.x += dx;
  view->placing.box.y += dy;
  if (!view->placing.timer)
    inos_view_move (view, view->x + dx, view->y + dy);
}

static struct inos_home *home_of (struct inos_view *view, struct inos_output *output)
{
  struct inos_home *home = g_new0 (struct inos_home, 1);
  home->output = key_of (output);
  home->box = box_of (view);
  home->floating = view->floating;
  home->box.x -= output->box.x;
  home->box.y -= output->box.y;
  home->floating.x -= output->box.x;
  home->floating.y -= output->box.y;
  home->workspace = view->workspace;
  home->kept = true;
  return home;
}

/* Another output that is in the layout: where the pointer is, else the first; NULL where none is.
 */
static struct inos_output *refuge_from (struct inos_output *output)
{
  struct inos_output *active = inos_output_active (output->compositor), *each;
  if (active && active != output && active->placed)
    return active;
  wl_list_for_each (each, &output->compositor->outputs, link) {
    if (each != output && each->placed)
      return each;
  }
  return NULL;
}

static void remember_workspace (struct inos_homes *homes, struct inos_output *output)
{
  if (!homes->compositor->config.workspaces_per_output)
    return;
  if (g_hash_table_size (homes->workspaces) >= MOST_REMEMBERED)
    g_hash_table_remove_all (homes->workspaces);
  g_hash_table_replace (homes->workspaces, key_of (output),
                        GUINT_TO_POINTER (output->workspace + 1));
}

void inos_homes_leave (struct inos_output *output)
{
  struct inos_compositor *compositor = output->compositor;
  if (!output->placed || compositor->ending)
    return;
  inos_homes_hold (compositor);
  struct inos_output *refuge = refuge_from (output);
  struct wlr_box from = output->box, to = refuge ? refuge->box : (struct wlr_box){0};
  if (output != compositor->fallback)
    remember_workspace (compositor->homes, output);
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (output_before (view) != output)
      continue;
    if (!view->home && output != compositor->fallback)
      view->home = home_of (view, output);
    if (view->tile_output == output)
      view->tile_output = refuge;
    shift (view, to.x - from.x, to.y - from.y);
  }
  output->placed = false;
  inos_homes_release (compositor);
}

/* What it showed when it went is shown by it again; who shows that now gets the other. */
static void give_workspace_back (struct inos_output *output, unsigned int index)
{
  struct inos_compositor *compositor = output->compositor;
  if (index >= compositor->workspaces->len || index == output->workspace)
    return;
  struct inos_output *each;
  wl_list_for_each (each, &compositor->outputs, link) {
    if (each->workspace == index)
      each->workspace = output->workspace;
  }
  output->workspace = index;
}

/* While it was away another output may have been given what it shows. */
static void share_workspaces (struct inos_output *output)
{
  struct inos_output *each;
  wl_list_for_each (each, &output->compositor->outputs, link) {
    if (each == output || !each->placed || each->workspace != output->workspace)
      continue;
    inos_workspace_give (output);
    return;
  }
}

static void go_home (struct inos_view *view, struct inos_output *output)
{
  struct inos_home *home = view->home;
  view->floating = home->floating;
  view->floating.x += output->box.x;
  view->floating.y += output->box.y;
  inos_grabs_forget_view (view);
  if (view->tiled)
    view->tile_output = output;
  else if (inos_view_is_floating (view))
    inos_view_move (view, output->box.x + home->box.x, output->box.y + home->box.y);
  else
    inos_view_apply_state (view, output);
  inos_home_forget (view);
}

static void take_back (struct inos_output *output)
{
  struct inos_compositor *compositor = output->compositor;
  g_autofree char *key = key_of (output);
  bool per_output = compositor->config.workspaces_per_output;
  void *remembered = g_hash_table_lookup (compositor->homes->workspaces, key);
  if (per_output && remembered)
    give_workspace_back (output, GPOINTER_TO_UINT (remembered) - 1);
  g_hash_table_remove (compositor->homes->workspaces, key);
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (!view->home || !view->home->kept || !g_str_equal (view->home->output, key))
      continue;
    if (per_output && !view->sticky && view->workspace != view->home->workspace)
      inos_home_forget (view);
    else
      go_home (view, output);
  }
}

static void on_idle (void *data)
{
  struct inos_homes *homes = data;
  struct inos_compositor *compositor = homes->compositor;
  homes->idle = NULL;
  inos_homes_hold (compositor);
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (output->placed && output->arrived)
      take_back (output);
    output->arrived = false;
  }
  inos_views_settle (compositor, NULL);
  inos_workspaces_outputs_changed (compositor);
  inos_homes_release (compositor);
}

static void later (struct inos_homes *homes)
{
  if (!homes->idle)
    homes->idle = wl_event_loop_add_idle (homes->compositor->loop, on_idle, homes);
}

/* Outputs that were switched off for good: they are still ours, and not in the layout. */
static void leave_those_off (struct inos_homes *homes)
{
  struct inos_output *output;
  wl_list_for_each (output, &homes->compositor->outputs, link) {
    struct wlr_box box = inos_output_box (output);
    if (!output->placed || !wlr_box_empty (&box))
      continue;
    inos_homes_leave (output);
    later (homes);
  }
}

void inos_homes_follow (struct inos_compositor *compositor)
{
  struct inos_homes *homes = compositor->homes;
  struct inos_output *output;
  if (!homes || compositor->ending)
    return;
  inos_homes_hold (compositor);
  leave_those_off (homes);
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    output = output_before (view);
    struct wlr_box now = output ? inos_output_box (output) : (struct wlr_box){0};
    if (output)
      shift (view, now.x - output->box.x, now.y - output->box.y);
  }
  wl_list_for_each (output, &compositor->outputs, link) {
    struct wlr_box now = inos_output_box (output);
    if (wlr_box_empty (&now))
      continue;
    output->box = now;
    if (output->placed)
      continue;
    output->placed = output->arrived = true;
    if (compositor->config.workspaces_per_output)
      share_workspaces (output);
    later (homes);
  }
  inos_homes_release (compositor);
}

struct inos_homes *inos_homes_create (struct inos_compositor *compositor)
{
  struct inos_homes *homes = g_new0 (struct inos_homes, 1);
  homes->compositor = compositor;
  homes->workspaces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return homes;
}

void inos_homes_destroy (struct inos_homes *homes)
{
  if (!homes)
    return;
  if (homes->idle)
    wl_event_source_remove (homes->idle);
  g_hash_table_unref (homes->workspaces);
  g_free (homes);
}
