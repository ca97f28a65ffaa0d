/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "app/app.h"

#include "commands.h"
#include "test.h"

#include <string.h>

static const char *const other_pages[] = {"overlay", "panel", "wallpaper"};

static InosCapability *installed (const char *page)
{
  g_autofree char *folder =
    g_build_filename (g_getenv ("TEST_SOURCE"), "..", "..", "shell", "capabilities", NULL);
  InosCapability *capability = inos_capability_load (folder, page, NULL);

  assert_non_null (capability);
  return capability;
}

static void on_reply (const char *json, const char *error, gpointer data)
{
  assert_null (json);
  assert_non_null (error);
  ++*(guint *)data;
}

/* Refused before anything is run: there is no window for it to be run on. */
static void assert_refused (const InosCommandTable *table, const InosCapability *capability,
                            const char *command)
{
  g_autofree char *text = g_strdup_printf ("{\"command\":\"%s\"}", command);
  guint refused = 0;

  g_test_expect_message ("inos-shell", G_LOG_LEVEL_WARNING, "*refused*");
  inos_command_dispatch (table, NULL, capability, text, strlen (text),
                         inos_reply_new (on_reply, &refused));
  g_test_assert_expected_messages();
  assert_int_equal (refused, 1);
}

static void the_terminal_may_do_nothing_of_the_desktop (void **state)
{
  g_autoptr (InosCapability) terminal = installed ("terminal");
  const InosCommandTable *table = inos_app_find ("org.inos.Terminal")->commands;

  for (gsize i = 0; i < inos_commands.n_commands; i++) {
    const char *name = inos_commands.commands[i].name;

    if (inos_command_find (table, name))
      continue; /* hello and ready */
    assert_false (inos_capability_allows (terminal, name));
    assert_refused (table, terminal, name);
    assert_refused (&inos_commands, terminal, name);
  }
}

static void nobody_else_may_have_terminals (void **state)
{
  const InosCommandTable *table = inos_app_find ("org.inos.Terminal")->commands;

  for (gsize page = 0; page < G_N_ELEMENTS (other_pages); page++) {
    g_autoptr (InosCapability) capability = installed (other_pages[page]);

    for (gsize i = 0; i < table->n_commands; i++) {
      if (inos_command_find (&inos_commands, table->commands[i].name))
        continue;
      assert_false (inos_capability_allows (capability, table->commands[i].name));
      assert_refused (&inos_commands, capability, table->commands[i].name);
      assert_refused (table, capability, table->commands[i].name);
    }
  }
}

static void the_tables_are_sorted (void **state)
{
  const InosCommandTable *table = inos_app_find ("org.inos.Terminal")->commands;

  for (gsize i = 0; i < table->n_commands; i++) {
    assert_true (i == 0 || strcmp (table->commands[i - 1].name, table->commands[i].name) < 0);
    assert_ptr_equal (inos_command_find (table, table->commands[i].name), &table->commands[i]);
  }
  assert_null (inos_app_find ("org.inos.Nothing"));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_terminal_may_do_nothing_of_the_desktop),
    cmocka_unit_test (nobody_else_may_have_terminals),
    cmocka_unit_test (the_tables_are_sorted),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
