/*
 * Neighbours: a few to whom one speaks (active), and some more to take their place (passive).
 * Whoever is one's neighbour has one as its own; walks at random bring in new ones, and neighbours
 * exchange some of those they know.
 *
 * Source: Leitão, Pereira, Rodrigues: "HyParView", 2007; its figures for 10,000 nodes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#include <string.h>

#define WALK_PASSIVE 3u /* steps left, where who walks is put aside */
#define MEND_EVERY (1 * SECOND)
#define MEND_SELDOM (10 * SECOND)
#define ENOUGH 3u /* neighbours that one can live with */
#define ASKED_FOR (3 * SECOND)

struct neighbor *inos_members_neighbor (struct inos_members *m, uint64_t tag)
{
  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX; i++) {
    struct neighbor *neighbor = &m->view.active[i];
    if (neighbor->member && neighbor->tag == tag)
      return neighbor;
  }
  return NULL;
}

unsigned inos_members_neighbors (const struct inos_members *m,
                                 const struct inos_member *neighbors[INOS_VIEW_ACTIVE_MAX])
{
  unsigned n = 0;

  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX; i++)
    if (m->view.active[i].member)
      neighbors[n++] = m->view.active[i].member;
  return n;
}

void inos_members_view_put (struct inos_buffer *out, const struct inos_member *member)
{
  inos_member_put_claim (out, &(struct inos_member_claim){.state = INOS_MEMBER_ALIVE,
                                                          .record = member->record->bytes,
                                                          .record_len = member->record->len});
}

static void send_plain (struct inos_members *m, enum inos_member_kind kind,
                        const struct inos_peer_id *to, bool flag)
{
  struct inos_buffer *out = inos_members_begin (m, kind);

  inos_members_view_put (out, m->self);
  if (flag)
    inos_member_put_flag (out);
  inos_members_send (m, &m->setup.messages, to);
}

static void forget_passive (struct inos_members *m, struct inos_member *member)
{
  struct view *view = &m->view;

  for (unsigned i = 0; i < view->n_passive; i++)
    if (view->passive[i] == member) {
      view->passive[i] = view->passive[--view->n_passive];
      break;
    }
  member->flags &= (uint8_t)~MEMBER_PASSIVE;
}

/* Somebody else may be in the table only for being in the view. */
static void drop_passive (struct inos_members *m, unsigned i)
{
  struct inos_member *member = m->view.passive[i];

  forget_passive (m, member);
  inos_members_release (m, member);
}

void inos_members_view_add_passive (struct inos_members *m, struct inos_member *member)
{
  struct view *view = &m->view;

  if (member == m->self || member->flags != 0 || !is_live (member))
    return;
  member->flags |= MEMBER_PASSIVE;
  if (view->n_passive == INOS_VIEW_PASSIVE_MAX)
    drop_passive (m, inos_env_below (m->setup.env, view->n_passive));
  view->passive[view->n_passive++] = member;
}

void inos_members_view_widen (struct inos_members *m, unsigned level)
{
  for (unsigned i = m->view.n_passive; i > 0; i--) {
    uint64_t tag = m->view.passive[i - 1]->record->tag;
    if (!inos_members_samples (m, tag) && inos_members_is_in_level (tag, level))
      drop_passive (m, i - 1);
  }
}

static void take_apart (struct inos_members *m, struct neighbor *neighbor)
{
  neighbor->member->flags &= (uint8_t)~MEMBER_ACTIVE;
  *neighbor = (struct neighbor){0};
  m->view.n_active--;
}

/* A neighbour no more, but still known. */
static void put_aside (struct inos_members *m, struct neighbor *neighbor)
{
  struct inos_member *member = neighbor->member;

  take_apart (m, neighbor);
  inos_members_view_add_passive (m, member);
  inos_members_release (m, member);
}

/* Neighbours of whom nobody says that they have gone. */
static unsigned count_sound (const struct inos_members *m)
{
  unsigned n = 0;

  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX; i++)
    n += m->view.active[i].member && m->view.active[i].member->state == INOS_MEMBER_ALIVE;
  return n;
}

/* Never the last one that came, who may have nobody else; who is suspected goes first. */
static void make_room (struct inos_members *m)
{
  struct neighbor *neighbor;

  if (m->view.n_active < INOS_VIEW_ACTIVE_MAX)
    return;
  neighbor = &m->view.active[inos_env_below (m->setup.env, INOS_VIEW_ACTIVE_MAX)];
  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX; i++)
    if (m->view.active[i].member->state == INOS_MEMBER_SUSPECT)
      neighbor = &m->view.active[i];
  send_plain (m, INOS_MEMBER_VIEW_GONE, &neighbor->id, false);
  put_aside (m, neighbor);
}

