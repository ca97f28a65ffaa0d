/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person at a locked screen, on a clock of the test's. */
#include "attempt.h"
#include "test.h"

#include <glib.h>
#include <string.h>

static int64_t clock_now;

static void say (struct inos_attempt *attempt, enum inos_talk_type type, uint32_t value,
                 const char *text)
{
  const struct inos_talk talk = {type, value, text, strlen (text)};
  inos_attempt_hear (attempt, &talk, clock_now);
}

static void ask (struct inos_attempt *attempt)
{
  say (attempt, INOS_TALK_ASK_SECRET, 0, "Password: ");
}

static void result (struct inos_attempt *attempt, enum inos_verdict verdict)
{
  say (attempt, INOS_TALK_RESULT, verdict, "said PAM");
}

static void submit (struct inos_attempt *attempt)
{
  inos_attempt_submit (attempt, false, clock_now);
}

static void assert_wants (struct inos_attempt *attempt, unsigned int wanted)
{
  assert_int_equal (inos_attempt_take (attempt), wanted);
  assert_int_equal (inos_attempt_take (attempt), 0);
}

static void begin (struct inos_attempt *attempt)
{
  clock_now = 1000;
  inos_attempt_begin (attempt, clock_now);
  assert_wants (attempt, INOS_ATTEMPT_START);
}

/* Asked and answered. */
static void try (struct inos_attempt *attempt)
{
  ask (attempt);
  assert_int_equal (attempt->phase, INOS_ATTEMPT_ASKED);
  submit (attempt);
  assert_wants (attempt, INOS_ATTEMPT_SEND);
  assert_int_equal (attempt->phase, INOS_ATTEMPT_CHECKING);
}

/* Lets the pause pass, which has to be `ms` long. */
static void wait_out (struct inos_attempt *attempt, int64_t ms)
{
  assert_int_equal (attempt->until - clock_now, ms);
  assert_int_equal (inos_attempt_deadline (attempt), attempt->until);
  clock_now = attempt->until - 1;
  inos_attempt_tick (attempt, clock_now);
  assert_wants (attempt, 0);
  clock_now++;
  inos_attempt_tick (attempt, clock_now);
  assert_wants (attempt, INOS_ATTEMPT_START);
  assert_int_equal (attempt->phase, INOS_ATTEMPT_LISTENING);
}

static const unsigned int unlocks = INOS_ATTEMPT_KILL | INOS_ATTEMPT_WIPE | INOS_ATTEMPT_UNLOCK;

static void the_right_password_unlocks (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  say (&attempt, INOS_TALK_WHO, 0, "Ada");
  assert_string_equal (attempt.who, "Ada");
  try (&attempt);
  result (&attempt, INOS_VERDICT_RIGHT);
  assert_wants (&attempt, unlocks);
  assert_int_equal (attempt.phase, INOS_ATTEMPT_DONE);
}

static void wrong_ones_do_not_and_cost_ever_more_time (void **state)
{
  static const int64_t pauses[] = {0, 0, 2000, 4000, 8000, 16000, 30000, 30000};
  struct inos_attempt attempt;
  begin (&attempt);
  for (size_t i = 0; i < G_N_ELEMENTS (pauses); i++) {
    try (&attempt);
    result (&attempt, INOS_VERDICT_WRONG);
    assert_int_equal (attempt.outcome, INOS_OUTCOME_WRONG);
    if (pauses[i] == 0) {
      assert_wants (&attempt, INOS_ATTEMPT_KILL | INOS_ATTEMPT_WIPE | INOS_ATTEMPT_START);
      continue;
    }
    assert_wants (&attempt, INOS_ATTEMPT_KILL | INOS_ATTEMPT_WIPE);
    assert_int_equal (attempt.phase, INOS_ATTEMPT_PAUSED);
    wait_out (&attempt, pauses[i]);
  }
}

static void pams_own_pause_is_kept (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  try (&attempt);
  say (&attempt, INOS_TALK_PAUSE, 2500, "");
  result (&attempt, INOS_VERDICT_WRONG);
  inos_attempt_take (&attempt);
  wait_out (&attempt, 2500);
  /* It is of one conversation, and bounded. */
  try (&attempt);
  say (&attempt, INOS_TALK_PAUSE, UINT32_MAX, "");
  result (&attempt, INOS_VERDICT_TOO_MANY);
  inos_attempt_take (&attempt);
  wait_out (&attempt, INOS_ATTEMPT_PAUSE_MAX);
  try (&attempt);
  result (&attempt, INOS_VERDICT_WRONG);
  inos_attempt_take (&attempt);
  wait_out (&attempt, INOS_ATTEMPT_FIRST_PAUSE);
}

