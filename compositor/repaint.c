#include "repaint.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <wlr/backend/headless.h>
#include <wlr/backend/wayland.h>
#include <wlr/backend/x11.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/log.h>

#include "each_frame.h"
#include "deadline.h"
#include "frame.h"
#include "listener.h"
#include "motion.h"
#include "output_config.h"
#include "overview_show.h"
#include "turn.h"

#define SECOND G_GINT64_CONSTANT (1000000000)
#define MILLISECOND (SECOND / 1000)

/* A picture that the hardware refused is tried again after so long, then after twice that. */
enum { RETRY_FIRST = 10 /* ms */, RETRIES = 8 };

struct inos_repaint {
  struct inos_output *output;
  struct inos_deadline deadline;
  gint64 due;   /* 0: no frame is put off */
  bool wanted;  /* wlroots waits for a frame that is not put off */
  bool fresh;   /* a frame has come on the screen, and nothing was asked for since */
  gint64 asked; /* when programs were last asked for a picture */
  gint64 (*now) (void *data);
  void *data;
  struct inos_turn turn;

  int timer;                      /* -1 until it is needed, and where there is none */
  struct wl_event_source *source; /* may be NULL likewise */
  struct wl_event_source *retry;  /* NULL until it is needed */
  int refused;                    /* pictures since one was taken */
  struct wl_listener present;
};

INOS_EACH_FRAME static gint64 real_now (void *data)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * SECOND + now.tv_nsec;
}

INOS_EACH_FRAME static gint64 now_of (struct inos_repaint *repaint)
{
  return repaint->now (repaint->data);
}

/* What is kept for drawing, in ns: 0 to learn it, less for drawing at once. */
INOS_EACH_FRAME static gint64 wanted (struct inos_output *output)
{
  const struct wlr_output *wlr = output->wlr;
  int time = inos_output_config_of (output)->render_time;
  if (wlr->adaptive_sync_status == WLR_OUTPUT_ADAPTIVE_SYNC_ENABLED || output->mirror)
    return -1;
  if (time == INOS_RENDER_TIME_DEFAULT)
    return wlr_output_is_headless (output->wlr) || wlr_output_is_wl (output->wlr) ||
               wlr_output_is_x11 (output->wlr)
             ? -1
             : 0;
  return time == INOS_RENDER_TIME_OFF ? -1 : time == INOS_RENDER_TIME_AUTO ? 0 : time * MILLISECOND;
}

gint64 inos_repaint_kept (struct inos_output *output)
{
  gint64 kept = wanted (output);
  return kept == 0 ? inos_deadline_kept (&output->repaint->deadline) : MAX (kept, 0);
}

INOS_EACH_FRAME static void ask (struct inos_repaint *repaint)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  repaint->asked = now_of (repaint);
  repaint->fresh = false;
  if (repaint->output->scene_output)
    wlr_scene_output_send_frame_done (repaint->output->scene_output, &now);
  inos_overview_ask (repaint->output, &now);
}

static int on_retry (void *data)
{
  struct inos_repaint *repaint = data;
  wlr_output_schedule_frame (repaint->output->wlr);
  return 0;
}

/* Hardware may be busy: without another try the last picture before nothing changes would be lost.
 */
static void try_again (struct inos_repaint *repaint)
{
  struct inos_output *output = repaint->output;
  repaint->refused++;
  if (repaint->refused > RETRIES)
    return;
  if (!repaint->retry)
    repaint->retry = wl_event_loop_add_timer (output->compositor->loop, on_retry, repaint);
  if (repaint->retry)
    wl_event_source_timer_update (repaint->retry, RETRY_FIRST << (repaint->refused - 1));
}

INOS_EACH_FRAME static void draw (struct inos_repaint *repaint)
{
  struct inos_output *output = repaint->output;
  uint32_t before = output->wlr->commit_seq;
  gint64 started = now_of (repaint);
  bool changed = inos_output_has_changed (output);
  inos_output_draw (output);
  if (output->wlr->commit_seq != before) {
    inos_deadline_drawn (&repaint->deadline, now_of (repaint) - started);
    repaint->refused = 0;
  } else if (changed && inos_output_has_changed (output)) {
    try_again (repaint);
  }
}

bool inos_repaint_has_given_up (const struct inos_output *output)
{
  return output->repaint->refused > RETRIES;
}

static void arm (struct inos_repaint *repaint, gint64 due);

/* A picture that came after they were asked counts for the next blank: who is asked again before
 * that draws more than is seen. */
static bool was_asked (const struct inos_repaint *repaint)
{
  return repaint->asked && repaint->asked >= repaint->deadline.blank &&
         repaint->due - repaint->asked < repaint->deadline.interval;
}

/* Not where it was switched off meanwhile, or set up anew: wlroots says when it may be again. */
INOS_EACH_FRAME static bool may_draw (const struct inos_output *output)
{
  return output->wlr->enabled && !output->wlr->frame_pending;
}

