/*
 * Who is known.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#include <sanitizer/asan_interface.h> /* which does nothing where that does not look */
#include <string.h>

#define INDEX_FIRST 16u
#define SETTLED_AFTER (30 * SECOND) /* an estimate is worth something after that */
#define SAMPLE_PARTS 4u             /* a sample of less than a fourth is too small to count by */
#define EDGE_PARTS 3u               /* a sample that has a third of what it may is large enough */
#define SKEWED_LEAST 8u             /* in a sample of which is said that it is one of fewer */

static uint64_t mix (uint64_t x)
{
  x ^= x >> 32; /* the finaliser of MurmurHash3's 64 bits, with other shifts */
  x *= UINT64_C (0xd6e8feb86659fd93);
  x ^= x >> 32;
  x *= UINT64_C (0xd6e8feb86659fd93);
  return x ^ x >> 32;
}

bool inos_members_samples (const struct inos_members *m, uint64_t tag)
{
  return inos_members_is_in_level (tag, m->level);
}

bool inos_members_may_sample (const struct inos_members *m, uint64_t tag)
{
  return m->level <= 1 || tag >> (65 - m->level) == 0;
}

static unsigned place_of (const struct inos_members *m, uint64_t tag)
{
  return (unsigned)mix (tag ^ m->index_key) & (m->n_index - 1);
}

struct inos_member *inos_members_lookup (const struct inos_members *m, uint64_t tag)
{
  unsigned i = place_of (m, tag);

  while (m->index[i].member && m->index[i].tag != tag)
    i = (i + 1) & (m->n_index - 1);
  return m->index[i].member;
}

void inos_members_fetch_slot (const struct inos_members *m, uint64_t tag)
{
  __builtin_prefetch (&m->index[place_of (m, tag)]);
}

static void put_in_index (struct inos_members *m, struct slot slot)
{
  unsigned i = place_of (m, slot.tag);

  while (m->index[i].member)
    i = (i + 1) & (m->n_index - 1);
  m->index[i] = slot;
}

static void grow_index (struct inos_members *m)
{
  struct slot *old = m->index;
  unsigned n_old = m->n_index;

  m->n_index = MAX (n_old * 2, INDEX_FIRST * 2);
  m->index = g_new0 (struct slot, m->n_index);
  for (unsigned i = 0; i < n_old; i++)
    if (old[i].member)
      put_in_index (m, old[i]);
  g_free (old);
}

/* Those behind it that may have been pushed on by it move up (Knuth, 6.4, algorithm R). */
static void take_from_index (struct inos_members *m, const struct inos_member *member)
{
  unsigned mask = m->n_index - 1, hole = place_of (m, member->record->tag);

  while (m->index[hole].member != member)
    hole = (hole + 1) & mask;
  for (unsigned i = (hole + 1) & mask; m->index[i].member; i = (i + 1) & mask) {
    unsigned home = place_of (m, m->index[i].tag);
    if (((i - home) & mask) < ((i - hole) & mask))
      continue;
    m->index[hole] = m->index[i];
    hole = i;
  }
  m->index[hole].member = NULL;
}

/* Its part of the digest: what was heard of it last. */
static uint64_t mark_of (const struct inos_member *member)
{
  const struct inos_member_record *record = member->record;

  return mix (record->tag ^ mix (record->incarnation)) | 1;
}

static void unmark (struct inos_members *m, struct inos_member *member)
{
  if (member->marked) {
    m->digest ^= mark_of (member);
    m->n_sampled--;
  }
  m->n_live -= is_live (member);
  m->n_suspects -= member->state == INOS_MEMBER_SUSPECT;
  m->n_gone -= !is_live (member);
}

static void mark (struct inos_members *m, struct inos_member *member)
{
  member->marked =
    is_live (member) && !member->hearsay && inos_members_samples (m, member->record->tag);
  if (member->marked) {
    m->digest ^= mark_of (member);
    m->n_sampled++;
  }
  m->n_live += is_live (member);
  m->n_suspects += member->state == INOS_MEMBER_SUSPECT;
  m->n_gone += !is_live (member);
}

static void swap (struct inos_members *m, unsigned i, unsigned j)
{
  struct inos_member *member = m->order[i];

  m->order[i] = m->order[j];
  m->order[j] = member;
  m->order[i]->at = i;
  m->order[j]->at = j;
}

static void forget (struct inos_members *m, struct inos_member *member)
{
  inos_member_record_unref (m->setup.store, member->record);
  g_free (member->suspicion);
  member->next = m->unused;
  m->unused = member;
  ASAN_POISON_MEMORY_REGION (member, sizeof *member);
}

