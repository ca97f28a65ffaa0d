/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/connection-private.h"

#include <stdarg.h>
#include <string.h>

struct inos_connection *inos_connection_new (const struct inos_connection_setup *setup)
{
  struct inos_connection *c = g_new0 (struct inos_connection, 1);

  c->setup = *setup;
  if (setup->expect)
    c->expect = *setup->expect;
  if (c->setup.streams_max == 0)
    c->setup.streams_max = INOS_STREAMS_MAX;
  c->deadline = INOS_NEVER;
  c->output_max = CONNECTION_OUTPUT_MAX;
  c->known = g_ptr_array_new_with_free_func (g_free);
  if (setup->psk) {
    c->pnet_out = g_new0 (struct inos_pnet_stream, 1);
    c->pnet_in = g_new0 (struct inos_pnet_stream, 1);
    inos_pnet_init (c->pnet_out, setup->psk);
    inos_pnet_init (c->pnet_in, setup->psk);
  }
  return c;
}

static void clear_pnet (struct inos_pnet_stream **stream)
{
  if (*stream)
    inos_pnet_clear (*stream);
  g_clear_pointer (stream, g_free);
}

static void free_dead (struct inos_connection *c)
{
  for (GList *link = g_queue_pop_head_link (&c->dead); link;
       link = g_queue_pop_head_link (&c->dead))
    stream_free (link->data);
}

/* All streams are lost; their handlers are to be told. */
static void lose_streams (struct inos_connection *c)
{
  c->yamux.over = true;
  while (c->yamux.open.first)
    stream_end ((struct inos_stream *)c->yamux.open.first, INOS_STREAM_LOST);
}

static void tell_gone (struct inos_connection *c)
{
  for (GList *link = c->ended.head; link; link = c->ended.head)
    stream_tell_gone (link->data);
}

void inos_connection_free (struct inos_connection *c)
{
  if (!c)
    return;
  g_assert (c->depth == 0);
  c->depth++;
  c->state = CONNECTION_OVER;
  lose_streams (c);
  tell_gone (c);
  free_dead (c);
  inos_yamux_finish (&c->yamux);
  inos_multistream_clear (&c->negotiation);
  inos_noise_free (c->noise);
  clear_pnet (&c->pnet_out);
  clear_pnet (&c->pnet_in);
  inos_buffer_clear (&c->out);
  inos_buffer_clear (&c->in);
  inos_buffer_clear (&c->late);
  g_ptr_array_unref (c->known);
  g_clear_error (&c->error);
  g_free (c);
}

/* What is sent. */

/* The last @len bytes of the output are new. */
static void account (struct inos_connection *c, size_t len)
{
  if (len == 0)
    return;
  if (c->pnet_out)
    inos_pnet_xor (c->pnet_out, c->out.bytes + c->out.tail - len, len);
  c->sent += len;
  c->dirty = true;
}

void connection_put (struct inos_connection *c, struct inos_buffer *bytes)
{
  size_t len = inos_buffer_len (bytes);

  if (len > 0)
    inos_buffer_append (&c->out, inos_buffer_data (bytes), len);
  account (c, len);
  inos_buffer_clear (bytes);
}

/* The @len bytes that were written where inos_noise_room() said. */
static void seal (struct inos_connection *c, size_t len)
{
  size_t before = inos_buffer_len (&c->out);

  inos_noise_seal (c->noise, &c->out, len);
  account (c, inos_buffer_len (&c->out) - before);
}

void connection_seal (struct inos_connection *c, struct inos_buffer *bytes)
{
  size_t len = inos_buffer_len (bytes);

  if (len > 0) {
    memcpy (inos_noise_room (&c->out, len), inos_buffer_data (bytes), len);
    seal (c, len);
  }
  inos_buffer_clear (bytes);
}

void connection_pump (struct inos_connection *c)
{
  size_t due;

  c->noted = false;
  if (c->state != CONNECTION_OPEN)
    return;
  while (inos_buffer_len (&c->out) < c->output_max && (due = inos_yamux_due (&c->yamux)) > 0) {
    size_t room = MIN (MAX (due, INOS_YAMUX_ROOM_LEAST), MIN (c->output_max, INOS_NOISE_PLAIN_MAX));
    bool urgent = inos_yamux_is_urgent (&c->yamux);
    if (c->urgent_only && !urgent)
      return;
    size_t len = inos_yamux_fill (&c->yamux, inos_noise_room (&c->out, room), room);
    if (len == 0)
      return;
    seal (c, len);
    if (urgent)
      c->urgent_to = c->sent;
  }
}

/* The end. */

static void tell_closed (struct inos_connection *c)
{
  g_autoptr (GError) error = g_steal_pointer (&c->error);

  c->ending = false;
  c->dirty = false; /* who is told that it is over looks at the output anyway */
  tell_gone (c);
  c->setup.events->closed (c->setup.data, error);
}

