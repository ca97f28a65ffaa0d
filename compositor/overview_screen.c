/* What one output shows of the overview. */
#include <glib/gi18n.h>
#include <math.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>

#include "look.h"
#include "overview.h"
#include "overview_private.h"
#include "window_frame.h"

enum {
  NAME = 28,       /* px below a window, for its name */
  GAP = 44,        /* px around each window, the name among them */
  NARROW_GAP = 30, /* likewise, where there are many */
  MANY = 12,
  NAME_LEAST = 120, /* px wide that names may be, if there is room beside them */
  CLOSE = 28,       /* px */
  RING = 3,
  EDGE = 1,    /* px, of windows that are not chosen, in high contrast */
  WORDS = 120, /* px high that words are where there is no window */
  MOST_SCALE = 4,
};

#define BACK_OPACITY 0.86
#define HIDDEN_OPACITY 0.6

static struct inos_overview_tile *at (const struct inos_overview_screen *screen, guint i)
{
  return g_ptr_array_index (screen->tiles, i);
}

static struct wlr_box between (const struct wlr_box *from, const struct wlr_box *to, double part)
{
  return (struct wlr_box){(int)lround (from->x + (to->x - from->x) * part),
                          (int)lround (from->y + (to->y - from->y) * part),
                          MAX (1, (int)lround (from->width + (to->width - from->width) * part)),
                          MAX (1, (int)lround (from->height + (to->height - from->height) * part))};
}

struct wlr_box inos_overview_tile_box (const struct inos_overview_tile *tile,
                                       const struct inos_overview *overview)
{
  struct wlr_box there = between (&tile->old, &tile->place, overview->settled);
  return between (&tile->desk, &there, overview->part);
}

struct wlr_box inos_overview_close_box (const struct inos_overview_screen *screen,
                                        const struct inos_overview_tile *tile)
{
  int side = inos_overview_grown (&screen->style, CLOSE);
  int edge = screen->style.from_right ? tile->place.x : tile->place.x + tile->place.width;
  return (struct wlr_box){edge - side / 2, tile->place.y - side / 2, side, side};
}

static void on_tile (void *data)
{
  struct inos_overview_tile *tile = data;
  inos_thumbnail_destroy (tile->thumbnail);
  wlr_scene_node_destroy (&tile->name->node);
  inos_overview_ring_destroy (&tile->edge);
  g_free (tile->title);
  g_free (tile);
}

static struct inos_overview_tile *tile_of (const struct inos_overview_screen *screen,
                                           const struct inos_view *view)
{
  for (guint i = 0; i < screen->tiles->len; i++) {
    if (at (screen, i)->view == view)
      return at (screen, i);
  }
  return NULL;
}

/* From the corner of the output. */
static struct wlr_box desk_box (const struct inos_overview_screen *screen, struct inos_view *view)
{
  struct wlr_box box = inos_frame_outer (view, inos_view_box (view));
  struct wlr_box desk = inos_output_box (screen->output);
  box.x -= desk.x;
  box.y -= desk.y;
  return box;
}

static bool belongs (const struct inos_overview_screen *screen, struct inos_view *view)
{
  return inos_view_output (view) == screen->output &&
         (view->sticky || view->workspace == screen->workspace);
}

/* The places of the windows, in the room that the workspaces leave. */
static GArray *arrange (struct inos_overview_screen *screen)
{
  struct wlr_box desk = inos_output_box (screen->output);
  const struct wlr_box *usable = &screen->output->usable;
  GArray *places = g_array_new (FALSE, FALSE, sizeof (struct inos_overview_place));
  struct inos_view *view;
  wl_list_for_each (view, &screen->overview->compositor->views, link) {
    struct inos_overview_place place = {view, desk_box (screen, view)};
    if (belongs (screen, view) && !wlr_box_empty (&place.box))
      g_array_append_val (places, place);
  }
  int gap = inos_overview_grown (&screen->style, places->len > MANY ? NARROW_GAP : GAP);
  int height = usable->height - screen->strip_height;
  inos_overview_arrange_places (places, usable->width, height, gap);
  for (guint i = 0; i < places->len; i++) {
    struct wlr_box *box = &g_array_index (places, struct inos_overview_place, i).box;
    box->x += usable->x - desk.x;
    box->y += usable->y - desk.y + screen->strip_height;
  }
  return places;
}

