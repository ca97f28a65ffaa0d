/*
 * What this node says in a roll: whom it lets in and puts out, to whom it gives the seat, and that
 * it leaves. Its hand-overs: rotate.c.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/roll-private.h"
#include "node/mesh/trust/roll_message.h"

#include <string.h>

static void say (struct inos_roll *roll, struct inos_statement *statement, struct inos_buffer *said)
{
  struct inos_buffer bytes = {0};

  statement->author = roll->setup.self;
  statement->time = inos_env_wall (roll->setup.env);
  if (statement->kind != INOS_STATEMENT_FOUND)
    statement->mesh = roll->mesh;
  inos_statement_write (&bytes, statement, roll->setup.trust);
  if (inos_roll_take (roll, inos_buffer_data (&bytes), inos_buffer_len (&bytes)) == INOS_ROLL_NEW &&
      said)
    inos_roll_message_add (said, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

void inos_roll_found (struct inos_roll *roll, const char *name, struct inos_buffer *said)
{
  struct inos_statement statement = {.kind = INOS_STATEMENT_FOUND};

  inos_name_set (statement.name, name);
  inos_env_random (roll->setup.env, statement.nonce, sizeof statement.nonce);
  say (roll, &statement, said);
  inos_roll_settle (roll);
}

static bool is_member (const struct inos_roll *roll, const struct inos_peer_id *id)
{
  return inos_roll_standing (roll, id) == INOS_STANDING_MEMBER;
}

static void say_admit (struct inos_roll *roll, const struct inos_consent *consent,
                       struct inos_buffer *said)
{
  struct inos_statement statement = {
    .kind = INOS_STATEMENT_ADMIT, .subject = consent->subject, .era = consent->era};

  memcpy (statement.name, consent->name, sizeof statement.name);
  memcpy (statement.consent, consent->signature, sizeof statement.consent);
  say (roll, &statement, said);
}

bool inos_roll_admit (struct inos_roll *roll, const struct inos_consent *consent,
                      struct inos_buffer *said)
{
  const struct inos_roll_entry *self = inos_roll_find (roll, &roll->setup.self);

  if (!is_member (roll, &roll->setup.self) || self->rank >= INOS_ROLL_RANK_MAX ||
      is_member (roll, &consent->subject) || consent->era == 0 ||
      consent->era != inos_roll_era (roll, &consent->subject) ||
      memcmp (&consent->mesh, &roll->mesh, sizeof roll->mesh) != 0 ||
      !inos_consent_is_right (consent, roll->setup.trust))
    return false;
  say_admit (roll, consent, said);
  inos_roll_settle (roll);
  return true;
}

bool inos_roll_may_revoke (const struct inos_roll *roll, const struct inos_peer_id *id)
{
  const struct inos_roll_entry *self = inos_roll_find (roll, &roll->setup.self);
  const struct inos_roll_entry *entry = inos_roll_find (roll, id);

  return is_member (roll, &roll->setup.self) && !inos_peer_id_equal (id, &roll->setup.self) &&
         (!entry || (entry->rank > self->rank && entry->standing != INOS_STANDING_REPLACED));
}

/* Who has the seat is above whoever let it in under an id from before. */
static bool is_own_earlier (const struct inos_roll *roll, const struct inos_statement *admission)
{
  return inos_peer_id_equal (&roll->holder, &roll->setup.self) &&
         !inos_peer_id_equal (&admission->subject, &roll->setup.self);
}

/* Those whom @id has admitted and who are members are this node's from now on. */
static void adopt (struct inos_roll *roll, const struct inos_peer_id *id, struct inos_buffer *said)
{
  g_autoptr (GPtrArray) theirs = g_ptr_array_new();

  for (guint i = 0; i < roll->kept->len; i++) {
    struct kept *one = roll->kept->pdata[i];
    const struct inos_statement *statement = &one->statement;
    const struct inos_peer_id *latest = inos_roll_latest (roll, &statement->subject);
    if (statement->kind == INOS_STATEMENT_ADMIT && inos_peer_id_equal (&statement->author, id) &&
        is_member (roll, latest) &&
        (!inos_peer_id_equal (latest, &roll->setup.self) || is_own_earlier (roll, statement)))
      g_ptr_array_add (theirs, g_memdup2 (statement, sizeof *statement));
  }
  g_ptr_array_set_free_func (theirs, g_free);
  for (guint i = 0; i < theirs->len; i++) {
    const struct inos_statement *statement = theirs->pdata[i];
    struct inos_consent consent = {.subject = statement->subject, .era = statement->era};
    memcpy (consent.name, statement->name, sizeof consent.name);
    memcpy (consent.signature, statement->consent, sizeof consent.signature);
    say_admit (roll, &consent, said);
  }
}

