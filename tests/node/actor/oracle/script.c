/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "script.h"

#include <string.h>

struct reader {
  FILE *file; /* or */
  const char *text;
  const struct inos_behaviour *worker;
};

/* The words of the next line that has any, NULL at the end. */
static char **next_line (struct reader *reader)
{
  char line[512];

  for (;;) {
    if (reader->file) {
      if (!fgets (line, sizeof line, reader->file))
        return NULL;
    } else {
      size_t n = strcspn (reader->text, "\n");
      if (!*reader->text)
        return NULL;
      g_strlcpy (line, reader->text, MIN (n + 1, sizeof line));
      reader->text += n + (reader->text[n] == '\n');
    }
    g_strstrip (line);
    if (*line)
      return g_strsplit (line, " ", -1);
  }
}

static unsigned one_of (const char *word, const char *const *words)
{
  for (unsigned i = 0; words[i]; i++)
    if (strcmp (word, words[i]) == 0)
      return i;
  g_error ("what is '%s'?", word);
}

static const char *const strategies[] = {"one_for_one", "one_for_all", "rest_for_one",
                                         "simple_one_for_one", NULL};
static const char *const lifetimes[] = {"permanent", "transient", "temporary", NULL};
static const char *const autos[] = {"never", "any", "all", NULL};
static const char *const manners[] = {"plain", "hang", "slow", NULL};
static const char *const steps[] = {"kill",  "crush",     "wait",   "stop",    "which", "count",
                                    "start", "terminate", "delete", "restart", NULL};

static uint32_t shutdown_of (const char *word)
{
  if (strcmp (word, "kill") == 0)
    return INOS_SHUTDOWN_KILL;
  if (strcmp (word, "infinity") == 0)
    return INOS_SHUTDOWN_INFINITY;
  return (uint32_t)g_ascii_strtoull (word, NULL, 10);
}

struct plan *script_plan (struct script *script, const char *name, const struct plan *like)
{
  struct plan *plan = g_hash_table_lookup (script->plans, name);

  if (plan || !like)
    return plan;
  plan = g_new0 (struct plan, 1);
  plan->name = g_strdup (name);
  plan->manner = like->manner;
  plan->slow_ms = like->slow_ms;
  plan->fails = like->fails;
  g_hash_table_insert (script->plans, (void *)plan->name, plan);
  return plan;
}

static struct inos_supervisor *read_table (struct script *script, struct reader *reader,
                                           char **head);

/* Of words that begin with "child" or "extra". */
static struct inos_child read_child (struct script *script, struct reader *reader, char **w)
{
  struct inos_child child = {
    .name = g_intern_string (w[1]),
    .lifetime = (enum inos_lifetime)one_of (w[2], lifetimes),
    .shutdown_ms = shutdown_of (w[3]),
    .significant = w[4][0] == '1',
  };
  struct plan like = {0};
  char **fails;

  if (strcmp (w[5], "sup") == 0) {
    g_auto (GStrv) head = next_line (reader);
    child.supervisor = read_table (script, reader, head);
    return child;
  }
  like.manner = (enum manner)one_of (w[5], manners);
  like.slow_ms = (uint32_t)g_ascii_strtoull (w[6], NULL, 10);
  fails = g_strsplit (w[7], ",", -1);
  for (unsigned i = 0; fails[i]; i++)
    if (fails[i][0] != '-')
      like.fails |= UINT64_C (1) << g_ascii_strtoull (fails[i], NULL, 10);
  g_strfreev (fails);
  child.behaviour = reader->worker;
  child.argument = &script_plan (script, child.name, &like)->name;
  child.argument_size = sizeof (char *);
  return child;
}

static struct inos_supervisor *read_table (struct script *script, struct reader *reader, char **w)
{
  struct inos_supervisor *table = g_new0 (struct inos_supervisor, 1);
  g_autoptr (GArray) children = g_array_new (FALSE, FALSE, sizeof (struct inos_child));

  g_assert_cmpstr (w[0], ==, "sup");
  table->name = g_intern_string (w[1]);
  table->registered = table->name;
  table->strategy = (enum inos_strategy)one_of (w[2], strategies);
  table->restarts_max = (uint32_t)g_ascii_strtoull (w[3], NULL, 10);
  if (!table->restarts_max)
    table->restarts_max = INOS_RESTARTS_NONE;
  table->period_ms = (uint32_t)g_ascii_strtoull (w[4], NULL, 10) * 1000;
  table->auto_shutdown = (enum inos_auto_shutdown)one_of (w[5], autos);
  g_ptr_array_add (script->tables, table);

  for (;;) {
    g_auto (GStrv) line = next_line (reader);
    struct inos_child child;
    if (strcmp (line[0], "end") == 0)
      break;
    child = read_child (script, reader, line);
    if (strcmp (line[0], "extra") == 0)
      g_hash_table_insert (script->extras, (void *)child.name, g_memdup2 (&child, sizeof child));
    else
      g_array_append_val (children, child);
  }
  table->n_children = children->len;
  table->children = (struct inos_child *)(void *)g_array_free (g_steal_pointer (&children), FALSE);
  return table;
}

