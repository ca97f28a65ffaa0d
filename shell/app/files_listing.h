/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * The files that a view shows, read in batches, looked after by a monitor, each with a number; and
 * what of them has changed since the page fetched it last.
 */

#include "files_view.h"

/* Rows of one folder. */
#define INOS_LISTING_MOST 100000

typedef struct InosListing InosListing;

InosListing *inos_listing_create (guint *last_id, void (*news) (gpointer data), gpointer data);
void inos_listing_destroy (InosListing *self);

/* All that was shown goes. select: the row of this one says so; may be NULL. */
void inos_listing_read_folder (InosListing *self, GFile *folder, GFile *select);
void inos_listing_search (InosListing *self, GFile *folder, const char *text);
void inos_listing_read_trash (InosListing *self);
void inos_listing_clear (InosListing *self);
/* The same once more, soon: only what differs is news. */
void inos_listing_read_again (InosListing *self);
/* FALSE where nothing was read yet. */
gboolean inos_listing_is_used (const InosListing *self);

JsonNode *inos_listing_fetch (InosListing *self);
InosItem *inos_listing_find (InosListing *self, guint id);
gboolean inos_listing_has (InosListing *self, GFile *file);
guint inos_listing_expect (InosListing *self, GFile *file);
void inos_listing_touch (InosListing *self, GFile *file);
