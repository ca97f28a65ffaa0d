/* Text fields and the input method: two clients, what each of them hears of the other. */

#include <string.h>
#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_seat.h>

#include "client.h"
#include "devices.h"
#include "fixture.h"
#include "input-method-client.h"
#include "input_popup.h"
#include "locker.h"
#include "seats.h"
#include "view.h"

#include "text-input-unstable-v3-client-protocol.h"

struct scene {
  struct inos_compositor *compositor;
  struct wlr_keyboard keyboard;

  struct client *client;
  struct window *window;
  struct wl_seat *seat;
  struct zwp_text_input_manager_v3 *manager;
  struct zwp_text_input_v3 *text;

  struct client *im_client;
  struct wl_seat *im_seat;
  struct wl_proxy *im_manager, *im;
  uint32_t dones; /* how many the input method got: the serial that it answers with */

  GString *log, *im_log; /* what each received */
};

static void on_enter (void *data, struct zwp_text_input_v3 *text, struct wl_surface *surface)
{
  g_string_append (((struct scene *)data)->log, "enter ");
}

static void on_leave (void *data, struct zwp_text_input_v3 *text, struct wl_surface *surface)
{
  g_string_append (((struct scene *)data)->log, "leave ");
}

static void on_preedit (void *data, struct zwp_text_input_v3 *text, const char *string,
                        int32_t begin, int32_t end)
{
  g_string_append_printf (((struct scene *)data)->log, "preedit %s %d-%d ", string, begin, end);
}

static void on_commit (void *data, struct zwp_text_input_v3 *text, const char *string)
{
  g_string_append_printf (((struct scene *)data)->log, "commit %s ", string);
}

static void on_delete (void *data, struct zwp_text_input_v3 *text, uint32_t before, uint32_t after)
{
  g_string_append_printf (((struct scene *)data)->log, "delete %u,%u ", before, after);
}

static void on_done (void *data, struct zwp_text_input_v3 *text, uint32_t serial)
{
  g_string_append (((struct scene *)data)->log, "done ");
}

static void on_activate (void *data, struct wl_proxy *im)
{
  g_string_append (((struct scene *)data)->im_log, "activate ");
}

static void on_deactivate (void *data, struct wl_proxy *im)
{
  g_string_append (((struct scene *)data)->im_log, "deactivate ");
}

static void on_surrounding (void *data, struct wl_proxy *im, const char *text, uint32_t cursor,
                            uint32_t anchor)
{
  g_string_append_printf (((struct scene *)data)->im_log, "'%s' %u-%u ", text, cursor, anchor);
}

static void on_cause (void *data, struct wl_proxy *im, uint32_t cause)
{
}

static void on_content_type (void *data, struct wl_proxy *im, uint32_t hint, uint32_t purpose)
{
  g_string_append_printf (((struct scene *)data)->im_log, "type %u/%u ", hint, purpose);
}

static void on_im_done (void *data, struct wl_proxy *im)
{
  struct scene *scene = data;
  scene->dones++;
  g_string_append (scene->im_log, "done ");
}

static void on_unavailable (void *data, struct wl_proxy *im)
{
  g_string_append (((struct scene *)data)->im_log, "unavailable ");
}

static const struct im_listener im_listener = {
  on_activate, on_deactivate, on_surrounding, on_cause, on_content_type, on_im_done, on_unavailable,
};

static void settle (struct scene *scene)
{
  for (int i = 0; i < 2; i++) {
    client_roundtrip (scene->client);
    client_roundtrip (scene->im_client);
  }
}

static void assert_heard (struct scene *scene, const char *text, const char *im)
{
  settle (scene);
  assert_string_equal (scene->log->str, text);
  assert_string_equal (scene->im_log->str, im);
  g_string_truncate (scene->log, 0);
  g_string_truncate (scene->im_log, 0);
}

static void start_input_method (struct scene *scene)
{
  scene->im = im_get (scene->im_manager, scene->im_seat);
  wl_proxy_add_listener (scene->im, (void (**) (void))&im_listener, scene);
  scene->dones = 0;
}

