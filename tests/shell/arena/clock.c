/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * For ./dev bench shell: the page's inosClock() is the clock that the writer has, in ns. WebKit's
 * own is too coarse to see what is measured.
 */

#include <time.h>
#include <webkit/webkit-web-process-extension.h>

static double now (gpointer data)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void on_cleared (WebKitScriptWorld *world, WebKitWebPage *page, WebKitFrame *frame,
                        gpointer data)
{
  g_autoptr (JSCContext) context = webkit_frame_get_js_context (frame);
  g_autoptr (JSCValue) clock =
    jsc_value_new_function (context, "inosClock", G_CALLBACK (now), NULL, NULL, G_TYPE_DOUBLE, 0);

  jsc_context_set_value (context, "inosClock", clock);
}

G_MODULE_EXPORT void webkit_web_process_extension_initialize (WebKitWebProcessExtension *extension);

G_MODULE_EXPORT void webkit_web_process_extension_initialize (WebKitWebProcessExtension *extension)
{
  g_signal_connect (webkit_script_world_get_default(), "window-object-cleared",
                    G_CALLBACK (on_cleared), NULL);
}
