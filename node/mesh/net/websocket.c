/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/net/websocket.h"

#include "node/mesh/host/host.h"
#include "node/mesh/net/acceptor.h"
#include "node/mesh/net/pipe.h"
#include "node/mesh/net/reach.h"
#include "node/mesh/net/target.h"
#include "node/mesh/net/tls_tunnel.h"
#include "node/mesh/net/ws_frames.h"
#include "node/mesh/net/ws_handshake.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <string.h>

struct inos_websocket {
  struct inos_network network;
  struct inos_host *host;
  GMainContext *context;
  struct inos_poller *poller;
  struct inos_pipes *pipes;
  struct inos_acceptor *acceptor;
  GTlsCertificate *certificate; /* may be NULL */
  GQueue links;                 /* struct link.node */
};

/* Where a WebSocket is. */
struct place {
  struct inos_target target;
  bool tls;
  char name[254]; /* that the server's TLS goes by, or "" */
};

enum state {
  REACHING,  /* a dial: there is no connection yet */
  ASKING,    /* a dial: the handshake is under way */
  ANSWERING, /* accepted, and the handshake is under way */
  OPEN,
  DRAINING, /* has ended but for what is to be sent; the host knows it no more */
};

struct link {
  struct inos_websocket *websocket;
  struct inos_pipe *pipe; /* NULL while REACHING, and when it broke */
  struct inos_link *host; /* what the host calls it */
  enum state state;
  uint64_t dial;
  struct place place; /* of a dial */
  struct inos_reach *reach;
  GSource *deadline; /* of the handshake, or of draining */
  char *authority;   /* of a dial: "node.example:443" */
  char key[INOS_WS_KEY_LEN + 1];
  struct inos_ws ws;
  struct inos_buffer in; /* what came of the handshake */
  struct inos_buffer out;
  bool host_waits; /* to hear that there is room */
  unsigned busy;   /* calls that are under way: it is freed after the last */
  bool dead;
  GList node;
};

static struct link *make_link (struct inos_websocket *websocket, enum state state)
{
  struct link *link = g_new0 (struct link, 1);

  link->websocket = websocket;
  link->state = state;
  link->node.data = link;
  g_queue_push_tail_link (&websocket->links, &link->node);
  return link;
}

static void free_link (struct link *link)
{
  link->dead = true;
  if (link->busy > 0)
    return;
  inos_reach_cancel (link->reach);
  inos_timer_clear (&link->deadline);
  inos_buffer_clear (&link->in);
  inos_buffer_clear (&link->out);
  g_free (link->authority);
  g_queue_unlink (&link->websocket->links, &link->node);
  g_free (link);
}

static void enter (struct link *link)
{
  link->busy++;
}

static void leave (struct link *link)
{
  if (--link->busy == 0 && link->dead)
    free_link (link);
}

static void cut (struct link *link)
{
  if (link->pipe)
    inos_pipe_close (g_steal_pointer (&link->pipe));
  free_link (link);
}

static gboolean on_drain_over (gpointer data)
{
  cut (data);
  return G_SOURCE_REMOVE;
}

/* Sends what waits. Returns: whether that is all. */
static bool flush (struct link *link)
{
  size_t len = inos_buffer_len (&link->out);

  if (len > 0 && link->pipe)
    inos_buffer_consume (&link->out,
                         inos_pipe_send (link->pipe, inos_buffer_data (&link->out), len));
  return inos_buffer_len (&link->out) == 0;
}

/* The host knows it no more, or never did: it ends as soon as all is sent. */
static void drain (struct link *link)
{
  link->state = DRAINING;
  if (!link->pipe || flush (link)) {
    cut (link);
    return;
  }
  inos_timer_set (&link->deadline, link->websocket->context, INOS_WEBSOCKET_DRAIN, on_drain_over,
                  link);
}

/* What the host is given */

