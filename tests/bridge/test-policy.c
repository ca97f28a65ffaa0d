/*
 * The table of capabilities is what the contract says, method by method.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bridge/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static GDBusNodeInfo *contract (const char *path)
{
  g_autofree char *xml = NULL;
  g_autoptr (GError) error = NULL;
  GDBusNodeInfo *node = NULL;

  if (g_file_get_contents (path, &xml, NULL, &error))
    node = g_dbus_node_info_new_for_xml (xml, &error);
  if (node == NULL)
    fail_msg ("%s: %s", path, error->message);
  return node;
}

/* Returns: how many methods the contract of @path has. */
static size_t check (const char *path)
{
  g_autoptr (GDBusNodeInfo) node = contract (path);
  size_t methods = 0;

  for (GDBusInterfaceInfo **i = node->interfaces; *i != NULL; i++) {
    for (GDBusMethodInfo **m = (*i)->methods; m != NULL && *m != NULL; m++, methods++) {
      const char *wanted = g_dbus_annotation_info_lookup ((*m)->annotations, "org.inos.Capability");
      const char *got = inos_policy_capability ((*i)->name, (*m)->name);
      if (wanted == NULL || got == NULL)
        fail_msg ("%s.%s has no capability in the %s", (*i)->name, (*m)->name,
                  wanted == NULL ? "contract" : "table");
      assert_string_equal (wanted, got);
    }
  }
  return methods;
}

static void table_equals_contract (void **state)
{
  size_t rows, methods = check (CONTRACTS "/org.inos.Node1.xml");

  methods += check (CONTRACTS "/org.inos.Node1.Machine.xml");
  methods += check (CONTRACTS "/org.inos.Node1.Mesh.xml");
  methods += check (CONTRACTS "/org.inos.Node1.Permissions.xml");
  methods += check (CONTRACTS "/org.inos.Node1.Terminals.xml");
  inos_policy_table (&rows);
  assert_int_equal (rows, methods);
}

static void what_is_not_in_the_table_is_refused (void **state)
{
  assert_null (inos_policy_capability ("org.inos.Node1", "Reboot"));
  assert_null (inos_policy_capability ("org.inos.Node2", "Subscribe"));
  assert_null (inos_policy_capability (NULL, NULL));
  assert_false (inos_policy_grants (NULL));
  assert_false (inos_policy_grants (""));
  assert_false (inos_policy_grants ("session.end"));
  assert_false (inos_policy_grants ("nodes"));
  assert_true (inos_policy_grants ("node.resources"));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (table_equals_contract),
    cmocka_unit_test (what_is_not_in_the_table_is_refused),
  };
  return cmocka_run_group_tests_name ("policy", tests, NULL, NULL);
}
