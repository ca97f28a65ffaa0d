#include "film.h"

#include <sys/mman.h>

#include "fixture.h"

static void on_size (void *data, struct ext_image_copy_capture_session_v1 *session, uint32_t width,
                     uint32_t height)
{
  struct film *film = data;
  film->width = width;
  film->height = height;
}

static void on_shm_format (void *data, struct ext_image_copy_capture_session_v1 *session,
                           uint32_t format)
{
  ((struct film *)data)->formats++;
}

static void on_device (void *data, struct ext_image_copy_capture_session_v1 *session,
                       struct wl_array *device)
{
}

static void on_dmabuf_format (void *data, struct ext_image_copy_capture_session_v1 *session,
                              uint32_t format, struct wl_array *modifiers)
{
}

static void on_done (void *data, struct ext_image_copy_capture_session_v1 *session)
{
  ((struct film *)data)->dones++;
}

static void on_stopped (void *data, struct ext_image_copy_capture_session_v1 *session)
{
  ((struct film *)data)->stopped++;
}

static const struct ext_image_copy_capture_session_v1_listener session_listener = {
  on_size, on_shm_format, on_device, on_dmabuf_format, on_done, on_stopped,
};

static void on_transform (void *data, struct ext_image_copy_capture_frame_v1 *frame,
                          uint32_t transform)
{
  ((struct film *)data)->transform = transform;
}

static void on_damage (void *data, struct ext_image_copy_capture_frame_v1 *frame, int32_t x,
                       int32_t y, int32_t width, int32_t height)
{
  ((struct film *)data)->damages++;
}

static void on_time (void *data, struct ext_image_copy_capture_frame_v1 *frame, uint32_t hi,
                     uint32_t lo, uint32_t nsec)
{
}

static void on_ready (void *data, struct ext_image_copy_capture_frame_v1 *frame)
{
  ((struct film *)data)->ready++;
}

static void on_failed (void *data, struct ext_image_copy_capture_frame_v1 *frame, uint32_t reason)
{
  ((struct film *)data)->failed = 100 + reason;
}

void film_make_buffer (struct film *film, uint32_t width, uint32_t height)
{
  g_clear_pointer (&film->buffer, wl_buffer_destroy);
  if (film->pixels)
    munmap (film->pixels, film->size);
  film->size = (size_t)width * height * 4;
  int fd = memfd_create ("film", MFD_CLOEXEC);
  g_assert_no_errno (ftruncate (fd, (off_t)film->size));
  film->pixels = mmap (NULL, film->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  struct wl_shm_pool *pool = wl_shm_create_pool (film->client->shm, fd, (int)film->size);
  film->buffer = wl_shm_pool_create_buffer (pool, 0, (int)width, (int)height, (int)width * 4,
                                            WL_SHM_FORMAT_XRGB8888);
  wl_shm_pool_destroy (pool);
  close (fd);
}

void film_shoot (struct film *film)
{
  static const struct ext_image_copy_capture_frame_v1_listener listener = {
    on_transform, on_damage, on_time, on_ready, on_failed,
  };
  g_clear_pointer (&film->frame, ext_image_copy_capture_frame_v1_destroy);
  film->ready = film->damages = 0;
  film->failed = 0;
  film->frame = ext_image_copy_capture_session_v1_create_frame (film->session);
  ext_image_copy_capture_frame_v1_add_listener (film->frame, &listener, film);
  ext_image_copy_capture_frame_v1_attach_buffer (film->frame, film->buffer);
  ext_image_copy_capture_frame_v1_damage_buffer (film->frame, 0, 0, 1, 1);
  ext_image_copy_capture_frame_v1_capture (film->frame);
  client_roundtrip (film->client);
}

uint32_t film_pixel (struct film *film, uint32_t x, uint32_t y)
{
  assert_true (x < film->width && y < film->height);
  return film->pixels[y * film->width + x] | 0xff000000;
}

uint32_t film_middle (struct film *film)
{
  return film_pixel (film, film->width / 2, film->height / 2);
}

void film_follow (struct film *film, struct ext_image_copy_capture_session_v1 *session)
{
  film->session = session;
  ext_image_copy_capture_session_v1_add_listener (session, &session_listener, film);
  client_roundtrip (film->client);
}

void film_start (struct film *film, struct client *client,
                 struct ext_image_capture_source_v1 *source, uint32_t options)
{
  *film = (struct film){.client = client, .source = source};
  film->manager = client_bind (client, &ext_image_copy_capture_manager_v1_interface, 1);
  film_follow (film,
               ext_image_copy_capture_manager_v1_create_session (film->manager, source, options));
}

void film_end (struct film *film)
{
  g_clear_pointer (&film->frame, ext_image_copy_capture_frame_v1_destroy);
  g_clear_pointer (&film->session, ext_image_copy_capture_session_v1_destroy);
  g_clear_pointer (&film->buffer, wl_buffer_destroy);
  if (film->pixels)
    munmap (film->pixels, film->size);
  ext_image_capture_source_v1_destroy (film->source);
  ext_image_copy_capture_manager_v1_destroy (film->manager);
  client_roundtrip (film->client);
  assert_int_equal (wl_display_get_error (film->client->display), 0);
}

struct ext_image_capture_source_v1 *film_output_source (struct client *client, int nth)
{
  struct ext_output_image_capture_source_manager_v1 *manager =
    client_bind (client, &ext_output_image_capture_source_manager_v1_interface, 1);
  struct wl_output *output = client_bind_nth (client, &wl_output_interface, 1, nth);
  struct ext_image_capture_source_v1 *source =
    ext_output_image_capture_source_manager_v1_create_source (manager, output);
  ext_output_image_capture_source_manager_v1_destroy (manager);
  wl_output_destroy (output);
  return source;
}
