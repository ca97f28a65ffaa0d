/* Pictures of an output or a window that a client in the test takes, as a recorder would. */
#pragma once

#include "client.h"

#include "ext-image-capture-source-v1-client-protocol.h"
#include "ext-image-copy-capture-v1-client-protocol.h"

struct film {
  struct client *client;
  struct ext_image_copy_capture_manager_v1 *manager;
  struct ext_image_capture_source_v1 *source;
  struct ext_image_copy_capture_session_v1 *session;
  uint32_t width, height;
  int formats, dones, stopped;
  /* The frame. */
  struct wl_buffer *buffer;
  uint32_t *pixels;
  size_t size;
  struct ext_image_copy_capture_frame_v1 *frame;
  int ready, damages;
  uint32_t transform, failed; /* the reason and 100, 0 for no failure */
};

/* The first output and those that follow. */
struct ext_image_capture_source_v1 *film_output_source (struct client *client, int nth);
/* Takes the source, which film_end destroys. */
void film_start (struct film *film, struct client *client,
                 struct ext_image_capture_source_v1 *source, uint32_t options);
void film_end (struct film *film);
/* Hears what that session says, for one that was begun otherwise. */
void film_follow (struct film *film, struct ext_image_copy_capture_session_v1 *session);
/* What the next frames are put in. */
void film_make_buffer (struct film *film, uint32_t width, uint32_t height);
/* Asks for a frame in the buffer that there is. */
void film_shoot (struct film *film);
/* The pixel there, and in the middle of it, as opaque ARGB. */
uint32_t film_pixel (struct film *film, uint32_t x, uint32_t y);
uint32_t film_middle (struct film *film);
