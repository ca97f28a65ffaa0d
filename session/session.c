/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include "bus.h"
#include "ending.h"
#include "journal.h"
#include "login.h"
#include "place.h"
#include "rescue_starter.h"
#include "session_object.h"
#include "spawn.h"
#include "supervisor.h"

#include "inos-config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>

struct session {
  const struct inos_session_options *options;
  GMainLoop *loop;
  struct inos_session_place place;
  struct inos_reaper *reaper;
  struct inos_environment *environment;
  GPtrArray *table;
  struct inos_supervisor *supervisor;
  struct inos_output *bus_output, *rescue_output; /* NULL under systemd */
  struct inos_bus *bus;
  GDBusConnection *connection;        /* borrowed; NULL until there is one */
  struct inos_session_object *object; /* NULL until there is a connection */
  struct inos_login *login;           /* likewise */
  struct inos_rescue_starter *rescue;
  struct inos_ending *ending; /* NULL until the session ends */
  gboolean settled;           /* once: everything was ready or given up */
  pid_t command;              /* CMD's; 0: not running */
  int status;
  guint sources[4]; /* three signals and systemd's watchdog; 0 for none */
};

static void on_ended (void *data)
{
  struct session *session = data;
  g_main_loop_quit (session->loop);
}

/* Ends everything; the first reason to end decides the status. */
static void end (struct session *session, int status)
{
  if (session->ending != NULL)
    return;
  session->status = status;
  sd_notify (0, "STOPPING=1");
  if (session->object != NULL)
    inos_session_object_set_state (session->object, "ending");
  /* Only what was exported. */
  if (session->connection != NULL &&
      inos_environment_get (session->environment, "WAYLAND_DISPLAY") != NULL)
    inos_environment_retract (session->environment, session->connection);
  inos_supervisor_let_end (session->supervisor);

  GPtrArray *components = inos_supervisor_components (session->supervisor);
  g_autofree pid_t *pids = g_new0 (pid_t, components->len + 1);
  pid_t compositor = 0;
  gsize n = 0;
  for (guint i = components->len; i-- > 0;) {
    const struct inos_component *component = g_ptr_array_index (components, i);
    if (component->spec->essential)
      compositor = component->pid;
    else
      pids[n++] = component->pid;
  }
  session->ending = inos_ending_new (
    pids, n, compositor, session->bus != NULL ? inos_bus_pid (session->bus) : 0, on_ended, session);
}

/* Ends a session that cannot go on. */
static void lose (struct session *session)
{
  gboolean before_command = session->options->command != NULL && !session->settled;
  end (session, before_command ? INOS_SESSION_NOT_STARTED : INOS_SESSION_LOST);
}

static void on_command_reaped (pid_t pid, int wait_status, void *data)
{
  struct session *session = data;
  session->command = 0;
  end (session,
       WIFSIGNALED (wait_status) ? 128 + WTERMSIG (wait_status) : WEXITSTATUS (wait_status));
}

static void start_command (struct session *session)
{
  g_autoptr (GError) error = NULL;
  struct inos_spawn spawn = {
    .argv = session->options->command,
    .envp = inos_environment_list (session->environment),
    .output = -1,
  };
  pid_t pid = inos_spawn (&spawn, &error);
  if (pid < 0) {
    g_message ("%s", error->message);
    end (session, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ? 127 : 126);
    return;
  }
  session->command = pid;
  inos_reaper_watch (session->reaper, pid, on_command_reaped, session);
}

static void handle_changed (void *data)
{
  struct session *session = data;
  if (session->object == NULL)
    return;
  inos_session_object_set_components (session->object,
                                      inos_supervisor_components (session->supervisor));
  if (session->ending != NULL)
    return;
  gboolean first = !session->settled && inos_supervisor_is_settled (session->supervisor);
  session->settled = session->settled || first;
  gboolean degraded = inos_supervisor_has_failed (session->supervisor);
  if (session->settled)
    inos_session_object_set_state (session->object, degraded ? "degraded" : "running");
  if (!first)
    return;
  sd_notifyf (0, "READY=1\nSTATUS=%s", degraded ? "degraded" : "running");
  if (session->options->command != NULL)
    start_command (session);
}

