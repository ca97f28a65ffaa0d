/* The values of the output-power-management protocol, version 1, that wlroots' headers name. As
 * with the layer shell no Debian package has its description, and wlroots serves it. */
#pragma once

enum zwlr_output_power_v1_mode {
  ZWLR_OUTPUT_POWER_V1_MODE_OFF = 0,
  ZWLR_OUTPUT_POWER_V1_MODE_ON = 1,
};