static struct inos_overview_tile *tile_create (struct inos_overview_screen *screen,
                                               struct inos_view *view)
{
  struct inos_overview_tile *tile = g_new0 (struct inos_overview_tile, 1);
  tile->view = view;
  tile->thumbnail = inos_thumbnail_create (screen->windows, view);
  tile->name = wlr_scene_buffer_create (screen->tree, NULL);
  wlr_scene_node_place_above (&tile->name->node, &screen->windows->node);
  inos_overview_ring_create (&tile->edge, screen->tree, &screen->windows->node);
  return tile;
}

/* Where it comes from, which may be another place by now. */
static void take_desk (struct inos_overview_screen *screen, struct inos_overview_tile *tile)
{
  const struct inos_view *view = tile->view;
  tile->hidden = view->minimized || !view->tree->node.enabled;
  tile->desk = tile->hidden ? tile->place : desk_box (screen, tile->view);
}

static void place_tile (struct inos_overview_screen *screen, struct inos_overview_tile *tile,
                        const struct wlr_box *place, bool is_new)
{
  const struct inos_overview *overview = screen->overview;
  struct wlr_box now = is_new ? *place : between (&tile->old, &tile->place, overview->settled);
  if (!wlr_box_equal (&tile->place, place))
    g_clear_pointer (&tile->title, g_free); /* its name may have another width */
  tile->old = now;
  tile->place = *place;
  take_desk (screen, tile);
}

/* Whether all are where they were: a title that changes, say, stops nothing that moves. */
static bool are_same (struct inos_overview_screen *screen, const GArray *places)
{
  bool same = screen->tiles->len == places->len;
  for (guint i = 0; i < places->len && same; i++) {
    const struct inos_overview_place *place =
      &g_array_index (places, struct inos_overview_place, i);
    const struct inos_overview_tile *tile = g_ptr_array_index (screen->tiles, i);
    same = tile->view == place->view && wlr_box_equal (&tile->place, &place->box);
  }
  return same;
}

/* The tiles in the order of `places`, each kept that was there. Returns whether one is on its way.
 */
static bool take_places (struct inos_overview_screen *screen, const GArray *places)
{
  GPtrArray *tiles = g_ptr_array_new_with_free_func (on_tile);
  bool moved = false;
  for (guint i = 0; i < places->len; i++) {
    const struct inos_overview_place *place =
      &g_array_index (places, struct inos_overview_place, i);
    struct inos_overview_tile *tile = tile_of (screen, place->view);
    bool is_new = !tile;
    guint index;
    if (is_new)
      tile = tile_create (screen, place->view);
    else if (g_ptr_array_find (screen->tiles, tile, &index))
      g_ptr_array_steal_index (screen->tiles, index);
    place_tile (screen, tile, &place->box, is_new);
    moved |= !wlr_box_equal (&tile->old, &tile->place);
    g_ptr_array_add (tiles, tile);
  }
  g_ptr_array_unref (screen->tiles);
  screen->tiles = tiles;
  return moved;
}

/* As windows are stacked on the desk, so that they come from there. */
static void stack (struct inos_overview_screen *screen)
{
  const struct inos_view *view;
  wl_list_for_each_reverse (view, &screen->overview->compositor->views, link) {
    const struct inos_overview_tile *tile = tile_of (screen, view);
    if (tile && tile->thumbnail->tree->node.parent == screen->windows)
      wlr_scene_node_raise_to_top (&tile->thumbnail->tree->node);
  }
}

static void say_that_it_is_empty (struct inos_overview_screen *screen)
{
  const struct wlr_box *usable = &screen->output->usable;
  struct wlr_box desk = inos_output_box (screen->output);
  int height = MIN (inos_overview_grown (&screen->style, WORDS), usable->height);
  if (screen->words)
    wlr_scene_node_destroy (&screen->words->node);
  screen->words = NULL;
  if (screen->tiles->len > 0)
    return;
  screen->words = wlr_scene_buffer_create (screen->tree, NULL);
  inos_overview_set_picture (
    screen->words,
    inos_overview_draw_words (&screen->style, _ ("No windows on this workspace"),
                              _ ("Type to find something to open."), usable->width, height),
    usable->width, height);
  wlr_scene_node_set_position (&screen->words->node, usable->x - desk.x,
                               usable->y - desk.y + screen->strip_height +
                                 MAX (0, usable->height - screen->strip_height - height) / 2);
}

