/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/audit.h"

#include "node/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOUR UINT64_C (3600000000000)

struct inos_audit {
  const struct inos_mesh_env *env;
  char *path, *older; /* NULL: nothing is kept */
  int fd;             /* -1: not open */
  bool complained;
  struct {
    struct inos_peer_id id;
    uint64_t until;
  } strangers[INOS_AUDIT_STRANGERS];
  unsigned next, told; /* strangers in this hour */
  uint64_t hour;       /* when it began */
};

struct inos_audit *inos_audit_new (const struct inos_mesh_env *env, const char *dir)
{
  struct inos_audit *audit = g_new0 (struct inos_audit, 1);

  audit->env = env;
  audit->fd = -1;
  if (dir) {
    audit->path = g_build_filename (dir, INOS_AUDIT_FILE, NULL);
    audit->older = g_strconcat (audit->path, ".1", NULL);
  }
  return audit;
}

void inos_audit_free (struct inos_audit *audit)
{
  if (!audit)
    return;
  if (audit->fd >= 0)
    close (audit->fd);
  g_free (audit->path);
  g_free (audit->older);
  g_free (audit);
}

static void complain (struct inos_audit *audit, const char *what)
{
  if (!audit->complained)
    g_warning ("The audit log %s cannot be %s: %s. What happens is not written down until it can.",
               audit->path, what, g_strerror (errno));
  audit->complained = true;
}

/* A line that was cut off by a crash is ended, so that the next one is whole. */
static void end_line (int fd, off_t size)
{
  char last;

  if (size > 0 && pread (fd, &last, 1, size - 1) == 1 && last != '\n')
    inos_write_all (fd, "\n", 1);
}

static bool open_file (struct inos_audit *audit)
{
  struct stat info;

  if (audit->fd >= 0)
    return true;
  audit->fd =
    open (audit->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
  if (audit->fd < 0) {
    complain (audit, "opened");
    return false;
  }
  if (fstat (audit->fd, &info) == 0)
    end_line (audit->fd, info.st_size);
  return true;
}

static void rotate (struct inos_audit *audit)
{
  struct stat info;

  if (fstat (audit->fd, &info) < 0 || info.st_size < INOS_AUDIT_FILE_MAX)
    return;
  close (audit->fd);
  audit->fd = -1;
  if (g_rename (audit->path, audit->older) < 0)
    complain (audit, "put aside");
}

static char *line_of (const struct inos_audit *audit, const char *what,
                      const struct inos_peer_id *peer, const char *more)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (inos_env_wall (audit->env) / 1000);
  g_autofree char *time = now ? g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ") : g_strdup ("-");
  char id[INOS_PEER_TEXT_MAX] = "-";

  if (peer)
    inos_peer_id_text (peer, id);
  return g_strdup_printf ("%s %s %s%s%s\n", time, what, id, *more ? " " : "", more);
}

void inos_audit_write (struct inos_audit *audit, const char *what, const struct inos_peer_id *peer,
                       const char *more)
{
  g_autofree char *line = line_of (audit, what, peer, more);

  if (!audit->path || !open_file (audit))
    return;
  rotate (audit);
  if (!open_file (audit))
    return;
  if (!inos_write_all (audit->fd, line, strlen (line)) || fdatasync (audit->fd) < 0)
    complain (audit, "written");
  else
    audit->complained = false;
}

static bool was_told (struct inos_audit *audit, const struct inos_peer_id *peer, uint64_t now)
{
  for (unsigned i = 0; i < INOS_AUDIT_STRANGERS; i++)
    if (now < audit->strangers[i].until && inos_peer_id_equal (&audit->strangers[i].id, peer))
      return true;
  audit->strangers[audit->next].id = *peer;
  audit->strangers[audit->next].until = now + INOS_AUDIT_STRANGER_AGAIN;
  audit->next = (audit->next + 1) % INOS_AUDIT_STRANGERS;
  return false;
}

void inos_audit_stranger (struct inos_audit *audit, const struct inos_peer_id *peer,
                          const char *protocol)
{
  uint64_t now = inos_env_now (audit->env);

  if (now - audit->hour >= HOUR) {
    audit->hour = now;
    audit->told = 0;
  }
  if (was_told (audit, peer, now) || audit->told >= INOS_AUDIT_STRANGERS_RATE)
    return;
  inos_audit_write (audit, "stranger-refused", peer,
                    ++audit->told == INOS_AUDIT_STRANGERS_RATE
                      ? "and no more of them are written down for an hour"
                      : protocol);
}

/* Reading */

static void add_lines (GPtrArray *lines, const char *path)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  g_auto (GStrv) list = g_strsplit (text, "\n", -1);
  for (char **line = list; *line; line++)
    if (**line)
      g_ptr_array_add (lines, g_utf8_make_valid (*line, -1));
}

GPtrArray *inos_audit_read (const struct inos_audit *audit, unsigned limit)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);

  if (!audit->path)
    return lines;
  add_lines (lines, audit->older);
  add_lines (lines, audit->path);
  if (lines->len > limit)
    g_ptr_array_remove_range (lines, 0, lines->len - limit);
  return lines;
}