static void plan_free (void *data)
{
  struct plan *plan = data;

  g_free ((char *)plan->name);
  g_free (plan);
}

static void table_free (void *data)
{
  struct inos_supervisor *table = data;

  g_free ((void *)table->children);
  g_free (table);
}

static struct script *read_script (struct reader *reader)
{
  g_auto (GStrv) head = next_line (reader);
  struct script *script;

  if (!head)
    return NULL;
  g_assert_cmpstr (head[0], ==, "script");
  script = g_new0 (struct script, 1);
  script->seed = g_ascii_strtoull (head[1], NULL, 10);
  script->tables = g_ptr_array_new_with_free_func (table_free);
  script->plans = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, plan_free);
  script->extras = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  script->names = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  script->steps = g_array_new (FALSE, TRUE, sizeof (struct step));
  script->log = g_string_new (NULL);
  script->answers = g_string_new (NULL);

  for (;;) {
    g_auto (GStrv) w = next_line (reader);
    if (strcmp (w[0], "done") == 0)
      return script;
    if (strcmp (w[0], "sup") == 0) {
      script->root = read_table (script, reader, w);
    } else {
      struct step step = {.what = (enum what)one_of (w[1], steps)};
      if (w[2])
        g_strlcpy (step.name, w[2], sizeof step.name);
      if (w[2] && w[3])
        g_strlcpy (step.argument, w[3], sizeof step.argument);
      g_array_append_val (script->steps, step);
    }
  }
}

struct script *script_read (FILE *file, const struct inos_behaviour *worker)
{
  struct reader reader = {.file = file, .worker = worker};

  return read_script (&reader);
}

struct script *script_parse (const char *text, const struct inos_behaviour *worker)
{
  struct reader reader = {.text = text, .worker = worker};

  return read_script (&reader);
}

void script_free (struct script *script)
{
  g_ptr_array_unref (script->tables);
  g_hash_table_unref (script->plans);
  g_hash_table_unref (script->extras);
  g_hash_table_unref (script->names);
  g_array_unref (script->steps);
  g_string_free (script->log, TRUE);
  g_string_free (script->answers, TRUE);
  g_free (script);
}

bool script_starts (struct plan *plan)
{
  plan->starts++;
  return plan->starts >= 64 || !(plan->fails >> plan->starts & 1);
}

void script_is (struct script *script, struct plan *plan, inos_actor_id id)
{
  plan->id = id;
  g_hash_table_insert (script->names, g_memdup2 (&id, sizeof id), plan);
}

const struct inos_supervisor *script_table (struct script *script, const char *name)
{
  for (unsigned i = 0; i < script->tables->len; i++) {
    struct inos_supervisor *table = script->tables->pdata[i];
    if (strcmp (table->name, name) == 0)
      return table;
  }
  g_error ("there is no supervisor '%s'", name);
}

/* Words of the log */

const char *script_reason (struct inos_exit reason)
{
  switch (reason.kind) {
  case INOS_EXIT_NORMAL:
    return "normal";
  case INOS_EXIT_SHUTDOWN:
    return reason.code ? "shutdown_x" : "shutdown";
  case INOS_EXIT_KILLED:
    return "killed";
  case INOS_EXIT_START:
    return "start";
  default:
    return "boom";
  }
}

struct inos_exit script_reason_of (const char *name)
{
  if (strcmp (name, "normal") == 0)
    return (struct inos_exit){.kind = INOS_EXIT_NORMAL};
  if (strcmp (name, "shutdown") == 0)
    return (struct inos_exit){.kind = INOS_EXIT_SHUTDOWN};
  if (strcmp (name, "shutdown_x") == 0)
    return (struct inos_exit){.kind = INOS_EXIT_SHUTDOWN, .code = 1};
  return (struct inos_exit){.kind = INOS_EXIT_ERROR, .code = 1};
}

const char *script_status (enum inos_command_status status)
{
  static const char *const names[] = {
    [INOS_COMMAND_OK] = "ok",           [INOS_COMMAND_NOT_FOUND] = "not_found",
    [INOS_COMMAND_RUNNING] = "running", [INOS_COMMAND_RESTARTING] = "restarting",
    [INOS_COMMAND_PRESENT] = "present", [INOS_COMMAND_WRONG] = "wrong",
    [INOS_COMMAND_FAILED] = "failed",   [INOS_COMMAND_FULL] = "full",
    [INOS_COMMAND_GONE] = "noproc",
  };

  return names[status];
}

const char *script_state (enum inos_child_state state)
{
  if (state == INOS_CHILD_ABSENT)
    return "absent";
  return state == INOS_CHILD_RESTARTING ? "restarting" : "there";
}