static void read_style (struct inos_overview_screen *screen)
{
  struct inos_compositor *compositor = screen->overview->compositor;
  screen->style = (struct inos_overview_style){
    .text = MAX (100, inos_look_text (compositor)),
    .scale = MIN ((int)ceilf (screen->output->wlr->scale), MOST_SCALE),
    .dark = inos_look_is_dark (compositor),
    .from_right = inos_overview_reads_from_right(),
    .contrast = inos_look_is_contrast (compositor),
    .accent = inos_look_accent (compositor),
  };
}

bool inos_overview_screen_update (struct inos_overview_screen *screen)
{
  struct inos_compositor *compositor = screen->overview->compositor;
  struct wlr_box desk = inos_output_box (screen->output);
  read_style (screen);
  screen->workspace = inos_workspace_of_output (compositor, screen->output);
  screen->strip_height = inos_overview_strip_height (screen);
  wlr_scene_node_set_position (&screen->tree->node, desk.x, desk.y);
  wlr_scene_rect_set_size (screen->back, desk.width, desk.height);
  g_autoptr (GArray) places = arrange (screen);
  bool goes_on = screen->overview->settled > 0 && are_same (screen, places);
  bool moved = false;
  for (guint i = 0; i < screen->tiles->len && goes_on; i++)
    take_desk (screen, g_ptr_array_index (screen->tiles, i));
  if (!goes_on)
    moved = take_places (screen, places);
  screen->goes_on = goes_on;
  stack (screen);
  inos_overview_strip_update (screen);
  say_that_it_is_empty (screen);
  return moved;
}

void inos_overview_put_down (struct inos_overview_screen *screen, struct inos_overview_tile *tile)
{
  struct wlr_box desk = inos_output_box (screen->output);
  wlr_scene_node_reparent (&tile->thumbnail->tree->node, screen->windows);
  tile->old = tile->thumbnail->box;
  tile->old.x -= desk.x;
  tile->old.y -= desk.y;
  screen->overview->settled = 0;
}

void inos_overview_screen_forget (struct inos_overview_screen *screen, struct inos_view *view)
{
  struct inos_overview_tile *tile = tile_of (screen, view);
  if (tile)
    g_ptr_array_remove (screen->tiles, tile);
  inos_overview_strip_forget (screen, view);
}

static void draw_name (struct inos_overview_screen *screen, struct inos_overview_tile *tile,
                       bool strong)
{
  const char *title = inos_view_title (tile->view);
  int height = inos_overview_grown (&screen->style, NAME);
  int room = tile->place.width + inos_overview_grown (&screen->style, NARROW_GAP) - RING;
  int width = MIN (room, MAX (tile->place.width, inos_overview_grown (&screen->style, NAME_LEAST)));
  if (title[0] == '\0')
    title = inos_view_app_id (tile->view);
  wlr_scene_node_set_position (&tile->name->node, tile->place.x + (tile->place.width - width) / 2,
                               tile->place.y + tile->place.height);
  if (tile->view->is_private) /* the name is in pictures of the screen */
    title = "•••";
  if (g_strcmp0 (title, tile->title) == 0 && strong == tile->strong)
    return;
  g_free (tile->title);
  tile->title = g_strdup (title);
  tile->strong = strong;
  inos_overview_set_picture (tile->name,
                             inos_overview_draw_name (&screen->style, title, width, height, strong),
                             width, height);
}

/* Around windows that are where they belong: on their way they lie over each other. */
static void draw_edges (struct inos_overview_screen *screen,
                        const struct inos_overview_tile *chosen)
{
  const struct inos_overview *overview = screen->overview;
  bool still = screen->style.contrast && overview->part >= 1 && overview->settled >= 1;
  float line[4];
  inos_colour_blend (line, inos_tokens_of (screen->style.dark, screen->style.contrast)->line, 1);
  for (guint i = 0; i < screen->tiles->len; i++) {
    struct inos_overview_tile *tile = at (screen, i);
    bool dragged = overview->press.moved && overview->press.view == tile->view->id;
    inos_overview_ring_place (&tile->edge, &tile->place,
                              still && !dragged && tile != chosen ? EDGE : 0, line);
  }
}