static void show_rescue (struct session *session)
{
  inos_rescue_starter_show (session->rescue, inos_supervisor_components (session->supervisor),
                            inos_environment_list (session->environment));
}

static void handle_display (void *data)
{
  struct session *session = data;
  inos_environment_export (session->environment, session->connection);
  /* Something may have been given up before there was a screen to say so. */
  if (inos_supervisor_has_failed (session->supervisor))
    show_rescue (session);
}

static void handle_died (const struct inos_component *component, gboolean restarts, void *data)
{
  struct session *session = data;
  if (session->object != NULL)
    inos_session_object_component_died (session->object, component, restarts);
}

static void handle_failed (const struct inos_component *component, void *data)
{
  struct session *session = data;
  if (component->spec->essential) {
    g_message (_ ("%s %s, which ends the session; see %s"), component->spec->name,
               component->reason, inos_component_log (component));
    lose (session);
  } else if (session->options->command != NULL && !session->settled) {
    g_message (_ ("%s did not start, so '%s' is not run"), component->spec->name,
               session->options->command[0]);
    lose (session);
  } else if (inos_environment_get (session->environment, "WAYLAND_DISPLAY") != NULL) {
    show_rescue (session);
  }
}

static void handle_left (const struct inos_component *component, void *data)
{
  g_message (_ ("%s was closed, which ends the session"), component->spec->name);
  end (data, 0);
}

static const struct inos_supervisor_handlers supervisor_handlers = {
  .changed = handle_changed,
  .display = handle_display,
  .died = handle_died,
  .failed = handle_failed,
  .left = handle_left,
};

static void handle_logout (void *data)
{
  end (data, 0);
}

static gboolean handle_restart (const char *component, GError **error, void *data)
{
  struct session *session = data;
  return inos_supervisor_restart (session->supervisor, component, error);
}

static const struct inos_session_object_handlers object_handlers = {
  .logout = handle_logout,
  .restart = handle_restart,
};

static void handle_unlock (void *data)
{
  struct session *session = data;
  if (!inos_supervisor_unlock (session->supervisor))
    g_message (_ ("the session stays locked: the compositor does not listen"));
}

static void handle_bus_ready (GDBusConnection *connection, const char *address, void *data)
{
  struct session *session = data;
  g_autoptr (GError) error = NULL;
  if (session->ending != NULL)
    return;
  session->connection = connection;
  inos_environment_set (session->environment, "DBUS_SESSION_BUS_ADDRESS", address);
  session->object = inos_session_object_new (connection, &object_handlers, session, &error);
  if (session->object == NULL) {
    g_message ("%s", error->message);
    lose (session);
    return;
  }
  session->login = inos_login_new (connection, handle_unlock, session);
  inos_supervisor_start (session->supervisor);
}

static void handle_bus_lost (const char *reason, void *data)
{
  struct session *session = data;
  if (session->ending == NULL)
    g_message (_ ("%s, which ends the session"), reason);
  session->connection = NULL;
  lose (session);
}

static const struct inos_bus_handlers bus_handlers = {
  .ready = handle_bus_ready,
  .lost = handle_bus_lost,
};

static void end_by_signal (struct session *session, int number)
{
  g_message (_ ("ending: signal %d (%s)"), number, g_strsignal (number));
  end (session, session->options->command != NULL ? 128 + number : 0);
}

static gboolean on_sigterm (gpointer data)
{
  end_by_signal (data, SIGTERM);
  return G_SOURCE_CONTINUE;
}

static gboolean on_sigint (gpointer data)
{
  end_by_signal (data, SIGINT);
  return G_SOURCE_CONTINUE;
}

static gboolean on_sighup (gpointer data)
{
  end_by_signal (data, SIGHUP);
  return G_SOURCE_CONTINUE;
}

