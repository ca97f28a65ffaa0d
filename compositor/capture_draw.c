#include "capture_draw.h"

#include <drm_fourcc.h>
#include <math.h>
#include <wlr/render/swapchain.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/transform.h>

#include "mirror.h"
#include "output.h"
#include "overview_show.h"
#include "seat.h"
#include "view.h"

/* Where a part of the layout goes. */
struct canvas {
  struct inos_compositor *compositor;
  struct wlr_render_pass *pass;
  struct wlr_box box; /* of the layout */
  double scale;
  GPtrArray *textures; /* struct wlr_texture that were made for this drawing */
};

static const struct wlr_render_color black = {0, 0, 0, 1};

/* As many pixels as the sharpest of the outputs has that show the region. */
static double scale_of (const struct inos_capture_target *target)
{
  double scale = 0;
  struct inos_output *output;
  wl_list_for_each (output, &target->compositor->outputs, link) {
    struct wlr_box box = inos_output_box (output), common;
    if (wlr_box_intersection (&common, &box, &target->region))
      scale = MAX (scale, (double)output->wlr->scale);
  }
  return scale;
}

static bool find_box (const struct inos_capture_target *target, struct wlr_box *box, double *scale)
{
  struct inos_output *output = inos_mirror_shown (target->output);
  if (target->view) {
    *box = inos_view_box (target->view);
    output = inos_view_output (target->view);
  } else if (output) {
    *box = inos_output_box (output);
  } else {
    *box = target->region;
    *scale = scale_of (target);
    return *scale > 0 && !wlr_box_empty (box);
  }
  *scale = output ? output->wlr->scale : 1;
  return output && !wlr_box_empty (box);
}

bool inos_capture_size (const struct inos_capture_target *target, int *width, int *height)
{
  struct wlr_box box;
  double scale;
  if (!find_box (target, &box, &scale))
    return false;
  *width = (int)round (box.width * scale);
  *height = (int)round (box.height * scale);
  if (target->output)
    wlr_output_transformed_resolution (inos_mirror_shown (target->output)->wlr, width, height);
  return *width > 0 && *height > 0;
}

static struct wlr_box to_pixels (const struct canvas *canvas, int x, int y, int width, int height)
{
  int left = (int)round ((x - canvas->box.x) * canvas->scale);
  int top = (int)round ((y - canvas->box.y) * canvas->scale);
  int right = (int)round ((x + width - canvas->box.x) * canvas->scale);
  int bottom = (int)round ((y + height - canvas->box.y) * canvas->scale);
  return (struct wlr_box){left, top, right - left, bottom - top};
}

static void draw_rect (const struct canvas *canvas, int x, int y, int width, int height,
                       struct wlr_render_color color)
{
  wlr_render_pass_add_rect (canvas->pass, &(struct wlr_render_rect_options){
                                            .box = to_pixels (canvas, x, y, width, height),
                                            .color = color,
                                          });
}

static struct wlr_texture *texture_of (const struct canvas *canvas, struct wlr_buffer *buffer)
{
  struct wlr_client_buffer *client = wlr_client_buffer_get (buffer);
  if (client)
    return client->texture;
  struct wlr_texture *texture = wlr_texture_from_buffer (canvas->compositor->renderer, buffer);
  if (texture)
    g_ptr_array_add (canvas->textures, texture);
  return texture;
}

static void draw_buffer (const struct canvas *canvas, const struct wlr_scene_buffer *scene, int x,
                         int y)
{
  struct wlr_texture *texture = scene->buffer ? texture_of (canvas, scene->buffer) : NULL;
  if (!texture)
    return;
  int width = scene->dst_width, height = scene->dst_height;
  if (width <= 0 || height <= 0) {
    width = scene->buffer->width;
    height = scene->buffer->height;
    wlr_output_transform_coords (scene->transform, &width, &height);
  }
  wlr_render_pass_add_texture (canvas->pass,
                               &(struct wlr_render_texture_options){
                                 .texture = texture,
                                 .src_box = scene->src_box,
                                 .dst_box = to_pixels (canvas, x, y, width, height),
                                 .transform = wlr_output_transform_invert (scene->transform),
                                 .alpha = &scene->opacity,
                                 .filter_mode = scene->filter_mode,
                               });
}

