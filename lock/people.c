/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "people.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

enum {
  LEAST = 1000, /* where login.defs says nothing */
  LARGEST = 60000,
  LINES = 100000,     /* of a file; what comes behind counts for nothing */
  NAME_LONGEST = 256, /* bytes, as inos-greet takes them */
  TITLE_LONGEST = 80, /* characters */
};

static void person_free (void *data)
{
  struct inos_person *person = data;
  g_free (person->account);
  g_free (person->title);
  g_free (person);
}

/* A number of login.defs: "UID_MIN  1000". The last one counts, as for those who make accounts. */
static guint64 defined (const char *text, const char *name, guint64 otherwise)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", LINES);
  for (char **line = lines; *line != NULL; line++) {
    g_strstrip (*line);
    gsize length = strlen (name);
    guint64 number;
    if (strncmp (*line, name, length) == 0 && g_ascii_isspace ((*line)[length]) &&
        g_ascii_string_to_unsigned (g_strchug (*line + length), 10, 0, G_MAXUINT32, &number, NULL))
      otherwise = number;
  }
  return otherwise;
}

/* Not one that only says that nobody is let in; none at all is sh. */
static gboolean is_login_shell (const char *shell)
{
  const char *slash = strrchr (shell, '/');
  const char *name = slash != NULL ? slash + 1 : shell;
  return !g_str_equal (name, "nologin") && !g_str_equal (name, "false");
}

/* What anybody may write there of themselves: one line, not too long, else the account. */
static char *title_of (const struct passwd *entry)
{
  g_autofree char *title = g_strdup (entry->pw_gecos != NULL ? entry->pw_gecos : "");
  title[strcspn (title, ",")] = '\0';
  if (!g_utf8_validate (title, -1, NULL))
    return g_strdup (entry->pw_name);
  g_autoptr (GString) clean = g_string_new (NULL);
  glong count = 0;
  for (const char *at = title; *at != '\0' && count < TITLE_LONGEST; at = g_utf8_next_char (at)) {
    gunichar character = g_utf8_get_char (at);
    if (!g_unichar_isprint (character))
      continue; /* also marks that turn the direction of what follows */
    g_string_append_unichar (clean, character);
    count++;
  }
  g_strstrip (clean->str);
  return g_strdup (clean->str[0] != '\0' ? clean->str : entry->pw_name);
}

static gboolean is_person (const struct passwd *entry, guint64 least, guint64 largest)
{
  return entry->pw_uid >= least && entry->pw_uid <= largest && entry->pw_name[0] != '\0' &&
         strlen (entry->pw_name) <= NAME_LONGEST && g_utf8_validate (entry->pw_name, -1, NULL) &&
         is_login_shell (entry->pw_shell != NULL ? entry->pw_shell : "");
}

static int compare (const void *a, const void *b)
{
  const struct inos_person *one = *(struct inos_person *const *)a;
  const struct inos_person *other = *(struct inos_person *const *)b;
  g_autofree char *a_title = g_utf8_casefold (one->title, -1);
  g_autofree char *b_title = g_utf8_casefold (other->title, -1);
  int title = g_utf8_collate (a_title, b_title);
  return title != 0 ? title : strcmp (one->account, other->account);
}

GPtrArray *inos_people_read (const char *passwd, const char *login_defs)
{
  GPtrArray *people = g_ptr_array_new_with_free_func (person_free);
  g_autofree char *text = NULL;
  FILE *file = fopen (passwd, "re");
  if (file == NULL)
    return people;
  if (!g_file_get_contents (login_defs, &text, NULL, NULL))
    text = g_strdup ("");
  guint64 least = defined (text, "UID_MIN", LEAST), largest = defined (text, "UID_MAX", LARGEST);
  const struct passwd *entry;
  for (int n = 0; n < LINES && people->len <= INOS_PEOPLE_MOST && (entry = fgetpwent (file)); n++) {
    if (!is_person (entry, least, largest))
      continue;
    struct inos_person *person = g_new0 (struct inos_person, 1);
    *person = (struct inos_person){g_strdup (entry->pw_name), title_of (entry)};
    g_ptr_array_add (people, person);
  }
  fclose (file);
  if (people->len > INOS_PEOPLE_MOST)
    g_ptr_array_set_size (people, 0);
  g_ptr_array_sort (people, compare);
  return people;
}
