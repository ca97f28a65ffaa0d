/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal.h"
#include "session.h"

#include "inos-config.h"

#include <glib/gi18n.h>
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_OUTPUTS 16
#define MAX_SIDE 16384

static gboolean is_size (const char *text)
{
  char *rest = NULL;
  guint64 width = g_ascii_strtoull (text, &rest, 10);
  if (!g_ascii_isdigit (*text) || *rest != 'x' || !g_ascii_isdigit (rest[1]))
    return FALSE;
  guint64 height = g_ascii_strtoull (rest + 1, &rest, 10);
  return *rest == '\0' && width >= 1 && height >= 1 && width <= MAX_SIDE && height <= MAX_SIDE;
}

static gboolean are_valid (const struct inos_session_options *options)
{
  if (options->outputs < 0 || options->outputs > MAX_OUTPUTS) {
    g_printerr (_ ("inos-session: --outputs takes a number from 1 to %d\n"), MAX_OUTPUTS);
    return FALSE;
  }
  if (options->size != NULL && !is_size (options->size)) {
    g_printerr (_ ("inos-session: --size takes width and height such as 1280x800, not '%s'\n"),
                options->size);
    return FALSE;
  }
  return TRUE;
}

/* Exits for --help and --version; FALSE and a message for what cannot be understood. */
static gboolean parse (struct inos_session_options *options, int *argc, char ***argv)
{
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
    {"headless", 0, 0, G_OPTION_ARG_NONE, &options->headless,
     N_ ("Show the desktop on no screen, for tests and remote use"), NULL},
    {"outputs", 0, 0, G_OPTION_ARG_INT, &options->outputs,
     N_ ("How many outputs a headless or nested desktop has"), N_ ("N")},
    {"size", 0, 0, G_OPTION_ARG_STRING, &options->size, N_ ("The size of such an output"),
     N_ ("WxH")},
    {"config-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->config_directory,
     N_ ("Read settings from here instead of ~/.config"), N_ ("DIR")},
    {"safe", 0, 0, G_OPTION_ARG_NONE, &options->safe,
     N_ ("Start in safe mode: with the defaults in place of the person's own settings"), NULL},
    {"verbose", 'v', 0, G_OPTION_ARG_NONE, &options->verbose,
     N_ ("Show what the parts of the desktop log, also where this is no terminal"), NULL},
    {"components", 0, 0, G_OPTION_ARG_FILENAME, &options->components,
     N_ ("For development: start what this key file lists instead of the desktop"), N_ ("FILE")},
    {"rescue", 0, 0, G_OPTION_ARG_FILENAME, &options->rescue,
     N_ ("For development: the program that shows which part has failed"), N_ ("PROGRAM")},
    {"version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Show the version"), NULL},
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (_ ("[-- CMD…]"));
  g_option_context_set_summary (
    context, _ ("Starts the Inos desktop, keeps its parts running, and ends all of it.\n"
                "With CMD, runs that in the desktop and ends with it, with its status."));
  g_option_context_set_description (
    context, _ ("Exit status: 0 after a log-out, 1 when the compositor or the bus died, 2 for a "
                "wrong option;\nwith CMD its status, 128 and the signal that ended it, or 70 "
                "when the desktop did not start.\n"
                "Logs are in $XDG_STATE_HOME/inos, or in the journal under systemd."));
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, argc, argv, &error)) {
    g_printerr ("inos-session: %s\n", error->message);
    return FALSE;
  }
  if (version) {
    printf ("inos-session %s\n", INOS_VERSION);
    exit (EXIT_SUCCESS);
  }
  return are_valid (options);
}

int main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, INOS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  inos_journal_install();

  struct inos_session_options options = {0};
  int status = 2;
  if (parse (&options, &argc, &argv)) {
    char **rest = argv + 1;
    if (*rest != NULL && g_str_equal (*rest, "--"))
      rest++;
    options.command = *rest != NULL ? rest : NULL;
    status = inos_session_run (&options);
  }
  g_free (options.size);
  g_free (options.config_directory);
  g_free (options.components);
  g_free (options.rescue);
  return status;
}