static struct inos_view *private_view (const struct canvas *canvas, struct wlr_scene_node *node)
{
  struct inos_view *view;
  wl_list_for_each (view, &canvas->compositor->views, link) {
    if (view->is_private && &view->tree->node == node)
      return view;
  }
  return NULL;
}

static void draw_node (const struct canvas *canvas, struct wlr_scene_node *node, int x, int y);

static void draw_children (const struct canvas *canvas, struct wlr_scene_tree *tree, int x, int y)
{
  struct wlr_scene_node *child;
  wl_list_for_each (child, &tree->children, link) {
    if (child->enabled)
      draw_node (canvas, child, x + child->x, y + child->y);
  }
}

static void draw_node (const struct canvas *canvas, struct wlr_scene_node *node, int x, int y)
{
  switch (node->type) {
  case WLR_SCENE_NODE_TREE: {
    struct inos_view *view = private_view (canvas, node);
    struct wlr_box box = view ? inos_view_box (view) : (struct wlr_box){0};
    if (view)
      draw_rect (canvas, box.x, box.y, box.width, box.height, black);
    else if (inos_overview_is_private (canvas->compositor, node, &box.width, &box.height))
      draw_rect (canvas, x, y, box.width, box.height, black);
    else
      draw_children (canvas, wlr_scene_tree_from_node (node), x, y);
    break;
  }
  case WLR_SCENE_NODE_RECT: {
    const struct wlr_scene_rect *rect = wlr_scene_rect_from_node (node);
    draw_rect (
      canvas, x, y, rect->width, rect->height,
      (struct wlr_render_color){rect->color[0], rect->color[1], rect->color[2], rect->color[3]});
    break;
  }
  case WLR_SCENE_NODE_BUFFER:
    draw_buffer (canvas, wlr_scene_buffer_from_node (node), x, y);
    break;
  }
}

/* An output has an image for each seat's pointer, and does not say whose: it is where that is. */
static bool is_image_of (const struct wlr_cursor *pointer, const struct wlr_output_cursor *cursor,
                         struct inos_output *output)
{
  double x = pointer->x, y = pointer->y;
  wlr_output_layout_output_coords (output->compositor->layout, output->wlr, &x, &y);
  return fabs (x * output->wlr->scale - cursor->x) < 1 &&
         fabs (y * output->wlr->scale - cursor->y) < 1;
}

/* As inos_capture_cursor, for one seat. */
static struct wlr_output_cursor *cursor_of (const struct inos_capture_target *target,
                                            const struct inos_seat *seat, int *x, int *y)
{
  struct wlr_box box;
  double scale;
  const struct wlr_cursor *pointer = seat->cursor;
  if (!find_box (target, &box, &scale) || !wlr_box_contains_point (&box, pointer->x, pointer->y))
    return NULL;
  struct inos_output *output = inos_output_at (target->compositor, pointer->x, pointer->y);
  *x = (int)round ((pointer->x - box.x) * scale);
  *y = (int)round ((pointer->y - box.y) * scale);
  struct wlr_output_cursor *cursor;
  if (!output)
    return NULL;
  wl_list_for_each (cursor, &output->wlr->cursors, link) {
    if (cursor->enabled && cursor->visible && cursor->texture &&
        is_image_of (pointer, cursor, output))
      return cursor;
  }
  return NULL;
}

struct wlr_output_cursor *inos_capture_cursor (const struct inos_capture_target *target, int *x,
                                               int *y)
{
  const struct inos_seat *seat;
  if (target->seat == 0)
    return cursor_of (target, target->compositor->seat, x, y);
  wl_list_for_each (seat, &target->compositor->seats, link) {
    if (seat->id == target->seat)
      return cursor_of (target, seat, x, y);
  }
  return NULL;
}

static void draw_cursor (struct wlr_render_pass *pass, const struct wlr_output_cursor *cursor,
                         int x, int y)
{
  wlr_render_pass_add_texture (pass, &(struct wlr_render_texture_options){
                                       .texture = cursor->texture,
                                       .src_box = cursor->src_box,
                                       .dst_box = {x, y, (int)cursor->width, (int)cursor->height},
                                       .transform = cursor->transform,
                                     });
}

