#include "idle_stage.h"

#include <wlr/backend/wayland.h>
#include <wlr/backend/x11.h>
#include <wlr/types/wlr_output.h>
#include <wlr/types/wlr_scene.h>
#include <wlr/util/log.h>

#include "idle.h"
#include "listener.h"
#include "lock.h"
#include "output.h"
#include "output_power.h"

/* Seconds, where the settings say nothing. */
static const struct inos_idle_times on_mains = {.dim = 270, .blank = 300, .lock = 330};
static const struct inos_idle_times on_its_battery = {
  .dim = 120, .blank = 150, .lock = 180, .suspend = 900};
enum { BLANK_LOCKED = 30 };

static const float veil_color[4] = {0, 0, 0, 0.6f};

struct inos_stages {
  struct inos_compositor *compositor;
  struct wl_event_source *timer, *blank_again; /* the latter may be NULL */
  const int64_t *clock;                        /* ms; NULL: the monotonic one */
  int64_t since;                               /* ms; when somebody was last there */
  int64_t locked_since;
  unsigned int reached; /* 1 << enum inos_stage */
  bool on_battery, inhibited, locked;

  struct wl_listener idle_change, lock_change, config_change, output_add, output_change;
};

static int64_t now_of (const struct inos_stages *stages)
{
  return stages->clock ? *stages->clock : g_get_monotonic_time() / 1000;
}

static int or_else (int set, int standard)
{
  return set >= 0 ? set : standard;
}

struct inos_idle_times inos_idle_times (const struct inos_config *config, bool on_battery,
                                        bool own_screens)
{
  static const struct inos_idle_times never = {0};
  const struct inos_idle_times *set = on_battery ? &config->idle_battery : &config->idle;
  const struct inos_idle_times *standard = !own_screens ? &never
                                           : on_battery ? &on_its_battery
                                                        : &on_mains;
  return (struct inos_idle_times){
    .dim = or_else (set->dim, standard->dim),
    .blank = or_else (set->blank, standard->blank),
    .lock = or_else (set->lock, standard->lock),
    .suspend = or_else (set->suspend, standard->suspend),
  };
}

int inos_stages_time (const struct inos_stages *stages, enum inos_stage stage)
{
  const struct inos_compositor *compositor = stages->compositor;
  struct inos_idle_times times =
    inos_idle_times (&compositor->config, stages->on_battery, compositor->session);
  const int list[INOS_STAGE_COUNT] = {times.dim, times.blank, times.lock, times.suspend};
  return list[stage];
}

/* When the stage is due, in ms; -1 for never. */
static int64_t deadline_of (const struct inos_stages *stages, enum inos_stage stage)
{
  const struct inos_compositor *compositor = stages->compositor;
  int seconds = inos_stages_time (stages, stage);
  int64_t deadline = seconds > 0 ? stages->since + (int64_t)seconds * 1000 : -1;
  if (stage != INOS_STAGE_BLANK || !stages->locked)
    return deadline;
  seconds = or_else (compositor->config.blank_locked, compositor->session ? BLANK_LOCKED : 0);
  if (seconds == 0)
    return deadline;
  int64_t locked = MAX (stages->since, stages->locked_since) + (int64_t)seconds * 1000;
  return deadline < 0 ? locked : MIN (deadline, locked);
}

static void draw_veil (struct inos_stages *stages)
{
  struct inos_compositor *compositor = stages->compositor;
  struct wlr_scene_tree *veil = compositor->layers[INOS_LAYER_VEIL];
  struct wlr_scene_node *node, *next;
  wl_list_for_each_safe (node, next, &veil->children, link)
    wlr_scene_node_destroy (node);
  if (!inos_stages_reached (stages, INOS_STAGE_DIM))
    return;
  struct inos_output *output;
  wl_list_for_each (output, &compositor->outputs, link) {
    struct wlr_box box = inos_output_box (output);
    struct wlr_scene_rect *rect = wlr_scene_rect_create (veil, box.width, box.height, veil_color);
    if (rect)
      wlr_scene_node_set_position (&rect->node, box.x, box.y);
  }
}

