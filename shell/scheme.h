/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The inos: URI scheme. Pages live at inos://shell/PAGE.html and see these things there:
 *
 *     inos://shell/panel.js              a file of the program's GResource
 *     inos://shell/icon/foot?size=48     an icon of the theme, or of an application (ID.desktop)
 *
 *     inos://shell/picture/7             a picture that its host has under a number, as PNG
 *     inos://shell/stream/7              the next bytes of a stream that its host has for it
 *
 * All else is 404. Nothing is ever read from a path that a page names. A page that has streams may
 * fetch them, and nothing else; one that has none may fetch nothing.
 */

#include <webkit/webkit.h>

#define INOS_SCHEME "inos"
#define INOS_SCHEME_ORIGIN "inos://shell/"

typedef enum {
  INOS_SCHEME_NOT_FOUND,
  INOS_SCHEME_RESOURCE,
  INOS_SCHEME_ICON,
  INOS_SCHEME_PICTURE,
  INOS_SCHEME_STREAM,
} InosSchemeKind;

typedef struct {
  InosSchemeKind kind;
  char *name; /* the resource's path, or the icon's name; NULL where not found */
  int size;   /* of an icon, 16 to 256 */
  guint64 id; /* of a picture or a stream */
} InosSchemeTarget;

void inos_scheme_target_clear (InosSchemeTarget *target);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (InosSchemeTarget, inos_scheme_target_clear)

/* What a URI means. Looks at nothing but the text. */
InosSchemeTarget inos_scheme_resolve (const char *uri);

/* A page asks for the next bytes of a stream: answer with inos_scheme_answer(), now or later. What
 * is asked for only when the last was taken comes no faster than it is taken. */
typedef void (*InosStreamFunc) (WebKitURISchemeRequest *request, guint64 id, gpointer data);

/* PNG, transfer full; NULL where there is none of that number. */
typedef GBytes *(*InosPictureFunc) (guint64 id, gpointer data);

typedef struct InosScheme InosScheme;

/* Makes the context answer inos: addresses, and owns what is returned. streams may be NULL: there
 * are none. */
InosScheme *inos_scheme_register (WebKitWebContext *context, InosStreamFunc streams, gpointer data);
/* Without it there are no pictures. pictures may be NULL. */
void inos_scheme_set_pictures (InosScheme *self, InosPictureFunc pictures, gpointer data);

/* bytes may be NULL: there is no such stream, or no more of it. */
void inos_scheme_answer (WebKitURISchemeRequest *request, GBytes *bytes);
