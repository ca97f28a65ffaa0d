#include "lock.h"

#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/types/wlr_seat.h>
#include <wlr/types/wlr_session_lock_v1.h>
#include <wlr/util/log.h>

#include "clients.h"
#include "listener.h"
#include "locker.h"
#include "output.h"
#include "overview_show.h"
#include "protocol.h"
#include "seats.h"

static const float backdrop_color[4] = {0, 0.02f, 0.04f, 1};

struct lock {
  struct inos_compositor *compositor;
  struct wlr_session_lock_v1 *wlr; /* NULL while unlocked, and when the locker died */
  char *name;                      /* whose that is, in words: asked while it lives */
  struct wl_list screens;          /* screen.link, one for each output while locked */
  bool layer_was_on[INOS_LAYER_COUNT];
  bool dark; /* every output has shown the lock screen, or is off */
  bool told; /* the locker knows that nothing else is shown */
  struct inos_locker *locker;

  struct wl_listener new_lock, new_surface, unlock, destroy;
  struct wl_listener output_add, output_remove, output_change;
};

/* What one output shows while locked. */
struct screen {
  struct wl_list link; /* lock.screens */
  struct lock *lock;
  struct inos_output *output;
  struct wlr_scene_tree *tree;
  struct wlr_scene_rect *backdrop;
  struct wlr_session_lock_surface_v1 *surface; /* may be NULL */
  struct wlr_box box;                          /* that the surface was last told of */
  uint32_t frame; /* commit_seq of the first frame since the walls stand */
  bool drawn;     /* there is such a frame */
  bool shown;     /* and it, or a later one, was seen */

  struct wl_listener commit, present, map, surface_destroy;
};

static struct screen *screen_of (struct lock *lock, struct inos_output *output)
{
  struct screen *screen;
  wl_list_for_each (screen, &lock->screens, link) {
    if (screen->output == output)
      return screen;
  }
  return NULL;
}

/* An output that is off shows nothing at all. */
static void tell_when_dark (struct lock *lock)
{
  struct screen *screen;
  wl_list_for_each (screen, &lock->screens, link) {
    if (!screen->shown && screen->output->wlr->enabled)
      return;
  }
  if (lock->compositor->locked && !lock->dark) {
    lock->dark = true;
    wl_signal_emit_mutable (&lock->compositor->events.idle_change, lock->compositor);
  }
  if (!lock->wlr || lock->told)
    return;
  lock->told = true;
  wlr_session_lock_v1_send_locked (lock->wlr);
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct screen *screen = wl_container_of (listener, screen, commit);
  const struct wlr_output_event_commit *event = data;
  if (screen->drawn || !(event->state->committed & WLR_OUTPUT_STATE_BUFFER))
    return;
  screen->drawn = true;
  screen->frame = screen->output->wlr->commit_seq;
}

static void handle_present (struct wl_listener *listener, void *data)
{
  struct screen *screen = wl_container_of (listener, screen, present);
  const struct wlr_output_event_present *event = data;
  if (screen->shown || !screen->drawn || !event->presented ||
      (int32_t)(event->commit_seq - screen->frame) < 0)
    return;
  screen->shown = true;
  tell_when_dark (screen->lock);
}

static void place (struct screen *screen)
{
  struct wlr_box box = inos_output_box (screen->output);
  wlr_scene_node_set_position (&screen->tree->node, box.x, box.y);
  wlr_scene_rect_set_size (screen->backdrop, box.width, box.height);
  bool same = box.width == screen->box.width && box.height == screen->box.height;
  if (!screen->surface || same || wlr_box_empty (&box))
    return;
  screen->box = box;
  wlr_session_lock_surface_v1_configure (screen->surface, (uint32_t)box.width,
                                         (uint32_t)box.height);
}

static void screen_add (struct lock *lock, struct inos_output *output)
{
  struct screen *screen = g_new0 (struct screen, 1);
  screen->lock = lock;
  screen->output = output;
  screen->tree = wlr_scene_tree_create (lock->compositor->layers[INOS_LAYER_LOCK]);
  screen->backdrop = wlr_scene_rect_create (screen->tree, 0, 0, backdrop_color);
  wl_list_insert (&lock->screens, &screen->link);
  CONNECT_SIGNAL (output->wlr, screen, commit);
  CONNECT_SIGNAL (output->wlr, screen, present);
  place (screen);
  wlr_output_schedule_frame (output->wlr);
  if (!lock->dark)
    return;
  lock->dark = false;
  wl_signal_emit_mutable (&lock->compositor->events.idle_change, lock->compositor);
}

