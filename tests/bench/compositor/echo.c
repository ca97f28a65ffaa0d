/*
 * How long input takes: a virtual pointer or keyboard acts, and the window under it draws as soon
 * as it hears of that. Tells for each of N times, in µs: until the window heard, and until the
 * frame that has what it drew was presented.
 *
 *   echo pointer N F          F: full screen; without it the window is small
 *   echo keyboard N F
 *   echo moves N F            N motions of a pointer, to which nobody answers: what they cost
 *
 * A small window leaves others to be seen: who hides them behind one of their own size does not
 * let them draw, and has nothing to do.
 *
 * The window hides the pointer, as films and games do: where it is drawn with the picture its
 * motion alone makes a frame, and no window can be shown without being drawn.
 *
 * Between them it waits for two to three frames, so that none is being waited for; how long
 * differs, for what is bound to a clock of 60 Hz would always be asked at the same time of it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/input-event-codes.h>

#include "desk.h"
#include "presentation-time-client-protocol.h"

enum {
  SIDE = 1000, /* of the grid on which the window is looked for */
  STEP = 100,
  SETTLE = 700000, /* µs */
};

/* The two protocols are in no package: what is needed of them. */
static const struct wl_interface pointer_interface, keyboard_interface;
static const struct wl_interface *none[] = {NULL, NULL, NULL, NULL, NULL};
static const struct wl_interface *pointer_of[] = {&wl_seat_interface, &pointer_interface};
static const struct wl_interface *keyboard_of[] = {&wl_seat_interface, &keyboard_interface};

static const struct wl_message pointer_manager_requests[] = {
  {"create_virtual_pointer", "?on", pointer_of},
  {"destroy", "", none},
};
static const struct wl_interface pointer_manager_interface = {
  "zwlr_virtual_pointer_manager_v1", 1, 2, pointer_manager_requests, 0, NULL,
};
static const struct wl_message pointer_requests[] = {
  {"motion", "uff", none},   {"motion_absolute", "uuuuu", none},
  {"button", "uuu", none},   {"axis", "uuf", none},
  {"frame", "", none},       {"axis_source", "u", none},
  {"axis_stop", "uu", none}, {"axis_discrete", "uufi", none},
  {"destroy", "", none},
};
static const struct wl_interface pointer_interface = {
  "zwlr_virtual_pointer_v1", 1, 9, pointer_requests, 0, NULL,
};
static const struct wl_message keyboard_manager_requests[] = {
  {"create_virtual_keyboard", "on", keyboard_of},
};
static const struct wl_interface keyboard_manager_interface = {
  "zwp_virtual_keyboard_manager_v1", 1, 1, keyboard_manager_requests, 0, NULL,
};
static const struct wl_message keyboard_requests[] = {
  {"keymap", "uhu", none},
  {"key", "uuu", none},
  {"modifiers", "uuuu", none},
  {"destroy", "", none},
};
static const struct wl_interface keyboard_interface = {
  "zwp_virtual_keyboard_v1", 1, 4, keyboard_requests, 0, NULL,
};
enum { MOTION = 0, MOTION_ABSOLUTE = 1, POINTER_FRAME = 4, KEYMAP = 0, KEY = 1 };

struct echo {
  struct desk desk;
  struct window window;
  struct wl_seat *seat;
  struct wp_presentation *presentation;
  struct wl_pointer *pointer; /* NULL while there is none */
  struct wl_proxy *device;    /* the virtual one */
  bool inside, has_keyboard, answers, presented;
  double acted, heard, shown; /* s */
};

static void on_presented (void *data, struct wp_presentation_feedback *feedback, uint32_t high,
                          uint32_t low, uint32_t nsec, uint32_t refresh, uint32_t seq_high,
                          uint32_t seq_low, uint32_t flags)
{
  struct echo *echo = data;
  echo->shown = (double)((uint64_t)high << 32 | low) + nsec / 1e9;
  echo->presented = true;
  wp_presentation_feedback_destroy (feedback);
}

static void on_discarded (void *data, struct wp_presentation_feedback *feedback)
{
  fail ("a frame was not shown");
}

static void on_sync_output (void *data, struct wp_presentation_feedback *feedback,
                            struct wl_output *output)
{
}

static void hear (struct echo *echo)
{
  static const struct wp_presentation_feedback_listener listener = {on_sync_output, on_presented,
                                                                    on_discarded};
  if (!echo->answers)
    return;
  echo->answers = false;
  echo->heard = now();
  wp_presentation_feedback_add_listener (
    wp_presentation_feedback (echo->presentation, echo->window.surface), &listener, echo);
  window_commit (&echo->window);
  wl_display_flush (echo->desk.display);
}

