/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "asker.h"

#include "../notify/text.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PATH_MOST = 512, COMMAND_MOST = 300, APP_MOST = 255, READ_MOST = 4096 };

char *inos_polkit_clean (const char *text, gsize max_bytes)
{
  /* No character has more than four bytes, and those that are taken out are few: what lies far
   * behind the end is not looked at. */
  g_autofree char *start = g_strndup (text ? text : "", 8 * max_bytes);
  g_autofree char *valid = g_utf8_make_valid (start, -1);

  return inos_text_clean (valid, max_bytes, FALSE);
}

/* The file's first bytes, its zeros made blanks; "" where it cannot be read. */
static char *read_start (const char *path)
{
  char *bytes = g_malloc0 (READ_MOST + 1);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gssize length = fd < 0 ? 0 : read (fd, bytes, READ_MOST);

  if (fd >= 0)
    close (fd);
  for (gssize i = 0; i < length; i++)
    if (bytes[i] == '\0')
      bytes[i] = ' ';
  return bytes;
}

/* Another person's program does not let itself be looked at, but its name. */
static char *find_program (pid_t pid)
{
  g_autofree char *link = g_strdup_printf ("/proc/%d/exe", (int)pid);
  g_autofree char *comm = g_strdup_printf ("/proc/%d/comm", (int)pid);
  g_autofree char *path = g_file_read_link (link, NULL);

  return path ? g_steal_pointer (&path) : read_start (comm);
}

/* Whether a program answers for what that process has as its root or its .flatpak-info (FUSE): it
 * may take as long as it likes. A line is "ID PARENT DEVICE ROOT PLACE OPTIONS … - TYPE SOURCE
 * OPTIONS". */
static gboolean is_answered_for (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/mountinfo", (int)pid), *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return TRUE;
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++) {
    g_auto (GStrv) words = g_strsplit (*line, " ", 6);
    const char *type = strstr (*line, " - ");

    if (g_strv_length (words) == 6 && type && g_str_has_prefix (type + 3, "fuse") &&
        (g_str_equal (words[4], "/") || g_str_equal (words[4], "/.flatpak-info")))
      return TRUE;
  }
  return FALSE;
}

/* What Flatpak lays into a sandbox, where its application cannot change it. Whoever makes a root of
 * their own can lay there what they like: it is shown beside the program, not in its place. */
static char *find_app (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/root/.flatpak-info", (int)pid);
  g_autofree char *text = is_answered_for (pid) ? g_strdup ("") : read_start (path);
  g_autoptr (GKeyFile) file = g_key_file_new();

  if (*text == '\0' ||
      !g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, NULL))
    return NULL;
  return g_key_file_get_string (file, "Application", "name", NULL);
}

static void add (GVariantDict *dict, const char *name, const char *text, gsize most)
{
  g_autofree char *clean = inos_polkit_clean (text, most);

  g_variant_dict_insert (dict, name, "s", clean);
}

void inos_polkit_add_asker (GVariantDict *dict, pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/cmdline", (int)pid);
  g_autofree char *program = pid > 0 ? find_program (pid) : NULL;
  g_autofree char *command = pid > 0 ? read_start (path) : NULL;
  g_autofree char *app = pid > 0 ? find_app (pid) : NULL;

  add (dict, "program", program, PATH_MOST);
  add (dict, "command", command, COMMAND_MOST);
  add (dict, "app", app, APP_MOST);
  g_variant_dict_insert (dict, "pid", "u", pid > 0 ? (guint32)pid : 0);
}
