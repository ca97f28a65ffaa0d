/*
 * The tree along which neighbours pass on what is new. What comes first from a neighbour comes by a
 * branch of it; from whom something comes again, that one is asked to only say what it has (its
 * id), and is asked for it where it does not come by the tree in time. What is said within a moment
 * goes in one message.
 *
 * Source: Leitão, Pereira, Rodrigues: "Epidemic Broadcast Trees" (Plumtree), 2007.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#include <string.h>

/* By the tree a claim takes FLUSH_AFTER a step; others say what they have when it should have come
 * by it, and are asked for it when it should have come indeed: else each is asked for all, and is
 * a branch from then on, until it says again what has come meanwhile. */
#define FLUSH_AFTER (1 * SECOND)
#define FLUSH_SOON (100 * MILLISECOND) /* where somebody is called dead */
#define IDS_AFTER (3 * SECOND)
#define IDS_SOON (1 * SECOND)
#define MISSING_AFTER (5 * SECOND)
#define YOUNG (IDS_AFTER + MISSING_AFTER + 2 * SECOND) /* a claim may be asked for for so long */
#define REMEMBERED (30 * SECOND) /* longer than anything takes to reach everybody */
#define SIZE_FIRST 16u
#define PLACE_BITS 10u /* of an entry of the index */
#define PLACE_MASK ((1u << PLACE_BITS) - 1)
#define MESSAGE_ROOM (INOS_MEMBER_MESSAGE_MAX / 2)

G_STATIC_ASSERT (TREE_SEEN_MAX < 1u << PLACE_BITS);

/* Who accuses is no part of it: one such claim is enough. */
static uint64_t id_of (enum inos_member_state state, uint64_t tag, uint64_t incarnation)
{
  uint64_t id = tag ^ incarnation * UINT64_C (0x9fb21c651e98df25) ^ (uint64_t)state << 56;

  return (id ^ id >> 31) | 1;
}

/* An entry of the index: where a claim is, plus one, below a part of its id's hash, so that the
 * claims themselves are not looked at but for the right one. 0: free. */
static uint32_t entry_of (uint64_t id, unsigned i)
{
  return ((uint32_t)(id * UINT64_C (0x9e3779b97f4a7c15) >> 32) & ~PLACE_MASK) | (i + 1);
}

/* Where in the index an entry begins to be looked for: at worst, where a stranger has chosen the
 * ids, in as many steps as there are claims. */
static unsigned home_of (const struct tree *tree, uint32_t entry)
{
  return (entry >> PLACE_BITS) & (tree->size * 2 - 1);
}

static struct tree_claim *lookup (const struct inos_members *m, uint64_t id)
{
  const struct tree *tree = &m->tree;
  unsigned mask = tree->size * 2 - 1;
  uint32_t entry = entry_of (id, 0);

  if (tree->size == 0)
    return NULL;
  for (unsigned at = home_of (tree, entry); tree->index[at]; at = (at + 1) & mask) {
    struct tree_claim *claim = &tree->claims[(tree->index[at] & PLACE_MASK) - 1];
    if (((tree->index[at] ^ entry) & ~PLACE_MASK) == 0 && claim->id == id)
      return claim;
  }
  return NULL;
}

static void put_in_index (struct tree *tree, unsigned i)
{
  uint32_t entry = entry_of (tree->claims[i].id, i);
  unsigned at = home_of (tree, entry), mask = tree->size * 2 - 1;

  while (tree->index[at])
    at = (at + 1) & mask;
  tree->index[at] = entry;
}

/* Those behind it that may have been pushed on by it move up (Knuth, 6.4, algorithm R). */
static void take_from_index (struct tree *tree, unsigned i)
{
  uint32_t entry = entry_of (tree->claims[i].id, i);
  unsigned hole = home_of (tree, entry), mask = tree->size * 2 - 1;

  while (tree->index[hole] != entry)
    hole = (hole + 1) & mask;
  for (unsigned at = (hole + 1) & mask; tree->index[at]; at = (at + 1) & mask) {
    unsigned home = home_of (tree, tree->index[at]);
    if (((at - home) & mask) < ((at - hole) & mask))
      continue;
    tree->index[hole] = tree->index[at];
    hole = at;
  }
  tree->index[hole] = 0;
}

static void forget (struct inos_members *m, unsigned i)
{
  struct tree_claim *claim = &m->tree.claims[i];

  if (!claim->id)
    return;
  if (claim->record)
    inos_member_record_unref (m->setup.store, claim->record);
  g_free (claim->accusation);
  take_from_index (&m->tree, i);
  *claim = (struct tree_claim){0};
}

