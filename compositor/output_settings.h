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

struct inos_output_settings inos_output_settings_of (struct inos_output *output);

/* Returns false, and changes nothing, where a value is out of bounds or the hardware refuses. */
bool inos_output_settings_apply (struct inos_output *output,
                                 const struct inos_output_settings *settings);
