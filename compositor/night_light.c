#include "night_light.h"

#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <wlr/backend/session.h>
#include <wlr/util/log.h>

#include "color_temperature.h"
#include "gamma.h"
#include "listener.h"

struct inos_night_light {
  struct inos_compositor *compositor;
  int temperature; /* K, that is shown */
  struct {
    int temperature; /* K; 0: none */
    gint64 end;
  } preview;
  gint64 next; /* 0: never */
  gint64 (*now) (void *data);
  void *data;

  int timer;                      /* -1 where there is none */
  struct wl_event_source *source; /* may be NULL */
  struct wl_listener config_change;
  struct wl_listener active; /* of the session, where there is one */
};

static gint64 real_now (void *data)
{
  return g_get_real_time() / G_USEC_PER_SEC;
}

/* On the clock of the wall: a suspend counts, and a clock that is set is told at once. */
static void arm (struct inos_night_light *light)
{
  struct itimerspec when = {.it_value.tv_sec = light->now == real_now ? light->next : 0};
  if (light->timer >= 0 &&
      timerfd_settime (light->timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, NULL) < 0)
    wlr_log (WLR_ERROR, "the night light cannot set its timer: %s", strerror (errno));
}

static void show (struct inos_night_light *light, int temperature)
{
  if (temperature == light->temperature)
    return;
  light->temperature = temperature;
  struct inos_output *output;
  wl_list_for_each (output, &light->compositor->outputs, link)
    inos_gamma_renew (output);
}

void inos_night_light_tick (struct inos_night_light *light)
{
  const struct inos_night_schedule *schedule = &light->compositor->config.night_light;
  gint64 now = light->now (light->data), next;
  int temperature = inos_night_schedule_at (schedule, now, &next);
  light->next = schedule->enabled ? next : 0;
  if (light->preview.temperature && now >= light->preview.end)
    light->preview.temperature = 0;
  if (light->preview.temperature) {
    temperature = light->preview.temperature;
    light->next = light->preview.end;
  }
  show (light, temperature);
  arm (light);
  wl_signal_emit_mutable (&light->compositor->events.tint_change, light->compositor);
}

static int on_timer (int fd, uint32_t mask, void *data)
{
  struct inos_night_light *light = data;
  uint64_t times;
  /* A clock that was set says nothing about how long a preview has lasted. */
  if (read (fd, &times, sizeof times) < 0 && errno == ECANCELED)
    light->preview.temperature = 0;
  inos_night_light_tick (light);
  return 0;
}

static void handle_config_change (struct wl_listener *listener, void *data)
{
  struct inos_night_light *light = wl_container_of (listener, light, config_change);
  inos_night_light_tick (light);
}

/* Back from another console or from sleep: who had the screen may have taken the tint away. */
static void handle_active (struct wl_listener *listener, void *data)
{
  struct inos_night_light *light = wl_container_of (listener, light, active);
  struct inos_output *output;
  if (!light->compositor->session->active)
    return;
  wl_list_for_each (output, &light->compositor->outputs, link)
    inos_gamma_lost (output);
  inos_night_light_tick (light);
}

void inos_night_light_set_enabled (struct inos_night_light *light, bool enabled)
{
  light->compositor->config.night_light.enabled = enabled;
  inos_night_light_tick (light);
}

bool inos_night_light_enabled (const struct inos_night_light *light)
{
  return light->compositor->config.night_light.enabled;
}

bool inos_night_light_preview (struct inos_night_light *light, unsigned int kelvin,
                               unsigned int seconds)
{
  if (kelvin != 0 && (kelvin < INOS_TEMPERATURE_LEAST || kelvin > INOS_TEMPERATURE_MOST ||
                      seconds < 1 || seconds > INOS_NIGHT_PREVIEW_MOST))
    return false;
  light->preview.temperature = (int)kelvin;
  light->preview.end = light->now (light->data) + seconds;
  inos_night_light_tick (light);
  return true;
}

int inos_night_light_temperature (const struct inos_night_light *light)
{
  return light ? light->temperature : INOS_TEMPERATURE_NEUTRAL;
}

gint64 inos_night_light_next (const struct inos_night_light *light)
{
  return light->next;
}

void inos_night_light_set_clock (struct inos_night_light *light, gint64 (*now) (void *data),
                                 void *data)
{
  light->now = now ? now : real_now;
  light->data = data;
  inos_night_light_tick (light);
}

struct inos_night_light *inos_night_light_create (struct inos_compositor *compositor)
{
  struct inos_night_light *light = g_new0 (struct inos_night_light, 1);
  light->compositor = compositor;
  light->temperature = INOS_TEMPERATURE_NEUTRAL;
  light->now = real_now;
  light->timer = timerfd_create (CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  if (light->timer < 0)
    wlr_log (WLR_ERROR, "no timer can be had (%s): the night light does not change by itself",
             strerror (errno));
  else
    light->source =
      wl_event_loop_add_fd (compositor->loop, light->timer, WL_EVENT_READABLE, on_timer, light);
  CONNECT_SIGNAL (compositor, light, config_change);
  if (compositor->session)
    CONNECT_SIGNAL (compositor->session, light, active);
  inos_night_light_tick (light);
  return light;
}

void inos_night_light_destroy (struct inos_night_light *light)
{
  if (!light)
    return;
  DISCONNECT (light->config_change);
  DISCONNECT (light->active);
  if (light->source)
    wl_event_source_remove (light->source);
  if (light->timer >= 0)
    close (light->timer);
  g_free (light);
}
