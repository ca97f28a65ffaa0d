/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "language.h"

#include <gio/gio.h>
#include <locale.h>
#include <string.h>

#define LOCALE_ROOT "/org/inos/shell/locale/"

static gboolean is_untranslated (const char *locale)
{
  return g_str_equal (locale, "C") || g_str_equal (locale, "POSIX") ||
         g_str_has_prefix (locale, "C.") || g_str_has_prefix (locale, "en_") ||
         g_str_equal (locale, "en");
}

char *inos_language_to_tag (const char *locale)
{
  char *tag;

  if (!locale || !*locale || g_str_equal (locale, "C") || g_str_equal (locale, "POSIX") ||
      g_str_has_prefix (locale, "C."))
    return g_strdup ("en");
  tag = g_strndup (locale, strcspn (locale, ".@"));
  return g_strdelimit (tag, "_", '-');
}

gboolean inos_language_is_rtl (const char *locale)
{
  static const char *const languages[] = {"ar", "fa", "he", "ps", "sd", "ug", "ur", "yi", NULL};
  g_autofree char *language = g_strndup (locale, strcspn (locale, "_-.@"));

  return g_strv_contains (languages, language);
}

/* The catalogue of the first wanted language that has one. English ends the search: it is the
 * language of the source. */
static JsonNode *find_catalogue (const char **language)
{
  const char *const *names = g_get_language_names();

  for (; *names; names++) {
    g_autofree char *path = NULL;
    g_autoptr (GBytes) bytes = NULL;

    if (is_untranslated (*names))
      break;
    path = g_strconcat (LOCALE_ROOT, *names, ".json", NULL);
    bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    if (bytes) {
      *language = *names;
      return json_from_string (g_bytes_get_data (bytes, NULL), NULL);
    }
  }
  *language = "en";
  return NULL;
}

JsonNode *inos_language_describe (void)
{
  const char *language;
  JsonNode *catalogue = find_catalogue (&language);
  g_autofree char *tag = inos_language_to_tag (language);
  g_autofree char *locale = inos_language_to_tag (setlocale (LC_TIME, NULL));
  JsonObject *object = json_object_new();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "language", tag);
  json_object_set_string_member (object, "dir", inos_language_is_rtl (language) ? "rtl" : "ltr");
  /* A date in words belongs to the sentence around it: LC_TIME decides only within the language. */
  json_object_set_string_member (object, "locale",
                                 strncmp (locale, tag, strcspn (tag, "-")) == 0 ? locale : tag);
  if (catalogue)
    json_object_set_member (object, "catalogue", catalogue);
  else
    json_object_set_null_member (object, "catalogue");
  json_node_take_object (node, object);
  return node;
}

gboolean inos_language_runs_rtl (JsonNode *language)
{
  JsonObject *object = json_node_get_object (language);

  return g_str_equal (json_object_get_string_member (object, "dir"), "rtl");
}
