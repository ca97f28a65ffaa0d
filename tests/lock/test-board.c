/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keyboard on the lock screen types what its keys say, in any layout. */
#include "board.h"
#include "test.h"

#include <glib.h>
#include <locale.h>

static struct inos_board *new_board (const char *layout, const char *variant)
{
  g_setenv ("XKB_DEFAULT_LAYOUT", layout, TRUE);
  g_setenv ("XKB_DEFAULT_VARIANT", variant, TRUE);
  struct inos_board *board = inos_board_create();
  assert_non_null (board);
  return board;
}

static int find_kind (const struct inos_board *board, enum inos_board_kind kind)
{
  for (int i = 0; i < board->count; i++)
    if (board->keys[i].kind == kind)
      return i;
  return -1;
}

static int find_label (const struct inos_board *board, const char *label)
{
  for (int i = 0; i < board->count; i++)
    if (g_str_equal (board->keys[i].label, label))
      return i;
  return -1;
}

static void press_kind (struct inos_board *board, enum inos_board_kind kind)
{
  struct inos_board_typed typed;
  assert_true (inos_board_press (board, find_kind (board, kind), &typed));
  assert_int_equal (typed.kind, kind);
  assert_string_equal (typed.text, "");
}

static void assert_types (struct inos_board *board, const char *label, const char *text)
{
  struct inos_board_typed typed;
  assert_true (inos_board_press (board, find_label (board, label), &typed));
  assert_int_equal (typed.kind, INOS_BOARD_TYPES);
  assert_string_equal (typed.text, text);
}

static void rows_are_full (void **state)
{
  static const char *const layouts[] = {"us", "de",  "fr", "gb", "jp",
                                        "ru", "ara", "br", "gr", "il"};
  for (size_t i = 0; i < G_N_ELEMENTS (layouts); i++) {
    struct inos_board *board = new_board (layouts[i], "");
    double units[INOS_BOARD_ROWS] = {0};
    assert_true (board->count < INOS_BOARD_KEYS);
    for (int k = 0; k < board->count; k++) {
      assert_true (board->keys[k].units >= 1);
      units[board->keys[k].row] += board->keys[k].units;
    }
    for (int row = 0; row < INOS_BOARD_ROWS; row++)
      assert_true (units[row] >= INOS_BOARD_UNITS - 5 && units[row] <= INOS_BOARD_UNITS);
    inos_board_destroy (board);
  }
}

static void letters_shift_and_digits (void **state)
{
  struct inos_board *board = new_board ("us", "");
  assert_null (inos_board_layout (board));
  assert_int_equal (find_kind (board, INOS_BOARD_LAYOUT), -1);
  assert_int_equal (find_kind (board, INOS_BOARD_ALT_GR), -1);
  assert_types (board, "a", "a");
  assert_types (board, " ", " ");
  press_kind (board, INOS_BOARD_SHIFT);
  assert_int_equal (find_label (board, "a"), -1);
  assert_types (board, "A", "A");
  assert_types (board, "b", "b"); /* once is once */
  press_kind (board, INOS_BOARD_SHIFT);
  press_kind (board, INOS_BOARD_SHIFT);
  assert_types (board, "!", "!");
  assert_types (board, "~", "~");
  press_kind (board, INOS_BOARD_SHIFT);
  assert_types (board, "1", "1");
  press_kind (board, INOS_BOARD_BACKSPACE);
  press_kind (board, INOS_BOARD_ENTER);
  press_kind (board, INOS_BOARD_ESCAPE);
  struct inos_board_typed typed;
  assert_false (inos_board_press (board, -1, &typed));
  assert_false (inos_board_press (board, board->count, &typed));
  inos_board_destroy (board);
}

static void alt_gr_and_dead_keys (void **state)
{
  struct inos_board *board = new_board ("de", "");
  assert_true (find_label (board, "ü") >= 0);
  assert_true (find_label (board, "<") >= 0);
  press_kind (board, INOS_BOARD_ALT_GR);
  assert_types (board, "@", "@");
  assert_types (board, "q", "q");
  int dead = find_label (board, "´");
  assert_true (dead >= 0 && board->keys[dead].dead);
  if (board->composing) {
    assert_types (board, "´", "");
    assert_types (board, "e", "é");
    assert_types (board, "´", "");
    inos_board_reset (board);
    assert_types (board, "e", "e");
    /* Erasing takes what waits too. */
    assert_types (board, "´", "");
    press_kind (board, INOS_BOARD_BACKSPACE);
    assert_types (board, "e", "e");
  }
  inos_board_destroy (board);
}

static void layouts_in_turn (void **state)
{
  struct inos_board *board = new_board ("us,de", ",");
  assert_string_equal (inos_board_layout (board), "English (US)");
  assert_types (board, "y", "y");
  press_kind (board, INOS_BOARD_LAYOUT);
  assert_string_equal (inos_board_layout (board), "German");
  assert_types (board, "ö", "ö");
  press_kind (board, INOS_BOARD_LAYOUT);
  assert_int_equal (find_label (board, "ö"), -1);
  inos_board_follow (board, "German");
  assert_types (board, "ö", "ö");
  inos_board_follow (board, "Klingon");
  inos_board_follow (board, NULL);
  assert_types (board, "ö", "ö");
  inos_board_destroy (board);
}

/* Names that there are not are the usual one. */
static void nonsense_is_the_usual (void **state)
{
  struct inos_board *board = new_board ("nonsense", "nonsense");
  assert_types (board, "a", "a");
  inos_board_destroy (board);
}

/* Marks that few layouts have, too. */
static void what_waits_is_shown (void **state)
{
  static const char *const marks[] = {"`", "◌̉", "~", "´", "◌̣"};
  struct inos_board *board = new_board ("vn", "");
  press_kind (board, INOS_BOARD_ALT_GR);
  for (size_t i = 0; i < G_N_ELEMENTS (marks); i++) {
    int key = find_label (board, marks[i]);
    assert_true (key >= 0);
    assert_true (board->keys[key].dead);
  }
  inos_board_destroy (board);
}

int main (void)
{
  setlocale (LC_ALL, "");
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (rows_are_full),         cmocka_unit_test (letters_shift_and_digits),
    cmocka_unit_test (alt_gr_and_dead_keys),  cmocka_unit_test (layouts_in_turn),
    cmocka_unit_test (nonsense_is_the_usual), cmocka_unit_test (what_waits_is_shown),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