void connection_end (struct inos_connection *c, enum inos_yamux_code code, GError *error)
{
  struct inos_buffer goodbye = {0};

  if (c->state == CONNECTION_OVER) {
    g_clear_error (&error);
    return;
  }
  if (c->state == CONNECTION_OPEN) {
    connection_pump (c);
    inos_yamux_go_away (&c->yamux, code, inos_buffer_reserve (&goodbye, INOS_YAMUX_HEAD_SIZE));
    inos_buffer_commit (&goodbye, INOS_YAMUX_HEAD_SIZE);
    connection_seal (c, &goodbye);
  }
  c->state = CONNECTION_OVER;
  c->error = error;
  c->ending = true;
  lose_streams (c);
  inos_buffer_clear (&c->late);
  if (c->quiet == 0)
    tell_closed (c);
}

void connection_fail (struct inos_connection *c, enum inos_link_error kind, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  GError *error = g_error_new_valist (INOS_LINK_ERROR, (int)kind, format, args);
  va_end (args);
  connection_end (c, INOS_YAMUX_PROTOCOL_ERROR, error);
}

/* Telling. */

static bool has_output (struct inos_connection *c)
{
  if (!c->noted && c->state == CONNECTION_OPEN && inos_yamux_due (&c->yamux) > 0 &&
      (inos_buffer_len (&c->out) < c->output_max || inos_yamux_is_urgent (&c->yamux)))
    c->dirty = c->noted = true;
  return c->dirty;
}

/* Whether a handler is to be told of something. */
static bool has_news (const struct inos_connection *c)
{
  return c->ended.head || c->roomy.head || c->ending || inos_buffer_len (&c->late) > 0;
}

static void tell_news (struct inos_connection *c)
{
  if (c->ended.head)
    stream_tell_gone (c->ended.head->data);
  else if (c->ending)
    tell_closed (c);
  else if (inos_buffer_len (&c->late) > 0)
    connection_take_late (c);
  else
    stream_tell_room (c->roomy.head->data);
}

void connection_enter (struct inos_connection *c)
{
  c->depth++;
}

void connection_leave (struct inos_connection *c)
{
  if (c->depth > 1) {
    c->depth--;
    return;
  }
  for (;;) {
    if (c->quiet == 0)
      connection_check (c);
    if (c->quiet == 0 && has_news (c)) {
      tell_news (c);
    } else if (has_output (c)) {
      c->dirty = false;
      c->setup.events->output (c->setup.data);
    } else {
      break;
    }
  }
  free_dead (c);
  c->depth--;
}

/* What its owner calls. */

void inos_connection_start (struct inos_connection *c)
{
  if (c->state != CONNECTION_NEW)
    return;
  connection_enter (c);
  c->deadline = inos_env_now (c->setup.env) + INOS_HANDSHAKE_TIMEOUT;
  if (c->pnet_out) {
    uint8_t nonce[INOS_PNET_NONCE_SIZE];
    inos_pnet_make_nonce (c->pnet_out, c->setup.env, nonce);
    inos_buffer_append (&c->out, nonce, sizeof nonce);
    c->sent += sizeof nonce;
    c->dirty = true;
  }
  connection_upgrade (c);
  connection_leave (c);
}

void inos_connection_feed (struct inos_connection *c, uint8_t *bytes, size_t len)
{
  inos_connection_start (c);
  if (c->state == CONNECTION_OVER || len == 0)
    return;
  connection_enter (c);
  c->received += len;
  if (!c->feeding && c->quiet == 0 && inos_buffer_len (&c->late) == 0)
    connection_take (c, bytes, len);
  else if (len > CONNECTION_LATE_MAX - inos_buffer_len (&c->late))
    connection_fail (c, INOS_LINK_ERROR_FLOOD, "More came than can be kept meanwhile.");
  else
    inos_buffer_append (&c->late, bytes, len);
  connection_leave (c);
}

static GError *why_ended (const struct inos_connection *c, const GError *error)
{
  if (error)
    return g_error_copy (error);
  if (c->state == CONNECTION_OPEN && (c->yamux.told_off || !c->yamux.open.first))
    return NULL;
  return g_error_new_literal (
    INOS_LINK_ERROR, INOS_LINK_ERROR_CLOSED,
    c->state == CONNECTION_OPEN
      ? "The peer ended the link in the middle of something."
      : "The peer ended the link before both knew each other. It may have as many connections as "
        "it allows, or belong to another private mesh.");
}

void inos_connection_feed_end (struct inos_connection *c, const GError *error)
{
  if (c->state == CONNECTION_OVER)
    return;
  connection_enter (c);
  if (c->quiet == 0 && !c->feeding && inos_buffer_len (&c->late) > 0)
    connection_take_late (c);
  connection_end (c, INOS_YAMUX_NORMAL, why_ended (c, error));
  connection_leave (c);
}

struct inos_buffer *inos_connection_output (struct inos_connection *c)
{
  connection_pump (c);
  return &c->out;
}

