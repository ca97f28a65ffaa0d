/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE (1024 * 1024)

/* One a process, as GLib's log writer is. */
static int journal = -1;

static const char *find_field (const GLogField *fields, gsize n, const char *key)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_equal (fields[i].key, key))
      return fields[i].value;
  return NULL;
}

static GLogWriterOutput write_log (GLogLevelFlags level, const GLogField *fields, gsize n,
                                   gpointer data)
{
  const char *message = find_field (fields, n, "MESSAGE");
  if (message == NULL ||
      g_log_writer_default_would_drop (level, find_field (fields, n, "GLIB_DOMAIN")))
    return G_LOG_WRITER_HANDLED;
  g_autoptr (GDateTime) now = g_date_time_new_now_local();
  g_autofree char *time = g_date_time_format_iso8601 (now);
  g_autofree char *plain = g_strdup_printf ("inos-session: %s\n", message);
  g_autofree char *dated = g_strdup_printf ("%s %s\n", time, message);
  /* Neither is worth failing for: the other one is left. */
  ssize_t ignored = write (STDERR_FILENO, plain, strlen (plain));
  if (journal >= 0)
    ignored = write (journal, dated, strlen (dated));
  (void)ignored;
  return G_LOG_WRITER_HANDLED;
}

void inos_journal_install (void)
{
  g_log_set_writer_func (write_log, NULL, NULL);
}

void inos_journal_open (const char *path)
{
  struct stat status;
  int fresh = stat (path, &status) == 0 && status.st_size > MAX_FILE ? O_TRUNC : 0;
  journal = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | fresh, 0600);
  if (journal < 0)
    g_message ("cannot write %s: %s", path, g_strerror (errno));
}
