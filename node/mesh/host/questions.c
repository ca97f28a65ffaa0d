/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/error.h"
#include "node/mesh/host/frames.h"
#include "node/mesh/host/questions.h"

struct inos_questions {
  struct inos_host *host;
  struct inos_questions_setup setup;
  struct inos_protocol_offer offer;
  bool serves; /* it is offered */
  const char *names[1];
  GPtrArray *asked; /* struct ask that is not answered yet; the oldest first */
};

/* A question of ours. Whoever holds it last frees it: the dial, the stream, or the one who asked.
 */
struct ask {
  struct inos_questions *questions;
  struct inos_peer_id peer;
  GBytes *bytes; /* the question; NULL: it was sent */
  struct inos_stream *stream;
  struct inos_frames frames;
  uint64_t ticket, deadline;
  bool expects, answered, dialling;
};

static void free_when_done (struct ask *ask)
{
  if (!ask->answered || ask->dialling || ask->stream)
    return;
  g_clear_pointer (&ask->bytes, g_bytes_unref);
  inos_frames_clear (&ask->frames);
  g_free (ask);
}

static void settle (struct ask *ask, const uint8_t *answer, size_t len, const GError *why)
{
  struct inos_questions *questions = ask->questions;

  if (ask->answered)
    return;
  ask->answered = true;
  g_ptr_array_remove (questions->asked, ask);
  questions->setup.answered (questions->setup.data, ask->ticket, answer, len, why);
}

static void fail (struct ask *ask, enum inos_mesh_error code, const char *why)
{
  g_autoptr (GError) error = g_error_new_literal (INOS_MESH_ERROR, (gint)code, why);

  settle (ask, NULL, 0, error);
}

/* Asking */

static bool on_answer (void *data, const uint8_t *message, size_t len)
{
  struct ask *ask = data;

  if (ask->answered)
    return false;
  settle (ask, message, len, NULL);
  return true;
}

static void on_ask_open (struct inos_stream *stream, void *data)
{
  struct ask *ask = data;
  gsize len;
  const void *bytes = g_bytes_get_data (ask->bytes, &len);

  inos_frames_write (stream, bytes, len);
  inos_stream_finish (stream);
  g_clear_pointer (&ask->bytes, g_bytes_unref);
  if (!ask->expects)
    settle (ask, NULL, 0, NULL);
}

static void on_ask_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  struct ask *ask = data;

  if (!inos_frames_feed (&ask->frames, bytes, len, on_answer, ask))
    inos_stream_reset (stream);
}

static void on_ask_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct ask *ask = data;

  ask->stream = NULL;
  fail (ask, INOS_MESH_ERROR_CLOSED,
        why == INOS_STREAM_UNSUPPORTED ? "The peer does not speak the protocol."
                                       : "The stream ended before the answer came.");
  free_when_done (ask);
}

static const struct inos_stream_handler asks = {
  .open = on_ask_open, .bytes = on_ask_bytes, .gone = on_ask_gone};

static void open_stream (struct ask *ask)
{
  ask->stream =
    inos_host_open (ask->questions->host, &ask->peer, ask->questions->names, 1, &asks, ask);
  if (!ask->stream)
    fail (ask, INOS_MESH_ERROR_LIMIT, "Too many streams wait for the peer.");
}

static void on_connected (void *data, const struct inos_peer_id *peer, const GError *error)
{
  struct ask *ask = data;

  ask->dialling = false;
  if (error)
    settle (ask, NULL, 0, error);
  else if (!ask->answered)
    open_stream (ask);
  free_when_done (ask);
}

void inos_questions_ask (struct inos_questions *questions, const struct inos_peer_id *peer,
                         const void *question, size_t len, bool expects, uint64_t timeout,
                         uint64_t ticket)
{
  struct ask *ask = g_new0 (struct ask, 1);

  ask->questions = questions;
  ask->peer = *peer;
  ask->bytes = g_bytes_new (question, len);
  ask->frames.max = questions->setup.message_max;
  ask->ticket = ticket;
  ask->expects = expects;
  ask->deadline = inos_env_now (inos_host_env (questions->host)) + timeout;
  ask->dialling = true;
  g_ptr_array_add (questions->asked, ask);
  if (questions->setup.relayed)
    inos_host_connect (questions->host, peer, NULL, 0, on_connected, ask);
  else
    inos_host_connect_direct (questions->host, peer, NULL, 0, on_connected, ask);
}

