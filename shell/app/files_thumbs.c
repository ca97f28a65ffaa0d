/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_thumbs.h"

#include <fcntl.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define THREADS 2
#define WAITING_MOST 200
#define KEPT_MOST 400
#define FILE_MOST (48 * 1024 * 1024)
#define SIDE_MOST 16384
#define AREA_MOST (32 * 1024 * 1024)
#define BLOCK (64 * 1024)

typedef struct {
  char *key; /* path, time and size */
  guint number;
} Kept;

struct InosFileThumbs {
  InosThumbs *thumbs;
  GThreadPool *pool;
  GHashTable *kept; /* key → Kept */
  GQueue order;     /* Kept, the newest last */
  GCancellable *cancellable;
  guint waiting;
};

/* One that is made. */
typedef struct {
  InosFileThumbs *owner; /* gone where it was cancelled */
  GCancellable *cancellable;
  char *path, *key;
  InosReply *reply;
  GBytes *png;
} Job;

/* Reading */

typedef struct {
  gboolean too_large;
} Measures;

static void on_size (GdkPixbufLoader *loader, int width, int height, gpointer data)
{
  Measures *measures = data;
  int longer = MAX (width, height);

  measures->too_large =
    width < 1 || height < 1 || longer > SIDE_MOST || (gint64)width * height > (gint64)AREA_MOST;
  if (measures->too_large)
    gdk_pixbuf_loader_set_size (loader, 0, 0);
  else if (longer > INOS_FILE_THUMB_SIDE)
    gdk_pixbuf_loader_set_size (loader, MAX (width * INOS_FILE_THUMB_SIDE / longer, 1),
                                MAX (height * INOS_FILE_THUMB_SIDE / longer, 1));
}

static gboolean feed (GdkPixbufLoader *loader, int fd, const Measures *measures,
                      GCancellable *cancellable)
{
  g_autofree guchar *block = g_malloc (BLOCK);
  gssize got;

  while ((got = read (fd, block, BLOCK)) > 0)
    if (g_cancellable_is_cancelled (cancellable) || measures->too_large ||
        !gdk_pixbuf_loader_write (loader, block, (gsize)got, NULL))
      return FALSE;
  return got == 0;
}

static GdkPixbuf *decode (int fd, GCancellable *cancellable)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new();
  Measures measures = {FALSE};
  gboolean ok;
  GdkPixbuf *pixbuf;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (on_size), &measures);
  ok = feed (loader, fd, &measures, cancellable);
  ok = gdk_pixbuf_loader_close (loader, NULL) && ok && !measures.too_large;
  pixbuf = ok ? gdk_pixbuf_loader_get_pixbuf (loader) : NULL;
  return pixbuf ? gdk_pixbuf_apply_embedded_orientation (pixbuf) : NULL;
}

/* A regular file and no other: a pipe would never end. */
static int open_regular (const char *path, struct stat *status)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

  if (fd >= 0 && (fstat (fd, status) != 0 || !S_ISREG (status->st_mode) ||
                  status->st_size > FILE_MOST || status->st_size == 0)) {
    close (fd);
    return -1;
  }
  return fd;
}

static GdkPixbuf *read_picture (const char *path, GCancellable *cancellable)
{
  struct stat status;
  g_autofd int fd = open_regular (path, &status);

  return fd >= 0 ? decode (fd, cancellable) : NULL;
}

/* What another program has made of it, where that is not older than the file. */
static GdkPixbuf *read_cached (const char *path)
{
  static const char *const sizes[] = {"large", "normal"};
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *uri = g_file_get_uri (file);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_MD5, uri, -1);
  g_autofree char *name = g_strconcat (sum, ".png", NULL);
  struct stat status;

  if (stat (path, &status) != 0)
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *cached =
      g_build_filename (g_get_user_cache_dir(), "thumbnails", sizes[i], name, NULL);
    g_autoptr (GdkPixbuf) pixbuf = read_picture (cached, NULL);
    const char *time = pixbuf ? gdk_pixbuf_get_option (pixbuf, "tEXt::Thumb::MTime") : NULL;

    if (time && g_ascii_strtoll (time, NULL, 10) == (gint64)status.st_mtime)
      return g_steal_pointer (&pixbuf);
  }
  return NULL;
}

