/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "terminal_node.h"

#include "../scheme.h"
#include "terminal_stream.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib/gi18n.h>
#include <string.h>

#define NAME "org.inos.Node1"
#define PATH "/org/inos/Node1"
#define TERMINALS "org.inos.Node1.Terminals"
#define ROWS "a(tsssuuusiix)"
#define NEWS_MS 50

struct InosTerminalNode {
  GDBusConnection *bus;
  GCancellable *cancellable;
  InosTerminalsFunc changed;
  gpointer data;
  guint signals, owner; /* subscriptions */
  guint news;           /* source */
  GHashTable *streams;  /* id → InosTerminalStream */
};

/* What a call needs when its answer comes; the node may have gone by then, the reply has not. */
typedef struct {
  InosTerminalNode *node; /* valid unless the call was cancelled */
  InosReply *reply;       /* may be NULL */
  guint64 id;
} Call;

/* What the programs of a terminal need of the session in which its window is. */
static const char *const session_names[] = {
  "DBUS_SESSION_BUS_ADDRESS",
  "DESKTOP_SESSION",
  "DISPLAY",
  "LANG",
  "LANGUAGE",
  "SSH_AUTH_SOCK",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  "XCURSOR_SIZE",
  "XCURSOR_THEME",
  "XDG_CURRENT_DESKTOP",
  "XDG_SEAT",
  "XDG_SESSION_CLASS",
  "XDG_SESSION_DESKTOP",
  "XDG_SESSION_ID",
  "XDG_SESSION_TYPE",
  "XDG_VTNR",
};

static GVariant *session_environment (void)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("as"));
  for (gsize i = 0; i < G_N_ELEMENTS (session_names); i++) {
    const char *value = g_getenv (session_names[i]);

    if (value && g_utf8_validate (value, -1, NULL))
      g_variant_builder_add_value (&builder,
                                   g_variant_new_printf ("%s=%s", session_names[i], value));
  }
  return g_variant_builder_end (&builder);
}

static Call *call_new (InosTerminalNode *self, InosReply *reply, guint64 id)
{
  Call *call = g_new0 (Call, 1);

  *call = (Call){self, reply, id};
  return call;
}

/* A sentence for the person. */
static void fail (InosReply *reply, GError *error)
{
  if (g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)) {
    inos_reply_fail (reply, "%s", _ ("This machine's node is not there. It is being started."));
    return;
  }
  g_dbus_error_strip_remote_error (error);
  inos_reply_fail (reply, "%s", error->message);
}

static void request (InosTerminalNode *self, const char *method, GVariant *arguments,
                     const char *type, GAsyncReadyCallback done, Call *call)
{
  g_dbus_connection_call (self->bus, NAME, PATH, TERMINALS, method, arguments,
                          G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable,
                          done, call);
}

/* Lists */

static JsonNode *rows_to_json (GVariant *rows)
{
  JsonArray *array = json_array_new();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);
  GVariantIter iter;
  const char *title, *program, *directory, *state;
  guint64 id;
  guint columns, n_rows, attached;
  gint code, signal;
  gint64 started;

  g_variant_iter_init (&iter, rows);
  while (g_variant_iter_next (&iter, "(t&s&s&suuu&siix)", &id, &title, &program, &directory,
                              &columns, &n_rows, &attached, &state, &code, &signal, &started)) {
    JsonObject *row = json_object_new();

    json_object_set_int_member (row, "id", (gint64)id);
    json_object_set_string_member (row, "title", title);
    json_object_set_string_member (row, "program", program);
    json_object_set_string_member (row, "directory", directory);
    json_object_set_int_member (row, "attached", attached);
    json_object_set_string_member (row, "state", state);
    json_object_set_int_member (row, "code", code);
    json_object_set_int_member (row, "signal", signal);
    json_object_set_int_member (row, "started", started);
    json_array_add_object_element (array, row);
  }
  json_node_take_array (node, array);
  return node;
}

static void on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Call *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) rows = answer ? g_variant_get_child_value (answer, 0) : NULL;

  if (call->reply && rows)
    inos_reply_ok (call->reply, rows_to_json (rows));
  else if (call->reply)
    fail (call->reply, error);
  else if (rows)
    call->node->changed (rows_to_json (rows), call->node->data);
}

void inos_terminal_node_list (InosTerminalNode *self, InosReply *reply)
{
  request (self, "List", NULL, "(" ROWS ")", on_listed, call_new (self, reply, 0));
}

static gboolean on_news (gpointer data)
{
  InosTerminalNode *self = data;

  self->news = 0;
  inos_terminal_node_list (self, NULL);
  return G_SOURCE_REMOVE;
}

static void on_signal (GDBusConnection *bus, const char *sender, const char *path,
                       const char *interface, const char *signal, GVariant *parameters,
                       gpointer data)
{
  InosTerminalNode *self = data;

  if (!self->news)
    self->news = g_timeout_add (NEWS_MS, on_news, self);
}

/* What is asked */

static void on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Call *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  JsonObject *object;
  JsonNode *node;
  guint64 id;

  if (!answer) {
    fail (call->reply, error);
    return;
  }
  g_variant_get (answer, "(t)", &id);
  object = json_object_new();
  json_object_set_int_member (object, "id", (gint64)id);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  inos_reply_ok (call->reply, node);
}

