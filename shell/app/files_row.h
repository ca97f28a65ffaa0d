/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a page is shown of a file: its name, what it is, its size and its date. No path.
 */

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#define INOS_ROW_ATTRIBUTES                                                                        \
  G_FILE_ATTRIBUTE_STANDARD_NAME                                                                   \
  "," G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_IS_HIDDEN                       \
  "," G_FILE_ATTRIBUTE_STANDARD_IS_BACKUP "," G_FILE_ATTRIBUTE_STANDARD_IS_SYMLINK                 \
  "," G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_FAST_CONTENT_TYPE               \
  "," G_FILE_ATTRIBUTE_TIME_MODIFIED

/* {"id", "name", "is", "kind", "size", "time", "hidden", "link", "looks"}; transfer full. */
JsonObject *inos_row_describe (guint id, GFile *file, GFileInfo *info);
/* A name for the sort of thing that it is, for its picture: "folder", "image", "text" … */
const char *inos_row_sort_of (GFileType type, const char *content_type);
