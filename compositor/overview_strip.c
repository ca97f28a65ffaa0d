/* The workspaces of one output in small, side by side above its windows. */
#include <math.h>
#include <wlr/types/wlr_scene.h>

#include "overview_private.h"
#include "window_frame.h"

enum { EDGE = 12, GAP = 16, NAME = 24, LEAST = 48, MOST = 132, RING = 2 }; /* px */

#define PART_OF_HEIGHT 0.13
#define CELL_OPACITY 0.7

static struct inos_overview_cell *at (const struct inos_overview_screen *screen, guint i)
{
  return g_ptr_array_index (screen->cells, i);
}

/* As wide as all of them fit, and as the output is shaped. */
static void measure (const struct inos_overview_screen *screen, int *width, int *height)
{
  struct wlr_box desk = inos_output_box (screen->output);
  const struct wlr_box *room = &screen->output->usable;
  int count = (int)screen->overview->compositor->workspaces->len;
  int most = (room->width - 2 * EDGE - (count - 1) * GAP) / MAX (1, count);
  *height = CLAMP ((int)(room->height * PART_OF_HEIGHT), LEAST, MOST);
  *width = MAX (1, MIN (most, *height * desk.width / MAX (1, desk.height)));
  *height = MAX (1, *width * desk.height / MAX (1, desk.width));
}

int inos_overview_strip_height (const struct inos_overview_screen *screen)
{
  int width, height;
  measure (screen, &width, &height);
  return EDGE + height + inos_overview_grown (&screen->style, NAME);
}

static void place_cells (struct inos_overview_screen *screen)
{
  struct wlr_box desk = inos_output_box (screen->output);
  const struct wlr_box *room = &screen->output->usable;
  int width, height, count = (int)screen->cells->len;
  measure (screen, &width, &height);
  int left = room->x - desk.x + (room->width - count * width - (count - 1) * GAP) / 2;
  for (int i = 0; i < count; i++) {
    int column = screen->style.from_right ? count - 1 - i : i;
    at (screen, (guint)i)->box =
      (struct wlr_box){left + column * (width + GAP), room->y - desk.y + EDGE, width, height};
  }
}

/* Where workspaces are shared, an output has its own windows of each. */
static bool is_here (const struct inos_overview_screen *screen,
                     const struct inos_overview_cell *cell, struct inos_view *view)
{
  const struct inos_compositor *compositor = screen->overview->compositor;
  if (view->minimized || view->tile_hidden)
    return false;
  if (view->sticky)
    return inos_view_output (view) == screen->output;
  return view->workspace == cell->workspace &&
         (compositor->config.workspaces_per_output || inos_view_output (view) == screen->output);
}

static void on_thumbnail (void *thumbnail)
{
  inos_thumbnail_destroy (thumbnail);
}

static void cell_free (void *data)
{
  struct inos_overview_cell *cell = data;
  g_ptr_array_unref (cell->windows);
  g_free (cell);
}

static void draw_name (struct inos_overview_screen *screen, struct inos_overview_cell *cell)
{
  const struct inos_workspace *workspace =
    g_ptr_array_index (screen->overview->compositor->workspaces, cell->workspace);
  int height = inos_overview_grown (&screen->style, NAME);
  inos_overview_set_picture (cell->name,
                             inos_overview_draw_name (&screen->style, workspace->name,
                                                      cell->box.width + GAP, height,
                                                      cell->workspace == screen->workspace),
                             cell->box.width + GAP, height);
}

static struct inos_overview_cell *cell_create (struct inos_overview_screen *screen,
                                               unsigned int workspace)
{
  static const float none[4] = {0, 0, 0, 0};
  struct inos_overview_cell *cell = g_new0 (struct inos_overview_cell, 1);
  struct inos_view *view;
  cell->workspace = workspace;
  cell->windows = g_ptr_array_new_with_free_func (on_thumbnail);
  cell->back = wlr_scene_rect_create (screen->strip, 0, 0, none);
  wl_list_for_each_reverse (view, &screen->overview->compositor->views, link) {
    if (is_here (screen, cell, view))
      g_ptr_array_add (cell->windows, inos_thumbnail_create (screen->strip, view));
  }
  inos_overview_ring_create (&cell->ring, screen->strip, NULL);
  cell->name = wlr_scene_buffer_create (screen->strip, NULL);
  return cell;
}

void inos_overview_strip_clear (struct inos_overview_screen *screen)
{
  if (screen->cells)
    g_ptr_array_unref (screen->cells);
  screen->cells = g_ptr_array_new_with_free_func (cell_free);
  if (screen->strip)
    wlr_scene_node_destroy (&screen->strip->node);
  screen->strip = NULL;
  g_clear_pointer (&screen->strip_shows, g_free);
}

/* Which windows and workspaces it has, where, and how they are drawn; where windows are is asked
 * with each frame. */
