/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lock screen's colours are the pages', and those that the person has chosen. */
#include "accent.h"
#include "look.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define INTERFACE "org.gnome.desktop.interface"

static uint32_t colour_at (const char *text, const char *name)
{
  const char *value = strstr (text, name);
  assert_non_null (value);
  return (uint32_t)strtoul (value + strlen (name) + strlen (": #"), NULL, 16) << 8 | 0xff;
}

static char *read_sheet (const char *name)
{
  g_autofree char *path = g_build_filename (UI_DIR, name, NULL);
  char *text;
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

/* The rule of that selector, which is in the sheet once for light and once more for dark. */
static const char *rule_of (const char *sheet, const char *selector, bool dark)
{
  const char *rule = strstr (sheet, selector);
  assert_non_null (rule);
  if (dark)
    rule = strstr (rule + 1, selector);
  assert_non_null (rule);
  return rule;
}

static void accents_are_the_pages (void **state)
{
  g_autofree char *accents = read_sheet ("accents.css"), *tokens = read_sheet ("tokens.css");
  unsigned int count = 0;
  for (; inos_accent_name (count); count++) {
    const char *name = inos_accent_name (count), *sheet = count == 0 ? tokens : accents;
    g_autofree char *usual = g_strdup_printf (":root[data-accent=\"%s\"] {", name);
    g_autofree char *high =
      g_strdup_printf (":root[data-accent=\"%s\"][data-contrast=\"high\"] {", name);
    const char *const selectors[] = {count == 0 ? ":root {" : usual,
                                     count == 0 ? ":root[data-contrast=\"high\"] {" : high};
    for (int kind = 0; kind < 4; kind++) {
      bool dark = kind & 1, contrast = kind & 2;
      struct inos_accent accent = inos_accent_named (name, dark, contrast);
      assert_int_equal (accent.accent,
                        colour_at (rule_of (sheet, selectors[contrast], dark), "--accent"));
      assert_int_equal (accent.on_accent,
                        dark ? colour_at (rule_of (sheet, selectors[0], true), "--on-accent")
                             : 0xffffffff);
    }
  }
  assert_int_equal (count, 9);
  assert_int_equal (inos_accent_named ("mauve", true, false).accent,
                    inos_accent_named ("teal", true, false).accent);
}

static void assert_tone (const struct inos_look *look, enum inos_tone tone, uint32_t rgba)
{
  const struct inos_tint *tint = &look->tones[tone];
  assert_int_equal ((uint32_t)(tint->red * 255 + 0.5), rgba >> 24);
  assert_int_equal ((uint32_t)(tint->green * 255 + 0.5), rgba >> 16 & 0xff);
  assert_int_equal ((uint32_t)(tint->blue * 255 + 0.5), rgba >> 8 & 0xff);
}

static void on_changed (void *data)
{
  ++*(int *)data;
}

static void pump (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void it_is_the_persons (void **state)
{
  struct inos_look look;
  int changes = 0;
  g_autoptr (GSettings) interface = g_settings_new (INTERFACE);
  struct inos_look_watch *watch = inos_look_watch_create (&look, on_changed, &changes);
  assert_tone (&look, INOS_TONE_ACCENT, 0x0b6e66ff);
  g_settings_set_string (interface, "accent-color", "orange");
  pump();
  assert_true (changes > 0);
  assert_tone (&look, INOS_TONE_ACCENT, 0x99430cff);
  assert_tone (&look, INOS_TONE_ON_ACCENT, 0xffffffff);
  g_settings_set_string (interface, "color-scheme", "prefer-dark");
  pump();
  assert_tone (&look, INOS_TONE_ACCENT, 0xeeb089ff);
  assert_tone (&look, INOS_TONE_ON_ACCENT, 0x1d0f07ff);
  g_settings_reset (interface, "accent-color");
  g_settings_reset (interface, "color-scheme");
  pump();
  assert_tone (&look, INOS_TONE_ACCENT, 0x0b6e66ff);
  inos_look_watch_destroy (watch);
}

int main (void)
{
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (accents_are_the_pages),
    cmocka_unit_test (it_is_the_persons),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
