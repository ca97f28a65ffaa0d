#include "output_settings.h"

#include <stdlib.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>

struct inos_output_settings inos_output_settings_of (struct inos_output *output)
{
  const struct wlr_output *wlr = output->wlr;
  struct wlr_box box = inos_output_box (output);
  return (struct inos_output_settings){
    /* One that is dark because nobody is there is not off. */
    .enabled = wlr->enabled || !wlr_box_empty (&box),
    .adaptive_sync = wlr->adaptive_sync_status == WLR_OUTPUT_ADAPTIVE_SYNC_ENABLED,
    .width = wlr->width,
    .height = wlr->height,
    .refresh = wlr->refresh,
    .scale = (double)wlr->scale,
    .transform = (int)wlr->transform,
    /* One that is off is where it was. */
    .x = wlr_box_empty (&box) ? output->box.x : box.x,
    .y = wlr_box_empty (&box) ? output->box.y : box.y,
  };
}

static bool is_sane (const struct inos_output_settings *settings)
{
  return settings->width > 0 && settings->width <= INOS_OUTPUT_SIZE_MOST && settings->height > 0 &&
         settings->height <= INOS_OUTPUT_SIZE_MOST && settings->refresh >= 0 &&
         settings->scale >= INOS_OUTPUT_SCALE_LEAST && settings->scale <= INOS_OUTPUT_SCALE_MOST &&
         settings->transform >= WL_OUTPUT_TRANSFORM_NORMAL &&
         settings->transform <= WL_OUTPUT_TRANSFORM_FLIPPED_270 &&
         settings->x >= -INOS_OUTPUT_PLACE_MOST && settings->x <= INOS_OUTPUT_PLACE_MOST &&
         settings->y >= -INOS_OUTPUT_PLACE_MOST && settings->y <= INOS_OUTPUT_PLACE_MOST;
}

struct wlr_output_mode *inos_output_settings_mode (struct wlr_output *wlr,
                                                   const struct inos_output_settings *settings)
{
  struct wlr_output_mode *best = NULL, *mode;
  wl_list_for_each (mode, &wlr->modes, link) {
    if (mode->width != settings->width || mode->height != settings->height)
      continue;
    bool nearer = best && (settings->refresh == 0 ? mode->refresh > best->refresh
                                                  : abs (mode->refresh - settings->refresh) <
                                                      abs (best->refresh - settings->refresh));
    if (!best || nearer)
      best = mode;
  }
  return best;
}

static bool commit (struct inos_output *output, const struct inos_output_settings *settings)
{
  struct inos_output_settings now = inos_output_settings_of (output);
  struct wlr_output_state state;
  wlr_output_state_init (&state);
  wlr_output_state_set_enabled (&state, settings->enabled);
  bool same_mode = now.width == settings->width && now.height == settings->height &&
                   now.refresh == settings->refresh;
  struct wlr_output_mode *mode = inos_output_settings_mode (output->wlr, settings);
  if (settings->enabled && (!same_mode || !output->wlr->enabled) && mode)
    wlr_output_state_set_mode (&state, mode);
  else if (settings->enabled && !same_mode)
    wlr_output_state_set_custom_mode (&state, settings->width, settings->height, settings->refresh);
  if (settings->enabled) {
    wlr_output_state_set_scale (&state, (float)settings->scale);
    wlr_output_state_set_transform (&state, (enum wl_output_transform)settings->transform);
    if (settings->adaptive_sync != now.adaptive_sync)
      wlr_output_state_set_adaptive_sync_enabled (&state, settings->adaptive_sync);
  }
  bool done =
    wlr_output_test_state (output->wlr, &state) && wlr_output_commit_state (output->wlr, &state);
  wlr_output_state_finish (&state);
  return done;
}

bool inos_output_settings_apply (struct inos_output *output,
                                 const struct inos_output_settings *settings)
{
  if (!is_sane (settings) || !commit (output, settings))
    return false;
  struct wlr_box box = inos_output_box (output);
  if (!settings->enabled)
    inos_output_take_out (output);
  else if (wlr_box_empty (&box) || box.x != settings->x || box.y != settings->y)
    inos_output_put (output, settings->x, settings->y);
  return true;
}
