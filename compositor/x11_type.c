#include "x11_type.h"

#include <glib.h>
#include <string.h>
#include <wlr/xwayland/xwayland.h>

static const struct {
  const char *name;
  enum inos_x11_type type;
} known[] = {
  {"_NET_WM_WINDOW_TYPE_NORMAL", INOS_X11_NORMAL},
  {"_NET_WM_WINDOW_TYPE_DIALOG", INOS_X11_DIALOG},
  {"_NET_WM_WINDOW_TYPE_UTILITY", INOS_X11_DIALOG},
  {"_NET_WM_WINDOW_TYPE_TOOLBAR", INOS_X11_DIALOG},
  {"_NET_WM_WINDOW_TYPE_MENU", INOS_X11_DIALOG},
  {"_NET_WM_WINDOW_TYPE_SPLASH", INOS_X11_BARE},
  {"_NET_WM_WINDOW_TYPE_DOCK", INOS_X11_BARE},
  {"_NET_WM_WINDOW_TYPE_DESKTOP", INOS_X11_BARE},
  {"_NET_WM_WINDOW_TYPE_NOTIFICATION", INOS_X11_BARE},
  {"_NET_WM_WINDOW_TYPE_TOOLTIP", INOS_X11_BARE},
  {"_NET_WM_WINDOW_TYPE_DND", INOS_X11_DRAGGED},
};

G_STATIC_ASSERT (G_N_ELEMENTS (known) == INOS_X11_TYPES);

void inos_x11_types_init (struct inos_x11_types *types, xcb_connection_t *connection)
{
  xcb_intern_atom_cookie_t cookies[INOS_X11_TYPES];
  *types = (struct inos_x11_types){0};
  if (!connection)
    return;
  for (size_t i = 0; i < G_N_ELEMENTS (known); i++)
    cookies[i] = xcb_intern_atom (connection, 0, (uint16_t)strlen (known[i].name), known[i].name);
  for (size_t i = 0; i < G_N_ELEMENTS (known); i++) {
    xcb_intern_atom_reply_t *reply = xcb_intern_atom_reply (connection, cookies[i], NULL);
    if (reply)
      types->atoms[i] = reply->atom;
    free (reply); /* libxcb's */
  }
}

enum inos_x11_type inos_x11_types_look_up (const struct inos_x11_types *types,
                                           const struct wlr_xwayland_surface *x11)
{
  for (size_t i = 0; i < x11->window_type_len; i++) {
    for (size_t j = 0; j < G_N_ELEMENTS (known); j++) {
      if (x11->window_type[i] != XCB_ATOM_NONE && types->atoms[j] == x11->window_type[i])
        return known[j].type;
    }
  }
  /* By convention what belongs to another window and says nothing is a dialog. */
  return x11->parent ? INOS_X11_DIALOG : INOS_X11_NORMAL;
}
