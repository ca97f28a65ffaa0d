/*
 * Full views: who takes somebody for alive, or for a suspect, that has gone since is told so by
 * whom it says that to. Nothing else would: it is no news to those that know. In partial views such
 * things go along the tree again (claim.c, tree.c).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#define KNOWN_AFTER (10 * SECOND) /* that somebody is dead all should have heard after that */

void inos_members_note_gone (const struct inos_members *m, struct corrections *corrections,
                             enum inos_member_state state, uint64_t tag, uint64_t incarnation)
{
  const struct inos_member *member = inos_members_lookup (m, tag);

  if (m->partial || m->leaving || !member || is_live (member) || state == INOS_MEMBER_DEAD ||
      incarnation > member->record->incarnation || corrections->n == CORRECTIONS_MAX)
    return;
  /* Most hear at about the same time that somebody is suspected, and then that it is dead. */
  if (state == INOS_MEMBER_SUSPECT && member->state == INOS_MEMBER_DEAD &&
      now_of (m) - member->since < KNOWN_AFTER)
    return;
  corrections->items[corrections->n].tag = tag;
  corrections->items[corrections->n++].newer =
    member->state == INOS_MEMBER_LEFT || incarnation < member->record->incarnation;
}

static void put_correction (struct inos_members *m, struct inos_buffer *out,
                            const struct inos_member *member, bool newer)
{
  struct inos_member_claim record = {
    .state = INOS_MEMBER_ALIVE, .record = member->record->bytes, .record_len = member->record->len};
  struct inos_member_claim opinion = {.state = INOS_MEMBER_DEAD,
                                      .tag = member->record->tag,
                                      .incarnation = member->record->incarnation,
                                      .accuser = m->tag};
  bool dead = member->state == INOS_MEMBER_DEAD;
  size_t len =
    (newer ? inos_member_claim_size (&record) : 0) + (dead ? inos_member_claim_size (&opinion) : 0);

  if (inos_buffer_len (out) + len > INOS_MEMBER_DATAGRAM_MAX)
    return;
  if (newer)
    inos_member_put_claim (out, &record);
  if (dead)
    inos_member_put_claim (out, &opinion);
}

/* One datagram for one message, to whoever sent it and to nobody else: a liar gets out of it what
 * it has put in. That somebody is dead is only one more accuser to whom hears it. */
void inos_members_send_corrections (struct inos_members *m, const struct corrections *corrections,
                                    const struct inos_peer_id *to)
{
  if (corrections->n == 0)
    return;
  struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_GOSSIP);
  for (unsigned i = 0; i < corrections->n; i++) {
    const struct inos_member *member = inos_members_lookup (m, corrections->items[i].tag);
    if (member && !is_live (member))
      put_correction (m, out, member, corrections->items[i].newer);
  }
  inos_members_send (m, &m->setup.datagrams, to);
}
