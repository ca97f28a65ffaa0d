/* The colours that a person can choose for what is marked, by the names of the setting that
 * desktops share. */
#pragma once

#include <gio/gio.h>

#include "picture.h"

/* The one that is set, as the pages have it (shell/ui/src/lib/accents.css); teal where none is, or
 * one that nobody knows. settings: of org.gnome.desktop.interface; may be NULL. */
struct inos_colour inos_accent_of (GSettings *settings, bool dark, bool contrast);

/* The names of all of them; NULL ends them. */
const char *inos_accent_name (guint i);
/* That of a name; teal's for any other one. */
struct inos_colour inos_accent_named (const char *name, bool dark, bool contrast);