static size_t link_send (void *data, const uint8_t *bytes, size_t len)
{
  struct link *link = data;
  size_t took = 0;

  while (took < len && link->state == OPEN && inos_buffer_len (&link->out) == 0) {
    size_t piece = MIN (len - took, INOS_WS_FRAME_MAX);
    inos_ws_write (&link->ws, bytes + took, piece, &link->out);
    took += piece;
    flush (link);
  }
  link->host_waits = took < len;
  return took;
}

static void link_read (void *data, bool wanted)
{
  struct link *link = data;

  if (link->pipe)
    inos_pipe_read (link->pipe, wanted);
}

static void link_close (void *data)
{
  struct link *link = data;

  if (link->state == OPEN && !link->ws.ended)
    inos_ws_close (&link->ws, INOS_WS_NORMAL, &link->out);
  drain (link);
}

static const struct inos_link_class link_class = {link_send, link_read, link_close};

/* How it ends from the other side: the host is told, and what is to be answered is sent. */
static void end (struct link *link, const GError *error)
{
  struct inos_websocket *websocket = link->websocket;
  enum state state = link->state;

  drain (link);
  if (state == ASKING)
    inos_host_dialled (websocket->host, link->dial, NULL, NULL, error);
  else if (state != DRAINING)
    inos_host_link_closed (link->host, error);
}

/* Bytes */

static void read_frames (struct link *link, uint8_t *bytes, size_t len)
{
  while (len > 0 && link->state == OPEN && !link->ws.ended) {
    size_t read = len, payload_len;
    uint8_t *payload;
    inos_ws_read (&link->ws, bytes, &read, &link->out, &payload, &payload_len);
    bytes += read;
    len -= read;
    if (payload_len > 0)
      inos_host_link_bytes (link->host, payload, payload_len);
  }
  if (link->state != OPEN)
    return;
  if (!link->ws.ended) {
    flush (link);
    return;
  }
  g_autoptr (GError) error = NULL;
  if (link->ws.why != INOS_WS_NORMAL)
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "The peer does not keep to the rules of WebSockets (%d).", link->ws.why);
  end (link, error);
}

static void host_takes (struct link *link)
{
  struct inos_host *host = link->websocket->host;

  inos_timer_clear (&link->deadline);
  link->state = OPEN;
  bool taken = inos_host_dialled (host, link->dial, &link_class, link, NULL);
  link->host = taken ? inos_host_link_of (host, link->dial) : NULL;
  if (!link->host && link->state == OPEN)
    link_close (link);
}

static void read_handshake (struct link *link)
{
  g_autoptr (GError) error = NULL;
  const uint8_t *bytes = inos_buffer_data (&link->in);
  size_t len = inos_buffer_len (&link->in);
  int read = link->state == ASKING ? inos_ws_read_answer (bytes, len, link->key, &error)
                                   : inos_ws_read_request (bytes, len, &link->out);

  if (read == 0)
    return;
  if (read < 0) {
    if (!error)
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "What came is no WebSocket's beginning.");
    end (link, error);
    return;
  }
  inos_buffer_consume (&link->in, (size_t)read);
  if (link->state == ASKING) {
    host_takes (link);
  } else {
    link->state = OPEN;
    if (flush (link) && link->host_waits) {
      link->host_waits = false;
      inos_host_link_room (link->host);
    }
  }
  if (link->state == OPEN)
    read_frames (link, inos_buffer_data (&link->in), inos_buffer_len (&link->in));
  inos_buffer_clear (&link->in);
}

static void on_bytes (void *data, uint8_t *bytes, size_t len)
{
  struct link *link = data;

  enter (link);
  if (link->state == OPEN) {
    read_frames (link, bytes, len);
  } else if (link->state != DRAINING) {
    inos_buffer_append (&link->in, bytes, len);
    read_handshake (link);
  }
  leave (link);
}

static void on_room (void *data)
{
  struct link *link = data;

  enter (link);
  if (flush (link)) {
    if (link->state == DRAINING)
      cut (link);
    else if (link->state == OPEN && link->host_waits) {
      link->host_waits = false;
      inos_host_link_room (link->host);
    }
  }
  leave (link);
}

