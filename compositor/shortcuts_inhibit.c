#include "shortcuts_inhibit.h"

#include <wlr/types/wlr_keyboard_shortcuts_inhibit_v1.h>

#include "listener.h"
#include "protocol.h"

struct inhibit {
  struct wlr_keyboard_shortcuts_inhibit_manager_v1 *wlr;

  struct wl_listener new_inhibitor;
};

static struct inhibit *of (struct inos_seat *seat)
{
  return inos_protocol_state (seat->compositor, INOS_STATE_SHORTCUTS_INHIBIT);
}

static struct wlr_keyboard_shortcuts_inhibitor_v1 *active (struct inos_seat *seat)
{
  struct inhibit *module = of (seat);
  struct wlr_keyboard_shortcuts_inhibitor_v1 *inhibitor;
  if (!module)
    return NULL;
  wl_list_for_each (inhibitor, &module->wlr->inhibitors, link) {
    if (inhibitor->active && inhibitor->seat == seat->wlr)
      return inhibitor;
  }
  return NULL;
}

bool inos_shortcuts_inhibited (struct inos_seat *seat)
{
  return active (seat);
}

void inos_shortcuts_restore (struct inos_seat *seat)
{
  struct wlr_keyboard_shortcuts_inhibitor_v1 *inhibitor = active (seat);
  if (inhibitor)
    wlr_keyboard_shortcuts_inhibitor_v1_deactivate (inhibitor);
}

void inos_shortcuts_follow_focus (struct inos_seat *seat, struct wlr_surface *surface)
{
  struct inhibit *module = of (seat);
  struct wlr_keyboard_shortcuts_inhibitor_v1 *inhibitor;
  if (!module)
    return;
  wl_list_for_each (inhibitor, &module->wlr->inhibitors, link) {
    bool wanted = surface && inhibitor->surface == surface;
    if (inhibitor->seat != seat->wlr || inhibitor->active == wanted)
      continue;
    if (wanted)
      wlr_keyboard_shortcuts_inhibitor_v1_activate (inhibitor);
    else
      wlr_keyboard_shortcuts_inhibitor_v1_deactivate (inhibitor);
  }
}

static void handle_new_inhibitor (struct wl_listener *listener, void *data)
{
  struct wlr_keyboard_shortcuts_inhibitor_v1 *inhibitor = data;
  if (inhibitor->seat->keyboard_state.focused_surface == inhibitor->surface)
    wlr_keyboard_shortcuts_inhibitor_v1_activate (inhibitor);
}

void *inos_shortcuts_inhibit_create (struct inos_compositor *compositor, int version)
{
  struct wlr_keyboard_shortcuts_inhibit_manager_v1 *wlr =
    wlr_keyboard_shortcuts_inhibit_v1_create (compositor->display);
  if (!wlr)
    return NULL;
  struct inhibit *module = g_new0 (struct inhibit, 1);
  module->wlr = wlr;
  CONNECT_SIGNAL (wlr, module, new_inhibitor);
  return module;
}

void inos_shortcuts_inhibit_destroy (void *state)
{
  struct inhibit *module = state;
  DISCONNECT (module->new_inhibitor);
  g_free (module);
}
