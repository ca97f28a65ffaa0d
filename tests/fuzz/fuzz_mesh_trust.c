/*
 * Fuzz target of trust: statements, messages of the roll, proofs, questions and answers of the join
 * protocol, files of invitations, and codes. Signatures are not checked, so that statements get
 * further.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/invitations.h"
#include "node/mesh/trust/join_message.h"
#include "node/mesh/trust/roll_message.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static uint64_t now (void *data)
{
  return 1000000000;
}

static int64_t wall (void *data)
{
  return 1000000;
}

static void draw (void *data, void *bytes, size_t len)
{
  memset (bytes, 0x33, len);
}

static void sign (void *data, const void *bytes, size_t len,
                  uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE])
{
  memset (signature, 0x55, INOS_STATEMENT_SIGNATURE_SIZE);
}

static bool verify (void *data, const struct inos_peer_id *id, const void *bytes, size_t len,
                    const uint8_t signature[INOS_STATEMENT_SIGNATURE_SIZE])
{
  return true;
}

static const struct inos_mesh_env env = {NULL, now, wall, draw};
static const struct inos_statement_trust trust = {NULL, sign, verify};

static struct inos_peer_id id_of (uint8_t number)
{
  uint8_t key[32];

  memset (key, number, sizeof key);
  return inos_peer_id_of_key (key);
}

static struct inos_roll *new_roll (uint8_t self)
{
  return inos_roll_new (
    &(struct inos_roll_setup){.env = &env, .trust = &trust, .self = id_of (self)});
}

/* Two that have heard the same in another order are equal, and what is proven is so elsewhere. */
static void check_roll (struct inos_roll *roll)
{
  struct inos_roll *other = new_roll (9);
  g_autoptr (GPtrArray) entries = inos_roll_entries (roll);
  struct inos_roll_message_result result;
  struct inos_buffer all = {0};
  uint8_t one[32], same[32];

  if (inos_roll_count (roll) > INOS_ROLL_STATEMENTS_MAX)
    g_error ("more statements than there may be");
  inos_roll_write (roll, &all);
  if (!inos_roll_message_take (other, inos_buffer_data (&all), inos_buffer_len (&all), NULL,
                               &result))
    g_error ("what was written is not read");
  inos_roll_settle (other);
  inos_roll_digest (roll, one);
  inos_roll_digest (other, same);
  if (memcmp (one, same, sizeof one) != 0)
    g_error ("two that have heard the same differ");
  for (guint i = 0; i < entries->len; i++) {
    const struct inos_roll_entry *entry = entries->pdata[i];
    struct inos_buffer proof = {0};
    if (inos_roll_standing (other, &entry->id) != entry->standing)
      g_error ("they say other things of the same peer");
    if (inos_roll_prove (roll, &entry->id, &proof) &&
        inos_buffer_len (&proof) > INOS_ROLL_PROOF_MAX)
      g_error ("a proof is too long");
    inos_buffer_clear (&proof);
  }
  inos_buffer_clear (&all);
  inos_roll_free (other);
}

static void take_roll (const uint8_t *data, size_t size, bool proof)
{
  struct inos_roll *roll = new_roll (1);
  struct inos_roll_message_result result;
  struct inos_buffer news = {0};

  inos_roll_found (roll, "fuzz", NULL);
  if (proof)
    inos_roll_message_prove (roll, data, size, &news);
  else
    inos_roll_message_take (roll, data, size, &news, &result);
  inos_roll_settle (roll);
  check_roll (roll);
  inos_buffer_clear (&news);
  inos_roll_free (roll);
}

static void take_join (const uint8_t *data, size_t size)
{
  struct inos_join_question question, again;
  struct inos_join_answer answer, same;
  struct inos_buffer out = {0};

  if (inos_join_question_read (&question, data, size)) {
    inos_join_question_write (&out, &question);
    if (!inos_join_question_read (&again, inos_buffer_data (&out), inos_buffer_len (&out)) ||
        again.kind != question.kind)
      g_error ("a question changed on the way");
    inos_buffer_clear (&out);
  }
  if (inos_join_answer_read (&answer, data, size)) {
    inos_join_answer_write (&out, &answer);
    if (!inos_join_answer_read (&same, inos_buffer_data (&out), inos_buffer_len (&out)) ||
        same.state != answer.state)
      g_error ("an answer changed on the way");
    inos_buffer_clear (&out);
  }
}

static void take_rest (const uint8_t *data, size_t size)
{
  struct inos_invitations *invitations = inos_invitations_new (&env);
  g_autofree char *text = g_strndup (size > 0 ? (const char *)data : "", size);
  char again[INOS_CODE_TEXT_MAX];
  struct inos_code code;

  inos_invitations_read (invitations, data, size);
  if (inos_invitations_open (invitations) > INOS_INVITATIONS_MAX)
    g_error ("more invitations than there may be");
  inos_invitations_free (invitations);
  if (inos_code_read (&code, text) && !inos_code_write (&code, again))
    g_error ("a code that is read cannot be written");
}

/* What is read says the same when it is written again. */
static void take_statement (const uint8_t *data, size_t size)
{
  struct inos_statement statement, again;
  struct inos_buffer out = {0};

  if (!inos_statement_read (&statement, data, size))
    return;
  if (statement.kind == INOS_STATEMENT_ROTATE)
    inos_statement_write_rotation (&out, &statement, &trust, &trust);
  else
    inos_statement_write (&out, &statement, &trust);
  if (!inos_statement_read (&again, inos_buffer_data (&out), inos_buffer_len (&out)) ||
      again.kind != statement.kind || again.era != statement.era || again.time != statement.time ||
      !inos_peer_id_equal (&again.author, &statement.author) ||
      !inos_peer_id_equal (&again.subject, &statement.subject))
    g_error ("a statement changed on the way");
  inos_buffer_clear (&out);
}

