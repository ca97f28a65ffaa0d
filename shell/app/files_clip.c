/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

/*
 * Files on the clipboard, as other file managers put them there: a list of URIs, and beside it
 * whether they were cut. What is read from there is a stranger's word: only files of this computer,
 * and not too many.
 */

#include "files_disk.h"
#include "files_part.h"

#include <glib/gi18n.h>
#include <string.h>

#define GNOME_TYPE "x-special/gnome-copied-files"
#define URI_TYPE "text/uri-list"
#define LIST_MOST (4u * 1024 * 1024)
#define FILES_MOST 100000
/* Room for the word before a list. */
#define LIST_SPARE 16

static const char too_many[] =
  N_ ("These are too many files at once. Copy the folder that they are in.");

static GdkClipboard *clipboard_of (InosFiles *self)
{
  return gtk_widget_get_clipboard (GTK_WIDGET (inos_app_window_get_window (self->window)));
}

/* With a word before it, or with ends of lines as a list of URIs has them. */
static GBytes *list_uris (GPtrArray *files, const char *word)
{
  GString *text = g_string_new (word);

  for (guint i = 0; i < files->len; i++) {
    g_autofree char *uri = g_file_get_uri (files->pdata[i]);

    g_string_append_printf (text, word ? "\n%s" : "%s\r\n", uri);
  }
  return g_string_free_to_bytes (text);
}

static GBytes *list_names (GPtrArray *files)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < files->len; i++) {
    g_autofree char *name = g_filename_display_name (g_file_peek_path (files->pdata[i]));

    g_string_append_printf (text, i > 0 ? "\n%s" : "%s", name);
  }
  return g_string_free_to_bytes (text);
}

GdkContentProvider *inos_files_offer (GPtrArray *files)
{
  g_autoptr (GBytes) list = list_uris (files, NULL), names = NULL;
  GdkContentProvider *parts[2];

  if (g_bytes_get_size (list) >= LIST_MOST || files->len > FILES_MOST)
    return NULL;
  names = list_names (files);
  parts[0] = gdk_content_provider_new_for_bytes (URI_TYPE, list);
  parts[1] = gdk_content_provider_new_for_bytes ("text/plain;charset=utf-8", names);
  return gdk_content_provider_new_union (parts, G_N_ELEMENTS (parts));
}

void inos_files_run_copy (gpointer context, JsonObject *args, InosReply *reply)
{
  InosFiles *self = inos_files_of (context);
  g_autoptr (GPtrArray) items = inos_files_get_items (self, args, reply);
  g_autoptr (GPtrArray) files = items ? inos_files_of_items (items) : NULL;
  g_autoptr (GBytes) list = NULL, gnome = NULL, names = NULL;
  g_autoptr (GdkContentProvider) provider = NULL;
  GdkContentProvider *parts[3];
  gboolean cut = FALSE;

  if (!files)
    return;
  if (!inos_args_get_boolean (args, "cut", &cut, NULL))
    cut = FALSE;
  list = list_uris (files, NULL);
  /* What cannot be pasted is not copied. */
  if (g_bytes_get_size (list) >= LIST_MOST - LIST_SPARE || files->len > FILES_MOST) {
    inos_reply_fail (reply, "%s", _ (too_many));
    return;
  }
  gnome = list_uris (files, cut ? "cut" : "copy");
  names = list_names (files);
  parts[0] = gdk_content_provider_new_for_bytes (GNOME_TYPE, gnome);
  parts[1] = gdk_content_provider_new_for_bytes (URI_TYPE, list);
  parts[2] = gdk_content_provider_new_for_bytes ("text/plain;charset=utf-8", names);
  provider = gdk_content_provider_new_union (parts, G_N_ELEMENTS (parts));
  gdk_clipboard_set_content (clipboard_of (self), provider);
  inos_reply_ok (reply, NULL);
}

/* Pasting */

typedef struct {
  InosFiles *files; /* gone where it was cancelled */
  GCancellable *cancellable;
  GFile *folder;
  guint view;
  InosReply *reply;
} Paste;

static void paste_free (Paste *paste)
{
  g_object_unref (paste->cancellable);
  g_object_unref (paste->folder);
  g_free (paste);
}

