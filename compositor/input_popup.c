#include "input_popup.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_input_method_v2.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_text_input_v3.h>

#include "listener.h"
#include "output.h"
#include "text_input.h"

struct popup {
  struct wl_list link;
  struct inos_compositor *compositor;
  struct wlr_input_popup_surface_v2 *wlr;
  struct wlr_scene_tree *tree;

  struct wl_listener commit, destroy;
};

struct wlr_box inos_input_popup_fit (struct wlr_box cursor, int width, int height,
                                     struct wlr_box room)
{
  struct wlr_box box = {cursor.x, cursor.y + cursor.height, width, height};
  if (box.y + height > room.y + room.height && cursor.y - height >= room.y)
    box.y = cursor.y - height;
  box.x = CLAMP (box.x, room.x, MAX (room.x, room.x + room.width - width));
  box.y = CLAMP (box.y, room.y, MAX (room.y, room.y + room.height - height));
  return box;
}

struct search {
  struct wlr_surface *surface;
  int x, y;
  bool found;
};

static void look (struct wlr_scene_buffer *buffer, int x, int y, void *data)
{
  struct search *search = data;
  struct wlr_scene_surface *surface = wlr_scene_surface_try_from_buffer (buffer);
  if (surface && surface->surface == search->surface)
    *search = (struct search){search->surface, x, y, true};
}

/* The text's cursor in layout coordinates. False where nothing is to be seen of the text. */
static bool find_cursor (struct inos_compositor *compositor, struct wlr_box *cursor)
{
  const struct wlr_text_input_v3 *input = inos_text_input_active (compositor);
  if (!input)
    return false;
  struct search search = {.surface = input->focused_surface};
  wlr_scene_node_for_each_buffer (&compositor->scene->tree.node, look, &search);
  const struct wlr_surface_state *state = &input->focused_surface->current;
  /* Without a word of the cursor: below the whole window. */
  *cursor = input->active_features & WLR_TEXT_INPUT_V3_FEATURE_CURSOR_RECTANGLE
              ? input->current.cursor_rectangle
              : (struct wlr_box){0, 0, state->width, state->height};
  cursor->x = search.x + CLAMP (cursor->x, 0, state->width);
  cursor->y = search.y + CLAMP (cursor->y, 0, state->height);
  cursor->width = CLAMP (cursor->width, 0, state->width);
  cursor->height = CLAMP (cursor->height, 0, state->height);
  return search.found;
}

static void place (struct popup *popup)
{
  struct wlr_box cursor;
  bool shown = popup->wlr->surface->mapped && find_cursor (popup->compositor, &cursor);
  wlr_scene_node_set_enabled (&popup->tree->node, shown);
  if (!shown)
    return;
  struct inos_output *output = inos_output_at (popup->compositor, cursor.x, cursor.y);
  if (!output)
    output = inos_output_active (popup->compositor);
  if (!output)
    return;
  const struct wlr_surface_state *state = &popup->wlr->surface->current;
  struct wlr_box box =
    inos_input_popup_fit (cursor, state->width, state->height, inos_output_box (output));
  wlr_scene_node_set_position (&popup->tree->node, box.x, box.y);
  wlr_scene_node_raise_to_top (&popup->tree->node);
  struct wlr_box rectangle = cursor;
  rectangle.x -= box.x;
  rectangle.y -= box.y;
  wlr_input_popup_surface_v2_send_text_input_rectangle (popup->wlr, &rectangle);
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct popup *popup = wl_container_of (listener, popup, commit);
  place (popup);
}

static void popup_free (struct popup *popup)
{
  DISCONNECT (popup->commit);
  DISCONNECT (popup->destroy);
  wl_list_remove (&popup->link);
  wlr_scene_node_destroy (&popup->tree->node);
  g_free (popup);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct popup *popup = wl_container_of (listener, popup, destroy);
  popup_free (popup);
}

void inos_input_popup_create (struct inos_compositor *compositor, struct wl_list *popups,
                              struct wlr_input_popup_surface_v2 *wlr)
{
  struct popup *popup = g_new0 (struct popup, 1);
  popup->compositor = compositor;
  popup->wlr = wlr;
  popup->tree = wlr_scene_tree_create (compositor->layers[INOS_LAYER_OVERLAY]);
  wlr_scene_subsurface_tree_create (popup->tree, wlr->surface);
  wl_list_insert (popups, &popup->link);
  CONNECT_SIGNAL (wlr->surface, popup, commit);
  CONNECT_SIGNAL (wlr, popup, destroy);
  place (popup);
}

void inos_input_popups_place (struct wl_list *popups)
{
  struct popup *popup;
  wl_list_for_each (popup, popups, link)
    place (popup);
}

void inos_input_popups_finish (struct wl_list *popups)
{
  struct popup *popup, *next;
  wl_list_for_each_safe (popup, next, popups, link)
    popup_free (popup);
}