uint64_t inos_questions_deadline (const struct inos_questions *questions)
{
  uint64_t deadline = INOS_NEVER;

  for (guint i = 0; i < questions->asked->len; i++)
    deadline = MIN (deadline, ((const struct ask *)questions->asked->pdata[i])->deadline);
  return deadline;
}

static struct ask *find_late (struct inos_questions *questions, uint64_t now)
{
  for (guint i = 0; i < questions->asked->len; i++) {
    struct ask *ask = questions->asked->pdata[i];
    if (ask->deadline <= now)
      return ask;
  }
  return NULL;
}

void inos_questions_tick (struct inos_questions *questions)
{
  uint64_t now = inos_env_now (inos_host_env (questions->host));
  struct ask *ask;

  while ((ask = find_late (questions, now)) != NULL) {
    fail (ask, INOS_MESH_ERROR_TIMED_OUT, "The peer did not answer in time.");
    if (ask->stream)
      inos_stream_reset (ask->stream);
    else
      free_when_done (ask);
  }
}

/* Answering */

struct service {
  struct inos_questions *questions;
  struct inos_frames frames;
};

static bool on_question (void *data, const uint8_t *message, size_t len)
{
  struct inos_stream *stream = ((void **)data)[0];
  struct service *service = ((void **)data)[1];
  const struct inos_questions_setup *setup = &service->questions->setup;
  struct inos_buffer answer = {0};

  bool right = setup->answer (setup->data, inos_stream_peer (stream), message, len, &answer);
  if (right && inos_buffer_len (&answer) > 0) {
    if (inos_stream_room (stream) >= inos_buffer_len (&answer))
      inos_frames_write (stream, inos_buffer_data (&answer), inos_buffer_len (&answer));
    else
      right = false; /* it asks on without reading the answers */
  }
  inos_buffer_clear (&answer);
  return right;
}

static void on_service_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes,
                              size_t len)
{
  struct service *service = data;
  void *both[] = {stream, service};

  if (!inos_frames_feed (&service->frames, bytes, len, on_question, both))
    inos_stream_reset (stream);
}

static void on_service_finish (struct inos_stream *stream, void *data)
{
  inos_stream_finish (stream);
}

static void on_service_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct service *service = data;

  inos_frames_clear (&service->frames);
  g_free (service);
}

static const struct inos_stream_handler serves = {
  .bytes = on_service_bytes, .finish = on_service_finish, .gone = on_service_gone};

static bool on_accept (void *data, struct inos_stream *stream)
{
  struct inos_questions *questions = data;
  struct service *service = g_new0 (struct service, 1);

  service->questions = questions;
  service->frames.max = questions->setup.message_max;
  inos_stream_take_over (stream, &serves, service);
  return true;
}

/* Life cycle */

struct inos_questions *inos_questions_new (struct inos_host *host,
                                           const struct inos_questions_setup *setup)
{
  struct inos_questions *questions = g_new0 (struct inos_questions, 1);

  questions->host = host;
  questions->setup = *setup;
  questions->names[0] = setup->name;
  questions->asked = g_ptr_array_new();
  questions->offer = (struct inos_protocol_offer){.name = setup->name,
                                                  .streams_max = setup->streams_max,
                                                  .relayed = setup->relayed,
                                                  .open = setup->open,
                                                  .handler = &serves,
                                                  .accept = on_accept,
                                                  .data = questions};
  inos_questions_serve (questions, setup->serve);
  return questions;
}

bool inos_questions_serve (struct inos_questions *questions, bool serve)
{
  if (questions->serves == serve)
    return false;
  questions->serves = serve;
  if (serve)
    inos_host_offer (questions->host, &questions->offer);
  else
    inos_host_withdraw (questions->host, &questions->offer);
  return true;
}

void inos_questions_free (struct inos_questions *questions)
{
  if (!questions)
    return;
  while (questions->asked->len > 0) {
    struct ask *ask = questions->asked->pdata[0];
    ask->answered = true;
    ask->dialling = false;
    ask->stream = NULL;
    g_ptr_array_remove_index (questions->asked, 0);
    free_when_done (ask);
  }
  g_ptr_array_unref (questions->asked);
  g_free (questions);
}
