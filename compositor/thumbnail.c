#include "thumbnail.h"

#include <math.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/transform.h>

#include "window_frame.h"

/* The walk over the nodes of the window. */
struct walk {
  struct inos_thumbnail *thumbnail;
  guint next; /* of the parts that there are */
  double scale_x, scale_y;
  struct wlr_box clip; /* in the coordinates of the thumbnail; empty: none */
};

/* px of a buffer that nobody sees. */
#define ROUNDING 1e-6

static void drop_from (struct inos_thumbnail *thumbnail, guint first)
{
  for (guint i = first; i < thumbnail->parts->len; i++)
    wlr_scene_node_destroy (g_ptr_array_index (thumbnail->parts, i));
  g_ptr_array_set_size (thumbnail->parts, (int)first);
}

/* The part that comes next, if it is of that kind; else NULL, and those behind it are gone. */
static struct wlr_scene_node *reuse (struct walk *walk, enum wlr_scene_node_type type)
{
  GPtrArray *parts = walk->thumbnail->parts;
  struct wlr_scene_node *part =
    walk->next < parts->len ? g_ptr_array_index (parts, walk->next) : NULL;
  if (part && part->type != type) {
    drop_from (walk->thumbnail, walk->next);
    part = NULL;
  }
  walk->next++;
  return part;
}

/* Edges next to each other stay so, whatever the scale is. */
static struct wlr_box scaled (const struct walk *walk, int x, int y, int width, int height)
{
  int left = (int)lround (x * walk->scale_x), top = (int)lround (y * walk->scale_y);
  int right = (int)lround ((x + width) * walk->scale_x);
  int bottom = (int)lround ((y + height) * walk->scale_y);
  return (struct wlr_box){left, top, MAX (1, right - left), MAX (1, bottom - top)};
}

/* Cuts off what is outside the clip, of the source likewise. Returns false where nothing is left.
 */
static bool cut (const struct walk *walk, struct wlr_box *box, struct wlr_fbox *source)
{
  struct wlr_box common, whole = *box;
  if (wlr_box_empty (&walk->clip))
    return true;
  if (!wlr_box_intersection (&common, box, &walk->clip))
    return false;
  if (wlr_box_equal (&common, &whole))
    return true;
  double x = source->width / whole.width, y = source->height / whole.height;
  double right = source->x + source->width, bottom = source->y + source->height;
  source->x += (common.x - whole.x) * x;
  source->y += (common.y - whole.y) * y;
  /* Not by a rounding beyond the buffer: renderers end there. */
  source->width = MIN (common.width * x, right - source->x - ROUNDING);
  source->height = MIN (common.height * y, bottom - source->y - ROUNDING);
  *box = common;
  return true;
}

static void show_buffer (struct walk *walk, const struct wlr_scene_buffer *from, int x, int y)
{
  if (!from->buffer)
    return;
  int width = from->dst_width, height = from->dst_height;
  if (width <= 0 || height <= 0) {
    width = from->buffer->width;
    height = from->buffer->height;
    wlr_output_transform_coords (from->transform, &width, &height);
  }
  struct wlr_box box = scaled (walk, x, y, width, height);
  struct wlr_fbox source = from->src_box;
  if (wlr_fbox_empty (&source))
    source = (struct wlr_fbox){0, 0, from->buffer->width, from->buffer->height};
  /* One that is turned is drawn whole: a little beside its place is better than another part. */
  if (from->transform == WL_OUTPUT_TRANSFORM_NORMAL && !cut (walk, &box, &source))
    return;
  struct wlr_scene_node *part = reuse (walk, WLR_SCENE_NODE_BUFFER);
  if (!part) {
    part = &wlr_scene_buffer_create (walk->thumbnail->tree, NULL)->node;
    g_ptr_array_add (walk->thumbnail->parts, part);
  }
  struct wlr_scene_buffer *copy = wlr_scene_buffer_from_node (part);
  if (copy->buffer != from->buffer)
    wlr_scene_buffer_set_buffer (copy, from->buffer);
  wlr_scene_buffer_set_source_box (copy, &source);
  wlr_scene_buffer_set_dest_size (copy, box.width, box.height);
  wlr_scene_buffer_set_transform (copy, from->transform);
  wlr_scene_buffer_set_opacity (copy, from->opacity * walk->thumbnail->opacity);
  wlr_scene_node_set_position (part, box.x, box.y);
}

