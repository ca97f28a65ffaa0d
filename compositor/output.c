#include "output.h"

#include <wlr/backend/headless.h>
#include <wlr/backend/wayland.h>
#include <wlr/backend/x11.h>
#include <wlr/render/allocator.h>
#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/log.h>

#include "each_frame.h"
#include "capture_draw.h"
#include "device.h"
#include "drm_lease.h"
#include "frame.h"
#include "gamma.h"
#include "home.h"
#include "layer_surface.h"
#include "lens.h"
#include "listener.h"
#include "mirror.h"
#include "mirror_choice.h"
#include "repaint.h"
#include "seats.h"
#include "view.h"
#include "workspace.h"

enum { MAX_SIZE = 16384, FALLBACK_WIDTH = 1280, FALLBACK_HEIGHT = 800 };

INOS_EACH_FRAME static void handle_frame (struct wl_listener *listener, void *data)
{
  struct inos_output *output = wl_container_of (listener, output, frame);
  inos_repaint_frame (output);
}

/* A nested window was resized by its host. */
static void handle_request_state (struct wl_listener *listener, void *data)
{
  struct inos_output *output = wl_container_of (listener, output, request_state);
  const struct wlr_output_event_request_state *event = data;
  if (!wlr_output_commit_state (output->wlr, event->state))
    wlr_log (WLR_ERROR, "output %s: the new state was refused", output->wlr->name);
}

/* A window's buffer that is the screen's passed the renderer by. */
INOS_EACH_FRAME static void note_scan_out (struct inos_output *output,
                                           const struct wlr_output_state *state)
{
  if (!(state->committed & WLR_OUTPUT_STATE_BUFFER))
    return;
  bool scans_out = state->buffer && wlr_client_buffer_get (state->buffer);
  output->frames++;
  output->scanned_out += scans_out;
  if (scans_out == output->scans_out)
    return;
  output->scans_out = scans_out;
  wl_signal_emit_mutable (&output->compositor->events.scan_out_change, output);
}

INOS_EACH_FRAME static void handle_commit (struct wl_listener *listener, void *data)
{
  struct inos_output *output = wl_container_of (listener, output, commit);
  const struct wlr_output_event_commit *event = data;
  note_scan_out (output, event->state);
  inos_output_censor (output, event);
  if (!(event->state->committed & (WLR_OUTPUT_STATE_MODE | WLR_OUTPUT_STATE_SCALE |
                                   WLR_OUTPUT_STATE_TRANSFORM | WLR_OUTPUT_STATE_ENABLED)))
    return;
  if ((event->state->committed & WLR_OUTPUT_STATE_ENABLED) && output->wlr->enabled)
    inos_gamma_lost (output);
  inos_mirror_refresh (output);
  inos_layer_arrange (output);
  inos_lenses_update (output->compositor);
  wl_signal_emit_mutable (&output->compositor->events.output_change, output);
}

static void add_fallback (struct inos_compositor *compositor)
{
  wlr_log (WLR_INFO, "the last output is gone: windows wait on a virtual one");
  compositor->fallback = inos_output_add_virtual (compositor, FALLBACK_WIDTH, FALLBACK_HEIGHT);
}

/* A window on somebody else's desktop. */
static bool is_nested (struct inos_output *output)
{
  return wlr_output_is_wl (output->wlr) || wlr_output_is_x11 (output->wlr);
}

/* Closing the last window of a nested desktop means to leave it, not to unplug a monitor. */
static bool was_last_nested (struct inos_output *gone)
{
  struct inos_output *output;
  wl_list_for_each (output, &gone->compositor->outputs, link) {
    if (is_nested (output))
      return false;
  }
  return is_nested (gone);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct inos_output *output = wl_container_of (listener, output, destroy);
  struct inos_compositor *compositor = output->compositor;
  DISCONNECT (output->frame);
  DISCONNECT (output->request_state);
  DISCONNECT (output->commit);
  DISCONNECT (output->destroy);
  output->leaving = true;
  inos_mirror_leave (output);
  inos_repaint_destroy (output->repaint);
  inos_lens_destroy (output->lens);
  inos_homes_hold (compositor);
  inos_homes_leave (output);
  wl_list_remove (&output->link);
  output->wlr->data = NULL;
  /* No surface may enter it any more: whoever comes now is not told of its end. */
  g_clear_pointer (&output->scene_output, wlr_scene_output_destroy);
  wlr_output_layout_remove (compositor->layout, output->wlr);
  if (compositor->fallback == output)
    compositor->fallback = NULL;
  inos_layer_close_all (output);
  wl_signal_emit_mutable (&compositor->events.output_remove, output);
  if (!compositor->ending && wl_list_empty (&compositor->outputs))
    add_fallback (compositor);
  if (!compositor->ending && was_last_nested (output))
    wl_signal_emit_mutable (&compositor->events.terminated, compositor);
  if (!compositor->ending)
    inos_views_settle (compositor, output);
  inos_workspaces_outputs_changed (compositor);
  inos_homes_release (compositor);
  if (!compositor->ending)
    inos_devices_map (compositor);
  inos_output_configs_forget (&compositor->config.outputs, output->wlr->name);
  inos_outputs_forget_settings (compositor);
  inos_capture_chains_finish (&output->censored);
  g_free (output);
}

