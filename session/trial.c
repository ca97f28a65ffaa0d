/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "trial.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define GROUP "session"
#define BAD "bad-starts"
#define OPEN "open"
#define MAX_FILE 4096 /* bytes */
#define MAX_BAD 1000
#define PATIENCE (20 * G_USEC_PER_SEC) /* with a session that ends */
#define LOOK_AGAIN 50000               /* µs */

struct inos_trial {
  char *path;
  int lock;        /* an open file that is locked, and ceases to be when this process ends */
  unsigned before; /* bad ones before this one */
  unsigned bad;    /* this one included, until it passes */
  enum inos_trial_end last_end;
};

static gboolean is_small (const char *path)
{
  struct stat status;
  return stat (path, &status) == 0 && S_ISREG (status.st_mode) && status.st_size <= MAX_FILE;
}

static void read_file (struct inos_trial *trial)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autoptr (GError) error = NULL;
  if (!g_file_test (trial->path, G_FILE_TEST_EXISTS))
    return;
  if (!is_small (trial->path) ||
      !g_key_file_load_from_file (file, trial->path, G_KEY_FILE_NONE, &error)) {
    g_message ("%s: %s; how earlier sessions ended is not known", trial->path,
               error != NULL ? error->message : "not a small file");
    return;
  }
  int bad = g_key_file_get_integer (file, GROUP, BAD, NULL);
  trial->before = (unsigned)CLAMP (bad, 0, MAX_BAD);
  if (g_key_file_get_boolean (file, GROUP, OPEN, NULL))
    trial->last_end = INOS_TRIAL_CUT_OFF;
}

static void write_file (struct inos_trial *trial, gboolean open)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text =
    g_strdup_printf ("[" GROUP "]\n" BAD "=%u\n" OPEN "=%s\n", trial->bad, open ? "true" : "false");
  /* Whole and on the disk: a machine that hangs at the start is what it is for. */
  if (!g_file_set_contents_full (trial->path, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                 &error))
    g_message ("%s", error->message);
}

/* Returns -1 where another process has it. A file that cannot be made keeps nobody out. */
static int lock_file (const char *path)
{
  g_autofree char *name = g_strconcat (path, ".lock", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_mkdir_with_parents (folder, 0700);
  int lock = open (name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock >= 0 && flock (lock, LOCK_EX | LOCK_NB) == 0)
    return lock;
  gboolean held = lock >= 0 && errno == EWOULDBLOCK;
  if (!held)
    g_message ("%s: %s", name, g_strerror (errno));
  if (lock >= 0)
    close (lock);
  return held ? -1 : open ("/dev/null", O_RDWR | O_CLOEXEC);
}

/* Whether the session that has the lock has noted its end. */
static gboolean is_ending (const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autoptr (GError) error = NULL;
  return is_small (path) && g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL) &&
         !g_key_file_get_boolean (file, GROUP, OPEN, &error) && error == NULL;
}

/* One that ends soon has ended: who logs out and in again, or whose login manager was started
 * anew, has one session. */
static int lock_when_free (const char *path)
{
  int lock = lock_file (path);
  if (lock >= 0 || !is_ending (path))
    return lock;
  g_message (_ ("your last session still ends: waiting for it, %d s at most"),
             PATIENCE / G_USEC_PER_SEC);
  gint64 end = g_get_monotonic_time() + PATIENCE;
  while ((lock = lock_file (path)) < 0 && is_ending (path) && g_get_monotonic_time() < end)
    g_usleep (LOOK_AGAIN);
  return lock;
}

struct inos_trial *inos_trial_begin (const char *path)
{
  int lock = lock_when_free (path);
  if (lock < 0)
    return NULL;
  struct inos_trial *trial = g_new0 (struct inos_trial, 1);
  trial->lock = lock;
  trial->path = g_strdup (path);
  read_file (trial);
  trial->bad = trial->before + 1;
  write_file (trial, TRUE);
  return trial;
}

void inos_trial_free (struct inos_trial *trial)
{
  if (trial == NULL)
    return;
  close (trial->lock);
  g_free (trial->path);
  g_free (trial);
}

unsigned inos_trial_bad (const struct inos_trial *trial)
{
  return trial->before;
}

enum inos_trial_end inos_trial_last_end (const struct inos_trial *trial)
{
  return trial->last_end;
}

void inos_trial_pass (struct inos_trial *trial)
{
  if (trial->bad == 0)
    return;
  trial->bad = 0;
  write_file (trial, TRUE);
}

void inos_trial_end (struct inos_trial *trial)
{
  write_file (trial, FALSE);
}
