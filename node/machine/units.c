/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/machine/units.h"

#include "node/api/messages.h"
#include "node/machine/pace.h"
#include "node/monitor/source.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOT "fs/cgroup"
#define PATH_BYTES 512
#define ANSWER_MAX (INOS_FRAME_MAX - 128 * 1024)
#define ROW_BYTES 80

struct unit {
  struct inos_counter cpu, read, written;
  unsigned seen;
};

struct inos_units {
  int sys;
  GHashTable *known; /* path: struct unit */
  struct inos_pace pace;
  unsigned look;
  /* while it looks */
  GVariantBuilder *rows;
  uint32_t count;
  size_t bytes;
};

struct inos_units *inos_units_new (int sys)
{
  struct inos_units *self = g_new0 (struct inos_units, 1);

  self->sys = sys;
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void inos_units_forget (struct inos_units *self)
{
  g_hash_table_remove_all (self->known);
  self->pace = (struct inos_pace){0};
}

void inos_units_free (struct inos_units *self)
{
  if (!self)
    return;
  g_hash_table_unref (self->known);
  g_free (self);
}

static const char *kind_of (const char *path)
{
  static const char *const kinds[] = {"slice", "service", "scope", "socket", "mount", "swap"};
  const char *dot = strrchr (path, '.');

  for (size_t i = 0; dot && i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (dot + 1, kinds[i]) == 0)
      return kinds[i];
  return "other";
}

/* A file of one number, or -1 where there is none. */
static gint64 read_number (int group, const char *name)
{
  char buffer[64];
  struct inos_scan text;
  int64_t value;

  if (!inos_source_read_once (group, name, buffer, sizeof buffer, &text) ||
      !inos_scan_i64 (&text, &value) || value < 0)
    return -1;
  return value;
}

/* µs; false where there is none. */
static bool read_cpu (int group, uint64_t *usage)
{
  char buffer[1024];
  struct inos_scan text, line;

  inos_source_read_once (group, "cpu.stat", buffer, sizeof buffer, &text);
  while (inos_scan_line (&text, &line))
    if (inos_scan_skip (&line, "usage_usec"))
      return inos_scan_u64 (&line, usage);
  return false;
}

/* "8:0 rbytes=1 wbytes=2 …", a line for each disk. */
static bool read_io (int group, uint64_t *read, uint64_t *written)
{
  char buffer[8192];
  struct inos_scan text, line, word;
  bool any = false;

  *read = *written = 0;
  inos_source_read_once (group, "io.stat", buffer, sizeof buffer, &text);
  while (inos_scan_line (&text, &line))
    while (inos_scan_word (&line, &word)) {
      uint64_t bytes;
      if (inos_scan_skip (&word, "rbytes=") && inos_scan_u64 (&word, &bytes))
        *read += bytes, any = true;
      else if (inos_scan_skip (&word, "wbytes=") && inos_scan_u64 (&word, &bytes))
        *written += bytes, any = true;
    }
  return any;
}

static struct unit *unit_of (struct inos_units *self, const char *path)
{
  struct unit *unit = g_hash_table_lookup (self->known, path);

  if (!unit) {
    unit = g_new0 (struct unit, 1);
    g_hash_table_insert (self->known, g_strdup (path), unit);
  }
  unit->seen = self->look;
  return unit;
}

static void add (struct inos_units *self, int group, const char *path)
{
  struct unit *unit = unit_of (self, path);
  uint64_t usage, read, written;
  double cpu = -1, in = -1, out = -1;

  if (read_cpu (group, &usage))
    cpu = inos_counter_rate (&unit->cpu, &self->pace, usage, false);
  if (read_io (group, &read, &written)) {
    in = inos_counter_rate (&unit->read, &self->pace, read, false);
    out = inos_counter_rate (&unit->written, &self->pace, written, false);
  }
  g_autofree char *shown = g_utf8_make_valid (path, -1);
  g_variant_builder_add (self->rows, "(ssdxxdd)", shown, kind_of (path), cpu < 0 ? -1 : cpu / 1e6,
                         read_number (group, "memory.current"), read_number (group, "pids.current"),
                         in, out);
  self->bytes += ROW_BYTES + strlen (shown);
}

static bool is_full (const struct inos_units *self)
{
  return self->count >= INOS_UNITS_MAX || self->bytes >= ANSWER_MAX;
}

/* Takes @group over, a descriptor. */
static void walk (struct inos_units *self, int group, const char *path, unsigned depth)
{
  DIR *folder = fdopendir (group);

  if (!folder) {
    close (group);
    return;
  }
  const struct dirent *entry;
  while (!is_full (self) && (entry = readdir (folder))) {
    char below[PATH_BYTES];
    int fd;

    if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
        g_snprintf (below, sizeof below, "%s/%s", path, entry->d_name) >= PATH_BYTES)
      continue;
    fd = openat (dirfd (folder), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
      continue;
    self->count++;
    add (self, fd, below);
    if (depth < INOS_UNITS_DEPTH)
      walk (self, fd, below, depth + 1);
    else
      close (fd);
  }
  closedir (folder);
}

static void forget_gone (struct inos_units *self)
{
  GHashTableIter iter;
  void *value;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((struct unit *)value)->seen != self->look)
      g_hash_table_iter_remove (&iter);
}

GVariant *inos_units_list (struct inos_units *self, gint64 now, GError **error)
{
  g_auto (GVariantBuilder) rows = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE (INOS_UNIT_ROWS_TYPE));
  struct stat is;

  if (fstatat (self->sys, ROOT "/cgroup.controllers", &is, 0) < 0) {
    g_set_error_literal (error, INOS_API_ERROR, INOS_API_ERROR_NOT_FOUND,
                         "This machine has no control groups of the second kind (cgroup v2), in "
                         "which systemd counts what its units use.");
    return NULL;
  }
  int root = openat (self->sys, ROOT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  self->look++;
  inos_pace_look (&self->pace, now);
  self->rows = &rows;
  self->count = 0;
  self->bytes = 0;
  if (root >= 0)
    walk (self, root, "", 1);
  self->rows = NULL;
  forget_gone (self);
  return g_variant_new ("(d" INOS_UNIT_ROWS_TYPE ")", self->pace.seconds, &rows);
}