static char *describe (const struct inos_overview_screen *screen)
{
  const struct inos_compositor *compositor = screen->overview->compositor;
  const struct inos_overview_style *style = &screen->style;
  struct wlr_box desk = inos_output_box (screen->output);
  const struct wlr_box *room = &screen->output->usable;
  GString *text = g_string_new (NULL);
  g_string_append_printf (text, "%d %d %d %d %d, %u, %d %d %d %d, %d %d %d %d\n", style->text,
                          style->scale, style->dark, style->contrast, style->from_right,
                          screen->workspace, desk.x, desk.y, desk.width, desk.height, room->x,
                          room->y, room->width, room->height);
  for (guint i = 0; i < compositor->workspaces->len; i++) {
    const struct inos_workspace *workspace = g_ptr_array_index (compositor->workspaces, i);
    const struct inos_overview_cell cell = {.workspace = i};
    struct inos_view *view;
    g_string_append_printf (text, "%s:", workspace->name);
    wl_list_for_each_reverse (view, &compositor->views, link) {
      if (is_here (screen, &cell, view))
        g_string_append_printf (text, " %u", view->id);
    }
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}

void inos_overview_strip_update (struct inos_overview_screen *screen)
{
  g_autofree char *shows = describe (screen);
  if (g_strcmp0 (shows, screen->strip_shows) == 0) {
    wlr_scene_node_raise_to_top (&screen->strip->node);
    return;
  }
  inos_overview_strip_clear (screen);
  screen->strip_shows = g_steal_pointer (&shows);
  screen->strip = wlr_scene_tree_create (screen->tree);
  for (guint i = 0; i < screen->overview->compositor->workspaces->len; i++)
    g_ptr_array_add (screen->cells, cell_create (screen, i));
  place_cells (screen);
  for (guint i = 0; i < screen->cells->len; i++)
    draw_name (screen, at (screen, i));
}

void inos_overview_strip_forget (struct inos_overview_screen *screen, struct inos_view *view)
{
  for (guint i = 0; i < screen->cells->len; i++) {
    GPtrArray *windows = at (screen, i)->windows;
    for (guint k = windows->len; k > 0; k--) {
      const struct inos_thumbnail *thumbnail = g_ptr_array_index (windows, k - 1);
      if (thumbnail->view == view)
        g_ptr_array_remove_index (windows, k - 1);
    }
  }
}

/* A window of the desk of its output, in the cell. */
static struct wlr_box shrunk (const struct inos_overview_cell *cell, struct inos_view *view)
{
  struct wlr_box outer = inos_frame_outer (view, inos_view_box (view));
  struct inos_output *output = inos_view_output (view);
  struct wlr_box desk = output ? inos_output_box (output) : (struct wlr_box){0};
  double x = (double)cell->box.width / MAX (1, desk.width);
  double y = (double)cell->box.height / MAX (1, desk.height);
  return (struct wlr_box){cell->box.x + (int)lround ((outer.x - desk.x) * x),
                          cell->box.y + (int)lround ((outer.y - desk.y) * y),
                          MAX (1, (int)lround (outer.width * x)),
                          MAX (1, (int)lround (outer.height * y))};
}

void inos_overview_strip_mark (struct inos_overview_screen *screen)
{
  const struct inos_tokens *tokens = inos_tokens_of (screen->style.dark, screen->style.contrast);
  const struct inos_overview *overview = screen->overview;
  float accent[4], plain[4];
  inos_colour_blend (accent, screen->style.accent, 1);
  inos_colour_blend (plain, tokens->text_3, 1);
  for (guint i = 0; i < screen->cells->len; i++) {
    struct inos_overview_cell *cell = at (screen, i);
    bool shown = cell->workspace == screen->workspace;
    bool pointed = (int)cell->workspace == overview->over_cell;
    bool taken = pointed && overview->press.moved;
    inos_overview_ring_place (&cell->ring, &cell->box,
                              taken                    ? 2 * RING
                              : shown                  ? RING
                              : pointed                ? 1
                              : screen->style.contrast ? 1
                                                       : 0,
                              shown || taken ? accent : plain);
  }
}

void inos_overview_strip_show (struct inos_overview_screen *screen)
{
  const struct inos_tokens *tokens = inos_tokens_of (screen->style.dark, screen->style.contrast);
  double part = screen->overview->part;
  float back[4];
  inos_colour_blend (back, tokens->surface_3, screen->style.contrast ? 1 : CELL_OPACITY);
  wlr_scene_node_set_position (&screen->strip->node, 0,
                               -(int)lround ((1 - part) * screen->strip_height));
  wlr_scene_node_set_enabled (&screen->strip->node, part > 0);
  for (guint i = 0; i < screen->cells->len; i++) {
    struct inos_overview_cell *cell = at (screen, i);
    wlr_scene_node_set_position (&cell->back->node, cell->box.x, cell->box.y);
    wlr_scene_rect_set_size (cell->back, cell->box.width, cell->box.height);
    wlr_scene_rect_set_color (cell->back, back);
    wlr_scene_node_set_position (&cell->name->node, cell->box.x - GAP / 2,
                                 cell->box.y + cell->box.height);
    for (guint k = 0; k < cell->windows->len; k++) {
      struct inos_thumbnail *thumbnail = g_ptr_array_index (cell->windows, k);
      thumbnail->clip = cell->box;
      inos_thumbnail_place (thumbnail, shrunk (cell, thumbnail->view), 1);
    }
  }
}
