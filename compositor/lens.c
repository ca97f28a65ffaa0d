#include "lens.h"

#include <wlr/interfaces/wlr_output.h>
#include <wlr/render/pass.h>
#include <wlr/render/swapchain.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_damage_ring.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/transform.h>

#include "inversion.h"
#include "output.h"
#include "seat.h"

struct inos_lens {
  struct inos_output *output;
  struct wlr_swapchain *swapchain; /* may be NULL: the pictures of the scene */
  struct inos_inversion inversion;
  struct wlr_fbox shown; /* in layout coordinates */
  struct wlr_box box;    /* of the output when that was chosen */
};

static double zoom_of (struct inos_output *output)
{
  const struct inos_compositor *compositor = output->compositor;
  const struct wlr_cursor *cursor = compositor->seat->cursor;
  struct wlr_box box = inos_output_box (output);
  bool here = wlr_box_contains_point (&box, cursor->x, cursor->y);
  return here ? compositor->config.magnifier / 100.0 : 1;
}

/* The part that the screen shows now. A finger that is down holds it still, as long as the output
 * is where and how large it was. */
static struct wlr_fbox choose_part (const struct inos_lens *lens)
{
  struct inos_output *output = lens->output;
  const struct inos_seat *seat = output->compositor->seat;
  struct wlr_box box = inos_output_box (output);
  double zoom = zoom_of (output);
  if (zoom > 1 && g_hash_table_size (seat->touch_points) > 0 && !wlr_fbox_empty (&lens->shown) &&
      wlr_box_equal (&lens->box, &box))
    return lens->shown;
  return (struct wlr_fbox){
    .x = box.x + (seat->cursor->x - box.x) * (zoom > 1 ? 1 - 1 / zoom : 0),
    .y = box.y + (seat->cursor->y - box.y) * (zoom > 1 ? 1 - 1 / zoom : 0),
    .width = box.width / zoom,
    .height = box.height / zoom,
  };
}

/* All of the screen is another one, whatever of the scene changed. */
static void redraw (struct inos_output *output)
{
  wlr_output_update_needs_frame (output->wlr);
}

static void attach (struct inos_output *output)
{
  struct inos_lens *lens = output->lens = g_new0 (struct inos_lens, 1);
  lens->output = output;
  /* The pointer is in the picture, and no window is shown past it. */
  wlr_output_lock_software_cursors (output->wlr, true);
  wlr_output_lock_attach_render (output->wlr, true);
  redraw (output);
}

void inos_lens_destroy (struct inos_lens *lens)
{
  if (!lens)
    return;
  struct inos_output *output = lens->output;
  inos_inversion_finish (&lens->inversion);
  wlr_swapchain_destroy (lens->swapchain);
  g_free (lens);
  output->lens = NULL;
}

/* What the screen's own buffers hold is not what the scene believes. */
static void detach (struct inos_output *output)
{
  inos_lens_destroy (output->lens);
  wlr_output_lock_software_cursors (output->wlr, false);
  wlr_output_lock_attach_render (output->wlr, false);
  if (output->scene_output) /* none where it mirrors now */
    wlr_damage_ring_add_whole (&output->scene_output->damage_ring);
  redraw (output);
}

static bool needs_lens (struct inos_output *output)
{
  const struct inos_config *config = &output->compositor->config;
  if (!config->invert_colours && config->magnifier <= 100)
    return false;
  struct wlr_box box = inos_output_box (output);
  return output->scene_output && output->wlr->enabled && !wlr_box_empty (&box) &&
         (config->invert_colours || (config->magnifier > 100 && zoom_of (output) > 1));
}

void inos_lenses_update (struct inos_compositor *compositor)
{
  const struct inos_config *config = &compositor->config;
  struct inos_output *output;
  if (!compositor->seat || compositor->ending)
    return;
  wl_list_for_each (output, &compositor->outputs, link) {
    struct inos_lens *lens = output->lens;
    bool wanted = needs_lens (output);
    if (wanted && !lens) {
      attach (output);
    } else if (!wanted && lens) {
      detach (output);
    } else if (lens) {
      struct wlr_fbox part = choose_part (lens);
      if (!wlr_fbox_equal (&part, &lens->shown) || config->invert_colours != lens->inversion.on)
        redraw (output);
    }
  }
}

void inos_lens_set_zoom (struct inos_compositor *compositor, int percent)
{
  percent = CLAMP (percent, 100, INOS_ZOOM_MOST);
  if (percent == compositor->config.magnifier)
    return;
  compositor->config.magnifier = percent;
  inos_lenses_update (compositor);
  wl_signal_emit_mutable (&compositor->events.access_change, compositor);
}