void inos_terminal_node_open (InosTerminalNode *self, const char *directory, guint columns,
                              guint rows, InosReply *reply)
{
  request (self, "Open",
           g_variant_new ("(s@as@asuu)", directory, g_variant_new_strv (NULL, 0),
                          session_environment(), columns, rows),
           "(t)", on_opened, call_new (self, reply, 0));
}

static void on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Call *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer)
    inos_reply_ok (call->reply, NULL);
  else
    fail (call->reply, error);
}

void inos_terminal_node_close (InosTerminalNode *self, guint64 id, InosReply *reply)
{
  request (self, "Close", g_variant_new ("(t)", id), "()", on_done, call_new (self, reply, id));
}

void inos_terminal_node_resize (InosTerminalNode *self, guint64 id, guint columns, guint rows,
                                InosReply *reply)
{
  request (self, "Resize", g_variant_new ("(tuu)", id, columns, rows), "()", on_done,
           call_new (self, reply, id));
}

/* Streams */

static int take_fd (GUnixFDList *list, gint index)
{
  int fd = list ? g_unix_fd_list_get (list, index, NULL) : -1;

  if (fd >= 0 && fcntl (fd, F_SETFL, O_NONBLOCK) < 0)
    g_debug ("a stream may block; it is read without waiting all the same");
  return fd;
}

static void on_attached (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Call *call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) list = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_with_unix_fd_list_finish (
    G_DBUS_CONNECTION (source), &list, result, &error);
  JsonObject *object;
  JsonNode *node;
  gint index;
  guint64 replay;
  guint columns, rows;
  int fd;

  if (!answer) {
    fail (call->reply, error);
    return;
  }
  g_variant_get (answer, "(htuu)", &index, &replay, &columns, &rows);
  fd = take_fd (list, index);
  if (fd < 0) {
    inos_reply_fail (call->reply, "%s", _ ("The terminal has no stream."));
    return;
  }
  g_hash_table_replace (call->node->streams, g_memdup2 (&call->id, sizeof call->id),
                        inos_terminal_stream_create (fd, replay));
  object = json_object_new();
  json_object_set_int_member (object, "replay", (gint64)replay);
  json_object_set_int_member (object, "columns", columns);
  json_object_set_int_member (object, "rows", rows);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  inos_reply_ok (call->reply, node);
}

void inos_terminal_node_attach (InosTerminalNode *self, guint64 id, InosReply *reply)
{
  g_dbus_connection_call_with_unix_fd_list (self->bus, NAME, PATH, TERMINALS, "Attach",
                                            g_variant_new ("(t)", id), G_VARIANT_TYPE ("(htuu)"),
                                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, self->cancellable,
                                            on_attached, call_new (self, reply, id));
}

void inos_terminal_node_keep (InosTerminalNode *self, guint64 id, guint lines)
{
  InosTerminalStream *stream = g_hash_table_lookup (self->streams, &id);

  if (stream)
    inos_terminal_stream_keep (stream, lines);
}

void inos_terminal_node_detach (InosTerminalNode *self, guint64 id)
{
  g_hash_table_remove (self->streams, &id);
}

void inos_terminal_node_detach_all (InosTerminalNode *self)
{
  g_hash_table_remove_all (self->streams);
}

gboolean inos_terminal_node_write (InosTerminalNode *self, guint64 id, const guchar *bytes,
                                   gsize size, GError **error)
{
  InosTerminalStream *stream = g_hash_table_lookup (self->streams, &id);

  if (stream)
    return inos_terminal_stream_write (stream, bytes, size, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                       _ ("This window does not look on at that terminal."));
  return FALSE;
}

void inos_terminal_node_read (InosTerminalNode *self, guint64 id, WebKitURISchemeRequest *request)
{
  InosTerminalStream *stream = g_hash_table_lookup (self->streams, &id);

  if (stream)
    inos_terminal_stream_read (stream, request);
  else
    inos_scheme_answer (request, NULL);
}

/* Life cycle */

static void on_owner (GDBusConnection *bus, const char *name, const char *owner, gpointer data)
{
  on_signal (bus, NULL, NULL, NULL, NULL, NULL, data);
}

InosTerminalNode *inos_terminal_node_create (GDBusConnection *bus, InosTerminalsFunc changed,
                                             gpointer data)
{
  InosTerminalNode *self = g_new0 (InosTerminalNode, 1);

  self->bus = g_object_ref (bus);
  self->cancellable = g_cancellable_new();
  self->changed = changed;
  self->data = data;
  self->streams = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                         (GDestroyNotify)inos_terminal_stream_destroy);
  self->signals = g_dbus_connection_signal_subscribe (
    bus, NAME, TERMINALS, NULL, PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
  self->owner = g_bus_watch_name_on_connection (bus, NAME, G_BUS_NAME_WATCHER_FLAGS_NONE, on_owner,
                                                NULL, self, NULL);
  return self;
}

void inos_terminal_node_destroy (InosTerminalNode *self)
{
  if (!self)
    return;
  g_cancellable_cancel (self->cancellable);
  g_dbus_connection_signal_unsubscribe (self->bus, self->signals);
  g_bus_unwatch_name (self->owner);
  g_clear_handle_id (&self->news, g_source_remove);
  g_hash_table_unref (self->streams);
  g_object_unref (self->cancellable);
  g_object_unref (self->bus);
  g_free (self);
}
