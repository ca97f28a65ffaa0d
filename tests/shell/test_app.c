/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "app/app.h"

#include "commands.h"
#include "test.h"

#include <string.h>

static const char *const apps[] = {"org.inos.Files", "org.inos.NodeManager", "org.inos.Settings",
                                   "org.inos.Terminal", "org.inos.Welcome"};
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

/* Nothing of another table that its own does not have. */
static void assert_apart (const char *page, const InosCommandTable *own,
                          const InosCommandTable *other)
{
  g_autoptr (InosCapability) capability = installed (page);

  for (gsize i = 0; i < other->n_commands; i++) {
    const char *name = other->commands[i].name;

    if (inos_command_find (own, name))
      continue; /* hello, ready and the like */
    assert_false (inos_capability_allows (capability, name));
    assert_refused (own, capability, name);
    assert_refused (other, capability, name);
  }
}

static void applications_may_do_nothing_of_the_desktop (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (apps); i++) {
    const InosAppKind *kind = inos_app_find (apps[i]);

    assert_apart (kind->page, kind->commands, &inos_commands);
  }
}

static void the_desktop_may_do_nothing_of_applications (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (apps); i++)
    for (gsize page = 0; page < G_N_ELEMENTS (other_pages); page++)
      assert_apart (other_pages[page], &inos_commands, inos_app_find (apps[i])->commands);
}

static void applications_may_do_nothing_of_each_other (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (apps); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (apps); k++)
      assert_apart (inos_app_find (apps[i])->page, inos_app_find (apps[i])->commands,
                    inos_app_find (apps[k])->commands);
}

static void the_tables_are_sorted (void **state)
{
  for (gsize k = 0; k < G_N_ELEMENTS (apps); k++) {
    const InosCommandTable *table = inos_app_find (apps[k])->commands;

    for (gsize i = 0; i < table->n_commands; i++) {
      assert_true (i == 0 || strcmp (table->commands[i - 1].name, table->commands[i].name) < 0);
      assert_ptr_equal (inos_command_find (table, table->commands[i].name), &table->commands[i]);
    }
  }
  assert_null (inos_app_find ("org.inos.Nothing"));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (applications_may_do_nothing_of_the_desktop),
    cmocka_unit_test (the_desktop_may_do_nothing_of_applications),
    cmocka_unit_test (applications_may_do_nothing_of_each_other),
    cmocka_unit_test (the_tables_are_sorted),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
