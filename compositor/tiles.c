#include "tiles.h"

#include "column.h"
#include "rule.h"
#include "snap.h"
#include "stack.h"
#include "workspace.h"

#define SHARE 0.5 /* of a new window */

static struct inos_workspace *workspace_at (struct inos_compositor *compositor, unsigned int index)
{
  return g_ptr_array_index (compositor->workspaces, index);
}

/* Whether the view is one that layouts take. */
static bool fits (struct inos_view *view)
{
  struct inos_size_limits limits = view->impl->limits (view);
  bool fixed = limits.max_width > 0 && limits.max_width == limits.min_width &&
               limits.max_height > 0 && limits.max_height == limits.min_height;
  return !view->floats && !view->minimized && !view->sticky && !view->modal && !fixed &&
         !inos_stack_parent (view);
}

static bool belongs (struct inos_view *view, unsigned int index)
{
  return view->workspace == index && view->mapped && fits (view);
}

static bool is_output (struct inos_compositor *compositor, struct inos_output *output)
{
  struct inos_output *each;
  wl_list_for_each (each, &compositor->outputs, link) {
    if (each == output)
      return true;
  }
  return false;
}

/* Where a new view comes in: after the one that was used last. */
static guint place_of_new (struct inos_workspace *workspace, struct inos_view *view)
{
  struct inos_view *other;
  wl_list_for_each (other, &view->compositor->views, link) {
    guint index;
    if (other != view && g_ptr_array_find (workspace->tiles, other, &index))
      return workspace->layout == INOS_LAYOUT_SCROLL ? inos_column_end (workspace, index, true)
                                                     : index + 1;
  }
  return workspace->tiles->len;
}

static void insert (struct inos_workspace *workspace, struct inos_view *view)
{
  inos_view_remember_place (view);
  view->share = view->share > 0 ? view->share : SHARE;
  view->tile_output = inos_view_output (view);
  view->tiled = true;
  view->tile = (struct wlr_box){0};
  view->snapped = 0;
  inos_column_start (workspace, view);
  g_ptr_array_insert (workspace->tiles, (int)place_of_new (workspace, view), view);
}

static void take_out (struct inos_view *view)
{
  view->tiled = view->tile_hidden = false;
  view->share = 0;
  if (view->mapped)
    inos_view_apply_state (view, view->tile_output);
  view->tile_output = NULL;
}

/* Who is in the layout of the workspace, and who is no longer. */
static void collect (struct inos_compositor *compositor, unsigned int index)
{
  struct inos_workspace *workspace = workspace_at (compositor, index);
  bool tiling = workspace->layout != INOS_LAYOUT_FLOATING;
  for (guint i = workspace->tiles->len; i > 0; i--) {
    struct inos_view *view = g_ptr_array_index (workspace->tiles, i - 1);
    if (tiling && belongs (view, index))
      continue;
    g_ptr_array_remove_index (workspace->tiles, i - 1);
    take_out (view);
  }
  struct inos_view *view;
  wl_list_for_each_reverse (view, &compositor->views, link) {
    if (!tiling || view->tiled || !belongs (view, index))
      continue;
    insert (workspace, view);
  }
}

static void put (struct inos_view *view, struct wlr_box box, struct inos_output *output)
{
  struct wlr_box screen = inos_output_box (output), seen;
  bool hidden = !wlr_box_intersection (&seen, &screen, &box);
  if (wlr_box_equal (&box, &view->tile) && hidden == view->tile_hidden)
    return;
  view->tile = box;
  view->tile_hidden = hidden;
  inos_view_apply_state (view, output);
}

/* Fills boxes[count]; returns the strip's offset. */
static int lay_out (struct inos_workspace *workspace, struct inos_output *output,
                    const double *shares, const unsigned int *columns, guint count, guint focus,
                    struct wlr_box *boxes)
{
  int gap = output->compositor->config.gap;
  bool centre = focus < count && workspace->centred && columns[focus] == workspace->centred;
  if (workspace->layout != INOS_LAYOUT_DWINDLE)
    return inos_layout_strip (output->usable, gap, shares, columns, count, focus, centre,
                              workspace->offset, boxes);
  inos_layout_dwindle (output->usable, gap, shares, count, boxes);
  return workspace->offset;
}