static void begin (struct scene *scene)
{
  static const struct zwp_text_input_v3_listener listener = {on_enter,  on_leave,  on_preedit,
                                                             on_commit, on_delete, on_done};
  *scene = (struct scene){
    .compositor = start_compositor (1),
    .log = g_string_new (NULL),
    .im_log = g_string_new (NULL),
  };
  add_keyboard (scene->compositor, &scene->keyboard);
  scene->client = client_connect (scene->compositor);
  scene->seat = client_bind (scene->client, &wl_seat_interface, 5);
  scene->manager = client_bind (scene->client, &zwp_text_input_manager_v3_interface, 1);
  scene->text = zwp_text_input_manager_v3_get_text_input (scene->manager, scene->seat);
  zwp_text_input_v3_add_listener (scene->text, &listener, scene);
  scene->window = window_open (scene->client, "a", "a");
  inos_view_move (inos_view_find (scene->compositor, 1), 100, 100);
  scene->im_client = client_connect (scene->compositor);
  scene->im_seat = client_bind (scene->im_client, &wl_seat_interface, 5);
  scene->im_manager = client_bind (scene->im_client, &im_manager_interface, 1);
  assert_heard (scene, "enter ", "");
  start_input_method (scene);
  assert_heard (scene, "", "");
}

static void finish (struct scene *scene)
{
  zwp_text_input_v3_destroy (scene->text);
  zwp_text_input_manager_v3_destroy (scene->manager);
  wl_seat_destroy (scene->seat);
  window_close (scene->window);
  client_disconnect (scene->client);
  if (scene->im)
    im_end (scene->im, 6);
  im_end (scene->im_manager, 1);
  wl_seat_destroy (scene->im_seat);
  client_disconnect (scene->im_client);
  wlr_keyboard_finish (&scene->keyboard);
  inos_compositor_destroy (scene->compositor);
  g_string_free (scene->log, TRUE);
  g_string_free (scene->im_log, TRUE);
}

static void enable (struct scene *scene)
{
  zwp_text_input_v3_enable (scene->text);
  zwp_text_input_v3_set_surrounding_text (scene->text, "Guten", 5, 5);
  zwp_text_input_v3_set_content_type (scene->text, 1, 0);
  zwp_text_input_v3_set_cursor_rectangle (scene->text, 40, 50, 2, 16);
  zwp_text_input_v3_commit (scene->text);
  settle (scene);
}

static void compose (struct scene *scene, const char *preedit, const char *commit)
{
  if (preedit)
    wl_proxy_marshal_flags (scene->im, 1, NULL, 1, 0, preedit, 0, (int)strlen (preedit));
  if (commit)
    wl_proxy_marshal_flags (scene->im, 0, NULL, 1, 0, commit);
  wl_proxy_marshal_flags (scene->im, 3, NULL, 1, 0, scene->dones);
}

static void test_a_text_is_composed (void **state)
{
  struct scene scene;
  begin (&scene);
  enable (&scene);
  assert_heard (&scene, "", "activate 'Guten' 5-5 type 1/0 done ");
  compose (&scene, "Tg", NULL);
  assert_heard (&scene, "preedit Tg 0-2 done ", "");
  wl_proxy_marshal_flags (scene.im, 2, NULL, 1, 0, 2U, 1U);
  compose (&scene, NULL, "Tag");
  assert_heard (&scene, "commit Tag delete 2,1 done ", "");
  zwp_text_input_v3_set_surrounding_text (scene.text, "Guten Tag", 9, 9);
  zwp_text_input_v3_commit (scene.text);
  assert_heard (&scene, "", "'Guten Tag' 9-9 type 1/0 done ");
  zwp_text_input_v3_disable (scene.text);
  zwp_text_input_v3_commit (scene.text);
  assert_heard (&scene, "", "deactivate done ");
  compose (&scene, NULL, "late");
  assert_heard (&scene, "", "");
  finish (&scene);
}

static void test_the_focus_decides (void **state)
{
  struct scene scene;
  begin (&scene);
  enable (&scene);
  settle (&scene);
  g_string_truncate (scene.im_log, 0);
  struct client *third = client_connect (scene.compositor);
  struct window *other = window_open (third, "b", "b");
  assert_heard (&scene, "leave ", "deactivate done ");
  window_close (other);
  client_disconnect (third);
  settle (&scene);
  assert_string_equal (scene.log->str, "enter ");
  g_string_truncate (scene.log, 0);
  g_string_truncate (scene.im_log, 0);
  /* A second input method is told to go; the first one goes, a third one is told what it missed. */
  struct wl_proxy *second = im_get (scene.im_manager, scene.im_seat);
  wl_proxy_add_listener (second, (void (**) (void))&im_listener, &scene);
  assert_heard (&scene, "", "unavailable ");
  im_end (second, 6);
  im_end (scene.im, 6);
  assert_heard (&scene, "", "");
  enable (&scene);
  assert_heard (&scene, "", "");
  start_input_method (&scene);
  assert_heard (&scene, "", "activate 'Guten' 5-5 type 1/0 done ");
  finish (&scene);
}

