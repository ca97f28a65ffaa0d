/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

#include "inos-config.h"

#include <gio/gio.h>

/* What hangs is rare, what is slow is not: on an emulated machine OpenGL in software alone takes
 * the compositor 8 s, and a web engine read from disk for the first time takes the shell over 20.
 */
#define READY_TIMEOUT 30000
#define SHELL_READY_TIMEOUT 60000
/* The node's exit status for a corrupt identity: only a person can repair that. */
#define NODE_CORRUPT_IDENTITY 3

static const struct row {
  const char *name, *program, *needs, *after;
  unsigned ready_timeout;
  gboolean essential, control, shell_socket;
  int hopeless_status, oom_score_adj;
} rows[] = {
  {
    .name = "compositor",
    .program = "inos-compositor",
    .ready_timeout = READY_TIMEOUT,
    .essential = TRUE,
    .control = TRUE,
  },
  {
    .name = "node",
    .program = "inos-node",
    .ready_timeout = READY_TIMEOUT,
    .hopeless_status = NODE_CORRUPT_IDENTITY,
    .oom_score_adj = 50,
  },
  {
    .name = "bridge",
    .program = "inos-bridge",
    .after = "node",
    .ready_timeout = READY_TIMEOUT,
    .oom_score_adj = 50,
  },
  {
    .name = "shell",
    .program = "inos-shell",
    .needs = "compositor",
    .after = "bridge",
    .ready_timeout = SHELL_READY_TIMEOUT,
    .shell_socket = TRUE,
    .oom_score_adj = 100,
  },
};

void inos_component_spec_free (struct inos_component_spec *spec)
{
  if (spec == NULL)
    return;
  g_free (spec->name);
  g_strfreev (spec->argv);
  g_strfreev (spec->needs);
  g_strfreev (spec->after);
  g_free (spec);
}

static GPtrArray *new_table (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)inos_component_spec_free);
}

static char **words (const char *text)
{
  return text == NULL ? g_new0 (char *, 1) : g_strsplit (text, " ", -1);
}

static struct inos_component_spec *spec_from_row (const struct row *row, char *const *extra)
{
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new();
  g_strv_builder_take (argv, g_build_filename (INOS_BINDIR, row->program, NULL));
  for (; row->control && extra != NULL && *extra != NULL; extra++)
    g_strv_builder_add (argv, *extra);

  struct inos_component_spec *spec = g_new0 (struct inos_component_spec, 1);
  *spec = (struct inos_component_spec){
    .name = g_strdup (row->name),
    .argv = g_strv_builder_end (argv),
    .needs = words (row->needs),
    .after = words (row->after),
    .ready_timeout = row->ready_timeout,
    .essential = row->essential,
    .control = row->control,
    .shell_socket = row->shell_socket,
    .hopeless_status = row->hopeless_status,
    .oom_score_adj = row->oom_score_adj,
  };
  return spec;
}

GPtrArray *inos_table_new (char *const *compositor_arguments)
{
  GPtrArray *table = new_table();
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_ptr_array_add (table, spec_from_row (&rows[i], compositor_arguments));
  return table;
}

static gboolean names_are_known (GPtrArray *table, const char *name, char **wanted, GError **error)
{
  for (; *wanted != NULL; wanted++) {
    gboolean known = FALSE;
    for (guint i = 0; i < table->len; i++) {
      const struct inos_component_spec *earlier = g_ptr_array_index (table, i);
      known = known || g_str_equal (earlier->name, *wanted);
    }
    if (known)
      continue;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "component '%s' names '%s', which no component before it has", name, *wanted);
    return FALSE;
  }
  return TRUE;
}

static char **string_list (GKeyFile *file, const char *group, const char *key)
{
  char **list = g_key_file_get_string_list (file, group, key, NULL, NULL);
  return list != NULL ? list : g_new0 (char *, 1);
}

static struct inos_component_spec *spec_from_group (GKeyFile *file, const char *group,
                                                    GError **error)
{
  g_autofree char *exec = g_key_file_get_string (file, group, "exec", error);
  g_auto (GStrv) argv = NULL;
  if (exec == NULL || !g_shell_parse_argv (exec, NULL, &argv, error))
    return NULL;
  int timeout = g_key_file_get_integer (file, group, "ready-timeout-ms", NULL);

  struct inos_component_spec *spec = g_new0 (struct inos_component_spec, 1);
  *spec = (struct inos_component_spec){
    .name = g_strdup (group),
    .argv = g_steal_pointer (&argv),
    .needs = string_list (file, group, "needs"),
    .after = string_list (file, group, "after"),
    .ready_timeout = timeout > 0 ? (unsigned)timeout : READY_TIMEOUT,
    .essential = g_key_file_get_boolean (file, group, "essential", NULL),
    .control = g_key_file_get_boolean (file, group, "control", NULL),
    .shell_socket = g_key_file_get_boolean (file, group, "shell-socket", NULL),
    .hopeless_status = g_key_file_get_integer (file, group, "hopeless-status", NULL),
    .oom_score_adj = g_key_file_get_integer (file, group, "oom-score-adj", NULL),
  };
  return spec;
}

GPtrArray *inos_table_load (const char *path, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error)) {
    g_prefix_error (error, "%s: ", path);
    return NULL;
  }
  g_autoptr (GPtrArray) table = new_table();
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  for (char **group = groups; *group != NULL; group++) {
    struct inos_component_spec *spec = spec_from_group (file, *group, error);
    if (spec == NULL || !names_are_known (table, *group, spec->needs, error) ||
        !names_are_known (table, *group, spec->after, error)) {
      inos_component_spec_free (spec);
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
    g_ptr_array_add (table, spec);
  }
  return g_steal_pointer (&table);
}
