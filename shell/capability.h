/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What one page may ask of the host. A page's file is CAPABILITIES/PAGE.json:
 *
 *     { "page": "panel", "commands": ["hello", "ready", "workspace.switch"] }
 *
 * Nothing declared, nothing allowed: without a readable file every command is refused.
 */

#include <glib.h>

typedef struct InosCapability InosCapability;

#define INOS_CAPABILITY_ERROR (inos_capability_error_quark())
GQuark inos_capability_error_quark (void);

/* Allows nothing. */
InosCapability *inos_capability_new_empty (const char *page);
/* NULL and error where the text is not a capability file of that page. */
InosCapability *inos_capability_parse (const char *page, const char *text, gssize length,
                                       GError **error);
/* As above, from DIRECTORY/PAGE.json. */
InosCapability *inos_capability_load (const char *directory, const char *page, GError **error);
void inos_capability_free (InosCapability *self); /* self may be NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InosCapability, inos_capability_free)

const char *inos_capability_get_page (const InosCapability *self);
gboolean inos_capability_allows (const InosCapability *self, const char *command);
