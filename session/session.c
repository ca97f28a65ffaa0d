/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session.h"

#include "bus.h"
#include "ending.h"
#include "journal.h"
#include "language.h"
#include "login.h"
#include "place.h"
#include "rescue_starter.h"
#include "restore.h"
#include "session_object.h"
#include "spawn.h"
#include "supervisor.h"
#include "tell.h"
#include "trial.h"
#include "welcome.h"

#include "guard/bus_guard.h"
#include "inos-config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
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
  struct inos_bus_guard *guard;       /* likewise: who is in a sandbox ends no session */
  struct inos_login *login;           /* likewise */
  struct inos_rescue_starter *rescue;
  struct inos_tell *tell; /* NULL until there is a connection */
  struct inos_restore *restore;
  struct inos_locale *locale;
  struct inos_trial *trial;   /* NULL for a session with CMD, or in another desktop's window */
  gboolean safe;              /* the defaults hold in place of the person's settings */
  char *roll;                 /* the file in which the compositor keeps the open windows */
  char *crash;                /* how the compositor died, until that is told; may be NULL */
  gboolean suspects;          /* one of the programs that were restored may be why */
  struct inos_ending *ending; /* NULL until the session ends */
  gboolean settled;           /* once: everything was ready or given up */
  pid_t command;              /* CMD's; 0: not running */
  int status;
  guint sources[5]; /* three signals, systemd's watchdog and the trial's end; 0 for none */
};

static void on_ended (void *data)
{
  struct session *session = data;
  g_main_loop_quit (session->loop);
}

static void end_trial (struct session *session, int status)
{
  if (session->trial == NULL || status != 0)
    return;
  if (session->settled && inos_supervisor_shows_desktop (session->supervisor))
    inos_trial_pass (session->trial);
  inos_trial_end (session->trial);
}