static void on_keymap (void *data, struct wl_proxy *grab, uint32_t format, int32_t fd,
                       uint32_t size)
{
  close (fd);
}

static void on_key (void *data, struct wl_proxy *grab, uint32_t serial, uint32_t time,
                    uint32_t code, uint32_t down)
{
  g_string_append_printf (((struct scene *)data)->im_log, "%u%c ", code, down ? '+' : '-');
}

static void on_modifiers (void *data, struct wl_proxy *grab, uint32_t serial, uint32_t depressed,
                          uint32_t latched, uint32_t locked, uint32_t group)
{
}

static void on_repeat (void *data, struct wl_proxy *grab, int32_t rate, int32_t delay)
{
}

static void on_client_keymap (void *data, struct wl_keyboard *keys, uint32_t format, int32_t fd,
                              uint32_t size)
{
  close (fd);
}

static void on_client_enter (void *data, struct wl_keyboard *keys, uint32_t serial,
                             struct wl_surface *surface, struct wl_array *pressed)
{
}

static void on_client_leave (void *data, struct wl_keyboard *keys, uint32_t serial,
                             struct wl_surface *surface)
{
}

static void on_client_key (void *data, struct wl_keyboard *keys, uint32_t serial, uint32_t time,
                           uint32_t code, uint32_t down)
{
  g_string_append_printf (((struct scene *)data)->log, "%u%c ", code, down ? '+' : '-');
}

static void on_client_modifiers (void *data, struct wl_keyboard *keys, uint32_t serial,
                                 uint32_t depressed, uint32_t latched, uint32_t locked,
                                 uint32_t group)
{
}

static void on_client_repeat (void *data, struct wl_keyboard *keys, int32_t rate, int32_t delay)
{
}

static void test_the_keyboard_is_grabbed (void **state)
{
  static const struct im_grab_listener grab_listener = {on_keymap, on_key, on_modifiers, on_repeat};
  static const struct wl_keyboard_listener keys_listener = {
    on_client_keymap, on_client_enter,     on_client_leave,
    on_client_key,    on_client_modifiers, on_client_repeat,
  };
  struct scene scene;
  begin (&scene);
  struct wl_keyboard *keys = wl_seat_get_keyboard (scene.seat);
  wl_keyboard_add_listener (keys, &keys_listener, &scene);
  settle (&scene);
  key (&scene.keyboard, KEY_A, true);
  assert_heard (&scene, "30+ ", "");
  struct wl_proxy *grab = im_grab_keyboard (scene.im);
  wl_proxy_add_listener (grab, (void (**) (void))&grab_listener, &scene);
  settle (&scene);
  /* A release follows its press. */
  key (&scene.keyboard, KEY_A, false);
  tap (&scene.keyboard, KEY_B);
  assert_heard (&scene, "30- ", "48+ 48- ");
  /* Bindings stay ours. */
  chord (&scene.keyboard, KEY_2);
  assert_int_equal (scene.compositor->active_workspace, 1);
  chord (&scene.keyboard, KEY_1);
  settle (&scene);
  g_string_truncate (scene.log, 0);
  g_string_truncate (scene.im_log, 0);
  im_end (grab, 0);
  settle (&scene);
  tap (&scene.keyboard, KEY_B);
  assert_heard (&scene, "48+ 48- ", "");
  wl_keyboard_destroy (keys);
  finish (&scene);
}

static void on_rectangle (void *data, struct wl_proxy *popup, int32_t x, int32_t y, int32_t width,
                          int32_t height)
{
  struct wlr_box *box = data;
  *box = (struct wlr_box){x, y, width, height};
}

/* A buffer of one colour that is as large as a window's. */
static struct window *draw_popup (struct scene *scene)
{
  return window_open (scene->im_client, "candidates", "candidates");
}