static void escape_is_no_way_around_the_pause (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  for (int64_t pause = INOS_ATTEMPT_FIRST_PAUSE, i = 0; i < 4; i++) {
    try (&attempt);
    inos_attempt_cancel (&attempt, clock_now);
    assert_wants (&attempt, INOS_ATTEMPT_KILL | INOS_ATTEMPT_WIPE);
    assert_int_equal (attempt.outcome, INOS_OUTCOME_STOPPED);
    /* What the one that was stopped still says is not heard. */
    result (&attempt, INOS_VERDICT_RIGHT);
    assert_wants (&attempt, 0);
    wait_out (&attempt, i < 2 ? INOS_ATTEMPT_FIRST_PAUSE : pause);
    pause = i < 2 ? pause : 2 * pause;
  }
}

static void enter_before_the_question_waits_for_it (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  submit (&attempt);
  assert_wants (&attempt, 0);
  assert_true (attempt.queued);
  say (&attempt, INOS_TALK_INFO, 0, "Place your finger on the reader");
  assert_string_equal (attempt.info, "Place your finger on the reader");
  ask (&attempt);
  assert_wants (&attempt, INOS_ATTEMPT_SEND);
  result (&attempt, INOS_VERDICT_WRONG);
  inos_attempt_take (&attempt);
  submit (&attempt);
  inos_attempt_cancel (&attempt, clock_now);
  assert_wants (&attempt, INOS_ATTEMPT_WIPE);
  ask (&attempt);
  assert_wants (&attempt, 0);
}

static void nothing_is_no_answer_to_a_secret_question (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  inos_attempt_submit (&attempt, true, clock_now);
  ask (&attempt);
  inos_attempt_submit (&attempt, true, clock_now);
  assert_wants (&attempt, 0);
  say (&attempt, INOS_TALK_ASK_SHOWN, 0, "Press Enter to go on");
  assert_true (attempt.echo);
  assert_wants (&attempt, INOS_ATTEMPT_WIPE);
  inos_attempt_submit (&attempt, true, clock_now);
  assert_wants (&attempt, INOS_ATTEMPT_SEND);
}

/* It was typed as a password: it is neither shown nor sent to who asks for something else. */
static void what_was_typed_hidden_is_no_answer_that_is_shown (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  inos_attempt_type (&attempt, clock_now);
  submit (&attempt);
  assert_true (attempt.queued);
  say (&attempt, INOS_TALK_ASK_SHOWN, 0, "Login:");
  assert_wants (&attempt, INOS_ATTEMPT_WIPE);
  assert_int_equal (attempt.phase, INOS_ATTEMPT_ASKED);
  assert_false (attempt.queued);
  assert_int_equal (inos_attempt_deadline (&attempt), -1);
}

static void several_questions_are_asked_after_each_other (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  try (&attempt);
  say (&attempt, INOS_TALK_ASK_SHOWN, 0, "Code:");
  assert_string_equal (attempt.prompt, "Code:");
  assert_wants (&attempt, INOS_ATTEMPT_WIPE);
  submit (&attempt);
  assert_wants (&attempt, INOS_ATTEMPT_SEND);
  result (&attempt, INOS_VERDICT_RIGHT);
  assert_wants (&attempt, unlocks);
}

static void a_finger_unlocks_without_a_key (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  say (&attempt, INOS_TALK_INFO, 0, "Place your finger on the reader");
  result (&attempt, INOS_VERDICT_RIGHT);
  assert_wants (&attempt, unlocks);
}

/* An account without a password: PAM says yes before anybody is there. */
static void who_asks_nothing_is_asked_again_at_enter (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  say (&attempt, INOS_TALK_WHO, 0, "Ada");
  result (&attempt, INOS_VERDICT_RIGHT);
  assert_wants (&attempt, INOS_ATTEMPT_KILL);
  assert_int_equal (attempt.phase, INOS_ATTEMPT_READY);
  assert_int_equal (inos_attempt_deadline (&attempt), -1);
  inos_attempt_submit (&attempt, true, clock_now);
  assert_wants (&attempt, INOS_ATTEMPT_WIPE | INOS_ATTEMPT_START);
  result (&attempt, INOS_VERDICT_RIGHT);
  assert_wants (&attempt, unlocks);
}

