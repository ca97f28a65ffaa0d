/*
 * Links over streams of a relay.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/client-private.h"

#include "node/mesh/host/error.h"

#define LINGER (10 * RELAY_SECOND) /* for what was sent to go, and the other side to end */

struct relayed {
  struct inos_relay_client *client;
  struct inos_stream *stream; /* NULL: it has gone */
  struct inos_link *host;     /* what the host calls it; NULL: not yet, or not any more */
  struct inos_buffer bytes;   /* what came before the host had a name for it */
  bool starting, closed;      /* the host is being told of it; does not want it any more */
  uint64_t deadline;          /* ns; of its end; INOS_NEVER */
  GList link;
};

static void free_when_done (struct relayed *relayed)
{
  if (relayed->stream || relayed->starting || relayed->host)
    return;
  g_queue_unlink (&relayed->client->links, &relayed->link);
  inos_buffer_clear (&relayed->bytes);
  g_free (relayed);
}

/* What the stream tells */

/* They are decrypted in place, and so in a copy. */
static void give_bytes (struct relayed *relayed, const uint8_t *bytes, size_t len)
{
  struct inos_buffer *copy = &relayed->bytes;

  inos_buffer_append (copy, bytes, len);
  if (!relayed->host)
    return;
  struct inos_buffer taken = *copy;
  *copy = (struct inos_buffer){0};
  inos_host_link_bytes (relayed->host, inos_buffer_data (&taken), inos_buffer_len (&taken));
  inos_buffer_clear (&taken);
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct relayed *relayed = data;

  if (!relayed->closed)
    give_bytes (relayed, bytes, len);
}

static void on_room (struct inos_stream *stream, void *data)
{
  struct relayed *relayed = data;

  if (relayed->host)
    inos_host_link_room (relayed->host);
}

/* The host is told that it has ended. */
static void tell_closed (struct relayed *relayed, const char *why)
{
  struct inos_link *host = g_steal_pointer (&relayed->host);
  g_autoptr (GError) error =
    why ? g_error_new_literal (INOS_MESH_ERROR, INOS_MESH_ERROR_CLOSED, why) : NULL;

  relayed->closed = true;
  if (host)
    inos_host_link_closed (host, error);
}

static void on_finish (struct inos_stream *stream, void *data)
{
  struct relayed *relayed = data;

  tell_closed (relayed, NULL);
  inos_stream_finish (stream);
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct relayed *relayed = data;

  relayed->stream = NULL;
  tell_closed (relayed, why == INOS_STREAM_FINISHED
                          ? NULL
                          : "The relay ended the connection, which may have reached its limit.");
  free_when_done (relayed);
}

static const struct inos_stream_handler handler = {
  .bytes = on_bytes, .room = on_room, .finish = on_finish, .gone = on_gone};

/* What the host wants */

static size_t link_send (void *link, const uint8_t *bytes, size_t len)
{
  struct relayed *relayed = link;
  size_t room = relayed->stream ? inos_stream_room (relayed->stream) : 0;
  size_t took = MIN (len, room);

  if (took > 0)
    inos_stream_write (relayed->stream, bytes, took);
  if (relayed->stream && took < len)
    inos_stream_room (relayed->stream); /* which is told when there is some */
  return took;
}

static void link_read (void *link, bool wanted)
{
}

static void link_close (void *link)
{
  struct relayed *relayed = link;

  relayed->closed = true;
  relayed->host = NULL;
  relayed->deadline = inos_env_now (inos_host_env (relayed->client->host)) + LINGER;
  if (relayed->stream)
    inos_stream_finish (relayed->stream);
  free_when_done (relayed);
}

static const struct inos_link_class link_class = {link_send, link_read, link_close};

/* Life cycle */

static struct relayed *begin (struct inos_relay_client *client, struct inos_stream *stream,
                              const uint8_t *rest, size_t len)
{
  struct relayed *relayed = g_new0 (struct relayed, 1);

  relayed->client = client;
  relayed->stream = stream;
  relayed->starting = true;
  relayed->deadline = INOS_NEVER;
  relayed->link.data = relayed;
  g_queue_push_tail_link (&client->links, &relayed->link);
  inos_stream_take_over (stream, &handler, relayed);
  give_bytes (relayed, rest, len);
  return relayed;
}

/* @host: what it calls the link; NULL: it does not want it. */
static void end_start (struct relayed *relayed, struct inos_link *host)
{
  relayed->starting = false;
  if (!host || relayed->closed) {
    link_close (relayed);
    return;
  }
  relayed->host = host;
  if (inos_buffer_len (&relayed->bytes) > 0)
    give_bytes (relayed, NULL, 0);
}

void relayed_dialled (struct inos_relay_client *client, struct inos_stream *stream, uint64_t number,
                      const uint8_t *rest, size_t len)
{
  struct relayed *relayed = begin (client, stream, rest, len);
  bool taken = inos_host_dialled (client->host, number, &link_class, relayed, NULL);

  end_start (relayed, taken ? inos_host_link_of (client->host, number) : NULL);
}

void relayed_accept (struct inos_relay_client *client, struct inos_stream *stream,
                     const uint8_t *rest, size_t len)
{
  struct relayed *relayed = begin (client, stream, rest, len);
  const struct inos_peer_id *relay = inos_stream_peer (stream);
  struct inos_multiaddr remote;

  inos_host_remote_of (client->host, stream, &remote);
  bool good = inos_multiaddr_append (&remote, INOS_MULTIADDR_P2P, relay->bytes, relay->len) &&
              inos_multiaddr_append (&remote, INOS_MULTIADDR_P2P_CIRCUIT, NULL, 0);
  end_start (relayed,
             good ? inos_host_accept (client->host, &link_class, relayed, &remote, NULL) : NULL);
}

uint64_t relayed_deadline (const struct inos_relay_client *client)
{
  uint64_t deadline = INOS_NEVER;

  for (const GList *at = client->links.head; at; at = at->next)
    deadline = MIN (deadline, ((const struct relayed *)at->data)->deadline);
  return deadline;
}

static struct relayed *find_late (struct inos_relay_client *client, uint64_t now)
{
  for (const GList *at = client->links.head; at; at = at->next)
    if (((const struct relayed *)at->data)->deadline <= now)
      return at->data;
  return NULL;
}

void relayed_tick (struct inos_relay_client *client, uint64_t now)
{
  struct relayed *late;

  while ((late = find_late (client, now)) != NULL) {
    late->deadline = INOS_NEVER;
    if (late->stream)
      inos_stream_reset (late->stream);
  }
}
