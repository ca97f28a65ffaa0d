/*
 * Which application a process is, from what the kernel and the sandbox's maker wrote and the
 * process cannot change: /.flatpak-info at its root, and its control group. Bytes in, names out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define INOS_APP_ID_MAX 255            /* bytes, as a bus name's */
#define INOS_APP_ID_FILE_MAX (1 << 16) /* bytes of what is read of a process */

enum inos_sandbox {
  INOS_SANDBOX_NONE,
  INOS_SANDBOX_APP,     /* there is one, and it says whose */
  INOS_SANDBOX_UNKNOWN, /* there is one, and what it says is no name */
};

/**
 * inos_app_id_is_valid:
 * @id: (nullable): UTF-8
 *
 * Returns: whether it can name an application: 1 to %INOS_APP_ID_MAX letters, digits, '.', '-' and
 * '_' of ASCII, which neither begin nor end with a dot. Such a name can be shown, and written into
 * a line, as it is.
 */
bool inos_app_id_is_valid (const char *id);

/**
 * inos_app_id_from_flatpak:
 * @text: what /.flatpak-info has
 * @size: in bytes
 * @id: (out): the name, of %INOS_APP_ID_MAX bytes and a zero; "" where it is not known
 *
 * Returns: %INOS_SANDBOX_APP or %INOS_SANDBOX_UNKNOWN: that the file is there says that there is a
 * sandbox.
 */
enum inos_sandbox inos_app_id_from_flatpak (const char *text, gsize size,
                                            char id[INOS_APP_ID_MAX + 1]);

/**
 * inos_app_id_from_cgroup:
 * @text: what /proc/PID/cgroup has
 * @size: in bytes
 * @id: (out): as above; a snap's is "snap.NAME"
 *
 * Snaps' scopes are "snap.NAME.…", Flatpak's "app-flatpak-ID-NUMBER.scope" with '-' in the id
 * written "\x2d", as systemd.unit(5) says.
 *
 * Returns: whether that is a sandbox's control group.
 */
enum inos_sandbox inos_app_id_from_cgroup (const char *text, gsize size,
                                           char id[INOS_APP_ID_MAX + 1]);