static void on_closed (void *data, const GError *error)
{
  struct link *link = data;
  g_autoptr (GError) early = NULL;

  if (link->state == ASKING && !error)
    g_set_error_literal (&early, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                         "The connection ended before it was a WebSocket.");
  enter (link);
  link->pipe = NULL; /* it has gone by itself */
  end (link, early ? early : error);
  leave (link);
}

static const struct inos_pipe_events pipe_events = {on_bytes, on_room, on_closed};

/* Accepting */

static bool has_tls (const struct inos_multiaddr *address)
{
  return inos_multiaddr_has (address, INOS_MULTIADDR_TLS) ||
         inos_multiaddr_has (address, INOS_MULTIADDR_WSS);
}

static void on_accepted (void *data, int fd, const struct inos_multiaddr *remote,
                         const struct inos_multiaddr *local)
{
  struct inos_websocket *websocket = data;
  g_autoptr (GError) error = NULL;

  if (has_tls (local))
    fd = inos_tls_accept (websocket->context, fd, websocket->certificate, &error);
  if (fd < 0) {
    g_info ("A connection with TLS cannot be taken: %s", error ? error->message : "it has gone");
    return;
  }
  struct link *link = make_link (websocket, ANSWERING);

  link->ws = inos_ws_begin (inos_host_env (websocket->host), false);
  link->pipe = inos_pipe_new (websocket->pipes, fd, &pipe_events, link);
  enter (link);
  link->host = inos_host_accept (websocket->host, &link_class, link, remote, local);
  if (!link->host && !link->dead && link->state != DRAINING)
    cut (link);
  leave (link);
}

static void on_listening (void *data, const struct inos_multiaddr *address, bool on)
{
  inos_host_listening (((struct inos_websocket *)data)->host, address, on);
}

static const struct inos_acceptor_events acceptor_events = {on_accepted, on_listening};

/* Dialling */

static gboolean on_late (gpointer data)
{
  struct link *link = data;
  g_autoptr (GError) error = g_error_new (
    G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s did not answer as a WebSocket in time.", link->authority);

  enter (link);
  inos_timer_clear (&link->deadline);
  end (link, error);
  leave (link);
  return G_SOURCE_REMOVE;
}

static void on_reached (void *data, int fd, const GError *error)
{
  struct link *link = data;
  struct inos_websocket *websocket = link->websocket;
  g_autoptr (GError) no_tls = NULL;
  uint8_t nonce[16];

  link->reach = NULL; /* it has gone by itself */
  if (fd >= 0 && link->place.tls) {
    const char *name = link->place.name;
    fd = inos_tls_connect (websocket->context, fd, name[0] ? name : NULL, &no_tls);
    error = no_tls;
  }
  if (fd < 0) {
    uint64_t dial = link->dial;
    free_link (link);
    inos_host_dialled (websocket->host, dial, NULL, NULL, error);
    return;
  }
  link->state = ASKING;
  link->pipe = inos_pipe_new (websocket->pipes, fd, &pipe_events, link);
  inos_env_random (link->ws.env, nonce, sizeof nonce);
  inos_ws_request (&link->out, link->authority, nonce, link->key);
  inos_timer_set (&link->deadline, websocket->context, INOS_WEBSOCKET_TIMEOUT, on_late, link);
  flush (link);
}

/* "/ws", "/wss", "/tls/ws" or "/tls/sni/NAME/ws" behind the TCP part. */
static bool read_address (struct place *place, const struct inos_multiaddr *address)
{
  struct inos_multiaddr_part part;

  *place = (struct place){0};
  if (!inos_target_read (&place->target, address))
    return false;
  g_strlcpy (place->name, place->target.name, sizeof place->name);
  size_t at = place->target.rest;
  if (!inos_multiaddr_next (address, &at, &part))
    return false;
  if (part.code == INOS_MULTIADDR_TLS) {
    place->tls = true;
    if (!inos_multiaddr_next (address, &at, &part))
      return false;
    if (part.code == INOS_MULTIADDR_SNI) {
      memcpy (place->name, part.value, part.len);
      place->name[part.len] = '\0';
      if (!inos_multiaddr_next (address, &at, &part))
        return false;
    }
  }
  bool old = part.code == INOS_MULTIADDR_WSS && !place->tls;
  place->tls |= old;
  return (old || part.code == INOS_MULTIADDR_WS) && at == address->len;
}

static bool network_handles (void *data, const struct inos_multiaddr *address)
{
  struct place place;

  return read_address (&place, address) && (!place.tls || inos_tls_is_there());
}

/* What HTTP calls it. */
static char *authority_of (const struct inos_target *target)
{
  g_autoptr (GSocketAddress) address = NULL;

  if (target->name[0] != '\0')
    return g_strdup_printf ("%s:%u", target->name, target->port);
  address = g_socket_address_new_from_native ((gpointer)&target->ip.storage, (gsize)target->ip.len);
  GInetAddress *ip = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
  g_autofree char *text = g_inet_address_to_string (ip);
  return target->ip.storage.ss_family == AF_INET6 ? g_strdup_printf ("[%s]:%u", text, target->port)
                                                  : g_strdup_printf ("%s:%u", text, target->port);
}

static void *network_dial (void *data, const struct inos_multiaddr *address, uint64_t number,
                           GError **error)
{
  struct inos_websocket *websocket = data;
  struct place place;

  if (!read_address (&place, address) || place.target.port == 0) {
    g_autofree char *text = inos_multiaddr_text (address);
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "No WebSocket can be at %s.",
                 text);
    return NULL;
  }
  struct link *link = make_link (websocket, REACHING);
  link->dial = number;
  link->place = place;
  link->authority = authority_of (&place.target);
  link->ws = inos_ws_begin (inos_host_env (websocket->host), true);
  link->reach = inos_reach_start (websocket->poller, &place.target, NULL, on_reached, link);
  return link;
}

