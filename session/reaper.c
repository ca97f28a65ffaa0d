/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reaper.h"

#include "inos-config.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct inos_reaper {
  int signal_fd;
  guint source;
  GHashTable *watches; /* pid → struct watch, owned */
};

struct watch {
  inos_reaper_func func;
  void *data;
};

static void reap (struct inos_reaper *reaper)
{
  int status = 0;
  pid_t pid = 0;
  while ((pid = waitpid (-1, &status, WNOHANG)) > 0) {
    g_autofree struct watch *watch = NULL;
    g_hash_table_steal_extended (reaper->watches, GINT_TO_POINTER (pid), NULL, (void **)&watch);
    if (watch != NULL)
      watch->func (pid, status, watch->data);
  }
}

static gboolean on_signal (gint fd, GIOCondition condition, gpointer data)
{
  /* Signals coalesce: the content says less than waitpid() does. */
  struct signalfd_siginfo info;
  while (read (fd, &info, sizeof info) > 0)
    ;
  reap (data);
  return G_SOURCE_CONTINUE;
}

static gboolean fail (GError **error, const char *what)
{
  g_set_error (error, G_IO_ERROR, (gint)g_io_error_from_errno (errno), "%s: %s", what,
               g_strerror (errno));
  return FALSE;
}

struct inos_reaper *inos_reaper_new (GError **error)
{
  sigset_t mask;
  sigemptyset (&mask);
  sigaddset (&mask, SIGCHLD);
  if (prctl (PR_SET_CHILD_SUBREAPER, 1) < 0 || sigprocmask (SIG_BLOCK, &mask, NULL) < 0) {
    fail (error, "cannot become the parent of orphans");
    return NULL;
  }
  int fd = signalfd (-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) {
    fail (error, "signalfd");
    return NULL;
  }
  struct inos_reaper *reaper = g_new0 (struct inos_reaper, 1);
  reaper->signal_fd = fd;
  reaper->watches = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  reaper->source = g_unix_fd_add (fd, G_IO_IN, on_signal, reaper);
  return reaper;
}

void inos_reaper_free (struct inos_reaper *reaper)
{
  if (reaper == NULL)
    return;
  g_clear_handle_id (&reaper->source, g_source_remove);
  close (reaper->signal_fd);
  g_hash_table_unref (reaper->watches);
  g_free (reaper);
}

void inos_reaper_watch (struct inos_reaper *reaper, pid_t pid, inos_reaper_func func, void *data)
{
  struct watch *watch = g_new0 (struct watch, 1);
  *watch = (struct watch){.func = func, .data = data};
  g_hash_table_replace (reaper->watches, GINT_TO_POINTER (pid), watch);
}

void inos_reaper_unwatch (struct inos_reaper *reaper, pid_t pid)
{
  g_hash_table_remove (reaper->watches, GINT_TO_POINTER (pid));
}

/* Reads a process's parent; false for one that is gone or already dead. */
static gboolean read_parent (const char *pid, pid_t *parent)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "stat", NULL);
  g_autofree char *stat = NULL;
  if (!g_file_get_contents (path, &stat, NULL, NULL))
    return FALSE;
  /* The name in parentheses may hold anything, so count from the last one. */
  const char *after_name = strrchr (stat, ')');
  if (after_name == NULL || strlen (after_name) < 5 || strchr ("ZXx", after_name[2]) != NULL)
    return FALSE;
  *parent = (pid_t)g_ascii_strtoll (after_name + 4, NULL, 10);
  return TRUE;
}

/* The parent of every live process: pid → parent. */
static GHashTable *read_parents (void)
{
  GHashTable *parents = g_hash_table_new (NULL, NULL);
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name = NULL;
  while (proc != NULL && (name = g_dir_read_name (proc)) != NULL) {
    pid_t parent = 0;
    if (g_ascii_isdigit (*name) && read_parent (name, &parent))
      g_hash_table_insert (parents, GINT_TO_POINTER ((gint)g_ascii_strtoll (name, NULL, 10)),
                           GINT_TO_POINTER (parent));
  }
  return parents;
}

static gboolean is_ours (GHashTable *parents, pid_t pid, const struct inos_reaper_skip *skip,
                         gsize n)
{
  pid_t self = getpid();
  pid_t above = pid;
  /* Bounded: a table read while processes come and go might hold a circle. */
  for (int depth = 0; depth < 1000 && above > 1; depth++) {
    for (gsize i = 0; i < n; i++)
      if (skip[i].pid == above && (above == pid || skip[i].below))
        return FALSE;
    above = (pid_t)GPOINTER_TO_INT (g_hash_table_lookup (parents, GINT_TO_POINTER (above)));
    if (above == self)
      return TRUE;
  }
  return FALSE;
}

GArray *inos_reaper_descendants (const struct inos_reaper_skip *skip, gsize n)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (pid_t));
  g_autoptr (GHashTable) parents = read_parents();
  GHashTableIter iter;
  gpointer key = NULL;
  g_hash_table_iter_init (&iter, parents);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    pid_t pid = (pid_t)GPOINTER_TO_INT (key);
    if (is_ours (parents, pid, skip, n))
      g_array_append_val (found, pid);
  }
  return found;
}

char *inos_reaper_describe (int wait_status)
{
  if (WIFEXITED (wait_status))
    return g_strdup_printf (_ ("exited with status %d"), WEXITSTATUS (wait_status));
  if (WIFSIGNALED (wait_status))
    return g_strdup_printf (_ ("was ended by signal %d (%s)"), WTERMSIG (wait_status),
                            g_strsignal (WTERMSIG (wait_status)));
  return g_strdup (_ ("ended in an unknown way"));
}
