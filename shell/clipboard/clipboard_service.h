/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * org.inos.Shell1.Clipboard on the session bus.
 */

#include "clipboard.h"

#include <gio/gio.h>

typedef struct InosClipboardService InosClipboardService;

/* clipboard: belongs to the caller, and outlives this. */
InosClipboardService *inos_clipboard_service_create (GDBusConnection *bus,
                                                     InosClipboard *clipboard);
void inos_clipboard_service_destroy (InosClipboardService *self); /* self may be NULL */
/* inos_clipboard_describe() says something else. */
void inos_clipboard_service_update (InosClipboardService *self);
