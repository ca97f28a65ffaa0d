/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "settings_users.h"

#define INOS_ACCOUNTS "org.freedesktop.Accounts"

struct InosUsers {
  InosThumbs *thumbs;
  GtkWindow *window;
  GCancellable *cancellable;
  GArray *pictures;     /* guint: of thumbs, of what was read last */
  char *path;           /* one's own object of the service; NULL until it is known */
  char *name, *icon;    /* as the service has them; NULL until they are known */
  GDBusConnection *bus; /* of the system; NULL until it is needed */
};
