/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "supervisor.h"

#include "control.h"

#include "inos-config.h"

#include <glib/gi18n.h>
#include <sys/wait.h>
#include <unistd.h>

struct inos_supervisor {
  GPtrArray *components;         /* of struct inos_component, owned */
  GHashTable *pauses;            /* component → id of the timer to its next try */
  struct inos_component *asking; /* for the shell's socket; may be NULL */
  struct inos_control *control;  /* NULL until the compositor starts */
  struct inos_environment *environment;
  gboolean ending;
  const struct inos_supervisor_handlers *handlers;
  void *data;
};

static void advance (struct inos_supervisor *supervisor);

static struct inos_component *find (struct inos_supervisor *supervisor, const char *name)
{
  for (guint i = 0; i < supervisor->components->len; i++) {
    struct inos_component *component = g_ptr_array_index (supervisor->components, i);
    if (g_str_equal (component->spec->name, name))
      return component;
  }
  return NULL;
}

static void start_with (struct inos_supervisor *supervisor, struct inos_component *component,
                        const char *fd_name, int fd)
{
  g_auto (GStrv) list = component->spec->control
                          ? inos_environment_outer (supervisor->environment)
                          : g_strdupv (inos_environment_list (supervisor->environment));
  /* A compositor that died while the session was locked comes back locked. */
  if (component->locked)
    list = g_environ_setenv (list, "INOS_LOCKED", "1", TRUE);
  inos_component_start (component, list, fd_name, fd);
}

static void start_compositor (struct inos_supervisor *supervisor, struct inos_component *component)
{
  g_autoptr (GError) error = NULL;
  int peer = -1;
  g_clear_pointer (&supervisor->control, inos_control_free);
  supervisor->control = inos_control_new (component->spec->ready_timeout, &peer, &error);
  if (supervisor->control == NULL)
    g_message ("%s", error->message);
  start_with (supervisor, component, "INOS_CONTROL_FD", peer);
  if (peer >= 0)
    close (peer);
}

/* The answer to the question for the shell's socket. */
static void on_shell_socket (int fd, const GError *error, void *data)
{
  struct inos_supervisor *supervisor = data;
  struct inos_component *component = supervisor->asking;
  supervisor->asking = NULL;
  if (fd < 0) {
    inos_component_fail (component, error->message);
  } else {
    start_with (supervisor, component, "WAYLAND_SOCKET", fd);
    close (fd);
  }
  supervisor->handlers->changed (supervisor->data);
  advance (supervisor);
}

static void start (struct inos_supervisor *supervisor, struct inos_component *component)
{
  if (component->spec->control) {
    start_compositor (supervisor, component);
  } else if (component->spec->shell_socket && supervisor->control != NULL) {
    supervisor->asking = component;
    inos_control_request_shell (supervisor->control, on_shell_socket, supervisor);
  } else {
    start_with (supervisor, component, NULL, -1);
  }
}

static gboolean can_start (struct inos_supervisor *supervisor,
                           const struct inos_component *component)
{
  if (component->state != INOS_COMPONENT_WAITING || component->pid != 0 ||
      component == supervisor->asking || g_hash_table_contains (supervisor->pauses, component))
    return FALSE;
  for (char **name = component->spec->needs; *name != NULL; name++)
    if (find (supervisor, *name)->state != INOS_COMPONENT_RUNNING)
      return FALSE;
  for (char **name = component->spec->after; *name != NULL; name++)
    if (!find (supervisor, *name)->attempted)
      return FALSE;
  return TRUE;
}

static void advance (struct inos_supervisor *supervisor)
{
  gboolean any = FALSE;
  for (guint i = 0; !supervisor->ending && i < supervisor->components->len; i++) {
    struct inos_component *component = g_ptr_array_index (supervisor->components, i);
    if (!can_start (supervisor, component))
      continue;
    any = TRUE;
    start (supervisor, component);
  }
  if (any)
    supervisor->handlers->changed (supervisor->data);
}

struct pause {
  struct inos_supervisor *supervisor;
  struct inos_component *component;
};

static gboolean on_pause_over (gpointer data)
{
  struct pause *pause = data;
  struct inos_supervisor *supervisor = pause->supervisor;
  pause->component->restarts++;
  g_hash_table_steal (supervisor->pauses, pause->component);
  advance (supervisor);
  return G_SOURCE_REMOVE;
}

