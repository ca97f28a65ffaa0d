/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/connection-private.h"

struct inos_stream *stream_new (struct inos_connection *c, bool inbound)
{
  struct inos_stream *s = g_new0 (struct inos_stream, 1);

  s->connection = c;
  s->inbound = inbound;
  s->negotiating.data = s->ended_link.data = s->roomy.data = s->slowed.data = s;
  s->yamux.urgent = true; /* while both agree */
  return s;
}

void stream_free (struct inos_stream *s)
{
  stream_negotiation_clear (s);
  inos_buffer_clear (&s->yamux.queue);
  g_free (s);
}

static void forget_room (struct inos_stream *s)
{
  if (s->full)
    return;
  if (s->roomy.next || s->roomy.prev || s->connection->roomy.head == &s->roomy)
    g_queue_unlink (&s->connection->roomy, &s->roomy);
}

/* It has left the session, or is about to. */
static void mark_over (struct inos_stream *s, enum inos_stream_end why)
{
  s->over = true;
  s->why = why;
  forget_room (s);
  stream_negotiation_clear (s);
  stream_limit_end (s);
  g_queue_push_tail_link (&s->connection->ended, &s->ended_link);
}

void stream_agree (struct inos_stream *s, const char *name)
{
  s->protocol = name;
  stream_limit_begin (s, name);
}

void stream_end (struct inos_stream *s, enum inos_stream_end why)
{
  if (s->over)
    return;
  inos_yamux_reset (&s->connection->yamux, &s->yamux);
  mark_over (s, why);
}

void stream_tell_gone (struct inos_stream *s)
{
  g_queue_unlink (&s->connection->ended, &s->ended_link);
  g_queue_push_tail_link (&s->connection->dead, &s->ended_link);
  s->told = true;
  if (s->handler)
    s->handler->gone (s, s->data, s->why);
}

void stream_tell_room (struct inos_stream *s)
{
  g_queue_unlink (&s->connection->roomy, &s->roomy);
  if (s->handler && s->handler->room && !s->finishing)
    s->handler->room (s, s->data);
}

/* What the session tells. */

static struct inos_yamux_stream *on_opened (void *data)
{
  struct inos_stream *s = stream_new (data, true);

  stream_listen (s);
  return &s->yamux;
}

static void deliver (struct inos_stream *s, const uint8_t *bytes, size_t len)
{
  if (s->usage)
    inos_flow_add (&s->usage->in, len, inos_env_now (s->connection->setup.env));
  s->kept += len;
  if (s->handler->bytes)
    s->handler->bytes (s, s->data, bytes, len);
  if (!s->over && !s->held)
    stream_taken (s, len);
  stream_recount (s);
  if (!s->over && s->kept > 0 && !stream_has_memory (s, 0))
    stream_end (s, INOS_STREAM_GIVEN_UP);
}

static void on_bytes (void *data, struct inos_yamux_stream *stream, const uint8_t *bytes,
                      size_t len)
{
  struct inos_connection *c = data;
  struct inos_stream *s = (struct inos_stream *)stream;

  if (s->negotiation) {
    size_t used = stream_negotiate (s, bytes, len);
    if (s->over)
      return;
    inos_yamux_taken (&c->yamux, stream, used);
    bytes += used;
    len -= used;
  }
  if (len > 0)
    deliver (s, bytes, len);
}

static void on_finish (void *data, struct inos_yamux_stream *stream)
{
  struct inos_connection *c = data;
  struct inos_stream *s = (struct inos_stream *)stream;

  if (s->over)
    return;
  if (s->negotiation && !s->inbound)
    stream_end (s, INOS_STREAM_RESET); /* no answer will come */
  else if (s->negotiation)
    inos_yamux_shut (&c->yamux, stream); /* it may have asked for the list, and waits for it */
  else if (s->handler->finish)
    s->handler->finish (s, s->data);
}

static void on_ended (void *data, struct inos_yamux_stream *stream, bool reset)
{
  struct inos_stream *s = (struct inos_stream *)stream;

  if (!s->over)
    mark_over (s, reset ? INOS_STREAM_RESET : INOS_STREAM_FINISHED);
}

/* Bytes that may wait in one stream before its handler is to wait. */
static size_t queue_limit (const struct inos_stream *s)
{
  size_t limit = stream_is_crowded (s) ? CONNECTION_SHARE : INOS_STREAM_QUEUE_MAX / 2;

  return s->queue_limit > 0 ? MIN (limit, s->queue_limit) : limit;
}

/* The handler is told of room when half of that is left, so that the link does not run dry
 * meanwhile.
 */
