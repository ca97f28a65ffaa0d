#include "responsive.h"

#include <wlr/util/log.h>

enum { POLL_MS = 250, BETWEEN_US = 1000000 };

void inos_responsive_ask (struct inos_view *view)
{
  gint64 now = g_get_monotonic_time();
  if (!view->impl->ping || view->compositor->config.unresponsive_after == 0 || !view->mapped ||
      view->answer.timer || (view->answer.asked && now - view->answer.asked < BETWEEN_US))
    return;
  view->answer.asked = now;
  view->impl->ping (view);
}

static void say (struct inos_view *view, bool unresponsive)
{
  view->unresponsive = unresponsive;
  wlr_log (WLR_INFO, "window %u of process %d (%s) %s", view->id, (int)inos_view_pid (view),
           inos_view_app_id (view), unresponsive ? "does not answer" : "answers again");
  inos_view_changed (view);
}

/* wlroots does not tell of an answer, so it is looked for, while something hangs. */
static int on_poll (void *data)
{
  struct inos_view *view = data;
  if (!view->answer.waiting) {
    view->impl->ping (view);
    view->answer.waiting = true;
  } else if (view->impl->answered (view)) {
    inos_responsive_forget (view);
    say (view, false);
    return 0;
  }
  wl_event_source_timer_update (view->answer.timer, POLL_MS);
  return 0;
}

void inos_responsive_unanswered (struct inos_view *view)
{
  view->answer.waiting = false;
  if (!view->mapped || view->answer.timer)
    return;
  view->answer.timer = wl_event_loop_add_timer (view->compositor->loop, on_poll, view);
  wl_event_source_timer_update (view->answer.timer, POLL_MS);
  say (view, true);
}

void inos_responsive_forget (struct inos_view *view)
{
  if (view->answer.timer)
    wl_event_source_remove (view->answer.timer);
  view->answer.timer = NULL;
  view->answer.waiting = false;
}