static void pause_before_start (struct inos_supervisor *supervisor,
                                struct inos_component *component, unsigned delay)
{
  struct pause *pause = g_new0 (struct pause, 1);
  *pause = (struct pause){.supervisor = supervisor, .component = component};
  guint id = g_timeout_add_full (G_PRIORITY_DEFAULT, delay, on_pause_over, pause, g_free);
  g_hash_table_replace (supervisor->pauses, component, GUINT_TO_POINTER (id));
}

static void remove_pause (gpointer id)
{
  g_source_remove (GPOINTER_TO_UINT (id));
}

static void give_up (struct inos_supervisor *supervisor, struct inos_component *component,
                     gboolean ends)
{
  component->state = INOS_COMPONENT_FAILED;
  if (!ends)
    g_message (_ ("%s %s and is not started again; see %s"), component->spec->name,
               component->reason, inos_component_log (component));
  supervisor->handlers->died (component, FALSE, supervisor->data);
  supervisor->handlers->failed (component, supervisor->data);
}

static gboolean is_hopeless (const struct inos_component *component, int wait_status)
{
  int status = component->spec->hopeless_status;
  return status != 0 && wait_status >= 0 && WIFEXITED (wait_status) &&
         WEXITSTATUS (wait_status) == status;
}

static void start_again (struct inos_supervisor *supervisor, struct inos_component *component,
                         gboolean was_ready)
{
  gint64 now = g_get_monotonic_time();
  int delay = inos_policy_death (&component->policy, now, now - component->started, was_ready);
  if (delay < 0) {
    give_up (supervisor, component, component->spec->essential);
    return;
  }
  component->state = INOS_COMPONENT_WAITING;
  g_message (_ ("%s %s; starting it again in %d ms; see %s"), component->spec->name,
             component->reason, delay, inos_component_log (component));
  pause_before_start (supervisor, component, (unsigned)delay);
  supervisor->handlers->died (component, TRUE, supervisor->data);
}

/* Those that need the dead one begin anew after it: that they lost it is no fault of theirs. */
static void let_dependents_go (struct inos_supervisor *supervisor,
                               const struct inos_component *dead)
{
  for (guint i = 0; i < supervisor->components->len; i++) {
    struct inos_component *component = g_ptr_array_index (supervisor->components, i);
    if (!g_strv_contains ((const char *const *)component->spec->needs, dead->spec->name))
      continue;
    inos_policy_reset (&component->policy);
    if (component == supervisor->asking) {
      inos_control_cancel (supervisor->control);
      supervisor->asking = NULL;
    }
    inos_component_stop (component);
  }
}

static void handle_died (struct inos_component *component, int wait_status, void *data)
{
  struct inos_supervisor *supervisor = data;
  gboolean was_ready = component->state == INOS_COMPONENT_RUNNING;
  if (supervisor->ending) {
    component->state = INOS_COMPONENT_STOPPED;
  } else if (component->spec->essential && was_ready && WIFEXITED (wait_status) &&
             WEXITSTATUS (wait_status) == 0) {
    component->state = INOS_COMPONENT_STOPPED;
    supervisor->handlers->left (component, supervisor->data);
  } else if (component->spec->essential && !component->lived) {
    give_up (supervisor, component, TRUE);
  } else if (component->ending) { /* by inos_supervisor_restart() */
    component->state = INOS_COMPONENT_WAITING;
    pause_before_start (supervisor, component, 0);
  } else if (is_hopeless (component, wait_status)) {
    give_up (supervisor, component, FALSE);
  } else {
    let_dependents_go (supervisor, component);
    start_again (supervisor, component, was_ready);
  }
  supervisor->handlers->changed (supervisor->data);
}

static void handle_ready (struct inos_component *component,
                          const struct inos_notify_message *message, void *data)
{
  struct inos_supervisor *supervisor = data;
  if (component->spec->control && message->wayland_display != NULL) {
    struct inos_environment *environment = supervisor->environment;
    inos_environment_set_display (environment, message->wayland_display, message->software);
    if (message->x11_display != NULL)
      inos_environment_set (environment, "DISPLAY", message->x11_display);
    if (message->cursor_theme != NULL)
      inos_environment_set (environment, "XCURSOR_THEME", message->cursor_theme);
    if (message->cursor_size != NULL)
      inos_environment_set (environment, "XCURSOR_SIZE", message->cursor_size);
    supervisor->handlers->display (supervisor->data);
  }
  advance (supervisor);
  supervisor->handlers->changed (supervisor->data);
}