static void on_enter (void *data, struct wl_pointer *pointer, uint32_t serial,
                      struct wl_surface *surface, wl_fixed_t x, wl_fixed_t y)
{
  ((struct echo *)data)->inside = true;
  /* Where it has to be drawn into the picture it would come before ours. */
  wl_pointer_set_cursor (pointer, serial, NULL, 0, 0);
}

static void on_leave (void *data, struct wl_pointer *pointer, uint32_t serial,
                      struct wl_surface *surface)
{
  ((struct echo *)data)->inside = false;
}

static void on_motion (void *data, struct wl_pointer *pointer, uint32_t time, wl_fixed_t x,
                       wl_fixed_t y)
{
  hear (data);
}

static void on_button (void *data, struct wl_pointer *pointer, uint32_t serial, uint32_t time,
                       uint32_t button, uint32_t state)
{
}

static void on_axis (void *data, struct wl_pointer *pointer, uint32_t time, uint32_t axis,
                     wl_fixed_t value)
{
}

static void on_keymap (void *data, struct wl_keyboard *keyboard, uint32_t format, int fd,
                       uint32_t size)
{
  close (fd);
}

static void on_key_enter (void *data, struct wl_keyboard *keyboard, uint32_t serial,
                          struct wl_surface *surface, struct wl_array *keys)
{
  ((struct echo *)data)->has_keyboard = true;
}

static void on_key_leave (void *data, struct wl_keyboard *keyboard, uint32_t serial,
                          struct wl_surface *surface)
{
  ((struct echo *)data)->has_keyboard = false;
}

static void on_key (void *data, struct wl_keyboard *keyboard, uint32_t serial, uint32_t time,
                    uint32_t key, uint32_t state)
{
  hear (data);
}

static void on_modifiers (void *data, struct wl_keyboard *keyboard, uint32_t serial, uint32_t a,
                          uint32_t b, uint32_t c, uint32_t d)
{
}

static uint32_t milliseconds (void)
{
  return (uint32_t)(uint64_t)(now() * 1000);
}

/* Without it a compositor would not know what a key means. */
static void send_keymap (struct wl_proxy *keyboard)
{
  static const char text[] = "xkb_keymap { xkb_keycodes { include \"evdev+aliases(qwerty)\" }; "
                             "xkb_types { include \"complete\" }; "
                             "xkb_compat { include \"complete\" }; "
                             "xkb_symbols { include \"pc+us\" }; };";
  int fd = memfd_create ("keymap", MFD_CLOEXEC);
  if (fd < 0 || write (fd, text, sizeof text) != (ssize_t)sizeof text)
    fail ("no memory for a keymap");
  wl_proxy_marshal_flags (keyboard, KEYMAP, NULL, 1, 0, WL_KEYBOARD_KEYMAP_FORMAT_XKB_V1, fd,
                          (uint32_t)sizeof text);
  close (fd);
}

static struct wl_proxy *make_device (struct echo *echo, const struct wl_interface *manager,
                                     const struct wl_interface *device)
{
  struct wl_proxy *made = desk_bind (&echo->desk, manager, 1);
  if (!made)
    fail ("no virtual devices");
  return wl_proxy_marshal_flags (made, 0, device, 1, 0, echo->seat, NULL);
}

static void find_window (struct echo *echo)
{
  for (unsigned i = 0; !echo->inside && i < (SIDE / STEP) * (SIDE / STEP); i++) {
    uint32_t x = (i * 37 % (SIDE / STEP)) * STEP + STEP / 2,
             y = i / (SIDE / STEP) * STEP + STEP / 2;
    wl_proxy_marshal_flags (echo->device, MOTION_ABSOLUTE, NULL, 1, 0, milliseconds(), x, y,
                            (uint32_t)SIDE, (uint32_t)SIDE);
    wl_proxy_marshal_flags (echo->device, POINTER_FRAME, NULL, 1, 0);
    wl_display_roundtrip (echo->desk.display);
    wl_display_roundtrip (echo->desk.display);
  }
  if (!echo->inside)
    fail ("the pointer does not get to the window");
}

static void point (struct echo *echo, long i)
{
  wl_proxy_marshal_flags (echo->device, MOTION, NULL, 1, 0, milliseconds(),
                          wl_fixed_from_int (i % 2 ? 1 : -1), wl_fixed_from_int (0));
  wl_proxy_marshal_flags (echo->device, POINTER_FRAME, NULL, 1, 0);
}

