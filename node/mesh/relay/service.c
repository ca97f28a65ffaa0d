/*
 * What a relay does for one stream of HOP: reads the wish, and gives a place, or calls another peer
 * and makes a circuit.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/relay/server-private.h"

#include "node/mesh/host/frames.h"

static const char *const stop_names[] = {INOS_RELAY_STOP};

static void free_when_done (struct wish *wish)
{
  if (wish->stream || wish->call)
    return;
  g_queue_unlink (&wish->server->wishes, &wish->link);
  inos_opening_clear (&wish->opening);
  inos_opening_clear (&wish->answer);
  g_free (wish);
}

/* Answers */

static void write_answer (struct inos_stream *stream, const struct inos_relay_message *answer)
{
  struct inos_buffer bytes = {0};

  inos_hop_write (answer, &bytes);
  inos_frames_write (stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

/* The last word; then both sides end. */
static void answer_wish (struct wish *wish, const struct inos_relay_message *answer)
{
  wish->answered = true;
  wish->server->refused += answer->status != INOS_RELAY_OK;
  if (!wish->stream)
    return;
  write_answer (wish->stream, answer);
  inos_stream_finish (wish->stream);
}

static void refuse (struct wish *wish, enum inos_relay_status status)
{
  if (!wish->answered)
    answer_wish (wish, &(struct inos_relay_message){.type = INOS_RELAY_STATUS, .status = status});
}

/* A circuit */

static void on_passage_gone (void *data, struct inos_circuit *circuit, uint64_t passed)
{
  struct passage *passage = data;

  g_queue_unlink (&passage->server->passages, &passage->link);
  passage->server->passed += passed;
  g_free (passage);
}

static struct inos_relay_limit limit_of (const struct inos_relay_server *server)
{
  return (struct inos_relay_limit){
    (uint32_t)MIN (server->limits.duration / RELAY_SECOND, UINT32_MAX), server->limits.data};
}

/* The called peer agrees: @rest came behind its word. */
static void make_circuit (struct wish *wish, const uint8_t *rest, size_t len)
{
  struct inos_relay_server *server = wish->server;
  struct passage *passage = g_new0 (struct passage, 1);
  struct inos_stream *from = g_steal_pointer (&wish->stream);
  struct inos_stream *to = g_steal_pointer (&wish->call);

  write_answer (from, &(struct inos_relay_message){.type = INOS_RELAY_STATUS,
                                                   .status = INOS_RELAY_OK,
                                                   .limit = limit_of (server)});
  *passage = (struct passage){.server = server, .from = wish->from, .to = wish->to};
  passage->deadline = inos_env_now (inos_host_env (server->host)) + server->limits.duration;
  passage->link.data = passage;
  g_queue_push_tail_link (&server->passages, &passage->link);
  passage->circuit = inos_circuit_new (from, to, server->limits.data, on_passage_gone, passage);
  free_when_done (wish);
  inos_circuit_pass (passage->circuit, to, rest, len);
}

/* The call */

static void on_call_open (struct inos_stream *stream, void *data)
{
  struct wish *wish = data;
  struct inos_relay_message call = {
    .type = INOS_RELAY_CONNECT, .peer = wish->from, .limit = limit_of (wish->server)};
  struct inos_buffer bytes = {0};

  inos_stop_write (&call, &bytes);
  inos_frames_write (stream, inos_buffer_data (&bytes), inos_buffer_len (&bytes));
  inos_buffer_clear (&bytes);
}

static bool agrees (const struct wish *wish)
{
  struct inos_relay_message answer;
  size_t len;
  const uint8_t *bytes = inos_opening_message (&wish->answer, &len);

  return inos_stop_read (&answer, bytes, len) && answer.type == INOS_RELAY_STATUS &&
         answer.status == INOS_RELAY_OK;
}

static void on_call_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct wish *wish = data;
  size_t used;
  enum inos_opening_state state =
    inos_opening_feed (&wish->answer, INOS_RELAY_MESSAGE_MAX, bytes, len, &used);

  inos_stream_taken (stream, used);
  if (state == INOS_OPENING_MORE)
    return;
  if (state == INOS_OPENING_WHOLE && wish->stream && !wish->answered && agrees (wish))
    make_circuit (wish, bytes + used, len - used);
  else
    inos_stream_reset (stream);
}

static void on_call_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct wish *wish = data;

  wish->call = NULL;
  refuse (wish, INOS_RELAY_CONNECTION_FAILED);
  free_when_done (wish);
}

static void on_call_finish (struct inos_stream *stream, void *data)
{
  inos_stream_reset (stream);
}

static const struct inos_stream_handler calls = {
  .open = on_call_open, .bytes = on_call_bytes, .finish = on_call_finish, .gone = on_call_gone};

