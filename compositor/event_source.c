#include "event_source.h"

#include <sys/epoll.h>
#include <unistd.h>

#include "each_frame.h"
#include "clients.h"
#include "turn.h"

enum { MOST_OTHERS = 32 }; /* descriptors beside the display's; with more each wait costs more */

struct event_source {
  GSource base;
  GMainContext *context;
  struct wl_event_loop *loop;
  struct inos_clients *clients;
  struct inos_turns *turns;

  /* The other descriptors of the context, as the loop knows them: see wait_for_all(). */
  GPollFD others[MOST_OTHERS];
  unsigned int n_others;
  int set; /* an epoll of theirs, or -1 */
  struct wl_event_source *set_source;
  bool others_ready;
  bool stays; /* until one of them is ready */
};

/* GLib hands its poll function no data. A source that finds this taken is polled as any other is.
 */
static _Thread_local struct event_source *waiting;

static gboolean prepare (GSource *base, int *timeout)
{
  struct event_source *source = (struct event_source *)base;
  /* Idle work may have been added by another source of this context, a D-Bus call for example. */
  wl_event_loop_dispatch_idle (source->loop);
  inos_turns_flush (source->turns);
  *timeout = -1;
  return FALSE;
}

static gboolean dispatch (GSource *base, GSourceFunc callback, gpointer data)
{
  struct event_source *source = (struct event_source *)base;
  wl_event_loop_dispatch (source->loop, 0);
  inos_clients_turn (source->clients);
  return G_SOURCE_CONTINUE;
}

static int on_others (int fd, uint32_t mask, void *data)
{
  struct event_source *source = data;
  source->others_ready = true;
  return 0;
}

/* Replaces what the set watches. Returns false where it cannot be done. */
static bool watch_others (struct event_source *source, const GPollFD *fds, unsigned int n)
{
  for (unsigned int i = 0; i < source->n_others; i++)
    epoll_ctl (source->set, EPOLL_CTL_DEL, source->others[i].fd, NULL);
  source->n_others = 0;
  for (unsigned int i = 0; i < n; i++) {
    if (fds[i].fd == wl_event_loop_get_fd (source->loop))
      continue;
    /* GLib's conditions are poll()'s, and those are epoll's. */
    struct epoll_event event = {.events = fds[i].events};
    if (source->n_others == MOST_OTHERS ||
        epoll_ctl (source->set, EPOLL_CTL_ADD, fds[i].fd, &event) != 0)
      return false;
    source->others[source->n_others++] = fds[i];
  }
  return true;
}

static bool are_watched (const struct event_source *source, const GPollFD *fds, unsigned int n)
{
  unsigned int seen = 0;
  for (unsigned int i = 0; i < n; i++) {
    if (fds[i].fd == wl_event_loop_get_fd (source->loop))
      continue;
    if (seen == source->n_others || fds[i].fd != source->others[seen].fd ||
        fds[i].events != source->others[seen].events)
      return false;
    seen++;
  }
  return seen == source->n_others;
}

/* Waits in the Wayland loop itself: one call to the kernel where poll() and then the loop's epoll
 * are two, and most of what wakes the compositor is Wayland. */
INOS_EACH_FRAME static int wait_for_all (GPollFD *fds, unsigned int n, int timeout)
{
  struct event_source *source = waiting;
  if (!source || timeout == 0)
    return g_poll (fds, n, timeout);
  /* After others were dispatched a number that is the same may be another descriptor's. */
  bool same = timeout < 0 && !source->others_ready && are_watched (source, fds, n);
  source->others_ready = false;
  if (!same && !watch_others (source, fds, n)) {
    source->others_ready = true;
    return g_poll (fds, n, timeout);
  }
  for (;;) {
    wl_event_loop_dispatch (source->loop, timeout);
    inos_clients_turn (source->clients);
    if (!source->stays || timeout >= 0 || source->others_ready)
      break;
    wl_event_loop_dispatch_idle (source->loop);
    inos_turns_flush (source->turns);
  }
  if (source->others_ready)
    return g_poll (fds, n, 0);
  for (unsigned int i = 0; i < n; i++)
    fds[i].revents = 0;
  return 0;
}

static void finalize (GSource *base)
{
  struct event_source *source = (struct event_source *)base;
  if (waiting == source) {
    waiting = NULL;
    g_main_context_set_poll_func (source->context, NULL);
  }
  if (source->set_source)
    wl_event_source_remove (source->set_source);
  if (source->set >= 0)
    close (source->set);
}

static GSourceFuncs functions = {.prepare = prepare, .dispatch = dispatch, .finalize = finalize};

static void wait_in_loop (struct event_source *source)
{
  source->set = epoll_create1 (EPOLL_CLOEXEC);
  if (source->set < 0)
    return;
  source->set_source =
    wl_event_loop_add_fd (source->loop, source->set, WL_EVENT_READABLE, on_others, source);
  if (!source->set_source)
    return;
  source->others_ready = true;
  waiting = source;
  g_main_context_set_poll_func (source->context, wait_for_all);
}

GSource *inos_event_source_attach (struct inos_compositor *compositor)
{
  GSource *base = g_source_new (&functions, sizeof (struct event_source));
  struct event_source *source = (struct event_source *)base;
  source->loop = wl_display_get_event_loop (compositor->display);
  source->clients = compositor->clients;
  source->turns = compositor->turns;
  source->context = g_main_context_get_thread_default();
  source->stays = compositor->options.has_own_context;
  source->set = -1;
  /* Else GLib takes our descriptor out of its poll and back in at each dispatch, and wakes itself
   * up both times. Nobody runs this context from inside a handler. */
  g_source_set_can_recurse (base, TRUE);
  g_source_set_name (base, "wayland");
  g_source_add_unix_fd (base, wl_event_loop_get_fd (source->loop), G_IO_IN);
  g_source_attach (base, source->context);
  if (!waiting)
    wait_in_loop (source);
  return base;
}
