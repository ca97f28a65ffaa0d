/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/monitor/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int inos_source_open (int root, const char *path)
{
  return openat (root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

bool inos_source_read (int fd, char *buffer, size_t size, struct inos_scan *text)
{
  size_t len = 0;
  ssize_t n;

  *text = (struct inos_scan){buffer, buffer};
  if (fd < 0)
    return false;
  while (len < size) {
    n = pread (fd, buffer + len, size - len, (off_t)len);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    len += (size_t)n;
  }
  text->end = buffer + len;
  return len > 0;
}

bool inos_source_read_once (int root, const char *path, char *buffer, size_t size,
                            struct inos_scan *text)
{
  int fd = inos_source_open (root, path);
  bool any = inos_source_read (fd, buffer, size, text);

  inos_source_close (&fd);
  return any;
}

void inos_source_close (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

void inos_dir_each (int root, const char *path, bool (*each) (const char *name, void *data),
                    void *data)
{
  _Alignas (struct dirent64) char buffer[4096];
  int fd = openat (root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool go_on = fd >= 0;
  ssize_t n;

  while (go_on && (n = getdents64 (fd, buffer, sizeof buffer)) > 0)
    for (ssize_t at = 0; go_on && at < n;) {
      const struct dirent64 *entry = (const struct dirent64 *)(const void *)(buffer + at);
      if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
        go_on = each (entry->d_name, data);
      at += entry->d_reclen;
    }
  inos_source_close (&fd);
}
