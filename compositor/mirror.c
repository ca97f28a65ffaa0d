#include "mirror.h"

#include <math.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_damage_ring.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/log.h>
#include <wlr/util/region.h>
#include <wlr/util/transform.h>

#include "device.h"
#include "gamma.h"
#include "lens.h"
#include "listener.h"
#include "seat.h"

struct inos_mirror {
  struct inos_output *output, *source;
  struct wlr_buffer *picture;         /* locked: what the source shows; NULL for black */
  enum wl_output_transform transform; /* of the source, when it drew that */
  struct wlr_damage_ring changed;     /* of the output's own buffers */
  bool drawn;
  bool stays_out; /* of the layout, when it ends */

  struct wl_listener commit; /* of the source */
  struct wl_listener lock_change;
};

static void set_picture (struct inos_mirror *mirror, struct wlr_buffer *picture)
{
  wlr_buffer_unlock (mirror->picture);
  mirror->picture = picture ? wlr_buffer_lock (picture) : NULL;
  mirror->drawn = false;
  wlr_output_schedule_frame (mirror->output->wlr);
}

static void forget_picture (struct inos_mirror *mirror)
{
  set_picture (mirror, NULL);
  wlr_damage_ring_add_whole (&mirror->changed);
}

static void redraw (struct inos_output *output)
{
  output->wlr->needs_frame = true;
  wlr_output_schedule_frame (output->wlr);
}

/* What was shown before the session was locked must not be drawn after. */
static void handle_lock_change (struct wl_listener *listener, void *data)
{
  struct inos_mirror *mirror = wl_container_of (listener, mirror, lock_change);
  forget_picture (mirror);
  redraw (mirror->source);
}

/* Where the upright picture goes on the upright output. */
static struct wlr_box fit (int width, int height, int room_width, int room_height)
{
  double scale = MIN ((double)room_width / width, (double)room_height / height);
  struct wlr_box box = {
    .width = MAX (1, (int)lround (width * scale)),
    .height = MAX (1, (int)lround (height * scale)),
  };
  box.x = (room_width - box.width) / 2;
  box.y = (room_height - box.height) / 2;
  return box;
}

/* Where the picture is to go on the upright output. */
static struct wlr_box place_of (const struct inos_mirror *mirror, int width, int height)
{
  int room_width, room_height;
  wlr_output_transformed_resolution (mirror->output->wlr, &room_width, &room_height);
  return fit (width, height, room_width, room_height);
}

bool inos_mirror_point (const struct inos_output *output, double *x, double *y)
{
  const struct inos_mirror *mirror = output->mirror;
  int width, height, room_width, room_height;
  if (!mirror)
    return true;
  wlr_output_transformed_resolution (mirror->source->wlr, &width, &height);
  wlr_output_transformed_resolution (mirror->output->wlr, &room_width, &room_height);
  struct wlr_box box = place_of (mirror, width, height);
  /* As the panel is held, not as the source is. */
  struct wlr_fbox point = {.x = *x, .y = *y};
  wlr_fbox_transform (&point, &point, wlr_output_transform_invert (mirror->source->wlr->transform),
                      1, 1);
  wlr_fbox_transform (&point, &point, mirror->output->wlr->transform, 1, 1);
  *x = (point.x * room_width - box.x) / box.width;
  *y = (point.y * room_height - box.y) / box.height;
  return *x >= 0 && *x <= 1 && *y >= 0 && *y <= 1;
}

/* What has changed in the source's buffer, in the output's own. */
static void map_damage (const struct inos_mirror *mirror, const pixman_region32_t *changed,
                        pixman_region32_t *damage)
{
  const struct wlr_output *wlr = mirror->output->wlr;
  int width = mirror->picture->width, height = mirror->picture->height;
  wlr_region_transform (damage, changed, mirror->transform, width, height);
  wlr_output_transform_coords (mirror->transform, &width, &height);
  struct wlr_box box = place_of (mirror, width, height);
  float scale_x = (float)box.width / (float)width, scale_y = (float)box.height / (float)height;
  wlr_region_scale_xy (damage, damage, scale_x, scale_y);
  /* Each pixel has something of those around it. */
  wlr_region_expand (damage, damage, (int)ceilf (MAX (scale_x, scale_y)) + 1);
  pixman_region32_translate (damage, box.x, box.y);
  pixman_region32_intersect_rect (damage, damage, box.x, box.y, (unsigned int)box.width,
                                  (unsigned int)box.height);
  int room_width, room_height;
  wlr_output_transformed_resolution (mirror->output->wlr, &room_width, &room_height);
  wlr_region_transform (damage, damage, wlr_output_transform_invert (wlr->transform), room_width,
                        room_height);
}

