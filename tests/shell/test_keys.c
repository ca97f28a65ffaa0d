/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "test"

#include "keyboard/keys.h"

#include "test.h"

#include <linux/input-event-codes.h>
#include <string.h>

static struct xkb_keymap *compile (const char *layout, const char *variant)
{
  const InosKeyNames names = {
    .rules = "", .model = "", .layout = layout, .variant = variant, .options = ""};
  struct xkb_keymap *keymap = inos_keys_compile (&names);

  assert_non_null (keymap);
  return keymap;
}

/* NULL where it is on none of the rows. */
static JsonObject *find (JsonNode *rows, guint code)
{
  JsonArray *array = json_node_get_array (rows);

  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonArray *row = json_array_get_array_element (array, i);

    for (guint j = 0; j < json_array_get_length (row); j++) {
      JsonObject *key = json_array_get_object_element (row, j);

      if (json_object_get_int_member (key, "code") == code)
        return key;
    }
  }
  return NULL;
}

static void assert_types (struct xkb_keymap *keymap, guint layout, guint code, const char *wanted)
{
  g_autoptr (JsonNode) rows = inos_keys_describe (keymap, layout);
  JsonObject *key = find (rows, code);
  g_autoptr (GString) all = g_string_new (NULL);

  assert_non_null (key);
  for (guint i = 0; i < 4; i++)
    g_string_append_printf (
      all, "%s%s", i > 0 ? " " : "",
      json_array_get_string_element (json_object_get_array_member (key, "symbols"), i));
  assert_string_equal (all->str, wanted);
}

static gint64 dead_of (struct xkb_keymap *keymap, guint code)
{
  g_autoptr (JsonNode) rows = inos_keys_describe (keymap, 0);

  return json_object_get_int_member (find (rows, code), "dead");
}

static guint length_of (struct xkb_keymap *keymap, guint row)
{
  g_autoptr (JsonNode) rows = inos_keys_describe (keymap, 0);

  return json_array_get_length (json_array_get_array_element (json_node_get_array (rows), row));
}

static gboolean has (struct xkb_keymap *keymap, guint code)
{
  g_autoptr (JsonNode) rows = inos_keys_describe (keymap, 0);

  return find (rows, code) != NULL;
}

static void test_us (void **state)
{
  struct xkb_keymap *keymap = compile ("us", "");

  assert_types (keymap, 0, KEY_Q, "q Q  ");
  assert_types (keymap, 0, KEY_2, "2 @  ");
  assert_types (keymap, 0, KEY_BACKSLASH, "\\ |  ");
  assert_int_equal (length_of (keymap, 0), 13);
  assert_int_equal (length_of (keymap, 1), 13);
  assert_int_equal (length_of (keymap, 2), 11);
  assert_int_equal (length_of (keymap, 3), 10);
  assert_false (has (keymap, KEY_102ND));
  assert_int_equal (inos_keys_mask (keymap, 0, KEY_Q, 0), 0);
  assert_int_equal (inos_keys_mask (keymap, 0, KEY_Q, INOS_KEYS_SHIFT), 1);
  assert_int_equal (inos_keys_mask (keymap, 0, KEY_LEFT, INOS_KEYS_SHIFT | INOS_KEYS_CONTROL), 5);
  assert_int_equal (inos_keys_mask (keymap, 0, KEY_TAB, INOS_KEYS_ALT), 8);
  assert_int_equal (inos_keys_mask (keymap, 0, KEY_TAB, INOS_KEYS_LOGO), 64);
  xkb_keymap_unref (keymap);
}

static void test_accents (void **state)
{
  struct xkb_keymap *keymap = compile ("us", "intl");

  assert_types (keymap, 0, KEY_APOSTROPHE, "´ ¨ ' \"");
  assert_int_equal (dead_of (keymap, KEY_APOSTROPHE), 3);
  assert_types (keymap, 0, KEY_E, "e E é É");
  assert_int_equal (inos_keys_mask (keymap, 0, KEY_E, INOS_KEYS_ALT_GR), 128);
  assert_int_equal (inos_keys_mask (keymap, 0, KEY_E, INOS_KEYS_ALT_GR | INOS_KEYS_SHIFT), 129);
  xkb_keymap_unref (keymap);
}

