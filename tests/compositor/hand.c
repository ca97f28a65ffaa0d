#include "hand.h"

#include <linux/input-event-codes.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xkbcommon/xkbcommon.h>

#include "fixture.h"
#include "wlr_interfaces.h"

static void give_keymap (struct wl_proxy *keyboard)
{
  struct xkb_context *context = xkb_context_new (XKB_CONTEXT_NO_FLAGS);
  struct xkb_keymap *keymap =
    xkb_keymap_new_from_names (context, NULL, XKB_KEYMAP_COMPILE_NO_FLAGS);
  char *text = xkb_keymap_get_as_string (keymap, XKB_KEYMAP_FORMAT_TEXT_V1);
  size_t size = strlen (text) + 1;
  int fd = memfd_create ("keymap", MFD_CLOEXEC);
  assert_int_equal (write (fd, text, size), size);
  wl_proxy_marshal_flags (keyboard, VIRTUAL_KEYBOARD_KEYMAP, NULL, 1, 0,
                          WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1, fd, (uint32_t)size);
  close (fd);
  free (text);
  xkb_keymap_unref (keymap);
  xkb_context_unref (context);
}

void hand_init (struct hand *hand, struct client *client, struct wl_seat *seat)
{
  *hand = (struct hand){
    .client = client,
    .seat = seat,
    .keyboards = client_bind (client, &zwp_virtual_keyboard_manager_v1_interface, 1),
    .pointers = client_bind (client, &zwlr_virtual_pointer_manager_v1_interface, 1),
  };
  hand->keyboard =
    wl_proxy_marshal_flags (hand->keyboards, VIRTUAL_KEYBOARD_MANAGER_CREATE,
                            &zwp_virtual_keyboard_v1_interface, 1, 0, hand->seat, NULL);
  give_keymap (hand->keyboard);
  hand->pointer =
    wl_proxy_marshal_flags (hand->pointers, VIRTUAL_POINTER_MANAGER_CREATE,
                            &zwlr_virtual_pointer_v1_interface, 1, 0, hand->seat, NULL);
  client_roundtrip (client);
}

void hand_finish (struct hand *hand)
{
  wl_proxy_marshal_flags (hand->keyboard, VIRTUAL_KEYBOARD_DESTROY, NULL, 1,
                          WL_MARSHAL_FLAG_DESTROY);
  wl_proxy_marshal_flags (hand->pointer, VIRTUAL_POINTER_DESTROY, NULL, 1, WL_MARSHAL_FLAG_DESTROY);
  wl_proxy_marshal_flags (hand->pointers, VIRTUAL_POINTER_MANAGER_DESTROY, NULL, 1,
                          WL_MARSHAL_FLAG_DESTROY);
  wl_proxy_destroy (hand->keyboards);
  wl_seat_destroy (hand->seat);
  client_roundtrip (hand->client);
}

void hand_type (struct hand *hand, uint32_t code)
{
  for (int down = 1; down >= 0; down--)
    wl_proxy_marshal_flags (hand->keyboard, VIRTUAL_KEYBOARD_KEY, NULL, 1, 0, 7, code, down);
  client_roundtrip (hand->client);
}

void hand_click (struct hand *hand, uint32_t x, uint32_t y, uint32_t width, uint32_t height)
{
  wl_proxy_marshal_flags (hand->pointer, VIRTUAL_POINTER_MOTION_ABSOLUTE, NULL, 1, 0, 7, x, y,
                          width, height);
  wl_proxy_marshal_flags (hand->pointer, VIRTUAL_POINTER_FRAME, NULL, 1, 0);
  for (int down = 1; down >= 0; down--) {
    wl_proxy_marshal_flags (hand->pointer, VIRTUAL_POINTER_BUTTON, NULL, 1, 0, 7, BTN_LEFT, down);
    wl_proxy_marshal_flags (hand->pointer, VIRTUAL_POINTER_FRAME, NULL, 1, 0);
  }
  client_roundtrip (hand->client);
}