bool inos_tiles_foresee (struct inos_view *view, struct wlr_box *tile)
{
  struct inos_compositor *compositor = view->compositor;
  struct inos_output *output = inos_output_active (compositor);
  struct inos_workspace *workspace =
    workspace_at (compositor, inos_workspace_of_output (compositor, output));
  int rule = inos_rules_floats (view);
  if (!output || workspace->layout == INOS_LAYOUT_FLOATING || rule == 1 || !fits (view))
    return false;
  g_autofree double *shares = g_new (double, workspace->tiles->len + 1);
  g_autofree unsigned int *columns = g_new (unsigned int, workspace->tiles->len + 1);
  g_autofree struct wlr_box *boxes = g_new (struct wlr_box, workspace->tiles->len + 1);
  guint place = place_of_new (workspace, view), count = 0, mine = 0;
  for (guint i = 0; i <= workspace->tiles->len; i++) {
    if (i == place) {
      mine = count;
      columns[count] = 0;
      shares[count++] = SHARE;
    }
    if (i == workspace->tiles->len)
      break;
    struct inos_view *other = g_ptr_array_index (workspace->tiles, i);
    if (other->tile_output != output)
      continue;
    columns[count] = other->column;
    shares[count++] = other->share;
  }
  lay_out (workspace, output, shares, columns, count, mine, boxes);
  *tile = boxes[mine];
  return true;
}

static void arrange_output (struct inos_compositor *compositor, unsigned int index,
                            struct inos_output *output)
{
  struct inos_workspace *workspace = workspace_at (compositor, index);
  g_autoptr (GPtrArray) views = g_ptr_array_new();
  g_autofree double *shares = g_new (double, workspace->tiles->len + 1);
  g_autofree unsigned int *columns = g_new (unsigned int, workspace->tiles->len + 1);
  g_autofree struct wlr_box *boxes = g_new (struct wlr_box, workspace->tiles->len + 1);
  for (guint i = 0; i < workspace->tiles->len; i++) {
    struct inos_view *view = g_ptr_array_index (workspace->tiles, i);
    if (view->tile_output == output)
      g_ptr_array_add (views, view);
  }
  if (workspace->layout == INOS_LAYOUT_SCROLL)
    inos_columns_mend (workspace, views);
  for (guint i = 0; i < views->len; i++) {
    const struct inos_view *view = g_ptr_array_index (views, i);
    shares[i] = view->share;
    columns[i] = view->column;
  }
  guint focus = UINT_MAX;
  struct inos_view *used;
  wl_list_for_each (used, &compositor->views, link) {
    if (g_ptr_array_find (views, used, &focus))
      break;
  }
  workspace->offset = lay_out (workspace, output, shares, columns, views->len, focus, boxes);
  for (guint i = 0; i < views->len; i++)
    put (g_ptr_array_index (views, i), boxes[i], output);
}

/* A column stays in the middle until a window of another one is used. */
static void forget_centre (struct inos_compositor *compositor, struct inos_workspace *workspace)
{
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (!g_ptr_array_find (workspace->tiles, view, NULL))
      continue;
    if (view->column != workspace->centred)
      workspace->centred = 0;
    return;
  }
}

void inos_tiles_arrange (struct inos_compositor *compositor)
{
  if (compositor->ending || wl_list_empty (&compositor->outputs))
    return;
  for (guint i = 0; i < compositor->workspaces->len; i++) {
    struct inos_workspace *workspace = workspace_at (compositor, i);
    collect (compositor, i);
    if (workspace->centred)
      forget_centre (compositor, workspace);
    for (guint j = 0; j < workspace->tiles->len; j++) {
      struct inos_view *view = g_ptr_array_index (workspace->tiles, j);
      if (!is_output (compositor, view->tile_output))
        view->tile_output = inos_output_active (compositor);
    }
    struct inos_output *output;
    wl_list_for_each (output, &compositor->outputs, link) {
      if (workspace->tiles->len > 0)
        arrange_output (compositor, i, output);
    }
  }
}

