/* What the overview is put together from. */
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_scene.h>

#include "overview_private.h"

void inos_overview_set_picture (struct wlr_scene_buffer *scene, struct wlr_buffer *buffer,
                                int width, int height)
{
  wlr_scene_buffer_set_buffer (scene, buffer);
  wlr_scene_buffer_set_dest_size (scene, width, height);
  if (buffer)
    wlr_buffer_drop (buffer);
}

void inos_overview_ring_create (struct inos_overview_ring *ring, struct wlr_scene_tree *parent,
                                struct wlr_scene_node *above)
{
  static const float none[4] = {0, 0, 0, 0};
  for (size_t i = 0; i < G_N_ELEMENTS (ring->sides); i++) {
    ring->sides[i] = wlr_scene_rect_create (parent, 0, 0, none);
    wlr_scene_node_set_enabled (&ring->sides[i]->node, false);
    if (above)
      wlr_scene_node_place_above (&ring->sides[i]->node, above);
  }
}

void inos_overview_ring_destroy (struct inos_overview_ring *ring)
{
  for (size_t i = 0; i < G_N_ELEMENTS (ring->sides); i++)
    wlr_scene_node_destroy (&ring->sides[i]->node);
}

void inos_overview_ring_place (struct inos_overview_ring *ring, const struct wlr_box *box,
                               int width, const float colour[static 4])
{
  const struct wlr_box sides[] = {
    {box->x - width, box->y - width, box->width + 2 * width, width},
    {box->x - width, box->y + box->height, box->width + 2 * width, width},
    {box->x - width, box->y, width, box->height},
    {box->x + box->width, box->y, width, box->height},
  };
  G_STATIC_ASSERT (G_N_ELEMENTS (sides) == G_N_ELEMENTS (ring->sides));
  for (size_t i = 0; i < G_N_ELEMENTS (sides); i++) {
    wlr_scene_node_set_enabled (&ring->sides[i]->node, width > 0);
    wlr_scene_node_set_position (&ring->sides[i]->node, sides[i].x, sides[i].y);
    wlr_scene_rect_set_size (ring->sides[i], sides[i].width, sides[i].height);
    wlr_scene_rect_set_color (ring->sides[i], colour);
  }
}
