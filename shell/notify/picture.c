/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

#include "picture.h"

#include <errno.h>
#include <fcntl.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#define MAX_SIDE 4096 /* of what is sent */
#define MAX_AREA (16 * 1024 * 1024)
#define MAX_FILE_BYTES (8 * 1024 * 1024)
/* Made at a time; what comes meanwhile has none. */
#define MAX_BUSY 4

struct InosPictures {
  char *folder;
  GCancellable *cancellable;
  guint busy;
  guint64 last;
};

typedef struct {
  GVariant *pixels; /* may be NULL */
  char *path;       /* as above */
  guint id;
  InosPictures *pictures;
  InosPictureMadeFunc made;
  gpointer data;
} Job;

/* Reading */

static GError *refuse (const char *why)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, why);
}

static GBytes *make_small (GdkPixbuf *pixbuf, GError **error)
{
  int width = gdk_pixbuf_get_width (pixbuf), height = gdk_pixbuf_get_height (pixbuf);
  int longer = MAX (width, height);
  g_autoptr (GdkPixbuf) small = NULL;
  char *buffer;
  gsize size;

  if (longer > INOS_PICTURE_SIZE)
    small =
      gdk_pixbuf_scale_simple (pixbuf, MAX (width * INOS_PICTURE_SIZE / longer, 1),
                               MAX (height * INOS_PICTURE_SIZE / longer, 1), GDK_INTERP_BILINEAR);
  else
    small = g_object_ref (pixbuf);
  if (!small) {
    g_propagate_error (error, refuse ("there is no memory for it"));
    return NULL;
  }
  if (!gdk_pixbuf_save_to_buffer (small, &buffer, &size, "png", error, NULL))
    return NULL;
  return g_bytes_new_take (buffer, size);
}

GBytes *inos_picture_from_pixels (GVariant *pixels, GError **error)
{
  gint32 width, height, stride, bits, channels;
  gboolean alpha;
  g_autoptr (GVariant) data = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkPixbuf) pixbuf = NULL;

  g_variant_get (pixels, "(iiibii@ay)", &width, &height, &stride, &alpha, &bits, &channels, &data);
  if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE ||
      width * height > MAX_AREA || bits != 8 || channels != (alpha ? 4 : 3) ||
      stride < width * channels || stride > MAX_SIDE * 8) {
    g_propagate_error (error, refuse ("its measures are not those of a picture"));
    return NULL;
  }
  bytes = g_variant_get_data_as_bytes (data);
  if (g_bytes_get_size (bytes) < (gsize)stride * (gsize)(height - 1) + (gsize)(width * channels)) {
    g_propagate_error (error, refuse ("it has fewer pixels than it says"));
    return NULL;
  }
  pixbuf =
    gdk_pixbuf_new_from_bytes (bytes, GDK_COLORSPACE_RGB, alpha, bits, width, height, stride);
  return make_small (pixbuf, error);
}

/* Nothing is decoded that would be too large then. */
static void on_size (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  gboolean *too_large = data;
  int longer = MAX (width, height);

  *too_large =
    width > MAX_SIDE * 4 || height > MAX_SIDE * 4 || (gint64)width * height > (gint64)MAX_AREA;
  if (*too_large)
    gdk_pixbuf_loader_set_size (loader, 0, 0);
  else if (longer > INOS_PICTURE_SIZE)
    gdk_pixbuf_loader_set_size (loader, MAX (width * INOS_PICTURE_SIZE / longer, 1),
                                MAX (height * INOS_PICTURE_SIZE / longer, 1));
}

/* A regular file and no other: a pipe would never end. */
static GBytes *read_regular (const char *path, GError **error)
{
  g_autofd int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GBytes) bytes = NULL;
  struct stat status;

  if (fd < 0 || fstat (fd, &status) != 0 || !S_ISREG (status.st_mode) ||
      status.st_size > MAX_FILE_BYTES) {
    g_propagate_error (error, refuse ("there is no such file that could be one"));
    return NULL;
  }
  stream = g_unix_input_stream_new (fd, FALSE);
  bytes = g_input_stream_read_bytes (stream, MAX_FILE_BYTES, NULL, error);
  return g_steal_pointer (&bytes);
}

