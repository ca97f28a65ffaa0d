#include "x11_scale.h"

#include <math.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_xcursor_manager.h>
#include <wlr/util/region.h>

#include "cursor_image.h"
#include "output.h"
#include "seat.h"
#include "xwayland.h"

enum { SCALE_MOST = 4 };

bool inos_x11_scale_from_text (const char *text, double *scale)
{
  char *end;
  *scale = 0;
  if (!text || g_str_equal (text, "auto"))
    return true;
  *scale = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && *scale >= 1 && *scale <= SCALE_MOST;
}

double inos_x11_scale (const struct inos_compositor *compositor)
{
  return compositor->x11.scale;
}

static double wanted (struct inos_compositor *compositor)
{
  double scale;
  struct inos_output *output;
  if (!inos_x11_scale_from_text (compositor->config.xwayland_scale, &scale) || scale > 0)
    return MAX (scale, 1);
  scale = 1;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (output->placed)
      scale = MAX (scale, (double)output->wlr->scale);
  }
  return MIN (scale, SCALE_MOST);
}

bool inos_x11_scale_choose (struct inos_compositor *compositor)
{
  struct wlr_box box;
  if (compositor->x11.shown > 0)
    return false;
  wlr_output_layout_get_box (compositor->layout, NULL, &box);
  /* All of the desktop has a place within 16 bits. */
  int extent = MAX (MAX (box.x + box.width, box.y + box.height), 1);
  double scale = MAX (MIN (wanted (compositor), (double)INT16_MAX / extent), 1);
  bool same = scale == compositor->x11.scale;
  compositor->x11.scale = scale;
  return !same;
}

static int clamp (double value)
{
  return (int)CLAMP (value, INT16_MIN, INT16_MAX);
}

int inos_x11_px (const struct inos_compositor *compositor, double units)
{
  return clamp (round (units * compositor->x11.scale));
}

int inos_x11_place (const struct inos_compositor *compositor, int px)
{
  return clamp (floor (px / compositor->x11.scale));
}

/* Half a unit is cut off and not squeezed in where the scale is a whole number: a line more or less
 * is not seen, but letters that are stretched are. */
static int size (double px, double scale)
{
  return MAX (clamp (scale == floor (scale) ? floor (px / scale) : round (px / scale)), 1);
}

int inos_x11_size (const struct inos_compositor *compositor, int px)
{
  return size (px, compositor->x11.scale);
}

struct wlr_box inos_x11_box_px (const struct inos_compositor *compositor, struct wlr_box units)
{
  return (struct wlr_box){inos_x11_px (compositor, units.x), inos_x11_px (compositor, units.y),
                          inos_x11_px (compositor, units.width),
                          inos_x11_px (compositor, units.height)};
}

struct wlr_box inos_x11_output_px (const struct inos_compositor *compositor,
                                   struct wlr_output *output)
{
  struct wlr_box box;
  wlr_output_layout_get_box (compositor->layout, output, &box);
  box = inos_x11_box_px (compositor, box);
  if (fabs (output->scale - compositor->x11.scale) < 1e-3)
    wlr_output_transformed_resolution (output, &box.width, &box.height);
  return box;
}

static bool is_cursor (const struct wlr_surface *surface)
{
  return surface->role && g_str_has_suffix (surface->role->name, "-cursor");
}

static bool is_x11 (const struct inos_compositor *compositor, const struct wlr_surface *surface)
{
  return inos_xwayland_is_server ((struct inos_compositor *)compositor,
                                  wl_resource_get_client (surface->resource));
}

double inos_x11_surface_scale (const struct inos_compositor *compositor,
                               const struct wlr_surface *surface)
{
  if (compositor->x11.scale == 1 || !surface || !is_x11 (compositor, surface))
    return 1;
  if (is_cursor (surface))
    return surface->current.viewport.has_dst ? compositor->x11.scale : 1;
  return compositor->x11.scale;
}

/* A pointer that a program has made for scale 1, since it does not know better, is enlarged: people
 * have to find it. */
static double scale_for (struct inos_compositor *compositor, const struct wlr_surface *surface)
{
  double scale = compositor->x11.scale;
  if (is_cursor (surface) &&
      surface->pending.buffer_height < compositor->seat->xcursor->size * (1 + scale) / 2)
    return 1;
  return scale;
}

static bool same_viewport (const inos_x11_viewport *a, const inos_x11_viewport *b)
{
  return a->has_src == b->has_src && a->has_dst == b->has_dst &&
         (!a->has_dst || (a->dst_width == b->dst_width && a->dst_height == b->dst_height)) &&
         (!a->has_src || wlr_fbox_equal (&a->src, &b->src));
}

static void scale_regions (struct wlr_surface_state *state, double scale)
{
  if (state->committed & WLR_SURFACE_STATE_INPUT_REGION)
    wlr_region_scale (&state->input, &state->input, (float)(1 / scale));
  if (state->committed & WLR_SURFACE_STATE_OPAQUE_REGION)
    wlr_region_scale (&state->opaque, &state->opaque, (float)(1 / scale));
  if (state->committed & WLR_SURFACE_STATE_SURFACE_DAMAGE) {
    pixman_region32_union_rect (&state->buffer_damage, &state->buffer_damage, 0, 0,
                                (unsigned int)state->buffer_width,
                                (unsigned int)state->buffer_height);
    state->committed |= WLR_SURFACE_STATE_BUFFER_DAMAGE;
  }
}

void inos_x11_surface_commit (struct inos_compositor *compositor, struct wlr_surface *surface,
                              inos_x11_viewport *own)
{
  struct wlr_surface_state *state = &surface->pending;
  double scale = scale_for (compositor, surface);
  *own = state->viewport;
  if (scale != 1 && state->buffer_width > 0 && state->buffer_height > 0) {
    inos_x11_viewport *view = &state->viewport;
    double width = own->has_dst   ? own->dst_width
                   : own->has_src ? own->src.width
                                  : state->buffer_width;
    double height = own->has_dst   ? own->dst_height
                    : own->has_src ? own->src.height
                                   : state->buffer_height;
    scale_regions (state, scale);
    view->has_dst = true;
    view->dst_width = size (width, scale);
    view->dst_height = size (height, scale);
    if (!own->has_src && !own->has_dst && scale == floor (scale) && width >= scale &&
        height >= scale) {
      view->has_src = true;
      view->src = (struct wlr_fbox){0, 0, view->dst_width * scale, view->dst_height * scale};
    }
    state->width = view->dst_width;
    state->height = view->dst_height;
  }
  if (!same_viewport (&state->viewport, &surface->current.viewport))
    state->committed |= WLR_SURFACE_STATE_VIEWPORT;
}

void inos_x11_surface_committed (struct inos_compositor *compositor, struct wlr_surface *surface,
                                 const inos_x11_viewport *own)
{
  surface->pending.viewport = *own;
  /* A pointer's hot spot is known before its picture. */
  struct inos_seat *seat;
  wl_list_for_each (seat, &compositor->seats, link) {
    if (compositor->x11.scale != 1 && seat->image.surface == surface)
      inos_cursor_image_redraw (seat);
  }
}
