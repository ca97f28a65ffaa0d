/*
 * Files that must be whole or not there at all, whenever the power goes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>
#include <stdbool.h>
#include <sys/types.h>

/* How the bytes are held until they have a name. */
enum inos_file_how {
  INOS_FILE_NAMELESS, /* O_TMPFILE, and INOS_FILE_NAMED where the file system has none */
  INOS_FILE_NAMED,    /* a hidden file with a random name beside it */
};

/**
 * inos_dir_private:
 * @path: a directory, made with its parents where there is none
 * @error: why not
 *
 * Opens a directory that only its owner may enter. One of ours that lets others in is closed to
 * them with a warning; one of somebody else's is refused.
 *
 * Returns: a descriptor of the directory, or -1.
 */
int inos_dir_private (const char *path, GError **error);

/**
 * inos_file_create_once:
 * @dir: descriptor of a directory
 * @name: a file's name in it
 * @data: all of its content
 * @len: how much
 * @how: how to go about it
 * @error: why not; %G_IO_ERROR_EXISTS where the name is taken
 *
 * Makes a file of mode 0600 that appears with all of its content, and is on the disk when this
 * returns. It never replaces a file that is there.
 *
 * Returns: whether it is done.
 */
bool inos_file_create_once (int dir, const char *name, const void *data, size_t len,
                            enum inos_file_how how, GError **error);

/**
 * inos_file_replace: the same, in place of what is there.
 *
 * Whenever the power goes, the file has all of the content before or all of the new one, and the
 * new one when this has returned true.
 */
bool inos_file_replace (int dir, const char *name, const void *data, size_t len, GError **error);

/**
 * inos_file_read_private:
 * @dir: descriptor of a directory
 * @name: a file's name in it
 * @data: (out): where its content goes
 * @size: room there
 * @len: (out): bytes read, @size + 1 where the file is larger
 * @error: why not; %G_IO_ERROR_NOT_FOUND where there is none
 *
 * Reads a small secret file without a copy in between. Refuses what is not a regular file of ours;
 * takes other users' access away with a warning.
 */
bool inos_file_read_private (int dir, const char *name, void *data, size_t size, size_t *len,
                             GError **error);

/**
 * inos_write_all:
 * @fd: a blocking descriptor
 * @data: bytes
 * @len: how many
 *
 * Returns: whether all were written; else errno says why not.
 */
bool inos_write_all (int fd, const void *data, size_t len);
