/*
 * A file that follows what is in memory: each time something has changed it is written anew, whole,
 * by a thread that may wait for the disk, while the mesh's thread goes on. Changes that come while
 * it is being written are written together afterwards.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>

struct inos_keep;

/* (transfer full): all that the file is to have, now. */
typedef GBytes *(*inos_keep_content) (void *data);
/* What was there when inos_keep_write() was called is on the disk; @error (nullable): or is not. */
typedef void (*inos_keep_done) (void *data, const GError *error);

/** inos_keep_new: for the file @name of the directory @dir, a descriptor that outlives it. On the
 * thread whose default context is @context. */
struct inos_keep *inos_keep_new (GMainContext *context, int dir, const char *name,
                                 inos_keep_content content, void *data);
/** inos_keep_write: calls @done, once, later. */
void inos_keep_write (struct inos_keep *keep, inos_keep_done done, void *data);
/** inos_keep_soon: has it written within @ms. */
void inos_keep_soon (struct inos_keep *keep, unsigned ms);
/**
 * inos_keep_free: what is being written, waits to be, or has time is written first, for which it
 * runs the context. Takes NULL.
 */
void inos_keep_free (struct inos_keep *keep);
