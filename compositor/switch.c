#include "switch.h"

#include <wlr/types/wlr_switch.h>

#include "action.h"
#include "binding_flags.h"
#include "binding_table.h"
#include "listener.h"

struct lid {
  struct wl_list link; /* inos_seat.switches */
  struct inos_seat *seat;
  struct wlr_input_device *device;

  struct wl_listener toggle, destroy;
};

static void handle_toggle (struct wl_listener *listener, void *data)
{
  struct lid *lid = wl_container_of (listener, lid, toggle);
  const struct wlr_switch_toggle_event *event = data;
  struct inos_compositor *compositor = lid->seat->compositor;
  bool on = event->switch_state == WLR_SWITCH_STATE_ON;
  const char *name = event->switch_type == WLR_SWITCH_TYPE_LID ? (on ? "lid-close" : "lid-open")
                     : on                                      ? "tablet-mode-on"
                                                               : "tablet-mode-off";
  struct inos_binding_flags flags;
  g_autofree char *text = g_strdup (inos_bindings_find_switch (compositor->bindings, name));
  const char *action = text ? inos_binding_flags_read (text, &flags) : NULL;
  if (action && (!compositor->locked || flags.locked))
    inos_action_run (compositor, action);
}

static void lid_free (struct lid *lid)
{
  DISCONNECT (lid->toggle);
  DISCONNECT (lid->destroy);
  wl_list_remove (&lid->link);
  g_free (lid);
}

static void handle_destroy (struct wl_listener *listener, void *data)
{
  struct lid *lid = wl_container_of (listener, lid, destroy);
  lid_free (lid);
}

void inos_switch_create (struct inos_seat *seat, struct wlr_input_device *device)
{
  struct lid *lid = g_new0 (struct lid, 1);
  lid->seat = seat;
  lid->device = device;
  wl_list_insert (&seat->switches, &lid->link);
  CONNECT_SIGNAL (wlr_switch_from_input_device (device), lid, toggle);
  CONNECT_SIGNAL (device, lid, destroy);
}

void inos_switch_remove (struct inos_seat *seat, struct wlr_input_device *device)
{
  struct lid *lid, *next;
  wl_list_for_each_safe (lid, next, &seat->switches, link) {
    if (lid->device == device)
      lid_free (lid);
  }
}

void inos_switches_finish (struct inos_seat *seat)
{
  struct lid *lid, *next;
  wl_list_for_each_safe (lid, next, &seat->switches, link)
    lid_free (lid);
}