static void test_german (void **state)
{
  struct xkb_keymap *keymap = compile ("de", "");

  assert_types (keymap, 0, KEY_LEFTBRACE, "ü Ü ¨ ˚");
  assert_types (keymap, 0, KEY_Y, "z Z ← ¥");
  assert_types (keymap, 0, KEY_Q, "q Q @ Ω");
  assert_true (has (keymap, KEY_102ND));
  assert_int_equal (length_of (keymap, 1), 12);
  assert_int_equal (length_of (keymap, 2), 12); /* with what is beside Enter */
  assert_int_equal (length_of (keymap, 3), 11);
  xkb_keymap_unref (keymap);
}

static void test_others (void **state)
{
  struct xkb_keymap *french = compile ("fr", "");
  struct xkb_keymap *arabic = compile ("ara", "");
  struct xkb_keymap *japanese = compile ("jp", "");

  assert_types (french, 0, KEY_Q, "a A æ Æ");
  assert_types (french, 0, KEY_7, "è 7 ` ⅞");
  assert_true (has (french, KEY_102ND));
  assert_types (arabic, 0, KEY_Q, "ض ◌َ  ");
  assert_true (has (japanese, KEY_YEN));
  assert_true (has (japanese, KEY_RO));
  assert_int_equal (inos_keys_mask (french, 0, KEY_7, INOS_KEYS_SHIFT), 1);
  xkb_keymap_unref (french);
  xkb_keymap_unref (arabic);
  xkb_keymap_unref (japanese);
}

static void test_several_layouts (void **state)
{
  struct xkb_keymap *keymap = compile ("us,de,ru", "");

  assert_types (keymap, 0, KEY_Y, "y Y  ");
  assert_types (keymap, 2, KEY_Y, "н Н  ");
  assert_int_equal (inos_keys_mask (keymap, 1, KEY_Q, INOS_KEYS_ALT_GR), 128);
  /* One that there is not is another one. */
  assert_types (keymap, 1000, KEY_Y, "z Z ← ¥");
  xkb_keymap_unref (keymap);
}

/* The compositor goes on with the usual one too. */
static void test_garbage (void **state)
{
  g_autofree char *huge = g_strnfill (1 << 20, 'u');
  static const char *const garbage[] = {
    "no-such-layout", "../../etc/passwd", "us(", "\xff\xfe", ",", "us+de(nodeadkeys"};

  for (gsize i = 0; i < G_N_ELEMENTS (garbage); i++) {
    struct xkb_keymap *keymap = compile (garbage[i], "");

    assert_true (has (keymap, KEY_Q));
    xkb_keymap_unref (keymap);
  }
  struct xkb_keymap *keymap = compile (huge, huge);
  assert_types (keymap, 0, KEY_Q, "q Q  ");
  xkb_keymap_unref (keymap);
}

static void test_keys_that_there_are (void **state)
{
  assert_true (inos_keys_has (KEY_A));
  assert_true (inos_keys_has (KEY_BACKSLASH));
  assert_true (inos_keys_has (KEY_F12));
  assert_false (inos_keys_has (0));
  assert_false (inos_keys_has (KEY_POWER));
  assert_false (inos_keys_has (KEY_SYSRQ));
  assert_false (inos_keys_has (KEY_LEFTCTRL));
  assert_false (inos_keys_has (767));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_us),
    cmocka_unit_test (test_accents),
    cmocka_unit_test (test_german),
    cmocka_unit_test (test_others),
    cmocka_unit_test (test_several_layouts),
    cmocka_unit_test (test_garbage),
    cmocka_unit_test (test_keys_that_there_are),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