/* What was said long ago is not remembered: who says it again has a reason. */
static struct tree_claim *find (struct inos_members *m, uint64_t id)
{
  struct tree_claim *claim = lookup (m, id);

  if (!claim || now_of (m) - claim->at < REMEMBERED)
    return claim;
  forget (m, (unsigned)(claim - m->tree.claims));
  return NULL;
}

static bool is_seen (struct inos_members *m, uint64_t id)
{
  return find (m, id) || inos_members_past_has (m, id);
}

static uint64_t id_of_heard (const struct heard *heard)
{
  return id_of (heard->claim.state, heard->tag, heard->incarnation);
}

void inos_members_tree_fetch (const struct inos_members *m, const struct heard *heard)
{
  uint64_t id = id_of_heard (heard);

  if (m->tree.size > 0)
    __builtin_prefetch (&m->tree.index[home_of (&m->tree, entry_of (id, 0))]);
  inos_members_past_fetch (m, id);
}

void inos_members_tree_fetch_claim (const struct inos_members *m, const struct heard *heard)
{
  const struct tree *tree = &m->tree;
  uint32_t entry = entry_of (id_of_heard (heard), 0);

  if (tree->size == 0)
    return;
  for (unsigned at = home_of (tree, entry); tree->index[at]; at = (at + 1) & (tree->size * 2 - 1))
    if (((tree->index[at] ^ entry) & ~PLACE_MASK) == 0)
      __builtin_prefetch (&tree->claims[(tree->index[at] & PLACE_MASK) - 1]);
}

/* They keep their order: the oldest comes next again. */
static void grow (struct tree *tree)
{
  unsigned size = MAX (tree->size * 2, SIZE_FIRST);
  struct tree_claim *claims = g_new0 (struct tree_claim, size);

  for (unsigned i = 0; i < tree->size; i++)
    claims[i] = tree->claims[(tree->next + i) % tree->size];
  g_free (tree->claims);
  g_free (tree->index);
  tree->next = tree->size;
  tree->claims = claims;
  tree->size = size;
  tree->index = g_new0 (uint32_t, (gsize)size * 2);
  for (unsigned i = 0; i < size; i++)
    if (claims[i].id)
      put_in_index (tree, i);
}

/* Returns: (nullable): where the next claim goes; NULL: there are too many of late. @known: the
 * table knows what was said already. */
static struct tree_claim *place (struct inos_members *m, uint64_t id, bool known)
{
  struct tree *tree = &m->tree;
  bool full = tree->size == 0;

  if (!full) {
    g_assert (tree->claims);
    full = tree->claims[tree->next].id && now_of (m) - tree->claims[tree->next].at < YOUNG;
  }
  if (full && tree->size < TREE_SEEN_MAX)
    grow (tree);
  else if (full && !known)
    return NULL;
  unsigned i = tree->next;
  if (tree->claims[i].id)
    inos_members_past_put (m, tree->claims[i].id, tree->claims[i].at);
  forget (m, i);
  tree->next = (i + 1) % tree->size;
  tree->claims[i].id = id;
  put_in_index (tree, i);
  return &tree->claims[i];
}

/* What somebody says, or we say ourselves. */
struct said {
  enum inos_member_state state; /* ALIVE, of a record, or DEAD */
  struct inos_member_record *record;
  uint64_t tag, incarnation, accuser;
  uint64_t from; /* tag of the neighbour that says it; 0: nobody */
};

static uint64_t id_of_said (const struct said *what)
{
  return id_of (what->state, what->tag, what->incarnation);
}

static void add (struct inos_members *m, const struct said *what, bool known)
{
  uint64_t id = id_of_said (what);
  struct tree_claim *claim = find (m, id) ? NULL : place (m, id, known);

  if (!claim)
    return;
  if (what->record) {
    claim->record = inos_member_record_ref (what->record);
  } else {
    claim->accusation = g_new (struct tree_accusation, 1);
    *claim->accusation = (struct tree_accusation){what->tag, what->incarnation, what->accuser};
  }
  claim->from = what->from;
  claim->at = now_of (m);
  m->tree.number++;
  bool soon = what->state == INOS_MEMBER_DEAD || what->tag == m->tag;
  m->tree.flush_at = MIN (m->tree.flush_at, claim->at + (soon ? FLUSH_SOON : FLUSH_AFTER));
  m->tree.lazy_at = MIN (m->tree.lazy_at, claim->at + (soon ? IDS_SOON : IDS_AFTER));
}

