/* How an output is set up, as one value that can be read, changed, applied and remembered. */
#pragma once

#include "output.h"

struct inos_output_settings {
  bool enabled, adaptive_sync;
  int width, height, refresh; /* px and mHz, before the transform; refresh 0: what fits */
  double scale;
  int transform; /* enum wl_output_transform */
  int x, y;      /* in the layout */
};

enum { INOS_OUTPUT_SIZE_MOST = 16384, INOS_OUTPUT_PLACE_MOST = 1 << 16 };

#define INOS_OUTPUT_SCALE_LEAST 0.25
#define INOS_OUTPUT_SCALE_MOST 8.0
#define INOS_OUTPUT_SCALE_STEP 0.0001 /* scales that are nearer are the same */

struct inos_output_settings inos_output_settings_of (struct inos_output *output);

/* The mode of that size whose rate is nearest, the highest where settings want none; NULL where the
 * output has no such size. */
struct wlr_output_mode *inos_output_settings_mode (struct wlr_output *wlr,
                                                   const struct inos_output_settings *settings);

/* Returns false, and changes nothing, where a value is out of bounds or the hardware refuses. */
bool inos_output_settings_apply (struct inos_output *output,
                                 const struct inos_output_settings *settings);
