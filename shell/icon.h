/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Icons for the pages: by name from the theme, or an application's own by its desktop id.
 */

#include <glib.h>

/* The picture's bytes and its media type, or NULL where there is none. size is in CSS pixels; the
 * largest scale of any monitor is counted in. */
GBytes *inos_icon_load (const char *name, int size, const char **media_type);
