/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/dht_records.h"

#include "node/base/file.h"
#include "node/mesh/dht/provider_file.h"
#include "node/mesh/dht/record_file.h"
#include "node/mesh/service/keep.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define FOLDER "dht"
#define DELAY 2000u              /* ms */
#define RATE (16u * 1024 / 1000) /* bytes a ms that strangers may have written: 1.4 GB a day */

struct file {
  struct inos_dht_records *records;
  const struct kind *kind;
  struct inos_keep *keep; /* NULL: nothing is kept */
  size_t size;            /* of the file as it was written last */
  bool changed;
};

enum { VALUES, PROVIDERS, FILES };

struct inos_dht_records {
  int dir; /* -1: nothing is kept */
  struct inos_kad *kad;
  GPtrArray *own; /* GBytes: keys that this node provides */
  struct file files[FILES];
};

/* What there is a file of. */
struct kind {
  const char *name;
  size_t max; /* bytes */
  GBytes *(*write) (struct inos_dht_records *records);
  bool (*read) (struct inos_dht_records *records, const void *bytes, size_t len);
};

static GBytes *write_values (struct inos_dht_records *records)
{
  return inos_kad_file_write (records->kad);
}

static bool read_values (struct inos_dht_records *records, const void *bytes, size_t len)
{
  return inos_kad_file_read (records->kad, bytes, len);
}

static GBytes *write_providers (struct inos_dht_records *records)
{
  return inos_provider_file_write (records->kad, records->own);
}

static bool read_providers (struct inos_dht_records *records, const void *bytes, size_t len)
{
  return inos_provider_file_read (records->kad, bytes, len, records->own);
}

static const struct kind kinds[FILES] = {
  [VALUES] = {"values", INOS_KAD_FILE_MAX, write_values, read_values},
  [PROVIDERS] = {"providers", INOS_PROVIDER_FILE_MAX, write_providers, read_providers},
};

/* Writing */

static GBytes *content (void *data)
{
  struct file *file = data;
  GBytes *bytes = file->kind->write (file->records);

  file->size = g_bytes_get_size (bytes);
  file->changed = false;
  return bytes;
}

static void change (struct file *file, unsigned wait_ms)
{
  if (!file->keep)
    return;
  file->changed = true;
  inos_keep_soon (file->keep, wait_ms);
}

/* Others renew what is here as often as they like, for days: a large file is written less often. */
static void change_by_others (struct file *file)
{
  change (file, DELAY + (unsigned)(file->size / RATE));
}

static void on_value (void *data, const struct inos_kad_record *record)
{
  change_by_others (&((struct inos_dht_records *)data)->files[VALUES]);
}

static void on_provided (void *data)
{
  change_by_others (&((struct inos_dht_records *)data)->files[PROVIDERS]);
}

struct inos_kad_keeper inos_dht_records_keeper (struct inos_dht_records *records)
{
  return (struct inos_kad_keeper){
    .data = records, .keep = on_value, .drop = on_value, .provided = on_provided};
}

void inos_dht_records_own (struct inos_dht_records *records, GBytes *key)
{
  if (g_ptr_array_find_with_equal_func (records->own, key, g_bytes_equal, NULL) ||
      records->own->len == INOS_PROVIDER_FILE_OWN)
    return;
  g_ptr_array_add (records->own, g_bytes_ref (key));
  change (&records->files[PROVIDERS], DELAY);
}

bool inos_dht_records_disown (struct inos_dht_records *records, GBytes *key)
{
  guint at;

  if (!g_ptr_array_find_with_equal_func (records->own, key, g_bytes_equal, &at))
    return false;
  g_ptr_array_remove_index (records->own, at);
  change (&records->files[PROVIDERS], DELAY);
  return true;
}

const GPtrArray *inos_dht_records_owned (const struct inos_dht_records *records)
{
  return records->own;
}

/* Reading */

/* What is no such file is put aside, for whoever wants to know why. */
static void put_aside (const struct file *file)
{
  g_autofree char *bad = g_strconcat (file->kind->name, ".bad", NULL);

  g_warning ("dht/%s is no file of the DHT's %s, or was harmed: it is renamed to dht/%s",
             file->kind->name, file->kind->name, bad);
  if (renameat (file->records->dir, file->kind->name, file->records->dir, bad) < 0)
    g_warning ("Cannot rename dht/%s: %s", file->kind->name, g_strerror (errno));
}

static void read_file (struct file *file)
{
  g_autofree uint8_t *bytes = g_try_malloc (file->kind->max);
  g_autoptr (GError) error = NULL;
  size_t len;

  if (!bytes || !inos_file_read_private (file->records->dir, file->kind->name, bytes,
                                         file->kind->max, &len, &error)) {
    if (!error || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
      g_warning ("The DHT's %s are not read: %s", file->kind->name,
                 error ? error->message : "no memory");
    return;
  }
  if (len <= file->kind->max && file->kind->read (file->records, bytes, len))
    file->size = len;
  else
    put_aside (file);
}

/* Life cycle */

struct inos_dht_records *inos_dht_records_new (GMainContext *context, const char *state_dir)
{
  struct inos_dht_records *records = g_new0 (struct inos_dht_records, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = state_dir ? g_build_filename (state_dir, FOLDER, NULL) : NULL;

  records->own = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  records->dir = path ? inos_dir_private (path, &error) : -1;
  if (error)
    g_warning ("The DHT's values and providers are not saved: %s", error->message);
  for (unsigned i = 0; i < FILES; i++) {
    struct file *file = &records->files[i];
    file->records = records;
    file->kind = &kinds[i];
    if (records->dir >= 0)
      file->keep = inos_keep_new (context, records->dir, kinds[i].name, content, file);
  }
  return records;
}

void inos_dht_records_load (struct inos_dht_records *records, struct inos_kad *kad)
{
  records->kad = kad;
  for (unsigned i = 0; records->dir >= 0 && i < FILES; i++)
    read_file (&records->files[i]);
}

static void on_written (void *data, const GError *error)
{
}

void inos_dht_records_stop (struct inos_dht_records *records)
{
  for (unsigned i = 0; i < FILES; i++) {
    struct file *file = &records->files[i];
    if (file->keep && file->changed)
      inos_keep_write (file->keep, on_written, NULL);
    g_clear_pointer (&file->keep, inos_keep_free);
  }
}

void inos_dht_records_free (struct inos_dht_records *records)
{
  if (!records)
    return;
  inos_dht_records_stop (records);
  if (records->dir >= 0)
    close (records->dir);
  g_ptr_array_unref (records->own);
  g_free (records);
}
