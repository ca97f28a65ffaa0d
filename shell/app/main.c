/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

/*
 * inos-app: an application of the desktop, named by its id.
 */

#include "../web.h"
#include "app.h"
#include "inos-app-ui.h"
#include "inos-config.h"

#include <glib/gi18n.h>
#include <locale.h>

static int usage (void)
{
  g_printerr ("inos-app: %s\n", _ ("say which application: inos-app org.inos.Terminal, "
                                   "org.inos.NodeManager, org.inos.Settings, org.inos.Files, "
                                   "org.inos.Welcome"));
  return 2;
}

int main (int argc, char **argv)
{
  const InosAppKind *kind;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, INOS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  if (argc == 2 && g_str_equal (argv[1], "--version")) {
    g_print ("inos-app %s\n", INOS_VERSION);
    return 0;
  }
  kind = argc > 1 ? inos_app_find (argv[1]) : NULL;
  if (!kind)
    return usage();
  g_set_prgname (kind->id);
  inos_web_set_environment();
  gdk_set_allowed_backends ("wayland");
  inos_app_ui_register_resource();
  argv[1] = argv[0];
  return inos_app_run (kind, argc - 1, argv + 1);
}
