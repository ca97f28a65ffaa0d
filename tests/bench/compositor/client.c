/*
 * The client of ./dev bench compositor: the same for every compositor. It does one thing so many
 * times, acknowledges each configure at once, and tells when it begins and ends, so that whoever
 * started it can read the compositor's processor time at both.
 *
 *   client roundtrip N        N requests that are answered
 *   client commit N           N frames of one window, without waiting for it to be shown
 *   client map N              N windows that come and go, one after the other
 *   client frames S COUNT HOW COUNT windows draw at each frame callback for S seconds; HOW is
 *                             "full" for full screen, "max" for maximized, "dense" for as densely
 *                             as the output is
 *   client windows N          opens N windows and waits for its input to close
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"

static void roundtrips (struct desk *desk, long n)
{
  say ("begin");
  for (long i = 0; i < n; i++)
    wl_display_roundtrip (desk->display);
}

static void commits (struct desk *desk, long n)
{
  struct window window;
  window_open (&window, desk, false);
  say ("begin");
  for (long i = 0; i < n; i++) {
    window_commit (&window);
    if (i % 16 == 15)
      wl_display_roundtrip (desk->display);
  }
  wl_display_roundtrip (desk->display);
}

static void maps (struct desk *desk, long n)
{
  struct window window;
  say ("begin");
  for (long i = 0; i < n; i++) {
    window_open (&window, desk, false);
    window_close (&window);
  }
}

static void ask_for_frame (struct window *window);

static void on_frame (void *data, struct wl_callback *callback, uint32_t time)
{
  struct window *window = data;
  wl_callback_destroy (callback);
  window->callback = NULL;
  if (window->running)
    ask_for_frame (window);
}

static void ask_for_frame (struct window *window)
{
  static const struct wl_callback_listener listener = {on_frame};
  window->callback = wl_surface_frame (window->surface);
  wl_callback_add_listener (window->callback, &listener, window);
  window_commit (window);
}

static void frames (struct desk *desk, double seconds, int count, const char *how)
{
  static struct window windows[WINDOWS_MAX];
  bool fullscreen = strcmp (how, "full") == 0;
  if (strcmp (how, "dense") == 0)
    desk_be_dense (desk);
  for (int i = 0; i < count; i++)
    window_open (&windows[i], desk, fullscreen);
  if (strcmp (how, "max") == 0)
    xdg_toplevel_set_maximized (windows[0].toplevel);
  say ("begin");
  unsigned before[WINDOWS_MAX], most = 0;
  for (int i = 0; i < count; i++)
    before[i] = windows[i].frames;
  double end = now() + seconds;
  for (int i = 0; i < count; i++) {
    windows[i].running = true;
    ask_for_frame (&windows[i]);
  }
  while (now() < end)
    desk_dispatch (desk);
  /* Who is covered is not asked to draw. */
  for (int i = 0; i < count; i++)
    if (windows[i].frames - before[i] > most)
      most = windows[i].frames - before[i];
  printf ("frames %u\n", most);
}

static void many_windows (struct desk *desk, int n)
{
  static struct window windows[WINDOWS_MAX];
  for (int i = 0; i < n && i < WINDOWS_MAX; i++)
    window_open (&windows[i], desk, false);
  say ("begin");
}

int main (int argc, char **argv)
{
  const char *what = argc > 2 ? argv[1] : "";
  long n = argc > 2 ? strtol (argv[2], NULL, 10) : 0;
  struct desk desk;
  desk_connect (&desk);
  if (strcmp (what, "roundtrip") == 0)
    roundtrips (&desk, n);
  else if (strcmp (what, "commit") == 0)
    commits (&desk, n);
  else if (strcmp (what, "map") == 0)
    maps (&desk, n);
  else if (strcmp (what, "frames") == 0)
    frames (&desk, (double)n, argc > 3 ? (int)strtol (argv[3], NULL, 10) : 1,
            argc > 4 ? argv[4] : "");
  else if (strcmp (what, "windows") == 0)
    many_windows (&desk, (int)n);
  else
    fail ("see the top of client.c for what it takes");
  say ("end");
  return 0;
}
