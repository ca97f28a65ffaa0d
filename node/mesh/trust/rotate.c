/*
 * What a member says who gets another key.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/roll-private.h"
#include "node/mesh/trust/roll_message.h"

/* Whether the way from @entry to the founder leads through @other, or may do. */
static bool is_below (const struct inos_roll *roll, const struct inos_roll_entry *entry,
                      const struct inos_roll_entry *other)
{
  for (unsigned steps = 0; entry && steps <= INOS_ROLL_PATH_MAX; steps++) {
    if (entry->seated || inos_peer_id_equal (&entry->id, &other->id))
      return entry->seated ? other->seated : true;
    entry = inos_roll_find (roll, &entry->via);
  }
  return false;
}

bool inos_roll_has_room (const struct inos_roll *roll, unsigned ranks,
                         const struct inos_roll_entry *below)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, roll->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const struct inos_roll_entry *entry = value;
    if (entry->standing == INOS_STANDING_MEMBER &&
        (entry->path >= INOS_ROLL_PATH_MAX || entry->rank + ranks > INOS_ROLL_RANK_MAX) &&
        (!below || is_below (roll, entry, below)))
      return false;
  }
  return true;
}

/* The same in the name of @next: whom it let in, put out, or gave the seat. */
static void say_again (const struct inos_roll *roll, const struct inos_statement *said,
                       const struct inos_peer_id *next, const struct inos_statement_trust *signer,
                       struct inos_buffer *out)
{
  struct inos_statement again = *said;
  struct inos_buffer bytes = {0};

  again.author = *next;
  inos_statement_write (&bytes, &again, signer);
  inos_roll_message_add (out, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

static void hand_over (const struct inos_roll *roll, const struct inos_roll_entry *self,
                       const struct inos_peer_id *next, const struct inos_statement_trust *signer,
                       struct inos_buffer *out)
{
  const struct inos_statement statement = {.kind = INOS_STATEMENT_ROTATE,
                                           .mesh = roll->mesh,
                                           .author = self->id,
                                           .subject = *next,
                                           .era = self->rotations + 1,
                                           .time = inos_env_wall (roll->setup.env)};
  struct inos_buffer bytes = {0};

  inos_statement_write_rotation (&bytes, &statement, roll->setup.trust, signer);
  inos_roll_message_add (out, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

bool inos_roll_rotate (const struct inos_roll *roll, const struct inos_peer_id *next,
                       const struct inos_statement_trust *signer, struct inos_buffer *said)
{
  const struct inos_roll_entry *self = inos_roll_find (roll, &roll->setup.self);

  if (!self || self->standing != INOS_STANDING_MEMBER || inos_roll_find (roll, next) ||
      !inos_roll_has_room (roll, 0, self))
    return false;
  for (guint i = 0; i < roll->kept->len; i++) {
    const struct inos_statement *statement =
      &((const struct kept *)roll->kept->pdata[i])->statement;
    if (inos_peer_id_equal (&statement->author, &self->id) &&
        (statement->kind == INOS_STATEMENT_ADMIT || statement->kind == INOS_STATEMENT_REVOKE ||
         statement->kind == INOS_STATEMENT_PASS))
      say_again (roll, statement, next, signer, said);
  }
  hand_over (roll, self, next, signer, said);
  return true;
}
