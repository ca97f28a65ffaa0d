/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl inhibit: keeps the screen awake for as long as a command runs, or it itself. */
#include "bus.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <sys/wait.h>

#define SAVER "org.freedesktop.ScreenSaver"
#define SAVER_PATH "/org/freedesktop/ScreenSaver"

enum { SIGNALLED = 128 }; /* and the signal's number: what a shell says of such a death */

struct inhibit {
  GMainLoop *loop;
  GPid child; /* 0: none */
  int status;
};

/* The compositor lets go of it when this process leaves the bus, however it ends. */
static bool ask (struct ctl *ctl, GError **error)
{
  g_autofree char *command =
    ctl->arguments != NULL ? g_strjoinv (" ", ctl->arguments) : g_strdup ("inosctl inhibit");
  g_autofree char *shown = g_filename_display_name (command);
  GVariant *arguments =
    g_variant_new ("(ss)", "inosctl", ctl->reason != NULL ? ctl->reason : shown);
  g_autoptr (GVariant) reply =
    ctl_bus_call (ctl, CTL_COMPOSITOR, SAVER_PATH, SAVER, "Inhibit", arguments, error);
  return reply != NULL;
}

static void on_vanished (GDBusConnection *bus, const char *name, void *data)
{
  struct inhibit *inhibit = data;
  ctl_complain (_ ("%s is not on this bus"), name);
  if (inhibit->child != 0)
    return;
  inhibit->status = CTL_NO_SERVICE;
  g_main_loop_quit (inhibit->loop);
}

static void on_child (GPid pid, int status, void *data)
{
  struct inhibit *inhibit = data;
  g_spawn_close_pid (pid);
  inhibit->child = 0;
  inhibit->status = WIFEXITED (status) ? WEXITSTATUS (status) : SIGNALLED + WTERMSIG (status);
  g_main_loop_quit (inhibit->loop);
}

/* The command decides when it ends; the terminal has told it of Ctrl-C already. */
static gboolean end (struct inhibit *inhibit, int number)
{
  if (inhibit->child == 0)
    g_main_loop_quit (inhibit->loop);
  else if (number != SIGINT)
    kill (inhibit->child, number);
  return G_SOURCE_CONTINUE;
}

static gboolean on_sigint (void *data)
{
  return end (data, SIGINT);
}

static gboolean on_sigterm (void *data)
{
  return end (data, SIGTERM);
}

static gboolean on_sighup (void *data)
{
  return end (data, SIGHUP);
}

static bool start (struct inhibit *inhibit, char **arguments)
{
  g_autoptr (GError) error = NULL;
  GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
                      G_SPAWN_CHILD_INHERITS_STDIN | G_SPAWN_LEAVE_DESCRIPTORS_OPEN;
  if (g_spawn_async (NULL, arguments, NULL, flags, NULL, NULL, &inhibit->child, &error)) {
    g_child_watch_add (inhibit->child, on_child, inhibit);
    return true;
  }
  ctl_complain ("%s", error->message);
  return false;
}

int ctl_cmd_inhibit (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  if (!ask (ctl, &error))
    return ctl_bus_fail (ctl, CTL_COMPOSITOR, error, _ ("cannot keep the screen awake"));
  struct inhibit inhibit = {.loop = g_main_loop_new (NULL, FALSE), .status = CTL_OK};
  guint ends[] = {g_unix_signal_add (SIGINT, on_sigint, &inhibit),
                  g_unix_signal_add (SIGTERM, on_sigterm, &inhibit),
                  g_unix_signal_add (SIGHUP, on_sighup, &inhibit)};
  guint owner = g_bus_watch_name_on_connection (ctl->bus, ctl_service_name (CTL_COMPOSITOR),
                                                G_BUS_NAME_WATCHER_FLAGS_NONE, NULL, on_vanished,
                                                &inhibit, NULL);
  if (ctl->arguments == NULL || start (&inhibit, ctl->arguments))
    g_main_loop_run (inhibit.loop);
  else
    inhibit.status = CTL_FAILED;
  g_bus_unwatch_name (owner);
  for (size_t i = 0; i < G_N_ELEMENTS (ends); i++)
    g_source_remove (ends[i]);
  g_main_loop_unref (inhibit.loop);
  return inhibit.status;
}
