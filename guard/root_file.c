/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "guard/root_file.h"

#include "guard/patience.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  WAITING_MOST = 4,       /* threads that wait for such file systems */
  MOUNTINFO_MAX = 1 << 20 /* bytes */
};

/* How far away */

static bool is_one_of (const char *type, gsize length, const char *const *types)
{
  for (; *types; types++) {
    if (strlen (*types) == length && memcmp (*types, type, length) == 0)
      return true;
  }
  return false;
}

static enum inos_root_distance distance_of_type (const char *type, gsize length)
{
  static const char *const near[] = {"tmpfs", "ramfs", "rootfs",   "ext2",    "ext3",
                                     "ext4",  "btrfs", "xfs",      "f2fs",    "bcachefs",
                                     "zfs",   "erofs", "squashfs", "iso9660", NULL};
  static const char *const served[] = {"fuse", "fuseblk", NULL};

  if (is_one_of (type, length, near))
    return INOS_ROOT_NEAR;
  if (is_one_of (type, length, served) || (length > 5 && memcmp (type, "fuse.", 5) == 0))
    return INOS_ROOT_SERVED;
  return INOS_ROOT_FAR;
}

/* "36 35 98:0 /root /point options fields - type source options", where no field has a space. */
enum inos_root_distance inos_root_distance (const char *mountinfo, int mount)
{
  const char *line, *end;

  for (line = mountinfo; *line; line = *end ? end + 1 : end) {
    const char *type;

    end = strchrnul (line, '\n');
    if (!g_ascii_isdigit (*line) || strtol (line, NULL, 10) != mount)
      continue;
    type = g_strstr_len (line, end - line, " - ");
    if (type == NULL)
      return INOS_ROOT_FAR;
    type += strlen (" - ");
    return distance_of_type (type, strcspn (type, " \n"));
  }
  return INOS_ROOT_FAR;
}

/* The number of the mount on which the file is, which the kernel knows by itself; -1 if not. */
static int mount_of (int fd)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fdinfo/%d", fd);
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (line = strstr (text, "mnt_id:")) == NULL)
    return -1;
  return (int)strtol (line + strlen ("mnt_id:"), NULL, 10);
}

static enum inos_root_distance look_up (int process, int mount)
{
  gsize size;
  g_autofree char *text = inos_file_read (process, "mountinfo", MOUNTINFO_MAX, &size);

  return text != NULL ? inos_root_distance (text, mount) : INOS_ROOT_FAR;
}

/* Asks the file system nothing: whoever serves it would not have to answer. What is on the mount of
 * our own root we depend on anyway. */
static enum inos_root_distance distance_of (int process, int fd)
{
  g_autofd int own = open ("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  int mount = mount_of (fd);

  if (mount < 0)
    return INOS_ROOT_FAR;
  if (own >= 0 && mount_of (own) == mount)
    return INOS_ROOT_NEAR;
  return look_up (process, mount);
}

/* Reading */

/* What procfs has is longer than it says. */
static char *read_all (int fd, gsize max, gsize *size)
{
  g_autofree char *text = NULL;
  struct stat status;
  ssize_t got = 1;

  if (fd < 0 || fstat (fd, &status) != 0)
    return NULL;
  if (!S_ISREG (status.st_mode) || status.st_size > (off_t)max) {
    errno = EFBIG;
    return NULL;
  }
  text = g_malloc0 (max + 1);
  for (*size = 0; got > 0 && *size < max; *size += (gsize)MAX (got, 0))
    got = read (fd, text + *size, max - *size);
  return got < 0 ? NULL : g_steal_pointer (&text);
}

char *inos_file_read (int folder, const char *name, gsize max, gsize *size)
{
  g_autofd int fd =
    openat (folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);

  return read_all (fd, max, size);
}

/* Waiting, but not for ever */

struct job {
  gatomicrefcount refs; /* the thread's, and that of who waits */
  int root;
  char *name;
  gsize max;

