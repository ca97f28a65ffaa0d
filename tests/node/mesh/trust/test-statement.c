/*
 * Statements as bytes: each has one form, and is its author's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/wire/proto.h"
#include "tests/node/mesh/trust/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void write_one (struct fixture *f, enum inos_statement_kind kind, struct inos_buffer *out)
{
  struct inos_statement statement = {
    .kind = kind, .author = f->peers[0].id, .time = 1234567890123, .nonce = {7}};
  struct inos_consent consent = fixture_consent (f, 1, 0, 3);

  statement.mesh = consent.mesh;
  if (kind == INOS_STATEMENT_ADMIT || kind == INOS_STATEMENT_REVOKE)
    statement.subject = f->peers[1].id;
  if (kind == INOS_STATEMENT_ADMIT || kind == INOS_STATEMENT_LEAVE)
    statement.era = 3;
  if (kind == INOS_STATEMENT_ADMIT)
    memcpy (statement.name, consent.name, sizeof consent.name);
  memcpy (statement.consent, consent.signature, sizeof consent.signature);
  inos_statement_write (out, &statement, &f->peers[0].trust);
}

static void test_round_trip (void **state)
{
  struct fixture *f = fixture_new (1);
  struct inos_statement statement;

  inos_roll_found (f->peers[0].roll, "one", NULL);
  for (int kind = INOS_STATEMENT_FOUND; kind <= INOS_STATEMENT_REVOKE; kind++) {
    struct inos_buffer out = {0};
    write_one (f, (enum inos_statement_kind)kind, &out);
    assert_true (inos_buffer_len (&out) <= INOS_STATEMENT_MAX);
    assert_true (inos_statement_read (&statement, inos_buffer_data (&out), inos_buffer_len (&out)));
    assert_int_equal (statement.kind, kind);
    assert_true (inos_statement_is_right (&statement, &f->peers[2].trust));
    assert_true (statement.time == 1234567890123);
    /* no bit of it may change, and no byte be missing */
    for (size_t i = 0; i < inos_buffer_len (&out); i++) {
      assert_false (inos_statement_read (&statement, inos_buffer_data (&out), i));
      inos_buffer_data (&out)[i] ^= 0x20;
      assert_false (
        inos_statement_read (&statement, inos_buffer_data (&out), inos_buffer_len (&out)) &&
        inos_statement_is_right (&statement, &f->peers[2].trust));
      inos_buffer_data (&out)[i] ^= 0x20;
    }
    inos_buffer_clear (&out);
  }
  fixture_free (f);
}

/* Right signatures do not help where fields are missing, twice, or of another kind. */
static void test_refuses (void **state)
{
  struct fixture *f = fixture_new (2);
  struct inos_statement statement;
  struct inos_buffer body = {0}, out = {0};
  const uint8_t *id = f->peers[0].id.bytes;
  uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE] = {0}, mesh[INOS_MESH_ID_SIZE] = {1};

  static const struct {
    uint32_t kind, subject, era;
    bool mesh, twice, consent, strange;
    bool right;
  } cases[] = {
    {INOS_STATEMENT_REVOKE, 1, 0, true, false, false, false, true},
    {INOS_STATEMENT_REVOKE, 0, 0, true, false, false, false, false}, /* nobody */
    {INOS_STATEMENT_REVOKE, 2, 0, true, false, false, false, false}, /* itself */
    {INOS_STATEMENT_REVOKE, 1, 1, true, false, false, false, false}, /* an era */
    {INOS_STATEMENT_REVOKE, 1, 0, false, false, false, false, false},
    {INOS_STATEMENT_REVOKE, 1, 0, true, true, false, false, false},
    {INOS_STATEMENT_REVOKE, 1, 0, true, false, true, false, false},
    {INOS_STATEMENT_REVOKE, 1, 0, true, false, false, true, false},
    {INOS_STATEMENT_LEAVE, 0, 1, true, false, false, false, true},
    {INOS_STATEMENT_LEAVE, 1, 1, true, false, false, false, false},
    {INOS_STATEMENT_LEAVE, 0, 0, true, false, false, false, false},
    {INOS_STATEMENT_LEAVE, 0, INOS_STATEMENT_ERA_MAX + 1, true, false, false, false, false},
    {INOS_STATEMENT_ADMIT, 1, 1, true, false, true, false, true},
    {INOS_STATEMENT_ADMIT, 1, 1, true, false, false, false, false},
    {INOS_STATEMENT_ADMIT, 1, 0, true, false, true, false, false},
    {INOS_STATEMENT_ADMIT, 2, 1, true, false, true, false, false},
    {INOS_STATEMENT_FOUND, 0, 0, true, false, false, false, false}, /* without a nonce */
    {9, 1, 0, true, false, false, false, false},
    {0, 1, 0, true, false, false, false, false},
  };
  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++) {
    inos_proto_put_number (&body, 1, cases[i].kind);
    if (cases[i].mesh)
      inos_proto_put_bytes (&body, 2, mesh, sizeof mesh);
    inos_proto_put_bytes (&body, 3, id, f->peers[0].id.len);
    if (cases[i].twice)
      inos_proto_put_bytes (&body, 3, id, f->peers[0].id.len);
    if (cases[i].subject > 0) {
      const struct inos_peer_id *subject = &f->peers[cases[i].subject % 2].id;
      inos_proto_put_bytes (&body, 4, subject->bytes, subject->len);
    }
    if (cases[i].era > 0)
      inos_proto_put_number (&body, 5, cases[i].era);
    if (cases[i].strange)
      inos_proto_put_number (&body, 31, 1);
    inos_proto_put_bytes (&out, 1, inos_buffer_data (&body), inos_buffer_len (&body));
    inos_proto_put_bytes (&out, 2, signature, sizeof signature);
    if (cases[i].consent)
      inos_proto_put_bytes (&out, 3, signature, sizeof signature);
    if (inos_statement_read (&statement, inos_buffer_data (&out), inos_buffer_len (&out)) !=
        cases[i].right)
      fail_msg ("case %zu", i);
    inos_buffer_clear (&body);
    inos_buffer_clear (&out);
  }
  fixture_free (f);
}

static void test_names (void **state)
{
  char name[INOS_STATEMENT_NAME_MAX + 1];
  g_autofree char *longer = g_strnfill (63, 'x');
  g_autofree char *cut = g_strconcat (longer, "é", NULL);

  inos_name_set (name, "my laptop");
  assert_string_equal (name, "my laptop");
  inos_name_set (name, "two\nlines");
  assert_string_equal (name, "");
  inos_name_set (name, "bad \xff");
  assert_string_equal (name, "bad ");
  inos_name_set (name, cut); /* not in the middle of a character */
  assert_string_equal (name, longer);
  assert_false (inos_name_is_good ("\x1b[2J", 4));
}

int main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_round_trip),
    cmocka_unit_test (test_refuses),
    cmocka_unit_test (test_names),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
