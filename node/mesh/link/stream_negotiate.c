/*
 * How a stream gets its protocol.
 *
 * What is written before the peer agrees waits. Only where the peer spoke the same protocol on this
 * connection before does it go at once, which saves a round trip: it will hardly say no, and if it
 * does, no bytes that somebody else chose are taken for further proposals, as it was its own
 * choice.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/connection-private.h"

#include <string.h>

static bool find_known (const struct inos_connection *c, const char *name, unsigned *index)
{
  for (*index = 0; *index < c->known->len; (*index)++)
    if (strcmp (c->known->pdata[*index], name) == 0)
      return true;
  return false;
}

static void remember (struct inos_connection *c, const char *name)
{
  unsigned index;

  if (c->known->len < CONNECTION_KNOWN_MAX && !find_known (c, name, &index))
    g_ptr_array_add (c->known, g_strdup (name));
}

static void forget (struct inos_connection *c, const char *name)
{
  unsigned index;

  if (find_known (c, name, &index))
    g_ptr_array_remove_index_fast (c->known, index);
}

static void begin (struct inos_stream *s)
{
  struct inos_connection *c = s->connection;

  s->negotiation = g_new0 (struct stream_negotiation, 1);
  s->negotiation->deadline = inos_env_now (c->setup.env) + INOS_NEGOTIATION_TIMEOUT;
  g_queue_push_tail_link (&c->negotiating, &s->negotiating);
}

void stream_negotiation_clear (struct inos_stream *s)
{
  if (!s->negotiation)
    return;
  g_queue_unlink (&s->connection->negotiating, &s->negotiating);
  s->connection->early -= inos_buffer_len (&s->negotiation->early);
  inos_multistream_clear (&s->negotiation->ms);
  inos_buffer_clear (&s->negotiation->early);
  g_clear_pointer (&s->negotiation, g_free);
}

static void send_all (struct inos_stream *s, struct inos_buffer *bytes)
{
  if (inos_buffer_len (bytes) > 0)
    inos_yamux_write (&s->connection->yamux, &s->yamux, inos_buffer_data (bytes),
                      inos_buffer_len (bytes));
  inos_buffer_clear (bytes);
}

void stream_propose (struct inos_stream *s, const char *const *names, unsigned n_names)
{
  struct inos_buffer out = {0};
  unsigned index;

  begin (s);
  s->negotiation->lazy = find_known (s->connection, names[0], &index);
  if (s->negotiation->lazy && s->connection->setup.meter) /* its own bytes go along */
    inos_yamux_urge (&s->connection->yamux, &s->yamux,
                     inos_meter_of (s->connection->setup.meter, names[0])->urgent);
  inos_multistream_dial (&s->negotiation->ms, names, n_names, &out);
  send_all (s, &out);
}

void stream_listen (struct inos_stream *s)
{
  begin (s);
}

/* Both agree on @name. */
static void agree (struct inos_stream *s, const char *name)
{
  struct inos_connection *c = s->connection;

  stream_agree (s, name);
  c->early -= inos_buffer_len (&s->negotiation->early);
  send_all (s, &s->negotiation->early);
  stream_negotiation_clear (s);
  if (!s->inbound)
    remember (c, name);
  if (s->finishing)
    inos_yamux_shut (&c->yamux, &s->yamux);
  if (s->handler->open)
    s->handler->open (s, s->data);
}

/* The peer proposes. Returns: what this side answers, NULL: that it does not know it. */
static const char *ask (struct inos_stream *s)
{
  struct inos_connection *c = s->connection;
  struct inos_stream_answer answer = {0};

  if (!c->setup.events->protocol ||
      !c->setup.events->protocol (c->setup.data, s, s->negotiation->ms.asked, &answer) || s->over)
    return NULL;
  if (!s->handler) { /* else it was taken over meanwhile */
    s->handler = answer.handler;
    s->data = answer.data;
  }
  return answer.name;
}

static void list (struct inos_stream *s, struct inos_buffer *out)
{
  struct inos_connection *c = s->connection;
  struct inos_buffer names = {0};

  if (c->setup.events->protocols)
    c->setup.events->protocols (c->setup.data, &names);
  if (!s->over)
    inos_multistream_answer_list (&s->negotiation->ms, &names, out);
  inos_buffer_clear (&names);
}

static void give_up (struct inos_stream *s)
{
  if (s->negotiation->lazy)
    forget (s->connection, s->negotiation->ms.names[0]);
  stream_end (s, INOS_STREAM_UNSUPPORTED);
}

/* Whether there is something to propose after a refusal. */
static bool may_go_on (const struct inos_stream *s)
{
  const struct stream_negotiation *negotiation = s->negotiation;

  return !negotiation->lazy || negotiation->ms.at == 0;
}

static void act (struct inos_stream *s, enum inos_multistream_result result,
                 struct inos_buffer *out)
{
  const char *name = NULL;

  switch (result) {
  case INOS_MULTISTREAM_ASKED:
    name = ask (s);
    if (!s->over)
      inos_multistream_answer (&s->negotiation->ms, name, out);
    break;
  case INOS_MULTISTREAM_LIST:
    list (s, out);
    break;
  case INOS_MULTISTREAM_AGREED:
    name = s->negotiation->ms.agreed;
    break;
  case INOS_MULTISTREAM_NONE:
  case INOS_MULTISTREAM_BAD:
    give_up (s);
    break;
  case INOS_MULTISTREAM_MORE:
  default:
    if (!may_go_on (s))
      give_up (s);
  }
  if (!s->over)
    send_all (s, out);
  if (!s->over && name)
    agree (s, name);
}

size_t stream_negotiate (struct inos_stream *s, const uint8_t *bytes, size_t len)
{
  size_t at = 0;

  while (s->negotiation && at < len) {
    struct inos_buffer out = {0};
    size_t used;
    enum inos_multistream_result result =
      inos_multistream_feed (&s->negotiation->ms, bytes + at, len - at, &used, &out);
    at += used;
    act (s, result, &out);
    inos_buffer_clear (&out);
  }
  return at;
}
