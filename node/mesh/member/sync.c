/*
 * Two members compare all that they know: by a digest, and where it differs by a list, after which
 * each gives the other what it lacks. Also how one joins, and how the two halves of a partition
 * find each other again.
 *
 *     A → B  SYNC       level, digest; A's record
 *     B → A  SYNC_SAME  or SYNC_LIST: B's record, and a line for each that B knows
 *     A → B  SYNC_PUSH  records that B lacks, tags of those that A lacks
 *     B → A  SYNC_PUSH  those
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/private.h"

#define ANSWER_WITHIN (10 * SECOND)
#define JOIN_AGAIN (2 * SECOND)
#define JOIN_AGAIN_MAX (30 * SECOND)
#define RECONNECT_EVERY (10 * SECOND)
#define LOST_SELDOM 6u          /* one in so many times somebody who was forgotten is asked, too */
#define SYNC_FIRST (3 * SECOND) /* who is new has missed what others that are new have said */
#define JOIN_ASKS 2u
#define QUIET_FOR (10 * SECOND) /* after joining; what is learnt then is no news to others */
#define LINES_AT_ONCE 16u
#define PUSH_ROOM (INOS_MEMBER_MESSAGE_MAX - 2 * INOS_MEMBER_RECORD_MAX)

/* The flag says that views are partial. */
static void put_self (struct inos_members *m, struct inos_buffer *out)
{
  if (m->partial)
    inos_member_put_flag (out);
  struct inos_member_claim claim = inos_members_claim_of (m->self);

  inos_member_put_claim (out, &claim);
}

/* Returns: whether it may ask one more; then it takes an answer of @tag for a while. */
static bool expect (struct inos_members *m, uint64_t tag)
{
  uint64_t now = now_of (m);

  for (unsigned i = 0; i < SYNCS_MAX; i++)
    if (m->syncs[i].tag == tag && m->syncs[i].until > now)
      return false;
  for (unsigned i = 0; i < SYNCS_MAX; i++)
    if (m->syncs[i].until <= now) {
      m->syncs[i].tag = tag;
      m->syncs[i].until = now + ANSWER_WITHIN;
      return true;
    }
  return false;
}

static bool is_expected (struct inos_members *m, uint64_t tag)
{
  for (unsigned i = 0; i < SYNCS_MAX; i++)
    if (m->syncs[i].tag == tag && m->syncs[i].until > now_of (m)) {
      m->syncs[i].until = 0;
      return true;
    }
  return false;
}

void inos_members_sync (struct inos_members *m, const struct inos_peer_id *with)
{
  uint64_t tag = inos_member_tag (with);

  if (tag == m->tag || m->leaving || !expect (m, tag))
    return;
  struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_SYNC);
  inos_member_put_summary (out, m->level, m->n_live, m->digest);
  put_self (m, out);
  inos_members_send (m, &m->setup.messages, with);
}

static bool may_answer (struct inos_members *m)
{
  uint64_t second = now_of (m) / SECOND;

  if (m->sync_second != second) {
    m->sync_second = second;
    m->sync_tokens = SYNC_ANSWERS;
  }
  if (m->sync_tokens == 0)
    return false;
  m->sync_tokens--;
  return true;
}

static void send_list (struct inos_members *m, const struct inos_peer_id *to)
{
  m->room->lines.head = m->room->lines.tail = 0;
  for (unsigned i = 0; i < m->n; i++) {
    const struct inos_member *member = m->order[i];
    inos_members_fetch (m, i, 1);
    if (member->hearsay || !inos_members_samples (m, member->record->tag))
      continue;
    inos_member_add_line (
      &m->room->lines, &(struct inos_member_line){.tag = member->record->tag,
                                                  .incarnation = member->record->incarnation,
                                                  .state = (enum inos_member_state)member->state});
  }
  struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_SYNC_LIST);
  inos_member_put_summary (out, m->level, m->n_live, m->digest);
  put_self (m, out);
  inos_member_put_lines (out, &m->room->lines);
  inos_members_send (m, &m->setup.messages, to);
}