static bool has_branch (const struct inos_members *m)
{
  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX; i++)
    if (m->view.active[i].member && !m->view.active[i].lazy)
      return true;
  return false;
}

static void add_active (struct inos_members *m, struct inos_member *member)
{
  struct neighbor *place = m->view.active;

  if (member == m->self || member->flags & MEMBER_ACTIVE || !is_live (member))
    return;
  inos_members_set_hearsay (m, member, false);
  member->flags |= MEMBER_ACTIVE; /* so that nobody lets go of it meanwhile */
  make_room (m);
  forget_passive (m, member);
  while (place->member)
    place++;
  *place = (struct neighbor){.member = member,
                             .tag = member->record->tag,
                             .id = member->record->id,
                             .flushed = m->tree.number,
                             .lazy = has_branch (m)};
  m->view.n_active++;
}

/* Whoever is spoken of in @claim, who is added where nobody knows it. */
struct inos_member *inos_members_view_take (struct inos_members *m,
                                            const struct inos_member_claim *claim)
{
  struct inos_member_record *record =
    claim->record ? inos_member_store_take (m->setup.store, claim->record, claim->record_len)
                  : NULL;

  if (!record) {
    m->stats.refused++;
    return NULL;
  }
  inos_members_take_record (m, record);
  struct inos_member *member = inos_members_lookup (m, record->tag);
  if (!member && !record->left) {
    member = inos_members_add (m, record);
    if (member)
      inos_members_tell (m, INOS_MEMBER_JOINED, member);
  }
  if (member && (!inos_peer_id_equal (&member->record->id, &record->id) || !is_live (member)))
    member = NULL;
  inos_member_record_unref (m->setup.store, record);
  return member;
}

/* The first claim of @message, which has to be about @from itself. */
static struct inos_member *take_sender (struct inos_members *m,
                                        const struct inos_member_message *message,
                                        const struct inos_peer_id *from)
{
  struct inos_member_claim claim;
  size_t offset = 0;

  if (!inos_member_message_claim (message, &offset, &claim))
    return NULL;
  struct inos_member *member = inos_members_view_take (m, &claim);
  if (!member || inos_peer_id_equal (&member->record->id, from))
    return member;
  inos_members_release (m, member);
  return NULL;
}

struct neighbor *inos_members_view_some (struct inos_members *m, uint64_t but, uint64_t nor)
{
  unsigned at = inos_env_below (m->setup.env, INOS_VIEW_ACTIVE_MAX);

  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX; i++) {
    struct neighbor *neighbor = &m->view.active[(at + i) % INOS_VIEW_ACTIVE_MAX];
    if (neighbor->member && neighbor->tag != but && neighbor->tag != nor)
      return neighbor;
  }
  return NULL;
}

static void forward (struct inos_members *m, const struct inos_member *joiner,
                     const struct neighbor *to, unsigned ttl)
{
  struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_VIEW_FORWARD);

  inos_members_view_put (out, joiner);
  inos_member_put_ttl (out, ttl);
  inos_members_send (m, &m->setup.messages, &to->id);
}

static void on_join (struct inos_members *m, const struct inos_member_message *message,
                     const struct inos_peer_id *from)
{
  struct inos_member *joiner = take_sender (m, message, from);

  if (!joiner || !m->partial) {
    if (joiner)
      inos_members_release (m, joiner);
    return;
  }
  add_active (m, joiner);
  send_plain (m, INOS_MEMBER_VIEW_ANSWER, from, true);
  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX; i++)
    if (m->view.active[i].member && m->view.active[i].member != joiner)
      forward (m, joiner, &m->view.active[i], INOS_VIEW_WALK);
}

/* Returns: whether another one may be asked; its answer is then waited for. */
static bool expect (struct inos_members *m, uint64_t tag)
{
  uint64_t now = now_of (m);

  for (unsigned i = 0; i < ASKED_MAX; i++)
    if (m->view.asked[i].until <= now) {
      m->view.asked[i].tag = tag;
      m->view.asked[i].until = now + ASKED_FOR;
      return true;
    }
  return false;
}

static bool is_expected (struct inos_members *m, uint64_t tag)
{
  for (unsigned i = 0; i < ASKED_MAX; i++)
    if (m->view.asked[i].tag == tag && m->view.asked[i].until > now_of (m)) {
      m->view.asked[i].until = 0;
      return true;
    }
  return false;
}

static bool is_asked (const struct inos_members *m, uint64_t tag)
{
  for (unsigned i = 0; i < ASKED_MAX; i++)
    if (m->view.asked[i].tag == tag && m->view.asked[i].until > now_of (m))
      return true;
  return false;
}

