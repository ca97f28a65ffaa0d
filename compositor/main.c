/* inos-compositor: options, signals, readiness and the D-Bus name. */

#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>
#include <wlr/types/wlr_xcursor_manager.h>
#include <wlr/util/log.h>

#include "guard/bus_guard.h"
#include "bus.h"
#include "bus_reader.h"
#include "bus_window.h"
#include "compositor.h"
#include "control.h"
#include "inos-config.h"
#include "listener.h"
#include "nofile.h"
#include "power.h"
#include "reload.h"
#include "shared_settings.h"
#include "renderer.h"
#include "seat.h"
#include "session/safe_settings.h"
#include "xwayland.h"

struct program {
  GMainLoop *loop;
  struct inos_compositor *compositor;
  struct inos_control *control;   /* may be NULL: not started by a session */
  struct inos_bus *bus;           /* may be NULL: no session bus */
  struct inos_bus_guard *guard;   /* likewise */
  struct inos_bus_reader *reader; /* may be NULL likewise */
  GDBusConnection *connection;    /* may be NULL likewise */
  GCancellable *cancellable;      /* of the wait for the bus */
  guint name, saver_name;
  bool ready;
  int status;

  struct wl_listener terminated, greeted, lock_change;
  struct inos_power *power;
};

static void say_ready (struct program *program)
{
  if (program->ready)
    return;
  program->ready = true;
  const char *socket = program->compositor->socket ? program->compositor->socket : "none";
  const struct wlr_xcursor_manager *cursor = program->compositor->seat->xcursor;
  const char *display = inos_xwayland_display (program->compositor);
  bool software = inos_renderer_is_software (program->compositor->renderer);
  sd_notifyf (0,
              "READY=1\nSTATUS=Wayland display %s\nX_INOS_WAYLAND_DISPLAY=%s\n"
              "X_INOS_CURSOR_THEME=%s\nX_INOS_CURSOR_SIZE=%u\nX_INOS_RENDERER=%s%s%s",
              socket, socket, cursor->name, cursor->size, software ? "software" : "gpu",
              display ? "\nX_INOS_DISPLAY=" : "", display ? display : "");
}

static void on_name_acquired (GDBusConnection *connection, const char *name, void *data)
{
  say_ready (data);
}

/* Another compositor has the name, or the bus is gone: windows matter more than the bus. */
static void on_name_lost (GDBusConnection *connection, const char *name, void *data)
{
  wlr_log (WLR_ERROR, "%s is not ours on the session bus: go on without it", name);
  say_ready (data);
}

/* Another program, started before us, answers for the screen. */
static void on_saver_name_lost (GDBusConnection *connection, const char *name, void *data)
{
  wlr_log (WLR_INFO, "%s is not ours on the session bus", name);
}

static void on_bus (GObject *source, GAsyncResult *result, void *data)
{
  static const char *const guarded[] = {INOS_BUS_ROOT, INOS_BUS_READER_PATH, NULL};
  struct program *program = data;
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_bus_get_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!connection) {
    wlr_log (WLR_ERROR, "no session bus (%s): go on without it", error->message);
    say_ready (program);
    return;
  }
  program->connection = connection;
  g_dbus_connection_set_exit_on_close (connection, FALSE);
  program->guard = inos_bus_guard_create (connection, NULL, guarded);
  program->bus = inos_bus_create (program->compositor, connection);
  program->saver_name = g_bus_own_name_on_connection (connection, "org.freedesktop.ScreenSaver",
                                                      G_BUS_NAME_OWNER_FLAGS_NONE, NULL,
                                                      on_saver_name_lost, NULL, NULL);
  program->reader = inos_bus_reader_create (program->compositor, connection);
  program->name =
    g_bus_own_name_on_connection (connection, "org.inos.Compositor1", G_BUS_NAME_OWNER_FLAGS_NONE,
                                  on_name_acquired, on_name_lost, program, NULL);
}