/* What those that were asked say of their samples; see inos_members_reap(). */
static void take_level (struct inos_members *m, const struct inos_member_message *message)
{
  if (message->kind != INOS_MEMBER_SYNC_SAME)
    m->told_level = message->flag ? message->level : 0;
}

static void on_ask (struct inos_members *m, const struct inos_member_message *message,
                    const struct inos_peer_id *from)
{
  if (m->leaving || !may_answer (m))
    return;
  inos_members_take_claims (m, message, from);
  if (message->level == m->level && message->digest == m->digest) {
    struct inos_buffer *out = inos_members_begin (m, INOS_MEMBER_SYNC_SAME);
    put_self (m, out);
    inos_members_send (m, &m->setup.messages, from);
  } else {
    send_list (m, from);
  }
}

/* A message that is sent when it is full. */
struct push {
  const struct inos_peer_id *to;
  struct inos_buffer *out;
  unsigned claims, sent;
};

static struct push push_begin (struct inos_members *m, const struct inos_peer_id *to)
{
  return (struct push){.to = to, .out = inos_members_begin (m, INOS_MEMBER_SYNC_PUSH)};
}

static void push_claim (struct inos_members *m, struct push *push,
                        const struct inos_member_claim *claim)
{
  if (inos_buffer_len (push->out) > PUSH_ROOM || push->claims == INOS_MEMBER_CLAIMS_MAX) {
    inos_members_send (m, &m->setup.messages, push->to);
    push->out = inos_members_begin (m, INOS_MEMBER_SYNC_PUSH);
    push->claims = 0;
  }
  inos_member_put_claim (push->out, claim);
  push->claims++;
  push->sent++;
}

static bool is_bad (enum inos_member_state state)
{
  return state == INOS_MEMBER_SUSPECT || state == INOS_MEMBER_DEAD;
}

/* That @member is suspected or dead, as we say. */
static void push_opinion (struct inos_members *m, struct push *push,
                          const struct inos_member *member)
{
  struct inos_member_claim claim = inos_members_claim_of (member);

  claim.accuser = m->tag;
  push_claim (m, push, &claim);
}

/* The record of @member, and what is said of it: who hears of a newer one alone takes it for alive.
 */
static void push_member (struct inos_members *m, struct push *push,
                         const struct inos_member *member)
{
  push_claim (m, push,
              &(struct inos_member_claim){.state = INOS_MEMBER_ALIVE,
                                          .record = member->record->bytes,
                                          .record_len = member->record->len});
  if (is_bad ((enum inos_member_state)member->state))
    push_opinion (m, push, member);
}

/* Both have heard the same of it last, but may think otherwise of it. */
static void compare_state (struct inos_members *m, const struct inos_member *member,
                           const struct inos_member_line *line, uint64_t from, struct push *push)
{
  if (is_bad (line->state)) {
    inos_members_accuse (m, line->state, line->tag, line->incarnation, from);
  } else if (is_bad ((enum inos_member_state)member->state)) {
    push_opinion (m, push, member);
  }
}

/* Returns: whether its record is wanted. */
static bool compare_line (struct inos_members *m, const struct inos_member_line *line,
                          uint64_t from, struct push *push)
{
  struct inos_member *member = inos_members_lookup (m, line->tag);

  if (!member || member->hearsay)
    return (line->state == INOS_MEMBER_ALIVE || line->state == INOS_MEMBER_SUSPECT) &&
           inos_members_samples (m, line->tag);
  member->listed = m->listed;
  if (line->incarnation > member->record->incarnation)
    return true;
  if (line->incarnation < member->record->incarnation)
    push_member (m, push, member);
  else
    compare_state (m, member, line, from, push);
  return false;
}

/* Those that live and were not in the list. */
static void push_others (struct inos_members *m, unsigned level, struct push *push)
{
  for (unsigned i = 0; i < m->n; i++) {
    const struct inos_member *member = m->order[i];
    inos_members_fetch (m, i, 1);
    if (member->listed != m->listed && is_live (member) && !member->hearsay &&
        inos_members_is_in_level (member->record->tag, level) &&
        inos_members_samples (m, member->record->tag))
      push_member (m, push, member);
  }
}

