/* A session of a program that captures: it says what buffers it takes, and fills one a frame. */
#pragma once

#include "capture_draw.h"

/* Makes the session's resource with that id. Pictures of the pointer alone where what says so. */
void inos_capture_session_create (struct wl_client *client, uint32_t id,
                                  const struct inos_capture_target *target,
                                  enum inos_capture_what what);