/* Behind the lock screen a window is as black as a private one. */
static void draw_target (const struct canvas *canvas, const struct inos_capture_target *target)
{
  struct inos_view *view = target->view;
  const struct wlr_box *box = &canvas->box;
  if (!view)
    draw_children (canvas, &canvas->compositor->scene->tree, 0, 0);
  else if (view->is_private || canvas->compositor->locked)
    draw_rect (canvas, box->x, box->y, box->width, box->height, black);
  else
    draw_children (canvas, view->tree, view->x, view->y);
}

/* alone: the one that is meant, at the origin; else everybody's, in their places. */
static void draw_pointers (struct wlr_render_pass *pass, const struct inos_capture_target *target,
                           bool alone)
{
  int x, y;
  const struct wlr_output_cursor *cursor = alone ? inos_capture_cursor (target, &x, &y) : NULL;
  if (cursor)
    draw_cursor (pass, cursor, 0, 0);
  const struct inos_seat *seat;
  wl_list_for_each (seat, &target->compositor->seats, link) {
    cursor = alone ? NULL : cursor_of (target, seat, &x, &y);
    if (cursor)
      draw_cursor (pass, cursor, x - cursor->hotspot_x, y - cursor->hotspot_y);
  }
}

static void on_texture (void *texture)
{
  wlr_texture_destroy (texture);
}

static bool draw_into (const struct inos_capture_target *target, enum inos_capture_what what,
                       struct wlr_buffer *buffer)
{
  struct canvas canvas = {.compositor = target->compositor};
  if (!find_box (target, &canvas.box, &canvas.scale))
    return false;
  canvas.pass = wlr_renderer_begin_buffer_pass (target->compositor->renderer, buffer, NULL);
  if (!canvas.pass)
    return false;
  canvas.textures = g_ptr_array_new_with_free_func (on_texture);
  bool opaque = !target->view && what != INOS_CAPTURE_CURSOR_ALONE;
  wlr_render_pass_add_rect (canvas.pass, &(struct wlr_render_rect_options){
                                           .box = {0, 0, buffer->width, buffer->height},
                                           .color = {0, 0, 0, opaque ? 1 : 0},
                                           .blend_mode = WLR_RENDER_BLEND_MODE_NONE,
                                         });
  if (what != INOS_CAPTURE_CURSOR_ALONE)
    draw_target (&canvas, target);
  if (what != INOS_CAPTURE_WITHOUT_CURSOR)
    draw_pointers (canvas.pass, target, what == INOS_CAPTURE_CURSOR_ALONE);
  bool done = wlr_render_pass_submit (canvas.pass);
  g_ptr_array_unref (canvas.textures);
  return done;
}

/* Buffers that the renderer can draw to, in the format that it draws outputs in. */
static bool make_swapchain (struct inos_compositor *compositor, int width, int height,
                            struct wlr_swapchain **swapchain)
{
  if (*swapchain && (*swapchain)->allocator == compositor->allocator &&
      (*swapchain)->width == width && (*swapchain)->height == height)
    return true;
  wlr_swapchain_destroy (*swapchain);
  *swapchain = NULL;
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (!output->wlr->swapchain)
      continue;
    *swapchain =
      wlr_swapchain_create (compositor->allocator, width, height, &output->wlr->swapchain->format);
    return *swapchain;
  }
  return false;
}

/* From what was drawn into a client's shared memory. */
static bool copy (struct inos_compositor *compositor, struct wlr_buffer *from,
                  struct wlr_buffer *to)
{
  void *data;
  uint32_t format;
  size_t stride;
  struct wlr_texture *texture = wlr_texture_from_buffer (compositor->renderer, from);
  if (!texture)
    return false;
  bool done = false;
  if (wlr_buffer_begin_data_ptr_access (to, WLR_BUFFER_DATA_PTR_ACCESS_WRITE, &data, &format,
                                        &stride)) {
    done = wlr_texture_read_pixels (texture,
                                    &(struct wlr_texture_read_pixels_options){
                                      .data = data, .format = format, .stride = (uint32_t)stride});
    wlr_buffer_end_data_ptr_access (to);
  }
  wlr_texture_destroy (texture);
  return done;
}

