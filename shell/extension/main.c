/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-web-process"

/*
 * What Inos adds to WebKit's web process: the node's arena.
 */

#include "page_arena.h"

static void on_page_created (WebKitWebProcessExtension *extension, WebKitWebPage *page,
                             gpointer data)
{
  inos_page_arena_attach (page);
}

G_MODULE_EXPORT void webkit_web_process_extension_initialize (WebKitWebProcessExtension *extension);

G_MODULE_EXPORT void webkit_web_process_extension_initialize (WebKitWebProcessExtension *extension)
{
  g_signal_connect (extension, "page-created", G_CALLBACK (on_page_created), NULL);
}