GBytes *inos_picture_from_file (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = read_regular (path, error);
  g_autoptr (GdkPixbufLoader) loader = NULL;
  gboolean too_large = FALSE, ok;
  GdkPixbuf *pixbuf;

  if (!bytes)
    return NULL;
  loader = gdk_pixbuf_loader_new();
  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size), &too_large);
  ok = gdk_pixbuf_loader_write_bytes (loader, bytes, error);
  ok = gdk_pixbuf_loader_close (loader, ok ? error : NULL) && ok;
  pixbuf = ok && !too_large ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  if (pixbuf)
    return make_small (pixbuf, error);
  if (ok)
    g_propagate_error (error, refuse ("it is too large"));
  return NULL;
}

/* The folder */

static char *file_of (InosPictures *self, guint64 number)
{
  g_autofree char *name = g_strdup_printf ("%" G_GUINT64_FORMAT ".png", number);

  return g_build_filename (self->folder, name, NULL);
}

InosPictures *inos_pictures_create (const char *folder)
{
  InosPictures *self = g_new0 (InosPictures, 1);

  self->folder = g_strdup (folder);
  self->cancellable = g_cancellable_new();
  return self;
}

void inos_pictures_destroy (InosPictures *self)
{
  if (!self)
    return;
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_free (self->folder);
  g_free (self);
}

static void job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->pixels, g_variant_unref);
  g_free (job->path);
  g_free (job);
}

static void run_job (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;
  GBytes *bytes = job->pixels ? inos_picture_from_pixels (job->pixels, &error)
                              : inos_picture_from_file (job->path, &error);

  if (bytes)
    g_task_return_pointer (task, bytes, (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/* Its number is the moment when it came, so that no later one has the same. */
static guint64 keep (InosPictures *self, GBytes *bytes)
{
  guint64 number = MAX ((guint64)g_get_real_time(), self->last + 1);
  g_autofree char *path = file_of (self, number);
  g_autoptr (GError) error = NULL;

  self->last = number;
  if (g_mkdir_with_parents (self->folder, 0700) == 0 &&
      g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL),
                                (gssize)g_bytes_get_size (bytes), G_FILE_SET_CONTENTS_NONE, 0600,
                                &error))
    return number;
  g_warning ("could not keep the picture of a notification in %s: %s", path,
             error ? error->message : g_strerror (errno));
  return 0;
}

static void on_made (GObject *source, GAsyncResult *result, gpointer data)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), &error);
  guint64 number;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  job->pictures->busy--;
  if (!bytes) {
    g_info ("a notification's picture is not shown: %s", error->message);
    return;
  }
  number = keep (job->pictures, bytes);
  if (number > 0)
    job->made (number, job->id, job->data);
}

void inos_pictures_make (InosPictures *self, GVariant *pixels, const char *path, guint id,
                         InosPictureMadeFunc made, gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  if ((!pixels && !path) || self->busy >= MAX_BUSY)
    return;
  self->busy++;
  task = g_task_new (NULL, self->cancellable, on_made, NULL);
  job = g_new0 (Job, 1);
  *job = (Job){.pixels = pixels ? g_variant_ref (pixels) : NULL,
               .path = g_strdup (path),
               .id = id,
               .pictures = self,
               .made = made,
               .data = data};
  g_task_set_task_data (task, job, job_free);
  g_task_set_check_cancellable (task, TRUE);
  g_task_run_in_thread (task, run_job);
}

GBytes *inos_pictures_get (InosPictures *self, guint64 number)
{
  g_autofree char *path = file_of (self, number);
  char *bytes;
  gsize size;

  return g_file_get_contents (path, &bytes, &size, NULL) ? g_bytes_new_take (bytes, size) : NULL;
}

void inos_pictures_drop (InosPictures *self, guint64 number)
{
  g_autofree char *path = file_of (self, number);

  if (number > 0)
    g_unlink (path);
}

void inos_pictures_keep (InosPictures *self, GArray *numbers)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    guint64 number = g_ascii_strtoull (name, NULL, 10);
    gboolean used = FALSE;

    for (guint i = 0; i < numbers->len && !used; i++)
      used = g_array_index (numbers, guint64, i) == number;
    if (!used && number > 0 && g_str_has_suffix (name, ".png"))
      inos_pictures_drop (self, number);
  }
}
