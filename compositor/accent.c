#include "accent.h"

#define KEY "accent-color"
#define OURS "teal"

/* 0xRRGGBB: light and dark, and of high contrast. */
static const struct {
  const char *name;
  guint32 rgb[2][2];
} accents[] = {
  {OURS, {{0x0b6e66, 0x5fd0c0}, {0x00423d, 0x8ff5e6}}},
  {"blue", {{0x175bad, 0x9bc1f1}, {0x0b2d55, 0xd2e4f9}}},
  {"green", {{0x296834, 0x82ce90}, {0x14331a, 0xcaead0}}},
  {"orange", {{0x99430c, 0xeeb089}, {0x4b2106, 0xf8ddcc}}},
  {"pink", {{0xa32b65, 0xe9acca}, {0x511532, 0xf5dbe8}}},
  {"purple", {{0x863c9f, 0xd5b1e2}, {0x421d4e, 0xecdcf2}}},
  {"red", {{0xb21527, 0xf3aab2}, {0x5b0b14, 0xfadbdf}}},
  {"slate", {{0x505f6d, 0xb5c0c9}, {0x272e35, 0xdde2e6}}},
  {"yellow", {{0x78550a, 0xe6b54d}, {0x3b2a05, 0xf4dfb3}}},
};

/* What the schema says for who chose none is another desktop's. */
static GVariant *chosen (GSettings *settings)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  if (!settings)
    return NULL;
  g_object_get (settings, "settings-schema", &schema, NULL);
  return g_settings_schema_has_key (schema, KEY) ? g_settings_get_user_value (settings, KEY) : NULL;
}

struct inos_colour inos_accent_of (GSettings *settings, bool dark, bool contrast)
{
  g_autoptr (GVariant) value = chosen (settings);
  return inos_accent_named (value ? g_variant_get_string (value, NULL) : OURS, dark, contrast);
}

const char *inos_accent_name (guint i)
{
  return i < G_N_ELEMENTS (accents) ? accents[i].name : NULL;
}

struct inos_colour inos_accent_named (const char *name, bool dark, bool contrast)
{
  guint found = 0;
  for (guint i = 0; i < G_N_ELEMENTS (accents); i++) {
    if (g_str_equal (accents[i].name, name))
      found = i;
  }
  guint32 rgb = accents[found].rgb[contrast][dark];
  return (struct inos_colour){(rgb >> 16) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0};
}
