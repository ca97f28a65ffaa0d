#include "text_input.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_text_input_v3.h>

#include "input_method.h"
#include "listener.h"
#include "protocol.h"
#include "seat.h"

struct text_inputs {
  struct inos_compositor *compositor;
  struct wl_list list; /* struct text_input.link */

  struct wl_listener text_input;
};

struct text_input {
  struct wl_list link; /* struct text_inputs.list */
  struct inos_compositor *compositor;
  struct wlr_text_input_v3 *wlr;

  struct wl_listener enable, commit, disable, destroy;
};

struct wlr_text_input_v3 *inos_text_input_active (struct inos_compositor *compositor)
{
  struct text_inputs *module = inos_protocol_state (compositor, INOS_STATE_TEXT_INPUTS);
  struct text_input *input;
  /* A password is no business of the input method's. */
  if (!module || compositor->locked)
    return NULL;
  wl_list_for_each (input, &module->list, link) {
    if (input->wlr->focused_surface && input->wlr->current_enabled)
      return input->wlr;
  }
  return NULL;
}

static void follow (struct text_input *input, struct wlr_surface *surface)
{
  struct wlr_text_input_v3 *wlr = input->wlr;
  bool wanted =
    surface && wlr->seat == input->compositor->seat->wlr &&
    wl_resource_get_client (wlr->resource) == wl_resource_get_client (surface->resource);
  if (wlr->focused_surface && (!wanted || wlr->focused_surface != surface))
    wlr_text_input_v3_send_leave (wlr);
  if (wanted && !wlr->focused_surface)
    wlr_text_input_v3_send_enter (wlr, surface);
}

void inos_text_input_follow_focus (struct inos_compositor *compositor, struct wlr_surface *surface)
{
  struct text_inputs *module = inos_protocol_state (compositor, INOS_STATE_TEXT_INPUTS);
  struct text_input *input;
  if (!module)
    return;
  wl_list_for_each (input, &module->list, link)
    follow (input, surface);
  inos_input_method_update (compositor);
}

static void handle_enable (struct wl_listener *listener, void *data)
{
  struct text_input *input = wl_container_of (listener, input, enable);
  inos_input_method_restart (input->compositor);
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct text_input *input = wl_container_of (listener, input, commit);
  inos_input_method_update (input->compositor);
}

static void handle_disable (struct wl_listener *listener, void *data)
{
  struct text_input *input = wl_container_of (listener, input, disable);
  inos_input_method_update (input->compositor);
}

static void text_input_free (struct text_input *input)
{
  DISCONNECT (input->enable);
  DISCONNECT (input->commit);
  DISCONNECT (input->disable);
  DISCONNECT (input->destroy);
  wl_list_remove (&input->link);
  g_free (input);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct text_input *input = wl_container_of (listener, input, destroy);
  struct inos_compositor *compositor = input->compositor;
  text_input_free (input);
  inos_input_method_update (compositor);
}

static void handle_text_input (struct wl_listener *listener, void *data)
{
  struct text_inputs *module = wl_container_of (listener, module, text_input);
  struct text_input *input = g_new0 (struct text_input, 1);
  input->compositor = module->compositor;
  input->wlr = data;
  wl_list_insert (&module->list, &input->link);
  CONNECT_SIGNAL (input->wlr, input, enable);
  CONNECT_SIGNAL (input->wlr, input, commit);
  CONNECT_SIGNAL (input->wlr, input, disable);
  CONNECT_SIGNAL (input->wlr, input, destroy);
  follow (input, module->compositor->seat->wlr->keyboard_state.focused_surface);
}

void *inos_text_input_create (struct inos_compositor *compositor, int version)
{
  struct wlr_text_input_manager_v3 *wlr = wlr_text_input_manager_v3_create (compositor->display);
  if (!wlr)
    return NULL;
  struct text_inputs *module = g_new0 (struct text_inputs, 1);
  module->compositor = compositor;
  wl_list_init (&module->list);
  CONNECT_SIGNAL (wlr, module, text_input);
  return module;
}

void inos_text_input_destroy (void *state)
{
  struct text_inputs *module = state;
  struct text_input *input, *next;
  wl_list_for_each_safe (input, next, &module->list, link)
    text_input_free (input);
  DISCONNECT (module->text_input);
  g_free (module);
}
