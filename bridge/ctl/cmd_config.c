/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inosctl config, and the schedule of the night light, which the settings' file keeps. */
#include "desk.h"
#include "desk_list.h"
#include "text.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

enum { FILE_MOST = 1 << 20 /* bytes of a file that is checked */ };

/* All that holds, defaults too; NULL, and the person is told, where that cannot be had. */
static GKeyFile *dump (struct ctl *ctl, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = desk_call (ctl, DESK_CONFIG, "Dump", NULL, &error);
  g_autoptr (GKeyFile) file = g_key_file_new();
  const char *text;
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(s)"))) {
    *status = desk_fail (ctl, error, _ ("cannot read the settings"));
    return NULL;
  }
  g_variant_get (reply, "(&s)", &text);
  if (g_key_file_load_from_data (file, text, (gsize)-1, G_KEY_FILE_NONE, &error))
    return g_steal_pointer (&file);
  *status = desk_fail (ctl, error, _ ("cannot read the settings"));
  return NULL;
}

static int print_all (struct ctl *ctl)
{
  int status = CTL_OK;
  g_autoptr (GKeyFile) file = dump (ctl, &status);
  if (file == NULL)
    return status;
  g_autofree char *text = g_key_file_to_data (file, NULL, NULL);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    g_autofree char *clean = ctl_text_clean (*line);
    if (line[1] != NULL || *clean != '\0')
      g_print ("%s\n", clean);
  }
  return CTL_OK;
}

static int get (struct ctl *ctl, const char *group, const char *key)
{
  int status = CTL_OK;
  g_autoptr (GKeyFile) file = dump (ctl, &status);
  g_autofree char *value = file != NULL ? g_key_file_get_value (file, group, key, NULL) : NULL;
  if (file == NULL)
    return status;
  if (value == NULL) {
    ctl_complain (_ ("nothing is said of [%s] %s: see 'inosctl config dump'"), group, key);
    return CTL_NO_OBJECT;
  }
  g_autofree char *clean = ctl_text_clean (value);
  g_print ("%s\n", clean);
  return CTL_OK;
}

/* What is to be changed at once. */
struct changes {
  GVariantBuilder rows;
};

static void changes_begin (struct changes *changes)
{
  g_variant_builder_init (&changes->rows, G_VARIANT_TYPE ("a(ssas)"));
}

/* value: NULL takes the key out of the file. */
static void changes_add (struct changes *changes, const char *group, const char *key,
                         const char *value)
{
  const char *const values[] = {value, NULL};
  g_variant_builder_add (&changes->rows, "(ss^as)", group, key, values);
}

static int changes_make (struct ctl *ctl, struct changes *changes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    desk_call (ctl, DESK_CONFIG, "Change", g_variant_new ("(a(ssas))", &changes->rows), &error);
  return reply != NULL ? CTL_OK : desk_fail (ctl, error, _ ("the settings stay as they are"));
}

static int change (struct ctl *ctl, const char *group, const char *key, const char *value)
{
  struct changes changes;
  changes_begin (&changes);
  changes_add (&changes, group, key, value);
  return changes_make (ctl, &changes);
}

/* name: of a file, or "-". */
static int check (struct ctl *ctl, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length;
  if (!g_file_get_contents (strcmp (name, "-") == 0 ? "/dev/stdin" : name, &text, &length,
                            &error)) {
    ctl_complain ("%s", error->message);
    return CTL_FAILED;
  }
  if (length > FILE_MOST || !g_utf8_validate (text, (gssize)length, NULL)) {
    ctl_complain (_ ("%s is no file of settings: it is too large or not UTF-8"), name);
    return CTL_FAILED;
  }
  g_autoptr (GVariant) reply =
    desk_call (ctl, DESK_CONFIG, "Check", g_variant_new ("(s)", text), &error);
  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(s)")))
    return desk_fail (ctl, error, _ ("cannot check the settings"));
  const char *wrong;
  g_variant_get (reply, "(&s)", &wrong);
  if (*wrong != '\0') {
    ctl_complain ("%s: %s", name, wrong);
    return CTL_FAILED;
  }
  g_print (_ ("All is well with %s\n"), name);
  return CTL_OK;
}

static bool is (const struct ctl *ctl, const char *verb, unsigned count)
{
  return desk_count (ctl) == count && strcmp (ctl->arguments[0], verb) == 0;
}

static int reload (struct ctl *ctl)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = desk_call (ctl, DESK_INPUT, "ReloadConfig", NULL, &error);
  return reply != NULL ? CTL_OK : desk_fail (ctl, error, _ ("the settings stay as they are"));
}

int ctl_cmd_config (struct ctl *ctl)
{
  char **words = ctl->arguments;
  if (desk_count (ctl) == 0)
    return desk_list_config (ctl);
  if (ctl->json)
    return ctl_usage ("config", _ ("--json goes without a verb alone"));
  if (is (ctl, "dump", 1))
    return print_all (ctl);
  if (is (ctl, "reload", 1))
    return reload (ctl);
  if (is (ctl, "get", 3))
    return get (ctl, words[1], words[2]);
  if (is (ctl, "set", 4))
    return change (ctl, words[1], words[2], words[3]);
  if (is (ctl, "reset", 3))
    return change (ctl, words[1], words[2], NULL);
  if (is (ctl, "check", 2))
    return check (ctl, words[1]);
  return ctl_usage ("config",
                    _ ("it takes 'dump', 'reload', 'get GROUP KEY', 'set GROUP KEY VALUE', "
                       "'reset GROUP KEY', 'check FILE' or nothing"));
}

#define NIGHT "night-light"

/* The day is as warm as the night, or as it is where nothing is said. */
static int add_day (struct ctl *ctl, struct changes *changes, bool always)
{
  int status = CTL_OK;
  g_autoptr (GKeyFile) file = dump (ctl, &status);
  if (file == NULL)
    return status;
  g_autofree char *day = g_key_file_get_value (file, NIGHT, "day", NULL);
  g_autofree char *night = g_key_file_get_value (file, NIGHT, "night", NULL);
  if (always || g_strcmp0 (day, night) == 0)
    changes_add (changes, NIGHT, "day", always ? night : NULL);
  return status;
}

int ctl_night_schedule (struct ctl *ctl)
{
  char **words = ctl->arguments + 1;
  unsigned count = desk_count (ctl) - 1;
  const char *kind = count > 0 ? words[0] : "";
  bool times = strcmp (kind, "times") == 0 && count == 3;
  bool sun = strcmp (kind, "sun") == 0 && count == 3;
  bool always = strcmp (kind, "always") == 0 && count == 1;
  struct changes changes;
  if (strcmp (kind, "off") == 0 && count == 1)
    return change (ctl, NIGHT, "enabled", "false");
  if (!times && !sun && !always)
    return ctl_usage ("night-light", _ ("a schedule is 'times FROM TO', such as 20:00 06:00, 'sun "
                                        "LATITUDE LONGITUDE', 'always' or 'off'"));
  changes_begin (&changes);
  changes_add (&changes, NIGHT, "enabled", "true");
  changes_add (&changes, NIGHT, "latitude", sun ? words[1] : NULL);
  changes_add (&changes, NIGHT, "longitude", sun ? words[2] : NULL);
  if (times) {
    changes_add (&changes, NIGHT, "from", words[1]);
    changes_add (&changes, NIGHT, "to", words[2]);
  }
  int status = add_day (ctl, &changes, always);
  if (status == CTL_OK)
    return changes_make (ctl, &changes);
  g_variant_builder_clear (&changes.rows);
  return status;
}
