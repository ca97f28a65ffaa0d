/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "accent.h"

#define KEY "accent-color"
#define OURS "teal"
#define WHITE 0xffffffff

/* 0xRRGGBBAA: light and dark, and of high contrast; and what is written on the dark ones. */
static const struct {
  const char *name;
  uint32_t rgba[2][2], on_dark;
} accents[] = {
  {OURS, {{0x0b6e66ff, 0x5fd0c0ff}, {0x00423dff, 0x8ff5e6ff}}, 0x06201dff},
  {"blue", {{0x175badff, 0x9bc1f1ff}, {0x0b2d55ff, 0xd2e4f9ff}}, 0x07111dff},
  {"green", {{0x296834ff, 0x82ce90ff}, {0x14331aff, 0xcaead0ff}}, 0x0a1a0dff},
  {"orange", {{0x99430cff, 0xeeb089ff}, {0x4b2106ff, 0xf8ddccff}}, 0x1d0f07ff},
  {"pink", {{0xa32b65ff, 0xe9accaff}, {0x511532ff, 0xf5dbe8ff}}, 0x1c0711ff},
  {"purple", {{0x863c9fff, 0xd5b1e2ff}, {0x421d4eff, 0xecdcf2ff}}, 0x160a1aff},
  {"red", {{0xb21527ff, 0xf3aab2ff}, {0x5b0b14ff, 0xfadbdfff}}, 0x1d070aff},
  {"slate", {{0x505f6dff, 0xb5c0c9ff}, {0x272e35ff, 0xdde2e6ff}}, 0x0f1215ff},
  {"yellow", {{0x78550aff, 0xe6b54dff}, {0x3b2a05ff, 0xf4dfb3ff}}, 0x1d1607ff},
};

const char *inos_accent_name (unsigned int i)
{
  return i < G_N_ELEMENTS (accents) ? accents[i].name : NULL;
}

struct inos_accent inos_accent_named (const char *name, bool dark, bool contrast)
{
  unsigned int found = 0;
  for (unsigned int i = 0; i < G_N_ELEMENTS (accents); i++) {
    if (g_str_equal (accents[i].name, name))
      found = i;
  }
  return (struct inos_accent){accents[found].rgba[contrast][dark],
                              dark ? accents[found].on_dark : WHITE};
}

struct inos_accent inos_accent_of (GSettings *settings, bool dark, bool contrast)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GVariant) value = NULL;
  g_object_get (settings, "settings-schema", &schema, NULL);
  if (g_settings_schema_has_key (schema, KEY))
    value = g_settings_get_user_value (settings, KEY);
  return inos_accent_named (value ? g_variant_get_string (value, NULL) : OURS, dark, contrast);
}
