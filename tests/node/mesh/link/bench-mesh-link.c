/*
 * What a connection costs of the processor, without a network: one stream from one connection to
 * another in this process, and handshakes. Each side's time is taken for itself.
 *
 *   bench-mesh-link [MIB]
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/connection.h"

#include <malloc.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

#define READ_SIZE (256u * 1024) /* what a host reads at once */
#define WRITE_SIZE (64u * 1024)
#define HANDSHAKES 500
#define IDLE 200 /* pairs of connections */

struct side {
  struct inos_connection *connection;
  struct inos_stream *stream;
  bool ready;
  uint64_t got;
  double cpu;
};

struct flow {
  uint64_t left;
  uint8_t bytes[WRITE_SIZE];
};

static double cpu (void)
{
  struct timespec t;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t now (void *data)
{
  struct timespec t;

  clock_gettime (CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int64_t wall (void *data)
{
  return g_get_real_time() / 1000;
}

static void fill_random (void *data, void *bytes, size_t len)
{
  randombytes_buf (bytes, len);
}

static const struct inos_mesh_env env = {NULL, now, wall, fill_random};

static void on_output (void *data)
{
}

static void on_ready (void *data, const struct inos_peer_id *peer)
{
  ((struct side *)data)->ready = true;
}

static void on_closed (void *data, const GError *error)
{
  if (error)
    g_error ("%s", error->message);
}

static void pour (struct inos_stream *stream, struct flow *flow)
{
  for (size_t room = inos_stream_room (stream); room > 0 && flow->left > 0;
       room = inos_stream_room (stream)) {
    size_t len = MIN (flow->left, WRITE_SIZE);
    flow->left -= len;
    inos_stream_write (stream, flow->bytes, len);
  }
}

static void on_room (struct inos_stream *stream, void *data)
{
  pour (stream, data);
}

static void on_bytes (struct inos_stream *stream, void *data, const uint8_t *bytes, size_t len)
{
  ((struct side *)data)->got += len;
}

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
}

static const struct inos_stream_handler source = {on_room, NULL, on_room, NULL, on_gone};
static const struct inos_stream_handler sink = {NULL, on_bytes, NULL, NULL, on_gone};
static const char *const names[] = {"/inos/bench/1.0.0"};

static bool on_protocol (void *data, struct inos_stream *stream, const char *name,
                         struct inos_stream_answer *answer)
{
  *answer = (struct inos_stream_answer){names[0], &sink, data};
  return true;
}

static const struct inos_connection_events events = {on_output, on_ready, on_protocol, NULL,
                                                     on_closed};

/* What @from has to send goes to @to, by way of a buffer as a socket's reader has. Returns: whether
 * there was anything. */
static bool carry (struct side *from, struct side *to, uint8_t *buffer)
{
  double start = cpu();
  struct inos_buffer *out = inos_connection_output (from->connection);
  size_t len = MIN (inos_buffer_len (out), READ_SIZE);

  from->cpu += cpu() - start;
  if (len == 0)
    return false;
  memcpy (buffer, inos_buffer_data (out), len);
  start = cpu();
  inos_buffer_consume (out, len);
  inos_connection_sent (from->connection);
  double middle = cpu();
  inos_connection_feed (to->connection, buffer, len);
  from->cpu += middle - start;
  to->cpu += cpu() - middle;
  return true;
}

static void connect (struct side sides[2], struct inos_identity *const identities[2],
                     uint8_t *buffer)
{
  for (unsigned i = 0; i < 2; i++) {
    sides[i] = (struct side){0};
    sides[i].connection = inos_connection_new (&(struct inos_connection_setup){
      .env = &env,
      .identity = identities[i],
      .events = &events,
      .data = &sides[i],
      .initiator = i == 0,
    });
  }
  double start = cpu();
  inos_connection_start (sides[0].connection);
  sides[0].cpu += cpu() - start;
  while (carry (&sides[0], &sides[1], buffer) | carry (&sides[1], &sides[0], buffer))
    ;
  g_assert_true (sides[0].ready && sides[1].ready);
}

static void disconnect (struct side sides[2])
{
  for (unsigned i = 0; i < 2; i++) {
    inos_connection_close (sides[i].connection);
    inos_connection_free (sides[i].connection);
  }
}

static void bench_stream (struct inos_identity *const identities[2], uint64_t mib, uint8_t *buffer)
{
  struct side sides[2];
  g_autofree struct flow *flow = g_new0 (struct flow, 1);
  double bytes = (double)mib * 1024 * 1024;

  connect (sides, identities, buffer);
  flow->left = mib * 1024 * 1024;
  sides[0].cpu = sides[1].cpu = 0;
  uint64_t start = now (NULL);
  inos_connection_open (sides[0].connection, names, 1, &source, flow);
  while (carry (&sides[0], &sides[1], buffer) | carry (&sides[1], &sides[0], buffer))
    ;
  double seconds = (double)(now (NULL) - start) / 1e9;
  g_assert_true (sides[1].got == mib * 1024 * 1024);
  g_print ("one stream, %" G_GUINT64_FORMAT
           " MiB: sender %.0f MB per CPU-s, receiver %.0f, both %.0f; "
           "%.0f MB/s of time\n",
           mib, bytes / 1e6 / sides[0].cpu, bytes / 1e6 / sides[1].cpu,
           bytes / 1e6 / (sides[0].cpu + sides[1].cpu), bytes / 1e6 / seconds);
  disconnect (sides);
}

static void bench_handshakes (struct inos_identity *const identities[2], uint8_t *buffer)
{
  double first = 0, second = 0;

  for (unsigned i = 0; i < HANDSHAKES; i++) {
    struct side sides[2];
    connect (sides, identities, buffer);
    first += sides[0].cpu;
    second += sides[1].cpu;
    disconnect (sides);
  }
  g_print ("handshakes: %.0f per CPU-s for both sides; dialler %.0f us, listener %.0f us\n",
           HANDSHAKES / (first + second), first * 1e6 / HANDSHAKES, second * 1e6 / HANDSHAKES);
}

/* Of connections that have done nothing after their handshake. */
static void bench_memory (struct inos_identity *const identities[2], uint8_t *buffer)
{
  static struct side sides[IDLE][2];
  size_t before = mallinfo2().uordblks;

  for (unsigned i = 0; i < IDLE; i++)
    connect (sides[i], identities, buffer);
  g_print ("memory: %.1f KiB for each idle connection\n",
           (double)(mallinfo2().uordblks - before) / 1024 / (2 * IDLE));
  for (unsigned i = 0; i < IDLE; i++)
    disconnect (sides[i]);
}

int main (int argc, char **argv)
{
  guint64 mib = 1024;

  if (argc > 1 && !g_ascii_string_to_unsigned (argv[1], 10, 1, 1 << 20, &mib, NULL)) {
    g_printerr ("%s [MIB]\n", argv[0]);
    return 2;
  }
  if (sodium_init() < 0)
    return 1;
  static const uint8_t seeds[2][INOS_SEED_SIZE] = {{1}, {2}};
  struct inos_identity *identities[2] = {inos_identity_from_seed (seeds[0]),
                                         inos_identity_from_seed (seeds[1])};
  g_autofree uint8_t *buffer = g_malloc (READ_SIZE);
  bench_stream (identities, mib, buffer);
  bench_handshakes (identities, buffer);
  bench_memory (identities, buffer);
  inos_identity_free (identities[0]);
  inos_identity_free (identities[1]);
  return 0;
}