/* Ends everything; the first reason to end decides the status. */
static void end (struct session *session, int status)
{
  if (session->ending != NULL)
    return;
  session->status = status;
  end_trial (session, status);
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

static gboolean on_trial_over (gpointer data)
{
  struct session *session = data;
  /* A part of it may just be starting again. */
  if (session->ending == NULL && !inos_supervisor_shows_desktop (session->supervisor))
    return G_SOURCE_CONTINUE;
  session->sources[4] = 0;
  if (session->ending == NULL)
    inos_trial_pass (session->trial);
  return G_SOURCE_REMOVE;
}

/* The desktop is there again after the compositor died. */
static void tell_of_crash (struct session *session)
{
  g_autofree char *body = g_strdup_printf (
    session->suspects
      ? _ ("The compositor %s again, soon after the programs that had been open were started: one "
           "of them may be why, and they are not started once more. 'inosctl session restore' "
           "starts them.")
      : _ ("The compositor %s. Programs that had windows have ended with it, and what they had "
           "not saved is lost. Terminals go on: Terminal has them again."),
    session->crash);
  inos_tell_say (session->tell, _ ("The desktop was started again"), body);
  g_clear_pointer (&session->crash, g_free);
}

/* Not in safe mode: one of the programs may be what is wrong. */
static void restore_windows (struct session *session)
{
  if (!session->safe)
    inos_restore_begin (session->restore,
                        session->trial != NULL &&
                          inos_trial_last_end (session->trial) == INOS_TRIAL_CUT_OFF);
}

/* Whoever gives a command, or looks at a desktop in a window, has not logged in. */
static void welcome (struct session *session)
{
  if (session->trial != NULL && !session->safe && session->options->components == NULL)
    inos_welcome_begin (session->connection);
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
  if (session->crash != NULL && inos_supervisor_is_settled (session->supervisor)) {
    tell_of_crash (session);
    restore_windows (session);
  }
  if (!first)
    return;
  restore_windows (session);
  welcome (session);
  if (session->trial != NULL)
    session->sources[4] = g_timeout_add (INOS_TRIAL_TIME, on_trial_over, session);
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
  if (component->spec->essential && restarts && session->crash == NULL) {
    session->crash = g_strdup (component->reason);
    session->suspects = !inos_restore_note_crash (session->restore);
  }
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

static const char *config_home (const struct session *session)
{
  const char *own = session->options->config_directory;
  return own != NULL ? own : g_get_user_config_dir();
}

static void tell_of_safe_mode (struct session *session)
{
  g_autofree char *settings = g_build_filename (config_home (session), "inos", NULL);
  const char *log =
    session->place.journal != NULL ? session->place.journal : _ ("the journal (journalctl --user)");
  /* The way back comes first: a notification that is long is cut. */
  g_autofree char *back = g_strdup_printf (
    _ ("Log out and in again to use them: they are as they were, in %s."), settings);
  g_autofree char *why = g_strdup_printf (
    _ ("The last sessions ended badly soon after their start; how is in %s."), log);
  g_autofree char *body =
    session->options->safe ? g_strdup (back) : g_strdup_printf ("%s %s", back, why);
  inos_tell_say (session->tell, _ ("Safe mode: your settings are not used"), body);
}

static void handle_bus_ready (GDBusConnection *connection, const char *address, void *data)
{
  static const char *const guarded[] = {"/org/inos/Session1", NULL};
  struct session *session = data;
  g_autoptr (GError) error = NULL;
  if (session->ending != NULL)
    return;
  session->connection = connection;
  inos_environment_set (session->environment, "DBUS_SESSION_BUS_ADDRESS", address);
  session->guard = inos_bus_guard_create (connection, address, guarded);
  session->object = inos_session_object_new (connection, &object_handlers, session, &error);
  if (session->object != NULL && inos_restore_connect (session->restore, connection, &error))
    session->locale = inos_locale_new (connection, config_home (session), &error);
  if (session->locale == NULL) {
    g_message ("%s", error->message);
    lose (session);
    return;
  }
  inos_session_object_set_safe (session->object, session->safe);
  session->tell = inos_tell_new (connection);
  if (session->safe)
    tell_of_safe_mode (session);
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
static char **compositor_arguments (const struct session *session)
{
  const struct inos_session_options *options = session->options;
  g_autoptr (GStrvBuilder) list = g_strv_builder_new();
  g_strv_builder_add_many (list, "--windows", session->roll, NULL);
  if (session->safe) {
    /* Not there until somebody changes a setting, which then holds for this session. */
    g_autofree char *config = g_build_filename (session->place.sockets, "safe-mode.ini", NULL);
    unlink (config);
    g_strv_builder_add_many (list, "--config", config, NULL);
  }
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
  g_auto (GStrv) arguments = compositor_arguments (session);
  session->table = session->options->components != NULL
                     ? inos_table_load (session->options->components, error)
                     : inos_table_new (arguments);
  return session->table != NULL;
}

/* A window in another desktop, or a command's desktop, says nothing about a person's log-ins. */
static void begin_trial (struct session *session)
{
  session->safe = session->options->safe;
  if (session->options->command != NULL || g_getenv ("WAYLAND_DISPLAY") != NULL ||
      g_getenv ("DISPLAY") != NULL)
    return;
  g_autofree char *path = g_build_filename (g_get_user_state_dir(), "inos", "session.ini", NULL);
  session->trial = inos_trial_begin (path);
  if (session->trial == NULL) {
    g_message (_ ("another session of yours runs: this one restores and keeps no windows"));
    return;
  }
  if (inos_trial_bad (session->trial) < INOS_TRIAL_MOST)
    return;
  g_message (_ ("%u sessions in a row ended badly: safe mode"), inos_trial_bad (session->trial));
  session->safe = TRUE;
}

/* A session that is not a person's own, see begin_trial(), leaves theirs alone. */
static void begin_restore (struct session *session)
{
  gboolean keeps = session->trial != NULL;
  g_autofree char *name = g_strdup_printf ("windows-%d.ini", (int)getpid());
  session->roll = keeps
                    ? g_build_filename (g_get_user_state_dir(), "inos", "windows-open.ini", NULL)
                    : g_build_filename (session->place.sockets, name, NULL);
  session->restore = inos_restore_new (session->roll, config_home (session), keeps);
  if (keeps)
    inos_restore_put_aside (session->restore, inos_trial_bad (session->trial) == 0);
}

static gboolean prepare (struct session *session, GError **error)
{
  if (!inos_session_place_init (&session->place, error))
    return FALSE;
  if (session->place.journal != NULL)
    inos_journal_open (session->place.journal);
  begin_trial (session);
  begin_restore (session);
  if (!load_table (session, error))
    return FALSE;
  session->environment = inos_environment_new (session->options->config_directory);
  if (!session->safe) {
    inos_locale_apply (config_home (session));
    inos_environment_take_locale (session->environment);
  }
  if (session->safe)
    inos_environment_set (session->environment, "INOS_SAFE", "1");
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
  g_clear_pointer (&session->tell, inos_tell_free);
  g_clear_pointer (&session->locale, inos_locale_free);
  g_clear_pointer (&session->restore, inos_restore_free);
  g_clear_pointer (&session->roll, g_free);
  g_clear_pointer (&session->trial, inos_trial_free);
  g_clear_pointer (&session->crash, g_free);
  g_clear_pointer (&session->object, inos_session_object_free);
  g_clear_pointer (&session->guard, inos_bus_guard_destroy);
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