bool inos_capture_draw (const struct inos_capture_target *target, enum inos_capture_what what,
                        struct wlr_buffer *buffer, struct wlr_swapchain **swapchain)
{
  struct wlr_dmabuf_attributes dmabuf;
  if (wlr_buffer_get_dmabuf (buffer, &dmabuf))
    return draw_into (target, what, buffer);
  if (!make_swapchain (target->compositor, buffer->width, buffer->height, swapchain))
    return false;
  struct wlr_buffer *drawn = wlr_swapchain_acquire (*swapchain, NULL);
  if (!drawn)
    return false;
  bool done = draw_into (target, what, drawn) && copy (target->compositor, drawn, buffer);
  wlr_buffer_unlock (drawn);
  return done;
}

bool inos_capture_read (const struct inos_capture_target *target, enum inos_capture_what what,
                        int width, int height, uint32_t *pixels)
{
  struct inos_compositor *compositor = target->compositor;
  struct wlr_swapchain *swapchain = NULL;
  struct wlr_buffer *drawn = NULL;
  struct wlr_texture *texture = NULL;
  if (make_swapchain (compositor, width, height, &swapchain))
    drawn = wlr_swapchain_acquire (swapchain, NULL);
  if (drawn && draw_into (target, what, drawn))
    texture = wlr_texture_from_buffer (compositor->renderer, drawn);
  bool done =
    texture &&
    wlr_texture_read_pixels (
      texture, &(struct wlr_texture_read_pixels_options){
                 .data = pixels, .format = DRM_FORMAT_ARGB8888, .stride = (uint32_t)width * 4});
  if (texture)
    wlr_texture_destroy (texture);
  wlr_buffer_unlock (drawn);
  wlr_swapchain_destroy (swapchain);
  return done;
}

/* From an upright picture one as the monitor hangs. */
static struct wlr_buffer *turn (struct inos_output *output, struct wlr_buffer *upright,
                                struct wlr_swapchain **swapchain)
{
  const struct wlr_output *wlr = output->wlr;
  struct wlr_renderer *renderer = output->compositor->renderer;
  if (!make_swapchain (output->compositor, wlr->width, wlr->height, swapchain))
    return NULL;
  struct wlr_buffer *turned = wlr_swapchain_acquire (*swapchain, NULL);
  struct wlr_texture *texture = wlr_texture_from_buffer (renderer, upright);
  struct wlr_render_pass *pass =
    turned && texture ? wlr_renderer_begin_buffer_pass (renderer, turned, NULL) : NULL;
  if (pass)
    wlr_render_pass_add_texture (pass, &(struct wlr_render_texture_options){
                                         .texture = texture,
                                         .dst_box = {0, 0, wlr->width, wlr->height},
                                         .transform = wlr->transform,
                                         .blend_mode = WLR_RENDER_BLEND_MODE_NONE,
                                       });
  bool done = pass && wlr_render_pass_submit (pass);
  if (texture)
    wlr_texture_destroy (texture);
  if (turned && !done)
    wlr_buffer_unlock (turned);
  return done ? turned : NULL;
}

struct wlr_buffer *inos_capture_screen (struct inos_output *output,
                                        struct inos_capture_chains *chains)
{
  const struct inos_capture_target target = {.compositor = output->compositor, .output = output};
  enum inos_capture_what what =
    output->wlr->software_cursor_locks > 0 ? INOS_CAPTURE_WITH_CURSOR : INOS_CAPTURE_WITHOUT_CURSOR;
  int width = output->wlr->width, height = output->wlr->height;
  if (output->wlr->transform % 2 == WL_OUTPUT_TRANSFORM_90) {
    width = output->wlr->height;
    height = output->wlr->width;
  }
  if (!make_swapchain (output->compositor, width, height, &chains->upright))
    return NULL;
  struct wlr_buffer *upright = wlr_swapchain_acquire (chains->upright, NULL);
  if (upright && !draw_into (&target, what, upright)) {
    wlr_buffer_unlock (upright);
    return NULL;
  }
  if (!upright || output->wlr->transform == WL_OUTPUT_TRANSFORM_NORMAL)
    return upright;
  struct wlr_buffer *turned = turn (output, upright, &chains->turned);
  wlr_buffer_unlock (upright);
  return turned;
}

void inos_capture_chains_finish (struct inos_capture_chains *chains)
{
  wlr_swapchain_destroy (chains->upright);
  wlr_swapchain_destroy (chains->turned);
  *chains = (struct inos_capture_chains){0};
}
