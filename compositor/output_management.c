#include "output_management.h"

#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>
#include <wlr/types/wlr_output_management_v1.h>
#include <wlr/types/wlr_scene.h>

#include "layer_surface.h"
#include "listener.h"
#include "output.h"

void inos_output_management_publish (struct inos_compositor *compositor)
{
  if (!compositor->protocols.output_manager)
    return;
  struct wlr_output_configuration_v1 *configuration = wlr_output_configuration_v1_create();
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    struct wlr_output_configuration_head_v1 *head =
      wlr_output_configuration_head_v1_create (configuration, output->wlr);
    struct wlr_box box = inos_output_box (output);
    head->state.x = box.x;
    head->state.y = box.y;
  }
  wlr_output_manager_v1_set_configuration (compositor->protocols.output_manager, configuration);
}

/* Puts the outputs where the configuration says; an output that is off leaves the layout. */
static void place (struct inos_compositor *compositor,
                   struct wlr_output_configuration_v1 *configuration)
{
  struct wlr_output_configuration_head_v1 *head;
  wl_list_for_each (head, &configuration->heads, link) {
    struct inos_output *output = inos_output_from_wlr (head->state.output);
    if (!output)
      continue;
    if (!head->state.enabled) {
      wlr_output_layout_remove (compositor->layout, output->wlr);
      continue;
    }
    struct wlr_output_layout_output *in_layout =
      wlr_output_layout_add (compositor->layout, output->wlr, head->state.x, head->state.y);
    wlr_scene_output_layout_add_output (compositor->scene_layout, in_layout, output->scene_output);
    inos_layer_arrange (output);
  }
}

static bool configure (struct wlr_output_configuration_v1 *configuration, bool test)
{
  struct wlr_output_configuration_head_v1 *head;
  wl_list_for_each (head, &configuration->heads, link) {
    struct wlr_output_state state;
    wlr_output_state_init (&state);
    wlr_output_head_v1_state_apply (&head->state, &state);
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

static void handle_output_test (struct wl_listener *listener, void *data)
{
  answer (data, configure (data, true));
}

static void handle_output_apply (struct wl_listener *listener, void *data)
{
  struct inos_compositor *compositor =
    wl_container_of (listener, compositor, protocols.output_apply);
  struct wlr_output_configuration_v1 *configuration = data;
  /* All or nothing, as far as a test can tell. */
  bool good = configure (configuration, true) && configure (configuration, false);
  if (good)
    place (compositor, configuration);
  answer (configuration, good);
  inos_output_management_publish (compositor);
}

bool inos_output_management_init (struct inos_compositor *compositor, int version)
{
  struct wlr_output_manager_v1 *manager = wlr_output_manager_v1_create (compositor->display);
  compositor->protocols.output_manager = manager;
  if (!manager)
    return false;
  CONNECT_TO (&manager->events.apply, &compositor->protocols, output_apply);
  CONNECT_TO (&manager->events.test, &compositor->protocols, output_test);
  return true;
}

void inos_output_management_finish (struct inos_compositor *compositor)
{
  DISCONNECT (compositor->protocols.output_apply);
  DISCONNECT (compositor->protocols.output_test);
}
