#include "locker.h"

#include <drm_fourcc.h>
#include <unistd.h>
#include <wlr/render/wlr_texture.h>
#include <wlr/types/wlr_output.h>

#include "fixture.h"
#include "output.h"
#include "view.h"

enum { DARK_MOST = 0x20 };

/* What covers an output may be shown as it is, without being drawn. */
static bool read_client_buffer (struct wlr_buffer *buffer, uint32_t *pixel)
{
  struct wlr_client_buffer *client = wlr_client_buffer_get (buffer);
  struct wlr_texture_read_pixels_options options = {
    .data = pixel,
    .format = DRM_FORMAT_XRGB8888,
    .stride = 4,
    .src_box = {buffer->width / 2, buffer->height / 2, 1, 1},
  };
  return client && client->texture && wlr_texture_read_pixels (client->texture, &options);
}

static uint32_t middle_of (struct wlr_buffer *buffer)
{
  void *pixels;
  uint32_t format, pixel;
  size_t stride;
  if (read_client_buffer (buffer, &pixel))
    return pixel | 0xff000000;
  assert_true (wlr_buffer_begin_data_ptr_access (buffer, WLR_BUFFER_DATA_PTR_ACCESS_READ, &pixels,
                                                 &format, &stride));
  pixel = *(uint32_t *)((char *)pixels + (size_t)(buffer->height / 2) * stride +
                        (size_t)(buffer->width / 2) * 4);
  wlr_buffer_end_data_ptr_access (buffer);
  return pixel | 0xff000000;
}

/* Before anybody has changed what others see of it. */
static void handle_precommit (struct wl_listener *listener, void *data)
{
  struct camera *camera = wl_container_of (listener, camera, precommit);
  const struct wlr_output_event_precommit *event = data;
  if (event->state->committed & WLR_OUTPUT_STATE_BUFFER)
    camera->screen = middle_of (event->state->buffer);
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct camera *camera = wl_container_of (listener, camera, commit);
  const struct wlr_output_event_commit *event = data;
  if (event->state->committed & WLR_OUTPUT_STATE_BUFFER)
    camera->middle = middle_of (event->state->buffer);
}

void camera_watch (struct camera *camera, struct inos_output *output)
{
  *camera = (struct camera){
    .output = output, .commit.notify = handle_commit, .precommit.notify = handle_precommit};
  wl_signal_add (&output->wlr->events.precommit, &camera->precommit);
  wl_signal_add (&output->wlr->events.commit, &camera->commit);
}

void camera_stop (struct camera *camera)
{
  wl_list_remove (&camera->commit.link);
  wl_list_init (&camera->commit.link);
  wl_list_remove (&camera->precommit.link);
  wl_list_init (&camera->precommit.link);
}

bool camera_is_dark (const struct camera *camera)
{
  uint32_t pixel = camera->middle;
  return ((pixel >> 16) & 0xff) == 0 && ((pixel >> 8) & 0xff) < DARK_MOST &&
         (pixel & 0xff) < DARK_MOST;
}

int desk_setup (void **state)
{
  struct desk *desk = g_new0 (struct desk, 1);
  desk->compositor = start_compositor (2);
  desk->client = client_connect (desk->compositor);
  int i = 0;
  struct inos_output *output;
  wl_list_for_each (output, &desk->compositor->outputs, link) {
    desk->outputs[i] = output;
    camera_watch (&desk->cameras[i++], output);
  }
  *state = desk;
  return 0;
}

int desk_teardown (void **state)
{
  struct desk *desk = *state;
  for (int i = 0; i < 2; i++)
    camera_stop (&desk->cameras[i]);
  client_disconnect (desk->client);
  inos_compositor_destroy (desk->compositor);
  g_free (desk);
  return 0;
}

static void on_keymap (void *data, struct wl_keyboard *keyboard, uint32_t format, int fd,
                       uint32_t size)
{
  close (fd);
}

static void on_key_enter (void *data, struct wl_keyboard *keyboard, uint32_t serial,
                          struct wl_surface *surface, struct wl_array *keys)
{
  ((struct input *)data)->enters++;
}

static void on_key_leave (void *data, struct wl_keyboard *keyboard, uint32_t serial,
                          struct wl_surface *surface)
{
}

static void on_key (void *data, struct wl_keyboard *keyboard, uint32_t serial, uint32_t time,
                    uint32_t key, uint32_t state)
{
  ((struct input *)data)->keys++;
}

static void on_modifiers (void *data, struct wl_keyboard *keyboard, uint32_t serial, uint32_t a,
                          uint32_t b, uint32_t c, uint32_t d)
{
}

static void on_enter (void *data, struct wl_pointer *pointer, uint32_t serial,
                      struct wl_surface *surface, wl_fixed_t x, wl_fixed_t y)
{
}

static void on_leave (void *data, struct wl_pointer *pointer, uint32_t serial,
                      struct wl_surface *surface)
{
}

static void on_motion (void *data, struct wl_pointer *pointer, uint32_t time, wl_fixed_t x,
                       wl_fixed_t y)
{
}

static void on_button (void *data, struct wl_pointer *pointer, uint32_t serial, uint32_t time,
                       uint32_t button, uint32_t state)
{
  struct input *input = data;
  input->buttons++;
  if (state == WL_POINTER_BUTTON_STATE_PRESSED)
    input->serial = serial;
}