/* The window of another desktop is that one's to blank. */
static bool is_window (struct inos_output *output)
{
  return wlr_output_is_wl (output->wlr) || wlr_output_is_x11 (output->wlr);
}

static void blank (struct inos_stages *stages)
{
  struct inos_output *output;
  wl_list_for_each (output, &stages->compositor->outputs, link) {
    if (output->wlr->enabled && !is_window (output))
      output->blanked |= inos_output_set_power (output, false);
  }
}

/* What somebody else switched off stays off. */
static void unblank (struct inos_stages *stages)
{
  struct inos_output *output;
  wl_list_for_each (output, &stages->compositor->outputs, link) {
    if (!output->blanked)
      continue;
    output->blanked = false;
    inos_output_set_power (output, true);
  }
}

static void reach (struct inos_stages *stages, enum inos_stage stage)
{
  struct inos_compositor *compositor = stages->compositor;
  g_autoptr (GError) error = NULL;
  stages->reached |= 1u << stage;
  switch (stage) {
  case INOS_STAGE_DIM:
    draw_veil (stages);
    break;
  case INOS_STAGE_BLANK:
    blank (stages);
    break;
  case INOS_STAGE_LOCK:
    if (!inos_lock_now (compositor, &error))
      wlr_log (WLR_ERROR, "nobody is there, but the session is not locked: %s", error->message);
    break;
  case INOS_STAGE_SUSPEND:
    wl_signal_emit_mutable (&compositor->events.action, (void *)"suspend");
    break;
  case INOS_STAGE_COUNT:
    break;
  }
}

static bool is_held (const struct inos_stages *stages, enum inos_stage stage)
{
  return stage == INOS_STAGE_SUSPEND ? inos_idle_held (stages->compositor) : stages->inhibited;
}

int64_t inos_stages_run (struct inos_stages *stages)
{
  int64_t now = now_of (stages), next = -1;
  unsigned int before = stages->reached;
  for (enum inos_stage stage = 0; stage < INOS_STAGE_COUNT; stage++) {
    int64_t deadline = deadline_of (stages, stage);
    if (deadline < 0 || inos_stages_reached (stages, stage) || is_held (stages, stage))
      continue;
    if (deadline <= now)
      reach (stages, stage);
    else if (next < 0 || deadline < next)
      next = deadline;
  }
  /* At least 1: 0 would disarm it. */
  wl_event_source_timer_update (stages->timer, next < 0 ? 0 : (int)MAX (next - now, 1));
  if (stages->reached != before)
    wl_signal_emit_mutable (&stages->compositor->events.idle_change, stages->compositor);
  return next < 0 ? -1 : next - now;
}

static int handle_timer (void *data)
{
  inos_stages_run (data);
  return 0;
}

static void wake (struct inos_stages *stages)
{
  unsigned int before = stages->reached;
  stages->since = now_of (stages);
  stages->reached = 0;
  if (before & (1u << INOS_STAGE_DIM))
    draw_veil (stages);
  if (before & (1u << INOS_STAGE_BLANK))
    unblank (stages);
  inos_stages_run (stages);
  if (before)
    wl_signal_emit_mutable (&stages->compositor->events.idle_change, stages->compositor);
}

void inos_stages_activity (struct inos_stages *stages)
{
  if (!stages)
    return;
  /* Nothing is due sooner for it: the timer finds out by itself that it came too early. */
  if (stages->reached)
    wake (stages);
  else
    stages->since = now_of (stages);
}

static void handle_idle_change (struct wl_listener *listener, void *data)
{
  struct inos_stages *stages = wl_container_of (listener, stages, idle_change);
  bool inhibited = inos_idle_inhibited (stages->compositor);
  if (inhibited == stages->inhibited) {
    inos_stages_run (stages); /* what holds back sleep alone may have changed */
    return;
  }
  stages->inhibited = inhibited;
  wake (stages);
}

