/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "inos-bridge"

#include "bridge/permit/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECENT_MAX 512

/* When it was last written, and how often it came since. */
struct recent {
  gint64 written;
  guint times;
};

struct inos_audit {
  char *path, *older;
  GHashTable *recent; /* "APP CAPABILITY DECISION" → struct recent */
  gboolean complained;
};

struct inos_audit *inos_audit_new (const char *path)
{
  struct inos_audit *audit = g_new0 (struct inos_audit, 1);

  audit->path = g_strdup (path);
  audit->older = g_strconcat (path, ".1", NULL);
  audit->recent = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return audit;
}

void inos_audit_free (struct inos_audit *audit)
{
  if (audit == NULL)
    return;
  g_hash_table_unref (audit->recent);
  g_free (audit->path);
  g_free (audit->older);
  g_free (audit);
}

/* How often it came since it was last written; 0 where it is too soon to write. */
static guint count (struct inos_audit *audit, const char *app, const char *capability,
                    const char *decision, gint64 now)
{
  g_autofree char *key = g_strconcat (app, " ", capability, " ", decision, NULL);
  struct recent *recent = g_hash_table_lookup (audit->recent, key);
  guint times;

  if (recent == NULL) {
    if (g_hash_table_size (audit->recent) >= RECENT_MAX)
      g_hash_table_remove_all (audit->recent);
    recent = g_new0 (struct recent, 1);
    g_hash_table_insert (audit->recent, g_steal_pointer (&key), recent);
  } else if (now - recent->written < INOS_AUDIT_REST && now >= recent->written) {
    recent->times++;
    return 0;
  }
  times = recent->times + 1;
  *recent = (struct recent){.written = now};
  return times;
}

static void complain (struct inos_audit *audit)
{
  if (!audit->complained)
    g_warning ("cannot write %s: %s. What is decided about applications is not written down",
               audit->path, g_strerror (errno));
  audit->complained = TRUE;
}

static int open_file (struct inos_audit *audit)
{
  g_autofree char *folder = g_path_get_dirname (audit->path);
  struct stat status;

  g_mkdir_with_parents (folder, 0700);
  if (stat (audit->path, &status) == 0 && status.st_size >= INOS_AUDIT_FILE_MAX)
    rename (audit->path, audit->older);
  return open (audit->path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* What an application can have happen by itself. A person's decision is written each time. */
static bool is_frequent (const char *decision)
{
  static const char *const frequent[] = {INOS_AUDIT_ALLOWED, INOS_AUDIT_REFUSED, INOS_AUDIT_ASKED,
                                         INOS_AUDIT_GONE, NULL};

  return g_strv_contains (frequent, decision);
}

void inos_audit_add (struct inos_audit *audit, const char *app, const char *capability,
                     const char *decision, const char *by, gint64 now)
{
  guint times = is_frequent (decision) ? count (audit, app, capability, decision, now) : 1;
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (now / G_TIME_SPAN_SECOND);
  g_autofree char *time = g_date_time_format (date, "%FT%TZ");
  g_autofree char *line = NULL;
  g_autofd int fd = -1;

  if (times == 0)
    return;
  line = g_strdup_printf ("{\"time\":\"%s\",\"app\":\"%s\",\"capability\":\"%s\","
                          "\"decision\":\"%s\",\"by\":\"%s\",\"times\":%u}\n",
                          time, app, capability, decision, by, times);
  fd = open_file (audit);
  if (fd < 0 || write (fd, line, strlen (line)) != (ssize_t)strlen (line))
    complain (audit);
}

/* Whole lines of ours alone: a line that a crash cut off is none. */
static void read_lines (const char *path, GPtrArray *lines)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) all = NULL;
  gsize size;

  if (!g_file_get_contents (path, &text, &size, NULL) || size > 2 * INOS_AUDIT_FILE_MAX)
    return;
  all = g_strsplit (text, "\n", -1);
  for (guint i = 0; all[i] != NULL && all[i + 1] != NULL; i++)
    if (g_str_has_prefix (all[i], "{\"time\":") && g_str_has_suffix (all[i], "}") &&
        strchr (all[i] + 1, '{') == NULL && g_str_is_ascii (all[i]))
      g_ptr_array_add (lines, g_strdup (all[i]));
}

char **inos_audit_read (struct inos_audit *audit, guint most)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  read_lines (audit->older, lines);
  read_lines (audit->path, lines);
  if (lines->len > most)
    g_ptr_array_remove_range (lines, 0, lines->len - most);
  g_ptr_array_add (lines, NULL);
  return (char **)g_ptr_array_steal (lines, NULL);
}
