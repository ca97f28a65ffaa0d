#include "idle.h"

#include <wlr/types/wlr_compositor.h>
#include <wlr/types/wlr_idle_inhibit_v1.h>
#include <wlr/types/wlr_idle_notify_v1.h>
#include <wlr/types/wlr_scene.h>

#include "idle_stage.h"
#include "listener.h"
#include "protocol.h"
#include "seat.h"
#include "turn.h"
#include "view.h"

struct idle {
  struct inos_compositor *compositor;
  struct wlr_idle_notifier_v1 *notifier;
  struct wl_list inhibitors; /* inhibitor.link */
  unsigned int holders;      /* enum inos_idle_holder: those that have no surface */
  bool inhibited;
  bool any; /* there were inhibitors when others were last told */

  struct wl_listener new_inhibitor;
  struct wl_listener view_map, view_unmap, view_change, workspace_change, lock_change;
};

struct inhibitor {
  struct wl_list link; /* idle.inhibitors */
  struct idle *idle;
  struct wlr_surface *surface; /* NULL once it is gone */

  struct wl_listener map, unmap, surface_gone, destroy;
};

/* Only what can be seen counts: a film on a workspace that is not shown keeps nobody awake. */
static bool is_visible (struct wlr_surface *surface)
{
  if (!surface || !surface->mapped)
    return false;
  struct inos_view *view = inos_view_from_surface (surface);
  return view ? view->tree->node.enabled : wlr_surface_get_root_surface (surface)->mapped;
}

static void update (struct idle *idle)
{
  bool inhibited = idle->holders != 0;
  struct inhibitor *inhibitor;
  wl_list_for_each (inhibitor, &idle->inhibitors, link)
    inhibited |= is_visible (inhibitor->surface);
  inhibited &= !idle->compositor->locked;
  if (inhibited != idle->inhibited)
    wlr_idle_notifier_v1_set_inhibited (idle->notifier, inhibited);
  else if (wl_list_empty (&idle->inhibitors) && !idle->any)
    return;
  idle->inhibited = inhibited;
  idle->any = !wl_list_empty (&idle->inhibitors);
  wl_signal_emit_mutable (&idle->compositor->events.idle_change, idle->compositor);
}

static void handle_map (struct wl_listener *listener, void *data)
{
  struct inhibitor *inhibitor = wl_container_of (listener, inhibitor, map);
  update (inhibitor->idle);
}

static void handle_unmap (struct wl_listener *listener, void *data)
{
  struct inhibitor *inhibitor = wl_container_of (listener, inhibitor, unmap);
  update (inhibitor->idle);
}

static void handle_surface_gone (struct wl_listener *listener, void *data)
{
  struct inhibitor *inhibitor = wl_container_of (listener, inhibitor, surface_gone);
  DISCONNECT (inhibitor->map);
  DISCONNECT (inhibitor->unmap);
  DISCONNECT (inhibitor->surface_gone);
  inhibitor->surface = NULL;
  update (inhibitor->idle);
}

static void inhibitor_free (struct inhibitor *inhibitor)
{
  DISCONNECT (inhibitor->map);
  DISCONNECT (inhibitor->unmap);
  DISCONNECT (inhibitor->surface_gone);
  DISCONNECT (inhibitor->destroy);
  wl_list_remove (&inhibitor->link);
  g_free (inhibitor);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct inhibitor *inhibitor = wl_container_of (listener, inhibitor, destroy);
  struct idle *idle = inhibitor->idle;
  inhibitor_free (inhibitor);
  update (idle);
}

static void handle_new_inhibitor (struct wl_listener *listener, void *data)
{
  struct idle *idle = wl_container_of (listener, idle, new_inhibitor);
  struct wlr_idle_inhibitor_v1 *wlr = data;
  struct inhibitor *inhibitor = g_new0 (struct inhibitor, 1);
  inhibitor->idle = idle;
  inhibitor->surface = wlr->surface;
  wl_list_insert (&idle->inhibitors, &inhibitor->link);
  CONNECT_SIGNAL (wlr->surface, inhibitor, map);
  CONNECT_SIGNAL (wlr->surface, inhibitor, unmap);
  CONNECT_TO (&wlr->surface->events.destroy, inhibitor, surface_gone);
  CONNECT_SIGNAL (wlr, inhibitor, destroy);
  update (idle);
}

