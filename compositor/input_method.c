#include "input_method.h"

#include <wlr/types/wlr_input_method_v2.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_text_input_v3.h>
#include <wlr/types/wlr_virtual_keyboard_v1.h>

#include "input_popup.h"
#include "listener.h"
#include "protocol.h"
#include "text_input.h"

enum { MAX_POPUPS = 16 };

struct input_method {
  struct inos_compositor *compositor;
  struct wlr_input_method_v2 *wlr;  /* may be NULL: there is none */
  struct wlr_text_input_v3 *serves; /* may be NULL: the text field that it was told of */
  struct wl_list popups;

  struct wl_listener input_method; /* a new one */
  struct wl_listener commit, new_popup_surface, grab_keyboard, destroy;
  struct wl_listener grab_gone;
  struct wl_listener view_change;
};

static struct input_method *of (struct inos_compositor *compositor)
{
  return inos_protocol_state (compositor, INOS_STATE_INPUT_METHODS);
}

static void tell (struct input_method *module, const struct wlr_text_input_v3 *input)
{
  const struct wlr_text_input_v3_state *state = &input->current;
  if (input->active_features & WLR_TEXT_INPUT_V3_FEATURE_SURROUNDING_TEXT)
    wlr_input_method_v2_send_surrounding_text (
      module->wlr, state->surrounding.text ? state->surrounding.text : "",
      state->surrounding.cursor, state->surrounding.anchor);
  wlr_input_method_v2_send_text_change_cause (module->wlr, state->text_change_cause);
  if (input->active_features & WLR_TEXT_INPUT_V3_FEATURE_CONTENT_TYPE)
    wlr_input_method_v2_send_content_type (module->wlr, state->content_type.hint,
                                           state->content_type.purpose);
}

static void update (struct input_method *module, bool restart)
{
  struct wlr_text_input_v3 *input = inos_text_input_active (module->compositor);
  if (!module->wlr || (!input && !module->serves))
    return;
  if (module->serves && input != module->serves)
    wlr_input_method_v2_send_deactivate (module->wlr);
  if (input && (input != module->serves || restart))
    wlr_input_method_v2_send_activate (module->wlr);
  if (input)
    tell (module, input);
  module->serves = input;
  wlr_input_method_v2_send_done (module->wlr);
  inos_input_popups_place (&module->popups);
}

void inos_input_method_update (struct inos_compositor *compositor)
{
  struct input_method *module = of (compositor);
  if (module)
    update (module, false);
}

void inos_input_method_restart (struct inos_compositor *compositor)
{
  struct input_method *module = of (compositor);
  if (module)
    update (module, true);
}

/* What the input method composed goes to the text field. */
static void handle_commit (struct wl_listener *listener, void *data)
{
  struct input_method *module = wl_container_of (listener, module, commit);
  const struct wlr_input_method_v2_state *state = &module->wlr->current;
  struct wlr_text_input_v3 *input = inos_text_input_active (module->compositor);
  if (!input)
    return;
  if (state->preedit.text)
    wlr_text_input_v3_send_preedit_string (input, state->preedit.text, state->preedit.cursor_begin,
                                           state->preedit.cursor_end);
  if (state->commit_text)
    wlr_text_input_v3_send_commit_string (input, state->commit_text);
  if (state->delete.before_length || state->delete.after_length)
    wlr_text_input_v3_send_delete_surrounding_text (input, state->delete.before_length,
                                                    state->delete.after_length);
  wlr_text_input_v3_send_done (input);
}

static void handle_new_popup_surface (struct wl_listener *listener, void *data)
{
  struct input_method *module = wl_container_of (listener, module, new_popup_surface);
  if (wl_list_length (&module->popups) < MAX_POPUPS)
    inos_input_popup_create (module->compositor, &module->popups, data);
}

/* The keys were the input method's; what is held now is told to the window. */
static void handle_grab_gone (struct wl_listener *listener, void *data)
{
  struct input_method *module = wl_container_of (listener, module, grab_gone);
  struct wlr_seat *seat = module->compositor->seat->wlr;
  struct wlr_keyboard *keyboard = wlr_seat_get_keyboard (seat);
  DISCONNECT (module->grab_gone);
  if (keyboard)
    wlr_seat_keyboard_notify_modifiers (seat, &keyboard->modifiers);
}

static void handle_grab_keyboard (struct wl_listener *listener, void *data)
{
  struct input_method *module = wl_container_of (listener, module, grab_keyboard);
  struct wlr_input_method_keyboard_grab_v2 *grab = data;
  DISCONNECT (module->grab_gone);
  CONNECT_TO (&grab->events.destroy, module, grab_gone);
  wlr_input_method_keyboard_grab_v2_set_keyboard (
    grab, wlr_seat_get_keyboard (module->compositor->seat->wlr));
}

