/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "inos-config.h"

#include "node/api/connection.h"
#include "node/api/messages.h"
#include "node/api/resources.h"
#include "node/api/server.h"
#include "node/base/ticker.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECOND 1000000

struct inos_server {
  struct inos_server_config config;
  struct inos_listener listener;
  unsigned acceptor;      /* source */
  GPtrArray *connections; /* struct inos_connection, owned */
  struct inos_ticker ticker;
  struct inos_alerts alerts;
  int64_t second;  /* µs, monotonic, of the last look at the machine for the alerts */
  int64_t started; /* µs since 1970 */
  uint64_t last_id;
};

struct handler {
  const char *type;
  void (*handle) (struct inos_server *server, struct inos_connection *connection,
                  const struct inos_frame *request);
};

uint32_t inos_interval_grant (uint32_t wanted)
{
  static const uint32_t fast[] = {100, 200, 500, 1000};

  for (size_t i = 0; i < G_N_ELEMENTS (fast); i++)
    if (wanted <= fast[i])
      return fast[i];
  return wanted >= INOS_INTERVAL_MAX ? INOS_INTERVAL_MAX : (wanted + 999) / 1000 * 1000;
}

static void reply (struct inos_server *server, struct inos_connection *connection,
                   const struct inos_frame *request, GVariant *payload)
{
  inos_connection_reply (connection, request, ++server->last_id, payload);
}

static void handle_info (struct inos_server *server, struct inos_connection *connection,
                         const struct inos_frame *request)
{
  g_autofree char *host = g_utf8_make_valid (g_get_host_name(), -1);

  reply (server, connection, request,
         g_variant_new ("(sssxs)", inos_identity_peer_id (server->config.identity), INOS_VERSION,
                        host, server->started, inos_identity_public_key (server->config.identity)));
}

static void handle_resources (struct inos_server *server, struct inos_connection *connection,
                              const struct inos_frame *request)
{
  reply (server, connection, request,
         inos_resources_to_variant (inos_monitor_sample (server->config.monitor)));
}

static void handle_alerts (struct inos_server *server, struct inos_connection *connection,
                           const struct inos_frame *request)
{
  reply (server, connection, request, inos_alerts_to_variant (&server->alerts));
}

/* The period that divides a second and every subscription. */
static void set_period (struct inos_server *server)
{
  uint32_t period = 1000;
  bool half = false;

  for (guint i = 0; i < server->connections->len; i++) {
    uint32_t interval = inos_connection_subscription (server->connections->pdata[i])->interval;
    half = half || interval == 500;
    if (interval > 0 && interval < period)
      period = interval;
  }
  if (period == 200 && half)
    period = 100;
  inos_ticker_set (&server->ticker, period);
}

static void handle_subscribe (struct inos_server *server, struct inos_connection *connection,
                              const struct inos_frame *request)
{
  struct inos_subscription *subscription = inos_connection_subscription (connection);
  uint32_t interval;

  g_variant_get (request->payload, "(u)", &interval);
  subscription->interval = interval ? inos_interval_grant (interval) : 0;
  subscription->due = g_get_monotonic_time() + (int64_t)subscription->interval * 1000;
  set_period (server);
  reply (server, connection, request, g_variant_new ("(u)", subscription->interval));
}

static const struct handler handlers[] = {
  {INOS_NODE_ALERTS, handle_alerts},
  {INOS_NODE_INFO, handle_info},
  {INOS_NODE_RESOURCES, handle_resources},
  {INOS_NODE_SUBSCRIBE, handle_subscribe},
};

