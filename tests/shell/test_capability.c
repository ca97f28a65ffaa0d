/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "capability.h"

#include "commands.h"
#include "test.h"

#include <string.h>

static InosCapability *parse (const char *text)
{
  return inos_capability_parse ("panel", text, -1, NULL);
}

static void allows_what_is_declared (void **state)
{
  g_autoptr (InosCapability) panel = parse ("{\"page\":\"panel\",\"commands\":[\"ready\"]}");

  assert_non_null (panel);
  assert_true (inos_capability_allows (panel, "ready"));
  assert_false (inos_capability_allows (panel, "power.do"));
  assert_false (inos_capability_allows (panel, ""));
}

static void nothing_declared_nothing_allowed (void **state)
{
  g_autoptr (InosCapability) none = parse ("{\"page\":\"panel\",\"commands\":[]}");
  g_autoptr (InosCapability) empty = inos_capability_new_empty ("panel");

  assert_non_null (none);
  assert_false (inos_capability_allows (none, "ready"));
  assert_false (inos_capability_allows (empty, "ready"));
  assert_null (inos_capability_load ("/nonexistent", "panel", NULL));
}

static void refuses_broken_files (void **state)
{
  static const char *const texts[] = {
    "",
    "[]",
    "null",
    "{\"page\":\"panel\"}",
    "{\"page\":\"other\",\"commands\":[]}",
    "{\"page\":1,\"commands\":[]}",
    "{\"page\":{},\"commands\":[]}",
    "{\"page\":\"panel\",\"commands\":{}}",
    "{\"page\":\"panel\",\"commands\":[1]}",
    "{\"page\":\"panel\",\"commands\":[\"*\"]}",
    "{\"page\":\"panel\",\"commands\":[],\"also\":true}",
    "{\"page\":\"panel\",\"commands\":[[\"ready\"]]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    assert_null (inos_capability_parse ("panel", texts[i], -1, &error));
    assert_non_null (error);
  }
}

/* What a page was told. */
typedef struct {
  char *json;
  char *error;
} Answer;

static void on_reply (const char *json, const char *error, gpointer data)
{
  *(Answer *)data = (Answer){g_strdup (json), g_strdup (error)};
}

static void assert_refused (const InosCapability *capability, const char *text, const char *logged)
{
  InosCommandContext context = {NULL, NULL};
  Answer answer = {0};

  g_test_expect_message ("inos-shell", G_LOG_LEVEL_WARNING, logged);
  inos_command_dispatch (&inos_commands, &context, capability, text, strlen (text),
                         inos_reply_new (on_reply, &answer));
  g_test_assert_expected_messages();
  assert_null (answer.json);
  assert_non_null (answer.error);
  g_free (answer.error);
}

static void refusals_reach_the_page_and_the_log (void **state)
{
  g_autoptr (InosCapability) panel =
    parse ("{\"page\":\"panel\",\"commands\":[\"ready\",\"no.such\"]}");

  assert_refused (panel, "{\"command\":\"power.do\",\"args\":{\"action\":\"logout\"}}",
                  "*'panel' asked for 'power.do'*refused*");
  assert_refused (panel, "{\"command\":\"no.such\"}", "*'panel' asked for 'no.such'*refused*");
  assert_refused (panel, "{}", "*'panel' sent a bad message*");
}

static void the_table_is_sorted (void **state)
{
  const InosCommand *commands = inos_commands.commands;

  for (gsize i = 0; i < inos_commands.n_commands; i++) {
    assert_true (i == 0 || strcmp (commands[i - 1].name, commands[i].name) < 0);
    assert_ptr_equal (inos_command_find (&inos_commands, commands[i].name), &commands[i]);
    assert_non_null (commands[i].capability);
  }
  assert_null (inos_command_find (&inos_commands, ""));
  assert_null (inos_command_find (&inos_commands, "zzz"));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (allows_what_is_declared),
    cmocka_unit_test (nothing_declared_nothing_allowed),
    cmocka_unit_test (refuses_broken_files),
    cmocka_unit_test (refusals_reach_the_page_and_the_log),
    cmocka_unit_test (the_table_is_sorted),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