static void network_cancel (void *data, void *dialling)
{
  cut (dialling);
}

static bool network_listen (void *data, const struct inos_multiaddr *address, GError **error)
{
  struct inos_websocket *websocket = data;

  if (has_tls (address) && !websocket->certificate) {
    g_autofree char *text = inos_multiaddr_text (address);
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 "The mesh cannot listen at %s: TLS needs a certificate with its key. Give it one.",
                 text);
    return false;
  }
  return inos_acceptor_listen (websocket->acceptor, address, error);
}

/* Life cycle */

struct inos_websocket *inos_websocket_new (struct inos_host *host, GMainContext *context)
{
  struct inos_websocket *websocket = g_new0 (struct inos_websocket, 1);

  websocket->host = host;
  websocket->context = g_main_context_ref (context);
  websocket->poller = inos_poller_new (context);
  websocket->pipes = inos_pipes_new (websocket->poller);
  websocket->acceptor = inos_acceptor_new (websocket->poller, &acceptor_events, websocket);
  websocket->network = (struct inos_network){
    .name = "ws",
    .data = websocket,
    .handles = network_handles,
    .dial = network_dial,
    .cancel = network_cancel,
    .listen = network_listen,
  };
  return websocket;
}

void inos_websocket_free (struct inos_websocket *websocket)
{
  if (!websocket)
    return;
  inos_acceptor_free (websocket->acceptor);
  while (websocket->links.head)
    cut (websocket->links.head->data);
  inos_pipes_free (websocket->pipes);
  inos_poller_free (websocket->poller);
  g_main_context_unref (websocket->context);
  g_clear_object (&websocket->certificate);
  g_free (websocket);
}

void inos_websocket_set_certificate (struct inos_websocket *websocket, GTlsCertificate *certificate)
{
  g_set_object (&websocket->certificate, certificate);
}

const struct inos_network *inos_websocket_network (const struct inos_websocket *websocket)
{
  return &websocket->network;
}
