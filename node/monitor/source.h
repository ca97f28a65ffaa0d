/*
 * A file of /proc or /sys that stays open and is read again and again, and directories listed
 * without a heap.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/monitor/scan.h"

/**
 * inos_source_open:
 * @root: descriptor of a directory, such as that of /proc
 * @path: a path below it
 *
 * Returns: a descriptor for inos_source_read(), or -1 where there is no such file.
 */
int inos_source_open (int root, const char *path);

/**
 * inos_source_read:
 * @fd: of inos_source_open(); -1 reads as nothing
 * @buffer: where the text goes
 * @size: room there; a longer file is cut
 * @text: (out): what was read
 *
 * Returns: whether there is any text.
 */
bool inos_source_read (int fd, char *buffer, size_t size, struct inos_scan *text);

/** inos_source_read_once: opens, reads and closes; see inos_source_read(). */
bool inos_source_read_once (int root, const char *path, char *buffer, size_t size,
                            struct inos_scan *text);

/** inos_source_close: closes *@fd where it is open, and makes it -1. */
void inos_source_close (int *fd);

/**
 * inos_dir_each:
 * @root: descriptor of a directory
 * @path: a directory below it
 * @each: called with each name but "." and ".."; false ends it
 * @data: for @each
 */
void inos_dir_each (int root, const char *path, bool (*each) (const char *name, void *data),
                    void *data);
