/*
 * How fast networks carry bytes, without ciphers: a source in this process, a sink in another, and
 * one byte back when all has come.
 *
 *     bench-mesh-net [MIB]
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/tcp.h"
#include "node/mesh/net/websocket.h"
#include "standin.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 20000 /* of 32 bytes there and back */
#define SMALL 32

struct side {
  GMainContext *context;
  struct inos_host *host;
  struct inos_tcp *tcp;
  struct inos_websocket *websocket;
  const struct inos_network *network;
};

static struct side make_side (bool websocket)
{
  struct side side = {.context = g_main_context_new()};

  side.host = standin_new (side.context);
  side.host->no_check = true;
  if (websocket) {
    side.websocket = inos_websocket_new (side.host, side.context);
    side.network = inos_websocket_network (side.websocket);
  } else {
    side.tcp = inos_tcp_new (side.host, side.context);
    side.network = inos_tcp_network (side.tcp);
  }
  return side;
}

static void run (const struct side *side)
{
  g_main_context_iteration (side->context, TRUE);
}

/* The other process: takes @bytes, answers with one byte, then sends back what comes. */
static void be_sink (bool websocket, uint64_t bytes, int tell)
{
  struct side side = make_side (websocket);
  struct inos_multiaddr address = {0};

  inos_multiaddr_parse (&address, websocket ? "/ip4/127.0.0.1/tcp/0/ws" : "/ip4/127.0.0.1/tcp/0",
                        NULL);
  if (!side.network->listen (side.network->data, &address, NULL) ||
      write (tell, &side.host->listening[0], sizeof address) != sizeof address)
    exit (1);
  while (side.host->n_links == 0 || side.host->links[0].received < bytes)
    run (&side);
  side.host->links[0].echo = true;
  standin_send (&side.host->links[0], 1);
  while (!side.host->links[0].closed)
    run (&side);
  _exit (0);
}

static void measure (bool websocket, uint64_t bytes)
{
  const char *name = websocket ? "WebSocket" : "TCP";
  struct inos_multiaddr address;
  int fds[2];

  if (pipe (fds) < 0)
    exit (1);
  pid_t child = fork();
  if (child == 0)
    be_sink (websocket, bytes, fds[1]);
  if (child < 0 || read (fds[0], &address, sizeof address) != sizeof address)
    exit (1);
  struct side side = make_side (websocket);
  side.network->dial (side.network->data, &address, 1, NULL);
  while (side.host->n_links == 0)
    run (&side);
  struct inos_link *link = &side.host->links[0];
  gint64 start = g_get_monotonic_time();
  standin_send (link, bytes);
  while (link->received == 0)
    run (&side);
  double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
  g_print ("%-9s one stream  %7.0f MB/s\n", name, (double)bytes / 1e6 / seconds);

  start = g_get_monotonic_time();
  for (uint64_t i = 1, expected = 1; i <= ROUNDS; i++) {
    expected += SMALL;
    standin_send (link, SMALL);
    while (link->received < expected)
      run (&side);
  }
  double round_trip = (double)(g_get_monotonic_time() - start) / ROUNDS;
  g_print ("%-9s 32 bytes    %7.1f us there and back\n", name, round_trip);
  standin_close (link);
  while (waitpid (child, NULL, WNOHANG) == 0)
    standin_turn (side.host);
}

int main (int argc, char **argv)
{
  guint64 mib = 4096;

  if (argc > 1 && !g_ascii_string_to_unsigned (argv[1], 10, 1, 1 << 20, &mib, NULL)) {
    g_printerr ("%s [MIB]\n", argv[0]);
    return 2;
  }
  measure (false, mib << 20);
  measure (true, mib << 20);
  return 0;
}
