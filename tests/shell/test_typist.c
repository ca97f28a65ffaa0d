/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

/* The virtual keyboard, at a compositor that is played here and has none yet. */

#include "keyboard/typist.h"

#include "test.h"

#include <gdk/wayland/gdkwayland.h>
#include <linux/input-event-codes.h>
#include <wayland-client.h>

/* Whatever is asked of the compositor. */
static char compositor;

GdkDisplay *gdk_display_get_default (void)
{
  return NULL;
}

struct wl_display *gdk_wayland_display_get_wl_display (GdkDisplay *display)
{
  return (struct wl_display *)&compositor;
}

struct wl_proxy *wl_proxy_marshal_flags (struct wl_proxy *proxy, uint32_t opcode,
                                         const struct wl_interface *interface, uint32_t version,
                                         uint32_t flags, ...)
{
  return (struct wl_proxy *)&compositor;
}

uint32_t wl_proxy_get_version (struct wl_proxy *proxy)
{
  return 1;
}

int wl_proxy_add_listener (struct wl_proxy *proxy, void (**listener) (void), void *data)
{
  return 0;
}

void wl_proxy_destroy (struct wl_proxy *proxy)
{
}

static void test_no_keymap (void **state)
{
  const InosKeyNames names = {
    .rules = "", .model = "", .layout = "us", .variant = "", .options = ""};
  struct xkb_keymap *keymap = inos_keys_compile (&names);
  InosTypist *typist = inos_typist_create();

  /* A machine without layouts has none, and one that had one may lose it. */
  inos_typist_set_keymap (typist, NULL);
  assert_false (inos_typist_press (typist, KEY_A, 0));
  assert_non_null (keymap);
  inos_typist_set_keymap (typist, keymap);
  inos_typist_set_keymap (typist, NULL);
  assert_false (inos_typist_press (typist, KEY_A, 0));
  inos_typist_destroy (typist);
  xkb_keymap_unref (keymap);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_no_keymap),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