/* The first byte says what the rest is. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size < 1)
    return 0;
  g_autofree uint8_t *exact = g_memdup2 (data + 1, size - 1);
  switch (data[0] % 5) {
  case 0:
    take_roll (exact, size - 1, false);
    break;
  case 1:
    take_roll (exact, size - 1, true);
    break;
  case 2:
    take_join (exact, size - 1);
    break;
  case 4:
    take_statement (exact, size - 1);
    break;
  default:
    take_rest (exact, size - 1);
  }
  return 0;
}

#ifdef FUZZ_MAIN

#include "driver.h"

static void add (GPtrArray *corpus, uint8_t what, struct inos_buffer *bytes)
{
  GByteArray *all = g_byte_array_new();

  g_byte_array_append (all, &what, 1);
  g_byte_array_append (all, inos_buffer_data (bytes), (guint)inos_buffer_len (bytes));
  g_ptr_array_add (corpus, g_byte_array_free_to_bytes (all));
  inos_buffer_clear (bytes);
}

static struct inos_consent consent_of (struct inos_roll *roll, uint8_t number)
{
  struct inos_consent consent = {
    .mesh = *inos_roll_mesh (roll), .subject = id_of (number), .era = 1, .name = "machine"};

  inos_consent_sign (&consent, &trust);
  return consent;
}

static void add_rolls (GPtrArray *corpus)
{
  struct inos_roll *roll = new_roll (1);
  struct inos_buffer out = {0};

  inos_roll_found (roll, "fuzz", NULL);
  for (uint8_t i = 2; i < 4; i++) {
    struct inos_consent consent = consent_of (roll, i);
    inos_roll_admit (roll, &consent, NULL);
  }
  struct inos_peer_id second = id_of (2), third = id_of (3);
  inos_roll_revoke (roll, &third, NULL);
  inos_roll_write (roll, &out);
  inos_roll_message_digest (&out, roll);
  add (corpus, 0, &out);
  inos_roll_prove (roll, &second, &out);
  add (corpus, 1, &out);
  inos_roll_free (roll);
}

/* The founder and whom it let in get other keys. */
static void add_rotations (GPtrArray *corpus)
{
  struct inos_roll *roll = new_roll (1), *other = new_roll (2);
  struct inos_consent consent;
  struct inos_peer_id fourth = id_of (4), fifth = id_of (5);
  struct inos_roll_message_result result;
  struct inos_buffer out = {0};

  inos_roll_found (roll, "fuzz", NULL);
  consent = consent_of (roll, 2);
  inos_roll_admit (roll, &consent, NULL);
  inos_roll_write (roll, &out);
  inos_roll_message_take (other, inos_buffer_data (&out), inos_buffer_len (&out), NULL, &result);
  inos_roll_settle (other);
  inos_roll_rotate (roll, &fourth, &trust, &out);
  inos_roll_rotate (other, &fifth, &trust, &out);
  add (corpus, 0, &out);
  inos_roll_rotate (roll, &fourth, &trust, &out);
  add (corpus, 1, &out);
  const struct inos_statement statement = {
    .kind = INOS_STATEMENT_ROTATE, .author = id_of (1), .subject = fifth, .era = 1, .time = 1000};
  inos_statement_write_rotation (&out, &statement, &trust, &trust);
  add (corpus, 4, &out);
  inos_roll_free (roll);
  inos_roll_free (other);
}

static void add_joins (GPtrArray *corpus)
{
  struct inos_roll *roll = new_roll (1);
  struct inos_join_question question = {.kind = INOS_JOIN_JOIN, .has_secret = true};
  struct inos_join_answer answer = {.state = INOS_JOIN_OFFERED, .era = 1};
  struct inos_buffer out = {0};

  inos_roll_found (roll, "fuzz", NULL);
  question.consent = consent_of (roll, 2);
  answer.mesh = *inos_roll_mesh (roll);
  inos_join_question_write (&out, &question);
  add (corpus, 2, &out);
  inos_join_answer_write (&out, &answer);
  add (corpus, 2, &out);
  inos_roll_free (roll);
}

static GPtrArray *make_corpus (void)
{
  GPtrArray *corpus = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  struct inos_invitations *invitations = inos_invitations_new (&env);
  struct inos_code code = {.inviter = id_of (1), .expires = 60000, .n_addresses = 1};
  struct inos_buffer out = {0};
  char text[INOS_CODE_TEXT_MAX];
  int64_t expires;

  add_rolls (corpus);
  add_joins (corpus);
  add_rotations (corpus);
  inos_invitations_add (invitations, 1000, 2, true, code.secret, &expires);
  inos_invitations_write (invitations, &out);
  add (corpus, 3, &out);
  inos_multiaddr_parse (&code.addresses[0], "/ip4/192.0.2.1/tcp/4630", NULL);
  inos_code_write (&code, text);
  inos_buffer_append (&out, text, strlen (text));
  add (corpus, 3, &out);
  inos_invitations_free (invitations);
  return corpus;
}

int main (int argc, char **argv)
{
  return fuzz_main (argc, argv, "mesh_trust", make_corpus());
}

#endif