static bool enable (struct wlr_output *wlr)
{
  struct wlr_output_state state;
  wlr_output_state_init (&state);
  wlr_output_state_set_enabled (&state, true);
  struct wlr_output_mode *mode = wlr_output_preferred_mode (wlr);
  if (mode)
    wlr_output_state_set_mode (&state, mode);
  bool done = wlr_output_commit_state (wlr, &state);
  wlr_output_state_finish (&state);
  return done;
}

void inos_output_create (struct inos_compositor *compositor, struct wlr_output *wlr)
{
  /* A headset's screen is nobody's desktop. */
  if (wlr->non_desktop) {
    inos_drm_lease_offer (compositor, wlr);
    return;
  }
  if (!wlr_output_init_render (wlr, compositor->allocator, compositor->renderer)) {
    wlr_log (WLR_ERROR, "output %s: cannot be drawn to", wlr->name);
    return;
  }
  struct inos_output *output = g_new0 (struct inos_output, 1);
  output->compositor = compositor;
  output->wlr = wlr;
  output->virtual_output = wlr_output_is_headless (wlr);
  wl_list_init (&output->layer_surfaces);
  wlr->data = output;
  if (!enable (wlr))
    wlr_log (WLR_ERROR, "output %s: could not be switched on", wlr->name);

  output->repaint = inos_repaint_create (output);
  CONNECT_SIGNAL (wlr, output, frame);
  CONNECT_SIGNAL (wlr, output, request_state);
  CONNECT_SIGNAL (wlr, output, commit);
  CONNECT_SIGNAL (wlr, output, destroy);
  inos_workspace_give (output);
  wl_list_insert (compositor->outputs.prev, &output->link);

  inos_output_show (output);
  inos_output_put_anywhere (output);
  inos_seats_refresh_cursor (compositor);
  inos_gamma_lost (output);
  inos_lenses_update (compositor);
  wl_signal_emit_mutable (&compositor->events.output_add, output);
  inos_mirrors_update (compositor);
  inos_devices_map (compositor);

  if (compositor->fallback && compositor->fallback != output)
    wlr_output_destroy (compositor->fallback->wlr);
}

struct inos_output *inos_output_add_virtual (struct inos_compositor *compositor, int width,
                                             int height)
{
  if (width < 1 || height < 1 || width > MAX_SIZE || height > MAX_SIZE)
    return NULL;
  struct wlr_output *wlr = wlr_headless_add_output (compositor->headless, width, height);
  return wlr ? wlr->data : NULL;
}

void inos_outputs_forget_settings (struct inos_compositor *compositor)
{
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link)
    output->config = NULL;
}

struct wlr_box inos_output_box (struct inos_output *output)
{
  struct wlr_box box;
  wlr_output_layout_get_box (output->compositor->layout, output->wlr, &box);
  return box;
}

void inos_output_show (struct inos_output *output)
{
  output->scene_output = wlr_scene_output_create (output->compositor->scene, output->wlr);
}

static void put (struct inos_output *output, struct wlr_output_layout_output *place)
{
  wlr_scene_output_layout_add_output (output->compositor->scene_layout, place,
                                      output->scene_output);
}

void inos_output_put_anywhere (struct inos_output *output)
{
  struct inos_compositor *compositor = output->compositor;
  inos_outputs_begin_move (compositor);
  put (output, wlr_output_layout_add_auto (compositor->layout, output->wlr));
  inos_outputs_end_move (compositor);
}

/* wlroots lays those that nobody has placed beside those that somebody has: they would leave. */
static void hold_others (struct inos_output *output)
{
  struct wlr_output_layout *layout = output->compositor->layout;
  struct inos_output *other;
  wl_list_for_each (other, &output->compositor->outputs, link) {
    const struct wlr_output_layout_output *place = wlr_output_layout_get (layout, other->wlr);
    if (other != output && place && place->auto_configured)
      wlr_output_layout_add (layout, other->wlr, place->x, place->y);
  }
}

void inos_output_put (struct inos_output *output, int x, int y)
{
  struct inos_compositor *compositor = output->compositor;
  if (output->mirror) {
    inos_mirror_keep_place (output, x, y);
    return;
  }
  const struct wlr_output_layout_output *place =
    wlr_output_layout_get (compositor->layout, output->wlr);
  if (place && place->x == x && place->y == y)
    return;
  inos_outputs_begin_move (compositor);
  hold_others (output);
  put (output, wlr_output_layout_add (compositor->layout, output->wlr, x, y));
  inos_outputs_end_move (compositor);
}

void inos_output_take_out (struct inos_output *output)
{
  if (output->mirror) {
    inos_mirror_keep_out (output);
    return;
  }
  inos_outputs_begin_move (output->compositor);
  wlr_output_layout_remove (output->compositor->layout, output->wlr);
  inos_outputs_end_move (output->compositor);
}

struct inos_output *inos_output_from_wlr (struct wlr_output *wlr)
{
  return wlr ? wlr->data : NULL;
}

struct inos_output *inos_output_at (struct inos_compositor *compositor, double x, double y)
{
  return inos_output_from_wlr (wlr_output_layout_output_at (compositor->layout, x, y));
}

struct inos_output *inos_output_active (struct inos_compositor *compositor)
{
  const struct wlr_cursor *cursor = compositor->acting ? compositor->acting->cursor : NULL;
  struct inos_output *output = cursor ? inos_output_at (compositor, cursor->x, cursor->y) : NULL;
  if (output)
    return output;
  struct inos_output *first = NULL;
  wl_list_for_each (output, &compositor->outputs, link) {
    if (output->placed)
      return output;
    first = first ? first : output;
  }
  return first;
}
