/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connection to the compositor: what it offers, the lock, and with them the screens (screen.h)
 * and the seats (seat.h). Everything happens in GLib's main loop. */
#pragma once

#include "view.h"

#include <wayland-client.h>
#include <xkbcommon/xkbcommon-compose.h>
#include <xkbcommon/xkbcommon.h>

struct inos_key {
  xkb_keysym_t symbol;
  const char *text; /* UTF-8, "" for none; wiped after the call */
  bool control, shift;
};

struct inos_display_events {
  void (*locked) (void *data);
  /* The compositor does not lock any more, or never did since another lock screen has the lock. */
  void (*finished) (void *data);
  /* The connection ended. */
  void (*lost) (void *data);
  void (*key) (const struct inos_key *key, void *data);
  /* Somebody pressed the pointer's button or a finger there. */
  void (*press) (enum inos_part part, bool finger, void *data);
  /* And let it go, wherever, or will not. */
  void (*release) (void *data);
  void (*hover) (enum inos_part part, void *data);
  /* Another layout, or Caps Lock. layout: borrowed, NULL where there is only one. */
  void (*keyboard) (const char *layout, bool caps, void *data);
};

struct inos_display {
  struct wl_display *wl;
  struct wl_registry *registry;
  struct wl_compositor *compositor;
  struct wl_subcompositor *subcompositor;
  struct wl_shm *shm;
  struct ext_session_lock_manager_v1 *lock_manager;
  struct wp_viewporter *viewporter; /* may be NULL, as those below */
  struct wp_fractional_scale_manager_v1 *scale_manager;
  struct wp_cursor_shape_manager_v1 *shape_manager;
  struct ext_session_lock_v1 *lock;
  struct wl_list screens; /* struct inos_screen.link */
  struct wl_list seats;   /* struct inos_seat.link */
  struct xkb_context *xkb;
  struct xkb_compose_table *compose; /* may be NULL */
  GSource *source;
  const struct inos_look *look;
  struct inos_view *view;
  const struct inos_display_events *events;
  void *data;
};

/* Connects, asks for the lock and returns before it is there. look, view and events are borrowed,
 * and drawn as soon as the compositor says how large. Sets error where there is no compositor, or
 * none that can lock. */
bool inos_display_init (struct inos_display *display, const struct inos_look *look,
                        struct inos_view *view, const struct inos_display_events *events,
                        void *data, GError **error);
/* Leaves without unlocking. */
void inos_display_finish (struct inos_display *display);

/* Draws the view anew, on all screens; only_words: what lies behind is as it was. */
void inos_display_draw (struct inos_display *display, bool only_words);
/* Begins to shake the field. */
void inos_display_shake (struct inos_display *display);
/* Unlocks, and returns when the compositor has heard of it. */
void inos_display_unlock (struct inos_display *display);