/* The source keeps its picture in one of its buffers until it has been drawn here. */
static void handle_commit (struct wl_listener *listener, void *data)
{
  struct inos_mirror *mirror = wl_container_of (listener, mirror, commit);
  const struct wlr_output_event_commit *event = data;
  const struct wlr_output_state *state = event->state;
  const struct wlr_buffer *last = mirror->picture;
  enum wl_output_transform transform = mirror->source->wlr->transform;
  if ((state->committed & WLR_OUTPUT_STATE_ENABLED) && !state->enabled)
    forget_picture (mirror);
  if (!(state->committed & WLR_OUTPUT_STATE_BUFFER) || !state->buffer)
    return;
  bool alike = mirror->picture && (state->committed & WLR_OUTPUT_STATE_DAMAGE) &&
               mirror->transform == transform && last->width == state->buffer->width &&
               last->height == state->buffer->height;
  set_picture (mirror, state->buffer);
  mirror->transform = transform;
  if (!alike) {
    wlr_damage_ring_add_whole (&mirror->changed);
    return;
  }
  pixman_region32_t damage;
  pixman_region32_init (&damage);
  map_damage (mirror, &state->damage, &damage);
  wlr_damage_ring_add (&mirror->changed, &damage);
  pixman_region32_fini (&damage);
}

static void add_picture (struct inos_mirror *mirror, struct wlr_render_pass *pass,
                         struct wlr_texture *texture, const pixman_region32_t *clip)
{
  struct wlr_output *wlr = mirror->output->wlr;
  int width = mirror->picture->width, height = mirror->picture->height;
  int room_width, room_height;
  wlr_output_transform_coords (mirror->transform, &width, &height);
  wlr_output_transformed_resolution (wlr, &room_width, &room_height);
  struct wlr_box box = place_of (mirror, width, height);
  wlr_box_transform (&box, &box, wlr_output_transform_invert (wlr->transform), room_width,
                     room_height);
  wlr_render_pass_add_texture (pass,
                               &(struct wlr_render_texture_options){
                                 .texture = texture,
                                 .dst_box = box,
                                 .clip = clip,
                                 .transform = wlr_output_transform_compose (
                                   wlr_output_transform_invert (mirror->transform), wlr->transform),
                                 .blend_mode = WLR_RENDER_BLEND_MODE_NONE,
                               });
}

/* Returns false where nothing could be drawn. */
static bool draw (struct inos_mirror *mirror, struct wlr_output_state *state)
{
  struct wlr_output *wlr = mirror->output->wlr;
  int age = 0;
  struct wlr_render_pass *pass = wlr_output_begin_render_pass (wlr, state, &age, NULL);
  if (!pass)
    return false;
  pixman_region32_t clip;
  pixman_region32_init (&clip);
  wlr_damage_ring_get_buffer_damage (&mirror->changed, age, &clip);
  wlr_output_state_set_damage (state, &mirror->changed.current);
  wlr_render_pass_add_rect (pass, &(struct wlr_render_rect_options){
                                    .box = {0, 0, wlr->width, wlr->height},
                                    .color = {0, 0, 0, 1},
                                    .clip = &clip,
                                    .blend_mode = WLR_RENDER_BLEND_MODE_NONE,
                                  });
  /* A window that fills the source may be shown from its own buffer. */
  struct wlr_client_buffer *client =
    mirror->picture ? wlr_client_buffer_get (mirror->picture) : NULL;
  struct wlr_texture *made =
    mirror->picture && !client ? wlr_texture_from_buffer (wlr->renderer, mirror->picture) : NULL;
  struct wlr_texture *texture = client ? client->texture : made;
  if (texture)
    add_picture (mirror, pass, texture, &clip);
  bool done = wlr_render_pass_submit (pass);
  pixman_region32_fini (&clip);
  if (made)
    wlr_texture_destroy (made);
  return done;
}