static void on_sent (void *data, struct inos_yamux_stream *stream)
{
  struct inos_stream *s = (struct inos_stream *)stream;

  stream_recount (s);
  if (!s->full || stream_waiting (s) > queue_limit (s) / 2)
    return;
  s->full = false;
  g_queue_push_tail_link (&s->connection->roomy, &s->roomy);
}

const struct inos_yamux_events stream_events = {on_opened, on_bytes, on_finish,
                                                on_ended,  on_sent,  stream_allow};

/* What its handler calls. */

static void enter_quietly (struct inos_connection *c)
{
  connection_enter (c);
  c->quiet++;
}

static void leave_quietly (struct inos_connection *c)
{
  connection_leave (c);
  c->quiet--;
}

/* Straight to the link where it takes some, which saves a copy. */
static void write_through (struct inos_stream *s, const void *bytes, size_t len)
{
  struct inos_connection *c = s->connection;

  if (len < CONNECTION_LEND_MIN || inos_buffer_len (&c->out) >= c->output_max) {
    inos_yamux_write (&c->yamux, &s->yamux, bytes, len);
    return;
  }
  inos_yamux_lend (&c->yamux, &s->yamux, bytes, len);
  connection_pump (c);
  inos_yamux_take_back (&c->yamux, &s->yamux);
}

/* It is full, and is told when it is no more. */
static void mark_full (struct inos_stream *s)
{
  if (s->full)
    return;
  forget_room (s);
  s->full = true;
}

size_t inos_stream_room (struct inos_stream *s)
{
  size_t queued = stream_waiting (s), limit = queue_limit (s);

  if (s->over)
    return 0;
  if (queued < limit)
    return limit - queued;
  mark_full (s);
  return 0;
}

static void write_early (struct inos_stream *s, const void *bytes, size_t len)
{
  inos_buffer_append (&s->negotiation->early, bytes, len);
  s->connection->early += len;
}

static bool may_wait (const struct inos_stream *s, size_t len)
{
  const struct inos_connection *c = s->connection;

  return len <= INOS_STREAM_QUEUE_MAX && stream_waiting (s) + len <= INOS_STREAM_QUEUE_MAX &&
         c->yamux.queued + c->early + len <= CONNECTION_QUEUE_MAX && stream_has_memory (s, len);
}

void inos_stream_write (struct inos_stream *s, const void *bytes, size_t len)
{
  if (s->over || s->finishing || len == 0)
    return;
  enter_quietly (s->connection);
  if (s->usage)
    inos_flow_add (&s->usage->out, len, inos_env_now (s->connection->setup.env));
  else
    s->uncounted += len;
  if (!may_wait (s, len))
    stream_end (s, INOS_STREAM_GIVEN_UP);
  else if (s->negotiation && !s->negotiation->lazy)
    write_early (s, bytes, len);
  else
    write_through (s, bytes, len);
  stream_recount (s);
  if (!s->over)
    inos_stream_room (s);
  leave_quietly (s->connection);
}

void inos_stream_finish (struct inos_stream *s)
{
  if (s->over || s->finishing)
    return;
  enter_quietly (s->connection);
  s->finishing = true;
  if (!s->negotiation) /* else when both agree: there are peers that lose the stream otherwise */
    inos_yamux_shut (&s->connection->yamux, &s->yamux);
  leave_quietly (s->connection);
}

void inos_stream_reset (struct inos_stream *s)
{
  if (s->told)
    return;
  connection_enter (s->connection);
  stream_end (s, INOS_STREAM_GIVEN_UP);
  stream_tell_gone (s);
  connection_leave (s->connection);
}

void inos_stream_hold (struct inos_stream *s, bool held)
{
  if (s->over || s->held == held)
    return;
  s->held = held;
  if (!held)
    inos_stream_taken (s, SIZE_MAX);
}

void inos_stream_taken (struct inos_stream *s, size_t len)
{
  if (s->over)
    return;
  enter_quietly (s->connection);
  stream_taken (s, len);
  stream_recount (s);
  leave_quietly (s->connection);
}

void inos_stream_narrow (struct inos_stream *s, size_t queue)
{
  s->queue_limit = MAX (queue, 1);
  s->yamux.fixed = true;
}

void inos_stream_take_over (struct inos_stream *s, const struct inos_stream_handler *handler,
                            void *data)
{
  s->handler = handler;
  s->data = data;
}

const struct inos_peer_id *inos_stream_peer (const struct inos_stream *s)
{
  return &s->connection->peer;
}

const char *inos_stream_protocol (const struct inos_stream *s)
{
  return s->protocol;
}

struct inos_connection *inos_stream_connection (const struct inos_stream *s)
{
  return s->connection;
}
