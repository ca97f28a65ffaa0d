/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/host/error.h"
#include "node/mesh/host/perf.h"

#define HEADER 8u

static const uint8_t nothing[65536];

struct inos_perf {
  struct inos_host *host;
  struct inos_protocol_offer offer;
};

static const char *const names[] = {INOS_PERF_PROTOCOL};

/* Sends as much of *@left as there is room for, and ends when that was all. */
static void send_zeros (struct inos_stream *stream, uint64_t *left)
{
  size_t room;

  while (*left > 0 && (room = inos_stream_room (stream)) > 0) {
    size_t len = (size_t)MIN (*left, MIN (room, sizeof nothing));
    inos_stream_write (stream, nothing, len);
    *left -= len;
  }
}

/* Serving */

struct service {
  unsigned got; /* of the header */
  uint64_t wanted;
  bool sending;
};

static void on_service_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes,
                              size_t len)
{
  struct service *service = data;

  for (size_t i = 0; i < len && service->got < HEADER; i++, service->got++)
    service->wanted = service->wanted << 8 | bytes[i];
}

static void on_service_room (struct inos_stream *stream, void *data)
{
  struct service *service = data;

  if (!service->sending)
    return;
  send_zeros (stream, &service->wanted);
  if (service->wanted > 0)
    return;
  service->sending = false;
  inos_stream_finish (stream);
}

static void on_service_finish (struct inos_stream *stream, void *data)
{
  struct service *service = data;

  if (service->got < HEADER) {
    inos_stream_reset (stream);
    return;
  }
  service->sending = true;
  on_service_room (stream, data);
}

static void on_service_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  g_free (data);
}

static const struct inos_stream_handler serves = {.bytes = on_service_bytes,
                                                  .room = on_service_room,
                                                  .finish = on_service_finish,
                                                  .gone = on_service_gone};

static bool on_accept (void *data, struct inos_stream *stream)
{
  inos_stream_take_over (stream, &serves, g_new0 (struct service, 1));
  return true;
}

/* Asking */

struct run {
  const struct inos_mesh_env *env;
  inos_perf_done done;
  void *data;
  uint64_t up, down, left, started;
  struct inos_perf_result result;
  bool finished;
};

static void on_run_room (struct inos_stream *stream, void *data)
{
  struct run *run = data;

  if (run->finished)
    return;
  send_zeros (stream, &run->left);
  if (run->left > 0)
    return;
  run->finished = true;
  inos_stream_finish (stream);
}

static void on_run_open (struct inos_stream *stream, void *data)
{
  struct run *run = data;
  uint8_t header[HEADER];

  for (unsigned i = 0; i < HEADER; i++)
    header[i] = (uint8_t)(run->down >> (56 - 8 * i));
  inos_stream_write (stream, header, HEADER);
  on_run_room (stream, data);
}

static void on_run_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  ((struct run *)data)->result.received += len;
}

static void on_run_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
  struct run *run = data;
  g_autoptr (GError) error = NULL;

  run->result.sent = run->up - run->left;
  run->result.duration = inos_env_now (run->env) - run->started;
  if (why == INOS_STREAM_UNSUPPORTED)
    error = g_error_new_literal (INOS_MESH_ERROR, INOS_MESH_ERROR_REFUSED,
                                 "The peer does not let others measure it.");
  else if (why != INOS_STREAM_FINISHED || run->result.received != run->down)
    error = g_error_new_literal (INOS_MESH_ERROR, INOS_MESH_ERROR_CLOSED,
                                 "The stream broke before all was sent.");
  run->done (run->data, &run->result, error);
  g_free (run);
}

void inos_perf_run (struct inos_perf *perf, const struct inos_peer_id *peer, uint64_t up,
                    uint64_t down, inos_perf_done done, void *data)
{
  static const struct inos_stream_handler asks = {
    .open = on_run_open, .bytes = on_run_bytes, .room = on_run_room, .gone = on_run_gone};
  struct run *run = g_new0 (struct run, 1);

  run->env = inos_host_env (perf->host);
  run->done = done;
  run->data = data;
  run->up = run->left = up;
  run->down = down;
  run->started = inos_env_now (run->env);
  if (inos_host_open (perf->host, peer, names, 1, &asks, run))
    return;
  g_autoptr (GError) error = g_error_new_literal (INOS_MESH_ERROR, INOS_MESH_ERROR_CLOSED,
                                                  "There is no connection to the peer.");
  done (data, &run->result, error);
  g_free (run);
}

/* Life cycle */

struct inos_perf *inos_perf_new (struct inos_host *host, bool serve)
{
  struct inos_perf *perf = g_new0 (struct inos_perf, 1);

  perf->host = host;
  perf->offer = (struct inos_protocol_offer){.name = INOS_PERF_PROTOCOL,
                                             .streams_max = 8,
                                             .handler = &serves,
                                             .accept = on_accept,
                                             .data = perf};
  if (serve)
    inos_host_offer (host, &perf->offer);
  return perf;
}

void inos_perf_free (struct inos_perf *perf)
{
  g_free (perf);
}
