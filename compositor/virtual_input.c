#include "virtual_input.h"

#include <wlr/types/wlr_cursor.h>
#include <wlr/types/wlr_virtual_keyboard_v1.h>
#include <wlr/types/wlr_virtual_pointer_v1.h>

#include "keyboard.h"
#include "listener.h"
#include "pointer.h"
#include "pointer_place.h"
#include "seats.h"

struct virtual_input {
  struct inos_compositor *compositor;
  struct wl_listener new_virtual_keyboard, new_virtual_pointer; /* one of them */
};

static struct virtual_input *create (struct inos_compositor *compositor)
{
  struct virtual_input *input = g_new0 (struct virtual_input, 1);
  input->compositor = compositor;
  return input;
}

static void handle_new_virtual_keyboard (struct wl_listener *listener, void *data)
{
  struct virtual_input *input = wl_container_of (listener, input, new_virtual_keyboard);
  struct wlr_virtual_keyboard_v1 *keyboard = data;
  inos_keyboard_create (inos_seats_from_wlr (input->compositor, keyboard->seat),
                        &keyboard->keyboard);
}

void *inos_virtual_keyboard_create (struct inos_compositor *compositor, int version)
{
  struct wlr_virtual_keyboard_manager_v1 *wlr =
    wlr_virtual_keyboard_manager_v1_create (compositor->display);
  if (!wlr)
    return NULL;
  struct virtual_input *input = create (compositor);
  CONNECT_SIGNAL (wlr, input, new_virtual_keyboard);
  return input;
}

void inos_virtual_keyboard_destroy (void *state)
{
  struct virtual_input *input = state;
  DISCONNECT (input->new_virtual_keyboard);
  g_free (input);
}

static void handle_new_virtual_pointer (struct wl_listener *listener, void *data)
{
  struct virtual_input *input = wl_container_of (listener, input, new_virtual_pointer);
  const struct wlr_virtual_pointer_v1_new_pointer_event *event = data;
  struct inos_seat *seat = inos_seats_from_wlr (input->compositor, event->suggested_seat);
  inos_pointer_create (seat, &event->new_pointer->pointer.base);
  if (event->suggested_output)
    inos_pointer_place_map (seat, &event->new_pointer->pointer.base, event->suggested_output, NULL);
}

void *inos_virtual_pointer_create (struct inos_compositor *compositor, int version)
{
  struct wlr_virtual_pointer_manager_v1 *wlr =
    wlr_virtual_pointer_manager_v1_create (compositor->display);
  if (!wlr)
    return NULL;
  struct virtual_input *input = create (compositor);
  CONNECT_SIGNAL (wlr, input, new_virtual_pointer);
  return input;
}

void inos_virtual_pointer_destroy (void *state)
{
  struct virtual_input *input = state;
  DISCONNECT (input->new_virtual_pointer);
  g_free (input);
}
