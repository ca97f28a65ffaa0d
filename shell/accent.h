/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The colour that a person wants to see what matters in, as the desktops share it (accent-color of
 * org.gnome.desktop.interface). Who has chosen none has ours, which is teal; the schema's own
 * default is another desktop's.
 */

#include <gio/gio.h>

/* settings may be NULL. Static: one of the names of the schema. */
const char *inos_accent_of (GSettings *settings);
/* 0xrrggbb, for other programs. */
guint32 inos_accent_rgb (const char *name);
