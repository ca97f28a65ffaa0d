/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/dht_records.h"

#include "node/base/file.h"
#include "node/mesh/dht/record_file.h"
#include "node/mesh/service/keep.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define FOLDER "dht"
#define FILE_NAME "values"
#define DELAY 2000u               /* ms */
#define RATE (256u * 1024 / 1000) /* bytes a ms: a large file is written less often */

struct inos_dht_records {
  int dir; /* -1: nothing is kept */
  struct inos_kad *kad;
  struct inos_keep *keep; /* NULL likewise, and before it is loaded */
  size_t size;            /* of the file as it was written last */
  bool changed;
};

static GBytes *content (void *data)
{
  struct inos_dht_records *records = data;
  GBytes *bytes = inos_kad_file_write (records->kad);

  records->size = g_bytes_get_size (bytes);
  records->changed = false;
  return bytes;
}

static void on_change (void *data, const struct inos_kad_record *record)
{
  struct inos_dht_records *records = data;

  if (!records->keep)
    return;
  records->changed = true;
  inos_keep_soon (records->keep, DELAY + (unsigned)(records->size / RATE));
}

struct inos_kad_keeper inos_dht_records_keeper (struct inos_dht_records *records)
{
  return (struct inos_kad_keeper){.data = records, .keep = on_change, .drop = on_change};
}

/* What is no such file is put aside, for whoever wants to know why. */
static void read_file (struct inos_dht_records *records)
{
  g_autofree uint8_t *bytes = g_try_malloc (INOS_KAD_FILE_MAX);
  g_autoptr (GError) error = NULL;
  size_t len;

  if (!bytes ||
      !inos_file_read_private (records->dir, FILE_NAME, bytes, INOS_KAD_FILE_MAX, &len, &error)) {
    if (!error || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
      g_warning ("The DHT's values are not read: %s", error ? error->message : "no memory");
    return;
  }
  if (len <= INOS_KAD_FILE_MAX && inos_kad_file_read (records->kad, bytes, len)) {
    records->size = len;
    return;
  }
  g_warning ("dht/" FILE_NAME " is no file of the DHT's values, or was harmed: it is renamed to "
             "dht/" FILE_NAME ".bad");
  if (renameat (records->dir, FILE_NAME, records->dir, FILE_NAME ".bad") < 0)
    g_warning ("Cannot rename dht/" FILE_NAME ": %s", g_strerror (errno));
}

struct inos_dht_records *inos_dht_records_new (GMainContext *context, const char *state_dir)
{
  struct inos_dht_records *records = g_new0 (struct inos_dht_records, 1);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = state_dir ? g_build_filename (state_dir, FOLDER, NULL) : NULL;

  records->dir = path ? inos_dir_private (path, &error) : -1;
  if (error)
    g_warning ("The DHT's values are not saved: %s", error->message);
  if (records->dir >= 0)
    records->keep = inos_keep_new (context, records->dir, FILE_NAME, content, records);
  return records;
}

void inos_dht_records_load (struct inos_dht_records *records, struct inos_kad *kad)
{
  records->kad = kad;
  if (records->dir >= 0)
    read_file (records);
}

static void on_written (void *data, const GError *error)
{
}

void inos_dht_records_stop (struct inos_dht_records *records)
{
  if (records->keep && records->changed)
    inos_keep_write (records->keep, on_written, NULL);
  g_clear_pointer (&records->keep, inos_keep_free);
}

void inos_dht_records_free (struct inos_dht_records *records)
{
  if (!records)
    return;
  inos_dht_records_stop (records);
  if (records->dir >= 0)
    close (records->dir);
  g_free (records);
}