static void test_a_popup_is_at_the_cursor (void **state)
{
  static const struct im_popup_listener listener = {on_rectangle};
  struct scene scene;
  begin (&scene);
  enable (&scene);
  struct window *picture = draw_popup (&scene);
  inos_view_focus (inos_view_find (scene.compositor, 1));
  settle (&scene);
  enable (&scene);
  struct wl_surface *surface = wl_compositor_create_surface (scene.im_client->wl_compositor);
  struct wl_proxy *popup = im_get_popup (scene.im, surface);
  struct wlr_box told = {0};
  wl_proxy_add_listener (popup, (void (**) (void))&listener, &told);
  wl_surface_attach (surface, picture->buffer, 0, 0);
  wl_surface_commit (surface);
  settle (&scene);
  /* The text's cursor is at 140, 150 and 16 high, the popup right below. */
  double sx, sy;
  struct wlr_surface *there = inos_seat_surface_at (scene.compositor->seat, 140, 166, &sx, &sy);
  assert_ptr_equal (wl_resource_get_client (there->resource), scene.im_client->server_side);
  assert_int_equal ((int)sx, 0);
  assert_int_equal ((int)sy, 0);
  assert_int_equal (told.x, 0);
  assert_int_equal (told.y, -16);
  assert_int_equal (told.height, 16);
  /* It goes along with the window, and stays on the output. */
  inos_view_move (inos_view_find (scene.compositor, 1), 1200, 740);
  settle (&scene);
  there = inos_seat_surface_at (scene.compositor->seat, 1279, 789, &sx, &sy);
  assert_ptr_equal (wl_resource_get_client (there->resource), scene.im_client->server_side);
  assert_int_equal ((int)sx, 319);
  /* Nobody writes: it is not shown. */
  zwp_text_input_v3_disable (scene.text);
  zwp_text_input_v3_commit (scene.text);
  settle (&scene);
  there = inos_seat_surface_at (scene.compositor->seat, 1279, 789, &sx, &sy);
  assert_true (!there || wl_resource_get_client (there->resource) == scene.client->server_side);
  /* The input method dies with its popup up. */
  im_end (scene.im, 6);
  scene.im = NULL;
  settle (&scene);
  im_end (popup, 0);
  wl_surface_destroy (surface);
  window_close (picture);
  finish (&scene);
}

static void test_where_popups_fit (void **state)
{
  struct wlr_box room = {100, 0, 1000, 800}, box;
  box = inos_input_popup_fit ((struct wlr_box){200, 300, 2, 20}, 300, 100, room);
  assert_int_equal (box.x, 200);
  assert_int_equal (box.y, 320);
  box = inos_input_popup_fit ((struct wlr_box){1050, 780, 2, 20}, 300, 100, room);
  assert_int_equal (box.x, 800);
  assert_int_equal (box.y, 680);
  box = inos_input_popup_fit ((struct wlr_box){50, 20, 2, 20}, 5000, 5000, room);
  assert_int_equal (box.x, 100);
  assert_int_equal (box.y, 0);
}

/* A password is typed: no input method hears of it, or has a word in it, and it shows nothing. */
static void test_behind_the_lock_screen (void **state)
{
  static const struct im_grab_listener grab_listener = {on_keymap, on_key, on_modifiers, on_repeat};
  struct scene scene;
  struct input own;
  begin (&scene);
  enable (&scene);
  struct wl_proxy *grab = im_grab_keyboard (scene.im);
  wl_proxy_add_listener (grab, (void (**) (void))&grab_listener, &scene);
  settle (&scene);
  tap (&scene.keyboard, KEY_A);
  settle (&scene);
  assert_non_null (strstr (scene.im_log->str, "30+ 30- "));
  g_string_truncate (scene.log, 0);
  g_string_truncate (scene.im_log, 0);
  struct locker *locker = locker_start (scene.compositor);
  locker_cover (locker, 0);
  input_init (&own, locker->client);
  assert_heard (&scene, "leave ", "deactivate done ");
  tap (&scene.keyboard, KEY_P);
  client_roundtrip (locker->client);
  assert_int_equal (own.keys, 2);
  compose (&scene, "gues", "guess");
  assert_heard (&scene, "", "");
  /* The locker has a text field of its own, for the password. */
  struct zwp_text_input_manager_v3 *manager =
    client_bind (locker->client, &zwp_text_input_manager_v3_interface, 1);
  struct wl_seat *seat = client_bind (locker->client, &wl_seat_interface, 5);
  struct zwp_text_input_v3 *text = zwp_text_input_manager_v3_get_text_input (manager, seat);
  g_autoptr (GString) said = g_string_new (NULL);
  struct scene password = {.log = said};
  static const struct zwp_text_input_v3_listener listener = {on_enter,  on_leave,  on_preedit,
                                                             on_commit, on_delete, on_done};
  zwp_text_input_v3_add_listener (text, &listener, &password);
  zwp_text_input_v3_enable (text);
  zwp_text_input_v3_set_surrounding_text (text, "secret", 6, 6);
  zwp_text_input_v3_commit (text);
  client_roundtrip (locker->client);
  tap (&scene.keyboard, KEY_P);
  compose (&scene, "gues", "guess");
  assert_heard (&scene, "", "");
  client_roundtrip (locker->client);
  assert_null (strstr (said->str, "commit"));
  assert_null (strstr (said->str, "preedit"));
  zwp_text_input_v3_destroy (text);
  zwp_text_input_manager_v3_destroy (manager);
  wl_seat_destroy (seat);
  input_finish (&own);
  locker_unlock (locker);
  settle (&scene);
  assert_string_equal (scene.log->str, "enter ");
  im_end (grab, 0);
  finish (&scene);
}