GBytes *inos_file_thumb_read (const char *path, GCancellable *cancellable)
{
  g_autoptr (GdkPixbuf) pixbuf = read_cached (path);
  char *buffer;
  gsize size;

  if (!pixbuf)
    pixbuf = read_picture (path, cancellable);
  if (!pixbuf || !gdk_pixbuf_save_to_buffer (pixbuf, &buffer, &size, "png", NULL, NULL))
    return NULL;
  return g_bytes_new_take (buffer, size);
}

/* Keeping */

static void kept_free (gpointer data)
{
  Kept *kept = data;

  g_free (kept->key);
  g_free (kept);
}

static guint keep (InosFileThumbs *self, const char *key, GBytes *png)
{
  Kept *kept = g_hash_table_lookup (self->kept, key);

  if (kept)
    return kept->number;
  if (self->order.length >= KEPT_MOST) {
    Kept *oldest = g_queue_pop_head (&self->order);

    inos_thumbs_drop (self->thumbs, oldest->number);
    g_hash_table_remove (self->kept, oldest->key);
  }
  kept = g_new0 (Kept, 1);
  *kept = (Kept){g_strdup (key), inos_thumbs_put (self->thumbs, png)};
  g_hash_table_insert (self->kept, kept->key, kept);
  g_queue_push_tail (&self->order, kept);
  return kept->number;
}

static void answer (InosReply *reply, guint number)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_int (node, number);
  inos_reply_ok (reply, node);
}

/* Threads */

static gboolean on_made (gpointer data)
{
  Job *job = data;
  gboolean gone = g_cancellable_is_cancelled (job->cancellable);

  if (!gone)
    job->owner->waiting--;
  answer (job->reply, !gone && job->png ? keep (job->owner, job->key, job->png) : 0);
  g_clear_pointer (&job->png, g_bytes_unref);
  g_object_unref (job->cancellable);
  g_free (job->path);
  g_free (job->key);
  g_free (job);
  return G_SOURCE_REMOVE;
}

static void work (gpointer data, gpointer nothing)
{
  Job *job = data;

  if (!g_cancellable_is_cancelled (job->cancellable))
    job->png = inos_file_thumb_read (job->path, job->cancellable);
  g_idle_add (on_made, job);
}

InosFileThumbs *inos_file_thumbs_create (InosThumbs *thumbs)
{
  InosFileThumbs *self = g_new0 (InosFileThumbs, 1);

  *self = (InosFileThumbs){.thumbs = thumbs,
                           .pool = g_thread_pool_new (work, NULL, THREADS, FALSE, NULL),
                           .kept = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, kept_free),
                           .order = G_QUEUE_INIT,
                           .cancellable = g_cancellable_new()};
  return self;
}

void inos_file_thumbs_destroy (InosFileThumbs *self)
{
  Kept *kept;

  g_cancellable_cancel (self->cancellable);
  /* Those that wait come to their end in no time. */
  g_thread_pool_free (self->pool, FALSE, FALSE);
  while ((kept = g_queue_pop_head (&self->order)))
    inos_thumbs_drop (self->thumbs, kept->number);
  g_hash_table_unref (self->kept);
  g_object_unref (self->cancellable);
  g_free (self);
}

void inos_file_thumbs_make (InosFileThumbs *self, GFile *file, InosReply *reply)
{
  const char *path = g_file_peek_path (file);
  struct stat status;
  Job *job;

  if (self->waiting >= WAITING_MOST || stat (path, &status) != 0 || !S_ISREG (status.st_mode)) {
    answer (reply, 0);
    return;
  }
  job = g_new0 (Job, 1);
  *job = (Job){.owner = self,
               .cancellable = g_object_ref (self->cancellable),
               .path = g_strdup (path),
               .key = g_strdup_printf ("%s/%lld/%lld", path, (long long)status.st_mtime,
                                       (long long)status.st_size),
               .reply = reply};
  if (g_hash_table_contains (self->kept, job->key)) {
    Kept *kept = g_hash_table_lookup (self->kept, job->key);

    /* What is looked at goes last. */
    g_queue_remove (&self->order, kept);
    g_queue_push_tail (&self->order, kept);
    answer (reply, kept->number);
    g_object_unref (job->cancellable);
    g_free (job->path);
    g_free (job->key);
    g_free (job);
    return;
  }
  self->waiting++;
  g_thread_pool_push (self->pool, job, NULL);
}