/* Whether there may be another circuit between the two; calls that are under way count too. */
static bool has_room (struct inos_relay_server *server, const struct wish *fresh)
{
  unsigned all = server->passages.length, from = 0, to = 0;

  for (const GList *at = server->passages.head; at; at = at->next) {
    const struct passage *passage = at->data;
    from += inos_peer_id_equal (&passage->from, &fresh->from);
    to += inos_peer_id_equal (&passage->to, &fresh->to);
  }
  for (const GList *at = server->wishes.head; at; at = at->next) {
    const struct wish *wish = at->data;
    if (!wish->call)
      continue;
    all++;
    from += inos_peer_id_equal (&wish->from, &fresh->from);
    to += inos_peer_id_equal (&wish->to, &fresh->to);
  }
  return all < server->limits.circuits && from < server->limits.circuits_per_peer &&
         to < server->limits.circuits_per_peer;
}

static void call_peer (struct wish *wish, const struct inos_peer_id *to)
{
  struct inos_relay_server *server = wish->server;

  wish->to = *to;
  if (!inos_peer_id_is_set (to))
    refuse (wish, INOS_RELAY_MALFORMED_MESSAGE);
  else if (inos_peer_id_equal (to, &wish->from) || !relay_find (server, to))
    refuse (wish, INOS_RELAY_NO_RESERVATION);
  else if (!has_room (server, wish))
    refuse (wish, INOS_RELAY_LIMIT_EXCEEDED);
  else {
    wish->deadline = inos_env_now (inos_host_env (server->host)) + RELAY_CALL_TIMEOUT;
    wish->call = inos_host_open (server->host, to, stop_names, 1, &calls, wish);
    if (wish->call)
      inos_stream_hold (wish->call, true);
    else
      refuse (wish, INOS_RELAY_CONNECTION_FAILED);
  }
}

/* The wish */

static void give_place (struct wish *wish)
{
  struct inos_relay_server *server = wish->server;
  struct inos_relay_message answer = {.type = INOS_RELAY_STATUS};
  struct inos_buffer voucher = {0};

  relay_reserve (wish, &answer);
  if (answer.status == INOS_RELAY_OK) {
    inos_relay_voucher_seal (
      server->setup.identity,
      &(struct inos_relay_voucher){*inos_host_id (server->host), wish->from, answer.expires},
      &voucher);
    answer.voucher = inos_buffer_data (&voucher);
    answer.voucher_len = inos_buffer_len (&voucher);
  }
  answer_wish (wish, &answer);
  inos_buffer_clear (&voucher);
}

static void grant (struct wish *wish)
{
  struct inos_relay_message message;
  size_t len;
  const uint8_t *bytes = inos_opening_message (&wish->opening, &len);

  if (!inos_hop_read (&message, bytes, len))
    refuse (wish, INOS_RELAY_MALFORMED_MESSAGE);
  else if (message.type == INOS_RELAY_RESERVE)
    give_place (wish);
  else if (message.type == INOS_RELAY_CONNECT)
    call_peer (wish, &message.peer);
  else
    refuse (wish, INOS_RELAY_UNEXPECTED_MESSAGE);
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct wish *wish = data;
  size_t used = 0;
  enum inos_opening_state state = INOS_OPENING_WRONG;

  /* nothing more is to come before the answer, and nothing after a last one */
  if (!wish->answered && !wish->call)
    state = inos_opening_feed (&wish->opening, INOS_RELAY_MESSAGE_MAX, bytes, len, &used);
  inos_stream_taken (stream, used);
  if (state == INOS_OPENING_WRONG || used < len)
    inos_stream_reset (stream);
  else if (state == INOS_OPENING_WHOLE)
    grant (wish);
}

static void on_finish (struct inos_stream *stream, void *data)
{
  struct wish *wish = data;

  if (!wish->answered)
    inos_stream_reset (stream); /* it does not wait for the answer */
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct wish *wish = data;

  wish->stream = NULL;
  wish->answered = true;
  if (wish->call)
    inos_stream_reset (wish->call);
  else
    free_when_done (wish);
}

static const struct inos_stream_handler wishes = {
  .bytes = on_bytes, .finish = on_finish, .gone = on_gone};

bool relay_accept (void *data, struct inos_stream *stream)
{
  struct inos_relay_server *server = data;
  struct wish *wish = g_new0 (struct wish, 1);

  wish->server = server;
  wish->stream = stream;
  wish->from = *inos_stream_peer (stream);
  wish->deadline = inos_env_now (inos_host_env (server->host)) + RELAY_WISH_TIMEOUT;
  wish->link.data = wish;
  g_queue_push_tail_link (&server->wishes, &wish->link);
  inos_stream_take_over (stream, &wishes, wish);
  inos_stream_hold (stream, true);
  return true;
}

void relay_wish_timeout (struct wish *wish)
{
  const struct inos_mesh_env *env = inos_host_env (wish->server->host);

  wish->deadline = inos_env_now (env) + RELAY_WISH_TIMEOUT; /* for the answer to be taken */
  if (wish->call)
    inos_stream_reset (wish->call); /* which refuses it */
  else if (wish->stream)
    inos_stream_reset (wish->stream);
}
