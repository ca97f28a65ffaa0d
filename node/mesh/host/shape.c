/*
 * How much may go by: token buckets of the host and of each peer. A link that has to wait to send
 * does so with the others that wait, who have their turn one after the other; one of which too much
 * came is not read from for a while.
 *
 * What is urgent (inos_host_urge()) does not wait: it is let by on credit, a second's worth at
 * most, and before what is not. So that it is soon at the front, little waits in a link that is
 * limited.
 *
 * Links over relays are let by: what carries them is slowed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/private.h"
#include "node/mesh/link/yamux.h"

#define OUTPUT_LEAST                                                                               \
  4096u /* bytes that wait in a link that is limited: a hundredth of a second                      \
         */
#define OUTPUT_PART 100u
#define DEBT_WINDOWS 4u /* of streams, that a protocol may be ahead of its limit */

static bool is_shaped (const struct inos_link *link)
{
  return link->host->shaped && !inos_connection_is_relayed (link->connection);
}

static uint64_t later (uint64_t one, uint64_t other)
{
  return one > other ? one : other;
}

void inos_shape_peer (struct inos_host *host, struct inos_peer *peer)
{
  uint64_t now = inos_env_now (host->setup.env);

  if (peer->may_send.rate != host->limits.peer_send_max)
    inos_bucket_init (&peer->may_send, host->limits.peer_send_max, now);
  if (peer->may_receive.rate != host->limits.peer_receive_max)
    inos_bucket_init (&peer->may_receive, host->limits.peer_receive_max, now);
  peer->memory.max = (size_t)MIN (host->limits.peer_memory_max, SIZE_MAX);
}

void inos_shape_link (struct inos_link *link)
{
  const struct inos_host_limits *limits = &link->host->limits;
  uint64_t rate = limits->send_max;

  if (rate == 0 || (limits->peer_send_max > 0 && limits->peer_send_max < rate))
    rate = limits->peer_send_max;
  bool free = rate == 0 || inos_connection_is_relayed (link->connection);
  inos_connection_narrow (link->connection,
                          free ? SIZE_MAX
                               : MAX (OUTPUT_LEAST, (size_t)MIN (rate / OUTPUT_PART, SIZE_MAX)));
}

bool inos_shape_refuses (struct inos_host *host, const char *protocol)
{
  struct inos_usage *usage = inos_meter_of (host->meter, protocol);
  struct inos_bucket *bucket = &usage->may_receive;

  /* Fills it: where all streams have ended nothing else does. */
  inos_bucket_room (bucket, inos_env_now (host->setup.env));
  return (bucket->rate > 0 &&
          bucket->tokens < -(int64_t)(bucket->rate + DEBT_WINDOWS * INOS_YAMUX_WINDOW)) ||
         !inos_memory_has_room (&usage->memory, 0);
}

/* Sending */

static bool others_wait (const struct inos_host *host)
{
  for (guint i = 0; i < host->links->len; i++)
    if (((const struct inos_link *)host->links->pdata[i])->waits)
      return true;
  return false;
}

/* What may go although there is no room. */
static size_t urgent_room (const struct inos_link *link)
{
  bool credit = inos_bucket_may_borrow (&link->host->may_send) &&
                (!link->peer || inos_bucket_may_borrow (&link->peer->may_send));

  return credit ? inos_connection_urgent (link->connection) : 0;
}

size_t inos_shape_room (struct inos_link *link)
{
  struct inos_host *host = link->host;

  if (!is_shaped (link) || link->over) /* its goodbye goes on credit */
    return SIZE_MAX;
  uint64_t now = inos_env_now (host->setup.env);
  size_t room = inos_bucket_room (&host->may_send, now);
  if (link->peer)
    room = MIN (room, inos_bucket_room (&link->peer->may_send, now));
  /* who comes later does not take what those wait for who came before */
  if (!host->in_turn && (link->waits || (host->may_send.rate > 0 && others_wait (host))))
    room = 0;
  link->waits = room == 0;
  return room > 0 ? room : urgent_room (link);
}

void inos_shape_sent (struct inos_link *link, size_t bytes)
{
  if (!is_shaped (link))
    return;
  uint64_t now = inos_env_now (link->host->setup.env);
  inos_bucket_take (&link->host->may_send, bytes, now);
  if (link->peer)
    inos_bucket_take (&link->peer->may_send, bytes, now);
}

static uint64_t send_ready (const struct inos_link *link, uint64_t now)
{
  uint64_t ready = inos_bucket_ready (&link->host->may_send, now);

  return link->peer ? later (ready, inos_bucket_ready (&link->peer->may_send, now)) : ready;
}

