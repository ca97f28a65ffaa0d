/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rescue_starter.h"

#include "component.h"
#include "spawn.h"

#include <signal.h>
#include <unistd.h>

struct inos_rescue_starter {
  struct inos_reaper *reaper;
  struct inos_output *output;
  char *program;
  pid_t pid;   /* 0: no window */
  char **argv; /* what to show next, when the old window is gone; may be NULL */
  char **envp;
};

static void on_reaped (pid_t pid, int wait_status, void *data);

static void start (struct inos_rescue_starter *starter)
{
  g_autoptr (GError) error = NULL;
  int output = starter->output != NULL ? inos_output_open (starter->output, NULL) : -1;
  struct inos_spawn spawn = {
    .argv = starter->argv, .envp = starter->envp, .output = output, .own_group = TRUE};
  pid_t pid = inos_spawn (&spawn, &error);
  if (output >= 0)
    close (output);
  g_clear_pointer (&starter->argv, g_strfreev);
  if (pid < 0) {
    g_message ("%s", error->message);
    return;
  }
  starter->pid = pid;
  inos_reaper_watch (starter->reaper, pid, on_reaped, starter);
}

static void on_reaped (pid_t pid, int wait_status, void *data)
{
  struct inos_rescue_starter *starter = data;
  starter->pid = 0;
  if (starter->argv != NULL) {
    start (starter);
  } else if (wait_status != 0 && wait_status != SIGTERM) {
    g_autofree char *how = inos_reaper_describe (wait_status);
    g_message ("inos-rescue %s", how);
  }
}

struct inos_rescue_starter *inos_rescue_starter_new (struct inos_reaper *reaper,
                                                     const char *program,
                                                     struct inos_output *output)
{
  struct inos_rescue_starter *starter = g_new0 (struct inos_rescue_starter, 1);
  starter->reaper = reaper;
  starter->program = g_strdup (program);
  starter->output = output;
  return starter;
}

void inos_rescue_starter_free (struct inos_rescue_starter *starter)
{
  if (starter == NULL)
    return;
  if (starter->pid != 0)
    inos_reaper_unwatch (starter->reaper, starter->pid);
  g_free (starter->program);
  g_strfreev (starter->argv);
  g_strfreev (starter->envp);
  g_free (starter);
}

static char **arguments (struct inos_rescue_starter *starter, GPtrArray *components)
{
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new();
  g_strv_builder_add (argv, starter->program);
  for (guint i = 0; i < components->len; i++) {
    const struct inos_component *component = g_ptr_array_index (components, i);
    if (component->state == INOS_COMPONENT_FAILED)
      g_strv_builder_add_many (argv, component->spec->name, component->reason,
                               inos_component_log (component), NULL);
  }
  return g_strv_builder_end (argv);
}

void inos_rescue_starter_show (struct inos_rescue_starter *starter, GPtrArray *components,
                               char *const *envp)
{
  g_strfreev (starter->argv);
  g_strfreev (starter->envp);
  starter->argv = arguments (starter, components);
  starter->envp = g_strdupv ((char **)envp);
  if (starter->pid != 0)
    kill (starter->pid, SIGTERM); /* its end starts the new one */
  else
    start (starter);
}