static void on_request (struct inos_connection *connection, const struct inos_frame *request,
                        void *data)
{
  struct inos_server *server = data;

  for (size_t i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (strcmp (handlers[i].type, request->type) == 0) {
      handlers[i].handle (server, connection, request);
      return;
    }
  inos_connection_error (connection, request, ++server->last_id, INOS_API_ERROR_UNKNOWN_MESSAGE,
                         "The node does not answer this message.");
}

static void on_closed (struct inos_connection *connection, void *data)
{
  struct inos_server *server = data;

  g_ptr_array_remove_fast (server->connections, connection);
  set_period (server);
}

static const struct inos_connection_events connection_events = {on_request, on_closed};

static GBytes *event (struct inos_server *server, const char *type, enum inos_priority priority,
                      GVariant *payload)
{
  struct inos_frame e = {
    .kind = INOS_EVENT,
    .priority = (uint8_t)priority,
    .version = INOS_MESSAGE_VERSION,
    .id = ++server->last_id,
    .payload = g_variant_ref_sink (payload),
  };

  g_strlcpy (e.type, type, sizeof e.type);
  GBytes *frame = inos_frame_encode (&e);
  inos_frame_clear (&e);
  return frame;
}

static void send_alerts (struct inos_server *server, unsigned changed)
{
  for (unsigned id = 0; id < INOS_ALERTS; id++) {
    if (!(changed & 1u << id))
      continue;
    g_autofree char *sentence = inos_alert_sentence (id, &server->alerts.alert[id]);
    g_message ("%s", sentence);
    g_autoptr (GBytes) frame = event (server, INOS_NODE_ALERT, INOS_PRIORITY_HIGH,
                                      inos_alert_to_variant (&server->alerts, id));
    for (guint i = 0; i < server->connections->len; i++)
      if (inos_connection_subscription (server->connections->pdata[i])->interval)
        inos_connection_event (server->connections->pdata[i], frame, false);
  }
}

/* Whether a subscription's time has come; says when the next is. */
static bool is_due (struct inos_subscription *subscription, int64_t now, int64_t slack)
{
  int64_t interval = (int64_t)subscription->interval * 1000;

  if (interval == 0 || now < subscription->due - slack)
    return false;
  subscription->due += interval;
  if (subscription->due <= now) /* late: what was missed is not made up for */
    subscription->due = now + interval;
  return true;
}

static void send_resources (struct inos_server *server, const struct inos_sample *sample,
                            int64_t now)
{
  int64_t slack = (int64_t)server->ticker.period * 1000 / 2;
  g_autoptr (GBytes) frame = NULL;

  for (guint i = 0; i < server->connections->len; i++) {
    struct inos_connection *connection = server->connections->pdata[i];
    if (!is_due (inos_connection_subscription (connection), now, slack))
      continue;
    if (!sample)
      sample = inos_monitor_sample (server->config.monitor);
    if (!frame)
      frame =
        event (server, INOS_NODE_RESOURCES, INOS_PRIORITY_LOW, inos_resources_to_variant (sample));
    if (frame)
      inos_connection_event (connection, frame, true);
  }
}

static void on_tick (int64_t now, void *data)
{
  struct inos_server *server = data;
  const struct inos_sample *sample = NULL;
  int64_t slack = (int64_t)server->ticker.period * 1000 / 2;

  if (now >= server->second + SECOND - slack) {
    server->second = now;
    sample = inos_monitor_tick (server->config.monitor);
    send_alerts (server, inos_alerts_update (&server->alerts, sample, now));
  }
  send_resources (server, sample, now);
}

/* One last word to a peer that is not let in; nothing is kept of it and nothing was read from it.
 */
static void turn_away (struct inos_server *server, int fd, enum inos_api_error code,
                       const char *sentence)
{
  g_autoptr (GBytes) frame = inos_error_frame (NULL, ++server->last_id, code, sentence);
  gsize len;
  const char *bytes = g_bytes_get_data (frame, &len);

  if (send (fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    g_debug ("A peer was gone before it could be turned away.");
  close (fd);
}

static gboolean on_connect (gint listener, GIOCondition condition, gpointer data)
{
  struct inos_server *server = data;
  struct ucred peer;
  socklen_t size = sizeof peer;
  int fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (fd < 0) {
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM) {
      g_warning ("No connection can be taken: %s", g_strerror (errno));
      g_usleep (10000); /* rather than spin: the peer stays in line */
    }
    return G_SOURCE_CONTINUE;
  }
  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 ||
      (peer.uid != 0 && peer.uid != geteuid()))
    turn_away (server, fd, INOS_API_ERROR_ACCESS_DENIED,
               "This node speaks to its own user and to root.");
  else if (server->connections->len >= INOS_CONNECTIONS_MAX)
    turn_away (server, fd, INOS_API_ERROR_TOO_MANY, "There are too many connections to this node.");
  else
    g_ptr_array_add (server->connections, inos_connection_new (fd, server->config.frame_timeout_ms,
                                                               &connection_events, server));
  return G_SOURCE_CONTINUE;
}

struct inos_server *inos_server_new (const struct inos_server_config *config, GError **error)
{
  struct inos_listener listener;

  if (!inos_listen (&listener, config->socket, config->socket_mode, error))
    return NULL;

  struct inos_server *server = g_new0 (struct inos_server, 1);
  server->config = *config;
  server->config.socket = NULL; /* the caller's */
  server->listener = listener;
  server->started = g_get_real_time();
  server->connections = g_ptr_array_new_with_free_func ((GDestroyNotify)inos_connection_free);
  inos_alerts_init (&server->alerts, config->alerts);
  inos_ticker_init (&server->ticker, on_tick, server);
  inos_ticker_set (&server->ticker, 1000);
  server->acceptor = g_unix_fd_add (listener.fd, G_IO_IN, on_connect, server);
  return server;
}

void inos_server_free (struct inos_server *server)
{
  if (!server)
    return;
  g_source_remove (server->acceptor);
  inos_ticker_finish (&server->ticker);
  g_ptr_array_unref (server->connections);
  inos_listen_end (&server->listener);
  g_free (server);
}
