#include "thrift.h"

#include <malloc.h>

#include "listener.h"

enum {
  SOON = 500, /* ms: what belongs to a window goes after it */
  MANY = 16,  /* windows: less than these take is not worth the look */
};

struct inos_thrift {
  struct wl_event_source *timer;
  unsigned int open, most; /* windows, since memory was given back */
  unsigned int times;
  bool waits;

  struct wl_listener view_map, view_unmap;
};

static int on_timer (void *data)
{
  struct inos_thrift *thrift = data;
  thrift->most = thrift->open;
  thrift->times++;
  thrift->waits = false;
  malloc_trim (0);
  return 0;
}

static void handle_view_map (struct wl_listener *listener, void *data)
{
  struct inos_thrift *thrift = wl_container_of (listener, thrift, view_map);
  thrift->open++;
  thrift->most = MAX (thrift->most, thrift->open);
}

static void handle_view_unmap (struct wl_listener *listener, void *data)
{
  struct inos_thrift *thrift = wl_container_of (listener, thrift, view_unmap);
  thrift->open--;
  if (thrift->most < MANY || thrift->open > thrift->most / 2)
    return;
  thrift->waits = true;
  wl_event_source_timer_update (thrift->timer, SOON);
}

struct inos_thrift *inos_thrift_create (struct inos_compositor *compositor)
{
  struct inos_thrift *thrift = g_new0 (struct inos_thrift, 1);
  thrift->timer = wl_event_loop_add_timer (compositor->loop, on_timer, thrift);
  CONNECT_SIGNAL (compositor, thrift, view_map);
  CONNECT_SIGNAL (compositor, thrift, view_unmap);
  return thrift;
}

void inos_thrift_destroy (struct inos_thrift *thrift)
{
  if (!thrift)
    return;
  DISCONNECT (thrift->view_map);
  DISCONNECT (thrift->view_unmap);
  wl_event_source_remove (thrift->timer);
  g_free (thrift);
}

unsigned int inos_thrift_times (const struct inos_thrift *thrift)
{
  return thrift->times;
}

bool inos_thrift_waits (const struct inos_thrift *thrift)
{
  return thrift->waits;
}
