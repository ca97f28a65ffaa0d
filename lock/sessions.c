/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sessions.h"

#include <string.h>

#define GROUP G_KEY_FILE_DESKTOP_GROUP
#define SUFFIX ".desktop"

static void entry_free (void *data)
{
  struct inos_session_entry *entry = data;
  g_free (entry->id);
  g_free (entry->name);
  g_free (entry->exec);
  g_free (entry->desktops);
  g_free (entry);
}

/* It becomes a part of a path, and is written to a file. */
static gboolean is_id (const char *id)
{
  return id[0] != '\0' && id[0] != '.' && strlen (id) <= INOS_SESSION_ID_MAX &&
         strspn (id, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "._+-") == strlen (id);
}

static gboolean is_installed (GKeyFile *file)
{
  g_autofree char *program = g_key_file_get_string (file, GROUP, "TryExec", NULL);
  g_autofree char *path = program != NULL ? g_find_program_in_path (program) : NULL;
  return program == NULL || path != NULL;
}

/* "GNOME-Classic;GNOME;" as "GNOME-Classic:GNOME". */
static char *read_desktops (GKeyFile *file, const char *id)
{
  g_auto (GStrv) names = g_key_file_get_string_list (file, GROUP, "DesktopNames", NULL, NULL);
  return names != NULL && names[0] != NULL ? g_strjoinv (":", names) : g_strdup (id);
}

/* NULL for what is no session, or is not to be shown. */
static struct inos_session_entry *read_entry (const char *folder, const char *id)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autofree char *name = g_strconcat (id, SUFFIX, NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL) || !is_installed (file) ||
      g_key_file_get_boolean (file, GROUP, "Hidden", NULL) ||
      g_key_file_get_boolean (file, GROUP, "NoDisplay", NULL))
    return NULL;
  g_autofree char *exec = g_key_file_get_string (file, GROUP, "Exec", NULL);
  char *title = g_key_file_get_locale_string (file, GROUP, "Name", NULL, NULL);
  if (exec == NULL || title == NULL) {
    g_free (title);
    return NULL;
  }
  struct inos_session_entry *entry = g_new0 (struct inos_session_entry, 1);
  *entry = (struct inos_session_entry){.id = g_strdup (id),
                                       .name = title,
                                       .exec = g_steal_pointer (&exec),
                                       .desktops = read_desktops (file, id)};
  return entry;
}

/* The first folder's is the one that counts, also where it says that there shall be none. */
static void read_folder (const char *folder, GHashTable *seen, GPtrArray *entries)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  while (dir != NULL && entries->len < INOS_SESSIONS_MOST && (name = g_dir_read_name (dir))) {
    if (!g_str_has_suffix (name, SUFFIX))
      continue;
    g_autofree char *id = g_strndup (name, strlen (name) - strlen (SUFFIX));
    if (!is_id (id) || !g_hash_table_add (seen, g_strdup (id)))
      continue;
    struct inos_session_entry *entry = read_entry (folder, id);
    if (entry != NULL)
      g_ptr_array_add (entries, entry);
  }
}

static int compare (const void *a, const void *b)
{
  const struct inos_session_entry *one = *(struct inos_session_entry *const *)a;
  const struct inos_session_entry *other = *(struct inos_session_entry *const *)b;
  int own = g_str_equal (other->id, INOS_SESSION_OWN) - g_str_equal (one->id, INOS_SESSION_OWN);
  int name = own != 0 ? own : g_utf8_collate (one->name, other->name);
  return name != 0 ? name : strcmp (one->id, other->id);
}

GPtrArray *inos_sessions_list (void)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func (entry_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (const char *const *top = g_get_system_data_dirs(); *top != NULL; top++) {
    g_autofree char *folder = g_build_filename (*top, "wayland-sessions", NULL);
    read_folder (folder, seen, entries);
  }
  g_ptr_array_sort (entries, compare);
  return entries;
}

char *inos_session_last (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "session", NULL), *id = NULL;
  if (!g_file_get_contents (path, &id, NULL, NULL))
    return NULL;
  g_strstrip (id);
  return is_id (id) ? g_steal_pointer (&id) : NULL;
}

GPtrArray *inos_sessions_offer (const char *folder, guint *chosen)
{
  g_autofree char *last = inos_session_last (folder);
  GPtrArray *entries = inos_sessions_list();
  *chosen = 0;
  if (entries->len < 2)
    g_clear_pointer (&entries, g_ptr_array_unref);
  for (guint i = 0; entries && last && i < entries->len; i++) {
    const struct inos_session_entry *entry = g_ptr_array_index (entries, i);
    if (g_str_equal (entry->id, last))
      *chosen = i;
  }
  return entries;
}
