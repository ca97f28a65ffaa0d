/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * A window of an application: a page, its size, and the way it is closed. The page is asked first:
 * it gets the state "closing", a number that grows, and says "window.close" when it agrees.
 */

#include "../page.h"
#include "app.h"

InosAppWindow *inos_app_window_create (InosApp *app, const InosAppKind *kind,
                                       GtkApplication *application, InosWeb *web,
                                       const InosCapability *capability, GFile *file);
/* Called by the window's end. */
typedef void (*InosAppWindowFunc) (InosAppWindow *window, gpointer data);
void inos_app_window_on_closed (InosAppWindow *self, InosAppWindowFunc closed, gpointer data);

/* Whose page a request is of; NULL where there is none. */
InosAppWindow *inos_app_window_of_view (WebKitWebView *view);

InosApp *inos_app_window_get_app (InosAppWindow *self);
gpointer inos_app_window_get_part (InosAppWindow *self);
InosPage *inos_app_window_get_page (InosAppWindow *self);
GtkWindow *inos_app_window_get_window (InosAppWindow *self);
/* Transfer full; the page listens from then on. */
JsonNode *inos_app_window_greet (InosAppWindow *self);
/* Closes it, without asking. */
void inos_app_window_close (InosAppWindow *self);
