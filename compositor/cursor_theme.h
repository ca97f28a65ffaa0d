/* The pointer's images: which theme, how large, and what instead where the theme is not there. */
#pragma once

#include "config.h"

struct wlr_xcursor_manager;

/* What the settings say, else XCURSOR_THEME and XCURSOR_SIZE, else the system's default theme in
 * 24 px. A theme without images is logged and the default taken for it, so that there always is a
 * pointer. Its name and size are what programs should ask for; the caller's to destroy. */
struct wlr_xcursor_manager *inos_cursor_theme_load (const struct inos_config *config);