  GMutex lock; /* of what follows */
  GCond done;
  bool is_done;
  char *text; /* NULL: error says why */
  gsize size;
  int error;
};

/* In this process; whom nobody answers stays until the file system goes. */
static gint waiting;

static GMutex patience_lock;
static struct inos_patience patience; /* with all of them */

static void job_unref (struct job *job)
{
  if (!g_atomic_ref_count_dec (&job->refs))
    return;
  close (job->root);
  g_free (job->name);
  g_free (job->text);
  g_mutex_clear (&job->lock);
  g_cond_clear (&job->done);
  g_free (job);
}

static void *run (void *data)
{
  struct job *job = data;
  gsize size = 0;
  char *text = inos_file_read (job->root, job->name, job->max, &size);
  int error = errno;

  g_atomic_int_add (&waiting, -1);
  g_mutex_lock (&job->lock);
  job->text = text;
  job->size = size;
  job->error = error;
  job->is_done = true;
  g_cond_signal (&job->done);
  g_mutex_unlock (&job->lock);
  job_unref (job);
  return NULL;
}

static gint64 get_patience (void)
{
  gint64 left;

  g_mutex_lock (&patience_lock);
  left = inos_patience_left (&patience, g_get_monotonic_time());
  g_mutex_unlock (&patience_lock);
  return left;
}

static void lose_patience (gint64 waited)
{
  g_mutex_lock (&patience_lock);
  inos_patience_spend (&patience, waited);
  g_mutex_unlock (&patience_lock);
}

static char *wait_for (struct job *job, gint64 most, gsize *size)
{
  gint64 began = g_get_monotonic_time(), until = began + most;
  char *text;

  g_mutex_lock (&job->lock);
  while (!job->is_done && g_cond_wait_until (&job->done, &job->lock, until))
    continue;
  text = g_steal_pointer (&job->text);
  *size = job->size;
  errno = job->is_done ? job->error : ETIMEDOUT;
  g_mutex_unlock (&job->lock);
  lose_patience (g_get_monotonic_time() - began);
  return text;
}

static char *read_with_patience (int root, const char *name, gsize max, gsize *size)
{
  struct job *job;
  GThread *thread;
  char *text;
  gint64 most = get_patience();
  int error, own;

  if (most == 0) {
    errno = EBUSY;
    return NULL;
  }
  if (g_atomic_int_add (&waiting, 1) >= WAITING_MOST ||
      (own = fcntl (root, F_DUPFD_CLOEXEC, 3)) < 0) {
    g_atomic_int_add (&waiting, -1);
    errno = EBUSY;
    return NULL;
  }
  job = g_new0 (struct job, 1);
  job->root = own;
  job->name = g_strdup (name);
  job->max = max;
  g_mutex_init (&job->lock);
  g_cond_init (&job->done);
  g_atomic_ref_count_init (&job->refs);
  g_atomic_ref_count_inc (&job->refs);
  thread = g_thread_try_new ("root", run, job, NULL);
  if (thread == NULL) {
    g_atomic_int_add (&waiting, -1);
    job_unref (job);
    job_unref (job);
    errno = EBUSY;
    return NULL;
  }
  g_thread_unref (thread);
  text = wait_for (job, most, size);
  error = errno;
  job_unref (job);
  errno = error;
  return text;
}

/* What was found there, and not what is there by now. */
static char *read_found (int file, gsize max, gsize *size)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", file);
  g_autofd int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

  return read_all (fd, max, size);
}

/* The file may be on another mount than its folder. */
static char *read_near (int process, int root, const char *name, gsize max, gsize *size)
{
  g_autofd int file = openat (root, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  enum inos_root_distance distance;

  if (file < 0)
    return NULL;
  distance = distance_of (process, file);
  if (distance == INOS_ROOT_NEAR)
    return read_found (file, max, size);
  if (distance == INOS_ROOT_FAR)
    return read_with_patience (root, name, max, size);
  errno = EREMOTE;
  return NULL;
}

char *inos_root_file_read (int process, int root, const char *name, gsize max, gsize *size)
{
  switch (distance_of (process, root)) {
  case INOS_ROOT_NEAR:
    return read_near (process, root, name, max, size);
  case INOS_ROOT_FAR:
    return read_with_patience (root, name, max, size);
  default:
    errno = EREMOTE;
    return NULL;
  }
}
