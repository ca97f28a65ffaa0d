/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "art.h"

#include "notify/picture.h"

/* Between one picture and the next. */
#define PAUSE (1 * G_TIME_SPAN_SECOND)
/* Pictures of all programs that are read at once, and when it is looked again whether one may. */
#define BUSY_MOST 2
#define BUSY_MS 250

static guint busy; /* tasks that run, also of those that have gone */

struct InosArt {
  InosThumbs *thumbs;
  void (*changed) (gpointer data);
  gpointer data;
  char *path;           /* what is wanted, or NULL */
  GVariant *pixels;     /* likewise */
  guint wish;           /* counts what was wanted */
  GCancellable *reader; /* NULL where nothing is read */
  gint64 last;          /* when reading last began, monotonic µs */
  guint source;
  guint number;
};

static void show (InosArt *self, guint number)
{
  if (self->number == number)
    return;
  inos_thumbs_drop (self->thumbs, self->number);
  self->number = number;
  self->changed (self->data);
}

/* What is read. */
typedef struct {
  char *path;       /* or NULL */
  GVariant *pixels; /* or NULL */
  guint wish;
} Job;

static void job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->pixels, g_variant_unref);
  g_free (job->path);
  g_free (job);
}

/* A program may leave the ending out, as with icons of themes. */
static GBytes *read_file (const char *path, GError **error)
{
  static const char *const endings[] = {".png", ".svg"};
  GBytes *bytes = inos_picture_from_file (path, error);

  for (gsize i = 0; i < G_N_ELEMENTS (endings) && !bytes; i++) {
    g_autofree char *longer = g_strconcat (path, endings[i], NULL);

    bytes = inos_picture_from_file (longer, NULL);
  }
  if (bytes)
    g_clear_error (error);
  return bytes;
}

static void run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  GBytes *bytes = job->path ? read_file (job->path, &error) : NULL;

  if (!bytes && job->pixels) {
    g_clear_error (&error);
    bytes = inos_picture_from_pixels (job->pixels, &error);
  }
  if (bytes)
    g_task_return_pointer (task, bytes, (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void begin (InosArt *self);

static void on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), &error);
  const Job *job = g_task_get_task_data (G_TASK (result));
  InosArt *self = data; /* gone where it was cancelled */

  busy--;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reader);
  if (job->wish != self->wish)
    begin (self);
  else if (bytes)
    show (self, inos_thumbs_put (self->thumbs, bytes));
  else
    g_debug ("a program's picture is not shown: %s", error->message);
}

static gboolean on_time (gpointer data)
{
  InosArt *self = data;
  g_autoptr (GTask) task = NULL;
  Job *job;

  if (busy >= BUSY_MOST) {
    self->source = g_timeout_add (BUSY_MS, on_time, self);
    return G_SOURCE_REMOVE;
  }
  busy++;
  job = g_new0 (Job, 1);
  self->source = 0;
  self->last = g_get_monotonic_time();
  self->reader = g_cancellable_new();
  task = g_task_new (NULL, self->reader, on_read, self);
  *job = (Job){.path = g_strdup (self->path),
               .pixels = self->pixels ? g_variant_ref (self->pixels) : NULL,
               .wish = self->wish};
  g_task_set_task_data (task, job, job_free);
  g_task_set_check_cancellable (task, TRUE);
  g_task_run_in_thread (task, run);
  return G_SOURCE_REMOVE;
}

static void begin (InosArt *self)
{
  gint64 pause = self->last + PAUSE - g_get_monotonic_time();

  if ((!self->path && !self->pixels) || self->reader || self->source)
    return;
  self->source =
    g_timeout_add (pause > 0 && self->last > 0 ? (guint)(pause / 1000) : 0, on_time, self);
}

static gboolean same_pixels (GVariant *a, GVariant *b)
{
  return a == b || (a && b && g_variant_equal (a, b));
}

void inos_art_set (InosArt *self, const char *path, GVariant *pixels)
{
  gboolean moves = pixels && self->pixels;

  if (g_strcmp0 (self->path, path) == 0 && same_pixels (self->pixels, pixels))
    return;
  g_free (self->path);
  g_clear_pointer (&self->pixels, g_variant_unref);
  self->path = g_strdup (path);
  self->pixels = pixels ? g_variant_ref (pixels) : NULL;
  self->wish++;
  if (!path && !pixels)
    g_clear_handle_id (&self->source, g_source_remove);
  if (!moves)
    show (self, 0);
  begin (self);
}

guint inos_art_get (const InosArt *self)
{
  return self->number;
}

InosArt *inos_art_create (InosThumbs *thumbs, void (*changed) (gpointer data), gpointer data)
{
  InosArt *self = g_new0 (InosArt, 1);

  *self = (InosArt){.thumbs = thumbs, .changed = changed, .data = data};
  return self;
}

void inos_art_destroy (InosArt *self)
{
  if (!self)
    return;
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->reader)
    g_cancellable_cancel (self->reader);
  g_clear_object (&self->reader);
  inos_thumbs_drop (self->thumbs, self->number);
  g_clear_pointer (&self->pixels, g_variant_unref);
  g_free (self->path);
  g_free (self);
}
