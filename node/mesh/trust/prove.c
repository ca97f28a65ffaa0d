/*
 * What a peer's standing follows from, for those who do not have the roll.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/trust/roll-private.h"
#include "node/mesh/trust/roll_message.h"

static void add_kept (const struct inos_roll *roll, enum inos_statement_kind kind,
                      const struct inos_peer_id *author, const struct inos_peer_id *subject,
                      struct inos_buffer *out)
{
  const struct kept *one = inos_roll_kept (roll, kind, author, subject);

  if (one)
    inos_roll_message_add (out, one->bytes, one->len);
}

/* What @id's rank follows from, the founder's first. */
static void add_chain (const struct inos_roll *roll, const struct inos_roll_entry *entry,
                       struct inos_buffer *out)
{
  const struct inos_roll_entry *chain[INOS_ROLL_PATH_MAX + 1];
  unsigned n = 0;

  while (entry && inos_peer_id_is_set (&entry->via) && n <= INOS_ROLL_PATH_MAX) {
    chain[n++] = entry;
    entry = inos_roll_find (roll, &entry->via);
  }
  while (n-- > 0)
    add_kept (roll, chain[n]->took_over ? INOS_STATEMENT_ROTATE : INOS_STATEMENT_ADMIT,
              &chain[n]->via, &chain[n]->id, out);
}

/* Of one who is a member, or was: with whose word it has its rank somebody else may have let it in
 * again. */
static void add_membership (const struct inos_roll *roll, const struct inos_roll_entry *entry,
                            struct inos_buffer *out)
{
  add_chain (roll, entry, out);
  if (inos_peer_id_is_set (&entry->by) && !inos_peer_id_equal (&entry->by, &entry->via)) {
    add_chain (roll, inos_roll_find (roll, &entry->by), out);
    add_kept (roll, INOS_STATEMENT_ADMIT, &entry->by, &entry->under, out);
  }
  add_kept (roll, INOS_STATEMENT_LEAVE, &entry->id, &entry->id, out);
}

bool inos_roll_prove (const struct inos_roll *roll, const struct inos_peer_id *id,
                      struct inos_buffer *out)
{
  const struct inos_roll_entry *entry = inos_roll_find (roll, id);

  if (!entry || entry->standing == INOS_STANDING_STRANGER)
    return false;
  add_kept (roll, INOS_STATEMENT_FOUND, &roll->founder, &roll->founder, out);
  if (entry->standing == INOS_STANDING_REVOKED) {
    add_chain (roll, inos_roll_find (roll, &entry->by), out);
    add_kept (roll, INOS_STATEMENT_REVOKE, &entry->by, &entry->under, out);
    return true;
  }
  add_membership (roll, entry, out);
  if (entry->standing == INOS_STANDING_REPLACED)
    add_kept (roll, INOS_STATEMENT_ROTATE, id, &entry->next, out);
  return true;
}
