/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A home of its own for tests of Files: paths are below it, and its trash is in data/Trash. */

#include "app/files_disk.h"

#include "test.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *root;

static inline GFile *at (const char *path)
{
  return g_file_new_build_filename (root, path, NULL);
}

/* Not by way of another name, which may be too long. */
static inline void write_plainly (GFile *file, const char *text)
{
  int fd = open (g_file_peek_path (file), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  assert_true (fd >= 0);
  assert_int_equal (write (fd, text, strlen (text)), strlen (text));
  assert_int_equal (close (fd), 0);
}

static inline void make (const char *path, const char *text)
{
  g_autoptr (GFile) file = at (path);
  g_autoptr (GFile) folder = g_file_get_parent (file);

  g_mkdir_with_parents (g_file_peek_path (folder), 0700);
  if (text)
    write_plainly (file, text);
  else
    assert_int_equal (g_mkdir_with_parents (g_file_peek_path (file), 0700), 0);
}

static inline void assert_text (const char *path, const char *text)
{
  g_autoptr (GFile) file = at (path);
  g_autofree char *found = NULL;

  assert_true (g_file_get_contents (g_file_peek_path (file), &found, NULL, NULL));
  assert_string_equal (found, text);
}

static inline gboolean is_there (const char *path)
{
  g_autoptr (GFile) file = at (path);

  return inos_disk_exists (file);
}

static inline void assert_no_drafts (const char *path)
{
  g_autoptr (GFile) folder = at (path);
  g_autoptr (GDir) dir = g_dir_open (g_file_peek_path (folder), 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    assert_false (g_str_has_prefix (name, ".inos-"));
}

static inline void tree_begin (void)
{
  g_autofree char *data = NULL;

  root = g_dir_make_tmp ("inos-files-XXXXXX", NULL);
  data = g_build_filename (root, "data", NULL);
  g_setenv ("XDG_DATA_HOME", data, TRUE);
  g_setenv ("XDG_CACHE_HOME", data, TRUE);
  /* Its disk is that of the trash. */
  g_setenv ("HOME", root, TRUE);
}

static inline void tree_end (void)
{
  g_autoptr (GFile) folder = g_file_new_for_path (root);

  inos_disk_delete (folder, NULL, NULL);
  g_free (root);
}