static void show_rect (struct walk *walk, const struct wlr_scene_rect *from, int x, int y)
{
  struct wlr_box box = scaled (walk, x, y, from->width, from->height);
  struct wlr_fbox source = {0, 0, box.width, box.height};
  float colour[4];
  if (from->width <= 0 || from->height <= 0 || !cut (walk, &box, &source))
    return;
  /* Scenes have premultiplied colours. */
  for (int i = 0; i < 4; i++)
    colour[i] = from->color[i] * walk->thumbnail->opacity;
  struct wlr_scene_node *part = reuse (walk, WLR_SCENE_NODE_RECT);
  if (!part) {
    part = &wlr_scene_rect_create (walk->thumbnail->tree, box.width, box.height, colour)->node;
    g_ptr_array_add (walk->thumbnail->parts, part);
  }
  struct wlr_scene_rect *copy = wlr_scene_rect_from_node (part);
  wlr_scene_rect_set_size (copy, box.width, box.height);
  wlr_scene_rect_set_color (copy, colour);
  wlr_scene_node_set_position (part, box.x, box.y);
}

static void show_tree (struct walk *walk, struct wlr_scene_tree *from, int x, int y)
{
  struct wlr_scene_node *node;
  wl_list_for_each (node, &from->children, link) {
    if (!node->enabled)
      continue;
    if (node->type == WLR_SCENE_NODE_BUFFER)
      show_buffer (walk, wlr_scene_buffer_from_node (node), x + node->x, y + node->y);
    else if (node->type == WLR_SCENE_NODE_RECT)
      show_rect (walk, wlr_scene_rect_from_node (node), x + node->x, y + node->y);
    else
      show_tree (walk, wlr_scene_tree_from_node (node), x + node->x, y + node->y);
  }
}

void inos_thumbnail_refresh (struct inos_thumbnail *thumbnail)
{
  struct inos_view *view = thumbnail->view;
  struct wlr_box outer = inos_frame_outer (view, inos_view_box (view));
  struct walk walk = {.thumbnail = thumbnail, .clip = thumbnail->clip};
  if (wlr_box_empty (&thumbnail->box) || wlr_box_empty (&outer))
    return;
  walk.scale_x = (double)thumbnail->box.width / outer.width;
  walk.scale_y = (double)thumbnail->box.height / outer.height;
  walk.clip.x -= thumbnail->box.x;
  walk.clip.y -= thumbnail->box.y;
  show_tree (&walk, view->tree, view->x - outer.x, view->y - outer.y);
  drop_from (thumbnail, MIN (walk.next, thumbnail->parts->len));
}

void inos_thumbnail_place (struct inos_thumbnail *thumbnail, struct wlr_box box, float opacity)
{
  thumbnail->box = box;
  thumbnail->opacity = opacity;
  wlr_scene_node_set_position (&thumbnail->tree->node, box.x, box.y);
  inos_thumbnail_refresh (thumbnail);
}

struct inos_thumbnail *inos_thumbnail_create (struct wlr_scene_tree *parent, struct inos_view *view)
{
  struct inos_thumbnail *thumbnail = g_new0 (struct inos_thumbnail, 1);
  thumbnail->view = view;
  thumbnail->tree = wlr_scene_tree_create (parent);
  thumbnail->parts = g_ptr_array_new();
  return thumbnail;
}

void inos_thumbnail_destroy (struct inos_thumbnail *thumbnail)
{
  if (!thumbnail)
    return;
  wlr_scene_node_destroy (&thumbnail->tree->node);
  g_ptr_array_unref (thumbnail->parts);
  g_free (thumbnail);
}