static unsigned count_asked (const struct inos_members *m)
{
  unsigned n = 0;

  for (unsigned i = 0; i < ASKED_MAX; i++)
    n += m->view.asked[i].until > now_of (m);
  return n;
}

static void ask (struct inos_members *m, struct inos_member *member)
{
  if (!expect (m, member->record->tag))
    return;
  send_plain (m, INOS_MEMBER_VIEW_NEIGHBOR, &member->record->id, count_sound (m) < ENOUGH);
}

static void on_forward (struct inos_members *m, const struct inos_member_message *message,
                        const struct inos_peer_id *from)
{
  struct inos_member_claim claim;
  size_t offset = 0;

  if (!inos_members_neighbor (m, inos_member_tag (from)) ||
      !inos_member_message_claim (message, &offset, &claim))
    return;
  struct inos_member *joiner = inos_members_view_take (m, &claim);
  if (!joiner || joiner == m->self || joiner->flags & MEMBER_ACTIVE)
    return;
  struct neighbor *next = inos_members_view_some (m, inos_member_tag (from), joiner->record->tag);
  unsigned ttl = MIN (message->ttl, INOS_VIEW_WALK);
  if (ttl > 0 && next)
    forward (m, joiner, next, ttl - 1);
  if (ttl == 0 || !next) {
    inos_members_view_add_passive (m, joiner);
    ask (m, joiner);
  } else if (ttl == WALK_PASSIVE) {
    inos_members_view_add_passive (m, joiner);
  }
  inos_members_release (m, joiner);
}

/* Who has too few is never refused. */
static void on_neighbor (struct inos_members *m, const struct inos_member_message *message,
                         const struct inos_peer_id *from)
{
  struct inos_member *member = take_sender (m, message, from);

  if (!member)
    return;
  bool yes = m->partial && (message->flag || m->view.n_active < INOS_VIEW_ACTIVE_MAX ||
                            member->flags & MEMBER_ACTIVE);
  if (yes)
    add_active (m, member);
  else
    inos_members_view_add_passive (m, member);
  send_plain (m, INOS_MEMBER_VIEW_ANSWER, from, yes);
  inos_members_release (m, member);
}

static void on_answer (struct inos_members *m, const struct inos_member_message *message,
                       const struct inos_peer_id *from)
{
  if (!is_expected (m, inos_member_tag (from))) {
    if (message->flag && !inos_members_neighbor (m, inos_member_tag (from)))
      inos_members_view_refuse (m, from);
    return;
  }
  struct inos_member *member = take_sender (m, message, from);
  if (!member)
    return;
  if (message->flag && m->partial)
    add_active (m, member);
  else
    inos_members_view_add_passive (m, member);
  if (count_sound (m) < ENOUGH)
    m->view.mend_at = now_of (m);
  inos_members_release (m, member);
}

void inos_members_view_refuse (struct inos_members *m, const struct inos_peer_id *to)
{
  send_plain (m, INOS_MEMBER_VIEW_GONE, to, false);
}

/* Its record says whether it has left us, or the mesh. */
static void on_gone (struct inos_members *m, const struct inos_member_message *message,
                     const struct inos_peer_id *from)
{
  inos_members_take_claims (m, message, from);
  struct neighbor *neighbor = inos_members_neighbor (m, inos_member_tag (from));
  if (!neighbor)
    return;
  put_aside (m, neighbor);
  m->view.mend_at = now_of (m) + MEND_EVERY / 4;
}

void inos_members_on_view (struct inos_members *m, const struct inos_member_message *message,
                           const struct inos_peer_id *from)
{
  if (m->leaving)
    return;
  switch (message->kind) {
  case INOS_MEMBER_VIEW_JOIN:
    on_join (m, message, from);
    break;
  case INOS_MEMBER_VIEW_FORWARD:
    on_forward (m, message, from);
    break;
  case INOS_MEMBER_VIEW_NEIGHBOR:
    on_neighbor (m, message, from);
    break;
  case INOS_MEMBER_VIEW_ANSWER:
    on_answer (m, message, from);
    break;
  case INOS_MEMBER_VIEW_GONE:
    on_gone (m, message, from);
    break;
  case INOS_MEMBER_VIEW_SHUFFLE:
    inos_members_on_shuffle (m, message, from);
    break;
  default:
    inos_members_take_passive (m, message);
  }
}

void inos_members_view_join (struct inos_members *m, const struct inos_peer_id *contact)
{
  if (!m->partial)
    return;
  if (!expect (m, inos_member_tag (contact)))
    return;
  send_plain (m, INOS_MEMBER_VIEW_JOIN, contact, false);
}

