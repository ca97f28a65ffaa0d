/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A part of a log written to a file in the downloads: asked from the node a page at a time, from
 * the newest towards the past, and written with the oldest first.
 */

#include "../reply.h"

#include <gio/gio.h>

/* Entries of one file, and bytes of them. */
#define INOS_LOG_EXPORT_MOST 100000u
#define INOS_LOG_EXPORT_BYTES (64u * 1024 * 1024)

typedef struct InosLogExport InosLogExport;

/* How many entries there are so far; -1 at the end, after which the export is not used any more. */
typedef void (*InosLogExportFunc) (gint64 count, gpointer data);

/* args: as "log.read" has them, and "format": "text" or "json". Answers [path, count, whether that
 * is all]; NULL where the page says something else, which is answered. bus is used until the end.
 */
InosLogExport *inos_log_export_begin (GDBusConnection *bus, JsonObject *args, InosReply *reply,
                                      InosLogExportFunc progress, gpointer data);
/* Nothing is written, and progress not called any more; the page is answered. */
void inos_log_export_cancel (InosLogExport *self);

/* Writes lines (char *), the last first, and closes fd. FALSE where it was cancelled, or not all of
 * them are there. */
gboolean inos_log_export_write (GPtrArray *lines, int fd, GCancellable *cancellable,
                                GError **error);

/* A line of the file for an entry of ReadLog, "(sxussusb)"; transfer full. */
char *inos_log_export_line (GVariant *row, gboolean json);
