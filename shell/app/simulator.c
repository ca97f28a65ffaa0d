/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "simulator.h"

#include "inos-config.h"
#include "simulator_line.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define PROGRAM INOS_BINDIR "/inos-sim"
#define SCENARIOS_MAX 64
#define SCENARIO_BYTES_MAX (64 * 1024)
#define NAME_MAX_BYTES 64
#define PIECE (16 * 1024)
#define NEWS_MS 100
/* Of ten thousand nodes it takes 0.9 GB, and for an hour of theirs a quarter of one. */
#define MEMORY_MAX (G_GUINT64_CONSTANT (3) << 30)
#define PROCESSOR_MAX 1800 /* s */
#define NICE 19
#define COPIES_MAX 1000

struct InosSimulator {
  char *program;
  InosSimulatorNews news;
  gpointer data;
  guint run;
  GSubprocess *process; /* NULL: nothing runs */
  GCancellable *cancellable;
  GString *line;
  gboolean too_long; /* the rest of a line is skipped */
  gboolean cancelled;
  const char *state; /* as the news have it */
  JsonArray *rows;   /* of each second */
  guint timer;
  JsonNode *end; /* may be NULL */
  char *words;   /* the last that it said for people */
  char *folder;  /* of the report */
};

/* Of this process: a second one would only slow the first. */
static InosSimulator *running;

/* Scenarios */

static gboolean is_name (const char *name)
{
  return *name && strlen (name) <= NAME_MAX_BYTES && *name != '-' &&
         strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (name);
}

static char *folder_of (gboolean own)
{
  return own ? g_build_filename (g_get_user_data_dir(), "inos", "sim", NULL)
             : g_build_filename (INOS_DATADIR, "sim", NULL);
}

static char *path_in (gboolean own, const char *scenario)
{
  g_autofree char *folder = folder_of (own);
  g_autofree char *file = g_strconcat (scenario, ".ini", NULL);
  char *path = g_build_filename (folder, file, NULL);
  GStatBuf status;

  if (g_stat (path, &status) == 0 && S_ISREG (status.st_mode) &&
      status.st_size <= SCENARIO_BYTES_MAX)
    return path;
  g_free (path);
  return NULL;
}

char *inos_simulator_path (const char *scenario)
{
  char *path;

  if (!is_name (scenario))
    return NULL;
  path = path_in (FALSE, scenario);
  return path ? path : path_in (TRUE, scenario);
}

static double figure (GKeyFile *file, const char *key, double standard, double most)
{
  double value = g_key_file_get_double (file, "scenario", key, NULL);

  return value >= 1 && value <= most ? value : standard;
}

static void add_scenario (JsonArray *rows, const char *name)
{
  g_autofree char *path = inos_simulator_path (name);
  g_autoptr (GKeyFile) file = g_key_file_new();
  JsonArray *row;

  if (!path || !g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL))
    return;
  g_autofree char *comment = g_key_file_get_comment (file, NULL, NULL, NULL);
  g_autofree char *said = g_utf8_make_valid (comment ? g_strdelimit (comment, "\n", ' ') : "", -1);
  g_autofree char *cut =
    g_utf8_substring (said, 0, MIN (g_utf8_strlen (said, -1), (glong)INOS_SIMULATOR_TEXT_MAX));
  g_autofree char *quoted = g_shell_quote (path);
  row = json_array_new();
  json_array_add_string_element (row, name);
  json_array_add_double_element (row, figure (file, "nodes", 50, INOS_SIMULATOR_NODES_MAX));
  json_array_add_double_element (row, figure (file, "seconds", 60, INOS_SIMULATOR_SECONDS_MAX));
  json_array_add_string_element (row, g_strstrip (cut));
  json_array_add_string_element (row, quoted);
  json_array_add_array_element (rows, row);
}

static void add_names (GPtrArray *names, gboolean own)
{
  g_autofree char *path = folder_of (own);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *file;

  while (folder && names->len < SCENARIOS_MAX && (file = g_dir_read_name (folder))) {
    g_autofree char *name =
      g_str_has_suffix (file, ".ini") ? g_strndup (file, strlen (file) - strlen (".ini")) : NULL;
    if (name && is_name (name) &&
        !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
      g_ptr_array_add (names, g_steal_pointer (&name));
  }
}

JsonNode *inos_simulator_list (void)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (JsonArray) rows = json_array_new();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  add_names (names, FALSE);
  add_names (names, TRUE);
  g_ptr_array_sort_values (names, (GCompareFunc)strcmp);
  for (guint i = 0; i < names->len; i++)
    add_scenario (rows, names->pdata[i]);
  json_node_set_array (node, rows);
  return node;
}

/* News */

static void tell (InosSimulator *self)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) news = json_object_new();

  g_clear_handle_id (&self->timer, g_source_remove);
  json_object_set_int_member (news, "run", self->run);
  json_object_set_string_member (news, "state", self->state);
  json_object_set_int_member (news, "count", json_array_get_length (self->rows));
  json_node_set_object (node, news);
  self->news (g_steal_pointer (&node), self->data);
}

