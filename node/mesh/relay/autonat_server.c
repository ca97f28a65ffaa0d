/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/autonat_server.h"

#include "node/mesh/host/frames.h"
#include "node/mesh/relay/autonat_message.h"

#include <string.h>

#define SECONDS(n) ((uint64_t)(n) * G_GUINT64_CONSTANT (1000000000))
#define REQUEST_TIMEOUT SECONDS (10) /* from a stream to its request, and for its end */
#define DATA_TIMEOUT SECONDS (60)
#define DIAL_TIMEOUT SECONDS (40)
#define MINUTE SECONDS (60)
#define STREAMS_MAX 4u /* of one peer */

static const char *const back_names[] = {INOS_AUTONAT_DIAL_BACK};

/* One request. */
struct request {
  struct inos_autonat_server *server;
  struct inos_stream *stream; /* NULL: it has gone */
  struct inos_stream *back;   /* on a connection of its own; NULL: not, or not any more */
  struct inos_frames frames, back_frames;
  struct inos_peer_id peer;
  struct inos_multiaddr address;
  uint64_t nonce, deadline;
  uint64_t cost; /* bytes that are still to be paid; 0: nothing */
  uint32_t index;
  bool asked, probing, answered;
  GList link;
};

struct served {
  struct inos_peer_id peer;
  uint64_t when; /* ns */
};

struct inos_autonat_server {
  struct inos_host *host;
  bool anywhere;
  struct inos_protocol_offer offer;
  GQueue requests;                               /* struct request.link */
  struct served served[INOS_AUTONAT_PER_MINUTE]; /* a ring: of the last minute, and older */
  unsigned next;
};

static uint64_t now_of (const struct inos_autonat_server *server)
{
  return inos_env_now (inos_host_env (server->host));
}

static void free_when_done (struct request *request)
{
  if (request->stream || request->back || request->probing)
    return;
  g_queue_unlink (&request->server->requests, &request->link);
  inos_frames_clear (&request->frames);
  inos_frames_clear (&request->back_frames);
  g_free (request);
}

