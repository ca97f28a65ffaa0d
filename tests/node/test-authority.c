/*
 * What is asked of polkit, with a bus and a polkit of the test's own: how often it is connected to,
 * how long it is waited for, and what becomes of what it says.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/api/authority.h"

#include <gio/gio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ACTION "org.inos.node.mesh"
#define SHORT 50u    /* ms */
#define LONG 600000u /* ms: not in this test */

struct polkit {
  GDBusServer *server;
  GPtrArray *connections;
  bool answers;
  unsigned asked, messages;
  char *cancelled; /* the last one's id */
};

static struct polkit polkit;

static const char bus_xml[] = "<node><interface name='org.freedesktop.DBus'><method name='Hello'>"
                              "<arg type='s' direction='out'/></method></interface></node>";
static const char polkit_xml[] =
  "<node><interface name='org.freedesktop.PolicyKit1.Authority'>"
  "<method name='CheckAuthorization'><arg type='(sa{sv})' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='a{ss}' direction='in'/><arg type='u' direction='in'/>"
  "<arg type='s' direction='in'/><arg type='(bba{ss})' direction='out'/></method>"
  "<method name='CancelCheckAuthorization'><arg type='s' direction='in'/></method>"
  "</interface></node>";

static void on_call (GDBusConnection *connection, const char *sender, const char *path,
                     const char *interface, const char *method, GVariant *parameters,
                     GDBusMethodInvocation *invocation, void *data)
{
  if (g_str_equal (method, "Hello")) {
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(s)", ":1.1"));
  } else if (g_str_equal (method, "CancelCheckAuthorization")) {
    g_free (polkit.cancelled);
    g_variant_get (parameters, "(s)", &polkit.cancelled);
    g_dbus_method_invocation_return_value (invocation, NULL);
  } else {
    polkit.asked++;
    if (polkit.answers)
      g_dbus_method_invocation_return_value (invocation,
                                             g_variant_new ("((bba{ss}))", TRUE, FALSE, NULL));
    else
      g_object_unref (invocation); /* for ever */
  }
}

static void serve (GDBusConnection *connection, const char *path, const char *xml)
{
  static const GDBusInterfaceVTable table = {.method_call = on_call};
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (xml, NULL);

  assert_non_null (info);
  assert_true (g_dbus_connection_register_object (connection, path, info->interfaces[0], &table,
                                                  NULL, NULL, NULL) > 0);
}

static gboolean on_connection (GDBusServer *server, GDBusConnection *connection, void *data)
{
  g_ptr_array_add (polkit.connections, g_object_ref (connection));
  serve (connection, "/org/freedesktop/DBus", bus_xml);
  serve (connection, "/org/freedesktop/PolicyKit1/Authority", polkit_xml);
  return TRUE;
}

static void on_message (const char *domain, GLogLevelFlags level, const char *message, void *data)
{
  polkit.messages++;
}

static int setup (void **state)
{
  g_autofree char *guid = g_dbus_generate_guid();

  polkit = (struct polkit){.connections = g_ptr_array_new_with_free_func (g_object_unref)};
  polkit.server =
    g_dbus_server_new_sync ("unix:tmpdir=/tmp", G_DBUS_SERVER_FLAGS_NONE, guid, NULL, NULL, NULL);
  if (!polkit.server)
    return -1;
  g_signal_connect (polkit.server, "new-connection", G_CALLBACK (on_connection), NULL);
  g_dbus_server_start (polkit.server);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_dbus_server_get_client_address (polkit.server), TRUE);
  g_log_set_handler ("inos-node", G_LOG_LEVEL_MESSAGE, on_message, NULL);
  return 0;
}

static int teardown (void **state)
{
  g_dbus_server_stop (polkit.server);
  g_object_unref (polkit.server);
  g_ptr_array_unref (polkit.connections);
  g_free (polkit.cancelled);
  return 0;
}

struct heard {
  unsigned count;
  enum inos_authority_word last;
};

static void on_said (enum inos_authority_word word, void *data)
{
  struct heard *heard = data;

  heard->count++;
  heard->last = word;
}

static int process_of (pid_t pid)
{
  return (int)syscall (SYS_pidfd_open, pid, 0);
}

