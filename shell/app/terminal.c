/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "terminal.h"

#include "../message.h"
#include "app_commands.h"
#include "app_window.h"
#include "terminal_layouts.h"
#include "terminal_node.h"

#include <glib/gi18n.h>
#include <string.h>

#define LAYOUT_MAX (16 * 1024)
#define DATA_MAX (60 * 1024) /* of one write, as base64 */
#define DIRECTORY_MAX 4096
#define LINES_MAX 1000000
#define SIDE_MAX 4096

/* What a window has. */
typedef struct {
  InosAppWindow *window;
  InosTerminalNode *node;
  char *directory; /* where its first terminal begins; "": at home */
  char *layout;    /* the page's own words for its tabs, for when it is loaded again; "" at first */
  InosTerminalLayout *kept; /* the same, for when this program has died */
} Part;

static Part *part_of (gpointer context)
{
  return inos_app_window_get_part (context);
}

/* Ids are whole numbers that a page can hold. */
static gboolean get_id (JsonObject *args, guint64 *id, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint number;

  if (inos_args_get_uint (args, "id", G_MAXUINT, &number, &error)) {
    *id = number;
    return TRUE;
  }
  inos_reply_fail (reply, "%s", error->message);
  return FALSE;
}

static gboolean get_size (JsonObject *args, guint *columns, guint *rows, InosReply *reply)
{
  g_autoptr (GError) error = NULL;

  if (inos_args_get_uint (args, "columns", SIDE_MAX, columns, &error) &&
      inos_args_get_uint (args, "rows", SIDE_MAX, rows, &error))
    return TRUE;
  inos_reply_fail (reply, "%s", error->message);
  return FALSE;
}

static void run_attach (gpointer context, JsonObject *args, InosReply *reply)
{
  guint64 id;

  if (get_id (args, &id, reply))
    inos_terminal_node_attach (part_of (context)->node, id, reply);
}

static void run_close (gpointer context, JsonObject *args, InosReply *reply)
{
  guint64 id;

  if (get_id (args, &id, reply))
    inos_terminal_node_close (part_of (context)->node, id, reply);
}

static void run_detach (gpointer context, JsonObject *args, InosReply *reply)
{
  guint64 id;

  if (!get_id (args, &id, reply))
    return;
  inos_terminal_node_detach (part_of (context)->node, id);
  inos_reply_ok (reply, NULL);
}

static void run_keep (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  guint64 id;
  guint lines;

  if (!get_id (args, &id, reply))
    return;
  if (inos_args_get_uint (args, "lines", LINES_MAX, &lines, &error))
    inos_terminal_node_keep (part_of (context)->node, id, lines);
  inos_command_finish (reply, !error, error);
}

static void run_layout (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *layout = inos_args_get_string (args, "layout", LAYOUT_MAX, &error);
  Part *part = part_of (context);

  if (layout && !g_str_equal (layout, part->layout)) {
    g_free (part->layout);
    part->layout = g_strdup (layout);
    inos_terminal_layout_set (part->kept, layout);
  }
  inos_command_finish (reply, layout != NULL, error);
}

static void run_list (gpointer context, JsonObject *args, InosReply *reply)
{
  inos_terminal_node_list (part_of (context)->node, reply);
}

static void run_open (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *directory = "";
  guint columns, rows;

  if (!get_size (args, &columns, &rows, reply))
    return;
  if (json_object_has_member (args, "directory"))
    directory = inos_args_get_string (args, "directory", DIRECTORY_MAX, &error);
  if (directory)
    inos_terminal_node_open (part_of (context)->node, directory, columns, rows, reply);
  else
    inos_reply_fail (reply, "%s", error->message);
}

static void run_resize (gpointer context, JsonObject *args, InosReply *reply)
{
  guint columns, rows;
  guint64 id;

  if (get_id (args, &id, reply) && get_size (args, &columns, &rows, reply))
    inos_terminal_node_resize (part_of (context)->node, id, columns, rows, reply);
}

static void run_write (gpointer context, JsonObject *args, InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *data = inos_args_get_string (args, "data", DATA_MAX, &error);
  g_autofree guchar *bytes = NULL;
  gsize size;
  guint64 id;

  if (!data) {
    inos_reply_fail (reply, "%s", error->message);
    return;
  }
  if (!get_id (args, &id, reply))
    return;
  bytes = g_base64_decode (data, &size);
  inos_command_finish (
    reply, inos_terminal_node_write (part_of (context)->node, id, bytes, size, &error), error);
}

static const InosCommand commands[] = {
  {"clipboard.read", "clipboard", inos_app_run_clipboard_read},
  {"clipboard.write", "clipboard", inos_app_run_clipboard_write},
  {"hello", "page", inos_app_run_hello},
  {"link.open", "link.open", inos_app_run_link_open},
  {"ready", "page", inos_app_run_ready},
  {"settings.set", "app.settings", inos_app_run_settings_set},
  {"terminal.attach", "node.terminals.control", run_attach},
  {"terminal.close", "node.terminals.control", run_close},
  {"terminal.detach", "node.terminals.control", run_detach},
  {"terminal.keep", "node.terminals.control", run_keep},
  {"terminal.layout", "page", run_layout},
  {"terminal.list", "node.terminals", run_list},
  {"terminal.open", "node.terminals.control", run_open},
  {"terminal.resize", "node.terminals.control", run_resize},
  {"terminal.write", "node.terminals.control", run_write},
  {"window.close", "page", inos_app_run_window_close},
  {"window.fullscreen", "page", inos_app_run_window_fullscreen},
  {"window.new", "page", inos_app_run_window_new},
  {"window.title", "page", inos_app_run_window_title},
};
static const InosCommandTable table = {commands, G_N_ELEMENTS (commands)};

static void on_terminals (JsonNode *rows, gpointer data)
{
  inos_page_send (inos_app_window_get_page (((Part *)data)->window), "terminals", rows);
}

static gpointer create (InosAppWindow *window, GFile *file)
{
  Part *part = g_new0 (Part, 1);

  part->window = window;
  part->directory = file ? g_file_get_path (file) : NULL;
  if (!part->directory || strlen (part->directory) > DIRECTORY_MAX ||
      !g_utf8_validate (part->directory, -1, NULL)) {
    g_free (part->directory);
    part->directory = g_strdup ("");
  }
  part->kept = inos_terminal_layout_create (&part->layout);
  part->node = inos_terminal_node_create (inos_app_get_bus (inos_app_window_get_app (window)),
                                          on_terminals, part);
  return part;
}

static void destroy (gpointer data)
{
  Part *part = data;

  inos_terminal_node_destroy (part->node);
  g_free (part->directory);
  inos_terminal_layout_destroy (part->kept);
  g_free (part->layout);
  g_free (part);
}

static void greet (gpointer data, JsonObject *greeting)
{
  Part *part = data;

  json_object_set_string_member (greeting, "directory", part->directory);
  json_object_set_string_member (greeting, "layout", part->layout);
}

static void lost (gpointer data)
{
  inos_terminal_node_detach_all (((Part *)data)->node);
}

static void stream (gpointer data, WebKitURISchemeRequest *request, guint64 id)
{
  inos_terminal_node_read (((Part *)data)->node, id, request);
}

const InosAppKind inos_terminal_app = {
  .id = "org.inos.Terminal",
  .path = "/org/inos/Terminal",
  .page = "terminal",
  .title = N_ ("Terminal"),
  .width = 880,
  .height = 560,
  .commands = &table,
  .create = create,
  .destroy = destroy,
  .greet = greet,
  .lost = lost,
  .stream = stream,
};
