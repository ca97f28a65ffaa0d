#include "window_shadow.h"

#include <cairo.h>
#include <math.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_scene.h>

#include "picture.h"

enum {
  REACH = 24, /* px outside of the window */
  DROP = 4,   /* px that it lies lower than the window */
  ROUND = 10, /* px: of its corners, which are a title bar's */
  CORNER = ROUND + DROP,
  /* The picture is that of a very small window: corners, and between them a pixel to stretch. */
  WINDOW = 2 * CORNER + 1,
  WIDTH = WINDOW + 2 * REACH,
  HEIGHT = WINDOW + 2 * REACH + DROP,
  PIECES = 8,
};

struct inos_shadow {
  struct wlr_scene_tree *tree;
  struct wlr_scene_buffer *pieces[PIECES];
  struct wlr_box box;
  struct inos_shadow_look look;
};

/* Pieces of the picture, from the left above to the right below. Only those of the upper corners
 * reach below the window: a title bar is round there. */
static const struct wlr_box sources[PIECES] = {
  {0, 0, REACH + CORNER, REACH + CORNER},
  {REACH + CORNER, 0, 1, REACH},
  {REACH + CORNER + 1, 0, CORNER + REACH, REACH + CORNER},
  {0, REACH + CORNER, REACH, 1},
  {REACH + WINDOW, REACH + CORNER, REACH, 1},
  {0, REACH + CORNER + 1, REACH + CORNER, CORNER + REACH + DROP},
  {REACH + CORNER, REACH + WINDOW, 1, REACH + DROP},
  {REACH + CORNER + 1, REACH + CORNER + 1, CORNER + REACH, CORNER + REACH + DROP},
};

/* How dark it is at a point of the picture, from 0 to 1. */
static double depth_at (double x, double y)
{
  /* From the middle of the shadow: the window's shape, rounded, that much lower. */
  double half = WINDOW / 2.0 - ROUND;
  double dx = fabs (x - WIDTH / 2.0) - half, dy = fabs (y - REACH - DROP - WINDOW / 2.0) - half;
  double away = hypot (fmax (dx, 0), fmax (dy, 0)) - ROUND;
  double left = 1 - CLAMP (away / REACH, 0, 1);
  return left * left * left;
}

/* Below the window itself there is none, but for what round corners leave free. */
static bool is_covered (double x, double y)
{
  return x > REACH && x < REACH + WINDOW && y > REACH + CORNER && y < REACH + WINDOW;
}

static struct wlr_buffer *draw (const struct inos_shadow_look *look)
{
  cairo_surface_t *surface =
    cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH * look->scale, HEIGHT * look->scale);
  if (cairo_surface_status (surface) != CAIRO_STATUS_SUCCESS) {
    cairo_surface_destroy (surface);
    return NULL;
  }
  double darkest = (look->dark ? 0.5 : 0.25) * (look->active ? 1 : 0.5);
  cairo_surface_flush (surface);
  uint8_t *row = cairo_image_surface_get_data (surface);
  for (int y = 0; y < HEIGHT * look->scale; y++) {
    uint32_t *pixels = (uint32_t *)(void *)row;
    for (int x = 0; x < WIDTH * look->scale; x++) {
      double at_x = (x + 0.5) / look->scale, at_y = (y + 0.5) / look->scale;
      double alpha = is_covered (at_x, at_y) ? 0 : darkest * depth_at (at_x, at_y);
      pixels[x] = (uint32_t)lround (255 * alpha) << 24;
    }
    row += cairo_image_surface_get_stride (surface);
  }
  cairo_surface_mark_dirty (surface);
  return inos_picture_buffer (surface);
}

static bool takes_nothing (struct wlr_scene_buffer *buffer, double *sx, double *sy)
{
  return false;
}

static void show_picture (struct inos_shadow *shadow)
{
  struct wlr_buffer *buffer = draw (&shadow->look);
  double scale = shadow->look.scale;
  for (int i = 0; i < PIECES; i++) {
    const struct wlr_box *box = &sources[i];
    const struct wlr_fbox source = {box->x * scale, box->y * scale, box->width * scale,
                                    box->height * scale};
    wlr_scene_buffer_set_buffer (shadow->pieces[i], buffer);
    wlr_scene_buffer_set_source_box (shadow->pieces[i], &source);
  }
  if (buffer)
    wlr_buffer_drop (buffer);
}

/* A piece stays as far from the corner that it belongs to, and one between two is stretched. */
static void place_piece (struct inos_shadow *shadow, int i)
{
  struct wlr_box to = sources[i];
  if (to.x > REACH + CORNER)
    to.x += shadow->box.width - WINDOW;
  if (to.y > REACH + CORNER)
    to.y += shadow->box.height - WINDOW;
  if (to.width == 1)
    to.width += shadow->box.width - WINDOW;
  if (to.height == 1)
    to.height += shadow->box.height - WINDOW;
  wlr_scene_buffer_set_dest_size (shadow->pieces[i], to.width, to.height);
  wlr_scene_node_set_position (&shadow->pieces[i]->node, to.x, to.y);
}

struct inos_shadow *inos_shadow_create (struct wlr_scene_tree *parent)
{
  struct inos_shadow *shadow = g_new0 (struct inos_shadow, 1);
  shadow->tree = wlr_scene_tree_create (parent);
  wlr_scene_node_lower_to_bottom (&shadow->tree->node);
  for (int i = 0; i < PIECES; i++) {
    shadow->pieces[i] = wlr_scene_buffer_create (shadow->tree, NULL);
    shadow->pieces[i]->point_accepts_input = takes_nothing;
    wlr_scene_buffer_set_filter_mode (shadow->pieces[i], WLR_SCALE_FILTER_NEAREST);
  }
  return shadow;
}

void inos_shadow_destroy (struct inos_shadow *shadow)
{
  if (!shadow)
    return;
  wlr_scene_node_destroy (&shadow->tree->node);
  g_free (shadow);
}

void inos_shadow_place (struct inos_shadow *shadow, struct wlr_box box,
                        const struct inos_shadow_look *look)
{
  bool shown = box.width >= WINDOW && box.height >= WINDOW;
  wlr_scene_node_set_enabled (&shadow->tree->node, shown);
  if (!shown)
    return;
  if (look->scale != shadow->look.scale || look->active != shadow->look.active ||
      look->dark != shadow->look.dark) {
    shadow->look = *look;
    show_picture (shadow);
  }
  wlr_scene_node_set_position (&shadow->tree->node, box.x - REACH, box.y - REACH);
  if (box.width == shadow->box.width && box.height == shadow->box.height)
    return;
  shadow->box = box;
  for (int i = 0; i < PIECES; i++)
    place_piece (shadow, i);
}

void inos_shadow_redraw (struct inos_shadow *shadow)
{
  shadow->look.scale = 0;
}
