/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "place.h"

#include "inos-config.h"

#include <errno.h>
#include <ftw.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A desktop without a runtime directory can still be of use, so one is made, with a message that
 * says what to do about it.
 */
static char *runtime_directory (gboolean *made, GError **error)
{
  const char *set = g_getenv ("XDG_RUNTIME_DIR");
  *made = set == NULL || *set == '\0';
  if (*made) {
    char *path = g_dir_make_tmp ("inos-runtime-XXXXXX", error);
    if (path != NULL)
      g_message (_ ("XDG_RUNTIME_DIR is not set, so this session uses %s until it ends. "
                    "Log in through a login manager or enable pam_systemd to get a real one, or "
                    "set XDG_RUNTIME_DIR to a directory of yours with mode 0700."),
                 path);
    return path;
  }
  struct stat status;
  if (g_path_is_absolute (set) && stat (set, &status) == 0 && S_ISDIR (status.st_mode) &&
      status.st_uid == getuid() && access (set, W_OK | X_OK) == 0)
    return g_strdup (set);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("XDG_RUNTIME_DIR is %s, which is not a directory that belongs to you. "
                  "Set it to one with mode 0700, or unset it."),
               set);
  return NULL;
}

static int remove_entry (const char *path, const struct stat *status, int type, struct FTW *walk)
{
  return remove (path);
}

static void remove_tree (const char *path)
{
  nftw (path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static char *make_directory (char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0700) == 0)
    return path;
  g_set_error (error, G_IO_ERROR, (gint)g_io_error_from_errno (errno), _ ("cannot make %s: %s"),
               path, g_strerror (errno));
  g_free (path);
  return NULL;
}

/* Whether standard error is the stream that systemd connected to its journal. */
static gboolean is_journal (void)
{
  const char *stream = g_getenv ("JOURNAL_STREAM");
  struct stat status;
  if (stream == NULL || fstat (STDERR_FILENO, &status) < 0)
    return FALSE;
  g_autofree char *mine = g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT,
                                           (guint64)status.st_dev, (guint64)status.st_ino);
  return g_str_equal (stream, mine);
}

gboolean inos_session_place_init (struct inos_session_place *place, GError **error)
{
  *place = (struct inos_session_place){.on_terminal = isatty (STDERR_FILENO)};
  place->runtime = runtime_directory (&place->made, error);
  if (place->runtime == NULL)
    return FALSE;
  place->sockets = make_directory (g_build_filename (place->runtime, "inos", NULL), error);
  if (place->sockets == NULL)
    return FALSE;
  if (is_journal())
    return TRUE;
  place->logs =
    make_directory (g_build_filename (g_get_user_state_dir(), "inos", "log", NULL), error);
  place->journal = g_build_filename (g_get_user_state_dir(), "inos", "session.log", NULL);
  return place->logs != NULL;
}

void inos_session_place_finish (struct inos_session_place *place)
{
  if (place->made && place->runtime != NULL)
    remove_tree (place->runtime);
  g_free (place->runtime);
  g_free (place->sockets);
  g_free (place->logs);
  g_free (place->journal);
  *place = (struct inos_session_place){0};
}
