/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "settings_session.h"

#include "../message.h"
#include "settings_calls.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <string.h>

#define SESSION "org.inos.Session1"
#define SESSION_PATH "/org/inos/Session1"
#define WINDOWS SESSION ".Windows"
#define LANGUAGE SESSION ".Language"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define PATIENCE 5000 /* ms */
#define LOCALE_MOST 64
#define LOCALES_MOST 1000

/* Locales */

/* "de_DE.utf8" → "de_DE.UTF-8"; NULL for another encoding, and for C. */
static char *clean (const char *line)
{
  const char *dot = strchr (line, '.');
  g_autofree char *name = NULL;
  gsize length;

  if (!dot || g_str_has_prefix (line, "C.") || g_str_has_prefix (line, "POSIX"))
    return NULL;
  name = g_strndup (line, (gsize)(dot - line));
  length = strcspn (dot + 1, "@");
  if (strlen (line) > LOCALE_MOST || !g_utf8_validate (line, -1, NULL) ||
      (g_ascii_strncasecmp (dot + 1, "utf8", MAX (length, 4)) != 0 &&
       g_ascii_strncasecmp (dot + 1, "utf-8", MAX (length, 5)) != 0))
    return NULL;
  return g_strconcat (name, ".UTF-8", dot + 1 + length, NULL);
}

JsonArray *inos_locales_parse (const char *text)
{
  JsonArray *array = json_array_new();
  g_auto (GStrv) lines = g_strsplit (text, "\n", LOCALES_MOST);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (char **line = lines; *line; line++) {
    char *name = clean (*line);

    if (name && g_hash_table_add (seen, name))
      json_array_add_string_element (array, name);
  }
  return array;
}

/* Reading: the properties of the one interface, of the other, then the locales. */

typedef struct {
  GDBusConnection *bus;
  InosReply *reply;
  JsonObject *object;
  guint step;
} Reading;

static const char *const interfaces[] = {WINDOWS, LANGUAGE};

static void end_reading (Reading *reading, JsonArray *locales)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *now = json_object_new();

  json_object_set_string_member (now, "messages", setlocale (LC_MESSAGES, NULL));
  json_object_set_string_member (now, "formats", setlocale (LC_TIME, NULL));
  json_object_set_object_member (reading->object, "now", now);
  json_object_set_array_member (reading->object, "locales", locales);
  json_node_take_object (node, reading->object);
  inos_reply_ok (reading->reply, node);
  g_object_unref (reading->bus);
  g_free (reading);
}

static void on_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GBytes) said = NULL; /* aliases such as français are in other encodings */
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_subprocess_communicate_finish (G_SUBPROCESS (source), result, &said, NULL, &error))
    g_message ("locale -a: %s", error->message);
  if (said)
    text = g_strndup (g_bytes_get_data (said, NULL), g_bytes_get_size (said));
  end_reading (data, inos_locales_parse (text ? text : ""));
}

static void list_locales (Reading *reading)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) program =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                      "locale", "-a", NULL);

  if (program) {
    g_subprocess_communicate_async (program, NULL, NULL, on_listed, reading);
    return;
  }
  g_message ("locale -a: %s", error->message);
  end_reading (reading, json_array_new());
}

static void read_next (Reading *reading);

static void on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  static const char *const names[][2] = {
    {"When", "when"}, {"Messages", "messages"}, {"Formats", "formats"}};
  Reading *reading = data;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autoptr (GVariant) values = answer ? g_variant_get_child_value (answer, 0) : NULL;
  const char *text;

  for (gsize i = 0; values && i < G_N_ELEMENTS (names); i++)
    if (g_variant_lookup (values, names[i][0], "&s", &text))
      json_object_set_string_member (reading->object, names[i][1], text);
  reading->step++;
  read_next (reading);
}

static void read_next (Reading *reading)
{
  if (reading->step == G_N_ELEMENTS (interfaces)) {
    list_locales (reading);
    return;
  }
  g_dbus_connection_call (reading->bus, SESSION, SESSION_PATH, PROPERTIES, "GetAll",
                          g_variant_new ("(s)", interfaces[reading->step]),
                          G_VARIANT_TYPE ("(a{sv})"), G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE,
                          NULL, on_read, reading);
}