void inos_repaint_tick (struct inos_output *output)
{
  struct inos_repaint *repaint = output->repaint;
  if (!repaint->due || now_of (repaint) < repaint->due)
    return;
  bool asked = was_asked (repaint);
  arm (repaint, 0);
  if (!may_draw (output))
    return;
  draw (repaint);
  if (!asked)
    ask (repaint);
}

INOS_EACH_FRAME static void on_turn (void *data)
{
  struct inos_repaint *repaint = data;
  bool wanted = repaint->wanted;
  repaint->wanted = false;
  if (!wanted) {
    inos_repaint_tick (repaint->output);
  } else if (may_draw (repaint->output)) {
    draw (repaint);
    ask (repaint);
  }
}

static int on_timer (int fd, uint32_t mask, void *data)
{
  struct inos_repaint *repaint = data;
  uint64_t times;
  if (read (fd, &times, sizeof times) > 0)
    inos_turn_take (repaint->output->compositor->turns, &repaint->turn);
  return 0;
}

/* In finer steps than the timers of the event loop have. Without one it is drawn at once. */
static bool make_timer (struct inos_repaint *repaint)
{
  struct inos_output *output = repaint->output;
  if (repaint->timer >= 0 || repaint->now != real_now)
    return true;
  repaint->timer = timerfd_create (CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
  if (repaint->timer >= 0)
    repaint->source = wl_event_loop_add_fd (output->compositor->loop, repaint->timer,
                                            WL_EVENT_READABLE, on_timer, repaint);
  return repaint->source;
}

/* due: 0 for never. */
INOS_EACH_FRAME static void arm (struct inos_repaint *repaint, gint64 due)
{
  struct itimerspec when = {.it_value = {.tv_sec = due / SECOND, .tv_nsec = due % SECOND}};
  repaint->due = due;
  if (repaint->now != real_now || repaint->timer < 0)
    return;
  if (timerfd_settime (repaint->timer, TFD_TIMER_ABSTIME, &when, NULL) < 0)
    wlr_log (WLR_ERROR, "output %s: its timer cannot be set: %s", repaint->output->wlr->name,
             g_strerror (errno));
}

INOS_EACH_FRAME void inos_repaint_frame (struct inos_output *output)
{
  struct inos_repaint *repaint = output->repaint;
  if (repaint->due && wanted (output) >= 0)
    return;
  if (!output->mirror) {
    inos_motions_step (output);
    inos_overview_step (output);
  }
  gint64 kept = wanted (output);
  gint64 now = kept < 0 ? 0 : now_of (repaint);
  gint64 due = kept < 0 || !inos_output_has_changed (output)
                 ? 0
                 : inos_deadline_next (&repaint->deadline, now, kept);
  if (due <= now || inos_output_may_tear (output) || !make_timer (repaint)) {
    repaint->deadline.target = 0;
    arm (repaint, 0);
    repaint->wanted = true;
    inos_turn_take (output->compositor->turns, &repaint->turn);
    return;
  }
  bool fresh = repaint->fresh;
  arm (repaint, due);
  if (fresh)
    ask (repaint);
}

INOS_EACH_FRAME static void handle_present (struct wl_listener *listener, void *data)
{
  struct inos_repaint *repaint = wl_container_of (listener, repaint, present);
  const struct wlr_output_event_present *event = data;
  const struct wlr_output *wlr = repaint->output->wlr;
  if (!event->presented)
    return;
  gint64 interval = event->refresh;
  if (interval == 0 && wlr->refresh > 0)
    interval = SECOND * 1000 / wlr->refresh;
  inos_deadline_presented (&repaint->deadline, event->when->tv_sec * SECOND + event->when->tv_nsec,
                           interval);
  repaint->fresh = true;
}

gint64 inos_repaint_due (struct inos_output *output)
{
  return output->repaint->due;
}

void inos_repaint_set_clock (struct inos_output *output, gint64 (*now) (void *data), void *data)
{
  output->repaint->now = now ? now : real_now;
  output->repaint->data = data;
}

struct inos_repaint *inos_repaint_create (struct inos_output *output)
{
  struct inos_repaint *repaint = g_new0 (struct inos_repaint, 1);
  repaint->output = output;
  repaint->timer = -1;
  repaint->now = real_now;
  repaint->turn = (struct inos_turn){.run = on_turn, .data = repaint};
  CONNECT_SIGNAL (output->wlr, repaint, present);
  return repaint;
}

void inos_repaint_destroy (struct inos_repaint *repaint)
{
  if (!repaint)
    return;
  DISCONNECT (repaint->present);
  inos_turn_leave (&repaint->turn);
  if (repaint->retry)
    wl_event_source_remove (repaint->retry);
  if (repaint->source)
    wl_event_source_remove (repaint->source);
  if (repaint->timer >= 0)
    close (repaint->timer);
  g_free (repaint);
}