static void screen_free (struct screen *screen)
{
  DISCONNECT (screen->commit);
  DISCONNECT (screen->present);
  DISCONNECT (screen->map);
  DISCONNECT (screen->surface_destroy);
  wl_list_remove (&screen->link);
  g_free (screen);
}

static void screen_remove (struct screen *screen)
{
  wlr_scene_node_destroy (&screen->tree->node);
  screen_free (screen);
}

static void handle_map (struct wl_listener *listener, void *data)
{
  struct screen *screen = wl_container_of (listener, screen, map);
  inos_seats_refocus (screen->lock->compositor);
  inos_seats_refresh_cursor (screen->lock->compositor);
}

static void handle_surface_destroy (struct wl_listener *listener, void *data)
{
  struct screen *screen = wl_container_of (listener, screen, surface_destroy);
  struct inos_compositor *compositor = screen->lock->compositor;
  DISCONNECT (screen->map);
  DISCONNECT (screen->surface_destroy);
  screen->surface = NULL;
  screen->box = (struct wlr_box){0};
  if (!compositor->ending) {
    inos_seats_refocus (compositor);
    inos_seats_refresh_cursor_later (compositor);
  }
}

static void handle_new_surface (struct wl_listener *listener, void *data)
{
  struct lock *lock = wl_container_of (listener, lock, new_surface);
  struct wlr_session_lock_surface_v1 *surface = data;
  struct screen *screen = screen_of (lock, inos_output_from_wlr (surface->output));
  if (!screen || screen->surface)
    return;
  screen->surface = surface;
  wlr_scene_subsurface_tree_create (screen->tree, surface->surface);
  CONNECT_SIGNAL (surface->surface, screen, map);
  CONNECT_TO (&surface->events.destroy, screen, surface_destroy);
  place (screen);
}

static void handle_output_add (struct wl_listener *listener, void *data)
{
  struct lock *lock = wl_container_of (listener, lock, output_add);
  screen_add (lock, data);
}

static void handle_output_remove (struct wl_listener *listener, void *data)
{
  struct lock *lock = wl_container_of (listener, lock, output_remove);
  struct screen *screen = screen_of (lock, data);
  if (screen)
    screen_remove (screen);
  /* Its surface may have had the keyboard. */
  if (!lock->compositor->ending) {
    inos_seats_refocus (lock->compositor);
    inos_seats_refresh_cursor_later (lock->compositor);
  }
  tell_when_dark (lock);
}

static void handle_output_change (struct wl_listener *listener, void *data)
{
  struct lock *lock = wl_container_of (listener, lock, output_change);
  struct screen *screen = screen_of (lock, data);
  if (screen)
    place (screen);
  tell_when_dark (lock);
}

static void raise_walls (struct lock *lock)
{
  struct inos_compositor *compositor = lock->compositor;
  inos_overview_end (compositor);
  compositor->locked = true;
  for (int i = 0; i < INOS_LAYER_LOCK; i++) {
    struct wlr_scene_node *node = &compositor->layers[i]->node;
    lock->layer_was_on[i] = node->enabled;
    wlr_scene_node_set_enabled (node, false);
  }
  wlr_scene_node_raise_to_top (&compositor->layers[INOS_LAYER_LOCK]->node);
  wlr_scene_node_raise_to_top (&compositor->layers[INOS_LAYER_VEIL]->node);
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link)
    screen_add (lock, output);
  CONNECT_SIGNAL (compositor, lock, output_add);
  CONNECT_SIGNAL (compositor, lock, output_remove);
  CONNECT_SIGNAL (compositor, lock, output_change);
  inos_seats_let_go (compositor);
  wl_signal_emit_mutable (&compositor->events.lock_change, compositor);
}

static void disconnect_walls (struct lock *lock)
{
  DISCONNECT (lock->output_add);
  DISCONNECT (lock->output_remove);
  DISCONNECT (lock->output_change);
}

static void drop_walls (struct lock *lock)
{
  struct inos_compositor *compositor = lock->compositor;
  disconnect_walls (lock);
  inos_seats_let_go (compositor);
  struct screen *screen, *next;
  wl_list_for_each_safe (screen, next, &lock->screens, link)
    screen_remove (screen);
  for (int i = 0; i < INOS_LAYER_LOCK; i++)
    wlr_scene_node_set_enabled (&compositor->layers[i]->node, lock->layer_was_on[i]);
  compositor->locked = false;
  lock->dark = false;
  wl_signal_emit_mutable (&compositor->events.lock_change, compositor);
  inos_seats_refocus (compositor);
  inos_seats_refresh_cursor (compositor);
}