static void add_block (struct inos_members *m)
{
  struct member_block *block =
    g_aligned_alloc (1, sizeof (struct member_block), _Alignof (struct member_block));

  block->next = m->blocks;
  m->blocks = block;
  m->n_blocks++;
  for (unsigned i = MEMBERS_OF_BLOCK; i > 0; i--) {
    block->members[i - 1].next = m->unused;
    m->unused = &block->members[i - 1];
  }
  ASAN_POISON_MEMORY_REGION (block->members, sizeof block->members);
}

static struct inos_member *make (struct inos_members *m)
{
  if (!m->unused)
    add_block (m);
  struct inos_member *member = m->unused;
  ASAN_UNPOISON_MEMORY_REGION (member, sizeof *member);
  m->unused = member->next;
  *member = (struct inos_member){0};
  return member;
}

/* Room for one more: of those that are gone, the one that has been so longest goes. */
static bool make_room (struct inos_members *m)
{
  struct inos_member *oldest = NULL;

  if (m->n < INOS_MEMBERS_MAX)
    return true;
  if (m->n_gone == 0)
    return false;
  for (unsigned i = 0; i < m->n; i++)
    if (!is_live (m->order[i]) && (!oldest || m->order[i]->since < oldest->since))
      oldest = m->order[i];
  inos_members_remove (m, oldest);
  return true;
}

struct inos_member *inos_members_add (struct inos_members *m, struct inos_member_record *record)
{
  if (!make_room (m))
    return NULL;
  struct inos_member *member = make (m);
  member->record = inos_member_record_ref (record);
  member->state = INOS_MEMBER_ALIVE;
  member->since = now_of (m);
  if (m->n == m->size) {
    m->size = MAX (m->size * 2, INDEX_FIRST);
    m->order = g_renew (struct inos_member *, m->order, m->size);
  }
  member->at = m->n;
  m->order[m->n++] = member;
  swap (m, member->at, inos_env_below (m->setup.env, m->n));
  if (m->n * 2 > m->n_index)
    grow_index (m);
  put_in_index (m, (struct slot){record->tag, member});
  mark (m, member);
  return member;
}

void inos_members_remove (struct inos_members *m, struct inos_member *member)
{
  inos_members_view_lost (m, member);
  inos_members_hush (m, member);
  if (member != m->self)
    inos_members_tell (m, INOS_MEMBER_DROPPED, member);
  unmark (m, member);
  take_from_index (m, member);
  swap (m, member->at, m->n - 1);
  m->n--;
  forget (m, member);
}

void inos_members_release (struct inos_members *m, struct inos_member *member)
{
  if (member != m->self && member->flags == 0 &&
      (member->hearsay || !inos_members_samples (m, member->record->tag)))
    inos_members_remove (m, member);
}

void inos_members_set_state (struct inos_members *m, struct inos_member *member,
                             enum inos_member_state state)
{
  unmark (m, member);
  member->state = (uint8_t)state;
  member->since = now_of (m);
  mark (m, member);
}

void inos_members_set_record (struct inos_members *m, struct inos_member *member,
                              struct inos_member_record *record)
{
  unmark (m, member);
  inos_member_record_ref (record);
  inos_member_record_unref (m->setup.store, member->record);
  member->record = record;
  mark (m, member);
}

void inos_members_set_hearsay (struct inos_members *m, struct inos_member *member, bool hearsay)
{
  if (member->hearsay == hearsay)
    return;
  unmark (m, member);
  member->hearsay = hearsay;
  mark (m, member);
}

static bool is_one_of (uint64_t tag, const uint64_t *tags, unsigned n)
{
  for (unsigned i = 0; i < n; i++)
    if (tags[i] == tag)
      return true;
  return false;
}

struct inos_member *inos_members_choose (struct inos_members *m, const uint64_t *but,
                                         unsigned n_but)
{
  if (m->n_live < 2)
    return NULL;
  for (unsigned tries = 0; tries < 3 * INOS_MEMBER_HELPERS + 16; tries++) {
    struct inos_member *member = m->order[inos_env_below (m->setup.env, m->n)];
    if (member != m->self && is_live (member) && !is_one_of (member->record->tag, but, n_but))
      return member;
  }
  return NULL;
}

void inos_members_shuffle (struct inos_members *m)
{
  for (unsigned i = m->n; i > 1; i--)
    swap (m, i - 1, inos_env_below (m->setup.env, i));
}