/* Some at a time, as claims are: see hear.c. Returns: how many. */
static unsigned next_lines (const struct inos_members *m, const struct inos_member_message *message,
                            size_t *offset, struct inos_member_line lines[LINES_AT_ONCE])
{
  unsigned n = 0;

  for (; n < LINES_AT_ONCE && inos_member_span_line (&message->lines, offset, &lines[n]); n++)
    inos_members_fetch_slot (m, lines[n].tag);
  for (unsigned i = 0; i < n; i++)
    __builtin_prefetch (inos_members_lookup (m, lines[i].tag));
  return n;
}

static void on_list (struct inos_members *m, const struct inos_member_message *message,
                     const struct inos_peer_id *from)
{
  struct inos_member_line lines[LINES_AT_ONCE];
  size_t offset = 0;
  uint64_t tag = inos_member_tag (from);
  struct inos_buffer wants = {0};

  m->listed++;
  struct push push = push_begin (m, from);
  for (unsigned n; (n = next_lines (m, message, &offset, lines)) > 0;)
    for (unsigned i = 0; i < n; i++)
      if (compare_line (m, &lines[i], tag, &push))
        inos_member_add_number (&wants, lines[i].tag);
  push_others (m, message->level, &push);
  if (inos_buffer_len (push.out) + inos_buffer_len (&wants) > PUSH_ROOM) {
    inos_members_send (m, &m->setup.messages, from);
    push.out = inos_members_begin (m, INOS_MEMBER_SYNC_PUSH);
  }
  inos_member_put_wants (push.out, &wants);
  if (push.sent > 0 || inos_buffer_len (&wants) > 0)
    inos_members_send (m, &m->setup.messages, from);
  inos_buffer_clear (&wants);
}

/* The same of what is wanted, whose records are fetched too. */
static unsigned next_wants (const struct inos_members *m, const struct inos_member_message *message,
                            size_t *offset, uint64_t tags[LINES_AT_ONCE])
{
  const struct inos_member *member;
  unsigned n = 0;

  for (; n < LINES_AT_ONCE && inos_member_span_number (&message->wants, offset, &tags[n]); n++)
    inos_members_fetch_slot (m, tags[n]);
  for (unsigned i = 0; i < n; i++)
    __builtin_prefetch (inos_members_lookup (m, tags[i]));
  for (unsigned i = 0; i < n; i++)
    if ((member = inos_members_lookup (m, tags[i])) != NULL)
      inos_member_record_fetch (member->record);
  return n;
}

static void on_push (struct inos_members *m, const struct inos_member_message *message,
                     const struct inos_peer_id *from)
{
  uint64_t tags[LINES_AT_ONCE];
  size_t offset = 0;

  m->quiet = now_of (m) - m->joined_at < QUIET_FOR;
  inos_members_take_claims (m, message, from);
  m->quiet = false;
  if (message->wants.len == 0 || !may_answer (m))
    return;
  struct push push = push_begin (m, from);
  for (unsigned n; (n = next_wants (m, message, &offset, tags)) > 0;)
    for (unsigned i = 0; i < n; i++) {
      const struct inos_member *member = inos_members_lookup (m, tags[i]);
      if (member && push.sent < INOS_MEMBERS_MAX)
        push_member (m, &push, member);
    }
  if (push.sent > 0)
    inos_members_send (m, &m->setup.messages, from);
}

/* Somebody has answered: it is in. */
static void welcome (struct inos_members *m, const struct inos_peer_id *from, bool partial,
                     unsigned level)
{
  if (m->joined)
    return;
  m->joined = true;
  m->joined_at = now_of (m);
  m->join_at = INOS_NEVER;
  m->sync_at = now_of (m) + SYNC_FIRST;
  if (partial) { /* a large mesh: the same sample as everybody's from the beginning */
    /* Some may be here already, and stay as neighbours to be, whatever level is claimed. */
    inos_members_go_partial (m);
    inos_members_set_level (m, MIN (level, LEVEL_LIMIT));
  }
  inos_members_view_join (m, from);
}

