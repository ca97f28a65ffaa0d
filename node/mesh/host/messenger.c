/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/frames.h"
#include "node/mesh/host/messenger.h"
#include "node/mesh/host/peer_book.h"

#define OFFERS_MAX 8u
#define INBOUND_MAX 2u /* streams of one peer: one that ends and the one after it */

/* A peer that a stream leads to. */
struct correspondent {
  struct inos_messenger *messenger;
  struct inos_peer_id peer;
  struct inos_stream *stream; /* ours, to it; NULL: its connection has gone, and is to be told so */
  bool up;                    /* the core knows of it */
  bool open;                  /* ours can be written to */
  bool again;                 /* ours is not the first */
};

/* A stream that a peer opened. */
struct delivery {
  struct inos_messenger *messenger;
  struct inos_frames frames;
};

struct inos_messenger {
  struct inos_host *host;
  struct inos_messenger_setup setup;
  struct inos_protocol_offer offers[OFFERS_MAX];
  GHashTable *correspondents; /* struct inos_peer_id in the value → struct correspondent */
};

static struct correspondent *begin (struct inos_messenger *messenger,
                                    const struct inos_peer_id *peer);

/* The core hears of a peer as soon as either has opened a stream, so that it knows whose the first
 * message is. */
static void tell_up (struct correspondent *to, const char *protocol)
{
  const struct inos_messenger_setup *setup = &to->messenger->setup;

  if (to->up)
    return;
  to->up = true;
  setup->events->up (setup->data, &to->peer, protocol);
}

/* What comes */

static bool on_message (void *data, const uint8_t *message, size_t len)
{
  struct inos_stream *stream = ((void **)data)[0];
  struct delivery *delivery = ((void **)data)[1];
  const struct inos_messenger_setup *setup = &delivery->messenger->setup;

  return setup->events->message (setup->data, inos_stream_peer (stream), message, len);
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct delivery *delivery = data;
  void *both[] = {stream, delivery};

  if (!inos_frames_feed (&delivery->frames, bytes, len, on_message, both))
    inos_stream_reset (stream);
}

static void on_finish (struct inos_stream *stream, void *data)
{
  inos_stream_finish (stream);
}

static void on_delivery_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct delivery *delivery = data;

  inos_frames_clear (&delivery->frames);
  g_free (delivery);
}

static void on_delivery_open (struct inos_stream *stream, void *data)
{
  struct delivery *delivery = data;
  struct correspondent *to = begin (delivery->messenger, inos_stream_peer (stream));

  if (to)
    tell_up (to, inos_stream_protocol (stream));
}

static const struct inos_stream_handler delivers = {
  .open = on_delivery_open, .bytes = on_bytes, .finish = on_finish, .gone = on_delivery_gone};

static bool on_accept (void *data, struct inos_stream *stream)
{
  struct inos_messenger *messenger = data;
  struct delivery *delivery = g_new0 (struct delivery, 1);

  delivery->messenger = messenger;
  delivery->frames.max = messenger->setup.message_max;
  inos_stream_take_over (stream, &delivers, delivery);
  return true;
}

/* What goes */

static void on_room (struct inos_stream *stream, void *data)
{
  struct correspondent *to = data;
  const struct inos_messenger_setup *setup = &to->messenger->setup;

  if (to->up && setup->events->room)
    setup->events->room (setup->data, &to->peer);
}

static void on_open (struct inos_stream *stream, void *data)
{
  struct correspondent *to = data;

  to->open = true;
  if (to->up && !to->again) {
    on_room (stream, data); /* for what the core wanted to say meanwhile */
    return;
  }
  to->up = to->again = false;
  tell_up (to, inos_stream_protocol (stream));
}

static void part (struct correspondent *to)
{
  const struct inos_messenger_setup *setup = &to->messenger->setup;
  struct inos_peer_id peer = to->peer;
  bool up = to->up;

  g_hash_table_remove (to->messenger->correspondents, &peer);
  if (up)
    setup->events->down (setup->data, &peer);
}

/* A stream that broke under a connection that lives is opened again when identify says that the
 * peer still speaks the protocol, or the peer writes: a peer that resets us is left alone. One
 * whose connection has gone is opened again at once where there is another. */
