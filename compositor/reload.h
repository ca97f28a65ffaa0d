/* The settings while the compositor runs: read again when asked, and when the file changes. A file
 * with a mistake changes nothing and is reported. */
#pragma once

#include "compositor.h"

/* Reads compositor.ini. Returns false where it has a mistake, which the log and
 * compositor->config_error then hold; settings stay as they were. */
bool inos_reload (struct inos_compositor *compositor);

/* Follows the file from now on, until the compositor goes. */
void inos_reload_watch (struct inos_compositor *compositor);

/* With the compositor: the first reading, and the end. */
void inos_reload_init (struct inos_compositor *compositor);
void inos_reload_finish (struct inos_compositor *compositor);
