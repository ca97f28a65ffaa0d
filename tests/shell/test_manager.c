/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "app/manager_logs.h"
#include "app/manager_node.h"

#include "test.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const InosQuestion question = {
  "org.inos.Node1", "Method", "()", 1000, {{"who", 's', 8}, {"room", 'u', 1024}, {"sure", 'b', 0}}};
static const InosQuestion loose = {
  "org.inos.Node1", "Method", "()", 1000, {{"number", 't', 0}, {"to", 'o', 8}}};
static const InosQuestion filter = {
  "org.inos.Node1.Machine",
  "ReadLog",
  "()",
  1000,
  {INOS_LOG_FILTER, {"cursor", 'o', 8}, {"newer", 'b', 0}, {"limit", 'u', 200}}};
static const InosQuestion bare = {"org.inos.Node1", "Method", "()", 1000, {{0}}};

/* What the node would be told, as GVariant prints it; NULL where the page is refused. */
static char *told (const InosQuestion *asked, const char *args)
{
  g_autoptr (JsonNode) node = json_from_string (args, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) arguments =
    inos_question_arguments (asked, json_node_get_object (node), &error);

  assert_true ((arguments == NULL) == (error != NULL));
  return arguments ? g_variant_print (g_variant_ref_sink (arguments), TRUE) : NULL;
}

static void assert_told (const InosQuestion *asked, const char *args, const char *expected)
{
  g_autofree char *text = told (asked, args);

  assert_non_null (text);
  assert_string_equal (text, expected);
}

static void assert_refused (const InosQuestion *asked, const char *args)
{
  g_autofree char *text = told (asked, args);

  assert_null (text);
}

static void what_a_page_says_goes_on_as_it_is (void **state)
{
  assert_told (&question, "{\"who\":\"monitor\",\"room\":0,\"sure\":true}",
               "('monitor', uint32 0, true)");
  assert_told (&question, "{\"who\":\"<b>\\u202ea\",\"room\":1024,\"sure\":false}",
               "('<b>\\u202ea', uint32 1024, false)");
  assert_told (&loose, "{\"number\":\"18446744073709551615\"}",
               "(uint64 18446744073709551615, '')");
  assert_told (&loose, "{\"number\":\"0\",\"to\":\"feed\"}", "(uint64 0, 'feed')");
  assert_told (&filter,
               "{\"source\":\"inos\",\"priority\":4,\"since\":\"7\",\"newer\":true,\"limit\":1}",
               "('inos', '', '', '', uint32 4, int64 7, '', true, uint32 1)");
  assert_refused (&filter, "{\"source\":\"inos\",\"priority\":4,\"since\":\"9223372036854775808\","
                           "\"newer\":true,\"limit\":1}");
  assert_told (&bare, "{\"more\":1}", "()");
}

