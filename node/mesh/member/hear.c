/*
 * The claims of a message, some at a time: each is looked up in a table and a tree that have gone
 * cold since the last message, so what they are about to look at is fetched for all of them at once
 * in place of one after the other.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

static void look (const struct inos_members *m, struct heard *heard)
{
  const struct inos_member_claim *claim = &heard->claim;

  heard->readable = !claim->record || inos_member_record_peek (claim->record, claim->record_len,
                                                               &heard->tag, &heard->incarnation);
  if (!claim->record) {
    heard->tag = claim->tag;
    heard->incarnation = claim->incarnation;
  }
  inos_members_fetch_slot (m, heard->tag);
  inos_members_tree_fetch (m, heard);
}

unsigned inos_members_hear (const struct inos_members *m, const struct inos_member_message *message,
                            size_t *offset, struct heard heard[INOS_MEMBERS_HEARD])
{
  unsigned n = 0;

  for (; n < INOS_MEMBERS_HEARD && inos_member_message_claim (message, offset, &heard[n].claim);
       n++) {
    heard[n].tag = heard[n].incarnation = 0;
    heard[n].after = *offset;
    look (m, &heard[n]);
  }
  for (unsigned i = 0; i < n && n > 1; i++) {
    __builtin_prefetch (inos_members_lookup (m, heard[i].tag));
    inos_members_tree_fetch_claim (m, &heard[i]);
  }
  return n;
}
