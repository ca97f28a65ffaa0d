#include "output_management.h"

#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_output_management_v1.h>
#include <wlr/types/wlr_scene.h>

#include "adaptive_sync.h"
#include "layer_surface.h"
#include "listener.h"
#include "output.h"
#include "output_profile.h"
#include "protocol.h"

struct management {
  struct inos_compositor *compositor;
  struct wlr_output_manager_v1 *wlr;
  struct wl_listener apply, test;
};

void inos_output_management_publish (struct inos_compositor *compositor)
{
  struct management *management = inos_protocol_state (compositor, INOS_STATE_OUTPUT_MANAGEMENT);
  if (!management)
    return;
  struct wlr_output_configuration_v1 *configuration = wlr_output_configuration_v1_create();
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    struct wlr_output_configuration_head_v1 *head =
      wlr_output_configuration_head_v1_create (configuration, output->wlr);
    struct wlr_box box = output->mirror ? output->box : inos_output_box (output);
    head->state.x = box.x;
    head->state.y = box.y;
  }
  wlr_output_manager_v1_set_configuration (management->wlr, configuration);
}

/* Puts the outputs where the configuration says; an output that is off leaves the layout. */
static void place (struct inos_compositor *compositor,
                   struct wlr_output_configuration_v1 *configuration)
{
  struct wlr_output_configuration_head_v1 *head;
  inos_outputs_begin_move (compositor);
  wl_list_for_each (head, &configuration->heads, link) {
    struct inos_output *output = inos_output_from_wlr (head->state.output);
    if (output && head->state.enabled)
      inos_output_put (output, head->state.x, head->state.y);
    else if (output)
      inos_output_take_out (output);
  }
  inos_outputs_end_move (compositor);
}

/* Whoever only moves an output leaves its refresh rate to the settings. */
static void note_choice (const struct wlr_output_configuration_head_v1 *head)
{
  struct inos_output *output = inos_output_from_wlr (head->state.output);
  bool is_on = head->state.output->adaptive_sync_status == WLR_OUTPUT_ADAPTIVE_SYNC_ENABLED;
  if (output && head->state.adaptive_sync_enabled != is_on)
    inos_adaptive_sync_choose (output, is_on ? INOS_VRR_OFF : INOS_VRR_ON);
}

static bool configure (struct wlr_output_configuration_v1 *configuration, bool test)
{
  struct wlr_output_configuration_head_v1 *head;
  wl_list_for_each (head, &configuration->heads, link) {
    struct wlr_output_state state;
    wlr_output_state_init (&state);
    wlr_output_head_v1_state_apply (&head->state, &state);
    if (!test)
      note_choice (head);
    bool good = test ? wlr_output_test_state (head->state.output, &state)
                     : wlr_output_commit_state (head->state.output, &state);
    wlr_output_state_finish (&state);
    if (!good)
      return false;
  }
  return true;
}

static void answer (struct wlr_output_configuration_v1 *configuration, bool good)
{
  if (good)
    wlr_output_configuration_v1_send_succeeded (configuration);
  else
    wlr_output_configuration_v1_send_failed (configuration);
  wlr_output_configuration_v1_destroy (configuration);
}

static void handle_test (struct wl_listener *listener, void *data)
{
  answer (data, configure (data, true));
}

static void handle_apply (struct wl_listener *listener, void *data)
{
  struct management *management = wl_container_of (listener, management, apply);
  struct wlr_output_configuration_v1 *configuration = data;
  /* All or nothing, as far as a test can tell. */
  bool good = configure (configuration, true) && configure (configuration, false);
  if (good)
    place (management->compositor, configuration);
  if (good)
    inos_output_profiles_save (management->compositor, NULL, NULL);
  answer (configuration, good);
  inos_output_management_publish (management->compositor);
}

void *inos_output_management_create (struct inos_compositor *compositor, int version)
{
  struct wlr_output_manager_v1 *wlr = wlr_output_manager_v1_create (compositor->display);
  if (!wlr)
    return NULL;
  struct management *management = g_new0 (struct management, 1);
  management->compositor = compositor;
  management->wlr = wlr;
  CONNECT_SIGNAL (wlr, management, apply);
  CONNECT_SIGNAL (wlr, management, test);
  return management;
}

void inos_output_management_destroy (void *state)
{
  struct management *management = state;
  DISCONNECT (management->apply);
  DISCONNECT (management->test);
  g_free (management);
}

struct wlr_output_manager_v1 *inos_output_management_wlr (void *state)
{
  struct management *management = state;
  return management->wlr;
}
