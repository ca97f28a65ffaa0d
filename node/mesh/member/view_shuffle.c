/*
 * Neighbours exchange some of those that they know, over a walk at random, so that who was put
 * aside is somebody who was there lately.
 *
 * Source: Leitão, Pereira, Rodrigues: "HyParView", 2007, 4.4.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#define SHUFFLE_ACTIVE 3u
#define SHUFFLE_PASSIVE 4u
#define SHUFFLE_MAX (1 + SHUFFLE_ACTIVE + SHUFFLE_PASSIVE)
#define SHUFFLE_STEPS 3u

G_STATIC_ASSERT (SHUFFLE_MAX <= INOS_MEMBERS_HEARD);

/* Appends up to @n of each of the views, the neighbours first. */
static void put_some (struct inos_members *m, struct inos_buffer *out, unsigned n_active,
                      unsigned n_passive)
{
  unsigned at = inos_env_below (m->setup.env, INOS_VIEW_ACTIVE_MAX);

  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX && n_active > 0; i++) {
    const struct neighbor *neighbor = &m->view.active[(at + i) % INOS_VIEW_ACTIVE_MAX];
    if (neighbor->member) {
      inos_members_view_put (out, neighbor->member);
      n_active--;
    }
  }
  at = m->view.n_passive > 0 ? inos_env_below (m->setup.env, m->view.n_passive) : 0;
  for (unsigned i = 0; i < MIN (n_passive, m->view.n_passive); i++)
    inos_members_view_put (out, m->view.passive[(at + i) % m->view.n_passive]);
}

void inos_members_view_shuffle (struct inos_members *m)
{
  struct neighbor *to = inos_members_view_some (m, 0, 0);

  m->view.shuffle_at = now_of (m) + inos_members_jitter (m, INOS_VIEW_SHUFFLE_EVERY * 2 / 3);
  if (!to)
    return;
  struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_VIEW_SHUFFLE);
  inos_member_put_ttl (out, SHUFFLE_STEPS);
  inos_members_view_put (out, m->self);
  put_some (m, out, SHUFFLE_ACTIVE, SHUFFLE_PASSIVE);
  inos_members_send (m, &m->setup.messages, &to->id);
}

/*
 * Who was put aside is remembered long, and may have gone meanwhile. So whoever is of the sample
 * and only comes by this way is put aside here too, but not of the sample for it, nor told to
 * others, until it has answered or somebody says so who is asked what is new; and who has gone has
 * not come back by it.
 */
static struct inos_member *take_hearsay (struct inos_members *m, const struct heard *heard)
{
  const struct inos_member_claim *claim = &heard->claim;

  if (!claim->record || !heard->readable || !inos_members_samples (m, heard->tag))
    return inos_members_view_take (m, claim);
  struct inos_member *member = inos_members_lookup (m, heard->tag);
  if (member)
    return member->hearsay || !is_live (member) ? NULL : inos_members_view_take (m, claim);
  struct inos_member_record *record =
    inos_member_store_take (m->setup.store, claim->record, claim->record_len);
  if (!record) {
    m->stats.refused++;
    return NULL;
  }
  g_assert (record->tag == heard->tag); /* else one would be there twice */
  member = record->left ? NULL : inos_members_add (m, record);
  if (member) {
    inos_members_set_hearsay (m, member, true);
    inos_members_tell (m, INOS_MEMBER_JOINED, member);
  }
  inos_member_record_unref (m->setup.store, record);
  return member;
}

/* Those in @message are put aside. */
void inos_members_take_passive (struct inos_members *m, const struct inos_member_message *message)
{
  struct heard heard[INOS_MEMBERS_HEARD];
  size_t offset = 0;
  unsigned n = inos_members_hear (m, message, &offset, heard);

  for (unsigned i = 0; i < MIN (n, SHUFFLE_MAX) && m->partial; i++) {
    struct inos_member *member = take_hearsay (m, &heard[i]);
    if (!member)
      continue;
    inos_members_view_add_passive (m, member);
    inos_members_release (m, member);
  }
}

static void walk_on (struct inos_members *m, const struct inos_member_message *message,
                     const struct neighbor *to)
{
  struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_VIEW_SHUFFLE);
  struct inos_member_claim claim;
  size_t offset = 0;

  inos_member_put_ttl (out, MIN (message->ttl, INOS_VIEW_WALK) - 1);
  for (unsigned i = 0; i < SHUFFLE_MAX; i++)
    if (inos_member_message_claim (message, &offset, &claim) && claim.record)
      inos_member_put_claim (out, &claim);
  inos_members_send (m, &m->setup.messages, &to->id);
}

/* Whose walk it is stands first; it gets as many others back. */
static void reply (struct inos_members *m, const struct inos_member_message *message)
{
  struct inos_member_claim claim;
  size_t offset = 0;

  if (!inos_member_message_claim (message, &offset, &claim) || !claim.record)
    return;
  /* Only to know whom to answer: that record came by the same ways as the others. */
  struct inos_member_record *record =
    inos_member_store_take (m->setup.store, claim.record, claim.record_len);
  if (!record)
    return;
  struct inos_peer_id to = record->id;
  inos_member_record_unref (m->setup.store, record);
  if (inos_member_tag (&to) == m->tag)
    return;
  struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_VIEW_REPLY);
  put_some (m, out, 0, SHUFFLE_MAX);
  inos_members_send (m, &m->setup.messages, &to);
}

void inos_members_on_shuffle (struct inos_members *m, const struct inos_member_message *message,
                              const struct inos_peer_id *from)
{
  struct neighbor *next = inos_members_view_some (m, inos_member_tag (from), 0);

  if (!inos_members_neighbor (m, inos_member_tag (from))) {
    inos_members_view_refuse (m, from);
    return;
  }
  if (message->ttl > 1 && next) {
    walk_on (m, message, next);
    return;
  }
  reply (m, message);
  inos_members_take_passive (m, message);
}