static const struct inos_component_handlers component_handlers = {
  .ready = handle_ready,
  .died = handle_died,
};

struct inos_supervisor *inos_supervisor_new (GPtrArray *table,
                                             const struct inos_component_place *place,
                                             struct inos_environment *environment,
                                             const struct inos_supervisor_handlers *handlers,
                                             void *data, GError **error)
{
  struct inos_supervisor *supervisor = g_new0 (struct inos_supervisor, 1);
  supervisor->components = g_ptr_array_new_with_free_func ((GDestroyNotify)inos_component_free);
  supervisor->pauses = g_hash_table_new_full (NULL, NULL, NULL, remove_pause);
  supervisor->environment = environment;
  supervisor->handlers = handlers;
  supervisor->data = data;
  for (guint i = 0; i < table->len; i++) {
    struct inos_component *component = inos_component_new (g_ptr_array_index (table, i), place,
                                                           &component_handlers, supervisor, error);
    if (component == NULL) {
      inos_supervisor_free (supervisor);
      return NULL;
    }
    g_ptr_array_add (supervisor->components, component);
  }
  return supervisor;
}

void inos_supervisor_free (struct inos_supervisor *supervisor)
{
  if (supervisor == NULL)
    return;
  g_hash_table_unref (supervisor->pauses);
  g_ptr_array_unref (supervisor->components);
  g_clear_pointer (&supervisor->control, inos_control_free);
  g_free (supervisor);
}

void inos_supervisor_start (struct inos_supervisor *supervisor)
{
  advance (supervisor);
}

void inos_supervisor_let_end (struct inos_supervisor *supervisor)
{
  supervisor->ending = TRUE;
  g_hash_table_remove_all (supervisor->pauses);
  if (supervisor->control != NULL) {
    inos_control_cancel (supervisor->control);
    inos_control_tell_end (supervisor->control);
  }
  supervisor->asking = NULL;
}

gboolean inos_supervisor_restart (struct inos_supervisor *supervisor, const char *name,
                                  GError **error)
{
  struct inos_component *component = find (supervisor, name);
  if (component == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("there is no component '%s'"), name);
    return FALSE;
  }
  if (component->spec->essential || supervisor->ending) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 _ ("%s cannot be started anew within a session; log out instead"), name);
    return FALSE;
  }
  inos_policy_reset (&component->policy);
  if (component->pid != 0) {
    inos_component_stop (component);
  } else if (component != supervisor->asking) {
    component->state = INOS_COMPONENT_WAITING;
    pause_before_start (supervisor, component, 0);
  }
  supervisor->handlers->changed (supervisor->data);
  return TRUE;
}

gboolean inos_supervisor_unlock (struct inos_supervisor *supervisor)
{
  return supervisor->control != NULL && inos_control_unlock (supervisor->control);
}

GPtrArray *inos_supervisor_components (struct inos_supervisor *supervisor)
{
  return supervisor->components;
}

gboolean inos_supervisor_is_settled (struct inos_supervisor *supervisor)
{
  for (guint i = 0; i < supervisor->components->len; i++) {
    const struct inos_component *component = g_ptr_array_index (supervisor->components, i);
    if (component->ending ||
        (component->state != INOS_COMPONENT_RUNNING && component->state != INOS_COMPONENT_FAILED))
      return FALSE;
  }
  return TRUE;
}

gboolean inos_supervisor_shows_desktop (struct inos_supervisor *supervisor)
{
  for (guint i = 0; i < supervisor->components->len; i++) {
    const struct inos_component *component = g_ptr_array_index (supervisor->components, i);
    if ((component->spec->essential || component->spec->shell_socket) &&
        component->state != INOS_COMPONENT_RUNNING)
      return FALSE;
  }
  return TRUE;
}

gboolean inos_supervisor_has_failed (struct inos_supervisor *supervisor)
{
  for (guint i = 0; i < supervisor->components->len; i++) {
    const struct inos_component *component = g_ptr_array_index (supervisor->components, i);
    if (component->state == INOS_COMPONENT_FAILED)
      return TRUE;
  }
  return FALSE;
}