void inos_members_tree_know (struct inos_members *m, const struct inos_member *member)
{
  const struct inos_member_record *record = member->record;

  if (m->partial && inos_members_may_sample (m, record->tag))
    inos_members_past_put (m, id_of (INOS_MEMBER_ALIVE, record->tag, record->incarnation),
                           now_of (m));
}

/* That somebody is suspected is between it and its neighbours. */
void inos_members_tree_spread (struct inos_members *m, const struct inos_member *member)
{
  const struct inos_member_record *record = member->record;
  bool says = member->state == INOS_MEMBER_ALIVE || member->state == INOS_MEMBER_LEFT;

  if (member->state == INOS_MEMBER_SUSPECT || !inos_members_may_sample (m, record->tag))
    return;
  add (m,
       &(struct said){.state = says ? INOS_MEMBER_ALIVE : INOS_MEMBER_DEAD,
                      .record = says ? member->record : NULL,
                      .tag = record->tag,
                      .incarnation = record->incarnation,
                      .accuser = member->accuser},
       true);
}

static struct inos_member_claim claim_of (const struct tree_claim *claim)
{
  if (claim->record)
    return (struct inos_member_claim){
      .state = INOS_MEMBER_ALIVE, .record = claim->record->bytes, .record_len = claim->record->len};
  return (struct inos_member_claim){.state = INOS_MEMBER_DEAD,
                                    .tag = claim->accusation->tag,
                                    .incarnation = claim->accusation->incarnation,
                                    .accuser = claim->accusation->accuser};
}

static void drop_missing (struct inos_members *m, unsigned i)
{
  m->asked.missing[i] = m->asked.missing[--m->tree.n_missing];
}

static void found (struct inos_members *m, uint64_t id)
{
  for (unsigned i = 0; i < m->tree.n_missing; i++)
    if (m->asked.missing[i].id == id) {
      drop_missing (m, i);
      return;
    }
}

/* What a claim is to who hears it. */
enum worth {
  WORTH_NEW,   /* it goes on to the other neighbours */
  WORTH_KNOWN, /* but not from a neighbour */
  WORTH_AGAIN, /* it came from a neighbour before: the two are not both of the tree */
};

static enum worth pass_on (struct inos_members *m, const struct said *what, bool news)
{
  uint64_t id = id_of_said (what);
  struct tree_claim *claim;

  found (m, id);
  if (!news && !inos_members_samples (m, what->tag) && inos_members_may_sample (m, what->tag) &&
      !inos_members_past_has (m, id))
    add (m, what, false); /* for those whose sample is larger */
  claim = find (m, id);
  if (!claim)
    inos_members_past_put (m, id, now_of (m)); /* nobody need tell it again */
  if (!claim || claim->from)
    return WORTH_KNOWN;
  claim->from = what->from;
  return WORTH_NEW;
}

/* Who says of somebody that has gone that it is there may have taken it in, where all others have
 * heard of late that it has gone and pass that on no more: it is told so itself. */
static void correct (struct inos_members *m, const struct said *what)
{
  const struct inos_member *member = inos_members_lookup (m, what->tag);
  const struct neighbor *from = inos_members_neighbor (m, what->from);

  if (!from || !member || is_live (member) || member->record->incarnation < what->incarnation)
    return;
  struct inos_member_claim claim = inos_members_claim_of (member);
  if (claim.record && member->record->incarnation == what->incarnation)
    return; /* it was its goodbye */
  struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_TREE);
  inos_member_put_claim (out, &claim);
  inos_members_send (m, &m->setup.messages, &from->id);
}

/* Whether the record @what is one that the table ought to have, and has not: it was here, and went
 * by since nobody here knew whom it is about, who was taken in since from an older one. */
static bool is_newer (const struct inos_members *m, const struct said *what)
{
  const struct inos_member *member = inos_members_lookup (m, what->tag);

  return member && member->record->incarnation < what->incarnation;
}

static enum worth take_record (struct inos_members *m, const struct heard *heard, uint64_t from)
{
  const struct inos_member_claim *claim = &heard->claim;
  struct said what = {
    .from = from, .state = INOS_MEMBER_ALIVE, .tag = heard->tag, .incarnation = heard->incarnation};

