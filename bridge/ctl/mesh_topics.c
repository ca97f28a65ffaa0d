/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl mesh: topics and the DHT. */
#include "mesh.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <string.h>

/* What is printed */

void ctl_mesh_print_json (GVariant *value)
{
  JsonNode *node = json_gvariant_serialize (value);
  g_autofree char *text = json_to_string (node, TRUE);
  g_autofree char *safe = ctl_text_escape_json (text);

  g_print ("%s\n", safe);
  json_node_unref (node);
}

void ctl_mesh_print_one (struct ctl *ctl, const char *key, GVariant *value, const char *heading,
                         const char *text)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (value);

  if (!ctl->json) {
    g_autofree char *clean = ctl_text_clean (text);
    g_print ("%s %s\n", heading, clean);
    return;
  }
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_object (json);
  json_builder_set_member_name (json, key);
  json_builder_add_value (json, json_gvariant_serialize (owned));
  json_builder_end_object (json);
  json_print (json, false);
}

static GVariant *bytes_of (const char *text)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_BYTE, text, strlen (text), 1);
}

/* Calls what says how many. */
static int count (struct ctl *ctl, const char *method, GVariant *parameters, const char *key,
                  const char *heading, const char *what)
{
  int status;
  g_autoptr (GVariant) reply = ctl_mesh_call (ctl, method, parameters, "(u)", what, &status);
  guint n;

  if (reply == NULL)
    return status;
  g_variant_get (reply, "(u)", &n);
  g_autofree char *text = g_strdup_printf ("%u", n);
  ctl_mesh_print_one (ctl, key, g_variant_new_uint32 (n), heading, text);
  return CTL_OK;
}

/* Topics */

static void add_topic (CtlTable *table, GVariant *row)
{
  const char *topic;
  guint peers, direct;
  guint64 messages;

  g_variant_get (row, "(&suut)", &topic, &peers, &direct, &messages);
  ctl_table_cell (table, CTL_PLAIN, topic);
  ctl_table_cellf (table, CTL_PLAIN, "%u", peers);
  ctl_table_cellf (table, CTL_PLAIN, "%u", direct);
  ctl_table_cellf (table, CTL_PLAIN, "%" G_GUINT64_FORMAT, messages);
}

int ctl_mesh_topics (struct ctl *ctl)
{
  static const char *const names[] = {"topic", "peers", "direct", "messages", NULL};
  const struct ctl_column columns[] = {{_ ("TOPIC"), false, true},
                                       {_ ("PEERS"), true, false},
                                       {_ ("DIRECT"), true, false},
                                       {_ ("MESSAGES"), true, false}};
  const struct ctl_mesh_list list = {"ListTopics",           "(a(suut))", "topics", names, columns,
                                     G_N_ELEMENTS (columns), add_topic};

  return ctl_mesh_list (ctl, &list, NULL, _ ("cannot list the topics"), NULL);
}

struct listening {
  struct ctl *ctl;
  GMainLoop *loop;
  const char *topic;
  int status;
};

static void on_message (GDBusConnection *bus, const char *sender, const char *path,
                        const char *interface, const char *signal, GVariant *parameters, void *data)
{
  struct listening *listening = data;
  g_autoptr (GVariant) bytes = NULL;
  const char *topic, *from;
  gsize len;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssay)")))
    return;
  g_variant_get (parameters, "(&s&s@ay)", &topic, &from, &bytes);
  if (strcmp (topic, listening->topic) != 0)
    return;
  const char *start = g_variant_get_fixed_array (bytes, &len, 1);
  g_autofree char *text = g_utf8_make_valid (start ? start : "", (gssize)len);
  if (!listening->ctl->json) {
    g_autofree char *line = g_strdup_printf ("%s %s", from, text);
    g_autofree char *clean = ctl_text_clean (line);
    g_print ("%s\n", clean);
    return;
  }
  g_autoptr (JsonBuilder) json = json_builder_new();
  json_builder_begin_object (json);
  ctl_actors_json_text (json, "from", from);
  ctl_actors_json_text (json, "text", text);
  json_builder_end_object (json);
  json_print (json, true);
}

static void on_vanished (GDBusConnection *bus, const char *name, void *data)
{
  struct listening *listening = data;

  ctl_complain (_ ("%s is not on this bus"), name);
  listening->status = CTL_NO_SERVICE;
  g_main_loop_quit (listening->loop);
}

static gboolean on_end (void *data)
{
  g_main_loop_quit (((struct listening *)data)->loop);
  return G_SOURCE_CONTINUE;
}

