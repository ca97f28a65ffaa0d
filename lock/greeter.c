/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inos-greeter: asks who is there before there is a session; `inos-compositor --greeter` starts it.
 */
#include "app.h"
#include "inos-config.h"

#include <glib/gi18n.h>
#include <libintl.h>
#include <locale.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/prctl.h>

enum { FREED = 0x5a };

int main (int argc, char **argv)
{
  /* As inos-lock: no core file, no debugger, and freed memory is overwritten. */
  prctl (PR_SET_DUMPABLE, 0);
  mallopt (M_PERTURB, FREED);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, INOS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  bool asks_all = argc == 2 && g_str_equal (argv[1], "--no-people");
  if (argc == 1 || asks_all)
    return inos_greeter_run (INOS_GREET, INOS_GREETER_STATE, !asks_all);
  if (argc == 2 && g_str_equal (argv[1], "--version")) {
    g_print ("inos-greeter %s\n", INOS_VERSION);
    return EXIT_SUCCESS;
  }
  if (argc == 2 && g_str_equal (argv[1], "--help")) {
    g_print (
      "%s",
      _ ("Usage: inos-greeter [--no-people]\n"
         "\n"
         "Asks who is there and for the password, and has greetd start that person's session.\n"
         "inos-compositor --greeter starts it, which greetd starts as its default session.\n"
         "\n"
         "  --no-people   offer nobody: all type their name\n"
         "  --help        this text\n"
         "  --version     the version\n"));
    return EXIT_SUCCESS;
  }
  g_printerr (_ ("inos-greeter: there is no option '%s'; see inos-greeter --help\n"),
              argv[argc > 2 ? 2 : 1]);
  return 2;
}
