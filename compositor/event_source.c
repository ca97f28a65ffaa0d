#include "event_source.h"

#include "clients.h"

struct event_source {
  GSource base;
  struct wl_display *display;
  struct inos_clients *clients;
};

static gboolean prepare (GSource *base, int *timeout)
{
  struct event_source *source = (struct event_source *)base;
  /* Idle work may have been added by another source of this context, a D-Bus call for example. */
  wl_event_loop_dispatch_idle (wl_display_get_event_loop (source->display));
  wl_display_flush_clients (source->display);
  *timeout = -1;
  return FALSE;
}

static gboolean dispatch (GSource *base, GSourceFunc callback, gpointer data)
{
  struct event_source *source = (struct event_source *)base;
  wl_event_loop_dispatch (wl_display_get_event_loop (source->display), 0);
  inos_clients_turn (source->clients);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs functions = {.prepare = prepare, .dispatch = dispatch};

GSource *inos_event_source_attach (struct inos_compositor *compositor)
{
  GSource *base = g_source_new (&functions, sizeof (struct event_source));
  struct event_source *source = (struct event_source *)base;
  struct wl_display *display = source->display = compositor->display;
  source->clients = compositor->clients;
  /* Else GLib takes our descriptor out of its poll and back in at each dispatch, and wakes itself
   * up both times. Nobody runs this context from inside a handler. */
  g_source_set_can_recurse (base, TRUE);
  g_source_set_name (base, "wayland");
  g_source_add_unix_fd (base, wl_event_loop_get_fd (wl_display_get_event_loop (display)), G_IO_IN);
  g_source_attach (base, g_main_context_get_thread_default());
  return base;
}