static gboolean on_signal (void *data)
{
  struct program *program = data;
  g_main_loop_quit (program->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean on_reload (void *data)
{
  struct program *program = data;
  inos_reload (program->compositor);
  return G_SOURCE_CONTINUE;
}

static void handle_terminated (struct wl_listener *listener, void *data)
{
  struct program *program = wl_container_of (listener, program, terminated);
  if (program->compositor->backend) {
    wlr_log (WLR_INFO, "the window was closed: the compositor ends");
  } else {
    wlr_log (WLR_ERROR, "the screen is gone: the compositor ends");
    program->status = 1;
  }
  g_main_loop_quit (program->loop);
}

static void handle_greeted (struct wl_listener *listener, void *data)
{
  struct program *program = wl_container_of (listener, program, greeted);
  g_main_loop_quit (program->loop);
}

/* The session remembers it, in case this compositor dies: the next one begins as this one ended. */
static void handle_lock_change (struct wl_listener *listener, void *data)
{
  struct program *program = wl_container_of (listener, program, lock_change);
  sd_notifyf (0, "X_INOS_LOCKED=%d", program->compositor->locked);
}

static void on_unix_signal (int number, GSourceFunc function, struct program *program)
{
  g_autoptr (GSource) source = g_unix_signal_source_new (number);
  g_source_set_callback (source, function, program, NULL);
  g_source_attach (source, g_main_context_get_thread_default());
}

static int run (const struct inos_options *options)
{
  struct program program = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainContext) context =
    g_main_context_new_with_flags (G_MAIN_CONTEXT_FLAGS_OWNERLESS_POLLING);
  g_main_context_push_thread_default (context);
  /* Where the driver of the graphics is loaded only now wlroots waits 10 s for it, and OpenGL's own
   * start takes longer still on a slow machine. */
  sd_notify (0, "EXTEND_TIMEOUT_USEC=60000000");
  program.compositor = inos_compositor_create (options, &error);
  if (!program.compositor) {
    fprintf (stderr, "inos-compositor: %s\n", error->message);
    g_main_context_pop_thread_default (context);
    return 1;
  }
  program.cancellable = g_cancellable_new();
  program.loop = g_main_loop_new (context, FALSE);
  CONNECT_SIGNAL (program.compositor, &program, terminated);
  CONNECT_SIGNAL (program.compositor, &program, greeted);
  CONNECT_SIGNAL (program.compositor, &program, lock_change);
  const char *control = g_getenv ("INOS_CONTROL_FD");
  gint64 fd;
  if (control && g_ascii_string_to_signed (control, 10, 3, 1 << 20, &fd, NULL)) {
    fcntl ((int)fd, F_SETFD, FD_CLOEXEC);
    program.control = inos_control_create (program.compositor, (int)fd);
  }
  signal (SIGPIPE, SIG_IGN); /* a reader that leaves is told by write() */
  on_unix_signal (SIGTERM, on_signal, &program);
  on_unix_signal (SIGINT, on_signal, &program);
  on_unix_signal (SIGHUP, on_reload, &program);
  program.power = inos_power_create (program.compositor);
  inos_reload_watch (program.compositor);
  if (!options->greeter)
    inos_shared_settings_watch (program.compositor);
  /* Before anybody is logged in there is nobody to be told anything. */
  if (options->greeter)
    say_ready (&program);
  else
    g_bus_get (G_BUS_TYPE_SESSION, program.cancellable, on_bus, &program);
  if (program.compositor->socket)
    wlr_log (WLR_INFO, "Wayland display %s", program.compositor->socket);

  g_main_loop_run (program.loop);

  sd_notify (0, "STOPPING=1");
  if (program.name)
    g_bus_unown_name (program.name);
  if (program.saver_name)
    g_bus_unown_name (program.saver_name);
  inos_bus_reader_destroy (program.reader);
  inos_bus_destroy (program.bus);
  inos_bus_guard_destroy (program.guard);
  g_cancellable_cancel (program.cancellable);
  g_object_unref (program.cancellable);
  if (program.connection)
    g_dbus_connection_close_sync (program.connection, NULL, NULL);
  g_clear_object (&program.connection);
  inos_power_destroy (program.power);
  inos_control_destroy (program.control);
  DISCONNECT (program.terminated);
  DISCONNECT (program.greeted);
  DISCONNECT (program.lock_change);
  inos_compositor_destroy (program.compositor);
  g_main_loop_unref (program.loop);
  g_main_context_pop_thread_default (context);
  return program.status;
}

static bool parse_size (const char *text, struct inos_options *options)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", 2);
  guint64 width, height;
  if (g_strv_length (parts) != 2 ||
      !g_ascii_string_to_unsigned (parts[0], 10, 1, 16384, &width, NULL) ||
      !g_ascii_string_to_unsigned (parts[1], 10, 1, 16384, &height, NULL))
    return false;
  options->width = (int)width;
  options->height = (int)height;
  return true;
}