static void handle_lock_change (struct wl_listener *listener, void *data)
{
  struct inos_stages *stages = wl_container_of (listener, stages, lock_change);
  if (stages->locked == stages->compositor->locked)
    return;
  stages->locked = stages->compositor->locked;
  stages->locked_since = now_of (stages);
  if (stages->locked)
    inos_stages_run (stages);
  else
    wake (stages);
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct inos_stages *stages = wl_container_of (listener, stages, config_change);
  wake (stages);
}

/* A monitor that reappears by itself, as some do when they are switched off, stays dark. */
static void on_blank_again (void *data)
{
  struct inos_stages *stages = data;
  stages->blank_again = NULL;
  if (inos_stages_reached (stages, INOS_STAGE_BLANK))
    blank (stages);
}

static void handle_output_add (struct wl_listener *listener, void *data)
{
  struct inos_stages *stages = wl_container_of (listener, stages, output_add);
  if (inos_stages_reached (stages, INOS_STAGE_BLANK) && !stages->blank_again)
    stages->blank_again = wl_event_loop_add_idle (stages->compositor->loop, on_blank_again, stages);
}

static void handle_output_change (struct wl_listener *listener, void *data)
{
  struct inos_stages *stages = wl_container_of (listener, stages, output_change);
  struct inos_output *output = data;
  if (output->wlr->enabled)
    output->blanked = false; /* somebody switched it on */
  if (inos_stages_reached (stages, INOS_STAGE_DIM))
    draw_veil (stages);
}

struct inos_stages *inos_stages_create (struct inos_compositor *compositor)
{
  struct inos_stages *stages = g_new0 (struct inos_stages, 1);
  stages->compositor = compositor;
  stages->since = now_of (stages);
  stages->timer = wl_event_loop_add_timer (compositor->loop, handle_timer, stages);
  CONNECT_SIGNAL (compositor, stages, idle_change);
  CONNECT_SIGNAL (compositor, stages, lock_change);
  CONNECT_SIGNAL (compositor, stages, config_change);
  CONNECT_SIGNAL (compositor, stages, output_add);
  CONNECT_SIGNAL (compositor, stages, output_change);
  inos_stages_run (stages);
  return stages;
}

void inos_stages_destroy (struct inos_stages *stages)
{
  if (!stages)
    return;
  DISCONNECT (stages->idle_change);
  DISCONNECT (stages->lock_change);
  DISCONNECT (stages->config_change);
  DISCONNECT (stages->output_add);
  DISCONNECT (stages->output_change);
  if (stages->blank_again)
    wl_event_source_remove (stages->blank_again);
  wl_event_source_remove (stages->timer);
  stages->compositor->stages = NULL;
  g_free (stages);
}

void inos_stages_set_on_battery (struct inos_stages *stages, bool on_battery)
{
  if (stages->on_battery == on_battery)
    return;
  stages->on_battery = on_battery;
  /* As with a key: the screen lights up when the cable goes in, and nothing is due at once. */
  wake (stages);
  wl_signal_emit_mutable (&stages->compositor->events.idle_change, stages->compositor);
}

bool inos_stages_on_battery (const struct inos_stages *stages)
{
  return stages->on_battery;
}

bool inos_stages_reached (const struct inos_stages *stages, enum inos_stage stage)
{
  return stages->reached & (1u << stage);
}

const char *inos_stage_name (enum inos_stage stage)
{
  static const char *const names[INOS_STAGE_COUNT] = {"dim", "blank", "lock", "suspend"};
  return names[stage];
}

void inos_stages_set_clock (struct inos_stages *stages, const int64_t *now)
{
  stages->clock = now;
  stages->since = stages->locked_since = now_of (stages);
  inos_stages_run (stages);
}