static void ask (struct inos_authority *authority, int process, pid_t pid, bool may_prompt,
                 struct heard *heard)
{
  assert_non_null (
    inos_authority_ask (authority, process, pid, getuid(), ACTION, may_prompt, on_said, heard));
}

static void wait_for (const unsigned *count, unsigned wanted)
{
  while (*count < wanted)
    g_main_context_iteration (NULL, TRUE);
}

/* Many questions at once make one connection. */
static void test_one_connection (void **state)
{
  struct inos_authority *authority = inos_authority_new (LONG, LONG);
  struct heard heard = {0};
  int own = process_of (getpid());

  polkit.answers = true;
  for (int i = 0; i < 10; i++)
    ask (authority, own, getpid(), false, &heard);
  /* One that is forgotten before there is a bus is not asked. */
  inos_authority_forget (
    inos_authority_ask (authority, own, getpid(), getuid(), ACTION, true, on_said, &heard));
  wait_for (&heard.count, 10);
  assert_int_equal (heard.last, INOS_AUTHORITY_YES);
  assert_int_equal (polkit.asked, 10);
  assert_int_equal (polkit.connections->len, 1);
  inos_authority_free (authority);
  close (own);
}

/* No more than what a bus lets one connection wait for. */
static void test_too_many (void **state)
{
  struct inos_authority *authority = inos_authority_new (LONG, LONG);
  struct inos_authority_question *question[INOS_AUTHORITY_QUESTIONS];
  struct heard heard = {0};
  int own = process_of (getpid());

  assert_true (INOS_AUTHORITY_QUESTIONS < 128);
  for (size_t i = 0; i < G_N_ELEMENTS (question); i++)
    question[i] =
      inos_authority_ask (authority, own, getpid(), getuid(), ACTION, false, on_said, &heard);
  assert_null (
    inos_authority_ask (authority, own, getpid(), getuid(), ACTION, false, on_said, &heard));
  for (size_t i = 0; i < G_N_ELEMENTS (question); i++)
    inos_authority_forget (question[i]);
  assert_int_equal (heard.count, 0);
  inos_authority_free (authority);
  close (own);
}

/* A dialog in which nobody types anything is taken away, and that is not polkit's silence. */
static void test_a_dialog_ends (void **state)
{
  struct inos_authority *authority = inos_authority_new (SHORT, LONG);
  struct heard heard = {0};
  int own = process_of (getpid());

  ask (authority, own, getpid(), true, &heard);
  wait_for (&heard.count, 1);
  assert_int_equal (heard.last, INOS_AUTHORITY_DISMISSED);
  while (!polkit.cancelled)
    g_main_context_iteration (NULL, TRUE);
  assert_string_equal (polkit.cancelled, "inos-1");
  assert_int_equal (polkit.messages, 0);
  inos_authority_free (authority);
  close (own);
}

/* What does not answer is logged once, however often it is asked. */
static void test_silence (void **state)
{
  struct inos_authority *authority = inos_authority_new (LONG, SHORT);
  struct heard heard = {0};
  int own = process_of (getpid());

  for (unsigned i = 1; i <= 5; i++) {
    ask (authority, own, getpid(), false, &heard);
    wait_for (&heard.count, i);
    assert_int_equal (heard.last, INOS_AUTHORITY_ABSENT);
  }
  assert_int_equal (polkit.messages, 1);
  inos_authority_free (authority);
  close (own);
}

/* An old polkit has judged whoever has the number now. */
static void test_who_has_ended (void **state)
{
  struct inos_authority *authority = inos_authority_new (LONG, LONG);
  struct heard heard = {0};
  siginfo_t info;
  pid_t child = fork();

  if (child == 0)
    _exit (0);
  int process = process_of (child);
  assert_true (process >= 0);
  assert_int_equal (waitid (P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
  polkit.answers = true;
  ask (authority, process, child, false, &heard);
  wait_for (&heard.count, 1);
  assert_int_equal (heard.last, INOS_AUTHORITY_NO);
  inos_authority_free (authority);
  close (process);
  waitpid (child, NULL, 0);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_one_connection, setup, teardown),
    cmocka_unit_test_setup_teardown (test_too_many, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_dialog_ends, setup, teardown),
    cmocka_unit_test_setup_teardown (test_silence, setup, teardown),
    cmocka_unit_test_setup_teardown (test_who_has_ended, setup, teardown),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
