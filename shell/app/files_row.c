/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "files_row.h"

#include "files_disk.h"

#include <glib/gi18n.h>
#include <string.h>

/* The first that fits. */
static const struct {
  const char *prefix;
  const char *sort;
} sorts[] = {
  {"image/", "image"},
  {"audio/", "audio"},
  {"video/", "video"},
  {"font/", "font"},
  {"application/pdf", "document"},
  {"application/epub", "document"},
  {"application/msword", "document"},
  {"application/rtf", "document"},
  {"application/postscript", "document"},
  {"application/vnd.oasis.opendocument", "document"},
  {"application/vnd.openxmlformats", "document"},
  {"application/vnd.ms-", "document"},
  {"application/zip", "archive"},
  {"application/gzip", "archive"},
  {"application/zstd", "archive"},
  {"application/x-tar", "archive"},
  {"application/x-xz", "archive"},
  {"application/x-bzip", "archive"},
  {"application/x-compressed", "archive"},
  {"application/x-7z", "archive"},
  {"application/x-rar", "archive"},
  {"application/vnd.rar", "archive"},
  {"application/vnd.debian", "archive"},
  {"application/x-rpm", "archive"},
  {"application/json", "code"},
  {"application/xml", "code"},
  {"application/javascript", "code"},
  {"application/x-shellscript", "code"},
  {"text/x-", "code"},
  {"text/html", "code"},
  {"text/css", "code"},
  {"text/javascript", "code"},
  {"text/", "text"},
  {"application/x-executable", "program"},
  {"application/x-pie-executable", "program"},
  {"application/x-sharedlib", "program"},
  {"application/x-desktop", "program"},
};

const char *inos_row_sort_of (GFileType type, const char *content_type)
{
  if (type == G_FILE_TYPE_DIRECTORY)
    return "folder";
  if (type == G_FILE_TYPE_SYMBOLIC_LINK)
    return "broken";
  if (type == G_FILE_TYPE_SPECIAL)
    return "special";
  if (content_type && g_str_equal (content_type, "text/x-readme"))
    return "text";
  for (gsize i = 0; content_type && i < G_N_ELEMENTS (sorts); i++)
    if (g_str_has_prefix (content_type, sorts[i].prefix))
      return sorts[i].sort;
  return "other";
}

static char *kind_of (GFileType type, const char *content_type)
{
  if (type == G_FILE_TYPE_DIRECTORY)
    return g_strdup (_ ("Folder"));
  if (type == G_FILE_TYPE_SYMBOLIC_LINK)
    return g_strdup (_ ("Broken link"));
  if (type == G_FILE_TYPE_SPECIAL)
    return g_strdup (_ ("Special file"));
  if (!content_type || g_content_type_is_unknown (content_type))
    return g_strdup (_ ("File"));
  return g_content_type_get_description (content_type);
}

static gint64 time_of (GFileInfo *info)
{
  return (gint64)g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_TIME_MODIFIED);
}

static gboolean flag (GFileInfo *info, const char *name)
{
  return g_file_info_get_attribute_boolean (info, name);
}

JsonObject *inos_row_describe (guint id, GFile *file, GFileInfo *info)
{
  JsonObject *row = json_object_new();
  GFileType type =
    (GFileType)g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_STANDARD_TYPE);
  const char *content_type =
    g_file_info_get_attribute_string (info, G_FILE_ATTRIBUTE_STANDARD_FAST_CONTENT_TYPE);
  g_autofree char *name = inos_disk_shown_name (file);
  g_autofree char *kind = kind_of (type, content_type);
  const char *sort = inos_row_sort_of (type, content_type);

  json_object_set_int_member (row, "id", id);
  json_object_set_string_member (row, "name", name);
  json_object_set_string_member (row, "is", sort);
  json_object_set_string_member (row, "kind", kind);
  if (type == G_FILE_TYPE_REGULAR)
    json_object_set_int_member (
      row, "size", (gint64)g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_STANDARD_SIZE));
  json_object_set_int_member (row, "time", time_of (info));
  if (flag (info, G_FILE_ATTRIBUTE_STANDARD_IS_HIDDEN) ||
      flag (info, G_FILE_ATTRIBUTE_STANDARD_IS_BACKUP))
    json_object_set_boolean_member (row, "hidden", TRUE);
  if (flag (info, G_FILE_ATTRIBUTE_STANDARD_IS_SYMLINK))
    json_object_set_boolean_member (row, "link", TRUE);
  return row;
}
