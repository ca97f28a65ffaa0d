/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the lock screen looks: the colours that shell/ui/src/lib/tokens.css has, by what the person
 * has set for the desktop (org.gnome.desktop.interface, .a11y.interface and .a11y.applications). */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum inos_tone {
  INOS_TONE_SURFACE, /* of the field */
  INOS_TONE_RAISED,  /* a button under the pointer */
  INOS_TONE_LINE,
  INOS_TONE_TEXT_1,
  INOS_TONE_TEXT_2,
  INOS_TONE_TEXT_3,
  INOS_TONE_ACCENT,
  INOS_TONE_ON_ACCENT,
  INOS_TONE_WARNING,
  INOS_TONE_NEGATIVE,
  INOS_TONE_GROUND_FROM,
  INOS_TONE_GROUND_TO,
  INOS_TONE_DOT,
  INOS_TONE_COUNT,
};

struct inos_tint {
  double red, green, blue, alpha;
};

struct inos_look {
  struct inos_tint tones[INOS_TONE_COUNT];
  bool dark, contrast, moves, twelve; /* hours */
  bool board;                         /* the person wants a keyboard on the screen */
  double text;                        /* factor of all sizes */
};

/* The look of these wishes, with `text` 1, motion and 24 hours. */
void inos_look_choose (struct inos_look *look, bool dark, bool contrast);

struct inos_look_watch;
/* Reads the settings into `look`, and does so again before it calls `changed` when they change. */
struct inos_look_watch *inos_look_watch_create (struct inos_look *look,
                                                void (*changed) (void *data), void *data);
/* NULL does nothing. */
void inos_look_watch_destroy (struct inos_look_watch *watch);
