/* Connecting to and leaving wl_signals, in one word each. */
#pragma once

#include <wayland-server-core.h>

/* Calls handle_NAME when SOURCE->events.NAME is emitted; the listener is the member DEST->NAME. */
#define CONNECT_SIGNAL(source, dest, name) CONNECT_TO (&(source)->events.name, dest, name)

/* Calls handle_NAME when SIGNAL is emitted; the listener is the member DEST->NAME. */
#define CONNECT_TO(signal, dest, name)                                                             \
  do {                                                                                             \
    (dest)->name.notify = handle_##name;                                                           \
    wl_signal_add ((signal), &(dest)->name);                                                       \
  } while (0)

/* Leaves the signal. Safe on a zeroed listener and safe to call twice. */
#define DISCONNECT(listener) inos_listener_disconnect (&(listener))

static inline void inos_listener_disconnect (struct wl_listener *listener)
{
  if (!listener->notify)
    return;
  wl_list_remove (&listener->link);
  *listener = (struct wl_listener){0};
}
