/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The menu of a status notifier item as com.canonical.dbusmenu lays it out, read as a stranger's:
 * so deep, so many entries, texts fit to be shown. What is invisible is left out.
 */

#include <json-glib/json-glib.h>

#define INOS_LAYOUT_MAX_DEPTH 5
#define INOS_LAYOUT_MAX_ENTRIES 256 /* of all menus of an item together */
#define INOS_LAYOUT_MAX_LABEL 160   /* bytes */

#define INOS_LAYOUT_TYPE "(ia{sv}av)"

/* The entries below the root as an array; see lib/tray.ts. layout: of type INOS_LAYOUT_TYPE.
 * Transfer full. */
JsonNode *inos_layout_read (GVariant *layout);
/* A label without the mark of its access key: "_Open" is "Open", "a__b" is "a_b". Free with
 * g_free(). */
char *inos_layout_label (const char *label);
