#include "window_frame.h"

#include <math.h>
#include <string.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/edges.h>
#include <glib/gi18n.h>

#include "window_frame_private.h"
#include "look.h"
#include "snap.h"
#include "window_shadow.h"

enum { MAX_TITLE = 512 /* bytes that are drawn */, MAX_SCALE = 4, CORNER = 24 };

static bool is_framed (struct inos_view *view)
{
  return view->frame && !view->fullscreen;
}

/* Nothing to drag, and so no line, where the window's place is not its own. */
static int line_of (struct inos_view *view)
{
  return view->maximized ? 0 : INOS_FRAME_LINE;
}

int inos_frame_title (struct inos_compositor *compositor)
{
  return INOS_FRAME_TITLE * MAX (100, inos_look_text (compositor)) / 100;
}

struct wlr_box inos_frame_outer (struct inos_view *view, struct wlr_box box)
{
  if (!is_framed (view))
    return box;
  int line = line_of (view), title = inos_frame_title (view->compositor);
  return (struct wlr_box){box.x - line, box.y - title, box.width + 2 * line,
                          box.height + title + line};
}

struct wlr_box inos_frame_inner (struct inos_view *view, struct wlr_box box)
{
  if (!is_framed (view))
    return box;
  int line = line_of (view), title = inos_frame_title (view->compositor);
  return (struct wlr_box){box.x + line, box.y + title, MAX (1, box.width - 2 * line),
                          MAX (1, box.height - title - line)};
}

/* As sharp as the sharpest output needs. */
static int scale_of (struct inos_compositor *compositor)
{
  float scale = 1;
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link)
    scale = MAX (scale, output->wlr->scale);
  return MIN ((int)ceilf (scale), MAX_SCALE);
}

static char *title_of (struct inos_view *view)
{
  const char *title = inos_view_title (view);
  char *clean = g_utf8_make_valid (title, (gssize)strnlen (title, MAX_TITLE));
  if (!view->unresponsive)
    return clean;
  char *told = g_strdup_printf (_ ("%s (not responding)"), clean);
  g_free (clean);
  return told;
}

static void place_rect (struct wlr_scene_rect *rect, int x, int y, int width, int height)
{
  wlr_scene_rect_set_size (rect, width, height);
  wlr_scene_node_set_position (&rect->node, x, y);
}

static void place_edges (struct inos_view *view, struct wlr_box box, int line)
{
  struct inos_frame *frame = view->frame;
  const int top = frame->height, reach = view->maximized ? 0 : INOS_FRAME_REACH;
  place_rect (frame->lines[0], -line, 0, line, box.height + line);
  place_rect (frame->lines[1], box.width, 0, line, box.height + line);
  place_rect (frame->lines[2], 0, box.height, box.width, line);
  place_rect (frame->reach, -reach, -top - reach, box.width + 2 * reach,
              box.height + top + 2 * reach);
}

/* Windows that fill their place lie beside others, not above them; people who ask for contrast want
 * lines, not shades. */
static void place_shadow (struct inos_view *view, const struct inos_frame_picture *picture,
                          struct wlr_box box)
{
  const struct inos_shadow_look look = {
    .scale = picture->scale, .active = picture->active, .dark = picture->dark};
  bool wanted =
    view->compositor->config.shadows && !picture->contrast && inos_view_is_floating (view);
  int line = line_of (view);
  box =
    (struct wlr_box){-line, -picture->height, picture->width, box.height + picture->height + line};
  inos_shadow_place (view->frame->shadow, wanted ? box : (struct wlr_box){0}, &look);
}

static bool same_colour (struct inos_colour a, struct inos_colour b)
{
  return a.r == b.r && a.g == b.g && a.b == b.b;
}

static bool same_picture (const struct inos_frame_picture *a, const struct inos_frame_picture *b)
{
  return a->width == b->width && a->height == b->height && a->scale == b->scale &&
         a->text == b->text && a->active == b->active && a->dark == b->dark &&
         a->contrast == b->contrast && same_colour (a->accent, b->accent) &&
         a->maximized == b->maximized && a->hover == b->hover && a->pressed == b->pressed &&
         memcmp (&a->buttons, &b->buttons, sizeof a->buttons) == 0 &&
         g_strcmp0 (a->title, b->title) == 0;
}

/* The bar has got higher or lower: its window fits into its place again, or stays below the edge.
 */
static void refit (struct inos_view *view)
{
  struct inos_output *output = inos_view_output (view);
  int last = view->frame->height;
  view->frame->height = inos_frame_title (view->compositor);
  int more = view->frame->height - last;
  if (last == 0 || more == 0 || !view->mapped)
    return;
  if (!inos_view_is_floating (view)) {
    inos_view_apply_state (view, NULL);
    return;
  }
  int y = inos_frame_outer (view, inos_view_box (view)).y;
  if (output && y < output->usable.y && y + more >= output->usable.y)
    inos_view_move (view, view->x, view->y + output->usable.y - y);
}

