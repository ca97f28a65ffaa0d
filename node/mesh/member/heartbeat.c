/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/member/heartbeat.h"

#include <math.h>
#include <string.h>

#define BEAT_SIZE 17u /* version, boot, number: little-endian */
#define BEAT_VERSION 1u
#define LATE_ALLOWED UINT64_C (500000000) /* ns; who is called later was asleep itself */
#define LEAST_DEVIATION 0.2               /* s */
#define WEIGHT 0.1                        /* of the last interval in the mean */

struct peer {
  struct inos_peer_id id;
  unsigned groups; /* that it is in */
  enum inos_heartbeat_state state;
  uint64_t boot;         /* drawn by it when it started; 0: not known */
  uint64_t number;       /* of its last beat */
  uint64_t heard;        /* when that came, or since when it is waited for */
  double mean, variance; /* of the intervals, s */
};

struct group {
  uint64_t id;
  unsigned n;
  struct inos_peer_id peers[INOS_HEARTBEAT_GROUP_MAX];
};

struct inos_heartbeat {
  struct inos_heartbeat_setup setup;
  uint64_t boot, number, beat_at;
  unsigned n_peers, n_groups;
  struct peer peers[INOS_HEARTBEAT_PEERS_MAX]; /* in the order of joining */
  struct group groups[INOS_HEARTBEAT_GROUPS_MAX];
};

struct inos_heartbeat *inos_heartbeat_new (const struct inos_heartbeat_setup *setup)
{
  struct inos_heartbeat *h = g_new0 (struct inos_heartbeat, 1);

  h->setup = *setup;
  inos_env_random (setup->env, &h->boot, sizeof h->boot);
  h->boot |= 1;
  h->beat_at = INOS_NEVER;
  return h;
}

void inos_heartbeat_free (struct inos_heartbeat *h)
{
  g_free (h);
}

static struct peer *find (const struct inos_heartbeat *h, const struct inos_peer_id *id)
{
  for (unsigned i = 0; i < h->n_peers; i++)
    if (inos_peer_id_equal (&h->peers[i].id, id))
      return (struct peer *)&h->peers[i];
  return NULL;
}

static struct group *find_group (struct inos_heartbeat *h, uint64_t id)
{
  for (unsigned i = 0; i < h->n_groups; i++)
    if (h->groups[i].id == id)
      return &h->groups[i];
  return NULL;
}

static void watch (struct inos_heartbeat *h, const struct inos_peer_id *id)
{
  struct peer *peer = find (h, id);

  if (!peer) {
    peer = &h->peers[h->n_peers++];
    *peer = (struct peer){.id = *id,
                          .state = INOS_HEARTBEAT_NEW,
                          .heard = inos_env_now (h->setup.env),
                          .mean = (double)INOS_HEARTBEAT_EVERY / 1e9};
  }
  peer->groups++;
  h->beat_at = MIN (h->beat_at, inos_env_now (h->setup.env));
}

static void unwatch (struct inos_heartbeat *h, const struct inos_peer_id *id)
{
  struct peer *peer = find (h, id);

  if (--peer->groups > 0)
    return;
  h->n_peers--;
  memmove (peer, peer + 1, (size_t)(&h->peers[h->n_peers] - peer) * sizeof *peer);
  if (h->n_peers == 0)
    h->beat_at = INOS_NEVER;
}

/* The others of @peers, each once. Returns: whether they are few enough. */
static bool make_group (const struct inos_heartbeat *h, const struct inos_peer_id *peers,
                        unsigned n_peers, struct group *group)
{
  if (n_peers > INOS_HEARTBEAT_GROUP_MAX)
    return false;
  for (unsigned i = 0; i < n_peers; i++) {
    bool known = inos_peer_id_equal (&peers[i], &h->setup.id);
    for (unsigned j = 0; j < group->n && !known; j++)
      known = inos_peer_id_equal (&group->peers[j], &peers[i]);
    if (!known)
      group->peers[group->n++] = peers[i];
  }
  return true;
}

static unsigned count_new (const struct inos_heartbeat *h, const struct group *group)
{
  unsigned n = 0;

  for (unsigned i = 0; i < group->n; i++)
    n += !find (h, &group->peers[i]);
  return n;
}

bool inos_heartbeat_join (struct inos_heartbeat *h, uint64_t id, const struct inos_peer_id *peers,
                          unsigned n_peers)
{
  struct group made = {.id = id}, *group = find_group (h, id);

  if (!make_group (h, peers, n_peers, &made) ||
      h->n_peers + count_new (h, &made) > INOS_HEARTBEAT_PEERS_MAX ||
      (!group && h->n_groups == INOS_HEARTBEAT_GROUPS_MAX))
    return false;
  for (unsigned i = 0; i < made.n; i++)
    watch (h, &made.peers[i]);
  for (unsigned i = 0; group && i < group->n; i++)
    unwatch (h, &group->peers[i]);
  if (!group)
    group = &h->groups[h->n_groups++];
  *group = made;
  return true;
}

