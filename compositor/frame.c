#include "frame.h"

#include <wlr/types/wlr_buffer.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_tearing_control_v1.h>

#include "each_frame.h"
#include "adaptive_sync.h"
#include "captures.h"
#include "capture_draw.h"
#include "gamma.h"
#include "lens.h"
#include "mirror.h"
#include "overview_show.h"
#include "protocol.h"
#include "view.h"

INOS_EACH_FRAME bool inos_output_has_changed (struct inos_output *output)
{
  return output->gamma_changed || output->wlr->needs_frame ||
         inos_adaptive_sync_due (output) >= 0 ||
         (output->scene_output &&
          pixman_region32_not_empty (&output->scene_output->pending_commit_damage));
}

INOS_EACH_FRAME struct inos_view *inos_output_fullscreen (struct inos_output *output)
{
  struct inos_view *view;
  if (output->compositor->locked || inos_overview_is_shown (output->compositor))
    return NULL;
  wl_list_for_each (view, &output->compositor->views, link) {
    if (view->fullscreen && view->tree->node.enabled && inos_view_output (view) == output)
      return view;
  }
  return NULL;
}

INOS_EACH_FRAME bool inos_output_may_tear (struct inos_output *output)
{
  struct inos_compositor *compositor = output->compositor;
  struct wlr_tearing_control_manager_v1 *manager =
    inos_protocol_state (compositor, INOS_STATE_TEARING);
  if (!manager || wl_list_empty (&manager->surface_hints))
    return false;
  struct inos_view *view = inos_output_fullscreen (output);
  return view && wlr_tearing_control_manager_v1_surface_hint_from_surface (
                   manager, view->surface) == WP_TEARING_CONTROL_V1_PRESENTATION_HINT_ASYNC;
}

/* Programs that copy frames as they are drawn, by wlr-screencopy or wlr-export-dmabuf, hold such a
 * lock, and are noted. Whether something is shown that they must not see. */
INOS_EACH_FRAME static bool has_secret (struct inos_output *output)
{
  struct inos_view *view;
  int own = output->lens ? 1 : 0;
  if (output->wlr->attach_render_locks <= own)
    return false;
  inos_captures_note_copies (output);
  wl_list_for_each (view, &output->compositor->views, link) {
    if (view->is_private &&
        (view->tree->node.enabled || inos_overview_is_shown (output->compositor)))
      return true;
  }
  return false;
}

static bool build (struct inos_output *output, struct wlr_output_state *state)
{
  return output->lens ? inos_lens_build_state (output->lens, state)
                      : wlr_scene_output_build_state (output->scene_output, state, NULL);
}

/* With the picture, that nothing flickers on its own. */
static void switch_adaptive_sync (struct inos_output *output, struct wlr_output_state *state,
                                  int on)
{
  wlr_output_state_set_adaptive_sync_enabled (state, on);
  if (wlr_output_test_state (output->wlr, state))
    return;
  state->committed &= ~(uint32_t)WLR_OUTPUT_STATE_ADAPTIVE_SYNC_ENABLED;
  inos_adaptive_sync_refused (output, on);
}

INOS_EACH_FRAME static void draw (struct inos_output *output)
{
  struct wlr_scene_output *scene_output = output->scene_output;
  bool tear = inos_output_may_tear (output);
  int sync = inos_adaptive_sync_due (output);
  if (!output->gamma_changed && !tear && !output->lens && sync < 0) {
    wlr_scene_output_commit (scene_output, NULL);
    return;
  }
  if (!inos_output_has_changed (output))
    return;
  struct wlr_output_state state;
  wlr_output_state_init (&state);
  if (build (output, &state)) {
    if (output->gamma_changed)
      inos_gamma_apply (output, &state);
    if (sync >= 0)
      switch_adaptive_sync (output, &state, sync);
    state.tearing_page_flip = tear;
    if (tear && !wlr_output_test_state (output->wlr, &state))
      state.tearing_page_flip = false;
    wlr_output_commit_state (output->wlr, &state);
  }
  wlr_output_state_finish (&state);
}

INOS_EACH_FRAME void inos_output_draw (struct inos_output *output)
{
  output->censors = has_secret (output);
  if (output->mirror)
    inos_mirror_draw (output);
  else
    draw (output);
  output->censors = false;
}

INOS_EACH_FRAME void inos_output_censor (struct inos_output *output,
                                         const struct wlr_output_event_commit *event)
{
  if (!output->censors || !(event->state->committed & WLR_OUTPUT_STATE_BUFFER))
    return;
  struct wlr_buffer *picture = inos_capture_screen (output, &output->censored);
  /* wlroots' copy of the state, of which it does not use the buffer any more: but those that copy
   * do. Without a picture they get none. */
  struct wlr_output_state *state = (struct wlr_output_state *)event->state;
  if (picture)
    state->buffer = picture;
  else
    state->committed &= ~(uint32_t)WLR_OUTPUT_STATE_BUFFER;
  /* It stays as it is until the swapchain has gone round. */
  if (picture)
    wlr_buffer_unlock (picture);
}
