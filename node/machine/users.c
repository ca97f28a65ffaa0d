/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/machine/users.h"

#include <pwd.h>

#define USERS_MAX 4096u
#define ENTRY_MAX 16384

GHashTable *inos_users_new (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

static char *look_up (uint32_t uid)
{
  g_autofree char *buffer = g_malloc (ENTRY_MAX);
  struct passwd entry, *found = NULL;

  if (getpwuid_r ((uid_t)uid, &entry, buffer, ENTRY_MAX, &found) == 0 && found)
    return g_utf8_make_valid (found->pw_name, -1);
  return g_strdup_printf ("%u", uid);
}

const char *inos_users_name (GHashTable *users, uint32_t uid)
{
  char *name = g_hash_table_lookup (users, GUINT_TO_POINTER (uid));

  if (name)
    return name;
  if (g_hash_table_size (users) >= USERS_MAX)
    g_hash_table_remove_all (users);
  name = look_up (uid);
  g_hash_table_insert (users, GUINT_TO_POINTER (uid), name);
  return name;
}