/* Its earlier ids too: whoever does not know of its hand-overs would believe its old key, which it
 * may have still. */
static void revoke_all (struct inos_roll *roll, const struct inos_peer_id *id,
                        struct inos_buffer *said)
{
  struct inos_peer_id ids[INOS_ROLL_PATH_MAX + 1] = {*id};
  unsigned n = 1;

  for (const struct inos_roll_entry *entry = inos_roll_find (roll, id);
       entry && entry->took_over && n <= INOS_ROLL_PATH_MAX;
       entry = inos_roll_find (roll, &entry->via))
    ids[n++] = entry->via;
  for (unsigned i = 0; i < n; i++) {
    struct inos_statement statement = {.kind = INOS_STATEMENT_REVOKE, .subject = ids[i]};
    say (roll, &statement, said);
  }
}

/* Who was put out by one who had the seat stays out when that one is. */
static void put_out_again (struct inos_roll *roll, const struct inos_peer_id *id,
                           struct inos_buffer *said)
{
  g_autoptr (GArray) theirs = g_array_new (FALSE, FALSE, sizeof (struct inos_peer_id));

  if (!inos_roll_had_seat (roll, id))
    return;
  for (guint i = 0; i < roll->kept->len; i++) {
    const struct inos_statement *statement =
      &((const struct kept *)roll->kept->pdata[i])->statement;
    if (statement->kind == INOS_STATEMENT_REVOKE && inos_peer_id_equal (&statement->author, id) &&
        inos_roll_standing (roll, &statement->subject) == INOS_STANDING_REVOKED)
      g_array_append_val (theirs, statement->subject);
  }
  for (guint i = 0; i < theirs->len; i++) {
    struct inos_statement statement = {.kind = INOS_STATEMENT_REVOKE,
                                       .subject = g_array_index (theirs, struct inos_peer_id, i)};
    say (roll, &statement, said);
  }
}

bool inos_roll_revoke (struct inos_roll *roll, const struct inos_peer_id *id,
                       struct inos_buffer *said)
{
  const struct inos_peer_id whom = *id;

  if (!inos_roll_may_revoke (roll, &whom))
    return false;
  adopt (roll, &whom, said);
  put_out_again (roll, &whom, said);
  revoke_all (roll, &whom, said);
  inos_roll_settle (roll);
  return true;
}

bool inos_roll_pass (struct inos_roll *roll, const struct inos_peer_id *id,
                     struct inos_buffer *said)
{
  const struct inos_roll_entry *entry = inos_roll_find (roll, id);
  struct inos_statement statement = {
    .kind = INOS_STATEMENT_PASS, .subject = *id, .number = roll->n_passed + 1};

  if (!is_member (roll, &roll->setup.self) || !is_member (roll, id) ||
      inos_peer_id_equal (id, &roll->setup.self) ||
      !inos_peer_id_equal (&roll->holder, &roll->setup.self) || !inos_roll_has_room (roll, 1, NULL))
    return false;
  statement.era = entry->era;
  memcpy (statement.name, entry->name, sizeof statement.name);
  say (roll, &statement, said);
  inos_roll_settle (roll);
  return true;
}

bool inos_roll_leave (struct inos_roll *roll, struct inos_buffer *said)
{
  const struct inos_roll_entry *self = inos_roll_find (roll, &roll->setup.self);
  struct inos_statement statement = {.kind = INOS_STATEMENT_LEAVE};

  if (!is_member (roll, &roll->setup.self))
    return false;
  statement.subject = roll->setup.self;
  statement.era = self->era;
  say (roll, &statement, said);
  inos_roll_settle (roll);
  return true;
}
