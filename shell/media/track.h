/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * What a player says that it plays (the metadata of MPRIS), read as a stranger's: of at most so
 * many entries, with texts fit to be shown and no longer than there is room for. Entries of the
 * wrong type are as good as none.
 */

#include <glib.h>

#define INOS_TRACK_MAX_TEXT 300   /* bytes of each text */
#define INOS_TRACK_MAX_ENTRIES 64 /* that are looked at */
#define INOS_TRACK_MAX_ARTISTS 8
#define INOS_TRACK_MAX_URI 4096 /* bytes */

typedef struct {
  char *title, *artist, *album; /* never NULL once it was read */
  char *art;                    /* path of a file of this machine, or NULL */
  char *id;                     /* object path by which the player knows it, or NULL */
  gint64 length;                /* µs; 0: not known */
} InosTrack;

/* metadata: of type a{sv}, may be NULL. track: is cleared first. */
void inos_track_read (InosTrack *track, GVariant *metadata);
void inos_track_clear (InosTrack *track);
gboolean inos_track_equal (const InosTrack *a, const InosTrack *b);

/* The path of a "file:" URI of this machine; NULL for all else. Free with g_free(). */
char *inos_track_art_path (const char *uri);
