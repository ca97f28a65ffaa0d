#include "one_pixel.h"

#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_scene.h>

static void choose_filter (struct wlr_scene_buffer *scene)
{
  const struct wlr_buffer *buffer = scene->buffer;
  if (!buffer || !wlr_scene_surface_try_from_buffer (scene))
    return;
  bool one = buffer->width == 1 && buffer->height == 1;
  wlr_scene_buffer_set_filter_mode (scene,
                                    one ? WLR_SCALE_FILTER_NEAREST : WLR_SCALE_FILTER_BILINEAR);
}

/* Of what is hidden too, unlike wlroots' own walk: it may be shown again without a commit. */
static void walk (struct wlr_scene_node *node)
{
  if (node->type == WLR_SCENE_NODE_BUFFER)
    choose_filter (wlr_scene_buffer_from_node (node));
  if (node->type != WLR_SCENE_NODE_TREE)
    return;
  struct wlr_scene_node *child;
  wl_list_for_each (child, &wlr_scene_tree_from_node (node)->children, link)
    walk (child);
}

void inos_one_pixel_refresh (struct inos_compositor *compositor)
{
  walk (&compositor->scene->tree.node);
}
