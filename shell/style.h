/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

/* How native widgets look, besides what GTK's theme says: CSS, for the whole display. added:
 * static, of whoever has that CSS, which is added once. */
void inos_style_add (const char *css, gboolean *added);