int ctl_mesh_subscribe (struct ctl *ctl)
{
  struct listening listening = {.ctl = ctl, .topic = ctl->arguments[1], .status = CTL_OK};
  g_autoptr (GError) error = NULL;

  if (!ctl_bus_connect (ctl, &error))
    return ctl_bus_fail (ctl, CTL_NODE, error, _ ("cannot subscribe"));
  guint signal = g_dbus_connection_signal_subscribe (
    ctl->bus, ctl_service_name (CTL_NODE), "org.inos.Node1.Mesh", "Message",
    ctl_service_path (CTL_NODE), NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_message, &listening, NULL);
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "SubscribeTopic", g_variant_new ("(s)", listening.topic), "()",
                   _ ("cannot subscribe"), &listening.status);
  if (reply != NULL) {
    listening.loop = g_main_loop_new (NULL, FALSE);
    guint watch = g_bus_watch_name_on_connection (ctl->bus, ctl_service_name (CTL_NODE), 0, NULL,
                                                  on_vanished, &listening, NULL);
    guint ends[] = {g_unix_signal_add (SIGINT, on_end, &listening),
                    g_unix_signal_add (SIGTERM, on_end, &listening),
                    g_unix_signal_add (SIGHUP, on_end, &listening)};
    g_main_loop_run (listening.loop);
    for (size_t i = 0; i < G_N_ELEMENTS (ends); i++)
      g_source_remove (ends[i]);
    g_bus_unwatch_name (watch);
    g_main_loop_unref (listening.loop);
  }
  g_dbus_connection_signal_unsubscribe (ctl->bus, signal);
  return listening.status;
}

int ctl_mesh_unsubscribe (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "UnsubscribeTopic", g_variant_new ("(s)", ctl->arguments[1]), "()",
                   _ ("cannot leave the topic"), &status);

  return status;
}

int ctl_mesh_publish (struct ctl *ctl)
{
  return count (ctl, "Publish",
                g_variant_new ("(s@ay)", ctl->arguments[1], bytes_of (ctl->arguments[2])),
                "recipients", _ ("sent to peers:"), _ ("cannot publish"));
}

/* The DHT */

int ctl_mesh_put (struct ctl *ctl)
{
  return count (ctl, "PutValue",
                g_variant_new ("(s@ay)", ctl->arguments[1], bytes_of (ctl->arguments[2])), "kept",
                _ ("kept by peers:"), _ ("cannot put the value"));
}

/* As it is, for a file or a pipe; made safe for a terminal. */
int ctl_mesh_get (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "GetValue", g_variant_new ("(s)", ctl->arguments[1]), "(ay)",
                   _ ("cannot get the value"), &status);
  gsize len;

  if (reply == NULL)
    return status;
  g_autoptr (GVariant) bytes = g_variant_get_child_value (reply, 0);
  const char *start = g_variant_get_fixed_array (bytes, &len, 1);
  if (!ctl->terminal)
    return fwrite (start, 1, len, stdout) == len ? CTL_OK : CTL_FAILED;
  g_autofree char *text = g_utf8_make_valid (start ? start : "", (gssize)len);
  g_autofree char *clean = ctl_text_clean (text);
  g_print ("%s\n", clean);
  return CTL_OK;
}

int ctl_mesh_provide (struct ctl *ctl)
{
  return count (ctl, "Provide", g_variant_new ("(s)", ctl->arguments[1]), "told", _ ("told peers:"),
                _ ("cannot provide"));
}

int ctl_mesh_unprovide (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "Unprovide", g_variant_new ("(s)", ctl->arguments[1]), "()",
                   _ ("cannot take back that it provides this"), &status);

  return status;
}

static int print_found (struct ctl *ctl, GVariant *reply, const char *none)
{
  g_autoptr (GVariant) rows = g_variant_get_child_value (reply, 0);

  if (ctl->json) {
    ctl_mesh_print_json (rows);
    return CTL_OK;
  }
  if (g_variant_n_children (rows) == 0) {
    g_print ("%s\n", none);
    return CTL_NO_OBJECT;
  }
  for (gsize i = 0; i < g_variant_n_children (rows); i++) {
    g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
    g_autoptr (GVariant) list = NULL;
    const char *text = "";
    if (g_variant_is_container (row))
      g_variant_get (row, "(&s@as)", &text, &list);
    else
      g_variant_get (row, "&s", &text);
    g_autofree const char **addresses = list ? g_variant_get_strv (list, NULL) : NULL;
    g_autofree char *joined = addresses ? g_strjoinv (" ", (char **)addresses) : g_strdup ("");
    g_autofree char *line = g_strdup_printf ("%s %s", text, joined);
    g_autofree char *clean = ctl_text_clean (g_strchomp (line));
    g_print ("%s\n", clean);
  }
  return CTL_OK;
}

int ctl_mesh_providers (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "FindProviders", g_variant_new ("(s)", ctl->arguments[1]), "(a(sas))",
                   _ ("cannot find providers"), &status);

  return reply != NULL ? print_found (ctl, reply, _ ("Nobody provides this.")) : status;
}

int ctl_mesh_find (struct ctl *ctl)
{
  int status;
  g_autoptr (GVariant) reply =
    ctl_mesh_call (ctl, "FindPeer", g_variant_new ("(s)", ctl->arguments[1]), "(as)",
                   _ ("cannot find the peer"), &status);

  return reply != NULL ? print_found (ctl, reply, _ ("No address is known.")) : status;
}