void inos_connection_sent (struct inos_connection *c)
{
  connection_enter (c);
  connection_pump (c);
  connection_leave (c);
}

void inos_connection_close (struct inos_connection *c)
{
  connection_enter (c);
  connection_end (c, INOS_YAMUX_NORMAL, NULL);
  connection_leave (c);
}

uint64_t inos_connection_deadline (const struct inos_connection *c)
{
  uint64_t deadline = c->deadline;

  if (has_news (c))
    return 0; /* at once; the clock has gone on when it is looked at */
  if (c->state == CONNECTION_OVER)
    return INOS_NEVER;
  if (c->state == CONNECTION_OPEN)
    deadline = MIN (deadline, inos_yamux_deadline (&c->yamux));
  deadline = MIN (deadline, connection_limit_deadline (c));
  if (c->negotiating.head) {
    const struct inos_stream *s = c->negotiating.head->data;
    deadline = MIN (deadline, s->negotiation->deadline);
  }
  return deadline;
}

static void end_late_streams (struct inos_connection *c, uint64_t now)
{
  for (GList *link = c->negotiating.head; link; link = c->negotiating.head) {
    struct inos_stream *s = link->data;
    if (s->negotiation->deadline > now)
      return;
    stream_end (s, INOS_STREAM_LATE);
  }
}

void inos_connection_tick (struct inos_connection *c)
{
  uint64_t now = inos_env_now (c->setup.env);

  connection_enter (c);
  if (c->state != CONNECTION_OVER && now >= c->deadline)
    connection_fail (c, INOS_LINK_ERROR_TIMEOUT,
                     "The peer did not say who it is within %u seconds.",
                     (unsigned)(INOS_HANDSHAKE_TIMEOUT / 1000000000));
  end_late_streams (c, now);
  connection_limit_tick (c);
  if (c->state == CONNECTION_OPEN && !inos_yamux_tick (&c->yamux))
    connection_fail (c, INOS_LINK_ERROR_TIMEOUT, "The peer has not answered for %u seconds.",
                     (unsigned)(INOS_YAMUX_DEAD / 1000000000));
  connection_leave (c);
}

struct inos_stream *inos_connection_open (struct inos_connection *c, const char *const *names,
                                          unsigned n_names,
                                          const struct inos_stream_handler *handler, void *data)
{
  if (c->state != CONNECTION_OPEN || n_names == 0)
    return NULL;
  struct inos_stream *s = stream_new (c, false);
  if (!inos_yamux_open (&c->yamux, &s->yamux)) {
    stream_free (s);
    return NULL;
  }
  connection_enter (c);
  c->quiet++;
  s->handler = handler;
  s->data = data;
  stream_propose (s, names, n_names);
  connection_leave (c);
  c->quiet--;
  return s;
}

void inos_connection_narrow (struct inos_connection *c, size_t output)
{
  c->output_max = CLAMP (output, INOS_YAMUX_ROOM_LEAST, CONNECTION_OUTPUT_MAX);
}

void inos_connection_hold (struct inos_connection *c, bool held)
{
  c->urgent_only = held;
}

void inos_connection_charge (struct inos_connection *c, struct inos_memory *memory)
{
  if (c->peers)
    c->peers->used -= c->memory;
  c->peers = memory;
  if (memory)
    memory->used += c->memory;
}

size_t inos_connection_urgent (const struct inos_connection *c)
{
  size_t waits = inos_buffer_len (&c->out);
  uint64_t gone = c->sent - waits;

  if (c->urgent_to > gone)
    return (size_t)(c->urgent_to - gone);
  return c->state == CONNECTION_OPEN && inos_yamux_is_urgent (&c->yamux) ? MAX (waits, 1) : 0;
}

const struct inos_peer_id *inos_connection_peer (const struct inos_connection *c)
{
  return &c->peer;
}

bool inos_connection_is_initiator (const struct inos_connection *c)
{
  return c->setup.initiator;
}

bool inos_connection_is_relayed (const struct inos_connection *c)
{
  return c->setup.relayed;
}

unsigned inos_connection_inbound_of (const struct inos_connection *c, const char *protocol)
{
  unsigned count = 0;

  for (const struct inos_yamux_stream *at = c->yamux.open.first; at; at = at->next_open) {
    const struct inos_stream *s = (const struct inos_stream *)at;
    count += s->inbound && s->protocol && strcmp (s->protocol, protocol) == 0;
  }
  return count;
}

void inos_connection_stats (const struct inos_connection *c, struct inos_connection_stats *stats)
{
  *stats = (struct inos_connection_stats){
    .sent = c->sent,
    .received = c->received,
    .streams_in = c->yamux.n_inbound,
    .streams_out = c->yamux.n_outbound,
    .round_trip = c->yamux.round_trip,
    .buffered = inos_buffer_len (&c->out) + inos_buffer_len (&c->in) + inos_buffer_len (&c->late),
  };
}
