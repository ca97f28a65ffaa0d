/*
 * What a stream may send, take and keep: the limits of its protocol, and of its peer.
 *
 * Who has sent as much as its protocol may is parked; of whom as much came, hears later that it may
 * send more: each gets on with what else the connection carries. What came and went counts when it
 * does, what waits as long as it waits.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/connection-private.h"

static void slow (struct inos_stream *s)
{
  if (s->slow)
    return;
  s->slow = true;
  g_queue_push_tail_link (&s->connection->slowed, &s->slowed);
}

static void unslow (struct inos_stream *s)
{
  if (!s->slow)
    return;
  s->slow = false;
  g_queue_unlink (&s->connection->slowed, &s->slowed);
}

/* Memory */

void stream_recount (struct inos_stream *s)
{
  struct inos_connection *c = s->connection;
  size_t waits = s->over ? 0 : stream_waiting (s) + s->kept, change = waits - s->counted;

  if (change == 0)
    return;
  s->counted = waits; /* what is less is added as a large number, and wraps */
  c->memory += change;
  if (c->peers)
    c->peers->used += change;
  if (s->usage)
    s->usage->memory.used += change;
}

bool stream_has_memory (const struct inos_stream *s, size_t len)
{
  return (!s->usage || inos_memory_has_room (&s->usage->memory, len)) &&
         (!s->connection->peers || inos_memory_has_room (s->connection->peers, len));
}

static bool is_half_full (const struct inos_memory *memory)
{
  return memory && memory->max > 0 && memory->used > memory->max / 2;
}

bool stream_is_crowded (const struct inos_stream *s)
{
  const struct inos_connection *c = s->connection;

  return c->yamux.queued + c->early > CONNECTION_QUEUE_FULL || is_half_full (c->peers) ||
         (s->usage && is_half_full (&s->usage->memory));
}

/* Bytes */

void stream_limit_begin (struct inos_stream *s, const char *name)
{
  const struct inos_connection_setup *setup = &s->connection->setup;
  uint64_t now = inos_env_now (setup->env), waits = stream_waiting (s);

  s->usage = setup->meter ? inos_meter_of (setup->meter, name) : NULL;
  inos_yamux_urge (&s->connection->yamux, &s->yamux, s->usage && s->usage->urgent);
  if (!s->usage)
    return;
  s->usage->memory.used += s->counted;
  if (s->uncounted > 0)
    inos_flow_add (&s->usage->out, s->uncounted, now);
  if (s->uncounted > waits) /* it went before both agreed */
    inos_bucket_take (&s->usage->may_send, s->uncounted - waits, now);
}

void stream_limit_end (struct inos_stream *s)
{
  unslow (s);
  stream_recount (s);
}

size_t stream_allow (void *connection, struct inos_yamux_stream *stream, size_t len)
{
  struct inos_stream *s = (struct inos_stream *)stream;

  if (!s->usage || s->usage->may_send.rate == 0)
    return len;
  uint64_t now = inos_env_now (s->connection->setup.env);
  size_t room = inos_bucket_room (&s->usage->may_send, now);
  if (room == 0) {
    slow (s);
    return 0;
  }
  len = MIN (len, room);
  inos_bucket_take (&s->usage->may_send, len, now);
  return len;
}

void stream_taken (struct inos_stream *s, size_t len)
{
  struct inos_connection *c = s->connection;
  struct inos_bucket *may_receive = s->usage ? &s->usage->may_receive : NULL;

  len = MIN (len, s->yamux.untaken - s->owed);
  s->kept -= MIN (len, s->kept);
  if (!may_receive || may_receive->rate == 0) {
    inos_yamux_taken (&c->yamux, &s->yamux, len + s->owed);
    s->owed = 0;
    return;
  }
  uint64_t now = inos_env_now (c->setup.env);
  inos_bucket_take (may_receive, len, now);
  s->owed += len;
  s->yamux.fixed = true; /* what came at once counts afterwards: it is not to be more than that */
  if (inos_bucket_room (may_receive, now) == 0) {
    slow (s);
    return;
  }
  inos_yamux_taken (&c->yamux, &s->yamux, s->owed);
  s->owed = 0;
}

/* Time */

static uint64_t ready_of (const struct inos_stream *s, uint64_t now)
{
  uint64_t ready = INOS_NEVER;

  if (s->yamux.parked)
    ready = inos_bucket_ready (&s->usage->may_send, now);
  if (s->owed > 0)
    ready = MIN (ready, inos_bucket_ready (&s->usage->may_receive, now));
  return ready == INOS_NEVER || ready <= now ? 0
                                             : ready; /* the clock has gone on when it is asked */
}

uint64_t connection_limit_deadline (const struct inos_connection *c)
{
  uint64_t deadline = INOS_NEVER;

  for (const GList *at = c->slowed.head; at; at = at->next)
    deadline = MIN (deadline, ready_of (at->data, inos_env_now (c->setup.env)));
  return deadline;
}

static void serve (struct inos_stream *s, uint64_t now)
{
  struct inos_yamux *yamux = &s->connection->yamux;

  if (s->yamux.parked && inos_bucket_ready (&s->usage->may_send, now) <= now)
    inos_yamux_unpark (yamux, &s->yamux);
  if (s->owed > 0 && inos_bucket_ready (&s->usage->may_receive, now) <= now) {
    inos_yamux_taken (yamux, &s->yamux, s->owed);
    s->owed = 0;
  }
  if (!s->yamux.parked && s->owed == 0)
    unslow (s);
}

void connection_limit_tick (struct inos_connection *c)
{
  uint64_t now = inos_env_now (c->setup.env);
  GList *next;

  for (GList *at = c->slowed.head; at; at = next) {
    next = at->next;
    serve (at->data, now);
  }
}
