/* Windows that want the focus (xdg-activation): what a person's input speaks for gets it, and what
 * nothing speaks for may only say that it has something new. */

#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "locker.h"
#include "seats.h"
#include "view.h"

#include "xdg-activation-v1-client-protocol.h"

struct scene {
  struct inos_compositor *compositor;
  struct wlr_keyboard keyboard;
  struct wlr_pointer mouse;
  struct client *client; /* that is used: it starts another */
  struct client *other;
  struct window *window, *waiting;
  struct inos_view *view, *waiting_view;
  struct wl_seat *seat;
  struct input input;
};

/* The person clicks into the window of the one that is used. */
static void press (struct scene *scene)
{
  move_to (scene->compositor->seat, &scene->mouse, scene->view->x + 50, scene->view->y + 50);
  button (&scene->mouse, BTN_LEFT, true);
  button (&scene->mouse, BTN_LEFT, false);
  client_roundtrip (scene->client);
}

static int setup (void **state)
{
  struct scene *scene = g_new0 (struct scene, 1);
  scene->compositor = start_compositor (1);
  add_keyboard (scene->compositor, &scene->keyboard);
  add_pointer (scene->compositor, &scene->mouse);
  scene->other = client_connect (scene->compositor);
  scene->client = client_connect (scene->compositor);
  scene->seat = client_bind (scene->client, &wl_seat_interface, 1);
  input_init (&scene->input, scene->client);
  scene->waiting = window_open (scene->other, "mail", "Mail");
  scene->window = window_open (scene->client, "launcher", "Launcher");
  scene->waiting_view = inos_view_find (scene->compositor, 1);
  scene->view = inos_view_find (scene->compositor, 2);
  assert_ptr_equal (inos_view_focused (scene->compositor), scene->view);
  press (scene);
  assert_int_not_equal (scene->input.serial, 0);
  *state = scene;
  return 0;
}

static int teardown (void **state)
{
  struct scene *scene = *state;
  window_close (scene->window);
  window_close (scene->waiting);
  input_finish (&scene->input);
  wl_seat_destroy (scene->seat);
  client_disconnect (scene->client);
  client_disconnect (scene->other);
  wlr_keyboard_finish (&scene->keyboard);
  wlr_pointer_finish (&scene->mouse);
  inos_compositor_destroy (scene->compositor);
  g_free (scene);
  return 0;
}

static void on_token (void *data, struct xdg_activation_token_v1 *token, const char *text)
{
  *(char **)data = g_strdup (text);
}

/* A token that the client asks for; serial: of what the person did, 0 for nothing. */
static char *token_of (struct scene *scene, struct client *client, struct window *window,
                       uint32_t serial)
{
  static const struct xdg_activation_token_v1_listener listener = {on_token};
  char *text = NULL;
  struct xdg_activation_v1 *manager = client_bind (client, &xdg_activation_v1_interface, 1);
  struct xdg_activation_token_v1 *token = xdg_activation_v1_get_activation_token (manager);
  xdg_activation_token_v1_add_listener (token, &listener, &text);
  if (serial)
    xdg_activation_token_v1_set_serial (token, serial, scene->seat);
  xdg_activation_token_v1_set_surface (token, window->surface);
  xdg_activation_token_v1_commit (token);
  client_roundtrip (client);
  assert_non_null (text);
  xdg_activation_token_v1_destroy (token);
  xdg_activation_v1_destroy (manager);
  return text;
}

static void activate (struct scene *scene, const char *token)
{
  struct xdg_activation_v1 *manager = client_bind (scene->other, &xdg_activation_v1_interface, 1);
  xdg_activation_v1_activate (manager, token, scene->waiting->surface);
  client_roundtrip (scene->other);
  xdg_activation_v1_destroy (manager);
}

static void test_input_speaks_for_it (void **state)
{
  struct scene *scene = *state;
  g_autofree char *token = token_of (scene, scene->client, scene->window, scene->input.serial);
  activate (scene, token);
  assert_ptr_equal (inos_view_focused (scene->compositor), scene->waiting_view);
  assert_false (scene->waiting_view->urgent);
  /* Once. */
  inos_view_focus (scene->view);
  activate (scene, token);
  assert_ptr_equal (inos_view_focused (scene->compositor), scene->view);
}

static void test_without_input_it_is_urgent (void **state)
{
  struct scene *scene = *state;
  g_autofree char *token = token_of (scene, scene->other, scene->waiting, 0);
  activate (scene, token);
  assert_ptr_equal (inos_view_focused (scene->compositor), scene->view);
  assert_true (scene->waiting_view->urgent);
  /* Seen: no longer. */
  inos_view_focus (scene->waiting_view);
  assert_false (scene->waiting_view->urgent);
}

static void test_nonsense_is_nothing (void **state)
{
  struct scene *scene = *state;
  activate (scene, "no such token");
  activate (scene, "");
  assert_ptr_equal (inos_view_focused (scene->compositor), scene->view);
  assert_false (scene->waiting_view->urgent);
  assert_int_equal (wl_display_get_error (scene->other->display), 0);
}

/* The person has gone on to another program: what they once did here speaks for nothing. */
static void test_only_the_focused_program_speaks (void **state)
{
  struct scene *scene = *state;
  inos_view_focus (scene->waiting_view);
  move_to (scene->compositor->seat, &scene->mouse, 1, 790);
  client_roundtrip (scene->client);
  g_autofree char *token = token_of (scene, scene->client, scene->window, scene->input.serial);
  inos_view_focus (scene->view);
  activate (scene, token);
  assert_ptr_equal (inos_view_focused (scene->compositor), scene->view);
}

int main (void)
{
#define WITH_SCENE(test) cmocka_unit_test_setup_teardown (test, setup, teardown)
  const struct CMUnitTest tests[] = {
    WITH_SCENE (test_input_speaks_for_it),
    WITH_SCENE (test_without_input_it_is_urgent),
    WITH_SCENE (test_nonsense_is_nothing),
    WITH_SCENE (test_only_the_focused_program_speaks),
  };
  return run_compositor_tests (tests);
}
