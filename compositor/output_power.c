#include "output_power.h"

#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_power_management_v1.h>
#include <wlr/util/log.h>

#include "listener.h"

struct output_power {
  struct wl_listener set_mode;
};

bool inos_output_set_power (struct inos_output *output, bool on)
{
  struct wlr_output *wlr = output->wlr;
  if (wlr->enabled == on)
    return true;
  struct wlr_output_state state;
  wlr_output_state_init (&state);
  wlr_output_state_set_enabled (&state, on);
  if (on && !wlr->current_mode && !wl_list_empty (&wlr->modes))
    wlr_output_state_set_mode (&state, wlr_output_preferred_mode (wlr));
  bool done = wlr_output_commit_state (wlr, &state);
  wlr_output_state_finish (&state);
  if (!done)
    wlr_log (WLR_ERROR, "output %s: could not be switched %s", wlr->name, on ? "on" : "off");
  return done;
}

static void handle_set_mode (struct wl_listener *listener, void *data)
{
  const struct wlr_output_power_v1_set_mode_event *event = data;
  struct inos_output *output = inos_output_from_wlr (event->output);
  if (output)
    inos_output_set_power (output, event->mode == ZWLR_OUTPUT_POWER_V1_MODE_ON);
}

void *inos_output_power_create (struct inos_compositor *compositor, int version)
{
  struct wlr_output_power_manager_v1 *wlr =
    wlr_output_power_manager_v1_create (compositor->display);
  if (!wlr)
    return NULL;
  struct output_power *power = g_new0 (struct output_power, 1);
  CONNECT_SIGNAL (wlr, power, set_mode);
  return power;
}

void inos_output_power_destroy (void *state)
{
  struct output_power *power = state;
  DISCONNECT (power->set_mode);
  g_free (power);
}
