/*
 * A file at another process's root, read so that nobody who serves that root keeps the reader
 * waiting (decision 64).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

enum inos_root_distance {
  INOS_ROOT_NEAR,   /* the kernel answers from memory or from a disk of this machine */
  INOS_ROOT_FAR,    /* not known, or it may ask a program or another machine */
  INOS_ROOT_SERVED, /* a program answers (FUSE) */
};

/**
 * inos_root_distance:
 * @mountinfo: as /proc/PID/mountinfo has it, or its beginning
 * @mount: the number of a mount
 *
 * Returns: how far away its files are; %INOS_ROOT_FAR where the mount is not in the text
 */
enum inos_root_distance inos_root_distance (const char *mountinfo, int mount);

/**
 * inos_file_read:
 * @folder: an open folder
 * @name: what is in it; no link
 * @max: bytes
 * @size: (out): bytes that were read
 *
 * Returns: (nullable): what is in the file, @max bytes at most, and a zero. %NULL with errno; EFBIG
 * where it is longer, or no file.
 */
char *inos_file_read (int folder, const char *name, gsize max, gsize *size);

/**
 * inos_root_file_read:
 * @process: an open /proc/PID
 * @root: the "root" in it, opened with O_PATH
 *
 * As inos_file_read(), of @root, but it comes back within two seconds whatever the file system
 * does, and at once where this process has waited for such ones for longer than it should (see
 * patience.h); one of FUSE it asks nothing at all. Thread-safe.
 *
 * Returns: (nullable): %NULL with errno; EREMOTE for a root, or a file, that a program serves,
 * ETIMEDOUT for one that does not answer, EBUSY for one that was not waited for
 */
char *inos_root_file_read (int process, int root, const char *name, gsize max, gsize *size);
