/* copy-screen FILE: what the first output shows, as a PPM picture, copied with
 * ext-image-copy-capture into a buffer of the graphics card that the compositor names. */

#include <drm_fourcc.h>
#include <errno.h>
#include <fcntl.h>
#include <gbm.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wayland-client.h>
#include <xf86drm.h>

#include "ext-image-capture-source-v1.h"
#include "ext-image-copy-capture-v1.h"
#include "linux-dmabuf-v1.h"

struct copy {
  struct wl_output *output;
  struct zwp_linux_dmabuf_v1 *dmabuf;
  struct ext_output_image_capture_source_manager_v1 *sources;
  struct ext_image_copy_capture_manager_v1 *manager;
  uint32_t width, height;
  dev_t device;
  bool has_device, has_format, described, ready;
};

static void fail (const char *what)
{
  fprintf (stderr, "copy-screen: %s (%s)\n", what, strerror (errno));
  exit (1);
}

static void on_size (void *data, struct ext_image_copy_capture_session_v1 *session, uint32_t width,
                     uint32_t height)
{
  struct copy *copy = data;
  copy->width = width;
  copy->height = height;
}

static void on_shm_format (void *data, struct ext_image_copy_capture_session_v1 *session,
                           uint32_t format)
{
}

static void on_device (void *data, struct ext_image_copy_capture_session_v1 *session,
                       struct wl_array *device)
{
  struct copy *copy = data;
  if (device->size != sizeof copy->device)
    fail ("the device is no number of a device");
  memcpy (&copy->device, device->data, sizeof copy->device);
  copy->has_device = true;
}

static void on_format (void *data, struct ext_image_copy_capture_session_v1 *session,
                       uint32_t format, struct wl_array *modifiers)
{
  const uint64_t *modifier;
  for (modifier = modifiers->data; (char *)modifier < (char *)modifiers->data + modifiers->size;
       modifier++)
    ((struct copy *)data)->has_format |=
      format == DRM_FORMAT_XRGB8888 && *modifier == DRM_FORMAT_MOD_LINEAR;
}

static void on_done (void *data, struct ext_image_copy_capture_session_v1 *session)
{
  ((struct copy *)data)->described = true;
}

static void on_stopped (void *data, struct ext_image_copy_capture_session_v1 *session)
{
  fail ("the session was stopped");
}

static void on_transform (void *data, struct ext_image_copy_capture_frame_v1 *frame,
                          uint32_t transform)
{
}

static void on_damage (void *data, struct ext_image_copy_capture_frame_v1 *frame, int32_t x,
                       int32_t y, int32_t width, int32_t height)
{
}

static void on_time (void *data, struct ext_image_copy_capture_frame_v1 *frame, uint32_t hi,
                     uint32_t lo, uint32_t nsec)
{
}

static void on_ready (void *data, struct ext_image_copy_capture_frame_v1 *frame)
{
  ((struct copy *)data)->ready = true;
}

static void on_failed (void *data, struct ext_image_copy_capture_frame_v1 *frame, uint32_t reason)
{
  fprintf (stderr, "copy-screen: the frame failed, reason %u\n", reason);
  exit (1);
}

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  struct copy *copy = data;
  if (strcmp (interface, "wl_output") == 0 && !copy->output)
    copy->output = wl_registry_bind (registry, name, &wl_output_interface, 1);
  else if (strcmp (interface, "zwp_linux_dmabuf_v1") == 0)
    copy->dmabuf = wl_registry_bind (registry, name, &zwp_linux_dmabuf_v1_interface, 3);
  else if (strcmp (interface, "ext_output_image_capture_source_manager_v1") == 0)
    copy->sources =
      wl_registry_bind (registry, name, &ext_output_image_capture_source_manager_v1_interface, 1);
  else if (strcmp (interface, "ext_image_copy_capture_manager_v1") == 0)
    copy->manager =
      wl_registry_bind (registry, name, &ext_image_copy_capture_manager_v1_interface, 1);
}

static void on_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
}

static struct gbm_bo *allocate (const struct copy *copy)
{
  drmDevice *device;
  if (drmGetDeviceFromDevId (copy->device, 0, &device) < 0)
    fail ("there is no such device");
  int kind = device->available_nodes & (1 << DRM_NODE_RENDER) ? DRM_NODE_RENDER : DRM_NODE_PRIMARY;
  int fd = open (device->nodes[kind], O_RDWR | O_CLOEXEC);
  printf ("%s\n", device->nodes[kind]);
  drmFreeDevice (&device);
  struct gbm_device *gbm = fd < 0 ? NULL : gbm_create_device (fd);
  if (!gbm)
    fail ("the device cannot be used");
  struct gbm_bo *bo = gbm_bo_create (gbm, copy->width, copy->height, GBM_FORMAT_XRGB8888,
                                     GBM_BO_USE_LINEAR | GBM_BO_USE_RENDERING);
  if (!bo)
    fail ("the device has no buffer for it");
  return bo;
}