/* Without a socket, so that nothing but the greeter is shown, and no X server. */
static void be_greeter (struct inos_options *options)
{
  options->greeter = true;
  options->places_path = options->roll_path = NULL;
  if (!options->socket)
    options->socket = "";
  if (!options->config_path)
    options->config_path = INOS_SYSCONFDIR "/inos/greeter.ini";
}

int main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, INOS_LOCALEDIR);
  textdomain (GETTEXT_PACKAGE);

  gboolean headless = FALSE, version = FALSE, debug = FALSE, greeter = FALSE;
  int outputs = 1;
  g_autofree char *size = NULL, *socket = NULL, *config = NULL, *roll = NULL;
  const GOptionEntry entries[] = {
    {"headless", 0, 0, G_OPTION_ARG_NONE, &headless, N_ ("Start without a screen"), NULL},
    {"outputs", 0, 0, G_OPTION_ARG_INT, &outputs, N_ ("How many outputs --headless has"), "N"},
    {"size", 0, 0, G_OPTION_ARG_STRING, &size, N_ ("Their size in pixels"), "WxH"},
    {"socket", 0, 0, G_OPTION_ARG_STRING, &socket, N_ ("Name of the Wayland socket"), "NAME"},
    {"config", 0, 0, G_OPTION_ARG_FILENAME, &config, N_ ("Configuration file"), "FILE"},
    {"windows", 0, 0, G_OPTION_ARG_FILENAME, &roll,
     N_ ("File to keep the open windows in, for the session"), "FILE"},
    {"greeter", 0, 0, G_OPTION_ARG_NONE, &greeter,
     N_ ("Ask who is there, for greetd, and end when they are let in"), NULL},
    {"debug", 0, 0, G_OPTION_ARG_NONE, &debug, N_ ("Log more"), NULL},
    {"version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Print the version"), NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("— the Inos Wayland compositor"));
  g_autoptr (GError) error = NULL;
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    fprintf (stderr, "inos-compositor: %s\n", error->message);
    return 2;
  }
  if (version) {
    puts ("inos-compositor " INOS_VERSION);
    return 0;
  }
  g_autofree char *places = g_build_filename (g_get_user_state_dir(), "inos", "windows.ini", NULL);
  struct inos_options options = {.headless = headless,
                                 .outputs = outputs,
                                 .width = 1280,
                                 .height = 800,
                                 .socket = socket,
                                 .config_path = config,
                                 .moves = true,
                                 .places_path = places,
                                 .roll_path = roll,
                                 .locked = g_getenv ("INOS_LOCKED") != NULL,
                                 .has_own_context = true};
  g_unsetenv ("INOS_LOCKED"); /* of no concern to the programs that it starts */
  if (greeter)
    be_greeter (&options);
  if (argc > 1 || (size && !parse_size (size, &options)) || outputs < 1 || outputs > 16) {
    fprintf (stderr, "inos-compositor: %s\n",
             argc > 1 ? _ ("there are no arguments but options; see --help")
                      : _ ("--size takes WIDTHxHEIGHT, --outputs 1 to 16"));
    return 2;
  }
  wlr_log_init (debug ? WLR_DEBUG : WLR_INFO, NULL);
  inos_safe_settings();
  inos_nofile_raise();
  /* A thread of GLib's pool with nothing left to do would wake up once more to end, 15 s later. */
  g_thread_pool_set_max_unused_threads (0);
  return run (&options);
}