void inos_members_set_level (struct inos_members *m, unsigned level)
{
  if (level < m->level)
    inos_members_view_widen (m, level);
  m->level = level;
  for (unsigned i = m->n; i > 0; i--) {
    struct inos_member *member = m->order[i - 1];
    inos_members_fetch (m, i - 1, -1);
    unmark (m, member);
    mark (m, member);
  }
  /* What is removed has its place taken by the last one, which was looked at already. */
  for (unsigned i = m->n; i > 0; i--) {
    inos_members_fetch (m, i - 1, -1);
    inos_members_release (m, m->order[i - 1]);
  }
}

void inos_members_go_partial (struct inos_members *m)
{
  m->partial = true;
  m->settling_since = now_of (m);
  inos_members_view_start (m);
}

/* Everybody hears of it again, for those that did not have it in their sample. */
static void say_again (struct inos_members *m, bool was_sampled)
{
  if (!was_sampled && inos_members_samples (m, m->tag))
    inos_members_spread (m, m->self, URGENT_NOT);
}

void inos_members_adapt (struct inos_members *m)
{
  bool sampled = inos_members_samples (m, m->tag);

  if (!m->partial && m->n_live > m->config.partial_above)
    inos_members_go_partial (m);
  while (m->partial && m->n_sampled > m->config.sample_max && m->level < LEVEL_LIMIT)
    inos_members_set_level (m, m->level + 1);
  if (!m->partial || now_of (m) - m->settling_since < SETTLED_AFTER)
    return;
  if (m->level > 0 && m->n_sampled < m->config.sample_max / SAMPLE_PARTS) {
    m->settling_since = now_of (m); /* those that are now of the sample have to be heard of */
    inos_members_set_level (m, m->level - 1);
    say_again (m, sampled);
  } else if (inos_members_estimate (m) < m->config.full_below) {
    m->partial = false;
    inos_members_set_level (m, 0);
    say_again (m, sampled);
  }
}

/*
 * Whether a smaller sample is better, where others say that they have one. Either it is theirs
 * already: three in four that are here are of the next level too, where it would be one in two. Who
 * has learnt from those that know fewer has no more than they; it would take a large mesh for a
 * small one, and have no neighbours. Or the mesh is at the edge between two levels: what is missed
 * of the others, those with the smaller sample cannot tell. The word of others alone empties
 * nobody's sample.
 */
static bool is_too_wide (const struct inos_members *m)
{
  unsigned n = 0;

  if (!m->partial || m->level >= MIN (m->told_level, LEVEL_LIMIT) || m->n_sampled < SKEWED_LEAST)
    return false;
  for (unsigned i = 0; i < m->n; i++)
    n += m->order[i]->marked && inos_members_is_in_level (m->order[i]->record->tag, m->level + 1);
  return n * 4 >= m->n_sampled * 3 || n * EDGE_PARTS > m->config.sample_max;
}

/* Who died, and did not say goodbye, may be there still, where nobody here gets to. */
void inos_members_lose (struct inos_members *m, const struct inos_member *member)
{
  inos_members_forget_lost (m, &member->record->id);
  if (member->state != INOS_MEMBER_DEAD)
    return;
  if (m->n_lost == LOST_MAX)
    memmove (m->lost, m->lost + 1, --m->n_lost * sizeof *m->lost);
  m->lost[m->n_lost++] = member->record->id;
}

/* The others keep their order. */
void inos_members_forget_lost (struct inos_members *m, const struct inos_peer_id *id)
{
  for (unsigned i = m->n_lost; i > 0; i--)
    if (inos_peer_id_equal (&m->lost[i - 1], id)) {
      m->n_lost--;
      memmove (m->lost + i - 1, m->lost + i, (m->n_lost - (i - 1)) * sizeof *m->lost);
      return;
    }
}

void inos_members_reap (struct inos_members *m)
{
  uint64_t now = now_of (m);

  while (is_too_wide (m))
    inos_members_set_level (m, m->level + 1);
  for (unsigned i = m->n; i > 0 && m->n_gone > 0; i--) {
    struct inos_member *member = m->order[i - 1];
    if (!is_live (member) && now - member->since >= m->config.forget_after) {
      inos_members_lose (m, member);
      inos_members_remove (m, member);
    }
  }
}

void inos_members_table_finish (struct inos_members *m)
{
  for (unsigned i = 0; i < m->n; i++)
    forget (m, m->order[i]);
  for (struct member_block *block = m->blocks, *next; block; block = next) {
    next = block->next;
    g_aligned_free (block);
  }
  m->blocks = NULL;
  m->unused = NULL;
  g_clear_pointer (&m->order, g_free);
  g_clear_pointer (&m->index, g_free);
  m->n = 0;
}