/* "Your password expires in 3 days" is said to nobody, too. */
static void words_about_the_account_do_not_unlock (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  say (&attempt, INOS_TALK_INFO, INOS_TALK_OF_ACCOUNT, "Your password expires in 3 days.");
  say (&attempt, INOS_TALK_ERROR, INOS_TALK_OF_ACCOUNT, "Change it.");
  result (&attempt, INOS_VERDICT_RIGHT);
  assert_wants (&attempt, INOS_ATTEMPT_KILL);
  assert_int_equal (attempt.phase, INOS_ATTEMPT_READY);
  assert_string_equal (attempt.info, "Your password expires in 3 days.");
  inos_attempt_submit (&attempt, true, clock_now);
  assert_wants (&attempt, INOS_ATTEMPT_WIPE | INOS_ATTEMPT_START);
  say (&attempt, INOS_TALK_INFO, INOS_TALK_OF_ACCOUNT, "Your password expires in 3 days.");
  result (&attempt, INOS_VERDICT_RIGHT);
  assert_wants (&attempt, unlocks);
}

/* Meanwhile it got one. */
static void a_wish_counts_for_one_conversation (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  result (&attempt, INOS_VERDICT_RIGHT);
  submit (&attempt);
  result (&attempt, INOS_VERDICT_BROKEN);
  inos_attempt_take (&attempt);
  wait_out (&attempt, INOS_ATTEMPT_BROKEN_PAUSE);
  result (&attempt, INOS_VERDICT_RIGHT);
  assert_wants (&attempt, INOS_ATTEMPT_KILL);
  assert_int_equal (attempt.phase, INOS_ATTEMPT_READY);
}

static void a_checker_that_dies_is_replaced_and_unlocks_nothing (void **state)
{
  static const int64_t pauses[] = {1000, 2000, 4000, 8000, 16000, 30000, 30000};
  struct inos_attempt attempt;
  begin (&attempt);
  for (size_t i = 0; i < G_N_ELEMENTS (pauses); i++) {
    inos_attempt_lost (&attempt, i % 2 ? INOS_OUTCOME_DIED : INOS_OUTCOME_NO_START, NULL,
                       clock_now);
    assert_wants (&attempt, INOS_ATTEMPT_KILL);
    assert_int_equal (attempt.phase, INOS_ATTEMPT_BROKEN);
    wait_out (&attempt, pauses[i]);
  }
  /* It works again: what was said of it is no longer said, and the next fault is a first one. */
  try (&attempt);
  assert_int_equal (attempt.outcome, INOS_OUTCOME_NONE);
  inos_attempt_lost (&attempt, INOS_OUTCOME_DIED, "shot", clock_now);
  assert_wants (&attempt, INOS_ATTEMPT_KILL | INOS_ATTEMPT_WIPE);
  assert_string_equal (attempt.reason, "shot");
  wait_out (&attempt, INOS_ATTEMPT_BROKEN_PAUSE);
  /* Who answered is told so until they type. */
  ask (&attempt);
  assert_int_equal (attempt.outcome, INOS_OUTCOME_DIED);
  inos_attempt_type (&attempt, clock_now);
  assert_int_equal (attempt.outcome, INOS_OUTCOME_NONE);
}

static void pam_that_refuses_at_once_is_not_asked_in_a_circle (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  for (int i = 0; i < 3; i++) {
    say (&attempt, INOS_TALK_ERROR, 0, "The account is locked.");
    result (&attempt, INOS_VERDICT_WRONG);
    assert_wants (&attempt, INOS_ATTEMPT_KILL);
    assert_int_equal (attempt.outcome, INOS_OUTCOME_REFUSED);
    assert_string_equal (attempt.error, "The account is locked.");
    assert_true (attempt.until >= clock_now + INOS_ATTEMPT_BROKEN_PAUSE);
    clock_now = attempt.until;
    inos_attempt_tick (&attempt, clock_now);
    inos_attempt_take (&attempt);
  }
}

static void what_was_typed_is_forgotten (void **state)
{
  struct inos_attempt attempt;
  begin (&attempt);
  ask (&attempt);
  inos_attempt_type (&attempt, clock_now);
  assert_int_equal (inos_attempt_deadline (&attempt), clock_now + INOS_ATTEMPT_FORGET);
  clock_now += INOS_ATTEMPT_FORGET;
  inos_attempt_tick (&attempt, clock_now);
  assert_wants (&attempt, INOS_ATTEMPT_WIPE);
  assert_int_equal (inos_attempt_deadline (&attempt), -1);
}

