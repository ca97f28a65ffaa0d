/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/error.h"
#include "node/mesh/host/ping.h"

#include <string.h>

struct inos_ping {
  struct inos_host *host;
  struct inos_protocol_offer offer;
};

static const char *const names[] = {INOS_PING_PROTOCOL};

/* Answering: what comes goes back. A peer that does not read is not read from either, since what
 * waits for it is held. */

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  if (len > inos_stream_room (stream))
    inos_stream_reset (stream);
  else
    inos_stream_write (stream, bytes, len);
}

static void on_finish (struct inos_stream *stream, void *data)
{
  inos_stream_finish (stream);
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
}

static const struct inos_stream_handler answers = {
  .bytes = on_bytes, .finish = on_finish, .gone = on_gone};

struct inos_ping *inos_ping_new (struct inos_host *host)
{
  struct inos_ping *ping = g_new0 (struct inos_ping, 1);

  ping->host = host;
  ping->offer = (struct inos_protocol_offer){.name = INOS_PING_PROTOCOL,
                                             .streams_max = 2,
                                             .relayed = true,
                                             .open = true,
                                             .handler = &answers,
                                             .data = ping};
  inos_host_offer (host, &ping->offer);
  return ping;
}

void inos_ping_free (struct inos_ping *ping)
{
  g_free (ping);
}

/* Asking */

struct question {
  const struct inos_mesh_env *env;
  inos_ping_done done;
  void *data;
  uint64_t sent;
  unsigned got; /* bytes */
  uint8_t bytes[INOS_PING_SIZE];
};

static void on_answer_open (struct inos_stream *stream, void *data)
{
  struct question *question = data;

  question->sent = inos_env_now (question->env);
  inos_stream_write (stream, question->bytes, INOS_PING_SIZE);
}

static void on_answer (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct question *question = data;

  if (len > INOS_PING_SIZE - question->got ||
      memcmp (bytes, question->bytes + question->got, len) != 0) {
    inos_stream_reset (stream);
    return;
  }
  question->got += (unsigned)len;
  if (question->got < INOS_PING_SIZE)
    return;
  inos_ping_done done = question->done;
  question->done = NULL;
  inos_stream_finish (stream);
  done (question->data, inos_env_now (question->env) - question->sent, NULL);
}

static void on_answer_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct question *question = data;

  if (question->done) {
    g_autoptr (GError) error = g_error_new_literal (
      INOS_MESH_ERROR, INOS_MESH_ERROR_FAILED,
      why == INOS_STREAM_UNSUPPORTED ? "The peer does not answer pings."
                                     : "The connection broke before the answer came.");
    question->done (question->data, 0, error);
  }
  g_free (question);
}

void inos_ping_send (struct inos_ping *ping, const struct inos_peer_id *peer, inos_ping_done done,
                     void *data)
{
  static const struct inos_stream_handler asks = {
    .open = on_answer_open, .bytes = on_answer, .finish = on_finish, .gone = on_answer_gone};
  struct question *question = g_new0 (struct question, 1);

  *question = (struct question){inos_host_env (ping->host), done, data, 0, 0, {0}};
  inos_env_random (question->env, question->bytes, INOS_PING_SIZE);
  if (inos_host_open (ping->host, peer, names, 1, &asks, question))
    return;
  g_autoptr (GError) error = g_error_new_literal (INOS_MESH_ERROR, INOS_MESH_ERROR_CLOSED,
                                                  "There is no connection to the peer.");
  done (data, 0, error);
  g_free (question);
}
