/*
 * How long the compositor takes to be whole again, in its own process with windows of real clients
 * in it, for tests/bench/recovery.py. It prints, ROUNDS times:
 *
 *   lost MS         the renderer is lost, until the frame in which all windows are drawn anew
 *   back MS FRAMES  an output comes back, until the frame in which all its windows are there again,
 * and how many frames of that output there were until then
 *
 * Of what this machine lacks a GPU is replaced: the loss is told as wlroots would tell it, and the
 * renderer is made anew in memory.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <stdio.h>
#include <string.h>
#include <wlr/render/wlr_renderer.h>
#include <wlr/types/wlr_output.h>

#include "client.h"
#include "fixture.h"
#include "output.h"
#include "view.h"

enum { WINDOWS = 20, ROUNDS = 20, LEFT = 1280, PATIENCE_S = 10 };

struct stand {
  struct inos_compositor *compositor;
  struct client *client;
  struct inos_output *output; /* of the windows */
  struct wl_listener commit;
  unsigned frames;     /* of the output */
  unsigned whole;      /* the first of them that had all windows; 0: none yet */
  gint64 when;         /* it was */
  bool counts_windows; /* a frame is whole when all are back */
};

static struct inos_output *plug (struct inos_compositor *compositor)
{
  struct inos_output *output = inos_output_add_virtual (compositor, 1280, 800);
  g_free (output->wlr->serial);
  output->wlr->serial = g_strdup ("right");
  return output;
}

static bool all_are_back (struct stand *stand)
{
  struct inos_view *view;

  wl_list_for_each (view, &stand->compositor->views, link)
    if (view->x < LEFT)
      return false;
  return true;
}

static void handle_commit (struct wl_listener *listener, void *data)
{
  struct stand *stand = wl_container_of (listener, stand, commit);
  const struct wlr_output_event_commit *event = data;

  if (!(event->state->committed & WLR_OUTPUT_STATE_BUFFER))
    return;
  stand->frames++;
  if (stand->whole == 0 && (!stand->counts_windows || all_are_back (stand))) {
    stand->whole = stand->frames;
    stand->when = g_get_monotonic_time();
  }
}

static void watch (struct stand *stand)
{
  stand->frames = stand->whole = 0;
  stand->commit.notify = handle_commit;
  wl_signal_add (&stand->output->wlr->events.commit, &stand->commit);
}

/* Returns: ms since `begun` to the whole frame. */
static double wait (struct stand *stand, gint64 begun)
{
  gint64 end = begun + PATIENCE_S * G_USEC_PER_SEC;

  while (stand->whole == 0) {
    pump();
    if (g_get_monotonic_time() > end)
      g_error ("no frame after %d s", PATIENCE_S);
  }
  wl_list_remove (&stand->commit.link);
  return (double)(stand->when - begun) / 1000;
}

static void lose_renderer (struct stand *stand)
{
  stand->counts_windows = false;
  watch (stand);
  gint64 begun = g_get_monotonic_time();
  wl_signal_emit_mutable (&stand->compositor->renderer->events.lost, NULL);
  printf ("lost %.3f\n", wait (stand, begun));
  client_roundtrip (stand->client);
}

static void pull_and_plug (struct stand *stand)
{
  wlr_output_destroy (stand->output->wlr);
  client_roundtrip (stand->client);
  if (all_are_back (stand))
    g_error ("the windows did not leave");
  stand->counts_windows = true;
  gint64 begun = g_get_monotonic_time();
  stand->output = plug (stand->compositor);
  watch (stand);
  double ms = wait (stand, begun);
  printf ("back %.3f %u\n", ms, stand->whole);
  client_roundtrip (stand->client);
}

int main (void)
{
  struct stand stand = {.compositor = start_compositor (1)};

  inos_output_active (stand.compositor)->wlr->serial = g_strdup ("left");
  stand.output = plug (stand.compositor);
  stand.client = client_connect (stand.compositor);
  for (int i = 0; i < WINDOWS; i++) {
    struct inos_view *view;
    window_draw (window_open (stand.client, "org.inos.Bench", "bench"));
    view = wl_container_of (stand.compositor->views.next, view, link);
    inos_view_move (view, LEFT + 20 + i * 10, 60 + i * 10);
    view->floating = inos_view_box (view);
    inos_view_join_output (view);
  }
  client_roundtrip (stand.client);
  for (int i = 0; i < ROUNDS; i++) {
    lose_renderer (&stand);
    pull_and_plug (&stand);
  }
  client_disconnect (stand.client);
  inos_compositor_destroy (stand.compositor);
  return 0;
}
