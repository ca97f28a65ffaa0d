/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "component.h"

#include "spawn.h"

#include "inos-config.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define STOP_TIMEOUT 3000 /* ms from SIGTERM to SIGKILL */

static gboolean on_timeout (gpointer data)
{
  struct inos_component *component = data;
  component->timer = 0;
  kill (component->pid, SIGKILL);
  return G_SOURCE_REMOVE;
}

static void on_notify (const struct inos_notify_message *message, void *data)
{
  struct inos_component *component = data;
  if (message->status != NULL)
    g_debug ("%s: %s", component->spec->name, message->status);
  if (message->locked != NULL)
    component->locked = g_str_equal (message->locked, "1");
  if (component->state != INOS_COMPONENT_STARTING || component->ending)
    return;
  if (message->more_time > 0 && component->timer != 0) {
    g_source_remove (component->timer);
    component->timer = g_timeout_add (message->more_time, on_timeout, component);
  }
  if (!message->ready)
    return;
  g_clear_handle_id (&component->timer, g_source_remove);
  component->state = INOS_COMPONENT_RUNNING;
  component->lived = TRUE;
  g_message ("%s is ready after %d ms", component->spec->name,
             (int)((g_get_monotonic_time() - component->started) / 1000));
  component->handlers->ready (component, message, component->data);
}

/* `reason` becomes the component's. */
static void die (struct inos_component *component, char *reason, int wait_status)
{
  g_clear_handle_id (&component->timer, g_source_remove);
  if (component->output != NULL)
    inos_output_drain (component->output);
  inos_notify_set_sender (component->notify, 0);
  component->pid = 0;
  g_free (component->reason);
  component->reason = reason;
  component->handlers->died (component, wait_status, component->data);
}

/* With the component's own last words where it ended itself with an error. */
static char *describe_end (struct inos_component *component, int wait_status)
{
  g_autofree char *how = inos_reaper_describe (wait_status);
  if (component->output == NULL || !WIFEXITED (wait_status) || WEXITSTATUS (wait_status) == 0)
    return g_steal_pointer (&how);
  inos_output_drain (component->output);
  const char *words = inos_output_last_line (component->output);
  return words != NULL ? g_strdup_printf ("%s (%s)", how, words) : g_steal_pointer (&how);
}

static void on_reaped (pid_t pid, int wait_status, void *data)
{
  struct inos_component *component = data;
  inos_notify_drain (component->notify);
  gboolean hung =
    component->state == INOS_COMPONENT_STARTING && component->timer == 0 && !component->ending;
  char *reason = NULL;
  if (hung)
    reason =
      g_strdup_printf (_ ("was not ready after %.3g s"), component->spec->ready_timeout / 1000.0);
  else
    reason = describe_end (component, wait_status);
  die (component, reason, wait_status);
}

void inos_component_fail (struct inos_component *component, const char *reason)
{
  component->attempted = TRUE;
  component->ending = FALSE;
  component->started = g_get_monotonic_time();
  component->state = INOS_COMPONENT_STARTING;
  die (component, g_strdup_printf (_ ("could not be started: %s"), reason), -1);
}

struct inos_component *inos_component_new (const struct inos_component_spec *spec,
                                           const struct inos_component_place *place,
                                           const struct inos_component_handlers *handlers,
                                           void *data, GError **error)
{
  g_autofree char *path =
    g_strdup_printf ("%s/notify-%d-%s", place->notify_directory, (int)getpid(), spec->name);
  struct inos_component *component = g_new0 (struct inos_component, 1);
  component->notify = inos_notify_new (path, on_notify, component, error);
  if (component->notify == NULL) {
    g_free (component);
    return NULL;
  }
  component->spec = spec;
  component->place = *place;
  component->handlers = handlers;
  component->data = data;
  if (place->log_directory != NULL)
    component->output = inos_output_new (place->log_directory, spec->name, place->echo);
  return component;
}

void inos_component_free (struct inos_component *component)
{
  if (component == NULL)
    return;
  if (component->pid > 0)
    inos_reaper_unwatch (component->place.reaper, component->pid);
  g_clear_handle_id (&component->timer, g_source_remove);
  g_clear_pointer (&component->notify, inos_notify_free);
  g_clear_pointer (&component->output, inos_output_free);
  g_free (component->reason);
  g_free (component);
}

static char **environment_for (struct inos_component *component, char **envp, const char *fd_name,
                               int fd)
{
  char **list = g_strdupv (envp);
  list = g_environ_setenv (list, "NOTIFY_SOCKET", inos_notify_path (component->notify), TRUE);
  if (fd >= 0) {
    g_autofree char *number = g_strdup_printf ("%d", fd);
    list = g_environ_setenv (list, fd_name, number, TRUE);
  }
  return list;
}

void inos_component_start (struct inos_component *component, char **envp, const char *fd_name,
                           int fd)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) list = environment_for (component, envp, fd_name, fd);
  int output = -1;
  if (component->output != NULL)
    output = inos_output_open (component->output, &error);
  struct inos_spawn spawn = {
    .argv = component->spec->argv,
    .envp = list,
    .output = output,
    .own_group = TRUE,
    .keep = &fd,
    .n_keep = fd >= 0 ? 1 : 0,
    .oom_score_adj = component->spec->oom_score_adj,
  };
  if (component->output != NULL)
    inos_output_forget_last_line (component->output);
  component->attempted = TRUE;
  component->ending = FALSE;
  component->started = g_get_monotonic_time();
  component->state = INOS_COMPONENT_STARTING;
  pid_t pid = error == NULL ? inos_spawn (&spawn, &error) : -1;
  if (output >= 0)
    close (output);
  if (pid < 0) {
    inos_component_fail (component, error->message);
    return;
  }
  component->pid = pid;
  inos_notify_set_sender (component->notify, pid);
  inos_reaper_watch (component->place.reaper, pid, on_reaped, component);
  component->timer = g_timeout_add (component->spec->ready_timeout, on_timeout, component);
}

void inos_component_stop (struct inos_component *component)
{
  if (component->pid == 0 || component->ending)
    return;
  component->ending = TRUE;
  g_clear_handle_id (&component->timer, g_source_remove);
  component->timer = g_timeout_add (STOP_TIMEOUT, on_timeout, component);
  kill (component->pid, SIGTERM);
}

const char *inos_component_state_name (const struct inos_component *component)
{
  static const char *const names[] = {
    [INOS_COMPONENT_WAITING] = "waiting", [INOS_COMPONENT_STARTING] = "starting",
    [INOS_COMPONENT_RUNNING] = "running", [INOS_COMPONENT_FAILED] = "failed",
    [INOS_COMPONENT_STOPPED] = "stopped",
  };
  return names[component->state];
}

const char *inos_component_log (const struct inos_component *component)
{
  return component->output != NULL ? inos_output_path (component->output)
                                   : _ ("the journal (journalctl --user)");
}