static void what_is_not_asked_for_so_is_refused (void **state)
{
  static const char *const wrong[] = {
    "{}",
    "{\"who\":\"monitor\",\"room\":1}",
    "{\"who\":\"\",\"room\":1,\"sure\":true}",
    "{\"who\":\"nine char\",\"room\":1,\"sure\":true}",
    "{\"who\":7,\"room\":1,\"sure\":true}",
    "{\"who\":[\"a\"],\"room\":1,\"sure\":true}",
    "{\"who\":\"a\",\"room\":1025,\"sure\":true}",
    "{\"who\":\"a\",\"room\":-1,\"sure\":true}",
    "{\"who\":\"a\",\"room\":1.5,\"sure\":true}",
    "{\"who\":\"a\",\"room\":\"1\",\"sure\":true}",
    "{\"who\":\"a\",\"room\":1,\"sure\":1}",
    "{\"who\":\"a\",\"room\":1,\"sure\":null}",
  };
  static const char *const no_numbers[] = {
    "{\"number\":7}",
    "{\"number\":\"\"}",
    "{\"number\":\"-1\"}",
    "{\"number\":\"+1\"}",
    "{\"number\":\" 1\"}",
    "{\"number\":\"0x1\"}",
    "{\"number\":\"18446744073709551616\"}",
    "{\"number\":\"1\",\"to\":\"\"}",
    "{\"number\":\"1\",\"to\":\"nine char\"}",
    "{\"number\":\"1\",\"to\":7}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_refused (&question, wrong[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (no_numbers); i++)
    assert_refused (&loose, no_numbers[i]);
}

static void assert_shown (const char *answer, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = g_variant_parse (NULL, answer, NULL, NULL, &error);

  assert_null (error);
  g_autoptr (JsonNode) node = inos_answer_to_json (value);
  g_autofree char *text = json_to_string (node, FALSE);
  assert_string_equal (text, expected);
}

static void answers_are_json (void **state)
{
  assert_shown ("()", "[]");
  assert_shown ("(true, 'a', uint32 4294967295, int32 -1, byte 7)", "[true,\"a\",4294967295,-1,7]");
  assert_shown ("(uint64 18446744073709551615, int64 -9223372036854775808)",
                "[\"18446744073709551615\",\"-9223372036854775808\"]");
  assert_shown ("(1.5,)", "[1.5]");
  assert_shown ("{'depth': <uint64 3>, 'name': <'a\"b'>, 'lanes': <[uint64 1, 2]>}",
                "{\"depth\":\"3\",\"name\":\"a\\\"b\",\"lanes\":[\"1\",\"2\"]}");
  assert_shown ("[('a', {'b': uint32 1}), ('c', {})]", "[[\"a\",{\"b\":1}],[\"c\",{}]]");
  assert_shown ("@a{sv} {}", "{}");
  assert_shown ("[{uint32 1: 'a'}]", "[[[1,\"a\"]]]");
  assert_shown ("<<<'deep'>>>", "\"deep\"");
}

static void what_is_no_number_is_nothing (void **state)
{
  g_autoptr (GVariant) value =
    g_variant_ref_sink (g_variant_new ("(ddd)", (double)NAN, (double)INFINITY, 0.25));
  g_autoptr (JsonNode) node = inos_answer_to_json (value);
  g_autofree char *text = json_to_string (node, FALSE);

  assert_string_equal (text, "[null,null,0.25]");
}

/* Two bytes a character, so that the bound is in the middle of one or not, by the one before. */
static void long_strings_are_cut_between_characters (void **state)
{
  for (gsize before = 0; before < 3; before++) {
    GString *name = g_string_new_len ("xxx", (gssize)before);

    for (gsize i = 0; i < 64 * 1024; i++)
      g_string_append (name, "\303\251");
    g_autoptr (GVariant) value =
      g_variant_ref_sink (g_variant_new_take_string (g_string_free (name, FALSE)));
    g_autoptr (JsonNode) node = inos_answer_to_json (value);
    const char *text = json_node_get_string (node);
    assert_true (g_utf8_validate (text, -1, NULL));
    assert_true (strlen (text) <= INOS_ANSWER_STRING_MAX + strlen ("…"));
    assert_true (strlen (text) > INOS_ANSWER_STRING_MAX - 8);
    assert_true (g_str_has_suffix (text, "é…"));
  }
}

static void assert_line (const char *row, gboolean json, const char *expected)
{
  g_autoptr (GVariant) value = g_variant_parse (NULL, row, NULL, NULL, NULL);
  g_autofree char *line = inos_log_export_line (value, json);
  const char *after = strchr (line, json ? ',' : ' ');

  assert_string_equal (after, expected); /* the time is the place's */
}

static void entries_of_a_log_are_lines_of_a_file (void **state)
{
  static const char *const row =
    "('c', int64 1, uint32 3, 'a.service', 'a', uint32 7, 'one\"\\ntwo', true)";
  static const char *const bare_row =
    "('c', int64 1, uint32 99, 'node', '', uint32 0, 'said', false)";

  assert_line (row, FALSE, " a[7] <err>: one\"\n    two …\n");
  assert_line (bare_row, FALSE, " node <info>: said\n");
  assert_line (row, TRUE,
               ",\"priority\":\"err\",\"unit\":\"a.service\",\"program\":\"a\",\"pid\":7,"
               "\"message\":\"one\\\"\\ntwo\",\"cut\":true}\n");
  assert_line (bare_row, TRUE, ",\"priority\":\"info\",\"unit\":\"node\",\"message\":\"said\"}\n");
}

static void a_file_that_is_not_whole_is_no_file (void **state)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (int i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    g_ptr_array_add (lines, g_strnfill (i == 0 ? 1 : 1024 * 1024, 'x'));
    assert_false (inos_log_export_write (lines, open ("/dev/full", O_WRONLY), NULL, &error));
    assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE));
  }
}

/* A node at the other end of a socket, whose log has one entry; in GDBus' thread. */
static GDBusMessage *answer_log (GDBusConnection *bus, GDBusMessage *message, gboolean comes,
                                 gpointer data)
{
  if (!comes || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL)
    return message;
  g_autoptr (GDBusMessage) reply = g_dbus_message_new_method_reply (message);
  g_dbus_message_set_body (
    reply, g_variant_new_parsed ("('inos', 'c', 'c', false, [('c', int64 1, uint32 6, 'a.service', "
                                 "'a', uint32 7, 'said', false)])"));
  g_dbus_connection_send_message (bus, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
  g_object_unref (message);
  return NULL;
}

static void on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GDBusConnection **)data = g_dbus_connection_new_finish (result, NULL);
}

static void connect_end (int fd, GDBusConnectionFlags flags, const char *guid,
                         GDBusConnection **bus)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);
  g_autoptr (GSocketConnection) stream = g_socket_connection_factory_create_connection (socket);

  g_dbus_connection_new (G_IO_STREAM (stream), guid, flags, NULL, NULL, on_connected, bus);
}

struct export
{
  gboolean over;
  char *answer, *fault;
};

static void on_answer (const char *json, const char *error, gpointer data)
{
  struct export *export = data;

  export->answer = g_strdup (json);
  export->fault = g_strdup (error);
}

