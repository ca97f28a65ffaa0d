/* A lock screen for tests, with a desk of two outputs to lock, and what one sees and feels there.
 */
#pragma once

#include "client.h"
#include "ext-session-lock-v1-client-protocol.h"

#define RED 0xffff0000u
#define BLUE 0xff0000ffu

/* The pixel in the middle of the last frame that an output showed. */
struct camera {
  struct inos_output *output;
  uint32_t middle; /* of what programs may copy */
  uint32_t screen; /* of what is shown */
  struct wl_listener commit, precommit;
};

void camera_watch (struct camera *camera, struct inos_output *output);
/* May be called twice, and after the output has gone. */
void camera_stop (struct camera *camera);
/* The lock screen's backdrop, or black. */
bool camera_is_dark (const struct camera *camera);

struct desk {
  struct inos_compositor *compositor;
  struct client *client;
  struct inos_output *outputs[2];
  struct camera cameras[2];
};

/* Fixtures of cmocka. */
int desk_setup (void **state);
int desk_teardown (void **state);
/* A red window in the middle of the first output. */
struct window *desk_red_window (struct desk *desk);

/* What a client feels of keyboard and pointer. */
struct input {
  struct wl_keyboard *keyboard;
  struct wl_pointer *pointer;
  int keys, buttons, enters;
  uint32_t serial; /* of the last press */
  double scrolled; /* the last time */
};

void input_init (struct input *input, struct client *client);
void input_finish (struct input *input);

struct locker_surface {
  struct wl_surface *surface;
  struct ext_session_lock_surface_v1 *role;
  struct wl_buffer *buffer;
  uint32_t width, height, serial;
};

struct locker {
  struct client *client;
  struct ext_session_lock_manager_v1 *manager;
  struct ext_session_lock_v1 *lock;
  struct locker_surface surfaces[3];
  int locked, finished;
};

/* Connects and asks for the lock. */
struct locker *locker_start (struct inos_compositor *compositor);
/* Until it is told that the session is locked; before, it may not unlock. */
void locker_wait (struct locker *locker);
/* Covers the output with that index. */
void locker_cover (struct locker *locker, int nth);
/* The same, without waiting for it to be seen. False where there is no such output, or it is off.
 */
bool locker_try_cover (struct locker *locker, int nth);
void locker_free (struct locker *locker);
void locker_unlock (struct locker *locker);
/* Ends as a crash does: the socket closes, unless the compositor has closed it. */
void locker_kill (struct locker *locker);