static gboolean on_watchdog (gpointer data)
{
  sd_notify (0, "WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

static void add_sources (struct session *session)
{
  guint64 watchdog = 0;
  session->sources[0] = g_unix_signal_add (SIGTERM, on_sigterm, session);
  session->sources[1] = g_unix_signal_add (SIGINT, on_sigint, session);
  session->sources[2] = g_unix_signal_add (SIGHUP, on_sighup, session);
  signal (SIGPIPE, SIG_IGN);
  if (sd_watchdog_enabled (0, &watchdog) > 0)
    session->sources[3] = g_timeout_add ((guint)MAX (watchdog / 2000, 1), on_watchdog, session);
}

/* What the compositor is told. */
static char **compositor_arguments (const struct inos_session_options *options)
{
  g_autoptr (GStrvBuilder) list = g_strv_builder_new();
  if (options->headless)
    g_strv_builder_add (list, "--headless");
  if (options->outputs > 0) {
    g_strv_builder_add (list, "--outputs");
    g_strv_builder_take (list, g_strdup_printf ("%d", options->outputs));
  }
  if (options->size != NULL)
    g_strv_builder_add_many (list, "--size", options->size, NULL);
  return g_strv_builder_end (list);
}

static gboolean load_table (struct session *session, GError **error)
{
  g_auto (GStrv) arguments = compositor_arguments (session->options);
  session->table = session->options->components != NULL
                     ? inos_table_load (session->options->components, error)
                     : inos_table_new (arguments);
  return session->table != NULL;
}

static gboolean prepare (struct session *session, GError **error)
{
  if (!load_table (session, error) || !inos_session_place_init (&session->place, error))
    return FALSE;
  if (session->place.journal != NULL)
    inos_journal_open (session->place.journal);
  session->environment = inos_environment_new (session->options->config_directory);
  inos_environment_set (session->environment, "XDG_RUNTIME_DIR", session->place.runtime);
  gboolean echo = session->options->verbose || session->place.on_terminal;
  struct inos_component_place place = {
    .reaper = session->reaper,
    .notify_directory = session->place.sockets,
    .log_directory = session->place.logs,
    .echo = echo,
  };
  session->supervisor = inos_supervisor_new (session->table, &place, session->environment,
                                             &supervisor_handlers, session, error);
  if (session->supervisor == NULL)
    return FALSE;
  if (session->place.logs != NULL) {
    session->bus_output = inos_output_new (session->place.logs, "bus", echo);
    session->rescue_output = inos_output_new (session->place.logs, "rescue", echo);
  }
  const char *rescue = session->options->rescue;
  session->rescue = inos_rescue_starter_new (
    session->reaper, rescue != NULL ? rescue : INOS_LIBEXECDIR "/inos-rescue",
    session->rescue_output);
  return TRUE;
}

static void finish (struct session *session)
{
  for (gsize i = 0; i < G_N_ELEMENTS (session->sources); i++)
    g_clear_handle_id (&session->sources[i], g_source_remove);
  g_clear_pointer (&session->ending, inos_ending_free);
  g_clear_pointer (&session->login, inos_login_free);
  g_clear_pointer (&session->object, inos_session_object_free);
  g_clear_pointer (&session->bus, inos_bus_free);
  g_clear_pointer (&session->rescue, inos_rescue_starter_free);
  g_clear_pointer (&session->supervisor, inos_supervisor_free);
  g_clear_pointer (&session->bus_output, inos_output_free);
  g_clear_pointer (&session->rescue_output, inos_output_free);
  g_clear_pointer (&session->environment, inos_environment_free);
  g_clear_pointer (&session->table, g_ptr_array_unref);
  inos_session_place_finish (&session->place);
  g_clear_pointer (&session->reaper, inos_reaper_free);
  g_clear_pointer (&session->loop, g_main_loop_unref);
}

int inos_session_run (const struct inos_session_options *options)
{
  g_autoptr (GError) error = NULL;
  struct session session = {.options = options, .loop = g_main_loop_new (NULL, FALSE)};
  session.reaper = inos_reaper_new (&error);
  if (session.reaper == NULL || !prepare (&session, &error)) {
    g_message ("%s", error->message);
    session.status = options->command != NULL ? INOS_SESSION_NOT_STARTED : INOS_SESSION_LOST;
  } else {
    add_sources (&session);
    session.bus = inos_bus_new (session.reaper, session.place.runtime,
                                inos_environment_list (session.environment), session.bus_output,
                                &bus_handlers, &session);
    g_main_loop_run (session.loop);
  }
  int status = session.status;
  finish (&session);
  return status;
}
