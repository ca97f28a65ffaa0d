/*
 * Calls by a relay: to a peer that has a place there (HOP), and of others to us (STOP).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/client-private.h"

#include "node/mesh/host/error.h"
#include "node/mesh/host/frames.h"

#include <string.h>

#define CALL_TIMEOUT (10 * RELAY_SECOND) /* from a stream of STOP to what it says */

static const char *const hop_names[] = {INOS_RELAY_HOP};

bool relay_split (const struct inos_multiaddr *whole, struct inos_multiaddr *address,
                  struct inos_peer_id *relay)
{
  struct inos_multiaddr_part part;
  struct inos_multiaddr before = {0};
  bool done = false;

  for (size_t at = 0; inos_multiaddr_next (whole, &at, &part);) {
    if (done) /* a second relay, or something behind it */
      return false;
    if (part.code == INOS_MULTIADDR_P2P_CIRCUIT)
      done = true;
    else if (!inos_multiaddr_append (&before, part.code, part.value, part.len))
      return false;
  }
  inos_multiaddr_without_peer (&before, address);
  return done && address->len < before.len && inos_multiaddr_peer (&before, relay);
}

/* To others. Whoever holds it last frees it: the dial of the relay, the stream, or the host. */
struct calling {
  struct inos_relay_client *client;
  struct inos_peer_id target;
  uint64_t number;
  struct inos_stream *stream;
  struct inos_opening opening;
  GError *error; /* it failed before relay_dial() was over */
  bool connecting, over, begun;
};

static void free_calling (struct calling *calling)
{
  if (calling->connecting || calling->stream || !calling->over)
    return;
  inos_opening_clear (&calling->opening);
  g_clear_error (&calling->error);
  g_free (calling);
}

/* @error: (transfer full). */
static void fail (struct calling *calling, GError *error)
{
  if (calling->over) {
    g_error_free (error);
  } else if (!calling->begun) {
    g_clear_error (&calling->error);
    calling->error = error;
  } else {
    calling->over = true;
    inos_host_dialled (calling->client->host, calling->number, NULL, NULL, error);
    g_error_free (error);
  }
}

static void fail_because (struct calling *calling, const char *why)
{
  fail (calling, g_error_new (INOS_MESH_ERROR, INOS_MESH_ERROR_FAILED, "by the relay: %s", why));
}

static void on_hop_open (struct inos_stream *stream, void *data)
{
  struct calling *calling = data;
  struct inos_relay_message wish = {.type = INOS_RELAY_CONNECT, .peer = calling->target};
  struct inos_buffer bytes = {0};

  inos_hop_write (&wish, &bytes);
  inos_frames_write (stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

/* What the relay answers. Returns: NULL: it agrees; else why not. */
static const char *read_answer (const struct calling *calling)
{
  struct inos_relay_message answer;
  size_t len;
  const uint8_t *bytes = inos_opening_message (&calling->opening, &len);

  if (!inos_hop_read (&answer, bytes, len) || answer.type != INOS_RELAY_STATUS)
    return "what it answers is not understood";
  return answer.status == INOS_RELAY_OK ? NULL : inos_relay_status_text (answer.status);
}

static void on_hop_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct calling *calling = data;
  size_t used;
  enum inos_opening_state state =
    inos_opening_feed (&calling->opening, INOS_RELAY_MESSAGE_MAX, bytes, len, &used);

  if (state == INOS_OPENING_MORE)
    return;
  const char *why_not = state == INOS_OPENING_WHOLE ? read_answer (calling) : "it talks nonsense";
  if (why_not || calling->over) {
    if (why_not)
      fail_because (calling, why_not);
    inos_stream_reset (stream);
    return;
  }
  calling->stream = NULL;
  calling->over = true;
  relayed_dialled (calling->client, stream, calling->number, bytes + used, len - used);
  free_calling (calling);
}

static void on_hop_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct calling *calling = data;

  calling->stream = NULL;
  fail_because (calling, why == INOS_STREAM_UNSUPPORTED ? "it is none"
                                                        : "it ended the stream without an answer");
  free_calling (calling);
}

static const struct inos_stream_handler hops = {
  .open = on_hop_open, .bytes = on_hop_bytes, .gone = on_hop_gone};

static void on_connected (void *data, const struct inos_peer_id *relay, const GError *error)
{
  struct calling *calling = data;

  calling->connecting = false;
  if (calling->over) {
    free_calling (calling);
    return;
  }
  if (!error)
    calling->stream = inos_host_open (calling->client->host, relay, hop_names, 1, &hops, calling);
  if (error)
    fail (calling, g_error_copy (error));
  else if (!calling->stream)
    fail_because (calling, "too many streams wait for it");
  free_calling (calling);
}