/* There is one input method, and it is at the main seat: another's keys go to their window. */
static void test_at_another_seat (void **state)
{
  static const struct im_grab_listener grab_listener = {on_keymap, on_key, on_modifiers, on_repeat};
  static const struct zwp_text_input_v3_listener listener = {on_enter,  on_leave,  on_preedit,
                                                             on_commit, on_delete, on_done};
  struct scene scene;
  struct wlr_keyboard keyboard;
  begin (&scene);
  struct inos_seat *second = inos_seats_add (scene.compositor, "second");
  add_keyboard_to (second, &keyboard);
  struct wl_seat *seat = client_bind_nth (scene.client, &wl_seat_interface, 5, 1);
  struct zwp_text_input_v3 *text = zwp_text_input_manager_v3_get_text_input (scene.manager, seat);
  zwp_text_input_v3_add_listener (text, &listener, &scene);
  struct wl_proxy *grab = im_grab_keyboard (scene.im);
  wl_proxy_add_listener (grab, (void (**) (void))&grab_listener, &scene);
  inos_seat_focus_view (second, inos_view_find (scene.compositor, 1));
  assert_heard (&scene, "", "");
  tap (&keyboard, KEY_A);
  assert_heard (&scene, "", "");
  tap (&scene.keyboard, KEY_A);
  assert_heard (&scene, "", "30+ 30- ");
  struct wl_seat *im_seat = client_bind_nth (scene.im_client, &wl_seat_interface, 5, 1);
  struct wl_proxy *other = im_get (scene.im_manager, im_seat);
  wl_proxy_add_listener (other, (void (**) (void))&im_listener, &scene);
  assert_heard (&scene, "", "unavailable ");
  im_end (other, 6);
  im_end (grab, 0);
  inos_seats_remove (second);
  settle (&scene);
  zwp_text_input_v3_enable (text);
  zwp_text_input_v3_commit (text);
  assert_heard (&scene, "", "");
  zwp_text_input_v3_destroy (text);
  wl_seat_release (im_seat);
  wl_seat_release (seat);
  wlr_keyboard_finish (&keyboard);
  finish (&scene);
}

/* The shell only types: whoever composes takes its place, and it does not take it back. */
static void test_the_on_screen_keyboard_gives_way (void **state)
{
  struct scene scene;
  begin (&scene);
  enable (&scene);
  g_string_truncate (scene.im_log, 0);
  scene.compositor->shell = scene.im_client->server_side;
  struct client *third = client_connect (scene.compositor);
  struct wl_seat *seat = client_bind (third, &wl_seat_interface, 5);
  struct wl_proxy *manager = client_bind (third, &im_manager_interface, 1);
  struct wl_proxy *composer = im_get (manager, seat);
  wl_proxy_add_listener (composer, (void (**) (void))&im_listener, &scene);
  client_roundtrip (third);
  assert_heard (&scene, "", "activate 'Guten' 5-5 type 1/0 done unavailable ");
  im_end (scene.im, 6);
  start_input_method (&scene);
  assert_heard (&scene, "", "unavailable ");
  im_end (composer, 6);
  im_end (manager, 1);
  wl_seat_destroy (seat);
  client_disconnect (third);
  im_end (scene.im, 6);
  start_input_method (&scene);
  assert_heard (&scene, "", "activate 'Guten' 5-5 type 1/0 done ");
  scene.compositor->shell = NULL;
  finish (&scene);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_the_on_screen_keyboard_gives_way),
    cmocka_unit_test (test_a_text_is_composed),
    cmocka_unit_test (test_the_focus_decides),
    cmocka_unit_test (test_the_keyboard_is_grabbed),
    cmocka_unit_test (test_a_popup_is_at_the_cursor),
    cmocka_unit_test (test_where_popups_fit),
    cmocka_unit_test (test_behind_the_lock_screen),
    cmocka_unit_test (test_at_another_seat),
  };
  return run_compositor_tests (tests);
}
