/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/os/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define AGAIN_MAX 16 /* the kernel says EAGAIN where somebody renames what is looked up */

char *inos_path_clean (const char *path)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GString) clean = g_string_new (NULL);

  if (!path || path[0] != '/')
    return NULL;
  parts = g_strsplit (path, "/", -1);
  for (char **part = parts; *part; part++) {
    if (g_str_equal (*part, ".."))
      return NULL;
    if (**part && !g_str_equal (*part, "."))
      g_string_append_printf (clean, "/%s", *part);
  }
  if (clean->len == 0)
    g_string_append_c (clean, '/');
  return g_string_free (g_steal_pointer (&clean), FALSE);
}

const char *inos_path_below (const char *path, const char *prefix)
{
  size_t length = strlen (prefix);

  if (g_str_equal (prefix, "/"))
    return path + 1;
  if (strncmp (path, prefix, length) != 0)
    return NULL;
  if (path[length] == '\0')
    return path + length;
  return path[length] == '/' ? path + length + 1 : NULL;
}

static int open_by_kernel (int dir, const char *path, int flags, mode_t mode)
{
  const struct open_how how = {
    .flags = (uint64_t)(unsigned)flags,
    .mode = flags & O_CREAT ? mode : 0,
    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
  };
  long fd = -1;

  for (int i = 0; i < AGAIN_MAX; i++) {
    fd = syscall (SYS_openat2, dir, path, &how, sizeof how);
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
      break;
  }
  return (int)fd;
}

/* One step down; takes @dir. */
static int step (int dir, const char *name)
{
  int next = -1;

  if (g_str_equal (name, ".."))
    errno = EXDEV;
  else
    next = openat (dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  /* That it is a link and no directory is said by ENOTDIR here. */
  int saved = errno;
  close (dir);
  errno = saved;
  return next;
}

/* The last step. O_PATH would open a link itself. */
static int open_last (int dir, const char *name, int flags, mode_t mode)
{
  struct stat st;

  if (g_str_equal (name, "..")) {
    errno = EXDEV;
    return -1;
  }
  if (fstatat (dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK (st.st_mode)) {
    errno = ELOOP;
    return -1;
  }
  int fd = openat (dir, name, flags | O_NOFOLLOW, mode);
  if (fd >= 0 && flags & O_PATH && fstat (fd, &st) == 0 && S_ISLNK (st.st_mode)) {
    close (fd);
    errno = ELOOP;
    return -1;
  }
  return fd;
}

/* For kernels before 5.6: each directory is opened from the one before it. */
static int open_by_walking (int dir, const char *path, int flags, mode_t mode)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  int at = fcntl (dir, F_DUPFD_CLOEXEC, 3);
  char **part = parts;

  for (; at >= 0 && *part && part[1]; part++)
    at = step (at, *part);
  if (at < 0)
    return -1;
  int fd = open_last (at, *part && **part ? *part : ".", flags, mode);
  int saved = errno;
  close (at);
  errno = saved;
  return fd;
}

int inos_open_beneath (int dir, const char *path, int flags, mode_t mode, bool walk)
{
  flags |= O_CLOEXEC;
  if (!walk) {
    int fd = open_by_kernel (dir, *path ? path : ".", flags, mode);
    /* Some sandboxes answer EPERM for calls that they do not know. */
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
      return fd;
  }
  return open_by_walking (dir, path, flags, mode);
}
