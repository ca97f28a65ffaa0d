/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "look.h"

#include "accent.h"

#include <gio/gio.h>
#include <stdint.h>

#define INTERFACE "org.gnome.desktop.interface"
#define ACCESS "org.gnome.desktop.a11y.interface"
#define PROGRAMS "org.gnome.desktop.a11y.applications"
#define TEXT_LEAST 0.8
#define TEXT_MOST 2.0

/* 0xRRGGBBAA, in the order of enum inos_tone; the accent is the one that we have for who chose
 * none. */
static const uint32_t palettes[2][2][INOS_TONE_COUNT] = {
  [false][false] = {0xffffffff, 0xdfe3e9ff, 0x141c2838, 0x12171eff, 0x3d4754ff, 0x4a5562ff,
                    0x0b6e66ff, 0xffffffff, 0x8a5300ff, 0xb3261eff, 0xe9eef0ff, 0xd3dde0ff,
                    0x4d6b72ff},
  [true][false] = {0x161b22ff, 0x2a333fff, 0xe2ecf833, 0xeef2f6ff, 0xb8c2ceff, 0x9aa5b4ff,
                   0x5fd0c0ff, 0x06201dff, 0xeebb55ff, 0xff8a80ff, 0x131b22ff, 0x0a0f14ff,
                   0x7fb8b4ff},
  [false][true] = {0xffffffff, 0xe6e6e6ff, 0x000000ff, 0x000000ff, 0x000000ff, 0x1c1c1cff,
                   0x00423dff, 0xffffffff, 0x4d2e00ff, 0x7a0c06ff, 0xffffffff, 0xffffffff,
                   0xffffff00},
  [true][true] = {0x000000ff, 0x2a2a2aff, 0xffffffff, 0xffffffff, 0xffffffff, 0xe6e6e6ff,
                  0x8ff5e6ff, 0x06201dff, 0xffd98aff, 0xffb9b3ff, 0x000000ff, 0x000000ff,
                  0x00000000},
};

struct inos_look_watch {
  struct inos_look *look;
  GSettings *interface, *access, *programs; /* NULL where the schema is not installed */
  void (*changed) (void *data);
  void *data;
};

static struct inos_tint tint_of (uint32_t rgba)
{
  return (struct inos_tint){(rgba >> 24) / 255.0, (rgba >> 16 & 0xff) / 255.0,
                            (rgba >> 8 & 0xff) / 255.0, (rgba & 0xff) / 255.0};
}

void inos_look_choose (struct inos_look *look, bool dark, bool contrast)
{
  *look = (struct inos_look){.dark = dark, .contrast = contrast, .moves = true, .text = 1};
  for (int i = 0; i < INOS_TONE_COUNT; i++)
    look->tones[i] = tint_of (palettes[dark][contrast][i]);
}

static GSettings *open_settings (const char *name, const char *const *keys)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default();
  g_autoptr (GSettingsSchema) schema =
    source ? g_settings_schema_source_lookup (source, name, TRUE) : NULL;
  if (!schema)
    return NULL;
  for (; *keys; keys++) {
    if (!g_settings_schema_has_key (schema, *keys))
      return NULL;
  }
  return g_settings_new (name);
}

static void read_interface (struct inos_look_watch *watch, bool contrast)
{
  g_autofree char *scheme = g_settings_get_string (watch->interface, "color-scheme");
  g_autofree char *clock = g_settings_get_string (watch->interface, "clock-format");
  bool dark = g_str_equal (scheme, "prefer-dark");
  struct inos_accent accent = inos_accent_of (watch->interface, dark, contrast);
  inos_look_choose (watch->look, dark, contrast);
  watch->look->tones[INOS_TONE_ACCENT] = tint_of (accent.accent);
  watch->look->tones[INOS_TONE_ON_ACCENT] = tint_of (accent.on_accent);
  watch->look->moves = g_settings_get_boolean (watch->interface, "enable-animations");
  watch->look->twelve = g_str_equal (clock, "12h");
  double text = g_settings_get_double (watch->interface, "text-scaling-factor");
  watch->look->text = CLAMP (text, TEXT_LEAST, TEXT_MOST);
}

static void update (struct inos_look_watch *watch)
{
  bool contrast = watch->access && g_settings_get_boolean (watch->access, "high-contrast");
  if (watch->interface)
    read_interface (watch, contrast);
  else
    inos_look_choose (watch->look, false, contrast);
  watch->look->board =
    watch->programs && g_settings_get_boolean (watch->programs, "screen-keyboard-enabled");
}

static void on_changed (GSettings *settings, const char *key, void *data)
{
  struct inos_look_watch *watch = data;
  update (watch);
  watch->changed (watch->data);
}

static void close_settings (struct inos_look_watch *watch, GSettings **settings)
{
  if (*settings)
    g_signal_handlers_disconnect_by_data (*settings, watch);
  g_clear_object (settings);
}

struct inos_look_watch *inos_look_watch_create (struct inos_look *look,
                                                void (*changed) (void *data), void *data)
{
  static const char *const interface[] = {"color-scheme", "enable-animations", "clock-format",
                                          "text-scaling-factor", NULL};
  static const char *const access[] = {"high-contrast", NULL};
  static const char *const programs[] = {"screen-keyboard-enabled", NULL};
  struct inos_look_watch *watch = g_new0 (struct inos_look_watch, 1);
  watch->look = look;
  watch->changed = changed;
  watch->data = data;
  watch->interface = open_settings (INTERFACE, interface);
  watch->access = open_settings (ACCESS, access);
  watch->programs = open_settings (PROGRAMS, programs);
  GSettings *const all[] = {watch->interface, watch->access, watch->programs};
  for (size_t i = 0; i < G_N_ELEMENTS (all); i++)
    if (all[i])
      g_signal_connect (all[i], "changed", G_CALLBACK (on_changed), watch);
  update (watch);
  return watch;
}

void inos_look_watch_destroy (struct inos_look_watch *watch)
{
  if (!watch)
    return;
  close_settings (watch, &watch->interface);
  close_settings (watch, &watch->access);
  close_settings (watch, &watch->programs);
  g_free (watch);
}