static void what_pam_says_is_one_line_of_text (void **state)
{
  char longest[INOS_TALK_TEXT_MAX + 1];
  struct inos_attempt attempt;
  begin (&attempt);
  say (&attempt, INOS_TALK_ERROR, 0, " two\nlines\033[31m and \xff\xfe a \u202eturn ");
  assert_true (g_utf8_validate (attempt.error, -1, NULL));
  assert_null (strpbrk (attempt.error, "\n\033"));
  assert_null (strstr (attempt.error, "\u202e"));
  say (&attempt, INOS_TALK_ERROR, 0, "نمی\u200cشود");
  assert_string_equal (attempt.error, "نمی\u200cشود");
  /* Each byte becomes three. */
  memset (longest, 0xff, sizeof longest - 1);
  longest[sizeof longest - 1] = 0;
  say (&attempt, INOS_TALK_INFO, 0, longest);
  assert_true (g_utf8_validate (attempt.info, -1, NULL));
  assert_true (strlen (attempt.info) <= INOS_TALK_TEXT_MAX);
}

/* Whatever comes in whatever order: it unlocks only after a result that is right. */
static void only_a_right_result_unlocks (void **state)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (37);
  for (int round = 0; round < 2000; round++) {
    struct inos_attempt attempt;
    bool right = false;
    begin (&attempt);
    for (int step = 0; step < 60 && attempt.phase != INOS_ATTEMPT_DONE; step++) {
      clock_now += g_rand_int_range (rand, 0, 3000);
      uint32_t verdict = (uint32_t)g_rand_int_range (rand, 0, INOS_VERDICTS);
      switch (g_rand_int_range (rand, 0, 8)) {
      case 0:
        ask (&attempt);
        break;
      case 1:
        right = verdict == INOS_VERDICT_RIGHT && attempt.phase <= INOS_ATTEMPT_CHECKING;
        say (&attempt, INOS_TALK_RESULT, verdict, "");
        break;
      case 2:
        inos_attempt_submit (&attempt, g_rand_boolean (rand), clock_now);
        break;
      case 3:
        inos_attempt_cancel (&attempt, clock_now);
        break;
      case 4:
        inos_attempt_lost (&attempt, INOS_OUTCOME_DIED, NULL, clock_now);
        break;
      case 5:
        inos_attempt_type (&attempt, clock_now);
        break;
      case 6:
        say (&attempt, INOS_TALK_ANSWER, 0, "");
        break;
      default:
        inos_attempt_tick (&attempt, clock_now);
      }
      unsigned int wanted = inos_attempt_take (&attempt);
      assert_int_equal (attempt.phase == INOS_ATTEMPT_DONE, (wanted & INOS_ATTEMPT_UNLOCK) != 0);
      assert_true (!(wanted & INOS_ATTEMPT_UNLOCK) || right);
      right = false;
    }
  }
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_right_password_unlocks),
    cmocka_unit_test (wrong_ones_do_not_and_cost_ever_more_time),
    cmocka_unit_test (pams_own_pause_is_kept),
    cmocka_unit_test (escape_is_no_way_around_the_pause),
    cmocka_unit_test (enter_before_the_question_waits_for_it),
    cmocka_unit_test (nothing_is_no_answer_to_a_secret_question),
    cmocka_unit_test (what_was_typed_hidden_is_no_answer_that_is_shown),
    cmocka_unit_test (several_questions_are_asked_after_each_other),
    cmocka_unit_test (a_finger_unlocks_without_a_key),
    cmocka_unit_test (who_asks_nothing_is_asked_again_at_enter),
    cmocka_unit_test (words_about_the_account_do_not_unlock),
    cmocka_unit_test (a_wish_counts_for_one_conversation),
    cmocka_unit_test (a_checker_that_dies_is_replaced_and_unlocks_nothing),
    cmocka_unit_test (pam_that_refuses_at_once_is_not_asked_in_a_circle),
    cmocka_unit_test (what_was_typed_is_forgotten),
    cmocka_unit_test (what_pam_says_is_one_line_of_text),
    cmocka_unit_test (only_a_right_result_unlocks),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
