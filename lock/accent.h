/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The colours that a person can choose for what matters, by the names of the setting that desktops
 * share. */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

struct inos_accent {
  uint32_t accent, on_accent; /* 0xRRGGBBAA */
};

/* As the pages have it (shell/ui/src/lib/accents.css); teal for a name that nobody knows. */
struct inos_accent inos_accent_named (const char *name, bool dark, bool contrast);
/* The one that is set; teal where none is, since the schema's own is another desktop's. settings:
 * of org.gnome.desktop.interface. */
struct inos_accent inos_accent_of (GSettings *settings, bool dark, bool contrast);
/* The names of all of them; NULL ends them. */
const char *inos_accent_name (unsigned int i);