void inos_frame_update (struct inos_view *view)
{
  struct inos_frame *frame = view->frame;
  if (!frame)
    return;
  refit (view);
  struct wlr_box box = view->impl->geometry (view);
  bool shown = view->mapped && !view->fullscreen && box.width > 0;
  wlr_scene_node_set_enabled (&frame->tree->node, shown);
  if (!shown)
    return;
  int line = line_of (view);
  struct inos_frame_picture wanted = {
    .width = box.width + 2 * line,
    .height = frame->height,
    .text = inos_look_text (view->compositor),
    .contrast = inos_look_is_contrast (view->compositor),
    .accent = inos_look_accent (view->compositor),
    .scale = scale_of (view->compositor),
    .active = view->activated,
    .dark = inos_look_is_dark (view->compositor),
    .maximized = view->maximized,
    .hover = frame->hover,
    .pressed = frame->pressed,
    .buttons = view->compositor->config.title_buttons,
    .title = title_of (view),
  };
  place_edges (view, box, line);
  place_shadow (view, &wanted, box);
  wlr_scene_node_set_position (&frame->bar->node, -line, -frame->height);
  if (same_picture (&wanted, &frame->drawn)) {
    g_free (wanted.title);
    return;
  }
  struct wlr_buffer *buffer = inos_frame_draw (&wanted);
  wlr_scene_buffer_set_buffer (frame->bar, buffer);
  if (buffer)
    wlr_buffer_drop (buffer);
  wlr_scene_buffer_set_dest_size (frame->bar, wanted.width, wanted.height);
  float colour[4];
  inos_colour_blend (colour, inos_frame_line_colour (&wanted), 1);
  for (int i = 0; i < 3; i++)
    wlr_scene_rect_set_color (frame->lines[i], colour);
  g_free (frame->drawn.title);
  frame->drawn = wanted;
}

void inos_frame_redraw (struct inos_view *view)
{
  if (!view->frame)
    return;
  view->frame->drawn.width = 0;
  inos_shadow_redraw (view->frame->shadow);
  inos_frame_update (view);
}

static void make (struct inos_view *view)
{
  static const float nothing[] = {0, 0, 0, 0};
  struct inos_frame *frame = view->frame = g_new0 (struct inos_frame, 1);
  frame->tree = wlr_scene_tree_create (view->tree);
  wlr_scene_node_lower_to_bottom (&frame->tree->node);
  frame->shadow = inos_shadow_create (frame->tree);
  frame->reach = wlr_scene_rect_create (frame->tree, 0, 0, nothing);
  for (int i = 0; i < 3; i++)
    frame->lines[i] = wlr_scene_rect_create (frame->tree, 0, 0, nothing);
  frame->bar = wlr_scene_buffer_create (frame->tree, NULL);
}

void inos_frame_set (struct inos_view *view, bool framed)
{
  if (framed == (view->frame != NULL))
    return;
  if (framed) {
    make (view);
  } else {
    struct inos_seat *seat;
    wl_list_for_each (seat, &view->compositor->seats, link)
      inos_frame_forget_view (seat, view);
    inos_shadow_destroy (view->frame->shadow);
    wlr_scene_node_destroy (&view->frame->tree->node);
    g_free (view->frame->drawn.title);
    g_clear_pointer (&view->frame, g_free);
  }
  inos_frame_update (view);
  if (view->mapped && !inos_view_is_floating (view))
    inos_view_apply_state (view, NULL);
}

uint32_t inos_frame_edges (struct inos_view *view, double x, double y)
{
  struct wlr_box box = inos_frame_outer (view, inos_view_box (view));
  if (!is_framed (view) || !inos_view_is_floating (view))
    return 0;
  bool left = x < box.x, right = x >= box.x + box.width;
  bool top = y < box.y, bottom = y >= box.y + box.height;
  /* Near a corner both of its edges. */
  if (left || right) {
    top |= y < box.y + CORNER;
    bottom |= y >= box.y + box.height - CORNER;
  } else if (top || bottom) {
    left |= x < box.x + CORNER;
    right |= x >= box.x + box.width - CORNER;
  }
  return (left    ? WLR_EDGE_LEFT
          : right ? WLR_EDGE_RIGHT
                  : 0) |
         (top      ? WLR_EDGE_TOP
          : bottom ? WLR_EDGE_BOTTOM
                   : 0);
}

enum inos_frame_part inos_frame_part_at (struct inos_view *view, double x, double y)
{
  struct wlr_box box = inos_frame_outer (view, inos_view_box (view));
  if (!is_framed (view))
    return INOS_FRAME_NONE;
  int title = inos_frame_title (view->compositor);
  if (inos_frame_edges (view, x, y))
    return INOS_FRAME_EDGE;
  if (!wlr_box_contains_point (&box, x, y) || y >= box.y + title)
    return INOS_FRAME_NONE;
  const struct inos_title_buttons *buttons = &view->compositor->config.title_buttons;
  for (int i = 0; inos_title_button_at (buttons, i) >= 0; i++) {
    double middle = inos_title_button_middle (buttons, i, box.width, title);
    if (fabs (x - box.x - middle) <= title / 2.0)
      return (enum inos_frame_part) (INOS_FRAME_MINIMIZE + inos_title_button_at (buttons, i));
  }
  return INOS_FRAME_BAR;
}