static void on_progress (gint64 count, gpointer data)
{
  ((struct export *)data)->over = count < 0;
}

/* The file that is in the home, which had none before. */
static char *exported_file (void)
{
  g_autoptr (GDir) home = g_dir_open (g_get_home_dir(), 0, NULL);
  const char *name = g_dir_read_name (home);

  return name ? g_build_filename (g_get_home_dir(), name, NULL) : NULL;
}

static gboolean has_line (const char *path)
{
  g_autofree char *text = NULL;

  return path && g_file_get_contents (path, &text, NULL, NULL) && g_str_has_suffix (text, "\n");
}

static void an_export_is_whole_or_leaves_nothing (void **state)
{
  g_autofree char *guid = g_dbus_generate_guid();
  g_autoptr (GDBusConnection) bus = NULL;
  g_autoptr (GDBusConnection) node = NULL;
  g_autoptr (JsonNode) args = json_from_string (
    "{\"source\":\"inos\",\"priority\":7,\"since\":\"0\",\"format\":\"text\"}", NULL);
  int ends[2];

  assert_int_equal (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  connect_end (ends[0], G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_SERVER, guid, &node);
  connect_end (ends[1], G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT, NULL, &bus);
  while (!bus || !node)
    g_main_context_iteration (NULL, TRUE);
  g_dbus_connection_add_filter (node, answer_log, NULL, NULL);
  for (int round = 0; round < 2;) {
    bool cancels = round == 1;
    struct export export = {0};
    g_autofree char *path = NULL;
    InosLogExport *self = inos_log_export_begin (
      bus, json_node_get_object (args), inos_reply_new (on_answer, &export), on_progress, &export);
    assert_non_null (self);
    /* The thread writes, while this one shall not hear that it has. */
    while (!path && !export.over) {
      g_main_context_iteration (NULL, FALSE);
      for (int i = 0; i < 50 && !has_line (path); i++) {
        g_usleep (1000);
        g_free (path);
        path = exported_file();
      }
    }
    bool too_late = cancels && export.over;
    if (cancels && !too_late) {
      g_usleep (20000);
      inos_log_export_cancel (self);
      for (int i = 0; i < 2000 && g_file_test (path, G_FILE_TEST_EXISTS); i++) {
        g_main_context_iteration (NULL, FALSE);
        g_usleep (5000);
      }
      assert_int_equal (unlink (path), -1);
      assert_null (export.answer);
      assert_non_null (export.fault);
    } else {
      while (!export.over)
        g_main_context_iteration (NULL, TRUE);
      assert_non_null (export.answer);
      assert_int_equal (unlink (path), 0);
    }
    g_free (export.answer);
    g_free (export.fault);
    round += too_late ? 0 : 1;
  }
}

static int setup_home (void **state)
{
  char *home = g_dir_make_tmp ("inos-manager-XXXXXX", NULL);

  g_setenv ("HOME", home, TRUE);
  *state = home;
  return 0;
}

static int teardown_home (void **state)
{
  g_rmdir (*state);
  g_free (*state);
  return 0;
}

/* What the page calls another node; "": this machine's, "-": it is refused. */
static const char *node_of (const char *args)
{
  static char copy[256];
  g_autoptr (JsonNode) node = json_from_string (args, NULL);
  g_autoptr (GError) error = NULL;
  const char *found;

  gboolean right = inos_question_node (json_node_get_object (node), &found, &error);
  assert_true (right == (error == NULL));
  g_strlcpy (copy, !right ? "-" : found ? found : "", sizeof copy);
  return copy;
}

static void a_question_says_which_node_it_is_for (void **state)
{
  g_autofree char *longest = g_strnfill (INOS_PEER_MOST, 'a');
  g_autofree char *long_one = g_strdup_printf ("{\"node\":\"%s\"}", longest);
  g_autofree char *longer = g_strdup_printf ("{\"node\":\"%sa\"}", longest);

  assert_string_equal (node_of ("{}"), "");
  assert_string_equal (node_of ("{\"node\":\"12D3KooW\",\"who\":\"a\"}"), "12D3KooW");
  assert_string_equal (node_of (long_one), longest);
  assert_string_equal (node_of (longer), "-");
  assert_string_equal (node_of ("{\"node\":\"\"}"), "-");
  assert_string_equal (node_of ("{\"node\":7}"), "-");
  assert_string_equal (node_of ("{\"node\":null}"), "-");
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_a_page_says_goes_on_as_it_is),
    cmocka_unit_test (what_is_not_asked_for_so_is_refused),
    cmocka_unit_test (a_question_says_which_node_it_is_for),
    cmocka_unit_test (answers_are_json),
    cmocka_unit_test (what_is_no_number_is_nothing),
    cmocka_unit_test (entries_of_a_log_are_lines_of_a_file),
    cmocka_unit_test (a_file_that_is_not_whole_is_no_file),
    cmocka_unit_test_setup_teardown (an_export_is_whole_or_leaves_nothing, setup_home,
                                     teardown_home),
    cmocka_unit_test (long_strings_are_cut_between_characters),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