/* From a full view to a partial one: some at random, of whom some become neighbours. */
void inos_members_view_start (struct inos_members *m)
{
  for (unsigned i = 0; i < INOS_VIEW_PASSIVE_MAX; i++) {
    struct inos_member *member = inos_members_choose (m, NULL, 0);
    if (member)
      inos_members_view_add_passive (m, member);
  }
  m->view.mend_at = now_of (m) + inos_members_jitter (m, MEND_EVERY);
  m->view.shuffle_at = now_of (m) + inos_members_jitter (m, INOS_VIEW_SHUFFLE_EVERY / 2);
}

void inos_members_view_lost (struct inos_members *m, struct inos_member *member)
{
  if (member->flags & MEMBER_PASSIVE)
    forget_passive (m, member);
  if (member->flags & MEMBER_ACTIVE) {
    take_apart (m, inos_members_neighbor (m, member->record->tag));
    m->view.mend_at = MIN (m->view.mend_at, now_of (m));
  }
}

/* Who was asked and said nothing is none to take a neighbour's place (HyParView, 4.3). Who
 * has no neighbour left may be the one that nobody hears, and keeps them. */
static void drop_silent (struct inos_members *m)
{
  uint64_t now = now_of (m);

  for (unsigned i = 0; i < ASKED_MAX; i++) {
    if (m->view.asked[i].until == 0 || m->view.asked[i].until > now)
      continue;
    struct inos_member *member = inos_members_lookup (m, m->view.asked[i].tag);
    m->view.asked[i].until = 0;
    if (member && member->flags & MEMBER_PASSIVE && m->view.n_active > 0) {
      forget_passive (m, member);
      inos_members_release (m, member);
    }
  }
}

/* Who might be a neighbour: one that was put aside, or else anybody of the sample. */
static struct inos_member *candidate (struct inos_members *m)
{
  const struct view *view = &m->view;
  struct inos_member *member = view->n_passive > 0
                                 ? view->passive[inos_env_below (m->setup.env, view->n_passive)]
                                 : inos_members_choose (m, NULL, 0);

  if (!member || member->flags & MEMBER_ACTIVE || is_asked (m, member->record->tag))
    return NULL;
  return member;
}

/* Another neighbour where there is room, or one that is doubted. One is asked at a time, and more
 * at once where there are too few: many may have gone together, also of those that are asked. */
static void mend (struct inos_members *m)
{
  struct view *view = &m->view;
  unsigned sound = count_sound (m), asked = count_asked (m);

  drop_silent (m);
  view->mend_at = now_of (m) + (sound < ENOUGH ? MEND_EVERY : MEND_SELDOM);
  if (!m->partial || sound == INOS_VIEW_ACTIVE_MAX)
    return;
  for (unsigned n = sound < ENOUGH ? ENOUGH - sound : 1; asked < n; asked++) {
    struct inos_member *member = candidate (m);
    if (member)
      ask (m, member);
  }
  if (view->n_active == 0 && view->n_passive == 0 && m->n_seeds > 0)
    inos_members_view_join (m, &m->seeds[inos_env_below (m->setup.env, m->n_seeds)]);
}

void inos_members_view_doubt (struct inos_members *m, const struct inos_member *member)
{
  if (member->flags & MEMBER_ACTIVE)
    m->view.mend_at = MIN (m->view.mend_at, now_of (m));
}

/* Back to a full view: neighbours are no longer needed. */
static void end (struct inos_members *m)
{
  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX; i++)
    if (m->view.active[i].member)
      put_aside (m, &m->view.active[i]);
  while (m->view.n_passive > 0)
    drop_passive (m, m->view.n_passive - 1);
  m->view.mend_at = m->view.shuffle_at = INOS_NEVER;
}

void inos_members_view_leave (struct inos_members *m)
{
  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX; i++)
    if (m->view.active[i].member)
      inos_members_view_refuse (m, &m->view.active[i].id);
  end (m);
}

void inos_members_view_tick (struct inos_members *m)
{
  uint64_t now = now_of (m);

  if (now < m->view.mend_at && now < m->view.shuffle_at)
    return;
  if (!m->partial) {
    end (m);
    return;
  }
  if (now >= m->view.mend_at)
    mend (m);
  if (now >= m->view.shuffle_at)
    inos_members_view_shuffle (m);
}

uint64_t inos_members_view_deadline (const struct inos_members *m)
{
  return MIN (m->view.mend_at, m->view.shuffle_at);
}

void inos_members_view_finish (struct inos_members *m)
{
  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX; i++)
    if (m->view.active[i].member)
      take_apart (m, &m->view.active[i]);
}
