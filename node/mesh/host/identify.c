/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/frames.h"
#include "node/mesh/host/identify.h"
#include "node/mesh/host/private.h"

#define STREAMS_MAX 4u /* inbound of one peer and protocol */

/* One stream, either way: what came so far. */
struct exchange {
  struct inos_host *host;
  struct inos_frames frames;
  bool done;
};

struct inos_identify {
  struct inos_host *host;
  struct inos_protocol_offer answer, push;
};

static const char *const ask_names[] = {INOS_IDENTIFY_PROTOCOL};
static const char *const push_names[] = {INOS_IDENTIFY_PUSH_PROTOCOL};

/* Reading what a peer says */

static bool on_message (void *data, const uint8_t *message, size_t len)
{
  struct inos_stream *stream = ((void **)data)[0];
  struct exchange *exchange = ((void **)data)[1];

  if (exchange->done)
    return false;
  exchange->done = true;
  return inos_identify_read (exchange->host, inos_stream_peer (stream), message, len);
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct exchange *exchange = data;
  void *both[] = {stream, exchange};

  if (!inos_frames_feed (&exchange->frames, bytes, len, on_message, both))
    inos_stream_reset (stream);
}

static void on_finish (struct inos_stream *stream, void *data)
{
  inos_stream_finish (stream);
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct exchange *exchange = data;

  inos_frames_clear (&exchange->frames);
  g_free (exchange);
}

static const struct inos_stream_handler reads = {
  .bytes = on_bytes, .finish = on_finish, .gone = on_gone};

static struct exchange *new_exchange (struct inos_host *host)
{
  struct exchange *exchange = g_new0 (struct exchange, 1);

  exchange->host = host;
  exchange->frames.max = INOS_IDENTIFY_MAX;
  return exchange;
}

static bool accept_push (void *data, struct inos_stream *stream)
{
  struct inos_identify *identify = data;

  inos_stream_take_over (stream, &reads, new_exchange (identify->host));
  return true;
}

/* Telling */

static void on_told (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
}

static void on_answer_open (struct inos_stream *stream, void *data)
{
  struct inos_identify *identify = data;
  struct inos_buffer message = {0};
  struct inos_multiaddr observed = {0};

  inos_host_remote_of (identify->host, stream, &observed);
  inos_identify_write (identify->host, inos_stream_peer (stream), &observed, &message);
  inos_frames_write (stream, inos_buffer_data (&message), inos_buffer_len (&message));
  inos_stream_finish (stream);
  inos_buffer_clear (&message);
}

static const struct inos_stream_handler answers = {
  .open = on_answer_open, .finish = on_finish, .gone = on_told};
static const struct inos_stream_handler pushes = {.finish = on_finish, .gone = on_told};

static void push_to (struct inos_identify *identify, const struct inos_peer *peer)
{
  struct inos_buffer message = {0};

  if (peer->links->len == 0 || !inos_peer_speaks (peer, INOS_IDENTIFY_PUSH_PROTOCOL))
    return;
  struct inos_stream *stream =
    inos_host_open (identify->host, &peer->id, push_names, 1, &pushes, NULL);
  if (!stream)
    return;
  inos_identify_write (identify->host, &peer->id, NULL, &message);
  inos_frames_write (stream, inos_buffer_data (&message), inos_buffer_len (&message));
  inos_stream_finish (stream);
  inos_buffer_clear (&message);
}

static void on_addresses (void *data)
{
  struct inos_identify *identify = data;
  g_autoptr (GPtrArray) peers = inos_peer_book_list (inos_host_book (identify->host));

  for (guint i = 0; i < peers->len; i++)
    push_to (identify, peers->pdata[i]);
}

void inos_identify_renew (struct inos_identify *identify)
{
  on_addresses (identify);
}

void inos_identify_again (struct inos_identify *identify, const struct inos_peer_id *id)
{
  struct inos_host *host = identify->host;
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (host), id);

  if (!peer || peer->links->len == 0)
    return;
  inos_host_enter (host);
  push_to (identify, peer);
  if (peer->identified)
    inos_host_tell_identified (host, id);
  inos_host_leave (host);
}

/* Asking */

static void on_connected (void *data, const struct inos_peer_id *peer)
{
  struct inos_identify *identify = data;
  struct exchange *exchange = new_exchange (identify->host);
  struct inos_stream *stream =
    inos_host_open (identify->host, peer, ask_names, 1, &reads, exchange);

  if (stream)
    return;
  on_gone (NULL, exchange, INOS_STREAM_LIMIT);
}

static void on_disconnected (void *data, const struct inos_peer_id *peer)
{
}

struct inos_identify *inos_identify_new (struct inos_host *host)
{
  static const struct inos_host_events events = {
    .connected = on_connected, .disconnected = on_disconnected, .addresses = on_addresses};
  struct inos_identify *identify = g_new0 (struct inos_identify, 1);

  identify->host = host;
  identify->answer = (struct inos_protocol_offer){.name = INOS_IDENTIFY_PROTOCOL,
                                                  .streams_max = STREAMS_MAX,
                                                  .relayed = true,
                                                  .open = true,
                                                  .handler = &answers,
                                                  .data = identify};
  identify->push = (struct inos_protocol_offer){.name = INOS_IDENTIFY_PUSH_PROTOCOL,
                                                .streams_max = STREAMS_MAX,
                                                .relayed = true,
                                                .open = true,
                                                .handler = &answers,
                                                .accept = accept_push,
                                                .data = identify};
  inos_host_offer (host, &identify->answer);
  inos_host_offer (host, &identify->push);
  inos_host_watch (host, &events, identify);
  return identify;
}

void inos_identify_free (struct inos_identify *identify)
{
  g_free (identify);
}
