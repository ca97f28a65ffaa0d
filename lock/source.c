/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source.h"

#include <errno.h>
#include <stdbool.h>

struct source {
  GSource source;
  struct wl_display *display;
  gpointer tag;
  bool reading; /* wl_display_prepare_read() was called */
  bool ended;
  void (*lost) (void *data);
  void *data;
};

static void end (struct source *source)
{
  if (source->ended)
    return;
  source->ended = true;
  source->lost (source->data);
}

static gboolean prepare (GSource *base, int *timeout)
{
  struct source *source = (struct source *)base;
  *timeout = -1;
  if (source->ended)
    return FALSE;
  if (!source->reading && wl_display_prepare_read (source->display) != 0)
    return TRUE;
  source->reading = true;
  GIOCondition wanted = G_IO_IN | G_IO_ERR | G_IO_HUP;
  if (wl_display_flush (source->display) < 0 && errno == EAGAIN)
    wanted |= G_IO_OUT;
  g_source_modify_unix_fd (base, source->tag, wanted);
  return FALSE;
}

static gboolean check (GSource *base)
{
  struct source *source = (struct source *)base;
  GIOCondition ready = g_source_query_unix_fd (base, source->tag);
  if (source->ended)
    return FALSE;
  if (source->reading && ready & G_IO_IN) {
    source->reading = false;
    if (wl_display_read_events (source->display) != 0)
      end (source);
    return TRUE;
  }
  if (ready & (G_IO_ERR | G_IO_HUP))
    end (source);
  return ready != 0;
}

static gboolean dispatch (GSource *base, GSourceFunc callback, gpointer data)
{
  struct source *source = (struct source *)base;
  if (source->reading) {
    source->reading = false;
    wl_display_cancel_read (source->display);
  }
  if (!source->ended && wl_display_dispatch_pending (source->display) < 0)
    end (source);
  return G_SOURCE_CONTINUE;
}

GSource *inos_wayland_source_new (struct wl_display *display, void (*lost) (void *data), void *data)
{
  static GSourceFuncs functions = {.prepare = prepare, .check = check, .dispatch = dispatch};
  GSource *base = g_source_new (&functions, sizeof (struct source));
  struct source *source = (struct source *)base;
  source->display = display;
  source->lost = lost;
  source->data = data;
  source->tag = g_source_add_unix_fd (base, wl_display_get_fd (display), G_IO_IN);
  g_source_attach (base, NULL);
  return base;
}

void inos_wayland_source_release (GSource *base)
{
  struct source *source = (struct source *)base;
  if (source->reading)
    wl_display_cancel_read (source->display);
  source->reading = false;
  source->ended = true;
  g_source_destroy (base);
  g_source_unref (base);
}