static void type (struct echo *echo, long i)
{
  wl_proxy_marshal_flags (
    echo->device, KEY, NULL, 1, 0, milliseconds(), (uint32_t)KEY_A,
    (uint32_t)(i % 2 ? WL_KEYBOARD_KEY_STATE_RELEASED : WL_KEYBOARD_KEY_STATE_PRESSED));
}

static void on_capabilities (void *data, struct wl_seat *seat, uint32_t capabilities)
{
  static const struct wl_pointer_listener listener = {
    .enter = on_enter,
    .leave = on_leave,
    .motion = on_motion,
    .button = on_button,
    .axis = on_axis,
  };
  struct echo *echo = data;
  if (echo->pointer || !(capabilities & WL_SEAT_CAPABILITY_POINTER))
    return;
  echo->pointer = wl_seat_get_pointer (seat);
  wl_pointer_add_listener (echo->pointer, &listener, echo);
}

static void prepare_pointer (struct echo *echo)
{
  echo->device = make_device (echo, &pointer_manager_interface, &pointer_interface);
  wl_display_roundtrip (echo->desk.display);
  wl_display_roundtrip (echo->desk.display);
  if (!echo->pointer)
    fail ("the seat has no pointer");
  find_window (echo);
}

static void prepare_keyboard (struct echo *echo)
{
  static const struct wl_keyboard_listener listener = {
    .keymap = on_keymap,
    .enter = on_key_enter,
    .leave = on_key_leave,
    .key = on_key,
    .modifiers = on_modifiers,
  };
  echo->device = make_device (echo, &keyboard_manager_interface, &keyboard_interface);
  send_keymap (echo->device);
  wl_display_roundtrip (echo->desk.display);
  wl_keyboard_add_listener (wl_seat_get_keyboard (echo->seat), &listener, echo);
  /* Some give the keyboard to the window only with the first key. */
  type (echo, 0);
  type (echo, 1);
  for (int i = 0; i < 50 && !echo->has_keyboard; i++) {
    usleep (2000);
    wl_display_roundtrip (echo->desk.display);
  }
  if (!echo->has_keyboard)
    fail ("the window does not get the keyboard");
}

/* As many at a time as fit into what the compositor reads at once. */
static void move (struct echo *echo, long n)
{
  for (long i = 0; i < n; i++) {
    point (echo, i);
    if (i % 16 == 15)
      wl_display_roundtrip (echo->desk.display);
  }
}

static void act_and_wait (struct echo *echo, long i, bool pointer)
{
  usleep ((useconds_t)(35000 + i * 7919 % 16667));
  wl_display_roundtrip (echo->desk.display);
  echo->answers = true;
  echo->presented = false;
  echo->acted = now();
  if (pointer)
    point (echo, i);
  else
    type (echo, i);
  wl_display_flush (echo->desk.display);
  while (!echo->presented)
    desk_dispatch (&echo->desk);
  printf ("%.1f %.1f\n", (echo->heard - echo->acted) * 1e6, (echo->shown - echo->acted) * 1e6);
}

int main (int argc, char **argv)
{
  static const struct wl_seat_listener seat_listener = {.capabilities = on_capabilities};
  static struct echo echo;
  bool moves = argc > 2 && strcmp (argv[1], "moves") == 0;
  bool pointer = moves || (argc > 2 && strcmp (argv[1], "pointer") == 0);
  long n = argc > 2 ? strtol (argv[2], NULL, 10) : 0;
  if (argc < 3 || (!pointer && strcmp (argv[1], "keyboard") != 0))
    fail ("see the top of echo.c for what it takes");
  desk_connect (&echo.desk);
  echo.seat = desk_bind (&echo.desk, &wl_seat_interface, 1);
  echo.presentation = desk_bind (&echo.desk, &wp_presentation_interface, 1);
  if (!echo.seat || !echo.presentation)
    fail ("a protocol is missing");
  wl_seat_add_listener (echo.seat, &seat_listener, &echo);
  if (argc == 3) {
    echo.desk.width = WIDTH / 2;
    echo.desk.height = HEIGHT / 2;
  }
  window_open (&echo.window, &echo.desk, argc > 3);
  if (pointer)
    prepare_pointer (&echo);
  else
    prepare_keyboard (&echo);
  usleep (SETTLE); /* windows that fade in have done so */
  say ("begin");
  if (moves)
    move (&echo, n);
  for (long i = 0; i < n && !moves; i++)
    act_and_wait (&echo, i, pointer);
  say ("end");
  return 0;
}
