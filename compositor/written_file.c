#include "written_file.h"

#include <errno.h>
#include <pthread.h>
#include <wlr/util/log.h>

struct waiter {
  inos_written_func written;
  void *data;
};

struct inos_written_file {
  char *path;
  const char *lost;
  GThread *thread;      /* may be NULL; of the last text */
  pthread_mutex_t lock; /* of what follows */
  char *text;           /* NULL: nothing is to be written */
  size_t length;
  GSList *waiters; /* struct waiter, for that text */
  bool writing;
};

static bool write_text (const struct inos_written_file *file, const char *text, size_t length)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_path_get_dirname (file->path);
  if (g_mkdir_with_parents (folder, 0700) < 0)
    wlr_log (WLR_ERROR, "%s cannot be made (%s): %s", folder, g_strerror (errno), file->lost);
  else if (!g_file_set_contents_full (file->path, text, (gssize)length,
                                      G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    wlr_log (WLR_ERROR, "%s cannot be written (%s): %s", file->path, error->message, file->lost);
  else
    return true;
  return false;
}

static void tell (GSList *waiters, bool done)
{
  for (GSList *link = waiters; link; link = link->next) {
    const struct waiter *waiter = link->data;
    waiter->written (done, waiter->data);
  }
  g_slist_free_full (waiters, g_free);
}

static void *run (void *data)
{
  struct inos_written_file *file = data;
  pthread_mutex_lock (&file->lock);
  while (file->text) {
    g_autofree char *text = g_steal_pointer (&file->text);
    size_t length = file->length;
    GSList *waiters = g_steal_pointer (&file->waiters);
    pthread_mutex_unlock (&file->lock);
    tell (waiters, write_text (file, text, length));
    pthread_mutex_lock (&file->lock);
  }
  file->writing = false;
  pthread_mutex_unlock (&file->lock);
  return NULL;
}

static void join (struct inos_written_file *file)
{
  if (file->thread)
    g_thread_join (g_steal_pointer (&file->thread));
}

void inos_written_file_write (struct inos_written_file *file, char *text, size_t length,
                              inos_written_func written, void *data)
{
  pthread_mutex_lock (&file->lock);
  g_free (file->text);
  file->text = text;
  file->length = length;
  if (written) {
    struct waiter *waiter = g_new0 (struct waiter, 1);
    *waiter = (struct waiter){.written = written, .data = data};
    file->waiters = g_slist_append (file->waiters, waiter);
  }
  bool was_writing = file->writing;
  file->writing = true;
  pthread_mutex_unlock (&file->lock);
  if (was_writing)
    return;
  join (file);
  file->thread = g_thread_try_new ("writes", run, file, NULL);
  if (!file->thread)
    run (file);
}

struct inos_written_file *inos_written_file_create (const char *path, const char *lost)
{
  struct inos_written_file *file = g_new0 (struct inos_written_file, 1);
  file->path = g_strdup (path);
  file->lost = lost;
  pthread_mutex_init (&file->lock, NULL);
  return file;
}

void inos_written_file_destroy (struct inos_written_file *file)
{
  if (!file)
    return;
  join (file);
  pthread_mutex_destroy (&file->lock);
  g_free (file->path);
  g_free (file);
}
