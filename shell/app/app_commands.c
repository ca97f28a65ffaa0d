/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "app_commands.h"

#include "../message.h"
#include "app_window.h"

#include <glib/gi18n.h>
#include <string.h>

#define TEXT_MAX (60 * 1024)             /* of one message */
#define CLIPBOARD_MAX (8u * 1024 * 1024) /* of what a page gathers, or is given */
#define GATHERED_KEY "inos-app-clipboard"
#define URI_MAX 4096
#define TITLE_MAX 255
#define DIRECTORY_MAX 4096

static const char *const link_schemes[] = {"http", "https", "mailto"};

/* The clipboard */

static void on_text (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  JsonNode *node;

  if (text && strlen (text) > CLIPBOARD_MAX) {
    inos_reply_fail (data, "%s", _ ("What is on the clipboard is too long to be pasted."));
    return;
  }
  node = json_node_new (JSON_NODE_VALUE);
  json_node_set_string (node, text ? text : "");
  inos_reply_ok (data, node);
}

void inos_app_run_clipboard_read (gpointer context, JsonObject *args, InosReply *reply)
{
  GtkWidget *window = GTK_WIDGET (inos_app_window_get_window (context));
  gboolean primary = FALSE;

  if (json_object_has_member (args, "primary") &&
      !inos_args_get_boolean (args, "primary", &primary, NULL))
    primary = FALSE;
  gdk_clipboard_read_text_async (primary ? gtk_widget_get_primary_clipboard (window)
                                         : gtk_widget_get_clipboard (window),
                                 NULL, on_text, reply);
}

static void free_gathered (gpointer data)
{
  g_string_free (data, TRUE);
}

static GString *gathered (GObject *window)
{
  GString *text = g_object_get_data (window, GATHERED_KEY);

  if (!text) {
    text = g_string_new (NULL);
    g_object_set_data_full (window, GATHERED_KEY, text, free_gathered);
  }
  return text;
}

void inos_app_run_clipboard_write (gpointer context, JsonObject *args, InosReply *reply)
{
  GtkWidget *window = GTK_WIDGET (inos_app_window_get_window (context));
  g_autoptr (GError) error = NULL;
  const char *part = inos_args_get_string (args, "text", TEXT_MAX, &error);
  GString *text = gathered (G_OBJECT (window));
  gboolean more = FALSE;

  if (!part || !inos_args_get_boolean (args, "more", &more, &error)) {
    inos_reply_fail (reply, "%s", error->message);
    return;
  }
  g_string_append (text, part);
  if (text->len > CLIPBOARD_MAX) {
    g_object_set_data (G_OBJECT (window), GATHERED_KEY, NULL);
    inos_reply_fail (reply, "%s", _ ("That is too long for the clipboard."));
    return;
  }
  if (!more) {
    gdk_clipboard_set_text (gtk_widget_get_clipboard (window), text->str);
    g_object_set_data (G_OBJECT (window), GATHERED_KEY, NULL);
  }
  inos_reply_ok (reply, NULL);
}

/* The page */

void inos_app_run_hello (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_reply_ok (reply, inos_app_window_greet (context));
}

void inos_app_run_ready (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_reply_ok (reply, NULL);
}

void inos_app_run_settings_set (gpointer context, JsonObject *args, InosReply *reply)
{
  JsonNode *settings = json_object_get_member (args, "settings");
  g_autoptr (GError) error = NULL;

  if (!settings || !JSON_NODE_HOLDS_OBJECT (settings))
    inos_reply_fail (reply, "the argument 'settings' is not an object");
  else
    inos_command_finish (reply,
                         inos_app_set_settings (inos_app_window_get_app (context),
                                                json_node_get_object (settings), &error),
                         error);
}

/* Links */

static gboolean may_be_opened (const char *uri)
{
  const char *scheme = g_uri_peek_scheme (uri);

  for (gsize i = 0; scheme && i < G_N_ELEMENTS (link_schemes); i++)
    if (g_str_equal (scheme, link_schemes[i]))
      return TRUE;
  return FALSE;
}

static void on_launched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (source), result, &error))
    inos_reply_ok (data, NULL);
  else
    inos_reply_fail (data, _ ("The link cannot be opened: %s"), error->message);
}

void inos_app_run_link_open (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *uri = inos_args_get_string (args, "uri", URI_MAX, &error);
  g_autoptr (GtkUriLauncher) launcher = NULL;

  if (!uri || !may_be_opened (uri)) {
    inos_reply_fail (reply, "%s", _ ("Only links to the web and to mail addresses are opened."));
    return;
  }
  launcher = gtk_uri_launcher_new (uri);
  gtk_uri_launcher_launch (launcher, inos_app_window_get_window (context), NULL, on_launched,
                           reply);
}

/* The window */

void inos_app_run_window_close (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_reply_ok (reply, NULL);
  inos_app_window_close (context);
}

void inos_app_run_window_fullscreen (gpointer context, JsonObject *args, InosReply *reply)
{
  GtkWindow *window = inos_app_window_get_window (context);

  if (gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
  inos_reply_ok (reply, NULL);
}

void inos_app_run_window_new (gpointer context, JsonObject *args, InosReply *reply)
{
  const char *directory = json_object_has_member (args, "directory")
                            ? inos_args_get_string (args, "directory", DIRECTORY_MAX, NULL)
                            : NULL;
  g_autoptr (GFile) file = directory ? g_file_new_for_path (directory) : NULL;

  inos_app_open_window (inos_app_window_get_app (context), file);
  inos_reply_ok (reply, NULL);
}

void inos_app_run_window_title (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *title = inos_args_get_string (args, "title", TITLE_MAX * 4, &error);

  if (title)
    gtk_window_set_title (inos_app_window_get_window (context), title);
  inos_command_finish (reply, title != NULL, error);
}
