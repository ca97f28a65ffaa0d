/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define OTHERS (S_IRWXG | S_IRWXO)

static bool fail (GError **error, const char *what, const char *name)
{
  int saved = errno;

  g_set_error (error, G_IO_ERROR, (gint)g_io_error_from_errno (saved), "%s %s: %s", what, name,
               g_strerror (saved));
  return false;
}

/* Takes away what others may do with an open file or directory of ours. */
static bool close_to_others (int fd, const char *name, GError **error)
{
  struct stat st;

  if (fstat (fd, &st) < 0)
    return fail (error, "Cannot look at", name);
  if (st.st_uid != geteuid()) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 "%s belongs to the user %u, not to %u", name, st.st_uid, geteuid());
    return false;
  }
  if (!(st.st_mode & OTHERS))
    return true;
  if (fchmod (fd, st.st_mode & 07777 & ~(mode_t)OTHERS) < 0)
    return fail (error, "Cannot take other users' access from", name);
  g_warning ("%s was open to other users (mode %04o); now it is not.", name, st.st_mode & 07777);
  return true;
}

int inos_dir_private (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0700) < 0) {
    fail (error, "Cannot make the directory", path);
    return -1;
  }

  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) {
    fail (error, "Cannot open the directory", path);
    return -1;
  }
  if (!close_to_others (fd, path, error)) {
    close (fd);
    return -1;
  }
  return fd;
}

bool inos_write_all (int fd, const void *data, size_t len)
{
  const char *at = data;

  while (len > 0) {
    ssize_t n = write (fd, at, len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    at += n;
    len -= (size_t)n;
  }
  return true;
}

/* Gives the nameless file @fd a name, unless that is taken. */
static bool name_it (int fd, int dir, const char *name)
{
  char path[32];

  g_snprintf (path, sizeof path, "/proc/self/fd/%d", fd);
  return linkat (AT_FDCWD, path, dir, name, AT_SYMLINK_FOLLOW) == 0;
}

/* Moves the hidden file @temp to its name, unless that is taken; false with errno set. */
static bool rename_it (int dir, const char *temp, const char *name)
{
  if (linkat (dir, temp, dir, name, 0) == 0)
    return unlinkat (dir, temp, 0) == 0;
  if (errno == EEXIST)
    return false;
  /* A file system without hard links, such as vfat. */
  return renameat2 (dir, temp, dir, name, RENAME_NOREPLACE) == 0;
}

static bool write_durably (int fd, const void *data, size_t len)
{
  return inos_write_all (fd, data, len) && fsync (fd) == 0;
}

/* The same, in place of what has the name. */
static bool rename_over (int dir, const char *temp, const char *name)
{
  return renameat (dir, temp, dir, name) == 0;
}

static bool create_named (int dir, const char *name, const void *data, size_t len,
                          bool (*place) (int dir, const char *temp, const char *name),
                          GError **error)
{
  g_autofree char *temp = g_strdup_printf (".%s.%08x%08x", name, g_random_int(), g_random_int());
  int fd = openat (dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0)
    return fail (error, "Cannot make", temp);
  bool done = write_durably (fd, data, len) && place (dir, temp, name);
  if (!done) {
    fail (error, "Cannot write", name);
    unlinkat (dir, temp, 0);
  }
  close (fd);
  return done;
}

static bool make_durable (int dir, const char *name, GError **error)
{
  return fsync (dir) == 0 || fail (error, "Cannot make durable the directory of", name);
}

bool inos_file_create_once (int dir, const char *name, const void *data, size_t len,
                            enum inos_file_how how, GError **error)
{
  int fd =
    how == INOS_FILE_NAMELESS ? openat (dir, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600) : -1;

  if (fd < 0) {
    if (!create_named (dir, name, data, len, rename_it, error))
      return false;
  } else {
    bool written = write_durably (fd, data, len);
    bool done = written && name_it (fd, dir, name);
    int saved = errno;
    close (fd);
    errno = saved;
    if (!written || (!done && saved == EEXIST))
      return fail (error, "Cannot write", name);
    /* Without /proc a nameless file cannot get a name. */
    if (!done && !create_named (dir, name, data, len, rename_it, error))
      return false;
  }
  return make_durable (dir, name, error);
}

bool inos_file_replace (int dir, const char *name, const void *data, size_t len, GError **error)
{
  return create_named (dir, name, data, len, rename_over, error) && make_durable (dir, name, error);
}

bool inos_file_read_private (int dir, const char *name, void *data, size_t size, size_t *len,
                             GError **error)
{
  int fd = openat (dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat st;

  if (fd < 0)
    return fail (error, "Cannot open", name);
  if (fstat (fd, &st) < 0 || !S_ISREG (st.st_mode)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "%s is not a regular file", name);
    close (fd);
    return false;
  }
  if (!close_to_others (fd, name, error)) {
    close (fd);
    return false;
  }

  char *at = data, beyond;
  ssize_t n = 1;
  for (*len = 0; *len < size && n > 0; *len += (size_t)MAX (n, 0))
    n = read (fd, at + *len, size - *len);
  if (n > 0)
    n = read (fd, &beyond, 1), *len += n > 0;
  if (n < 0)
    fail (error, "Cannot read", name);
  close (fd);
  return n >= 0;
}
