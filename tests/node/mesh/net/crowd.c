/*
 * A crowd at a node's door, all from one address: `crowd PORT PEERS STREAMS` dials 127.0.0.1 as
 * PEERS different peers, one after the other, each of which proves who it is, opens STREAMS
 * streams, asks on each, and reads no answer. The last KEPT stay until it ends; those before hang
 * up without a word. Prints how many got in. A hostile peer, of which js-libp2p could make a few
 * dozen a second.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/link/connection.h"
#include "node/mesh/net/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define KEPT 300u       /* more than a node keeps */
#define PATIENCE 5000   /* ms for the other side's word in a handshake */
#define RELUCTANCE 1000 /* ms for room for what is said */

struct one {
  int fd;
  struct inos_identity *identity;
  struct inos_connection *connection;
  bool ready, over;
};

static void on_output (void *data)
{
}

static void on_ready (void *data, const struct inos_peer_id *peer)
{
  ((struct one *)data)->ready = true;
}

static bool on_protocol (void *data, struct inos_stream *stream, const char *name,
                         struct inos_stream_answer *answer)
{
  return false;
}

static void on_closed (void *data, const GError *error)
{
  ((struct one *)data)->over = true;
}

static const struct inos_connection_events events = {
  .output = on_output, .ready = on_ready, .protocol = on_protocol, .closed = on_closed};

static void on_gone (struct inos_stream *stream, void *data, enum inos_stream_end why)
{
}

static void on_open (struct inos_stream *stream, void *data)
{
  static const uint8_t question[32];

  inos_stream_write (stream, question, sizeof question);
}

static const struct inos_stream_handler asks = {.open = on_open, .gone = on_gone};

static void finish (struct one *one)
{
  inos_connection_free (one->connection);
  inos_identity_free (one->identity);
  if (one->fd >= 0)
    close (one->fd);
  *one = (struct one){.fd = -1};
}

static bool is_ready_for (const struct one *one, short events_wanted, int ms)
{
  struct pollfd at = {one->fd, events_wanted, 0};

  return poll (&at, 1, ms) == 1 && (at.revents & events_wanted);
}

static bool say (struct one *one)
{
  struct inos_buffer *out = inos_connection_output (one->connection);

  while (inos_buffer_len (out) > 0) {
    if (!is_ready_for (one, POLLOUT, RELUCTANCE))
      return false;
    ssize_t sent =
      send (one->fd, inos_buffer_data (out), inos_buffer_len (out), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0)
      return false;
    inos_buffer_consume (out, (size_t)sent);
    inos_connection_sent (one->connection);
    out = inos_connection_output (one->connection);
  }
  return true;
}

static bool listen_to (struct one *one)
{
  uint8_t bytes[65536];
  ssize_t len = is_ready_for (one, POLLIN, PATIENCE) ? recv (one->fd, bytes, sizeof bytes, 0) : -1;

  if (len <= 0)
    return false;
  inos_connection_feed (one->connection, bytes, (size_t)len);
  return !one->over;
}

static int dial (uint16_t port)
{
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons (port)};
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  to.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  if (fd >= 0 && connect (fd, (struct sockaddr *)&to, sizeof to) == 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

/* Returns: whether it got in. */
static bool come (struct one *one, uint16_t port, uint32_t number, unsigned streams)
{
  static const char *const names[] = {"/ipfs/ping/1.0.0"};
  uint8_t seed[INOS_SEED_SIZE] = {0xc0};

  finish (one);
  memcpy (seed + 1, &number, sizeof number);
  one->fd = dial (port);
  if (one->fd < 0)
    return false;
  one->identity = inos_identity_from_seed (seed);
  one->connection = inos_connection_new (&(struct inos_connection_setup){
    .env = inos_clock_env(),
    .identity = one->identity,
    .events = &events,
    .data = one,
    .initiator = true,
  });
  inos_connection_start (one->connection);
  while (say (one) && !one->ready && listen_to (one))
    ;
  for (unsigned i = 0; one->ready && i < streams; i++)
    if (!inos_connection_open (one->connection, names, 1, &asks, NULL) || !say (one))
      break;
  return one->ready && say (one);
}

int main (int argc, char **argv)
{
  static struct one crowd[KEPT];
  unsigned in = 0;

  if (argc != 4) {
    g_printerr ("crowd PORT PEERS STREAMS\n");
    return 2;
  }
  for (unsigned i = 0; i < KEPT; i++)
    crowd[i].fd = -1;
  uint32_t peers = (uint32_t)strtoul (argv[2], NULL, 10);
  for (uint32_t i = 0; i < peers; i++)
    in += come (&crowd[i % KEPT], (uint16_t)strtoul (argv[1], NULL, 10), i,
                (unsigned)strtoul (argv[3], NULL, 10));
  g_print ("%u\n", in);
  for (unsigned i = 0; i < KEPT; i++)
    finish (&crowd[i]);
  return 0;
}
