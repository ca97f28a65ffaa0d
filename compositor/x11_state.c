#include "x11_state.h"

#include <wlr/xwayland/xwayland.h>

#include "view.h"
#include "x11_view.h"

enum { STATES_MOST = 64 /* words of _NET_WM_STATE that are read */ };

static const struct {
  uint32_t state;
  enum inos_x11_atom atom;
} states[] = {
  {INOS_X11_ABOVE, INOS_X11_NET_WM_STATE_ABOVE},
  {INOS_X11_BELOW, INOS_X11_NET_WM_STATE_BELOW},
  {INOS_X11_STICKY, INOS_X11_NET_WM_STATE_STICKY},
  {INOS_X11_ATTENTION, INOS_X11_NET_WM_STATE_DEMANDS_ATTENTION},
};

uint32_t inos_x11_states_of (struct inos_view *view)
{
  return (view->on_top ? INOS_X11_ABOVE : 0) | (view->below ? INOS_X11_BELOW : 0) |
         (view->sticky ? INOS_X11_STICKY : 0) | (view->urgent ? INOS_X11_ATTENTION : 0);
}

static uint32_t state_from_atom (struct inos_x11_link *link, xcb_atom_t atom)
{
  for (size_t i = 0; i < G_N_ELEMENTS (states) && atom != XCB_ATOM_NONE; i++) {
    if (atom == link->atoms[states[i].atom])
      return states[i].state;
  }
  return 0;
}

uint32_t inos_x11_states_read (struct inos_x11_link *link, xcb_window_t window)
{
  xcb_connection_t *wm = link ? wlr_xwayland_get_xwm_connection (link->xwayland) : NULL;
  uint32_t found = 0;
  if (!wm)
    return 0;
  xcb_get_property_reply_t *reply =
    xcb_get_property_reply (wm,
                            xcb_get_property (wm, 0, window, link->atoms[INOS_X11_NET_WM_STATE],
                                              XCB_ATOM_ATOM, 0, STATES_MOST),
                            NULL);
  if (reply && reply->format == 32) {
    const xcb_atom_t *atoms = xcb_get_property_value (reply);
    for (uint32_t i = 0; i < reply->value_len; i++)
      found |= state_from_atom (link, atoms[i]);
  }
  free (reply); /* libxcb's */
  return found;
}

/* Where both are asked for, what is new goes before what the view was. */
static void apply (struct inos_view *view, uint32_t wanted)
{
  uint32_t before = inos_x11_states_of (view);
  if (wanted & INOS_X11_ABOVE && wanted & INOS_X11_BELOW)
    wanted &= ~(before & (INOS_X11_ABOVE | INOS_X11_BELOW));
  inos_view_set_on_top (view, wanted & INOS_X11_ABOVE);
  inos_view_set_below (view, wanted & INOS_X11_BELOW && !(wanted & INOS_X11_ABOVE));
  inos_view_set_sticky (view, wanted & INOS_X11_STICKY);
  inos_view_set_urgent (view, wanted & INOS_X11_ATTENTION);
}

void inos_x11_states_add (struct inos_view *view, uint32_t more)
{
  apply (view, inos_x11_states_of (view) | more);
}

/* wlroots and programs write all states: ours are put back among them. */
static void on_states (struct inos_x11_link *link, void *data, void *answer)
{
  xcb_window_t window = GPOINTER_TO_UINT (data);
  const xcb_get_property_reply_t *reply = answer;
  struct inos_view *view = inos_x11_view_find (link->compositor, window);
  if (!view || !reply || (reply->type != XCB_ATOM_NONE && reply->format != 32))
    return;
  xcb_atom_t next[STATES_MOST + G_N_ELEMENTS (states)];
  const xcb_atom_t *atoms = xcb_get_property_value (reply);
  uint32_t have = 0, count = 0, wanted = inos_x11_states_of (view);
  for (uint32_t i = 0; i < reply->value_len && i < STATES_MOST; i++) {
    uint32_t state = state_from_atom (link, atoms[i]);
    have |= state;
    if (!state)
      next[count++] = atoms[i];
  }
  if (have == wanted)
    return;
  for (size_t i = 0; i < G_N_ELEMENTS (states); i++) {
    if (wanted & states[i].state)
      next[count++] = link->atoms[states[i].atom];
  }
  inos_x11_set (link, window, INOS_X11_NET_WM_STATE, XCB_ATOM_ATOM, next, count);
}

void inos_x11_states_look (struct inos_x11_link *link, xcb_window_t window)
{
  inos_x11_ask (link,
                xcb_get_property (link->connection, 0, window, link->atoms[INOS_X11_NET_WM_STATE],
                                  XCB_ATOM_ATOM, 0, STATES_MOST)
                  .sequence,
                on_states, GUINT_TO_POINTER (window));
}

void inos_x11_states_change (struct inos_x11_link *link, struct inos_view *view,
                             const uint32_t *data)
{
  uint32_t named = state_from_atom (link, data[1]) | state_from_atom (link, data[2]);
  uint32_t now = inos_x11_states_of (view);
  switch (data[0]) {
  case 0:
    now &= ~named;
    break;
  case 1:
    now |= named;
    break;
  case 2:
    now ^= named;
    break;
  default:
    return;
  }
  if (named)
    apply (view, now);
}