static struct wl_buffer *buffer_of (const struct copy *copy, struct gbm_bo *bo)
{
  struct zwp_linux_buffer_params_v1 *params = zwp_linux_dmabuf_v1_create_params (copy->dmabuf);
  int fd = gbm_bo_get_fd (bo);
  zwp_linux_buffer_params_v1_add (params, fd, 0, gbm_bo_get_offset (bo, 0), gbm_bo_get_stride (bo),
                                  DRM_FORMAT_MOD_LINEAR >> 32, DRM_FORMAT_MOD_LINEAR & 0xffffffff);
  close (fd);
  return zwp_linux_buffer_params_v1_create_immed (params, (int)copy->width, (int)copy->height,
                                                  DRM_FORMAT_XRGB8888, 0);
}

/* Mesa believes of a buffer that it made that nobody else draws in it. */
static struct gbm_bo *anew (const struct copy *copy, struct gbm_bo *bo)
{
  struct gbm_import_fd_data data = {
    .fd = gbm_bo_get_fd (bo),
    .width = copy->width,
    .height = copy->height,
    .stride = gbm_bo_get_stride (bo),
    .format = GBM_FORMAT_XRGB8888,
  };
  return gbm_bo_import (gbm_bo_get_device (bo), GBM_BO_IMPORT_FD, &data, GBM_BO_USE_RENDERING);
}

static void save (const struct copy *copy, struct gbm_bo *made, const char *path)
{
  uint32_t stride;
  void *map = NULL;
  struct gbm_bo *bo = anew (copy, made);
  if (!bo)
    fail ("the buffer cannot be opened anew");
  const char *pixels =
    gbm_bo_map (bo, 0, 0, copy->width, copy->height, GBM_BO_TRANSFER_READ, &stride, &map);
  FILE *file = fopen (path, "w");
  if (!pixels || !file)
    fail (pixels ? path : "the buffer cannot be read");
  fprintf (file, "P6 %u %u 255\n", copy->width, copy->height);
  for (uint32_t y = 0; y < copy->height; y++) {
    const uint8_t *row = (const uint8_t *)pixels + (size_t)y * stride;
    for (uint32_t x = 0; x < copy->width; x++) {
      putc (row[4 * x + 2], file);
      putc (row[4 * x + 1], file);
      putc (row[4 * x], file);
    }
  }
  if (fclose (file) != 0)
    fail (path);
}

int main (int argc, char **argv)
{
  static const struct wl_registry_listener globals = {on_global, on_global_remove};
  static const struct ext_image_copy_capture_session_v1_listener session_listener = {
    on_size, on_shm_format, on_device, on_format, on_done, on_stopped,
  };
  static const struct ext_image_copy_capture_frame_v1_listener frame_listener = {
    on_transform, on_damage, on_time, on_ready, on_failed,
  };
  struct copy copy = {0};
  struct wl_display *display = wl_display_connect (NULL);
  if (argc != 2 || !display)
    fail (argc == 2 ? "there is no compositor" : "usage: copy-screen FILE");
  wl_registry_add_listener (wl_display_get_registry (display), &globals, &copy);
  wl_display_roundtrip (display);
  if (!copy.output || !copy.dmabuf || !copy.sources || !copy.manager)
    fail ("the compositor lacks what this takes");
  struct ext_image_capture_source_v1 *source =
    ext_output_image_capture_source_manager_v1_create_source (copy.sources, copy.output);
  struct ext_image_copy_capture_session_v1 *session =
    ext_image_copy_capture_manager_v1_create_session (copy.manager, source, 0);
  ext_image_copy_capture_session_v1_add_listener (session, &session_listener, &copy);
  while (!copy.described && wl_display_dispatch (display) >= 0)
    ;
  if (!copy.has_device || !copy.has_format)
    fail ("no buffer of a graphics card is offered");
  struct gbm_bo *bo = allocate (&copy);
  struct ext_image_copy_capture_frame_v1 *frame =
    ext_image_copy_capture_session_v1_create_frame (session);
  ext_image_copy_capture_frame_v1_add_listener (frame, &frame_listener, &copy);
  ext_image_copy_capture_frame_v1_attach_buffer (frame, buffer_of (&copy, bo));
  ext_image_copy_capture_frame_v1_damage_buffer (frame, 0, 0, (int)copy.width, (int)copy.height);
  ext_image_copy_capture_frame_v1_capture (frame);
  while (!copy.ready && wl_display_dispatch (display) >= 0)
    ;
  if (!copy.ready)
    fail ("the compositor hung up");
  save (&copy, bo, argv[1]);
  return 0;
}
