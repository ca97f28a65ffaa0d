/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a person has set for notifications, in a file:
 *
 *     { "doNotDisturb": false, "quietInFullScreen": true, "muted": ["org.example.Chat"] }
 */

#include <glib.h>

#define INOS_NOTIFY_MAX_MUTED 256

typedef struct {
  char *path;
  gboolean do_not_disturb;
  gboolean quiet_in_full_screen;
  GPtrArray *muted; /* char *, sorted, each once */
} InosNotifySettings;

/* Defaults where there is no file, or one that cannot be read, which the log says. */
void inos_notify_settings_init (InosNotifySettings *self, const char *path);
void inos_notify_settings_finish (InosNotifySettings *self);
void inos_notify_settings_save (InosNotifySettings *self);

gboolean inos_notify_settings_mutes (const InosNotifySettings *self, const char *source);
/* names: NULL-terminated; what is too much or too long is left out. */
void inos_notify_settings_set_muted (InosNotifySettings *self, const char *const *names);