static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct correspondent *to = data;

  to->stream = NULL;
  to->open = false;
  if (why != INOS_STREAM_LOST) /* else on_fewer() or on_disconnected() comes next */
    part (to);
}

static const struct inos_stream_handler sends = {
  .open = on_open, .room = on_room, .finish = on_finish, .gone = on_gone};

static bool speaks (const struct inos_messenger *messenger, const struct inos_peer_id *id)
{
  const struct inos_peer *peer = inos_peer_book_find (inos_host_book (messenger->host), id);

  for (unsigned i = 0; peer && i < messenger->setup.n_names; i++)
    if (inos_peer_speaks (peer, messenger->setup.names[i]))
      return true;
  return false;
}

static bool open_stream (struct correspondent *to)
{
  const struct inos_messenger_setup *setup = &to->messenger->setup;

  to->stream =
    inos_host_open (to->messenger->host, &to->peer, setup->names, setup->n_names, &sends, to);
  return to->stream != NULL;
}

/* Returns: (nullable): the peer, to whom a stream is being opened. */
static struct correspondent *begin (struct inos_messenger *messenger,
                                    const struct inos_peer_id *peer)
{
  struct correspondent *to = g_hash_table_lookup (messenger->correspondents, peer);

  if (to)
    return to;
  to = g_new0 (struct correspondent, 1);
  to->messenger = messenger;
  to->peer = *peer;
  g_hash_table_insert (messenger->correspondents, &to->peer, to);
  if (open_stream (to))
    return to;
  g_hash_table_remove (messenger->correspondents, peer);
  return NULL;
}

static bool send_message (void *data, const struct inos_peer_id *peer, const void *message,
                          size_t len)
{
  struct inos_messenger *messenger = data;
  struct correspondent *to = g_hash_table_lookup (messenger->correspondents, peer);

  if (!to || !to->open || inos_stream_room (to->stream) < len)
    return false;
  inos_frames_write (to->stream, message, len);
  return true;
}

/* Whom it knows */

static void on_identified (void *data, const struct inos_peer_id *peer)
{
  if (speaks (data, peer))
    begin (data, peer);
}

static void on_connected (void *data, const struct inos_peer_id *peer)
{
  on_identified (data, peer); /* who was identified before */
}

static void on_fewer (void *data, const struct inos_peer_id *peer)
{
  struct inos_messenger *messenger = data;
  struct correspondent *to = g_hash_table_lookup (messenger->correspondents, peer);

  if (!to || to->stream)
    return;
  to->again = true;
  if (!open_stream (to))
    part (to);
}

static void on_disconnected (void *data, const struct inos_peer_id *peer)
{
  struct inos_messenger *messenger = data;
  struct correspondent *to = g_hash_table_lookup (messenger->correspondents, peer);

  if (to)
    part (to);
}

struct inos_messenger *inos_messenger_new (struct inos_host *host,
                                           const struct inos_messenger_setup *setup)
{
  static const struct inos_host_events events = {.connected = on_connected,
                                                 .disconnected = on_disconnected,
                                                 .direct = on_connected,
                                                 .fewer = on_fewer,
                                                 .identified = on_identified};
  struct inos_messenger *messenger = g_new0 (struct inos_messenger, 1);

  g_assert (setup->n_names <= OFFERS_MAX);
  messenger->host = host;
  messenger->setup = *setup;
  messenger->correspondents =
    g_hash_table_new_full (inos_peer_id_hash, inos_peer_id_same, NULL, g_free);
  for (unsigned i = 0; i < setup->n_names; i++) {
    messenger->offers[i] = (struct inos_protocol_offer){.name = setup->names[i],
                                                        .streams_max = INBOUND_MAX,
                                                        .relayed = setup->relayed,
                                                        .handler = &delivers,
                                                        .accept = on_accept,
                                                        .data = messenger};
    inos_host_offer (host, &messenger->offers[i]);
  }
  inos_host_watch (host, &events, messenger);
  return messenger;
}

void inos_messenger_free (struct inos_messenger *messenger)
{
  if (!messenger)
    return;
  g_hash_table_unref (messenger->correspondents);
  g_free (messenger);
}

struct inos_channel inos_messenger_channel (struct inos_messenger *messenger)
{
  return (struct inos_channel){messenger, send_message};
}