static void on_axis (void *data, struct wl_pointer *pointer, uint32_t time, uint32_t axis,
                     wl_fixed_t value)
{
  ((struct input *)data)->scrolled = wl_fixed_to_double (value);
}

void input_init (struct input *input, struct client *client)
{
  static const struct wl_keyboard_listener keyboard_listener = {
    .keymap = on_keymap,
    .enter = on_key_enter,
    .leave = on_key_leave,
    .key = on_key,
    .modifiers = on_modifiers,
  };
  static const struct wl_pointer_listener pointer_listener = {
    .enter = on_enter,
    .leave = on_leave,
    .motion = on_motion,
    .button = on_button,
    .axis = on_axis,
  };
  struct wl_seat *seat = client_bind (client, &wl_seat_interface, 1);
  *input = (struct input){wl_seat_get_keyboard (seat), wl_seat_get_pointer (seat), 0, 0, 0, 0, 0};
  wl_keyboard_add_listener (input->keyboard, &keyboard_listener, input);
  wl_pointer_add_listener (input->pointer, &pointer_listener, input);
  wl_seat_destroy (seat);
  client_roundtrip (client);
}

void input_finish (struct input *input)
{
  wl_keyboard_destroy (input->keyboard);
  wl_pointer_destroy (input->pointer);
}

static void on_locked (void *data, struct ext_session_lock_v1 *lock)
{
  ((struct locker *)data)->locked++;
}

static void on_finished (void *data, struct ext_session_lock_v1 *lock)
{
  ((struct locker *)data)->finished++;
}

static void on_configure (void *data, struct ext_session_lock_surface_v1 *role, uint32_t serial,
                          uint32_t width, uint32_t height)
{
  struct locker_surface *surface = data;
  surface->serial = serial;
  surface->width = width;
  surface->height = height;
}

struct locker *locker_start (struct inos_compositor *compositor)
{
  static const struct ext_session_lock_v1_listener listener = {on_locked, on_finished};
  struct locker *locker = g_new0 (struct locker, 1);
  locker->client = client_connect (compositor);
  locker->manager = client_bind (locker->client, &ext_session_lock_manager_v1_interface, 1);
  locker->lock = ext_session_lock_manager_v1_lock (locker->manager);
  ext_session_lock_v1_add_listener (locker->lock, &listener, locker);
  client_roundtrip (locker->client);
  return locker;
}

void locker_wait (struct locker *locker)
{
  for (int i = 0; i < 500 && locker->locked == 0; i++)
    client_wait (locker->client, 10);
  assert_int_equal (locker->locked, 1);
}

bool locker_try_cover (struct locker *locker, int nth)
{
  static const struct ext_session_lock_surface_v1_listener listener = {on_configure};
  struct locker_surface *surface = &locker->surfaces[nth];
  struct wl_output *output = client_bind_nth (locker->client, &wl_output_interface, 1, nth);
  if (!output)
    return false;
  surface->surface = wl_compositor_create_surface (locker->client->wl_compositor);
  surface->role = ext_session_lock_v1_get_lock_surface (locker->lock, surface->surface, output);
  ext_session_lock_surface_v1_add_listener (surface->role, &listener, surface);
  client_roundtrip (locker->client);
  wl_output_destroy (output);
  if (surface->width == 0 || surface->height == 0)
    return false;
  ext_session_lock_surface_v1_ack_configure (surface->role, surface->serial);
  surface->buffer = client_buffer (locker->client, (int)surface->width, (int)surface->height, BLUE);
  wl_surface_attach (surface->surface, surface->buffer, 0, 0);
  wl_surface_damage_buffer (surface->surface, 0, 0, 9999, 9999);
  wl_surface_commit (surface->surface);
  return true;
}

void locker_cover (struct locker *locker, int nth)
{
  assert_true (locker_try_cover (locker, nth));
  client_settle (locker->client);
}

void locker_free (struct locker *locker)
{
  for (size_t i = 0; i < G_N_ELEMENTS (locker->surfaces); i++) {
    struct locker_surface *surface = &locker->surfaces[i];
    g_clear_pointer (&surface->role, ext_session_lock_surface_v1_destroy);
    g_clear_pointer (&surface->surface, wl_surface_destroy);
    g_clear_pointer (&surface->buffer, wl_buffer_destroy);
  }
  ext_session_lock_manager_v1_destroy (locker->manager);
  client_roundtrip (locker->client);
  client_disconnect (locker->client);
  g_free (locker);
}

void locker_unlock (struct locker *locker)
{
  ext_session_lock_v1_unlock_and_destroy (locker->lock);
  client_roundtrip (locker->client);
  assert_int_equal (wl_display_get_error (locker->client->display), 0);
  locker_free (locker);
}

void locker_kill (struct locker *locker)
{
  if (locker->client->server_side)
    wl_client_destroy (locker->client->server_side);
  pump();
  ext_session_lock_v1_destroy (locker->lock);
  locker_free (locker);
}

struct window *desk_red_window (struct desk *desk)
{
  struct window *window = window_open (desk->client, "secret", "secret");
  window->color = RED;
  window_draw (window);
  struct wlr_box box = inos_output_box (desk->outputs[0]);
  struct inos_view *view = inos_view_focused (desk->compositor);
  inos_view_move (view, box.x + box.width / 2 - 160, box.y + box.height / 2 - 100);
  client_settle (desk->client);
  assert_int_equal (desk->cameras[0].middle, RED);
  return window;
}
