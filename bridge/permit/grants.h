/*
 * What was granted for good: which application may do what, and since when. Kept in a file that is
 * written anew, whole or not at all, before anybody hears of a change.
 *
 *     org.example.App node.mesh 1763800000000000
 *
 * One line each: application, capability, when (µs since 1970). What is none of that is left out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define INOS_GRANTS_MAX 4096           /* lines */
#define INOS_GRANTS_FILE_MAX (2 << 20) /* bytes: all lines as long as can be */

struct inos_grant {
  char *app;
  const char *capability; /* static */
  gint64 since;           /* µs since 1970 */
};

struct inos_grants;

/**
 * inos_grants_new:
 * @path: (nullable): of the file, which need not be there; NULL for none
 *
 * What of the file cannot be read grants nothing, and the log says so.
 */
struct inos_grants *inos_grants_new (const char *path);
void inos_grants_free (struct inos_grants *grants); /* takes NULL */

/** inos_grants_parse: adds what @text has. Returns: how many lines are none. */
guint inos_grants_parse (struct inos_grants *grants, const char *text, gsize size);

/** inos_grants_write: Returns: (transfer full): the file's text. */
char *inos_grants_write (struct inos_grants *grants);

bool inos_grants_has (struct inos_grants *grants, const char *app, const char *capability);

/** inos_grants_list: Returns: (transfer none): struct inos_grant, by application and capability. */
GPtrArray *inos_grants_list (struct inos_grants *grants);

/**
 * inos_grants_add:
 * @now: µs since 1970
 *
 * Returns: whether it holds, now or before. Where not, @error says why: the application or the
 * capability is none, there are too many, or the file could not be written, and then it does not
 * hold.
 */
bool inos_grants_add (struct inos_grants *grants, const char *app, const char *capability,
                      gint64 now, GError **error);

/**
 * inos_grants_remove:
 * @capability: (nullable): NULL for all of the application's
 * @count: (out): how many there were
 *
 * They do not hold any more in any case. Returns: whether the file says so too, else @error.
 */
bool inos_grants_remove (struct inos_grants *grants, const char *app, const char *capability,
                         guint *count, GError **error);