void inos_mirror_draw (struct inos_output *output)
{
  struct inos_mirror *mirror = output->mirror;
  if (mirror->drawn && !output->gamma_changed && !output->wlr->needs_frame)
    return;
  struct wlr_output_state state;
  wlr_output_state_init (&state);
  wlr_damage_ring_set_bounds (&mirror->changed, output->wlr->width, output->wlr->height);
  if (draw (mirror, &state)) {
    if (output->gamma_changed)
      inos_gamma_apply (output, &state);
    mirror->drawn = wlr_output_commit_state (output->wlr, &state);
  }
  if (mirror->drawn)
    wlr_damage_ring_rotate (&mirror->changed);
  wlr_output_state_finish (&state);
}

void inos_mirror_refresh (struct inos_output *output)
{
  if (!output->mirror)
    return;
  output->mirror->drawn = false;
  wlr_damage_ring_add_whole (&output->mirror->changed);
  wlr_output_schedule_frame (output->wlr);
}

struct inos_output *inos_mirror_shown (struct inos_output *output)
{
  return output && output->mirror ? output->mirror->source : output;
}

/* Screens that are touched point at what they show. */
static void tell (struct inos_output *output)
{
  inos_devices_map (output->compositor);
  inos_lenses_update (output->compositor);
  wl_signal_emit_mutable (&output->compositor->events.output_change, output);
}

void inos_mirror_begin (struct inos_output *output, struct inos_output *source)
{
  struct inos_mirror *mirror = g_new0 (struct inos_mirror, 1);
  mirror->output = output;
  mirror->source = source;
  mirror->stays_out = !output->placed;
  wlr_damage_ring_init (&mirror->changed);
  wlr_damage_ring_set_bounds (&mirror->changed, output->wlr->width, output->wlr->height);
  wlr_log (WLR_INFO, "output %s shows what %s shows", output->wlr->name, source->wlr->name);
  /* As with one that is unplugged: no surface may enter it any more. */
  g_clear_pointer (&output->scene_output, wlr_scene_output_destroy);
  inos_output_take_out (output);
  output->mirror = mirror;
  CONNECT_SIGNAL (output->compositor, mirror, lock_change);
  CONNECT_SIGNAL (source->wlr, mirror, commit);
  /* The pointer is in the picture. */
  wlr_output_lock_software_cursors (source->wlr, true);
  redraw (source);
  wlr_output_schedule_frame (output->wlr);
  tell (output);
}

static bool mirror_free (struct inos_mirror *mirror)
{
  bool stays_out = mirror->stays_out;
  DISCONNECT (mirror->lock_change);
  DISCONNECT (mirror->commit);
  wlr_output_lock_software_cursors (mirror->source->wlr, false);
  wlr_buffer_unlock (mirror->picture);
  wlr_damage_ring_finish (&mirror->changed);
  mirror->output->mirror = NULL;
  g_free (mirror);
  return stays_out;
}

/* Whether another output is where this one was. */
static bool is_taken (struct inos_output *output)
{
  struct inos_output *other;
  wl_list_for_each (other, &output->compositor->outputs, link) {
    struct wlr_box box = inos_output_box (other), common;
    if (other != output && wlr_box_intersection (&common, &box, &output->box))
      return true;
  }
  return false;
}

void inos_mirror_end (struct inos_output *output)
{
  bool stays_out = mirror_free (output->mirror);
  wlr_log (WLR_INFO, "output %s shows itself again", output->wlr->name);
  inos_output_show (output);
  if (!stays_out && !wlr_box_empty (&output->box) && !is_taken (output))
    inos_output_put (output, output->box.x, output->box.y);
  else if (!stays_out)
    inos_output_put_anywhere (output);
  redraw (output);
  tell (output);
}

void inos_mirror_keep_place (struct inos_output *output, int x, int y)
{
  output->box.x = x;
  output->box.y = y;
  output->mirror->stays_out = false;
}

void inos_mirror_keep_out (struct inos_output *output)
{
  output->mirror->stays_out = true;
}

void inos_mirror_leave (struct inos_output *output)
{
  struct inos_compositor *compositor = output->compositor;
  struct inos_output *other;
  if (output->mirror)
    mirror_free (output->mirror);
  wl_list_for_each (other, &compositor->outputs, link) {
    if (!other->mirror || other->mirror->source != output)
      continue;
    if (compositor->ending)
      mirror_free (other->mirror);
    else
      inos_mirror_end (other);
  }
}