void inos_tiles_set_layout (struct inos_compositor *compositor, unsigned int index,
                            enum inos_layout layout)
{
  if (index >= compositor->workspaces->len || layout >= INOS_LAYOUT_COUNT)
    return;
  struct inos_workspace *workspace = workspace_at (compositor, index);
  workspace->layout = layout;
  workspace->offset = 0;
  inos_tiles_arrange (compositor);
  wl_signal_emit_mutable (&compositor->events.workspace_change, compositor);
}

void inos_tiles_set_floats (struct inos_view *view, bool floats)
{
  view->floats = floats;
  inos_tiles_arrange (view->compositor);
}

static struct inos_view *tile_at (struct inos_workspace *workspace, double x, double y)
{
  for (guint i = 0; i < workspace->tiles->len; i++) {
    struct inos_view *view = g_ptr_array_index (workspace->tiles, i);
    if (!view->tile_hidden && wlr_box_contains_point (&view->tile, x, y))
      return view;
  }
  return NULL;
}

/* Whether the point is in the half of the box that comes later in the layout. */
static bool is_in_later_half (struct wlr_box box, enum inos_layout layout, double x, double y)
{
  bool across = layout == INOS_LAYOUT_SCROLL || box.width >= box.height;
  return across ? x >= box.x + box.width / 2.0 : y >= box.y + box.height / 2.0;
}

void inos_tiles_drop (struct inos_view *view, double x, double y)
{
  struct inos_compositor *compositor = view->compositor;
  struct inos_workspace *workspace = workspace_at (compositor, view->workspace);
  struct inos_output *output = inos_output_at (compositor, x, y);
  struct inos_view *under = tile_at (workspace, x, y);
  bool later = under && is_in_later_half (under->tile, workspace->layout, x, y);
  guint index;
  inos_tiles_set_floats (view, false);
  if (!view->tiled || !g_ptr_array_remove (workspace->tiles, view))
    return;
  if (under && g_ptr_array_find (workspace->tiles, under, &index)) {
    bool strip = workspace->layout == INOS_LAYOUT_SCROLL;
    guint place = strip ? inos_column_end (workspace, index, later) : index + later;
    g_ptr_array_insert (workspace->tiles, (int)place, view);
  } else {
    g_ptr_array_add (workspace->tiles, view);
  }
  view->tile_output = output ? output : view->tile_output;
  inos_tiles_arrange (compositor);
}

void inos_tiles_swap (struct inos_view *view, int step)
{
  struct inos_workspace *workspace = workspace_at (view->compositor, view->workspace);
  guint index;
  if (!view->tiled || !g_ptr_array_find (workspace->tiles, view, &index))
    return;
  guint n = workspace->tiles->len, other = (index + n + (guint)step) % n;
  inos_column_swap (workspace, index, other);
  inos_tiles_arrange (view->compositor);
}

void inos_tiles_grow (struct inos_view *view, double by)
{
  struct inos_workspace *workspace = workspace_at (view->compositor, view->workspace);
  guint index;
  if (!view->tiled || !g_ptr_array_find (workspace->tiles, view, &index))
    return;
  if (workspace->layout == INOS_LAYOUT_SCROLL) {
    inos_column_set_share (view, view->share + by);
    return;
  }
  /* The last window of a spiral has what the one before it leaves. */
  bool last = workspace->layout == INOS_LAYOUT_DWINDLE && index + 1 == workspace->tiles->len;
  struct inos_view *changes =
    last && index > 0 ? g_ptr_array_index (workspace->tiles, index - 1) : view;
  changes->share =
    CLAMP (changes->share + (changes == view ? by : -by), INOS_SHARE_LEAST, INOS_SHARE_MOST);
  inos_tiles_arrange (view->compositor);
}