/* Receiving */

static uint64_t read_ready (const struct inos_link *link, uint64_t now)
{
  uint64_t ready = inos_bucket_ready (&link->host->may_receive, now);

  return link->peer ? later (ready, inos_bucket_ready (&link->peer->may_receive, now)) : ready;
}

void inos_shape_received (struct inos_link *link, size_t bytes)
{
  struct inos_host *host = link->host;

  if (!is_shaped (link))
    return;
  uint64_t now = inos_env_now (host->setup.env);
  inos_bucket_take (&host->may_receive, bytes, now);
  if (link->peer)
    inos_bucket_take (&link->peer->may_receive, bytes, now);
  bool enough = inos_bucket_room (&host->may_receive, now) == 0 ||
                (link->peer && inos_bucket_room (&link->peer->may_receive, now) == 0);
  if (!enough || link->paused || !link->object)
    return;
  link->paused = true;
  link->klass->read (link->object, false);
}

/* Time */

uint64_t inos_shape_deadline (const struct inos_host *host)
{
  uint64_t deadline = INOS_NEVER, now;

  if (!host->shaped)
    return deadline;
  now = inos_env_now (host->setup.env);
  for (guint i = 0; i < host->links->len; i++) {
    const struct inos_link *link = host->links->pdata[i];
    if (link->waits && !link->over)
      deadline = MIN (deadline, send_ready (link, now));
    if (link->paused && !link->over)
      deadline = MIN (deadline, read_ready (link, now));
  }
  return deadline;
}

static void serve (struct inos_link *link, uint64_t now)
{
  if (link->over)
    return;
  if (link->paused && link->object && read_ready (link, now) <= now) {
    link->paused = false;
    link->klass->read (link->object, true);
  }
  if (link->waits && send_ready (link, now) <= now) {
    link->waits = false;
    inos_link_flush (link);
  }
}

void inos_shape_tick (struct inos_host *host)
{
  guint n = host->links->len;

  if (!host->shaped || n == 0)
    return;
  host->in_turn = true;
  host->turn++;
  for (guint i = 0; i < n && i < host->links->len; i++)
    serve (host->links->pdata[(host->turn + i) % host->links->len], inos_env_now (host->setup.env));
  host->in_turn = false;
}

static void set_rates (struct inos_host *host)
{
  const struct inos_host_limits *limits = &host->limits;
  uint64_t now = inos_env_now (host->setup.env);

  inos_bucket_init (&host->may_send, limits->send_max, now);
  inos_bucket_init (&host->may_receive, limits->receive_max, now);
  host->shaped =
    limits->send_max + limits->receive_max + limits->peer_send_max + limits->peer_receive_max > 0;
}

void inos_shape_init (struct inos_host *host)
{
  set_rates (host);
}

/* Nobody waits for a limit that was before. */
static void let_go (struct inos_link *link)
{
  link->waits = false;
  link->dirty = link->host->dirty = true;
  if (link->paused && link->object)
    link->klass->read (link->object, true);
  link->paused = false;
}

void inos_host_limit (struct inos_host *host, const struct inos_host_limits *limits)
{
  inos_host_enter (host);
  host->limits.send_max = limits->send_max;
  host->limits.receive_max = limits->receive_max;
  host->limits.peer_send_max = limits->peer_send_max;
  host->limits.peer_receive_max = limits->peer_receive_max;
  host->limits.peer_memory_max = limits->peer_memory_max;
  set_rates (host);
  for (guint i = 0; i < host->links->len; i++) {
    struct inos_link *link = host->links->pdata[i];
    inos_shape_link (link);
    if (link->peer)
      inos_shape_peer (host, link->peer);
    if (!link->over)
      let_go (link);
  }
  inos_host_leave (host);
}

bool inos_host_limit_protocol (struct inos_host *host, const char *protocol,
                               const struct inos_protocol_limits *limits)
{
  struct inos_usage *usage = inos_meter_of (host->meter, protocol);
  uint64_t now = inos_env_now (host->setup.env);

  if (!g_str_equal (usage->protocol, protocol))
    return false;
  inos_bucket_init (&usage->may_send, limits->send_max, now);
  inos_bucket_init (&usage->may_receive, limits->receive_max, now);
  usage->memory.max = (size_t)MIN (limits->memory_max, SIZE_MAX);
  return true;
}

const struct inos_host_limits *inos_host_limits (const struct inos_host *host)
{
  return &host->limits;
}

void inos_host_urge (struct inos_host *host, const char *protocol)
{
  inos_meter_of (host->meter, protocol)->urgent = true;
}
