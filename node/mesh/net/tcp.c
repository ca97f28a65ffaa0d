/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/tcp.h"

#include "node/mesh/net/acceptor.h"
#include "node/mesh/net/pipe.h"
#include "node/mesh/net/reach.h"
#include "node/mesh/net/target.h"

#include <gio/gio.h>
#include <unistd.h>

struct inos_tcp {
  struct inos_network network;
  struct inos_host *host;
  struct inos_poller *poller;
  struct inos_pipes *pipes;
  struct inos_acceptor *acceptor;
  bool same_port; /* dials go out from where it listens */
  GQueue links;   /* struct link.node */
  GQueue dials;   /* struct dial.node */
};

struct link {
  struct inos_tcp *tcp;
  struct inos_pipe *pipe;
  struct inos_link *host; /* what the host calls it */
  GList node;
  bool starting; /* the host is being told of it */
  bool closed;   /* the host did so from inside that */
};

struct dial {
  struct inos_tcp *tcp;
  struct inos_reach *reach;
  uint64_t number;
  GList node;
};

static void free_link (struct link *link)
{
  g_queue_unlink (&link->tcp->links, &link->node);
  g_free (link);
}

static void on_bytes (void *data, uint8_t *bytes, size_t len)
{
  inos_host_link_bytes (((struct link *)data)->host, bytes, len);
}

static void on_room (void *data)
{
  inos_host_link_room (((struct link *)data)->host);
}

static void on_closed (void *data, const GError *error)
{
  struct link *link = data;

  inos_host_link_closed (link->host, error);
  free_link (link);
}

static const struct inos_pipe_events pipe_events = {on_bytes, on_room, on_closed};

static size_t link_send (void *data, const uint8_t *bytes, size_t len)
{
  return inos_pipe_send (((struct link *)data)->pipe, bytes, len);
}

static void link_read (void *data, bool wanted)
{
  inos_pipe_read (((struct link *)data)->pipe, wanted);
}

static void link_close (void *data)
{
  struct link *link = data;

  inos_pipe_close (link->pipe);
  link->closed = true;
  if (!link->starting)
    free_link (link);
}

static const struct inos_link_class link_class = {link_send, link_read, link_close};

static struct link *begin_link (struct inos_tcp *tcp, int fd)
{
  struct link *link = g_new0 (struct link, 1);

  link->tcp = tcp;
  link->starting = true;
  link->node.data = link;
  g_queue_push_tail_link (&tcp->links, &link->node);
  link->pipe = inos_pipe_new (tcp->pipes, fd, &pipe_events, link);
  return link;
}

/* @host: what it calls the link; NULL: it does not want it. */
static void end_start (struct link *link, struct inos_link *host)
{
  link->starting = false;
  link->host = host;
  if (link->closed)
    free_link (link);
  else if (!host)
    link_close (link);
}

static void on_accepted (void *data, int fd, const struct inos_multiaddr *remote,
                         const struct inos_multiaddr *local)
{
  struct inos_tcp *tcp = data;
  struct link *link = begin_link (tcp, fd);

  end_start (link, inos_host_accept (tcp->host, &link_class, link, remote, local));
}

static void on_listening (void *data, const struct inos_multiaddr *address, bool on)
{
  inos_host_listening (((struct inos_tcp *)data)->host, address, on);
}

static const struct inos_acceptor_events acceptor_events = {on_accepted, on_listening};

static void free_dial (struct dial *dial)
{
  g_queue_unlink (&dial->tcp->dials, &dial->node);
  g_free (dial);
}

static void on_reached (void *data, int fd, const GError *error)
{
  struct dial *dial = data;
  struct inos_tcp *tcp = dial->tcp;
  uint64_t number = dial->number;

  free_dial (dial);
  if (fd < 0) {
    inos_host_dialled (tcp->host, number, NULL, NULL, error);
    return;
  }
  struct link *link = begin_link (tcp, fd);
  bool taken = inos_host_dialled (tcp->host, number, &link_class, link, NULL);
  end_start (link, taken ? inos_host_link_of (tcp->host, number) : NULL);
}

static bool network_handles (void *data, const struct inos_multiaddr *address)
{
  struct inos_target target;

  return inos_target_read (&target, address) && target.rest == address->len;
}

static void fill_from (const struct inos_tcp *tcp, struct inos_reach_from *from)
{
  *from = (struct inos_reach_from){0};
  if (!tcp->same_port)
    return;
  inos_acceptor_bound (tcp->acceptor, AF_INET, &from->ip4);
  inos_acceptor_bound (tcp->acceptor, AF_INET6, &from->ip6);
}

static void *network_dial (void *data, const struct inos_multiaddr *address, uint64_t number,
                           GError **error)
{
  struct inos_tcp *tcp = data;
  struct inos_reach_from from;
  struct inos_target target;

  if (!inos_target_read (&target, address) || target.port == 0) {
    g_autofree char *text = inos_multiaddr_text (address);
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "TCP cannot dial %s.", text);
    return NULL;
  }
  struct dial *dial = g_new0 (struct dial, 1);
  dial->tcp = tcp;
  dial->number = number;
  dial->node.data = dial;
  g_queue_push_tail_link (&tcp->dials, &dial->node);
  fill_from (tcp, &from);
  dial->reach = inos_reach_start (tcp->poller, &target, &from, on_reached, dial);
  return dial;
}

static void network_cancel (void *data, void *dialling)
{
  struct dial *dial = dialling;

  inos_reach_cancel (dial->reach);
  free_dial (dial);
}

static bool network_listen (void *data, const struct inos_multiaddr *address, GError **error)
{
  return inos_acceptor_listen (((struct inos_tcp *)data)->acceptor, address, error);
}

struct inos_tcp *inos_tcp_new (struct inos_host *host, GMainContext *context)
{
  struct inos_tcp *tcp = g_new0 (struct inos_tcp, 1);

  tcp->host = host;
  tcp->poller = inos_poller_new (context);
  tcp->pipes = inos_pipes_new (tcp->poller);
  tcp->acceptor = inos_acceptor_new (tcp->poller, &acceptor_events, tcp);
  tcp->network = (struct inos_network){
    .name = "tcp",
    .data = tcp,
    .handles = network_handles,
    .dial = network_dial,
    .cancel = network_cancel,
    .listen = network_listen,
  };
  return tcp;
}

void inos_tcp_free (struct inos_tcp *tcp)
{
  if (!tcp)
    return;
  inos_acceptor_free (tcp->acceptor);
  while (tcp->dials.head)
    network_cancel (tcp, tcp->dials.head->data);
  while (tcp->links.head)
    free_link (tcp->links.head->data);
  inos_pipes_free (tcp->pipes);
  inos_poller_free (tcp->poller);
  g_free (tcp);
}

void inos_tcp_dial_from_same_port (struct inos_tcp *tcp)
{
  tcp->same_port = true;
  inos_acceptor_share (tcp->acceptor);
}

const struct inos_network *inos_tcp_network (const struct inos_tcp *tcp)
{
  return &tcp->network;
}
