/*
 * Questions and answers of the join protocol as bytes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/join_message.h"
#include "node/mesh/wire/proto.h"
#include "tests/node/mesh/trust/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void test_question (void **state)
{
  struct fixture *f = fixture_new (1);
  struct inos_join_question question = {.kind = INOS_JOIN_JOIN, .has_secret = true}, read;
  struct inos_buffer out = {0};

  inos_roll_found (f->peers[0].roll, "one", NULL);
  question.consent = fixture_consent (f, 1, 0, 1);
  question.secret[3] = 9;
  inos_join_question_write (&out, &question);
  assert_true (inos_join_question_read (&read, inos_buffer_data (&out), inos_buffer_len (&out)));
  read.consent.subject = f->peers[1].id; /* who the connection proves it is */
  assert_true (read.has_secret && read.has_consent);
  assert_memory_equal (read.secret, question.secret, sizeof read.secret);
  assert_true (inos_consent_is_right (&read.consent, &f->peers[0].trust));
  for (size_t i = 0; i < inos_buffer_len (&out); i++)
    assert_false (inos_join_question_read (&read, inos_buffer_data (&out), i) && read.has_secret);
  inos_buffer_clear (&out);
  for (int kind = INOS_JOIN_ASK; kind <= INOS_JOIN_NUDGE; kind++) {
    question.kind = (enum inos_join_kind)kind;
    inos_join_question_write (&out, &question);
    assert_true (inos_join_question_read (&read, inos_buffer_data (&out), inos_buffer_len (&out)));
    assert_int_equal (read.kind, kind);
    inos_buffer_clear (&out);
  }
  fixture_free (f);
}

static void test_answer (void **state)
{
  static const uint8_t statements[] = {1, 2, 3};
  struct inos_join_answer answer = {.era = 4, .mesh = {{5}}}, read;
  struct inos_buffer out = {0};

  for (int said = INOS_JOIN_OFFERED; said <= INOS_JOIN_STRANGER; said++) {
    answer.state = (enum inos_join_state)said;
    answer.statements = statements;
    answer.statements_len = said == INOS_JOIN_MEMBER ? sizeof statements : 0;
    inos_join_answer_write (&out, &answer);
    assert_true (inos_join_answer_read (&read, inos_buffer_data (&out), inos_buffer_len (&out)));
    assert_int_equal (read.state, said);
    assert_int_equal (read.statements_len, answer.statements_len);
    if (said == INOS_JOIN_OFFERED)
      assert_true (read.era == 4 && read.mesh.bytes[0] == 5);
    inos_buffer_clear (&out);
  }
}

static void test_refuses (void **state)
{
  static const struct {
    const char *bytes;
    size_t len;
  } wrong[] = {
    {"", 0},                     /* no kind */
    {"\x08\x00", 2},             /* kind 0 */
    {"\x08\x09", 2},             /* a kind that there is not */
    {"\x08\x02", 2},             /* JOIN without anything */
    {"\x08\x03", 2},             /* SHOW of no mesh */
    {"\x08\x01\x12\x01x", 5},    /* a mesh of another size */
    {"\x08\x01\x18\x00", 4},     /* era 0 */
    {"\x08\x01\x22\x01\x1b", 5}, /* a name with a control character */
    {"\x08\x01\x12", 3},         /* cut off */
  };
  static const struct {
    const char *bytes;
    size_t len;
  } answers[] = {
    {"", 0}, {"\x08\x00", 2}, {"\x08\x0d", 2}, {"\x08\x01", 2}, {"\x08\x02\x12\x01x", 5}};
  struct inos_join_question question;
  struct inos_join_answer answer;

  for (size_t i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (inos_join_question_read (&question, wrong[i].bytes, wrong[i].len))
      fail_msg ("question %zu", i);
  for (size_t i = 0; i < G_N_ELEMENTS (answers); i++)
    if (inos_join_answer_read (&answer, answers[i].bytes, answers[i].len))
      fail_msg ("answer %zu", i);
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_question),
    cmocka_unit_test (test_answer),
    cmocka_unit_test (test_refuses),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
