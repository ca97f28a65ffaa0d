#include "gamma.h"

#include <wlr/types/wlr_gamma_control_v1.h>
#include <wlr/types/wlr_output.h>

#include "listener.h"
#include "protocol.h"

struct gamma {
  struct wlr_gamma_control_manager_v1 *wlr;
  struct wl_listener set_gamma;
};

static struct wlr_gamma_control_v1 *control_of (struct inos_output *output)
{
  const struct gamma *gamma =
    inos_protocol_state (output->compositor, "zwlr_gamma_control_manager_v1");
  return gamma ? wlr_gamma_control_manager_v1_get_control (gamma->wlr, output->wlr) : NULL;
}

static void handle_set_gamma (struct wl_listener *listener, void *data)
{
  const struct wlr_gamma_control_manager_v1_set_gamma_event *event = data;
  struct inos_output *output = inos_output_from_wlr (event->output);
  if (!output)
    return;
  output->gamma_changed = true;
  wlr_output_schedule_frame (output->wlr);
}

void inos_gamma_renew (struct inos_output *output)
{
  if (!control_of (output))
    return;
  output->gamma_changed = true;
  wlr_output_schedule_frame (output->wlr);
}

void inos_gamma_apply (struct inos_output *output, struct wlr_output_state *state)
{
  struct wlr_gamma_control_v1 *control = control_of (output);
  output->gamma_changed = false;
  /* Without a control this takes the tint away. */
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
