/* org.freedesktop.ScreenSaver: programs without a surface to hang an inhibitor on keep the screen
 * awake, and learn whether it is dark or locked.
 *
 * What a caller asked for ends with it. Each may hold so many inhibitors and all together so many;
 * names are cut. Served at the two paths that programs know. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

enum { INOS_SAVER_EACH_MOST = 64, INOS_SAVER_MOST = 256 };

struct inos_screen_saver;

/* Exports the object on `connection`; it does not own the name. */
struct inos_screen_saver *inos_screen_saver_create (struct inos_compositor *compositor,
                                                    GDBusConnection *connection);
/* NULL does nothing. */
void inos_screen_saver_destroy (struct inos_screen_saver *saver);

/* Calls `each` with everything that keeps the screen awake so. */
void inos_screen_saver_for_each (struct inos_screen_saver *saver,
                                 void (*each) (const char *application, const char *reason,
                                               void *data),
                                 void *data);
