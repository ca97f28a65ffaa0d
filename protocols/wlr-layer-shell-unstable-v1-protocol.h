/* The values of the layer-shell protocol, version 4, that wlroots' headers name. No Debian package
 * has the protocol's description, from which this header is elsewhere generated; wlroots itself
 * serves the protocol, so its values are all that we need. */
#pragma once

enum zwlr_layer_shell_v1_layer {
  ZWLR_LAYER_SHELL_V1_LAYER_BACKGROUND = 0,
  ZWLR_LAYER_SHELL_V1_LAYER_BOTTOM = 1,
  ZWLR_LAYER_SHELL_V1_LAYER_TOP = 2,
  ZWLR_LAYER_SHELL_V1_LAYER_OVERLAY = 3,
};

enum zwlr_layer_surface_v1_keyboard_interactivity {
  ZWLR_LAYER_SURFACE_V1_KEYBOARD_INTERACTIVITY_NONE = 0,
  ZWLR_LAYER_SURFACE_V1_KEYBOARD_INTERACTIVITY_EXCLUSIVE = 1,
  ZWLR_LAYER_SURFACE_V1_KEYBOARD_INTERACTIVITY_ON_DEMAND = 2,
};

enum zwlr_layer_surface_v1_anchor {
  ZWLR_LAYER_SURFACE_V1_ANCHOR_TOP = 1,
  ZWLR_LAYER_SURFACE_V1_ANCHOR_BOTTOM = 2,
  ZWLR_LAYER_SURFACE_V1_ANCHOR_LEFT = 4,
  ZWLR_LAYER_SURFACE_V1_ANCHOR_RIGHT = 8,
};

enum zwlr_layer_surface_v1_error {
  ZWLR_LAYER_SURFACE_V1_ERROR_INVALID_SIZE = 1,
};
