/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/base/config.h"

#include <math.h>
#include <string.h>

#define GROUP "alerts"
#define SIZE_MAX_INI (64 * 1024)

/* The line, from 1, where the text stops being a key file. GLib does not say. */
static unsigned bad_line (const char *text)
{
  unsigned line = 0;

  for (const char *at = text; at && *at; line++) {
    const char *end = strchr (at, '\n');
    g_autoptr (GKeyFile) file = g_key_file_new();
    gsize len = end ? (gsize)(end + 1 - text) : strlen (text);
    if (!g_key_file_load_from_data (file, text, len, G_KEY_FILE_NONE, NULL))
      return line + 1;
    at = end ? end + 1 : NULL;
  }
  return line;
}

/* The line, from 1, of the last setting of @key in @group, or 0. */
static unsigned line_of (const char *text, const char *group, const char *key)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *header = g_strdup_printf ("[%s]", group);
  unsigned found = 0;
  bool inside = false;

  for (unsigned i = 0; lines[i]; i++) {
    char *line = g_strstrip (lines[i]);
    if (line[0] == '[')
      inside = strcmp (line, header) == 0;
    gsize len = strlen (key);
    if (inside && strncmp (line, key, len) == 0 && strchr ("= \t", line[len]))
      found = i + 1;
  }
  return found;
}

/* Reads one number in bounds. Not there is right; wrong keeps *value. */
static bool read_number (GKeyFile *file, const char *text, const char *path, const char *key,
                         double least, double most, double *value)
{
  g_autofree char *raw = g_key_file_get_value (file, GROUP, key, NULL);
  char *end;

  if (!raw)
    return true;
  double number = g_ascii_strtod (raw, &end);
  if (end != raw && *end == '\0' && isfinite (number) && number >= least && number <= most) {
    *value = number;
    return true;
  }
  g_warning ("%s:%u: %s=%s is not a number from %g to %g; %g stays.", path,
             line_of (text, GROUP, key), key, raw, least, most, *value);
  return false;
}

static bool is_known (const char *key)
{
  if (g_str_equal (key, "hysteresis") || g_str_equal (key, "raise-after") ||
      g_str_equal (key, "clear-after"))
    return true;
  for (unsigned id = 0; id < INOS_ALERTS; id++)
    if (g_str_equal (key, inos_alert_name (id)))
      return true;
  return false;
}

static bool check_names (GKeyFile *file, const char *text, const char *path)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, GROUP, NULL, NULL);
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  bool right = true;

  for (guint i = 0; groups[i]; i++)
    if (!g_str_equal (groups[i], GROUP) && !g_str_equal (groups[i], INOS_MESH_GROUP)) {
      g_warning ("%s: there is no group [%s]; it is left out.", path, groups[i]);
      right = false;
    }
  for (guint i = 0; keys && keys[i]; i++)
    if (!is_known (keys[i])) {
      g_warning ("%s:%u: there is no setting %s; it is left out.", path,
                 line_of (text, GROUP, keys[i]), keys[i]);
      right = false;
    }
  return right;
}

static bool read_alerts (GKeyFile *file, const char *text, const char *path,
                         struct inos_alert_config *alerts)
{
  double raise_after = alerts->raise_after, clear_after = alerts->clear_after;
  bool right = check_names (file, text, path);

  for (unsigned id = 0; id < INOS_ALERTS; id++)
    right =
      read_number (file, text, path, inos_alert_name (id), 0, 100, &alerts->threshold[id]) && right;
  right = read_number (file, text, path, "hysteresis", 0, 50, &alerts->hysteresis) && right;
  right = read_number (file, text, path, "raise-after", 0, 3600, &raise_after) && right;
  right = read_number (file, text, path, "clear-after", 0, 3600, &clear_after) && right;
  alerts->raise_after = (unsigned)raise_after;
  alerts->clear_after = (unsigned)clear_after;
  return right;
}

struct place {
  const char *path, *text;
};

static void on_wrong (void *data, const char *key, const char *what)
{
  const struct place *place = data;

  g_warning ("%s:%u: %s: %s; what was before stays.", place->path,
             line_of (place->text, INOS_MESH_GROUP, key), key, what);
}

bool inos_config_load (const char *path, struct inos_alert_config *alerts,
                       struct inos_mesh_config *mesh)
{
  g_autoptr (GKeyFile) file = g_key_file_new();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize len;

  if (!g_file_get_contents (path, &text, &len, &error)) {
    if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      return true;
    g_warning ("%s; the defaults stay.", error->message);
    return false;
  }
  if (len > SIZE_MAX_INI || !g_utf8_validate (text, (gssize)len, NULL)) {
    g_warning (
      "%s is not a configuration: it is not text, or larger than 64 KiB. The defaults stay.", path);
    return false;
  }
  if (!g_key_file_load_from_data (file, text, len, G_KEY_FILE_NONE, &error)) {
    g_warning ("%s:%u: %s. The defaults stay.", path, bad_line (text), error->message);
    return false;
  }
  struct place place = {path, text};
  bool right = read_alerts (file, text, path, alerts);
  return inos_mesh_config_read (mesh, file, on_wrong, &place) && right;
}
