/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "inos-app"

#include "terminal_layouts.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#define FOLDER "terminal-windows"
#define WINDOWS_MAX 64       /* that are remembered */
#define TEXT_MAX (16 * 1024) /* bytes, as the page may send */

struct InosTerminalLayout {
  guint number; /* of its file; 0: there are too many, it has none */
  char *path;
};

static guint64 taken; /* a bit for each number that a window of this process has */

static char *path_of (guint number)
{
  g_autofree char *name = g_strdup_printf ("%u.json", number);

  return g_build_filename (g_get_user_runtime_dir(), "inos", FOLDER, name, NULL);
}

/* NULL where there is none, or none that a page can have sent. */
static char *read_file (const char *path)
{
  GStatBuf status;
  char *text = NULL;

  if (g_stat (path, &status) < 0 || status.st_size > TEXT_MAX ||
      !g_file_get_contents (path, &text, NULL, NULL))
    return NULL;
  if (g_utf8_validate (text, -1, NULL))
    return text;
  g_free (text);
  return NULL;
}

/* A number whose file is left, else one without a file; 0 where all are taken. */
static guint find_number (gboolean left)
{
  for (guint number = 1; number <= WINDOWS_MAX; number++) {
    g_autofree char *path = path_of (number);
    if (!(taken & G_GUINT64_CONSTANT (1) << (number - 1)) &&
        g_file_test (path, G_FILE_TEST_EXISTS) == left)
      return number;
  }
  return 0;
}

InosTerminalLayout *inos_terminal_layout_create (char **had)
{
  InosTerminalLayout *layout = g_new0 (InosTerminalLayout, 1);

  layout->number = find_number (TRUE);
  if (!layout->number)
    layout->number = find_number (FALSE);
  if (layout->number) {
    taken |= G_GUINT64_CONSTANT (1) << (layout->number - 1);
    layout->path = path_of (layout->number);
  }
  *had = layout->path ? read_file (layout->path) : NULL;
  if (!*had)
    *had = g_strdup ("");
  return layout;
}

void inos_terminal_layout_destroy (InosTerminalLayout *layout)
{
  if (layout->number) {
    taken &= ~(G_GUINT64_CONSTANT (1) << (layout->number - 1));
    g_unlink (layout->path);
  }
  g_free (layout->path);
  g_free (layout);
}

void inos_terminal_layout_set (InosTerminalLayout *layout, const char *text)
{
  g_autofree char *folder = layout->path ? g_path_get_dirname (layout->path) : NULL;
  g_autoptr (GError) error = NULL;

  if (!folder)
    return;
  g_mkdir_with_parents (folder, 0700);
  if (!g_file_set_contents_full (layout->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 &error))
    g_debug ("a window is not remembered: %s", error->message);
}
