/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/*
 * Small pictures of files, made in a few threads within bounds, or taken from the cache that
 * programs share (freedesktop.org's thumbnails). Each goes to the page under a number in thumbs.
 */

#include "../reply.h"
#include "../thumbs.h"

#include <gio/gio.h>

typedef struct InosFileThumbs InosFileThumbs;

InosFileThumbs *inos_file_thumbs_create (InosThumbs *thumbs);
/* What is being made goes nowhere. */
void inos_file_thumbs_destroy (InosFileThumbs *self);

/* Answers the number of one, or 0 where there is none. */
void inos_file_thumbs_make (InosFileThumbs *self, GFile *file, InosReply *reply);

/* PNG of at most INOS_FILE_THUMB_SIDE; NULL where it is no picture, or too large. Any thread. */
#define INOS_FILE_THUMB_SIDE 192
GBytes *inos_file_thumb_read (const char *path, GCancellable *cancellable);