static void forget_locker (struct lock *lock)
{
  DISCONNECT (lock->new_surface);
  DISCONNECT (lock->unlock);
  DISCONNECT (lock->destroy);
  lock->wlr = NULL;
  g_clear_pointer (&lock->name, g_free);
  lock->told = false;
}

static void handle_unlock (struct wl_listener *listener, void *data)
{
  struct lock *lock = wl_container_of (listener, lock, unlock);
  forget_locker (lock);
  drop_walls (lock);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct lock *lock = wl_container_of (listener, lock, destroy);
  g_autofree char *name = g_steal_pointer (&lock->name);
  forget_locker (lock);
  if (lock->compositor->ending)
    return;
  wlr_log (WLR_ERROR,
           "the lock screen, %s, ended without unlocking: the session stays locked until another "
           "lock screen unlocks it",
           name);
  inos_locker_replace (lock->locker);
}

static void handle_new_lock (struct wl_listener *listener, void *data)
{
  struct lock *lock = wl_container_of (listener, lock, new_lock);
  struct wlr_session_lock_v1 *wlr = data;
  if (lock->wlr) {
    wlr_session_lock_v1_destroy (wlr);
    return;
  }
  lock->wlr = wlr;
  lock->name = inos_client_name (wl_resource_get_client (wlr->resource));
  lock->told = false;
  inos_locker_holds (lock->locker);
  CONNECT_SIGNAL (wlr, lock, new_surface);
  CONNECT_SIGNAL (wlr, lock, unlock);
  CONNECT_SIGNAL (wlr, lock, destroy);
  if (!lock->compositor->locked)
    raise_walls (lock);
  tell_when_dark (lock);
}

void *inos_lock_create (struct inos_compositor *compositor, int version)
{
  struct wlr_session_lock_manager_v1 *wlr =
    wlr_session_lock_manager_v1_create (compositor->display);
  if (!wlr)
    return NULL;
  struct lock *lock = g_new0 (struct lock, 1);
  lock->compositor = compositor;
  lock->locker = inos_locker_create (compositor);
  wl_list_init (&lock->screens);
  CONNECT_SIGNAL (wlr, lock, new_lock);
  return lock;
}

void inos_lock_destroy (void *state)
{
  struct lock *lock = state;
  forget_locker (lock);
  disconnect_walls (lock);
  inos_locker_destroy (lock->locker);
  DISCONNECT (lock->new_lock);
  struct screen *screen, *next;
  wl_list_for_each_safe (screen, next, &lock->screens, link)
    screen_free (screen);
  g_free (lock);
}

struct wlr_surface *inos_lock_focus (struct inos_compositor *compositor)
{
  struct lock *lock = inos_protocol_state (compositor, INOS_STATE_LOCK);
  if (!lock)
    return NULL;
  struct inos_output *active = inos_output_active (compositor);
  struct wlr_surface *found = NULL;
  struct screen *screen;
  wl_list_for_each (screen, &lock->screens, link) {
    if (screen->surface && screen->surface->surface->mapped && (!found || screen->output == active))
      found = screen->surface->surface;
  }
  return found;
}

bool inos_lock_has_locker (struct inos_compositor *compositor)
{
  const struct lock *lock = inos_protocol_state (compositor, INOS_STATE_LOCK);
  return lock && lock->wlr;
}

bool inos_lock_is_shown (struct inos_compositor *compositor)
{
  const struct lock *lock = inos_protocol_state (compositor, INOS_STATE_LOCK);
  return lock && compositor->locked && lock->dark;
}

bool inos_lock_now (struct inos_compositor *compositor, GError **error)
{
  const struct lock *lock = inos_protocol_state (compositor, INOS_STATE_LOCK);
  if (lock->wlr)
    return true;
  return inos_locker_start (lock->locker, error);
}

void inos_lock_from_start (struct inos_compositor *compositor)
{
  struct lock *lock = inos_protocol_state (compositor, INOS_STATE_LOCK);
  raise_walls (lock);
  inos_locker_replace (lock->locker);
}

void inos_lock_release (struct inos_compositor *compositor)
{
  struct lock *lock = inos_protocol_state (compositor, INOS_STATE_LOCK);
  if (!compositor->locked)
    return;
  struct wlr_session_lock_v1 *wlr = lock->wlr;
  forget_locker (lock);
  if (wlr)
    wlr_session_lock_v1_destroy (wlr);
  inos_locker_stop_waiting (lock->locker);
  drop_walls (lock);
}