static void handle_view_map (struct wl_listener *listener, void *data)
{
  struct idle *idle = wl_container_of (listener, idle, view_map);
  update (idle);
}

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct idle *idle = wl_container_of (listener, idle, view_unmap);
  update (idle);
}

static void handle_view_change (struct wl_listener *listener, void *data)
{
  struct idle *idle = wl_container_of (listener, idle, view_change);
  update (idle);
}

static void handle_workspace_change (struct wl_listener *listener, void *data)
{
  struct idle *idle = wl_container_of (listener, idle, workspace_change);
  update (idle);
}

static void handle_lock_change (struct wl_listener *listener, void *data)
{
  struct idle *idle = wl_container_of (listener, idle, lock_change);
  update (idle);
}

void *inos_idle_create (struct inos_compositor *compositor, int version)
{
  struct wlr_idle_notifier_v1 *notifier = wlr_idle_notifier_v1_create (compositor->display);
  struct wlr_idle_inhibit_manager_v1 *inhibit = wlr_idle_inhibit_v1_create (compositor->display);
  if (!notifier || !inhibit)
    return NULL;
  struct idle *idle = g_new0 (struct idle, 1);
  idle->compositor = compositor;
  idle->notifier = notifier;
  wl_list_init (&idle->inhibitors);
  CONNECT_SIGNAL (inhibit, idle, new_inhibitor);
  CONNECT_SIGNAL (compositor, idle, view_map);
  CONNECT_SIGNAL (compositor, idle, view_unmap);
  CONNECT_SIGNAL (compositor, idle, view_change);
  CONNECT_SIGNAL (compositor, idle, workspace_change);
  CONNECT_SIGNAL (compositor, idle, lock_change);
  return idle;
}

void inos_idle_destroy (void *state)
{
  struct idle *idle = state;
  struct inhibitor *inhibitor, *next;
  wl_list_for_each_safe (inhibitor, next, &idle->inhibitors, link)
    inhibitor_free (inhibitor);
  DISCONNECT (idle->new_inhibitor);
  DISCONNECT (idle->view_map);
  DISCONNECT (idle->view_unmap);
  DISCONNECT (idle->view_change);
  DISCONNECT (idle->workspace_change);
  DISCONNECT (idle->lock_change);
  g_free (idle);
}

/* There is one session, and one lock: it is not idle while anybody does something. */
static void notify (struct idle *idle)
{
  struct inos_seat *seat;
  wl_list_for_each (seat, &idle->compositor->seats, link)
    wlr_idle_notifier_v1_notify_activity (idle->notifier, seat->wlr);
}

void inos_idle_activity (struct inos_seat *seat)
{
  struct idle *idle = inos_protocol_state (seat->compositor, INOS_STATE_IDLE);
  if (idle)
    notify (idle);
  inos_stages_activity (seat->compositor->stages);
  inos_turns_hurry (seat->compositor->turns);
}

void inos_idle_hold (struct inos_compositor *compositor, enum inos_idle_holder holder, bool on)
{
  struct idle *idle = inos_protocol_state (compositor, INOS_STATE_IDLE);
  unsigned int before = idle ? idle->holders : 0;
  if (!idle || (on ? before | holder : before & ~(unsigned int)holder) == before)
    return;
  idle->holders = before ^ holder;
  idle->any = true; /* somebody is to be told, also where the screen is not concerned */
  update (idle);
}

bool inos_idle_held (struct inos_compositor *compositor)
{
  const struct idle *idle = inos_protocol_state (compositor, INOS_STATE_IDLE);
  return idle && (idle->inhibited || idle->holders);
}

bool inos_idle_inhibited (struct inos_compositor *compositor)
{
  const struct idle *idle = inos_protocol_state (compositor, INOS_STATE_IDLE);
  return idle && idle->inhibited;
}

void inos_idle_for_each (struct inos_compositor *compositor,
                         void (*each) (struct inos_view *view, bool shown, void *data), void *data)
{
  struct idle *idle = inos_protocol_state (compositor, INOS_STATE_IDLE);
  struct inhibitor *inhibitor;
  if (!idle)
    return;
  wl_list_for_each (inhibitor, &idle->inhibitors, link) {
    if (inhibitor->surface)
      each (inos_view_from_surface (inhibitor->surface), is_visible (inhibitor->surface), data);
  }
}
