/*
 * Opening what lies beneath a directory, and nothing else.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/**
 * inos_path_clean:
 * @path: a path
 *
 * Returns: (transfer full) (nullable): @path without `.` and double or final slashes; NULL where it
 * is not absolute or has `..` in it.
 */
char *inos_path_clean (const char *path);

/**
 * inos_path_below:
 * @path: a clean path
 * @prefix: another
 *
 * Returns: (transfer none) (nullable): what remains of @path below @prefix, "" where it is the
 * same; NULL where it is elsewhere.
 */
const char *inos_path_below (const char *path, const char *prefix);

/**
 * inos_open_beneath:
 * @dir: a descriptor of a directory
 * @path: a relative path without `..`
 * @flags: of open(); O_CLOEXEC is added
 * @walk: go step by step, as is done where the kernel has no openat2; for tests
 *
 * Follows no symbolic link and leaves no way out of @dir.
 *
 * Returns: a descriptor, or -1 with errno: ELOOP for a link, EXDEV for a way out.
 */
int inos_open_beneath (int dir, const char *path, int flags, mode_t mode, bool walk);