void inos_session_settings_read (GDBusConnection *bus, InosReply *reply)
{
  Reading *reading = g_new0 (Reading, 1);

  *reading = (Reading){g_object_ref (bus), reply, json_object_new(), 0};
  read_next (reading);
}

/* A change: what holds is asked for first, as the way back. */

typedef struct {
  InosReply *reply;
  InosUndos *undos;
  InosCalls *calls, *back;
  const char *interface;
} Change;

static void change_free (Change *change)
{
  inos_undos_unref (change->undos);
  inos_calls_unref (change->calls);
  inos_calls_unref (change->back);
  g_free (change);
}

static void add_when (InosCalls *calls, const char *when)
{
  inos_calls_add_to (calls, SESSION, SESSION_PATH, PROPERTIES, "Set",
                     g_variant_new ("(ssv)", WINDOWS, "When", g_variant_new_string (when)));
}

static void add_language (InosCalls *calls, const char *messages, const char *formats)
{
  inos_calls_add_to (calls, SESSION, SESSION_PATH, LANGUAGE, "Set",
                     g_variant_new ("(ss)", messages, formats));
}

static void on_known (GObject *source, GAsyncResult *result, gpointer data)
{
  Change *change = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer =
    g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) values = answer ? g_variant_get_child_value (answer, 0) : NULL;
  const char *when = "crash", *messages = "", *formats = "";

  if (!values) {
    inos_calls_fail (error, change->reply);
    change_free (change);
    return;
  }
  g_variant_lookup (values, "When", "&s", &when);
  g_variant_lookup (values, "Messages", "&s", &messages);
  g_variant_lookup (values, "Formats", "&s", &formats);
  if (g_str_equal (change->interface, WINDOWS))
    add_when (change->back, when);
  else
    add_language (change->back, messages, formats);
  inos_calls_run_change (change->calls, change->back, change->undos, change->reply);
  change_free (change);
}

static void start (GDBusConnection *bus, const char *interface, InosCalls *calls, InosUndos *undos,
                   InosReply *reply)
{
  Change *change = g_new0 (Change, 1);

  *change = (Change){.reply = reply,
                     .undos = inos_undos_ref (undos),
                     .calls = calls,
                     .back = inos_calls_new (bus),
                     .interface = interface};
  g_dbus_connection_call (bus, SESSION, SESSION_PATH, PROPERTIES, "GetAll",
                          g_variant_new ("(s)", interface), G_VARIANT_TYPE ("(a{sv})"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE, NULL, on_known, change);
}

void inos_session_settings_set_when (GDBusConnection *bus, JsonObject *args, InosUndos *undos,
                                     InosReply *reply)
{
  static const char *const words[] = {"never", "crash", "always", NULL};
  g_autoptr (GError) error = NULL;
  const char *when = inos_args_get_string (args, "when", LOCALE_MOST, &error);
  InosCalls *calls;

  if (!when || !g_strv_contains (words, when)) {
    inos_reply_fail (reply, "%s", error ? error->message : _ ("There is no such setting here."));
    return;
  }
  calls = inos_calls_new (bus);
  add_when (calls, when);
  start (bus, WINDOWS, calls, undos, reply);
}

/* "" where it is missing; NULL and error for what is no locale's name. */
static const char *take_locale (JsonObject *args, const char *name, GError **error)
{
  return json_object_has_member (args, name) ? inos_args_get_string (args, name, LOCALE_MOST, error)
                                             : "";
}

void inos_session_settings_set_language (GDBusConnection *bus, JsonObject *args, InosUndos *undos,
                                         InosReply *reply)
{
  g_autoptr (GError) error = NULL;
  const char *messages = take_locale (args, "messages", &error);
  const char *formats = messages ? take_locale (args, "formats", &error) : NULL;
  InosCalls *calls;

  if (!formats) {
    inos_reply_fail (reply, "%s", error->message);
    return;
  }
  calls = inos_calls_new (bus);
  add_language (calls, messages, formats);
  start (bus, LANGUAGE, calls, undos, reply);
}
