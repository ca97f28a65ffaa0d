/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Light or dark, accent, contrast and motion, from the settings every desktop shares. Dark and
 * motion reach the pages through GTK's settings, which WebKit follows; accent and contrast are told
 * to them.
 */

#include <json-glib/json-glib.h>

typedef struct InosAppearance InosAppearance;

/* changed is called when what inos_appearance_describe() says changes. */
InosAppearance *inos_appearance_create (void (*changed) (gpointer data), gpointer data);
void inos_appearance_destroy (InosAppearance *self); /* self may be NULL */
/* {"dark", "highContrast", "reader", "accent"}: "reader" where a screen reader is on. */
JsonNode *inos_appearance_describe (InosAppearance *self);
