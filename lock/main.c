/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inos-lock: locks the session and lets in whom PAM does. */
#include "app.h"
#include "inos-config.h"

#include <glib/gi18n.h>
#include <libintl.h>
#include <locale.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/prctl.h>

enum { FREED = 0x5a };

static int complain (const char *option)
{
  g_printerr (_ ("inos-lock: there is no option '%s'; see inos-lock --help\n"), option);
  return 2;
}

static void help (void)
{
  g_print (
    "%s",
    _ ("Usage: inos-lock\n"
       "\n"
       "Locks the session and shows the lock screen until somebody gives the password, a finger\n"
       "or what else PAM asks for. The compositor starts it when the session is to be locked;\n"
       "loginctl unlock-session ends it.\n"
       "\n"
       "  --help      this text\n"
       "  --version   the version\n"));
}

int main (int argc, char **argv)
{
  /* No core file and no debugger of the same person's. The compositor that made the connection
   * knows us; another one may look at /proc/PID/exe, which is hidden with the rest: there it is
   * done as soon as it has been asked for the lock. */
  if (g_getenv ("WAYLAND_SOCKET"))
    prctl (PR_SET_DUMPABLE, 0);
  /* Freed memory is overwritten: what it may have held of what was typed goes with it. */
  mallopt (M_PERTURB, FREED);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, INOS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc == 1)
    return inos_lock_run (INOS_LOCK_CHECKER);
  if (argc > 2 || (!g_str_equal (argv[1], "--help") && !g_str_equal (argv[1], "--version")))
    return complain (argv[argc > 2 ? 2 : 1]);
  if (g_str_equal (argv[1], "--help"))
    help();
  else
    g_print ("inos-lock %s\n", INOS_VERSION);
  return EXIT_SUCCESS;
}
