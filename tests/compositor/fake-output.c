#include "fake-output.h"

#include <string.h>
#include <time.h>
#include <wlr/backend.h>

#include "listener.h"

#define NSEC_PER_SEC G_GINT64_CONSTANT (1000000000)

/* Of no fixed rate: frames are drawn at once. */
enum { WIDTH = 1024, HEIGHT = 600, REFRESH = 0 };

static void destroy (struct wlr_output *wlr)
{
  struct fake_output *output = (struct fake_output *)wlr;
  if (output->idle)
    wl_event_source_remove (output->idle);
  DISCONNECT (output->backend_gone);
  g_free (output);
}

static void handle_backend_gone (struct wl_listener *listener, void *data)
{
  struct fake_output *output = wl_container_of (listener, output, backend_gone);
  wlr_output_destroy (&output->base);
}

static bool test (struct wlr_output *wlr, const struct wlr_output_state *state)
{
  const struct fake_output *output = (struct fake_output *)wlr;
  if (output->refuses_sync && (state->committed & WLR_OUTPUT_STATE_ADAPTIVE_SYNC_ENABLED))
    return false;
  if (output->has_modes && (state->committed & WLR_OUTPUT_STATE_MODE) &&
      state->mode_type == WLR_OUTPUT_STATE_MODE_CUSTOM)
    return false;
  return !(output->refuses_gamma && (state->committed & WLR_OUTPUT_STATE_GAMMA_LUT));
}

/* The picture is on the screen, and the next one may come. */
static void show (struct fake_output *output, struct timespec now, int refresh)
{
  struct wlr_output_event_present event = {
    .commit_seq = output->base.commit_seq, .presented = true, .when = &now, .refresh = refresh};
  wlr_output_send_present (&output->base, &event);
  wlr_output_send_frame (&output->base);
}

static void on_idle (void *data)
{
  struct fake_output *output = data;
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  output->idle = NULL;
  show (output, now, 0);
}

void fake_output_follow (struct fake_output *output, gint64 *clock)
{
  output->clock = clock;
}

void fake_output_blank (struct fake_output *output)
{
  struct timespec now = {.tv_sec = *output->clock / NSEC_PER_SEC,
                         .tv_nsec = *output->clock % NSEC_PER_SEC};
  if (!output->waits)
    return;
  output->waits = false;
  show (output, now, (int)FAKE_INTERVAL);
}

static bool commit (struct wlr_output *wlr, const struct wlr_output_state *state)
{
  struct fake_output *output = (struct fake_output *)wlr;
  if (!test (wlr, state))
    return false;
  if (output->refuses > 0 && state->committed & WLR_OUTPUT_STATE_BUFFER) {
    output->refuses--;
    return false;
  }
  if (state->committed & WLR_OUTPUT_STATE_GAMMA_LUT) {
    output->tints++;
    output->tinted = state->gamma_lut_size > 0;
    if (output->tinted)
      memcpy (output->gamma, state->gamma_lut, sizeof output->gamma);
  }
  bool on = state->committed & WLR_OUTPUT_STATE_ENABLED ? state->enabled : wlr->enabled;
  if (state->committed & WLR_OUTPUT_STATE_BUFFER) {
    output->frames++;
    output->tears = state->tearing_page_flip;
  }
  if (state->committed & WLR_OUTPUT_STATE_ADAPTIVE_SYNC_ENABLED) {
    output->syncs++;
    wlr->adaptive_sync_status = state->adaptive_sync_enabled ? WLR_OUTPUT_ADAPTIVE_SYNC_ENABLED
                                                             : WLR_OUTPUT_ADAPTIVE_SYNC_DISABLED;
  }
  /* wlroots waits for a frame after each commit. */
  if (output->clock) {
    output->waits = true;
    *output->clock += output->draw_time;
  } else if (on && !output->idle) {
    output->idle = wl_event_loop_add_idle (wlr->event_loop, on_idle, output);
  }
  return true;
}

static size_t get_gamma_size (struct wlr_output *wlr)
{
  return FAKE_GAMMA_SIZE;
}

static const struct wlr_output_impl impl = {
  .destroy = destroy,
  .test = test,
  .commit = commit,
  .get_gamma_size = get_gamma_size,
};

static struct fake_output *make (struct inos_compositor *compositor, const char *name)
{
  struct fake_output *output = g_new0 (struct fake_output, 1);
  struct wlr_output_state state;
  wlr_output_state_init (&state);
  wlr_output_state_set_custom_mode (&state, WIDTH, HEIGHT, REFRESH);
  wlr_output_init (&output->base, compositor->headless, &impl, compositor->loop, &state);
  wlr_output_state_finish (&state);
  CONNECT_TO (&compositor->headless->events.destroy, output, backend_gone);
  wlr_output_set_name (&output->base, name);
  return output;
}

static struct fake_output *plug (struct inos_compositor *compositor, struct fake_output *output)
{
  wl_signal_emit_mutable (&compositor->backend->events.new_output, &output->base);
  return output;
}

struct fake_output *fake_output_plug (struct inos_compositor *compositor, const char *name)
{
  return plug (compositor, make (compositor, name));
}

struct fake_output *fake_output_plug_monitor (struct inos_compositor *compositor, const char *name,
                                              const char *serial)
{
  static const struct wlr_output_mode modes[] = {
    {.width = 1920, .height = 1080, .refresh = 60000, .preferred = true},
    {.width = 1920, .height = 1080, .refresh = 144000},
    {.width = 1280, .height = 720, .refresh = 59940},
    {.width = 1280, .height = 720, .refresh = 60000},
  };
  struct fake_output *output = make (compositor, name);
  output->base.make = g_strdup ("ACME");
  output->base.model = g_strdup ("One");
  output->base.serial = g_strdup (serial);
  output->has_modes = true;
  for (size_t i = 0; i < G_N_ELEMENTS (modes); i++) {
    output->modes[i] = modes[i];
    wl_list_insert (output->base.modes.prev, &output->modes[i].link);
  }
  return plug (compositor, output);
}