  if (heard->readable && is_seen (m, id_of_said (&what)) && !is_newer (m, &what)) {
    correct (m, &what);
    return WORTH_AGAIN;
  }
  what.record = inos_member_store_take (m->setup.store, claim->record, claim->record_len);
  if (!what.record) {
    m->stats.refused++;
    return WORTH_AGAIN;
  }
  what.tag = what.record->tag;
  what.incarnation = what.record->incarnation;
  bool news = inos_members_take_record (m, what.record);
  if (!news)
    correct (m, &what);
  enum worth worth = pass_on (m, &what, news);
  inos_member_record_unref (m->setup.store, what.record);
  return worth;
}

static enum worth take_accusation (struct inos_members *m, const struct inos_member_claim *claim,
                                   uint64_t from)
{
  struct said what = {.from = from,
                      .state = claim->state,
                      .tag = claim->tag,
                      .incarnation = claim->incarnation,
                      .accuser = claim->accuser};

  if (claim->state != INOS_MEMBER_DEAD)
    return WORTH_AGAIN;
  /* Also where it is said again: who took somebody for alive meanwhile is corrected so. */
  bool news = inos_members_accuse (m, claim->state, claim->tag, claim->incarnation, claim->accuser);
  if (find (m, id_of_said (&what)))
    return WORTH_AGAIN;
  if (news) /* here it is only suspected so far, but others are to hear it now */
    add (m, &what, true);
  return pass_on (m, &what, news);
}

/* Who mostly says what others have said is not on the tree. */
static void take_claims (struct inos_members *m, const struct inos_member_message *message,
                         struct neighbor *from)
{
  uint64_t tag = from->tag;
  unsigned n[WORTH_AGAIN + 1] = {0};
  struct heard heard[INOS_MEMBERS_HEARD];
  size_t offset = 0;

  for (unsigned some; (some = inos_members_hear (m, message, &offset, heard)) > 0;)
    for (unsigned i = 0; i < some; i++)
      n[heard[i].claim.record ? take_record (m, &heard[i], tag)
                              : take_accusation (m, &heard[i].claim, tag)]++;
  from = inos_members_neighbor (m, tag); /* it may have gone by what it said */
  if (!from || n[WORTH_NEW] + n[WORTH_AGAIN] == 0)
    return;
  bool lazy = n[WORTH_AGAIN] > n[WORTH_NEW];
  if (lazy && !from->prune) {
    from->prune = true;
    m->tree.flush_at = MIN (m->tree.flush_at, now_of (m) + FLUSH_AFTER);
  }
  from->lazy = lazy;
}

static bool is_missing (const struct inos_members *m, uint64_t id)
{
  for (unsigned i = 0; i < m->tree.n_missing; i++)
    if (m->asked.missing[i].id == id)
      return true;
  return false;
}

static void take_ids (struct inos_members *m, const struct inos_member_span *ids, uint64_t from)
{
  struct tree *tree = &m->tree;
  size_t offset = 0;
  uint64_t id;

  while (inos_member_span_number (ids, &offset, &id) && tree->n_missing < TREE_MISSING_MAX) {
    if (id == 0 || is_seen (m, id) || is_missing (m, id))
      continue;
    uint64_t deadline = now_of (m) + MISSING_AFTER;
    m->asked.missing[tree->n_missing++] =
      (struct tree_missing){.id = id, .deadline = deadline, .from = from};
    tree->missing_at = MIN (tree->missing_at, deadline);
  }
}

/* What it asks for again it gets, and by the tree from now on. */
static void take_grafts (struct inos_members *m, const struct inos_member_span *grafts,
                         struct neighbor *from)
{
  size_t offset = 0;
  uint64_t id;
  unsigned n = 0;

  if (grafts->len == 0)
    return;
  from->lazy = false;
  struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_TREE);
  while (inos_member_span_number (grafts, &offset, &id) && n < TREE_GRAFTS_MAX) {
    const struct tree_claim *claim = id ? find (m, id) : NULL;
    if (!claim)
      continue;
    struct inos_member_claim what = claim_of (claim);
    inos_member_put_claim (out, &what);
    n++;
  }
  if (n > 0)
    inos_members_send (m, &m->setup.messages, &from->id);
}

