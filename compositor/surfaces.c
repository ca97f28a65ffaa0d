#include "surfaces.h"

#include <math.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_fractional_scale_v1.h>
#include <wlr/types/wlr_output.h>

#include "each_frame.h"
#include "listener.h"
#include "one_pixel.h"
#include "output.h"
#include "seats.h"
#include "x11_scale.h"
#include "xwayland.h"

struct surfaces {
  struct inos_compositor *compositor;
  struct wlr_compositor *wlr;
  struct wl_list list; /* struct surface.link */
  struct wl_listener new_surface;
  struct wl_event_source *refresh; /* may be NULL: looks for surfaces of one pixel */
};

struct surface {
  struct wl_list link;
  struct surfaces *all;
  struct inos_compositor *compositor;
  struct wlr_surface *wlr;
  int width, height;
  bool mapped, x11;
  bool one_pixel;           /* its buffer is */
  inos_x11_viewport own;    /* of a surface of the X server's, see x11_scale.h */
  struct wlr_buffer *drawn; /* the client's last one; may be NULL: none, or it is gone */

  struct wl_listener client_commit, commit, destroy, drawn_gone;
};

/* The parts of a surface's state that decide what is under the pointer, with the offset, which an
 * old client always says. */
enum {
  SHAPE = WLR_SURFACE_STATE_INPUT_REGION | WLR_SURFACE_STATE_TRANSFORM | WLR_SURFACE_STATE_SCALE |
          WLR_SURFACE_STATE_VIEWPORT,
};

static void refresh_one_pixel (void *data)
{
  struct surfaces *surfaces = data;
  surfaces->refresh = NULL;
  inos_one_pixel_refresh (surfaces->compositor);
}

/* Once for all that was committed, before it is drawn. */
static void look_for_one_pixel (struct surface *surface)
{
  const struct wlr_surface_state *state = &surface->wlr->current;
  bool was = surface->one_pixel;
  surface->one_pixel = state->buffer_width == 1 && state->buffer_height == 1;
  if ((was || surface->one_pixel) && !surface->all->refresh)
    surface->all->refresh =
      wl_event_loop_add_idle (surface->compositor->loop, refresh_one_pixel, surface->all);
}

INOS_EACH_FRAME static void handle_commit (struct wl_listener *listener, void *data)
{
  struct surface *surface = wl_container_of (listener, surface, commit);
  const struct wlr_surface_state *state = &surface->wlr->current;
  if (surface->x11)
    inos_x11_surface_committed (surface->compositor, surface->wlr, &surface->own);
  bool same = surface->width == state->width && surface->height == state->height &&
              surface->mapped == surface->wlr->mapped && !(state->committed & SHAPE) &&
              state->dx == 0 && state->dy == 0 && wl_list_empty (&state->subsurfaces_above) &&
              wl_list_empty (&state->subsurfaces_below);
  surface->width = state->width;
  surface->height = state->height;
  surface->mapped = surface->wlr->mapped;
  look_for_one_pixel (surface);
  if (!same)
    inos_seats_refresh_cursor (surface->compositor);
  wl_signal_emit_mutable (&surface->compositor->events.surface_commit, surface->wlr);
}

static void handle_drawn_gone (struct wl_listener *listener, void *data)
{
  struct surface *surface = wl_container_of (listener, surface, drawn_gone);
  DISCONNECT (surface->drawn_gone);
  surface->drawn = NULL;
}

/* The commit is listened to after the scene, which a surface joins with its role: the scene is then
 * up to date when we look. */
