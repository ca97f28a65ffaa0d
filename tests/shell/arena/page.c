/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A real page that reads an arena, by the extension and the library that the desktop has:
 *
 *     arena-page torn|hostile|latency|rows|json|map SECONDS EXTENSIONS SCRIPT
 *
 * Says what the page saw as one JSON object. Needs a display, and for json a session bus.
 */

#include "writer.h"

#include <gio/gunixfdlist.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>
#include <webkit/webkit.h>

typedef struct {
  const char *mode, *extensions;
  double seconds;
  Scene scene;
  int nursery;
  int leases[64]; /* the node's ends */
  guint opened;
  WebKitWebView *view;
  JsonObject *result;
  gboolean dead; /* the web process */
} Host;

static void on_terminated (WebKitWebView *view, WebKitWebProcessTerminationReason reason,
                           gpointer data)
{
  ((Host *)data)->dead = TRUE;
}

static void on_web_process (WebKitWebContext *context, gpointer data)
{
  webkit_web_context_set_web_process_extensions_directory (context, ((Host *)data)->extensions);
}

static void on_finished (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* Runs the loop until the answer is there, or the web process is not. */
static GAsyncResult *wait_for (Host *host, GAsyncResult **result)
{
  while (!*result && !host->dead)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* Runs a script in the page. Returns: its value as JSON, or NULL. */
static JsonNode *run (Host *host, const char *script)
{
  GAsyncResult *done = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *body = g_strdup_printf ("return JSON.stringify (%s) ?? 'null'", script);

  webkit_web_view_call_async_javascript_function (host->view, body, -1, NULL, NULL, NULL, NULL,
                                                  on_finished, &done);
  if (!wait_for (host, &done))
    return NULL;
  g_autoptr (GAsyncResult) owned = done;
  g_autoptr (JSCValue) value =
    webkit_web_view_call_async_javascript_function_finish (host->view, owned, &error);
  if (!value) {
    g_printerr ("%s: %s\n", script, error->message);
    return NULL;
  }
  g_autofree char *text = jsc_value_to_string (value);
  return json_from_string (text, NULL);
}

static void keep (Host *host, const char *name, const char *script)
{
  JsonNode *value = run (host, script);

  json_object_set_member (host->result, name, value ? value : json_node_new (JSON_NODE_NULL));
}

/* As the bridge and the shell do it. */
static void open_arena (Host *host)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new();
  GAsyncResult *done = NULL;
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
    abort();
  host->leases[host->opened++ % G_N_ELEMENTS (host->leases)] = ends[0];
  g_unix_fd_list_append (fds, inos_arena_fd (host->scene.arena), NULL);
  g_unix_fd_list_append (fds, host->scene.event, NULL);
  g_unix_fd_list_append (fds, ends[1], NULL);
  close (ends[1]);
  webkit_web_view_send_message_to_page (
    host->view, webkit_user_message_new_with_fd_list ("inos-arena", NULL, fds), NULL, on_finished,
    &done);
  if (!wait_for (host, &done))
    return;
  g_autoptr (GAsyncResult) owned = done;
  g_autoptr (GError) error = NULL;
  g_autoptr (WebKitUserMessage) answer =
    webkit_web_view_send_message_to_page_finish (host->view, owned, &error);
  json_object_set_string_member (
    host->result, "wrong",
    answer ? g_variant_get_string (webkit_user_message_get_parameters (answer), NULL)
           : error->message);
}

static void on_load (WebKitWebView *view, WebKitLoadEvent event, gpointer data)
{
  if (event == WEBKIT_LOAD_FINISHED)
    *(gboolean *)data = TRUE;
}

static void show_page (Host *host, const char *script)
{
  WebKitWebContext *context = webkit_web_context_new();
  g_autofree char *code = NULL;
  gboolean loaded = FALSE;

  if (!g_file_get_contents (script, &code, NULL, NULL))
    g_error ("there is no script %s", script);
  g_autofree char *html =
    g_strdup_printf ("<!doctype html><meta charset=utf-8><script>%s</script>", code);
  webkit_web_context_add_path_to_sandbox (context, host->extensions, TRUE);
  g_signal_connect (context, "initialize-web-process-extensions", G_CALLBACK (on_web_process),
                    host);
  host->view = g_object_ref_sink (g_object_new (WEBKIT_TYPE_WEB_VIEW, "web-context", context,
                                                "network-session",
                                                webkit_network_session_new_ephemeral(), NULL));
  g_signal_connect (host->view, "load-changed", G_CALLBACK (on_load), &loaded);
  g_signal_connect (host->view, "web-process-terminated", G_CALLBACK (on_terminated), host);
  webkit_web_view_load_html (host->view, html, "inos://test/");
  while (!loaded)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean on_passed (gpointer data)
{
  *(gboolean *)data = TRUE;
  return G_SOURCE_REMOVE;
}

static void pass (double seconds)
{
  gboolean passed = FALSE;

  g_timeout_add ((guint)(seconds * 1000), on_passed, &passed);
  while (!passed)
    g_main_context_iteration (NULL, TRUE);
}

/* Modes */

static void run_torn (Host *host)
{
  gint64 end = g_get_monotonic_time() + (gint64)(host->seconds * G_USEC_PER_SEC);
  JsonObject *all = json_object_new();
  int kills = 0;

  for (; g_get_monotonic_time() < end && !host->dead; kills++) {
    g_autoptr (JsonNode) seen = run (host, "inosTest.torn (100)");
    JsonObject *each = seen ? json_node_get_object (seen) : NULL;
    for (const char *const *name = (const char *const[]){"whole", "torn", "busy", NULL};
         each && *name; name++)
      json_object_set_int_member (all, *name,
                                  json_object_get_int_member_with_default (all, *name, 0) +
                                    json_object_get_int_member (each, *name));
    if (write (host->nursery, "k", 1) < 0)
      break;
  }
  json_object_set_object_member (host->result, "seen", all);
  json_object_set_int_member (host->result, "kills", kills);
}

static gboolean is_untouched (Host *host)
{
  const struct inos_arena_header *header = inos_arena_header (host->scene.arena);

  return memcmp (&header->magic, INOS_ARENA_MAGIC, sizeof header->magic) == 0 &&
         header->layout == INOS_ARENA_LAYOUT;
}

static void run_hostile (Host *host)
{
  keep (host, "scribbled", "inosTest.scribble()");
  json_object_set_boolean_member (host->result, "untouched", is_untouched (host));
  keep (host, "after", "1 + 1");
  open_arena (host); /* over the same memory */
  keep (host, "again", "inosTest.torn (100)");
  keep (host, "gave", "inosTest.giveAway()");
  open_arena (host);
  keep (host, "at-last", "inosTest.torn (100)");
  json_object_set_boolean_member (host->result, "still-untouched", is_untouched (host));
}

static void on_taken (GObject *source, GAsyncResult *result, gpointer data)
{
  const guint64 one = 1;

  if (write (((Host *)data)->scene.event, &one, sizeof one) < 0)
    g_printerr ("the writer cannot be told\n");
}

static void on_rows (GDBusConnection *bus, const char *sender, const char *path,
                     const char *interface, const char *signal, GVariant *parameters, gpointer data)
{
  Host *host = data;
  g_autoptr (JsonBuilder) builder = json_builder_new();
  g_autoptr (GVariantIter) rows = NULL;
  guint64 id, processed, depth;
  double rate, share;
  guint state, restarts;
  const char *name, *class;
  GVariantDict arguments;

  g_variant_get (parameters, "(a(tttddussu))", &rows);
  json_builder_begin_array (builder);
  while (g_variant_iter_next (rows, "(tttddu&s&su)", &id, &processed, &depth, &rate, &share, &state,
                              &name, &class, &restarts)) {
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "id");
    json_builder_add_int_value (builder, (gint64)id);
    json_builder_set_member_name (builder, "processed");
    json_builder_add_int_value (builder, (gint64)processed);
    json_builder_set_member_name (builder, "depth");
    json_builder_add_int_value (builder, (gint64)depth);
    json_builder_set_member_name (builder, "rate");
    json_builder_add_double_value (builder, rate);
    json_builder_set_member_name (builder, "state");
    json_builder_add_int_value (builder, state);
    json_builder_set_member_name (builder, "name");
    json_builder_add_string_value (builder, name);
    json_builder_set_member_name (builder, "class");
    json_builder_add_string_value (builder, class);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  g_autofree char *json = json_to_string (root, FALSE);
  g_variant_dict_init (&arguments, NULL);
  g_variant_dict_insert (&arguments, "state", "s", json);
  webkit_web_view_call_async_javascript_function (
    host->view, "inosTest.takeRows (JSON.parse (state))", -1, g_variant_dict_end (&arguments), NULL,
    NULL, NULL, on_taken, host);
}

/* Who measures counts what is between these two lines. */
static void run_measured (Host *host)
{
  g_autofree char *script = g_strdup_printf ("inosTest.begin ('%s') && null", host->mode);
  GDBusConnection *bus = NULL;

  if (g_str_equal (host->mode, "json")) {
    bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
    g_dbus_connection_signal_subscribe (bus, NULL, "org.inos.Test", "Rows", "/rows", NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, on_rows, host, NULL);
  } else {
    g_autoptr (JsonNode) none = run (host, script);
  }
  pass (1);
  keep (host, "before", "inosTest.state().updates");
  g_print ("begin\n");
  fflush (stdout);
  pass (host->seconds);
  keep (host, "state", "inosTest.state()");
  g_print ("end\n");
  fflush (stdout);
  while (getchar() > '\n') /* until it has been counted */
    ;
}

static const struct {
  const char *name;
  Writing writing;
  void (*run) (Host *host);
} modes[] = {
  {"torn", writer_torn, run_torn},           {"hostile", writer_torn, run_hostile},
  {"latency", writer_latency, run_measured}, {"rows", writer_rows, run_measured},
  {"json", writer_json, run_measured},       {"map", writer_peers, run_measured},
};

int main (int argc, char **argv)
{
  Host host = {.mode = argc > 4 ? argv[1] : "", .result = json_object_new()};
  size_t mode = 0;

  while (mode < G_N_ELEMENTS (modes) && !g_str_equal (modes[mode].name, host.mode))
    mode++;
  if (mode == G_N_ELEMENTS (modes))
    return 2;
  host.seconds = g_ascii_strtod (argv[2], NULL);
  host.extensions = argv[3];
  host.scene.arena = inos_arena_new (1, NULL);
  host.scene.event = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
  host.nursery = nursery_start (&host.scene, modes[mode].writing);
  gtk_init();
  show_page (&host, argv[4]);
  json_object_set_string_member (host.result, "wrong", "");
  if (!g_str_equal (host.mode, "json")) /* whose writer has the event for itself */
    open_arena (&host);
  modes[mode].run (&host);
  json_object_set_boolean_member (host.result, "alive", !host.dead);
  keep (&host, "page", "inosTest.state().readable");
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc(), host.result);
  g_autofree char *text = json_to_string (root, FALSE);
  g_print ("%s\n", text);
  fflush (stdout);
  close (host.nursery);
  _exit (0); /* WebKit takes its time */
}
