/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "style.h"

#include <gtk/gtk.h>

void inos_style_add (const char *css, gboolean *added)
{
  g_autoptr (GtkCssProvider) provider = NULL;

  if (*added)
    return;
  *added = TRUE;
  provider = gtk_css_provider_new();
  gtk_css_provider_load_from_string (provider, css);
  gtk_style_context_add_provider_for_display (gdk_display_get_default(),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}