JsonNode *inos_simulator_rows (InosSimulator *self, guint run, guint after)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new();
  JsonArray *rows = json_array_new();
  guint from = run == self->run ? after : 0, n = json_array_get_length (self->rows);

  for (guint i = from; i < n && i - from < INOS_SIMULATOR_ROWS_MAX; i++)
    json_array_add_element (rows, json_array_dup_element (self->rows, i));
  json_object_set_int_member (object, "run", self->run);
  json_object_set_string_member (object, "state", self->state);
  json_object_set_int_member (object, "count", n);
  json_object_set_array_member (object, "rows", rows);
  if (self->end)
    json_object_set_member (object, "end", json_node_copy (self->end));
  if (self->words)
    json_object_set_string_member (object, "words", self->words);
  json_node_set_object (node, object);
  return node;
}

static gboolean on_time (gpointer data)
{
  InosSimulator *self = data;

  self->timer = 0;
  tell (self);
  return G_SOURCE_REMOVE;
}

static void take_line (InosSimulator *self)
{
  g_autoptr (JsonNode) value = NULL;

  switch (inos_simulator_read_line (self->line->str, self->line->len, &value)) {
  case INOS_SIMULATOR_SECOND:
    if (json_array_get_length (self->rows) >= INOS_SIMULATOR_SECONDS_MAX)
      break; /* there are no more in any run */
    json_array_add_element (self->rows, g_steal_pointer (&value));
    if (!self->timer)
      self->timer = g_timeout_add (NEWS_MS, on_time, self);
    break;
  case INOS_SIMULATOR_END:
    g_clear_pointer (&self->end, json_node_unref);
    self->end = g_steal_pointer (&value);
    break;
  case INOS_SIMULATOR_TEXT:
  default:
    if (*json_node_get_string (value)) {
      g_free (self->words);
      self->words = g_strdup (json_node_get_string (value));
    }
    break;
  }
}

static void take (InosSimulator *self, const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (bytes[i] != '\n' && self->line->len < INOS_SIMULATOR_LINE_MAX) {
      g_string_append_c (self->line, bytes[i]);
      continue;
    }
    if (bytes[i] != '\n') {
      self->too_long = TRUE;
      continue;
    }
    if (!self->too_long)
      take_line (self);
    self->too_long = FALSE;
    g_string_truncate (self->line, 0);
  }
}

/* A run */

static void end_run (InosSimulator *self)
{
  if (running == self)
    running = NULL;
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->process);
  g_clear_handle_id (&self->timer, g_source_remove);
}

static void on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  InosSimulator *self;
  gboolean ok;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the run is over, or the simulator is gone */
  self = data;
  ok = self->end && !g_subprocess_get_if_signaled (self->process);
  end_run (self);
  self->state = self->cancelled ? "cancelled" : ok ? "ended" : "failed";
  tell (self);
}

static void on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  InosSimulator *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self = data;
  if (bytes && g_bytes_get_size (bytes) > 0) {
    take (self, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    g_input_stream_read_bytes_async (G_INPUT_STREAM (source), PIECE, G_PRIORITY_LOW,
                                     self->cancellable, on_read, self);
    return;
  }
  if (self->line->len > 0)
    take (self, "\n", 1);
  g_subprocess_wait_async (self->process, self->cancellable, on_ended, self);
}

/* In the child, between fork and exec. */
static void confine (gpointer data)
{
#ifndef __SANITIZE_ADDRESS__ /* which takes more than there is */
  const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX};
  setrlimit (RLIMIT_DATA, &memory);
#endif
  const struct rlimit processor = {PROCESSOR_MAX, PROCESSOR_MAX}, none = {0, 0};

  setrlimit (RLIMIT_CPU, &processor);
  setrlimit (RLIMIT_CORE, &none);
  setpriority (PRIO_PROCESS, 0, NICE);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* Where all goes with the session, whatever became of this program. */
static char *make_folder (GError **error)
{
  g_autofree char *parent = g_build_filename (g_get_user_runtime_dir(), "inos", NULL);
  g_autofree char *folder = g_build_filename (parent, "sim-XXXXXX", NULL);

  if (g_mkdir_with_parents (parent, 0700) == 0 && g_mkdtemp (folder))
    return g_steal_pointer (&folder);
  g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (errno), g_strerror (errno));
  return NULL;
}

