/* A stand-in for a monitor on hardware: it has a gamma table, and takes what it is given. The test
 * sees what it took. No output that works without hardware has such a table. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <wlr/interfaces/wlr_output.h>
#include <wlr/types/wlr_output.h>

#include "compositor.h"

enum { FAKE_GAMMA_SIZE = 256 };

struct fake_output {
  struct wlr_output base; /* first: it is freed with that */
  bool refuses_gamma;
  bool tinted;                         /* false: no table was set, or it was taken away */
  uint16_t gamma[3 * FAKE_GAMMA_SIZE]; /* the table */
  bool tears;                          /* the last picture came at once, in the middle of one */
  int syncs;                           /* how often the refresh rate was made variable or fixed */
  bool refuses_sync;                   /* what it says it can do, it does not */
  int tints;                           /* how many tables came, and were taken away */
  int frames;                          /* how many pictures came */
  int refuses;                         /* so many pictures more, as hardware that is busy does */
  gint64 *clock;                       /* ns; NULL: each picture is on the screen at once */
  gint64 draw_time;                    /* ns, that pass with each picture */
  bool waits;                          /* a commit is not on the screen yet */
  struct wlr_output_mode modes[4];     /* of a monitor that has a list of them */
  bool has_modes;                      /* it takes no other */
  struct wl_listener backend_gone;
  struct wl_event_source *idle; /* may be NULL: no picture waits for its turn */
};

#define FAKE_INTERVAL G_GINT64_CONSTANT (16000000) /* ns between blanks, where it has a clock */

/* From now on pictures come on the screen only in a blank, which the test makes. */
void fake_output_follow (struct fake_output *output, gint64 *clock);
/* A vertical blank, now. */
void fake_output_blank (struct fake_output *output);

/* Plugs it in. wlr_output_destroy() of `base` pulls it out. */
struct fake_output *fake_output_plug (struct inos_compositor *compositor, const char *name);

/* Likewise one that says what it is, "ACME", "One" and the serial, and can show 1920x1080 at 60 Hz,
 * which it prefers, and at 144 Hz, and 1280x720 at 59.94 and at 60 Hz. */
struct fake_output *fake_output_plug_monitor (struct inos_compositor *compositor, const char *name,
                                              const char *serial);