void inos_members_on_sync (struct inos_members *m, const struct inos_member_message *message,
                           const struct inos_peer_id *from)
{
  switch (message->kind) {
  case INOS_MEMBER_SYNC:
    on_ask (m, message, from);
    return;
  case INOS_MEMBER_SYNC_PUSH:
    on_push (m, message, from);
    return;
  default:
    break;
  }
  if (!is_expected (m, inos_member_tag (from)))
    return;
  take_level (m, message);
  welcome (m, from, message->flag, message->level);
  if (message->flag && !m->partial) { /* others know of so many that nobody knows all */
    inos_members_go_partial (m);
    inos_members_adapt (m);
  }
  inos_members_take_claims (m, message, from);
  if (message->kind == INOS_MEMBER_SYNC_LIST)
    on_list (m, message, from);
}

static void ask_seeds (struct inos_members *m)
{
  uint64_t again = JOIN_AGAIN << MIN (m->join_tries, 4u);

  for (unsigned i = 0; i < MIN (JOIN_ASKS, m->n_seeds); i++)
    inos_members_sync (m, &m->seeds[inos_env_below (m->setup.env, m->n_seeds)]);
  m->join_tries++;
  m->join_at = now_of (m) + inos_members_jitter (m, MIN (again, JOIN_AGAIN_MAX) / 2);
}

/* Somebody that is thought dead may only have been behind a partition. */
static void ask_the_dead (struct inos_members *m)
{
  if (m->n_gone == 0)
    return;
  for (unsigned i = 0, at = inos_env_below (m->setup.env, m->n); i < m->n; i++) {
    const struct inos_member *member = m->order[(at + i) % m->n];
    if (member->state == INOS_MEMBER_DEAD) {
      inos_members_sync (m, &member->record->id);
      return;
    }
  }
}

/* Of a partition that lasts for longer than the dead are remembered both sides would know nothing
 * of each other. Now and then is enough: most of these are gone for good. */
static void ask_the_lost (struct inos_members *m)
{
  if (m->n_lost == 0 || inos_env_below (m->setup.env, LOST_SELDOM) > 0)
    return;
  const struct inos_peer_id *lost = &m->lost[inos_env_below (m->setup.env, m->n_lost)];
  if (!inos_members_lookup (m, inos_member_tag (lost)))
    inos_members_sync (m, lost);
}

static void ask_somebody (struct inos_members *m)
{
  const struct inos_member *neighbors[INOS_VIEW_ACTIVE_MAX];
  const struct inos_member *with = NULL;
  unsigned n = m->partial ? inos_members_neighbors (m, neighbors) : 0;

  if (n > 0)
    with = neighbors[inos_env_below (m->setup.env, n)];
  else
    with = inos_members_choose (m, NULL, 0);
  if (with)
    inos_members_sync (m, &with->record->id);
}

void inos_members_sync_tick (struct inos_members *m)
{
  uint64_t now = now_of (m);

  if (now >= m->join_at)
    ask_seeds (m);
  if (now >= m->sync_at) {
    ask_somebody (m);
    uint64_t interval = MIN (m->config.sync_interval, SYNC_FIRST << MIN (m->n_syncs, 8u));
    if (m->partial)
      interval = m->config.sync_interval;
    if (m->thrifty)
      interval *= REST_SLOWER;
    m->n_syncs++;
    m->sync_at = now + inos_members_jitter (m, interval * 2 / 3);
  }
  if (now >= m->reconnect_at) {
    ask_the_dead (m);
    ask_the_lost (m);
    if (m->n_live < 2 && m->join_at == INOS_NEVER && m->n_seeds > 0)
      m->join_at = now;
    m->reconnect_at = now + inos_members_jitter (m, RECONNECT_EVERY * 2 / 3);
  }
}
