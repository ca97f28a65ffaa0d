/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The inos: URI scheme. Pages live at inos://shell/PAGE.html and see two kinds of things there:
 *
 *     inos://shell/panel.js              a file of the program's GResource
 *     inos://shell/icon/foot?size=48     an icon of the theme, or of an application (ID.desktop)
 *
 * All else is 404. Nothing is ever read from a path that a page names.
 */

#include <webkit/webkit.h>

#define INOS_SCHEME "inos"
#define INOS_SCHEME_ORIGIN "inos://shell/"

typedef enum {
  INOS_SCHEME_NOT_FOUND,
  INOS_SCHEME_RESOURCE,
  INOS_SCHEME_ICON,
} InosSchemeKind;

typedef struct {
  InosSchemeKind kind;
  char *name; /* the resource's path, or the icon's name; NULL where not found */
  int size;   /* of an icon, 16 to 256 */
} InosSchemeTarget;

void inos_scheme_target_clear (InosSchemeTarget *target);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InosSchemeTarget, inos_scheme_target_clear)

/* What a URI means. Looks at nothing but the text. */
InosSchemeTarget inos_scheme_resolve (const char *uri);

/* Makes the context answer inos: addresses. */
void inos_scheme_register (WebKitWebContext *context);