void *relay_dial (void *data, const struct inos_multiaddr *address, uint64_t number, GError **error)
{
  struct inos_relay_client *client = data;
  struct calling *calling = g_new0 (struct calling, 1);
  struct inos_multiaddr there;
  struct inos_peer_id relay;

  calling->client = client;
  calling->number = number;
  if (!inos_host_dials_whom (client->host, number, &calling->target)) {
    fail_because (calling, "the address does not end with /p2p/ and whom to find there");
  } else if (!relay_split (address, &there, &relay)) {
    fail_because (calling, "the address does not name one");
  } else if (inos_peer_id_equal (&relay, &calling->target)) {
    fail_because (calling, "it is the peer itself");
  } else {
    calling->connecting = true;
    inos_host_connect_direct (client->host, &relay, &there, there.len > 0 ? 1 : 0, on_connected,
                              calling);
  }
  calling->begun = true;
  if (!calling->error)
    return calling;
  g_propagate_error (error, g_steal_pointer (&calling->error));
  calling->over = true;
  free_calling (calling);
  return NULL;
}

void relay_cancel (void *client, void *dialling)
{
  struct calling *calling = dialling;
  struct inos_stream *stream = calling->stream;

  calling->over = true;
  if (stream)
    inos_stream_reset (stream); /* which frees it */
  else
    free_calling (calling);
}

/* Of others to us */

struct called {
  struct inos_relay_client *client;
  struct inos_stream *stream;
  struct inos_opening opening;
  uint64_t deadline;
  bool answered; /* that it is refused; only the end is waited for */
  GList link;
};

static void free_called (struct called *called)
{
  g_queue_unlink (&called->client->calls, &called->link);
  inos_opening_clear (&called->opening);
  g_free (called);
}

static void answer_call (struct inos_stream *stream, enum inos_relay_status status)
{
  struct inos_relay_message answer = {.type = INOS_RELAY_STATUS, .status = status};
  struct inos_buffer bytes = {0};

  inos_stop_write (&answer, &bytes);
  inos_frames_write (stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

/* Whether we have a place at @relay: others have nobody to send us. */
static bool keeps_place_at (const struct inos_relay_client *client,
                            const struct inos_peer_id *relay)
{
  for (guint i = 0; i < client->keeps->len; i++) {
    const struct keep *keep = client->keeps->pdata[i];
    if (inos_peer_id_equal (&keep->relay, relay))
      return keep->held;
  }
  return false;
}

static enum inos_relay_status judge (const struct called *called)
{
  struct inos_relay_message call;
  size_t len;
  const uint8_t *bytes = inos_opening_message (&called->opening, &len);

  if (!inos_stop_read (&call, bytes, len))
    return INOS_RELAY_MALFORMED_MESSAGE;
  if (call.type != INOS_RELAY_CONNECT)
    return INOS_RELAY_UNEXPECTED_MESSAGE;
  if (!inos_peer_id_is_set (&call.peer))
    return INOS_RELAY_MALFORMED_MESSAGE;
  return keeps_place_at (called->client, inos_stream_peer (called->stream))
           ? INOS_RELAY_OK
           : INOS_RELAY_PERMISSION_DENIED;
}

static void on_call_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct called *called = data;
  struct inos_relay_client *client = called->client;
  size_t used;

  if (called->answered) {
    inos_stream_reset (stream);
    return;
  }
  enum inos_opening_state state =
    inos_opening_feed (&called->opening, INOS_RELAY_MESSAGE_MAX, bytes, len, &used);

  if (state == INOS_OPENING_MORE)
    return;
  enum inos_relay_status status =
    state == INOS_OPENING_WHOLE ? judge (called) : INOS_RELAY_MALFORMED_MESSAGE;
  answer_call (stream, status);
  if (status == INOS_RELAY_OK) {
    free_called (called);
    relayed_accept (client, stream, bytes + used, len - used);
  } else {
    called->answered = true;
    inos_stream_finish (stream);
  }
}

static void on_call_finish (struct inos_stream *stream, void *data)
{
  inos_stream_finish (stream);
}

static void on_call_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  free_called (data);
}

static const struct inos_stream_handler calls = {
  .bytes = on_call_bytes, .finish = on_call_finish, .gone = on_call_gone};

bool relay_stop_accept (void *data, struct inos_stream *stream)
{
  struct inos_relay_client *client = data;
  struct called *called = g_new0 (struct called, 1);

  called->client = client;
  called->stream = stream;
  called->deadline = inos_env_now (inos_host_env (client->host)) + CALL_TIMEOUT;
  called->link.data = called;
  g_queue_push_tail_link (&client->calls, &called->link);
  inos_stream_take_over (stream, &calls, called);
  return true;
}

uint64_t relay_calls_deadline (const struct inos_relay_client *client)
{
  const GList *oldest = client->calls.head;

  return oldest ? ((const struct called *)oldest->data)->deadline : INOS_NEVER;
}

void relay_calls_tick (struct inos_relay_client *client, uint64_t now)
{
  while (relay_calls_deadline (client) <= now)
    inos_stream_reset (((struct called *)client->calls.head->data)->stream);
}