static void forget_report (InosSimulator *self)
{
  g_autoptr (GDir) folder = self->folder ? g_dir_open (self->folder, 0, NULL) : NULL;
  const char *name;

  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);
    g_unlink (path);
  }
  if (self->folder)
    g_rmdir (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

static gboolean spawn (InosSimulator *self, const char *path, guint nodes, guint seconds,
                       const char *seed, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autofree char *many = g_strdup_printf ("%u", nodes), *lasts = g_strdup_printf ("%u", seconds);
  const char *const argv[] = {self->program,
                              "--progress",
                              "--nodes",
                              many,
                              "--seconds",
                              lasts,
                              "--seed",
                              seed,
                              "--report",
                              self->folder,
                              path ? "--scenario" : NULL,
                              path,
                              NULL};

  g_subprocess_launcher_set_child_setup (launcher, confine, NULL, NULL);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  self->process = g_subprocess_launcher_spawnv (launcher, argv, error);
  return self->process != NULL;
}

static void clear_run (InosSimulator *self)
{
  forget_report (self);
  g_string_truncate (self->line, 0);
  self->too_long = self->cancelled = FALSE;
  g_clear_pointer (&self->end, json_node_unref);
  g_clear_pointer (&self->words, g_free);
  json_array_unref (self->rows);
  self->rows = json_array_new();
}

static gboolean refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, sentence);
  return FALSE;
}

static gboolean may_start (const char *scenario, guint nodes, guint seconds, const char *seed,
                           GError **error)
{
  guint64 number;

  if (running)
    return refuse (error, _ ("A simulation runs already. Wait for its end, or cancel it."));
  if (nodes < 1 || nodes > INOS_SIMULATOR_NODES_MAX || seconds < 1 ||
      seconds > INOS_SIMULATOR_SECONDS_MAX)
    return refuse (error, _ ("A simulation has 1 to 10,000 nodes and lasts 1 to 3,600 seconds."));
  return g_ascii_string_to_unsigned (seed, 10, 0, G_MAXUINT64 - 1, &number, error);
}

guint inos_simulator_start (InosSimulator *self, const char *scenario, guint nodes, guint seconds,
                            const char *seed, GError **error)
{
  g_autofree char *path = *scenario ? inos_simulator_path (scenario) : NULL;

  if (!may_start (scenario, nodes, seconds, seed, error))
    return 0;
  if (*scenario && !path) {
    refuse (error, _ ("There is no such scenario any more."));
    return 0;
  }
  clear_run (self);
  self->folder = make_folder (error);
  if (!self->folder || !spawn (self, path, nodes, seconds, seed, error))
    return 0;
  running = self;
  self->state = "running";
  self->cancellable = g_cancellable_new();
  g_input_stream_read_bytes_async (g_subprocess_get_stdout_pipe (self->process), PIECE,
                                   G_PRIORITY_LOW, self->cancellable, on_read, self);
  return ++self->run;
}

gboolean inos_simulator_cancel (InosSimulator *self)
{
  if (!self->process)
    return FALSE;
  self->cancelled = TRUE;
  g_subprocess_force_exit (self->process); /* its end comes as any other */
  return TRUE;
}

static char *free_path (const char *name)
{
  const char *folder = g_get_user_special_dir (G_USER_DIRECTORY_DOWNLOAD);

  for (unsigned i = 1; i < COPIES_MAX; i++) {
    g_autofree char *file =
      i == 1 ? g_strconcat ("inos-sim-", name, NULL) : g_strdup_printf ("inos-sim-%u-%s", i, name);
    char *path = g_build_filename (folder ? folder : g_get_home_dir(), file, NULL);
    if (!g_file_test (path, G_FILE_TEST_EXISTS))
      return path;
    g_free (path);
  }
  return NULL;
}

char *inos_simulator_export (InosSimulator *self, GError **error)
{
  g_autoptr (GDir) folder =
    self->folder && !self->process ? g_dir_open (self->folder, 0, NULL) : NULL;
  const char *name = folder ? g_dir_read_name (folder) : NULL;
  g_autofree char *path = name ? free_path (name) : NULL;

  if (!path) {
    refuse (error, _ ("There is no report: only a simulation that has come to its end has one."));
    return NULL;
  }
  g_autofree char *from = g_build_filename (self->folder, name, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (from), target = g_file_new_for_path (path);
  if (!g_file_copy (source, target, G_FILE_COPY_NONE, NULL, NULL, NULL, error))
    return NULL;
  return g_steal_pointer (&path);
}

InosSimulator *inos_simulator_create (const char *program, InosSimulatorNews news, gpointer data)
{
  InosSimulator *self = g_new0 (InosSimulator, 1);

  self->program = g_strdup (program ? program : PROGRAM);
  self->state = "cancelled"; /* nothing was begun */
  self->news = news;
  self->data = data;
  self->line = g_string_new (NULL);
  self->rows = json_array_new();
  return self;
}

void inos_simulator_destroy (InosSimulator *self)
{
  if (!self)
    return;
  if (self->process)
    g_subprocess_force_exit (self->process);
  end_run (self);
  clear_run (self);
  json_array_unref (self->rows);
  g_string_free (self->line, TRUE);
  g_free (self->program);
  g_free (self);
}