/* The grab where it is for this keyboard, with that keyboard's keymap. */
static struct wlr_input_method_keyboard_grab_v2 *grab_of (struct inos_keyboard *keyboard)
{
  struct inos_compositor *compositor = keyboard->seat->compositor;
  struct input_method *module = of (compositor);
  /* A password is the locker's alone. */
  if (!module || !module->wlr || !module->wlr->keyboard_grab || compositor->locked ||
      keyboard->seat != compositor->seat)
    return NULL;
  /* What the input method types itself goes to the window. */
  struct wlr_virtual_keyboard_v1 *virtual = wlr_input_device_get_virtual_keyboard (
    &keyboard->wlr->base);
  if (virtual && wl_resource_get_client (virtual->resource) ==
                   wl_resource_get_client (module->wlr->keyboard_grab->resource))
    return NULL;
  wlr_input_method_keyboard_grab_v2_set_keyboard (module->wlr->keyboard_grab, keyboard->wlr);
  return module->wlr->keyboard_grab;
}

bool inos_input_method_key (struct inos_keyboard *keyboard,
                            const struct wlr_keyboard_key_event *event)
{
  struct wlr_input_method_keyboard_grab_v2 *grab = grab_of (keyboard);
  if (grab)
    wlr_input_method_keyboard_grab_v2_send_key (grab, event->time_msec, event->keycode,
                                                event->state);
  return grab;
}

bool inos_input_method_modifiers (struct inos_keyboard *keyboard)
{
  struct wlr_input_method_keyboard_grab_v2 *grab = grab_of (keyboard);
  if (grab)
    wlr_input_method_keyboard_grab_v2_send_modifiers (grab, &keyboard->wlr->modifiers);
  return grab;
}

static void forget (struct input_method *module)
{
  DISCONNECT (module->commit);
  DISCONNECT (module->new_popup_surface);
  DISCONNECT (module->grab_keyboard);
  DISCONNECT (module->destroy);
  DISCONNECT (module->grab_gone);
  inos_input_popups_finish (&module->popups);
  module->wlr = NULL;
  module->serves = NULL;
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct input_method *module = wl_container_of (listener, module, destroy);
  if (module->wlr->keyboard_grab)
    handle_grab_gone (&module->grab_gone, NULL);
  forget (module);
}

/* The shell's on-screen keyboard only wants to know of text fields: it gives way to who composes.
 */
static void make_room (struct input_method *module, const struct wl_client *newcomer)
{
  const struct wl_client *shell = module->compositor->shell;
  if (module->wlr && shell && wl_resource_get_client (module->wlr->resource) == shell &&
      newcomer != shell)
    wlr_input_method_v2_send_unavailable (module->wlr);
}

static void handle_input_method (struct wl_listener *listener, void *data)
{
  struct input_method *module = wl_container_of (listener, module, input_method);
  struct wlr_input_method_v2 *wlr = data;
  if (wlr->seat == module->compositor->seat->wlr)
    make_room (module, wl_resource_get_client (wlr->resource));
  if (module->wlr || wlr->seat != module->compositor->seat->wlr) {
    wlr_input_method_v2_send_unavailable (wlr);
    return;
  }
  module->wlr = wlr;
  CONNECT_SIGNAL (wlr, module, commit);
  CONNECT_SIGNAL (wlr, module, new_popup_surface);
  CONNECT_SIGNAL (wlr, module, grab_keyboard);
  CONNECT_SIGNAL (wlr, module, destroy);
  update (module, false);
}

/* A window that moves takes the text's cursor with it. */
static void handle_view_change (struct wl_listener *listener, void *data)
{
  struct input_method *module = wl_container_of (listener, module, view_change);
  inos_input_popups_place (&module->popups);
}

void *inos_input_method_create (struct inos_compositor *compositor, int version)
{
  struct wlr_input_method_manager_v2 *wlr =
    wlr_input_method_manager_v2_create (compositor->display);
  if (!wlr)
    return NULL;
  struct input_method *module = g_new0 (struct input_method, 1);
  module->compositor = compositor;
  wl_list_init (&module->popups);
  CONNECT_SIGNAL (wlr, module, input_method);
  CONNECT_SIGNAL (compositor, module, view_change);
  return module;
}

void inos_input_method_destroy (void *state)
{
  struct input_method *module = state;
  forget (module);
  DISCONNECT (module->input_method);
  DISCONNECT (module->view_change);
  g_free (module);
}
