#include "gamma.h"

#include <wlr/types/wlr_gamma_control_v1.h>
#include <wlr/types/wlr_output.h>
#include <wlr/util/log.h>

#include "color_temperature.h"
#include "listener.h"
#include "night_light.h"
#include "protocol.h"

struct gamma {
  struct wlr_gamma_control_manager_v1 *wlr;
  struct wl_listener set_gamma;
};

static struct wlr_gamma_control_v1 *control_of (struct inos_output *output)
{
  const struct gamma *gamma = inos_protocol_state (output->compositor, INOS_STATE_GAMMA);
  return gamma ? wlr_gamma_control_manager_v1_get_control (gamma->wlr, output->wlr) : NULL;
}

static void schedule (struct inos_output *output)
{
  output->gamma_changed = true;
  wlr_output_schedule_frame (output->wlr);
}

static void handle_set_gamma (struct wl_listener *listener, void *data)
{
  const struct wlr_gamma_control_manager_v1_set_gamma_event *event = data;
  struct inos_output *output = inos_output_from_wlr (event->output);
  if (!output)
    return;
  schedule (output);
  wl_signal_emit_mutable (&output->compositor->events.tint_change, output->compositor);
}

static int night_light_of (struct inos_output *output)
{
  return inos_night_light_temperature (output->compositor->night_light);
}

void inos_gamma_renew (struct inos_output *output)
{
  if (!output->wlr->enabled || wlr_output_get_gamma_size (output->wlr) == 0)
    return;
  if (!control_of (output) && !output->gamma_refused &&
      output->gamma_kelvin != night_light_of (output))
    schedule (output);
}

void inos_gamma_lost (struct inos_output *output)
{
  output->gamma_kelvin = INOS_TEMPERATURE_NEUTRAL;
  output->gamma_refused = false;
  if (control_of (output))
    schedule (output);
  else
    inos_gamma_renew (output);
}

const char *inos_gamma_state (struct inos_output *output)
{
  if (wlr_output_get_gamma_size (output->wlr) == 0 || output->gamma_refused)
    return "unsupported";
  if (control_of (output))
    return "program";
  return night_light_of (output) == INOS_TEMPERATURE_NEUTRAL ? "none" : "night-light";
}

static void apply_night_light (struct inos_output *output, struct wlr_output_state *state)
{
  int kelvin = night_light_of (output);
  size_t size = wlr_output_get_gamma_size (output->wlr);
  if (size == 0)
    return;
  if (kelvin == INOS_TEMPERATURE_NEUTRAL) {
    wlr_output_state_set_gamma_lut (state, 0, NULL, NULL, NULL);
  } else {
    g_autofree uint16_t *table = g_new (uint16_t, 3 * size);
    inos_color_temperature_fill (kelvin, table, size);
    wlr_output_state_set_gamma_lut (state, size, table, table + size, table + 2 * size);
  }
  if (wlr_output_test_state (output->wlr, state)) {
    output->gamma_kelvin = kelvin;
    return;
  }
  state->committed &= ~(uint32_t)WLR_OUTPUT_STATE_GAMMA_LUT;
  wlr_log (WLR_ERROR, "output %s: the night light's colours are refused", output->wlr->name);
  output->gamma_refused = true;
  wl_signal_emit_mutable (&output->compositor->events.tint_change, output->compositor);
}

void inos_gamma_apply (struct inos_output *output, struct wlr_output_state *state)
{
  struct wlr_gamma_control_v1 *control = control_of (output);
  output->gamma_changed = false;
  if (!control) {
    apply_night_light (output, state);
    return;
  }
  output->gamma_kelvin = 0;
  if (wlr_gamma_control_v1_apply (control, state) && wlr_output_test_state (output->wlr, state))
    return;
  state->committed &= ~(uint32_t)WLR_OUTPUT_STATE_GAMMA_LUT;
  wlr_gamma_control_v1_send_failed_and_destroy (control);
}

void *inos_gamma_create (struct inos_compositor *compositor, int version)
{
  struct wlr_gamma_control_manager_v1 *wlr =
    wlr_gamma_control_manager_v1_create (compositor->display);
  if (!wlr)
    return NULL;
  struct gamma *gamma = g_new0 (struct gamma, 1);
  gamma->wlr = wlr;
  CONNECT_SIGNAL (wlr, gamma, set_gamma);
  return gamma;
}

void inos_gamma_destroy (void *state)
{
  struct gamma *gamma = state;
  DISCONNECT (gamma->set_gamma);
  g_free (gamma);
}