static void say (struct inos_stream *stream, const struct inos_autonat_message *message)
{
  struct inos_buffer bytes = {0};

  inos_autonat_write (message, &bytes);
  inos_frames_write (stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

static void answer (struct request *request, enum inos_autonat_status status,
                    enum inos_autonat_dial_status dial_status)
{
  g_autofree struct inos_autonat_message *message = g_new0 (struct inos_autonat_message, 1);

  if (request->answered)
    return;
  request->answered = true;
  request->deadline = now_of (request->server) + REQUEST_TIMEOUT;
  message->kind = INOS_AUTONAT_RESPONSE;
  message->status = status;
  message->dial_status = dial_status;
  message->index = request->index;
  if (!request->stream)
    return;
  say (request->stream, message);
  inos_stream_finish (request->stream);
}

/* Dialling back */

static bool on_thanks (void *data, const uint8_t *message, size_t len)
{
  struct request *request = data;

  if (inos_autonat_is_thanks (message, len))
    answer (request, INOS_AUTONAT_OK, INOS_AUTONAT_DIAL_OK);
  return false; /* nothing more is to come */
}

static void on_back_open (struct inos_stream *stream, void *data)
{
  struct inos_buffer bytes = {0};

  inos_autonat_write_nonce (((struct request *)data)->nonce, &bytes);
  inos_frames_write (stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

/* The connection was made for this alone. */
static void on_back_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct request *request = data;

  if (!inos_frames_feed (&request->back_frames, bytes, len, on_thanks, request))
    inos_connection_close (inos_stream_connection (stream));
}

static void on_back_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct request *request = data;

  request->back = NULL;
  answer (request, INOS_AUTONAT_OK, INOS_AUTONAT_DIAL_BACK_ERROR);
  if (why != INOS_STREAM_LOST)
    inos_connection_close (inos_stream_connection (stream));
  free_when_done (request);
}

static const struct inos_stream_handler backs = {
  .open = on_back_open, .bytes = on_back_bytes, .gone = on_back_gone};

static void on_probed (void *data, struct inos_connection *connection, const GError *error)
{
  struct request *request = data;

  request->probing = false;
  if (!connection)
    answer (request, INOS_AUTONAT_OK, INOS_AUTONAT_DIAL_ERROR);
  else
    request->back = inos_connection_open (connection, back_names, 1, &backs, request);
  if (connection && !request->back) {
    answer (request, INOS_AUTONAT_OK, INOS_AUTONAT_DIAL_BACK_ERROR);
    inos_connection_close (connection);
  }
  free_when_done (request);
}

static void dial_back (struct request *request)
{
  request->probing = true;
  request->deadline = now_of (request->server) + DIAL_TIMEOUT;
  inos_host_probe (request->server->host, &request->peer, &request->address, on_probed, request);
}

/* Which address */

static bool first_part (const struct inos_multiaddr *address, struct inos_multiaddr_part *part)
{
  size_t at = 0;

  return inos_multiaddr_next (address, &at, part);
}

/* An address, and no name, whose owner could make it lead anywhere after we have looked. */
static bool may_dial (const struct request *request, const struct inos_multiaddr *address)
{
  const struct inos_autonat_server *server = request->server;
  struct inos_multiaddr bare;
  struct inos_peer_id named;

  inos_multiaddr_without_peer (address, &bare);
  if (bare.len == 0 || inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT) ||
      (inos_multiaddr_peer (address, &named) && !inos_peer_id_equal (&named, &request->peer)))
    return false;
  return (server->anywhere || inos_multiaddr_reach (&bare) == INOS_REACH_PUBLIC) &&
         inos_host_can_dial (server->host, &bare);
}

static bool choose (struct request *request, const struct inos_autonat_message *message)
{
  for (unsigned i = 0; i < message->n_addresses; i++)
    if (may_dial (request, &message->addresses[i])) {
      request->index = i;
      inos_multiaddr_without_peer (&message->addresses[i], &request->address);
      return true;
    }
  return false;
}

static bool comes_from (const struct request *request)
{
  struct inos_multiaddr remote;
  struct inos_multiaddr_part there, here;

  inos_host_remote_of (request->server->host, request->stream, &remote);
  return first_part (&remote, &there) && first_part (&request->address, &here) &&
         there.code == here.code && there.len == here.len &&
         memcmp (there.value, here.value, here.len) == 0;
}

/* How much */

static bool has_room (struct inos_autonat_server *server, const struct inos_peer_id *peer)
{
  uint64_t now = now_of (server);
  unsigned all = 0, same = 0;

  for (unsigned i = 0; i < INOS_AUTONAT_PER_MINUTE; i++) {
    const struct served *one = &server->served[i];
    if (one->when == 0 || now - one->when >= MINUTE)
      continue;
    all++;
    same += inos_peer_id_equal (&one->peer, peer);
  }
  if (all >= INOS_AUTONAT_PER_MINUTE || same >= INOS_AUTONAT_PEER_PER_MINUTE)
    return false;
  server->served[server->next++ % INOS_AUTONAT_PER_MINUTE] = (struct served){*peer, now};
  return true;
}

static void ask_for_data (struct request *request)
{
  const struct inos_mesh_env *env = inos_host_env (request->server->host);
  g_autofree struct inos_autonat_message *message = g_new0 (struct inos_autonat_message, 1);

  request->cost =
    INOS_AUTONAT_COST_MIN + inos_env_below (env, INOS_AUTONAT_COST_MAX - INOS_AUTONAT_COST_MIN + 1);
  request->deadline = now_of (request->server) + DATA_TIMEOUT;
  message->kind = INOS_AUTONAT_DATA_REQUEST;
  message->index = request->index;
  message->bytes = request->cost;
  say (request->stream, message);
}

/* What comes */

static bool begin (struct request *request, const struct inos_autonat_message *message)
{
  request->asked = true;
  request->nonce = message->nonce;
  if (!has_room (request->server, &request->peer))
    answer (request, INOS_AUTONAT_REJECTED, INOS_AUTONAT_DIAL_UNUSED);
  else if (!choose (request, message))
    answer (request, INOS_AUTONAT_DIAL_REFUSED, INOS_AUTONAT_DIAL_UNUSED);
  else if (comes_from (request))
    dial_back (request);
  else
    ask_for_data (request);
  return true;
}

static bool pay (struct request *request, const struct inos_autonat_message *message)
{
  if (request->cost == 0 || message->bytes == 0)
    return false;
  request->cost -= MIN (request->cost, message->bytes);
  if (request->cost == 0)
    dial_back (request);
  return true;
}

static bool on_message (void *data, const uint8_t *bytes, size_t len)
{
  struct request *request = data;
  g_autofree struct inos_autonat_message *message = g_new (struct inos_autonat_message, 1);

  if (!inos_autonat_read (message, bytes, len))
    return false;
  if (message->kind == INOS_AUTONAT_REQUEST && !request->asked)
    return begin (request, message);
  return message->kind == INOS_AUTONAT_DATA && pay (request, message);
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct request *request = data;

  /* What is behind the last byte that was to be paid may still be on its way. */
  if (request->asked && request->cost == 0)
    return;
  if (!inos_frames_feed (&request->frames, bytes, len, on_message, request))
    inos_stream_reset (stream);
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct request *request = data;

  request->stream = NULL;
  free_when_done (request);
}

static const struct inos_stream_handler requests = {.bytes = on_bytes, .gone = on_gone};

static bool on_accept (void *data, struct inos_stream *stream)
{
  struct inos_autonat_server *server = data;
  struct request *request = g_new0 (struct request, 1);

  request->server = server;
  request->stream = stream;
  request->peer = *inos_stream_peer (stream);
  request->frames.max = INOS_AUTONAT_MESSAGE_MAX;
  request->back_frames.max = INOS_AUTONAT_MESSAGE_MAX;
  request->deadline = now_of (server) + REQUEST_TIMEOUT;
  request->link.data = request;
  g_queue_push_tail_link (&server->requests, &request->link);
  inos_stream_take_over (stream, &requests, request);
  return true;
}

/* Life cycle */

struct inos_autonat_server *inos_autonat_server_new (struct inos_host *host, bool anywhere)
{
  struct inos_autonat_server *server = g_new0 (struct inos_autonat_server, 1);

  server->host = host;
  server->anywhere = anywhere;
  server->offer = (struct inos_protocol_offer){.name = INOS_AUTONAT_DIAL_REQUEST,
                                               .streams_max = STREAMS_MAX,
                                               .open = true,
                                               .accept = on_accept,
                                               .data = server};
  inos_host_offer (host, &server->offer);
  return server;
}

void inos_autonat_server_free (struct inos_autonat_server *server)
{
  g_free (server);
}

uint64_t inos_autonat_server_deadline (const struct inos_autonat_server *server)
{
  uint64_t deadline = INOS_NEVER;

  for (const GList *at = server->requests.head; at; at = at->next)
    deadline = MIN (deadline, ((const struct request *)at->data)->deadline);
  return deadline;
}

static struct request *find_late (struct inos_autonat_server *server, uint64_t now)
{
  for (const GList *at = server->requests.head; at; at = at->next)
    if (((const struct request *)at->data)->deadline <= now)
      return at->data;
  return NULL;
}

void inos_autonat_server_tick (struct inos_autonat_server *server)
{
  uint64_t now = now_of (server);
  struct request *late;

  while ((late = find_late (server, now)) != NULL) {
    late->deadline = INOS_NEVER; /* a dial ends by itself */
    if (late->back)
      inos_connection_close (inos_stream_connection (late->back));
    else if (late->stream)
      inos_stream_reset (late->stream);
  }
}
