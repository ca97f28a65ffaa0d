/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "accent.h"

#define KEY "accent-color"
#define OURS "teal"

/* The names' colours in libadwaita's documentation of AdwAccentColor: what our pages have for them
 * is in shell/ui/src/lib/accents.css. */
static const struct {
  const char *name;
  guint32 rgb;
} accents[] = {
  {"blue", 0x3584e4},  {"green", 0x3a944a},  {"orange", 0xed5b00},
  {"pink", 0xd56199},  {"purple", 0x9141ac}, {"red", 0xe62d42},
  {"slate", 0x6f8396}, {"teal", 0x2190a4},   {"yellow", 0xc88800},
};

static const char *find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accents); i++)
    if (g_str_equal (accents[i].name, name))
      return accents[i].name;
  return OURS;
}

const char *inos_accent_of (GSettings *settings)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GVariant) value = NULL;

  if (settings)
    g_object_get (settings, "settings-schema", &schema, NULL);
  if (schema && g_settings_schema_has_key (schema, KEY))
    value = g_settings_get_user_value (settings, KEY);
  return value ? find (g_variant_get_string (value, NULL)) : OURS;
}

guint32 inos_accent_rgb (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (accents); i++)
    if (g_str_equal (accents[i].name, name))
      return accents[i].rgb;
  return inos_accent_rgb (OURS);
}
