/* borrow-screen [RRGGBB]: names the screens that are lent to programs (drm-lease-v1), such as a
 * headset's; with a colour it borrows the first and fills it, until it is ended or the screen is
 * taken away. */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wayland-client.h>
#include <xf86drm.h>
#include <xf86drmMode.h>

#include "drm-lease-v1.h"

struct screen {
  struct wp_drm_lease_connector_v1 *connector;
  uint32_t id;
  bool withdrawn;
};

struct borrow {
  struct wp_drm_lease_device_v1 *device;
  struct screen first;
  int fd; /* of the card, for the borrowed screen alone; -1: not lent */
  bool ended;
};

static void fail (const char *what)
{
  fprintf (stderr, "borrow-screen: %s (%s)\n", what, strerror (errno));
  exit (1);
}

/* What is offered */

static void on_name (void *data, struct wp_drm_lease_connector_v1 *connector, const char *name)
{
  printf ("offered %s\n", name);
}

static void on_description (void *data, struct wp_drm_lease_connector_v1 *connector,
                            const char *description)
{
}

static void on_id (void *data, struct wp_drm_lease_connector_v1 *connector, uint32_t id)
{
  struct screen *screen = data;
  if (screen)
    screen->id = id;
}

static void on_done (void *data, struct wp_drm_lease_connector_v1 *connector)
{
}

static void on_withdrawn (void *data, struct wp_drm_lease_connector_v1 *connector)
{
  struct screen *screen = data;
  if (screen)
    screen->withdrawn = true;
}

static const struct wp_drm_lease_connector_v1_listener connector_listener = {
  on_name, on_description, on_id, on_done, on_withdrawn,
};

static void on_drm_fd (void *data, struct wp_drm_lease_device_v1 *device, int fd)
{
  /* One that sees the card's screens and drives none. */
  if (drmIsMaster (fd))
    fail ("the compositor gave the whole card away");
  close (fd);
}

static void on_connector (void *data, struct wp_drm_lease_device_v1 *device,
                          struct wp_drm_lease_connector_v1 *connector)
{
  struct borrow *borrow = data;
  bool is_first = !borrow->first.connector;
  if (is_first)
    borrow->first.connector = connector;
  wp_drm_lease_connector_v1_add_listener (connector, &connector_listener,
                                          is_first ? &borrow->first : NULL);
}

static void on_device_done (void *data, struct wp_drm_lease_device_v1 *device)
{
}

static void on_released (void *data, struct wp_drm_lease_device_v1 *device)
{
}

static const struct wp_drm_lease_device_v1_listener device_listener = {
  on_drm_fd,
  on_connector,
  on_device_done,
  on_released,
};

static void on_global (void *data, struct wl_registry *registry, uint32_t name,
                       const char *interface, uint32_t version)
{
  struct borrow *borrow = data;
  if (strcmp (interface, wp_drm_lease_device_v1_interface.name) != 0 || borrow->device)
    return;
  borrow->device = wl_registry_bind (registry, name, &wp_drm_lease_device_v1_interface, 1);
  wp_drm_lease_device_v1_add_listener (borrow->device, &device_listener, borrow);
}

static void on_global_remove (void *data, struct wl_registry *registry, uint32_t name)
{
}

/* What is lent */

static void on_lease_fd (void *data, struct wp_drm_lease_v1 *lease, int fd)
{
  ((struct borrow *)data)->fd = fd;
}

static void on_finished (void *data, struct wp_drm_lease_v1 *lease)
{
  ((struct borrow *)data)->ended = true;
}

static const struct wp_drm_lease_v1_listener lease_listener = {on_lease_fd, on_finished};

static uint32_t make_picture (int fd, const drmModeModeInfo *mode, uint32_t colour)
{
  struct drm_mode_create_dumb made = {.width = mode->hdisplay, .height = mode->vdisplay, .bpp = 32};
  struct drm_mode_map_dumb place = {0};
  uint32_t id;
  if (drmIoctl (fd, DRM_IOCTL_MODE_CREATE_DUMB, &made) < 0)
    fail ("no memory for a picture");
  place.handle = made.handle;
  if (drmIoctl (fd, DRM_IOCTL_MODE_MAP_DUMB, &place) < 0)
    fail ("the picture has no place");
  uint32_t *pixels =
    mmap (NULL, made.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)place.offset);
  if (pixels == MAP_FAILED)
    fail ("the picture cannot be drawn");
  for (size_t n = 0; n < made.size / 4; n++)
    pixels[n] = colour;
  if (drmModeAddFB (fd, made.width, made.height, 24, 32, made.pitch, made.handle, &id) < 0)
    fail ("the picture cannot be shown");
  return id;
}

static void show (const struct borrow *borrow, uint32_t colour)
{
  int fd = borrow->fd;
  drmModeRes *all = drmModeGetResources (fd);
  if (!all || all->count_connectors != 1 || all->count_crtcs != 1 ||
      all->connectors[0] != borrow->first.id)
    fail ("what is lent is not one screen");
  drmModeConnector *connector = drmModeGetConnector (fd, all->connectors[0]);
  if (!connector || connector->count_modes == 0)
    fail ("the screen has no mode");
  drmModeModeInfo *mode = &connector->modes[0];
  if (drmModeSetCrtc (fd, all->crtcs[0], make_picture (fd, mode, colour), 0, 0, all->connectors, 1,
                      mode) < 0)
    fail ("the screen cannot be driven");
  printf ("shown %ux%u\n", mode->hdisplay, mode->vdisplay);
}

int main (int argc, char **argv)
{
  static const struct wl_registry_listener globals = {on_global, on_global_remove};
  struct borrow borrow = {.fd = -1};
  struct wl_display *display = wl_display_connect (NULL);
  setlinebuf (stdout);
  if (!display)
    fail ("there is no compositor");
  wl_registry_add_listener (wl_display_get_registry (display), &globals, &borrow);
  wl_display_roundtrip (display);
  if (!borrow.device)
    fail ("the compositor lends no screens");
  wl_display_roundtrip (display); /* the device's screens */
  wl_display_roundtrip (display); /* and what they are */
  if (argc < 2)
    return 0;
  if (!borrow.first.connector)
    fail ("no screen is lent");
  struct wp_drm_lease_request_v1 *request =
    wp_drm_lease_device_v1_create_lease_request (borrow.device);
  wp_drm_lease_request_v1_request_connector (request, borrow.first.connector);
  struct wp_drm_lease_v1 *lease = wp_drm_lease_request_v1_submit (request);
  wp_drm_lease_v1_add_listener (lease, &lease_listener, &borrow);
  while (borrow.fd < 0 && !borrow.ended && wl_display_dispatch (display) >= 0)
    ;
  if (borrow.fd < 0)
    fail ("the screen was refused");
  show (&borrow, (uint32_t)strtoul (argv[1], NULL, 16));
  while (!borrow.ended && wl_display_dispatch (display) >= 0)
    ;
  if (!borrow.ended)
    fail ("the compositor hung up");
  printf ("taken away\n");
  return 0;
}