void inos_overview_screen_mark (struct inos_overview_screen *screen)
{
  const struct inos_overview *overview = screen->overview;
  struct inos_overview_tile *chosen = NULL;
  float accent[4];
  for (guint i = 0; i < screen->tiles->len; i++) {
    bool strong = at (screen, i)->view->id == overview->selected;
    if (strong)
      chosen = at (screen, i);
    draw_name (screen, at (screen, i), strong || !screen->style.contrast);
  }
  bool still = overview->part >= 1 && overview->settled >= 1 && !overview->press.moved;
  bool marks = chosen && still;
  inos_colour_blend (accent, screen->style.accent, 1);
  inos_overview_ring_place (&screen->ring, marks ? &chosen->place : &(struct wlr_box){0},
                            marks ? RING : 0, accent);
  draw_edges (screen, marks ? chosen : NULL);
  wlr_scene_node_set_enabled (&screen->close->node, marks);
  if (marks) {
    struct wlr_box box = inos_overview_close_box (screen, chosen);
    inos_overview_set_picture (
      screen->close, inos_overview_draw_close (&screen->style, box.width, overview->on_close),
      box.width, box.height);
    wlr_scene_node_set_position (&screen->close->node, box.x, box.y);
  }
  inos_overview_strip_mark (screen);
}

static float opacity_of (const struct inos_overview_screen *screen,
                         const struct inos_overview_tile *tile)
{
  double part = screen->overview->part;
  if (!tile->hidden)
    return 1;
  return (float)(tile->view->minimized ? part * HIDDEN_OPACITY : part);
}

void inos_overview_screen_show (struct inos_overview_screen *screen)
{
  const struct inos_overview *overview = screen->overview;
  const struct inos_tokens *tokens = inos_tokens_of (screen->style.dark, screen->style.contrast);
  float part = (float)overview->part, back[4];
  inos_colour_blend (back, tokens->surface_0, screen->style.contrast ? part : part * BACK_OPACITY);
  wlr_scene_rect_set_color (screen->back, back);
  for (guint i = 0; i < screen->tiles->len; i++) {
    struct inos_overview_tile *tile = at (screen, i);
    bool dragged = overview->press.moved && overview->press.view == tile->view->id;
    if (!dragged)
      inos_thumbnail_place (tile->thumbnail, inos_overview_tile_box (tile, overview),
                            opacity_of (screen, tile));
    wlr_scene_buffer_set_opacity (tile->name, overview->settled < 1 || dragged ? 0 : part);
  }
  if (screen->words)
    wlr_scene_buffer_set_opacity (screen->words, part);
  inos_overview_strip_show (screen);
  inos_overview_screen_mark (screen);
}

void inos_overview_screen_refresh (struct inos_overview_screen *screen, struct inos_view *view)
{
  const struct inos_overview_tile *tile = tile_of (screen, view);
  if (tile)
    inos_thumbnail_refresh (tile->thumbnail);
  for (guint i = 0; i < screen->cells->len; i++) {
    const struct inos_overview_cell *cell = g_ptr_array_index (screen->cells, i);
    for (guint k = 0; k < cell->windows->len; k++) {
      struct inos_thumbnail *thumbnail = g_ptr_array_index (cell->windows, k);
      if (thumbnail->view == view)
        inos_thumbnail_refresh (thumbnail);
    }
  }
}

struct inos_overview_screen *inos_overview_screen_create (struct inos_overview *overview,
                                                          struct inos_output *output)
{
  static const float none[4] = {0, 0, 0, 0};
  struct inos_overview_screen *screen = g_new0 (struct inos_overview_screen, 1);
  screen->overview = overview;
  screen->output = output;
  screen->tree = wlr_scene_tree_create (overview->compositor->layers[INOS_LAYER_OVERVIEW]);
  screen->back = wlr_scene_rect_create (screen->tree, 0, 0, none);
  screen->windows = wlr_scene_tree_create (screen->tree);
  inos_overview_ring_create (&screen->ring, screen->tree, NULL);
  screen->close = wlr_scene_buffer_create (screen->tree, NULL);
  screen->tiles = g_ptr_array_new_with_free_func (on_tile);
  inos_overview_screen_update (screen);
  return screen;
}

void inos_overview_screen_destroy (struct inos_overview_screen *screen)
{
  g_ptr_array_unref (screen->tiles);
  inos_overview_strip_clear (screen);
  g_ptr_array_unref (screen->cells);
  wlr_scene_node_destroy (&screen->tree->node);
  g_free (screen);
}