INOS_EACH_FRAME static void handle_client_commit (struct wl_listener *listener, void *data)
{
  struct surface *surface = wl_container_of (listener, surface, client_commit);
  const struct wlr_surface_state *pending = &surface->wlr->pending;
  if (!surface->commit.notify)
    CONNECT_SIGNAL (surface->wlr, surface, commit);
  if (surface->x11)
    inos_x11_surface_commit (surface->compositor, surface->wlr, &surface->own);
  if (!(pending->committed & WLR_SURFACE_STATE_BUFFER) || pending->buffer == surface->drawn)
    return;
  DISCONNECT (surface->drawn_gone);
  surface->drawn = pending->buffer;
  if (surface->drawn)
    CONNECT_TO (&surface->drawn->events.destroy, surface, drawn_gone);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct surface *surface = wl_container_of (listener, surface, destroy);
  inos_seats_refresh_cursor_later (surface->compositor);
  DISCONNECT (surface->client_commit);
  DISCONNECT (surface->commit);
  DISCONNECT (surface->destroy);
  DISCONNECT (surface->drawn_gone);
  wl_list_remove (&surface->link);
  g_free (surface);
}

static void handle_new_surface (struct wl_listener *listener, void *data)
{
  struct surfaces *surfaces = wl_container_of (listener, surfaces, new_surface);
  struct surface *surface = g_new0 (struct surface, 1);
  surface->all = surfaces;
  surface->compositor = surfaces->compositor;
  surface->wlr = data;
  surface->x11 =
    inos_xwayland_is_server (surface->compositor, wl_resource_get_client (surface->wlr->resource));
  wl_list_insert (&surfaces->list, &surface->link);
  CONNECT_SIGNAL (surface->wlr, surface, client_commit);
  CONNECT_SIGNAL (surface->wlr, surface, destroy);
}

void inos_surface_prefer (struct wlr_surface *surface, struct inos_output *output)
{
  double scale = output->wlr->scale;
  wlr_fractional_scale_v1_notify_scale (surface, scale);
  wlr_surface_set_preferred_buffer_scale (surface, (int32_t)ceil (scale));
  wlr_surface_set_preferred_buffer_transform (surface, output->wlr->transform);
}

void *inos_surfaces_create (struct inos_compositor *compositor, int version)
{
  struct wlr_compositor *wlr =
    wlr_compositor_create (compositor->display, (uint32_t)version, compositor->renderer);
  if (!wlr)
    return NULL;
  struct surfaces *surfaces = g_new0 (struct surfaces, 1);
  surfaces->compositor = compositor;
  surfaces->wlr = wlr;
  wl_list_init (&surfaces->list);
  CONNECT_SIGNAL (wlr, surfaces, new_surface);
  return surfaces;
}

void inos_surfaces_destroy (void *state)
{
  struct surfaces *surfaces = state;
  DISCONNECT (surfaces->new_surface);
  g_clear_pointer (&surfaces->refresh, wl_event_source_remove);
  g_free (surfaces);
}

/* Of wlroots, which exports it without a header: what a commit of the client would do. */
struct wlr_client_buffer *wlr_client_buffer_create (struct wlr_buffer *buffer,
                                                    struct wlr_renderer *renderer);

static void upload (struct surface *surface, struct wlr_renderer *renderer)
{
  /* What a synchronised subsurface has drawn waits for its parent: it is not shown yet, and may be
   * of another size than what is. */
  const struct wlr_surface_state *current = &surface->wlr->current;
  bool fits = surface->drawn && surface->drawn->width == current->buffer_width &&
              surface->drawn->height == current->buffer_height;
  struct wlr_client_buffer *buffer =
    fits ? wlr_client_buffer_create (surface->drawn, renderer) : NULL;
  if (!buffer)
    return;
  wlr_buffer_unlock (&surface->wlr->buffer->base);
  surface->wlr->buffer = buffer;
}

void inos_surfaces_renderer_changed (void *state)
{
  struct surfaces *surfaces = state;
  struct surface *surface;
  wlr_compositor_set_renderer (surfaces->wlr, surfaces->compositor->renderer);
  wl_list_for_each (surface, &surfaces->list, link) {
    if (surface->wlr->buffer)
      upload (surface, surfaces->compositor->renderer);
  }
}

bool inos_surface_has_content (struct wlr_surface *surface)
{
  return surface->buffer && surface->buffer->texture;
}

struct wlr_compositor *inos_surfaces_wlr (void *state)
{
  struct surfaces *surfaces = state;
  return surfaces->wlr;
}
