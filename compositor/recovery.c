#include "recovery.h"

#include <wlr/render/allocator.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/log.h>

#include "cursor_image.h"
#include "listener.h"
#include "mirror.h"
#include "motion.h"
#include "output.h"
#include "protocol.h"
#include "renderer.h"
#include "seats.h"
#include "surfaces.h"
#include "view.h"
#include "window_frame.h"
#include "overview_show.h"
#include "window_menu.h"

enum { RETRY_MS = 500, REDRAW_MS = 100 };

/* The scene takes what its surface has now. It counts its own lock of a surface's buffer as none of
 * somebody else's. */
static void refresh_buffer (struct wlr_scene_buffer *scene)
{
  struct wlr_scene_surface *surface = wlr_scene_surface_try_from_buffer (scene);
  struct wlr_client_buffer *old = scene->buffer ? wlr_client_buffer_get (scene->buffer) : NULL;
  if (!surface || !surface->surface->buffer || old == surface->surface->buffer)
    return;
  if (old)
    old->n_ignore_locks--;
  surface->surface->buffer->n_ignore_locks++;
  wlr_scene_buffer_set_buffer (scene, &surface->surface->buffer->base);
}

static void refresh_node (struct wlr_scene_node *node)
{
  if (node->type == WLR_SCENE_NODE_BUFFER)
    refresh_buffer (wlr_scene_buffer_from_node (node));
  if (node->type != WLR_SCENE_NODE_TREE)
    return;
  struct wlr_scene_node *child;
  wl_list_for_each (child, &wlr_scene_tree_from_node (node)->children, link)
    refresh_node (child);
}

/* Of the size that it has: the one in between was only to make it draw. */
static int on_redraw (void *data)
{
  struct inos_compositor *compositor = data;
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    if (view->redraw.width > 0)
      inos_view_resize (view, view->redraw.width, view->redraw.height);
    view->redraw = (struct wlr_box){0};
  }
  return 0;
}

static void ask_to_redraw (struct inos_compositor *compositor)
{
  bool any = false;
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link) {
    struct wlr_box box = inos_view_box (view);
    if (!view->surface || inos_surface_has_content (view->surface) || box.height < 2)
      continue;
    view->redraw = box;
    inos_view_resize (view, box.width, box.height - 1);
    any = true;
  }
  if (any)
    wl_event_source_timer_update (compositor->recovery.redraw, REDRAW_MS);
}

/* What the compositor itself drew. */
static void redraw_own (struct inos_compositor *compositor)
{
  struct inos_view *view;
  wl_list_for_each (view, &compositor->views, link)
    inos_frame_redraw (view);
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link) {
    inos_window_menu_close (seat);
    wlr_cursor_unset_image (seat->cursor);
    inos_cursor_image_redraw (seat);
  }
}

static void take (struct inos_compositor *compositor, struct wlr_renderer *renderer,
                  struct wlr_allocator *allocator)
{
  struct wlr_renderer *old_renderer = compositor->renderer;
  struct wlr_allocator *old_allocator = compositor->allocator;
  inos_motions_end (compositor->motions);
  inos_overview_end (compositor);
  DISCONNECT (compositor->recovery.lost);
  compositor->renderer = renderer;
  compositor->allocator = allocator;
  inos_recovery_watch (compositor);
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link)
    wlr_output_init_render (output->wlr, allocator, renderer);
  inos_surfaces_renderer_changed (inos_protocol_state (compositor, INOS_STATE_SURFACES));
  refresh_node (&compositor->scene->tree.node);
  wlr_allocator_destroy (old_allocator);
  wlr_renderer_destroy (old_renderer);
  redraw_own (compositor);
  ask_to_redraw (compositor);
  wl_list_for_each (output, &compositor->outputs, link) {
    inos_mirror_refresh (output);
    output->wlr->needs_frame = true;
    wlr_output_schedule_frame (output->wlr);
  }
}

/* Where the graphics do not come back at once they may a little later. */
static int recover (void *data)
{
  struct inos_compositor *compositor = data;
  struct wlr_renderer *renderer = inos_renderer_create (compositor->backend);
  struct wlr_allocator *allocator =
    renderer ? wlr_allocator_autocreate (compositor->backend, renderer) : NULL;
  if (allocator) {
    wlr_log (WLR_INFO, "the graphics were reset: a new renderer draws the windows");
    compositor->recovery.told = false;
    take (compositor, renderer, allocator);
    return 0;
  }
  if (!compositor->recovery.told)
    wlr_log (WLR_ERROR, "the graphics were reset and no new renderer can be made: trying again");
  compositor->recovery.told = true;
  if (renderer)
    wlr_renderer_destroy (renderer);
  wl_event_source_timer_update (compositor->recovery.retry, RETRY_MS);
  return 0;
}

static void on_idle (void *data)
{
  struct inos_compositor *compositor = data;
  compositor->recovery.idle = NULL;
  recover (compositor);
}

/* Not from within the drawing that failed. */
static void handle_lost (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor = wl_container_of (listener, compositor, recovery.lost);
  if (!compositor->recovery.idle)
    compositor->recovery.idle = wl_event_loop_add_idle (compositor->loop, on_idle, compositor);
}

void inos_recovery_watch (struct inos_compositor *compositor)
{
  compositor->recovery.lost.notify = handle_lost;
  wl_signal_add (&compositor->renderer->events.lost, &compositor->recovery.lost);
  if (compositor->recovery.retry)
    return;
  compositor->recovery.retry = wl_event_loop_add_timer (compositor->loop, recover, compositor);
  compositor->recovery.redraw = wl_event_loop_add_timer (compositor->loop, on_redraw, compositor);
}

void inos_recovery_finish (struct inos_compositor *compositor)
{
  DISCONNECT (compositor->recovery.lost);
  if (compositor->recovery.idle)
    wl_event_source_remove (compositor->recovery.idle);
  if (compositor->recovery.retry)
    wl_event_source_remove (compositor->recovery.retry);
  if (compositor->recovery.redraw)
    wl_event_source_remove (compositor->recovery.redraw);
}
