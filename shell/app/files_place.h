/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Where a person can go: the home, its folders, the trash, what is mounted, and the mesh's storage,
 * which is a place with nothing in it yet.
 */

#include <gio/gio.h>
#include <json-glib/json-glib.h>

typedef struct InosPlaces InosPlaces;

/* changed: inos_places_describe() says something else. */
InosPlaces *inos_places_create (void (*changed) (gpointer data), gpointer data);
void inos_places_destroy (InosPlaces *self);

/* [{"place", "name", "icon"}]; transfer full. */
JsonNode *inos_places_describe (InosPlaces *self);
/* The folder of one; NULL where there is none. Transfer full. */
GFile *inos_places_find (InosPlaces *self, const char *place);
/* The one that a folder is; NULL for none. Static, or until places change. */
const char *inos_places_name_of (InosPlaces *self, GFile *folder);

/* What a person has typed: whole, from ~ on, or from folder on; NULL and error where it is none. */
GFile *inos_place_take_path (const char *text, GFile *folder, GError **error);
/* The folders on the way to one, itself last; from the home on where it is inside. GFile. */
GPtrArray *inos_place_crumbs (GFile *folder);
/* As it is shown: a name, "Home", "Computer". */
char *inos_place_title (GFile *folder);
