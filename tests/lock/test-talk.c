/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages between the lock screen and the checker: whole, cut short, and hostile. */
#include "talk.h"
#include "test.h"

#include <string.h>

static void assert_comes_back (enum inos_talk_type type, uint32_t value, const char *text)
{
  uint8_t frame[INOS_TALK_MAX];
  struct inos_talk talk;
  size_t size = inos_talk_write (frame, type, value, text);
  assert_true (inos_talk_parse (frame, size, &talk));
  assert_int_equal (talk.type, type);
  assert_int_equal (talk.value, value);
  assert_int_equal (talk.length, strlen (text));
  assert_memory_equal (talk.text, text, talk.length);
}

static void what_is_said_is_heard (void **state)
{
  assert_comes_back (INOS_TALK_WHO, 0, "Ada Lovelace");
  assert_comes_back (INOS_TALK_ASK_SECRET, 0, "Password: ");
  assert_comes_back (INOS_TALK_ASK_SHOWN, 0, "");
  assert_comes_back (INOS_TALK_INFO, INOS_TALK_OF_ACCOUNT, "Your password expires in 3 days.");
  assert_comes_back (INOS_TALK_PAUSE, 0xfedcba98, "");
  assert_comes_back (INOS_TALK_RESULT, INOS_VERDICT_BROKEN, "Systemfehler — größer");
  assert_comes_back (INOS_TALK_ANSWER, 0, "p4ss wörd");
}

static void a_long_text_is_cut_between_characters (void **state)
{
  char text[2 * INOS_TALK_TEXT_MAX + 1];
  uint8_t frame[INOS_TALK_MAX];
  struct inos_talk talk;
  /* ü is two bytes: an odd limit falls into one. */
  for (size_t i = 0; i + 2 < sizeof text; i += 2)
    memcpy (text + i, "ü", 3);
  size_t size = inos_talk_write (frame, INOS_TALK_INFO, 0, text);
  assert_true (inos_talk_parse (frame, size, &talk));
  assert_int_equal (talk.length, INOS_TALK_TEXT_MAX - 1);
  /* Bytes that are no UTF-8 at all leave nothing, and no read before the text. */
  memset (text, 0x80, sizeof text - 1);
  text[sizeof text - 1] = 0;
  size = inos_talk_write (frame, INOS_TALK_INFO, 0, text);
  assert_true (inos_talk_parse (frame, size, &talk));
  assert_int_equal (talk.length, 0);
  assert_int_equal (inos_talk_write (frame, INOS_TALK_INFO, 0, NULL), INOS_TALK_HEAD);
}

static void anything_else_is_no_message (void **state)
{
  uint8_t frame[INOS_TALK_MAX + 2] = {0};
  struct inos_talk talk;
  size_t size = inos_talk_write (frame, INOS_TALK_INFO, 0, "abc");
  for (size_t shorter = 0; shorter < size; shorter++)
    assert_false (inos_talk_parse (frame, shorter, &talk));
  assert_false (inos_talk_parse (frame, size + 1, &talk));
  assert_false (inos_talk_parse (frame, sizeof frame, &talk));
  const struct {
    size_t at;
    uint8_t byte;
  } faults[] = {{0, 2}, {1, 0}, {1, INOS_TALK_TYPES},  {1, 255},
                {2, 4}, {3, 1}, {4, INOS_TALK_ABOUTS}, {8, 0}};
  for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
    uint8_t wrong[sizeof frame];
    memcpy (wrong, frame, sizeof frame);
    wrong[faults[i].at] = faults[i].byte;
    assert_false (inos_talk_parse (wrong, size, &talk));
  }
  size = inos_talk_write (frame, INOS_TALK_RESULT, INOS_VERDICTS, "");
  assert_false (inos_talk_parse (frame, size, &talk));
}

static void an_answer_is_not_the_checkers (void **state)
{
  for (int type = INOS_TALK_WHO; type < INOS_TALK_TYPES; type++)
    assert_int_equal (inos_talk_is_checkers (type),
                      type != INOS_TALK_ANSWER && type != INOS_TALK_SESSION);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_is_said_is_heard),
    cmocka_unit_test (a_long_text_is_cut_between_characters),
    cmocka_unit_test (anything_else_is_no_message),
    cmocka_unit_test (an_answer_is_not_the_checkers),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