void inos_heartbeat_leave (struct inos_heartbeat *h, uint64_t id)
{
  struct group *group = find_group (h, id);

  if (!group)
    return;
  for (unsigned i = 0; i < group->n; i++)
    unwatch (h, &group->peers[i]);
  *group = h->groups[--h->n_groups];
}

static void set_state (struct inos_heartbeat *h, struct peer *peer, enum inos_heartbeat_state state,
                       bool restarted)
{
  if (peer->state == state && !restarted)
    return;
  peer->state = state;
  if (h->setup.events && h->setup.events->changed)
    h->setup.events->changed (h->setup.data, &peer->id, state, restarted);
}

static uint64_t get_u64 (const uint8_t *at)
{
  uint64_t value;

  memcpy (&value, at, sizeof value);
  return GUINT64_FROM_LE (value);
}

static void put_u64 (uint8_t *at, uint64_t value)
{
  value = GUINT64_TO_LE (value);
  memcpy (at, &value, sizeof value);
}

/* Moving mean and variance, the last one counting a tenth (West, 1979). A silence that was longer
 * than the limit is no interval. */
static void measure (struct peer *peer, uint64_t now)
{
  double interval = (double)(now - peer->heard) / 1e9, away = interval - peer->mean;

  if (now - peer->heard < INOS_HEARTBEAT_DEAD) {
    peer->mean += WEIGHT * away;
    peer->variance = (1 - WEIGHT) * (peer->variance + WEIGHT * away * away);
  }
  peer->heard = now;
}

void inos_heartbeat_receive (struct inos_heartbeat *h, const struct inos_peer_id *from,
                             const void *bytes, size_t len)
{
  const uint8_t *at = bytes;
  struct peer *peer = find (h, from);

  if (!peer || len != BEAT_SIZE || at[0] != BEAT_VERSION)
    return;
  uint64_t boot = get_u64 (at + 1), number = get_u64 (at + 9);
  bool restarted = peer->boot != 0 && boot != peer->boot;
  if (boot == 0 || (boot == peer->boot && number <= peer->number))
    return; /* an old one, or the same again */
  peer->boot = boot;
  peer->number = number;
  measure (peer, inos_env_now (h->setup.env));
  set_state (h, peer, INOS_HEARTBEAT_THERE, restarted);
}

/* -log10 of how likely a silence of @silence s is, by the logistic approximation of the normal
 * distribution. */
static double phi (const struct peer *peer, double silence)
{
  double deviation = MAX (sqrt (peer->variance), LEAST_DEVIATION);
  double y = (silence - peer->mean) / deviation;
  double e = exp (-y * (1.5976 + 0.070566 * y * y));

  return silence > peer->mean ? -log10 (e / (1 + e)) : -log10 (1 - 1 / (1 + e));
}

static void judge (struct inos_heartbeat *h, struct peer *peer, uint64_t now)
{
  uint64_t silence = now - peer->heard;

  if (silence >= INOS_HEARTBEAT_DEAD)
    set_state (h, peer, INOS_HEARTBEAT_GONE, false);
  else if (peer->state == INOS_HEARTBEAT_THERE &&
           phi (peer, (double)silence / 1e9) >= INOS_HEARTBEAT_PHI)
    set_state (h, peer, INOS_HEARTBEAT_LATE, false);
}

static void beat (struct inos_heartbeat *h)
{
  uint8_t bytes[BEAT_SIZE] = {BEAT_VERSION};

  h->number++;
  put_u64 (bytes + 1, h->boot);
  put_u64 (bytes + 9, h->number);
  for (unsigned i = 0; i < h->n_peers; i++)
    h->setup.channel.send (h->setup.channel.data, &h->peers[i].id, bytes, sizeof bytes);
}

uint64_t inos_heartbeat_deadline (const struct inos_heartbeat *h)
{
  uint64_t at = h->beat_at;

  for (unsigned i = 0; i < h->n_peers; i++)
    if (h->peers[i].state != INOS_HEARTBEAT_GONE)
      at = MIN (at, h->peers[i].heard + INOS_HEARTBEAT_DEAD);
  return at;
}

/* What came while it was asleep waits for it: nobody was silent for that long. */
static void make_allowance (struct inos_heartbeat *h, uint64_t now)
{
  uint64_t due = inos_heartbeat_deadline (h);

  if (due == INOS_NEVER || now < due + LATE_ALLOWED)
    return;
  for (unsigned i = 0; i < h->n_peers; i++)
    h->peers[i].heard = MIN (h->peers[i].heard + (now - due), now);
}

void inos_heartbeat_tick (struct inos_heartbeat *h)
{
  uint64_t now = inos_env_now (h->setup.env);

  make_allowance (h, now);
  for (unsigned i = 0; i < h->n_peers; i++)
    judge (h, &h->peers[i], now);
  if (now < h->beat_at)
    return;
  beat (h);
  h->beat_at = now + INOS_HEARTBEAT_EVERY;
}

enum inos_heartbeat_state inos_heartbeat_state (const struct inos_heartbeat *h,
                                                const struct inos_peer_id *peer)
{
  const struct peer *found = find (h, peer);

  return found ? found->state : INOS_HEARTBEAT_UNKNOWN;
}