void inos_members_on_tree (struct inos_members *m, const struct inos_member_message *message,
                           const struct inos_peer_id *from)
{
  uint64_t tag = inos_member_tag (from);
  struct neighbor *neighbor = inos_members_neighbor (m, tag);

  if (!neighbor) {
    if (!m->leaving)
      inos_members_view_refuse (m, from);
    return;
  }
  if (message->flag)
    neighbor->lazy = true;
  take_grafts (m, &message->grafts, neighbor);
  take_ids (m, &message->ids, tag);
  take_claims (m, message, neighbor);
}

/* Returns: whether there is something in the message. */
static bool put_claims (struct inos_members *m, struct neighbor *to, struct inos_buffer *out,
                        struct inos_buffer *ids)
{
  const struct tree *tree = &m->tree;
  uint64_t tag = to->tag;
  unsigned n = 0, first = tree->size;

  /* They lie in the order of their numbers: those that it has not got are the last. */
  while (first > 0 && tree->number - to->flushed > tree->size - first &&
         tree->claims[(tree->next + first - 1) & (tree->size - 1)].id)
    first--;
  for (unsigned i = first; i < tree->size; i++) {
    unsigned at = (tree->next + i) & (tree->size - 1);
    const struct tree_claim *claim = &tree->claims[at];
    const struct tree_claim *later = &tree->claims[(at + 4) & (tree->size - 1)];
    if (later->record)
      inos_member_record_fetch (later->record);
    if (claim->from == tag)
      continue;
    n++;
    if (to->lazy || inos_buffer_len (out) > MESSAGE_ROOM) {
      inos_member_add_number (ids, claim->id);
      continue;
    }
    struct inos_member_claim what = claim_of (claim);
    inos_member_put_claim (out, &what);
  }
  to->flushed = tree->number;
  return n > 0;
}

static void flush_to (struct inos_members *m, struct neighbor *to)
{
  struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_TREE);

  m->room->lines.head = m->room->lines.tail = 0;
  bool some = put_claims (m, to, out, &m->room->lines);
  inos_member_put_ids (out, &m->room->lines);
  m->room->lines.head = m->room->lines.tail = 0;
  for (unsigned i = 0; i < to->n_grafts; i++)
    inos_member_add_number (&m->room->lines, m->asked.grafts[to - m->view.active][i]);
  inos_member_put_grafts (out, &m->room->lines);
  if (to->prune)
    inos_member_put_flag (out);
  if (some || to->n_grafts > 0 || to->prune)
    inos_members_send (m, &m->setup.messages, &to->id);
  to->n_grafts = 0;
  to->prune = false;
}

/* What did not come by the tree is asked for of whoever said that it has it. */
static void graft (struct inos_members *m)
{
  struct tree *tree = &m->tree;
  uint64_t now = now_of (m);

  tree->missing_at = INOS_NEVER;
  for (unsigned i = tree->n_missing; i > 0; i--) {
    struct tree_missing *missing = &m->asked.missing[i - 1];
    if (now < missing->deadline) {
      tree->missing_at = MIN (tree->missing_at, missing->deadline);
      continue;
    }
    struct neighbor *from = inos_members_neighbor (m, missing->from);
    if (from && from->n_grafts < TREE_GRAFTS_MAX) {
      from->lazy = false;
      from->prune = false;
      m->asked.grafts[from - m->view.active][from->n_grafts++] = missing->id;
      tree->flush_at = now;
    }
    drop_missing (m, i - 1);
  }
}

void inos_members_tree_tick (struct inos_members *m)
{
  uint64_t now = now_of (m);

  if (now >= m->tree.missing_at)
    graft (m);
  bool flush = now >= m->tree.flush_at, ids = now >= m->tree.lazy_at;
  if (flush)
    m->tree.flush_at = INOS_NEVER;
  if (ids)
    m->tree.lazy_at = INOS_NEVER;
  for (unsigned i = 0; i < INOS_VIEW_ACTIVE_MAX && (flush || ids); i++) {
    struct neighbor *neighbor = &m->view.active[i];
    if (neighbor->member && (neighbor->lazy && !neighbor->prune ? ids : flush))
      flush_to (m, neighbor);
  }
}

uint64_t inos_members_tree_deadline (const struct inos_members *m)
{
  return MIN (MIN (m->tree.flush_at, m->tree.lazy_at), m->tree.missing_at);
}

void inos_members_tree_finish (struct inos_members *m)
{
  for (unsigned i = 0; i < m->tree.size; i++)
    forget (m, i);
  g_clear_pointer (&m->tree.claims, g_free);
  g_clear_pointer (&m->tree.index, g_free);
  g_clear_pointer (&m->tree.past, g_free);
  m->tree.size = 0;
}
