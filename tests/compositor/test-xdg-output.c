/* xdg-output: where outputs are and how large, in the coordinates of windows. */

#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_output_layout.h>

#include "client.h"
#include "fixture.h"
#include "output.h"
#include "xdg-output-unstable-v1-client-protocol.h"

/* What a client was told of one output. */
struct told {
  struct wl_output *output;
  struct zxdg_output_v1 *xdg;
  int x, y, width, height;
  char *name;
  unsigned int dones;
};

static void on_position (void *data, struct zxdg_output_v1 *xdg, int32_t x, int32_t y)
{
  struct told *told = data;
  told->x = x;
  told->y = y;
}

static void on_size (void *data, struct zxdg_output_v1 *xdg, int32_t width, int32_t height)
{
  struct told *told = data;
  told->width = width;
  told->height = height;
}

static void on_old_done (void *data, struct zxdg_output_v1 *xdg)
{
  fail_msg ("of version 3 wl_output.done says it");
}

static void on_name (void *data, struct zxdg_output_v1 *xdg, const char *name)
{
  struct told *told = data;
  assert_null (told->name);
  told->name = g_strdup (name);
}

static void on_xdg_description (void *data, struct zxdg_output_v1 *xdg, const char *text)
{
}

static void on_geometry (void *data, struct wl_output *output, int32_t x, int32_t y, int32_t width,
                         int32_t height, int32_t subpixel, const char *make, const char *model,
                         int32_t transform)
{
}

static void on_mode (void *data, struct wl_output *output, uint32_t flags, int32_t width,
                     int32_t height, int32_t refresh)
{
}

static void on_done (void *data, struct wl_output *output)
{
  struct told *told = data;
  told->dones++;
}

static void on_scale (void *data, struct wl_output *output, int32_t scale)
{
}

static void on_text (void *data, struct wl_output *output, const char *text)
{
}

static void listen_to (struct told *told, struct client *client,
                       struct zxdg_output_manager_v1 *manager, int nth)
{
  static const struct zxdg_output_v1_listener xdg_listener = {on_position, on_size, on_old_done,
                                                              on_name, on_xdg_description};
  static const struct wl_output_listener listener = {on_geometry, on_mode, on_done,
                                                     on_scale,    on_text, on_text};
  *told = (struct told){.output = client_bind_nth (client, &wl_output_interface, 4, nth)};
  wl_output_add_listener (told->output, &listener, told);
  told->xdg = zxdg_output_manager_v1_get_xdg_output (manager, told->output);
  zxdg_output_v1_add_listener (told->xdg, &xdg_listener, told);
  client_roundtrip (client);
}

static void forget (struct told *told)
{
  zxdg_output_v1_destroy (told->xdg);
  wl_output_release (told->output);
  g_free (told->name);
}

static void assert_at (const struct told *told, int x, int y, int width, int height)
{
  assert_int_equal (told->x, x);
  assert_int_equal (told->y, y);
  assert_int_equal (told->width, width);
  assert_int_equal (told->height, height);
}

static void set (struct inos_output *output, float scale, enum wl_output_transform transform)
{
  struct wlr_output_state state;
  wlr_output_state_init (&state);
  wlr_output_state_set_scale (&state, scale);
  wlr_output_state_set_transform (&state, transform);
  assert_true (wlr_output_commit_state (output->wlr, &state));
  wlr_output_state_finish (&state);
}

static void test_says_where_outputs_are (void **state)
{
  struct inos_compositor *compositor = start_compositor (2);
  struct client *client = client_connect (compositor);
  struct zxdg_output_manager_v1 *manager =
    client_bind (client, &zxdg_output_manager_v1_interface, 3);
  struct told first, second;
  listen_to (&first, client, manager, 0);
  listen_to (&second, client, manager, 1);
  assert_at (&first, 0, 0, 1280, 800);
  assert_at (&second, 1280, 0, 1280, 800);
  assert_string_equal (first.name, "HEADLESS-1");
  assert_string_equal (second.name, "HEADLESS-2");
  /* A scale between whole ones, and one that stands on its side; done comes after each. */
  struct inos_output *output = inos_output_at (compositor, 10, 10);
  unsigned int dones = first.dones;
  set (output, 1.25, WL_OUTPUT_TRANSFORM_NORMAL);
  client_roundtrip (client);
  assert_at (&first, 0, 0, 1024, 640);
  assert_true (first.dones > dones);
  set (output, 2, WL_OUTPUT_TRANSFORM_90);
  client_roundtrip (client);
  assert_at (&first, 0, 0, 400, 640);
  /* It is put elsewhere. */
  dones = first.dones;
  wlr_output_layout_add (compositor->layout, output->wlr, 3000, -200);
  client_roundtrip (client);
  assert_at (&first, 3000, -200, 400, 640);
  assert_true (first.dones > dones);
  /* It is pulled out while the client still holds it. */
  wlr_output_destroy (output->wlr);
  client_roundtrip (client);
  assert_int_equal (wl_display_get_error (client->display), 0);
  forget (&first);
  forget (&second);
  zxdg_output_manager_v1_destroy (manager);
  client_disconnect (client);
  inos_compositor_destroy (compositor);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_says_where_outputs_are),
  };
  return run_compositor_tests (tests);
}
