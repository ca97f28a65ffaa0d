/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keyboard on the lock screen as it is pressed and held. */
#include "test.h"
#include "typing.h"

#include <string.h>

struct heard {
  GString *text; /* "<" for Backspace, "!" for Enter, "~" for Escape */
};

static void on_key (const struct inos_key *key, void *data)
{
  struct heard *heard = data;
  if (key->symbol == XKB_KEY_Escape) {
    g_string_append_c (heard->text, '~');
    return;
  }
  if (key->symbol == XKB_KEY_BackSpace)
    g_string_append_c (heard->text, '<');
  else if (key->symbol == XKB_KEY_Return)
    g_string_append_c (heard->text, '!');
  else
    g_string_append (heard->text, key->text);
}

static enum inos_part part_of (const struct inos_view *view, enum inos_board_kind kind,
                               const char *label)
{
  for (int i = 0; i < view->board->count; i++) {
    const struct inos_board_key *key = &view->board->keys[i];
    if (key->kind == kind && (!label || g_str_equal (key->label, label)))
      return INOS_PART_KEY + i;
  }
  fail_msg ("there is no key %s", label ? label : "of that kind");
  return INOS_PART_NONE;
}

static void keys_are_pressed_and_held (void **state)
{
  struct inos_view view = {0};
  struct heard heard = {g_string_new (NULL)};
  struct inos_typing *typing = inos_typing_create (&view, on_key, &heard);
  inos_typing_press (typing, INOS_PART_KEY); /* none is shown */
  assert_int_equal (view.pressed, INOS_PART_NONE);
  inos_typing_show (typing, true);
  assert_non_null (view.board);
  inos_typing_press (typing, part_of (&view, INOS_BOARD_SHIFT, NULL));
  assert_true (inos_typing_release (typing));
  assert_false (inos_typing_release (typing));
  inos_typing_press (typing, part_of (&view, INOS_BOARD_TYPES, "A"));
  inos_typing_press (typing, part_of (&view, INOS_BOARD_TYPES, "b"));
  assert_string_equal (heard.text->str, "Ab");
  inos_typing_press (typing, part_of (&view, INOS_BOARD_ENTER, NULL));
  assert_string_equal (heard.text->str, "Ab!");
  /* Held, it goes on; another key, letting go or hiding it ends that. */
  inos_typing_press (typing, part_of (&view, INOS_BOARD_BACKSPACE, NULL));
  while (heard.text->len < 7)
    g_main_context_iteration (NULL, TRUE);
  assert_string_equal (heard.text->str, "Ab!<<<<");
  inos_typing_release (typing);
  assert_false (g_main_context_iteration (NULL, FALSE));
  inos_typing_press (typing, part_of (&view, INOS_BOARD_BACKSPACE, NULL));
  inos_typing_show (typing, false);
  assert_null (view.board);
  assert_int_equal (view.pressed, INOS_PART_NONE);
  inos_typing_destroy (typing);
  g_string_free (heard.text, TRUE);
}

/* Who has no keyboard leaves with it, as with a real one. */
static void escape_is_a_key (void **state)
{
  struct inos_view view = {0};
  struct heard heard = {g_string_new (NULL)};
  struct inos_typing *typing = inos_typing_create (&view, on_key, &heard);
  inos_typing_show (typing, true);
  inos_typing_press (typing, part_of (&view, INOS_BOARD_ESCAPE, "Esc"));
  assert_string_equal (heard.text->str, "~");
  inos_typing_destroy (typing);
  g_string_free (heard.text, TRUE);
}

/* Caps Lock of the real keyboard tells the same layout again. */
static void the_layout_stays_that_was_chosen (void **state)
{
  struct inos_view view = {0};
  struct heard heard = {g_string_new (NULL)};
  struct inos_typing *typing = inos_typing_create (&view, on_key, &heard);
  g_setenv ("XKB_DEFAULT_LAYOUT", "us,de", TRUE);
  inos_typing_follow (typing, "English (US)");
  inos_typing_show (typing, true);
  inos_typing_press (typing, part_of (&view, INOS_BOARD_LAYOUT, NULL));
  assert_string_equal (inos_board_layout (view.board), "German");
  inos_typing_follow (typing, "English (US)");
  assert_string_equal (inos_board_layout (view.board), "German");
  inos_typing_follow (typing, "German");
  inos_typing_follow (typing, "English (US)");
  assert_string_equal (inos_board_layout (view.board), "English (US)");
  inos_typing_destroy (typing);
  g_string_free (heard.text, TRUE);
}

int main (void)
{
  g_setenv ("XKB_DEFAULT_LAYOUT", "us", TRUE);
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (keys_are_pressed_and_held),
    cmocka_unit_test (escape_is_a_key),
    cmocka_unit_test (the_layout_stays_that_was_chosen),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
