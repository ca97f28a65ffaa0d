/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-shell"

/*
 * inos-shell: the desktop's wallpaper, panel, launcher and power menu.
 */

#include "application.h"
#include "guard/bus_guard.h"
#include "inos-config.h"
#include "inos-shell-ui.h"
#include "session/safe_settings.h"
#include "style.h"
#include "web.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <gtk4-layer-shell.h>
#include <locale.h>

typedef struct {
  GMainLoop *loop;
  int status;
} Run;

static gboolean on_terminate (gpointer data)
{
  Run *run = data;

  g_main_loop_quit (run->loop);
  return G_SOURCE_CONTINUE;
}

static void on_quit (gpointer data)
{
  Run *run = data;

  run->status = 1;
  g_main_loop_quit (run->loop);
}

static gboolean parse_arguments (int argc, char **argv, int *status)
{
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
    {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version and exit", NULL},
    {0},
  };
  g_autoptr (GOptionContext) options = g_option_context_new ("- the desktop's web UI");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error)) {
    g_printerr ("inos-shell: %s\n", error->message);
    *status = 2;
    return FALSE;
  }
  if (version) {
    g_print ("inos-shell %s\n", INOS_VERSION);
    *status = 0;
    return FALSE;
  }
  return TRUE;
}

/* The windows themselves are clear; the page or the native button in them draws. */
static void load_style (void)
{
  static gboolean styled;

  inos_style_add ("window.inos-surface { background: transparent; }"
                  "window.inos-surface.dims { background: rgba(8, 12, 18, 0.45); }"
                  "window.inos-surface button { background: #1e242d; color: #eef1f5; }"
                  "window.inos-surface .card { border-radius: 16px; box-shadow: 0 0 0 1px "
                  "rgba(128, 140, 155, 0.35), 0 12px 40px rgba(0, 0, 0, 0.35); }"
                  /* Their window ends where the margin does. */
                  "window.inos-surface.popups .card { box-shadow: 0 0 0 1px "
                  "rgba(128, 140, 155, 0.35), 0 1px 6px rgba(0, 0, 0, 0.25); }",
                  &styled);
}

/* NULL after saying what is missing. */
static GDBusConnection *open_display_and_bus (void)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus;

  gdk_set_allowed_backends ("wayland");
  if (!gtk_init_check()) {
    g_printerr ("inos-shell: no Wayland display; it is started by inos-session\n");
    return NULL;
  }
  /* libwayland has taken it; nothing that is started later may see it. */
  g_unsetenv ("WAYLAND_SOCKET");
  if (!gtk_layer_is_supported()) {
    g_printerr ("inos-shell: the compositor has no wlr-layer-shell, which the desktop needs\n");
    return NULL;
  }
  bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &error);
  if (!bus)
    g_printerr ("inos-shell: no session bus: %s\n", error->message);
  return bus;
}

int main (int argc, char **argv)
{
  /* What is for all, such as notifications, lies elsewhere. */
  static const char *const guarded[] = {"/org/inos/Shell1", "/org/freedesktop/portal/desktop",
                                        NULL};
  Run run = {0};
  g_autoptr (GDBusConnection) bus = NULL;
  struct inos_bus_guard *guard;
  InosApplication *application;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, INOS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (!parse_arguments (argc, argv, &run.status))
    return run.status;
  g_set_prgname ("inos-shell");
  inos_web_set_environment();
  inos_safe_settings(); /* before GTK reads some */
  bus = open_display_and_bus();
  if (!bus)
    return 1;

  inos_shell_ui_register_resource();
  load_style();
  run.loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGTERM, on_terminate, &run);
  g_unix_signal_add (SIGINT, on_terminate, &run);
  guard = inos_bus_guard_create (bus, NULL, guarded);
  application = inos_application_create (bus, on_quit, &run);
  g_main_loop_run (run.loop);
  inos_application_destroy (application);
  inos_bus_guard_destroy (guard);
  g_main_loop_unref (run.loop);
  return run.status;
}