void inos_lens_set_inverted (struct inos_compositor *compositor, bool on)
{
  if (on == compositor->config.invert_colours)
    return;
  compositor->config.invert_colours = on;
  inos_lenses_update (compositor);
  wl_signal_emit_mutable (&compositor->events.access_change, compositor);
}

void inos_lens_to_layout (struct inos_compositor *compositor, double *x, double *y)
{
  struct inos_output *output = inos_output_at (compositor, *x, *y);
  if (!output || !output->lens || wlr_fbox_empty (&output->lens->shown))
    return;
  const struct wlr_fbox *shown = &output->lens->shown;
  struct wlr_box box = inos_output_box (output);
  *x = shown->x + (*x - box.x) * shown->width / box.width;
  *y = shown->y + (*y - box.y) * shown->height / box.height;
}

/* The screen's swapchain is ready and says which format is fit for it. */
static bool prepare_swapchain (struct inos_lens *lens)
{
  const struct inos_compositor *compositor = lens->output->compositor;
  const struct wlr_swapchain *screen = lens->output->wlr->swapchain;
  if (lens->swapchain && lens->swapchain->allocator == compositor->allocator &&
      lens->swapchain->width == screen->width && lens->swapchain->height == screen->height)
    return true;
  wlr_swapchain_destroy (lens->swapchain);
  lens->swapchain =
    wlr_swapchain_create (compositor->allocator, screen->width, screen->height, &screen->format);
  return lens->swapchain;
}

/* wlroots takes nothing that is outside of a picture, by the last bit. */
static void keep_inside (double *at, double *size, double most)
{
  *at = CLAMP (*at, 0, most);
  *size = MIN (*size, most - *at);
}

/* The part in pixels of the picture, which is turned as the monitor is. */
static struct wlr_fbox source_box (const struct inos_lens *lens, const struct wlr_buffer *picture)
{
  struct wlr_output *wlr = lens->output->wlr;
  struct wlr_box box = inos_output_box (lens->output);
  int width, height;
  wlr_output_transformed_resolution (wlr, &width, &height);
  struct wlr_fbox part = {
    .x = (lens->shown.x - box.x) * width / box.width,
    .y = (lens->shown.y - box.y) * height / box.height,
    .width = lens->shown.width * width / box.width,
    .height = lens->shown.height * height / box.height,
  };
  wlr_fbox_transform (&part, &part, wlr_output_transform_invert (wlr->transform), width, height);
  keep_inside (&part.x, &part.width, picture->width);
  keep_inside (&part.y, &part.height, picture->height);
  return part;
}

static bool draw (struct inos_lens *lens, struct wlr_buffer *picture, struct wlr_buffer *screen)
{
  struct wlr_renderer *renderer = lens->output->wlr->renderer;
  struct wlr_texture *texture = wlr_texture_from_buffer (renderer, picture);
  struct wlr_render_pass *pass =
    texture ? wlr_renderer_begin_buffer_pass (renderer, screen, NULL) : NULL;
  if (pass)
    wlr_render_pass_add_texture (pass, &(struct wlr_render_texture_options){
                                         .texture = texture,
                                         .src_box = source_box (lens, picture),
                                         .dst_box = {0, 0, screen->width, screen->height},
                                         .blend_mode = WLR_RENDER_BLEND_MODE_NONE,
                                       });
  bool done = pass && wlr_render_pass_submit (pass);
  if (texture)
    wlr_texture_destroy (texture);
  return done && inos_inversion_apply (&lens->inversion, renderer, screen);
}

bool inos_lens_build_state (struct inos_lens *lens, struct wlr_output_state *state)
{
  struct inos_output *output = lens->output;
  struct wlr_output *wlr = output->wlr;
  struct wlr_buffer *screen = NULL;
  if (!wlr_output_configure_primary_swapchain (wlr, state, &wlr->swapchain) ||
      !prepare_swapchain (lens))
    return false;
  struct wlr_output_state scene;
  wlr_output_state_init (&scene);
  const struct wlr_scene_output_state_options options = {.swapchain = lens->swapchain};
  lens->shown = choose_part (lens);
  lens->box = inos_output_box (output);
  lens->inversion.on = output->compositor->config.invert_colours;
  if (wlr_scene_output_build_state (output->scene_output, &scene, &options))
    screen = wlr_swapchain_acquire (wlr->swapchain, NULL);
  bool done = screen && draw (lens, scene.buffer, screen);
  if (done)
    wlr_output_state_set_buffer (state, screen);
  wlr_buffer_unlock (screen);
  wlr_output_state_finish (&scene);
  return done;
}
