/* Settings that are written into compositor.ini while the compositor runs, for those who would
 * rather not edit it: what is not changed stays as it was written, with the comments. */
#pragma once

#include <gio/gio.h>

#include "compositor.h"

enum { INOS_CHANGES_MOST = 64, INOS_CHANGE_BYTES_MOST = 4096 /* of each text */ };

/* Called once. before: NULL where error is set. */
typedef void (*inos_config_changed_func) (GVariant *before, const GError *error, void *data);

/* settings: a(ssas), group, key, and the value as the file is to have it, or none to take the key
 * out. The file is written by another thread, and then read again: one change after the other.
 * `done` gets what was there, of the same type. `ended` is cancelled before the compositor goes. */
void inos_config_change (struct inos_compositor *compositor, GVariant *settings,
                         GCancellable *ended, inos_config_changed_func done, void *data);