static GPtrArray *parse (const char *text, gboolean gnome, gboolean *cut)
{
  g_auto (GStrv) lines = g_strsplit_set (text, "\r\n", -1);
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);

  *cut = gnome && lines[0] && g_str_equal (lines[0], "cut");
  for (guint i = gnome ? 1 : 0; lines[i] && files->len < FILES_MOST; i++) {
    g_autoptr (GFile) file =
      g_str_has_prefix (lines[i], "file:") ? g_file_new_for_uri (lines[i]) : NULL;

    if (file && g_file_peek_path (file))
      g_ptr_array_add (files, g_steal_pointer (&file));
  }
  return files;
}

GPtrArray *inos_files_parse_uris (const char *text)
{
  gboolean cut;

  return parse (text, FALSE, &cut);
}

static void finish (Paste *paste, const char *text, gboolean gnome)
{
  gboolean cut = FALSE;
  g_autoptr (GPtrArray) files = text ? parse (text, gnome, &cut) : NULL;

  if (!files || files->len == 0) {
    inos_reply_fail (paste->reply, "%s", _ ("There are no files on the clipboard."));
  } else {
    gboolean begun =
      inos_files_carry (paste->files, cut, files, paste->folder, paste->view, paste->reply);

    /* What was cut is not there to be cut once more. */
    if (cut && begun)
      gdk_clipboard_set_content (clipboard_of (paste->files), NULL);
  }
  paste_free (paste);
}

static void on_text (GObject *source, GAsyncResult *result, gpointer data)
{
  GOutputStream *stream = G_OUTPUT_STREAM (source);
  Paste *paste = data;
  gboolean gnome = GPOINTER_TO_INT (g_object_get_data (source, GNOME_TYPE));
  g_autoptr (GError) error = NULL;
  gssize length = g_output_stream_splice_finish (stream, result, &error);
  g_autofree char *text = NULL;

  if (g_cancellable_is_cancelled (paste->cancellable)) {
    inos_reply_fail (paste->reply, "%s", _ ("The window was closed."));
    paste_free (paste);
    return;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE)) {
    inos_reply_fail (paste->reply, "%s", _ (too_many));
    paste_free (paste);
    return;
  }
  if (length > 0)
    text = g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (stream)),
                      g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)));
  finish (paste, text, gnome);
}

static void on_stream (GObject *source, GAsyncResult *result, gpointer data)
{
  const char *type;
  Paste *paste = data;
  g_autofree char *memory = NULL;
  g_autoptr (GInputStream) stream =
    gdk_clipboard_read_finish (GDK_CLIPBOARD (source), result, &type, NULL);
  g_autoptr (GOutputStream) output = NULL;

  if (!stream || g_cancellable_is_cancelled (paste->cancellable)) {
    inos_reply_fail (paste->reply, "%s", _ ("There are no files on the clipboard."));
    paste_free (paste);
    return;
  }
  /* Of one size: what is longer than that is an error. */
  output = g_memory_output_stream_new (g_malloc (LIST_MOST), LIST_MOST, NULL, g_free);
  g_object_set_data (G_OBJECT (output), GNOME_TYPE,
                     GINT_TO_POINTER (g_str_equal (type, GNOME_TYPE)));
  g_output_stream_splice_async (output, stream, G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE,
                                G_PRIORITY_DEFAULT, paste->cancellable, on_text, paste);
}

void inos_files_run_paste (gpointer context, JsonObject *args, InosReply *reply)
{
  static const char *types[] = {GNOME_TYPE, URI_TYPE, NULL};
  InosFiles *self = inos_files_of (context);
  InosView *view = inos_files_get_view (self, args, reply);
  const InosItem *item = view && json_object_has_member (args, "item")
                           ? inos_files_get_item (self, view, args, reply)
                           : NULL;
  GFile *folder = item ? item->file : view ? inos_view_get_folder (view) : NULL;
  Paste *paste;

  if (!view || (json_object_has_member (args, "item") && !item))
    return;
  if (!folder) {
    inos_reply_fail (reply, "%s", _ ("Nothing can be pasted here."));
    return;
  }
  paste = g_new0 (Paste, 1);
  *paste = (Paste){.files = self,
                   .cancellable = g_object_ref (self->cancellable),
                   .folder = g_object_ref (folder),
                   .view = inos_view_get_number (view),
                   .reply = reply};
  gdk_clipboard_read_async (clipboard_of (self), types, G_PRIORITY_DEFAULT, self->cancellable,
                            on_stream, paste);
}
