/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LARGEST = 16384 }; /* px */

static void handle_release (void *data, struct wl_buffer *buffer)
{
  struct inos_canvas *canvas = data;
  canvas->busy = false;
  inos_canvas_clear (canvas);
  if (canvas->released)
    canvas->released (canvas->data);
}

static const struct wl_buffer_listener listener = {.release = handle_release};

/* Memory that is there: a file that is too small for what was promised is a signal later on. */
static int new_file (size_t size)
{
  int fd = memfd_create ("inos-lock", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0)
    return -1;
  if (posix_fallocate (fd, 0, (off_t)size) == 0) {
    fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    return fd;
  }
  close (fd);
  return -1;
}

bool inos_canvas_init (struct inos_canvas *canvas, struct wl_shm *shm, int width, int height)
{
  if (width <= 0 || height <= 0 || width > LARGEST || height > LARGEST)
    return false;
  int stride = cairo_format_stride_for_width (CAIRO_FORMAT_ARGB32, width);
  size_t size = (size_t)stride * (size_t)height;
  if (stride <= 0 || size > INT32_MAX)
    return false;
  int fd = new_file (size);
  if (fd < 0)
    return false;
  void *memory = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) {
    close (fd);
    return false;
  }
  struct wl_shm_pool *pool = wl_shm_create_pool (shm, fd, (int32_t)size);
  canvas->buffer =
    wl_shm_pool_create_buffer (pool, 0, width, height, stride, WL_SHM_FORMAT_ARGB8888);
  wl_shm_pool_destroy (pool);
  close (fd);
  wl_buffer_add_listener (canvas->buffer, &listener, canvas);
  canvas->surface =
    cairo_image_surface_create_for_data (memory, CAIRO_FORMAT_ARGB32, width, height, stride);
  canvas->memory = memory;
  canvas->size = size;
  canvas->width = width;
  canvas->height = height;
  canvas->busy = false;
  return true;
}

void inos_canvas_clear (struct inos_canvas *canvas)
{
  if (canvas->memory)
    explicit_bzero (canvas->memory, canvas->size);
}

void inos_canvas_finish (struct inos_canvas *canvas)
{
  if (!canvas->buffer)
    return;
  wl_buffer_destroy (canvas->buffer);
  cairo_surface_destroy (canvas->surface);
  munmap (canvas->memory, canvas->size);
  canvas->buffer = NULL;
  canvas->surface = NULL;
  canvas->memory = NULL;
  canvas->busy = false;
}
