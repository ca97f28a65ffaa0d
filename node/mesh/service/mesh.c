/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "inos-config.h"

#include "node/mesh/service/mesh.h"

#include "node/mesh/net/clock.h"
#include "node/mesh/net/mesh_thread.h"
#include "node/mesh/net/tcp.h"
#include "node/mesh/net/websocket.h"
#include "node/mesh/service/bootstrap.h"
#include "node/mesh/service/discovery.h"
#include "node/mesh/service/parts.h"

#include <gio/gio.h>

struct inos_mesh {
  const struct inos_identity *identity;
  struct inos_mesh_config config;
  char *state_dir; /* NULL: it remembers nothing */
  struct inos_mesh_thread *thread;
  const struct inos_mesh_events *events;
  void *data;

  /* its thread's */
  struct inos_mesh_parts parts;
  struct inos_tcp *tcp;
  struct inos_websocket *websocket;
  struct inos_bootstrap *bootstrap;
  struct inos_discovery *discovery; /* NULL: it is switched off */
};

/* On its thread */

/* The same with a port that is free. */
static bool any_port (const struct inos_multiaddr *address, struct inos_multiaddr *out)
{
  static const uint8_t none[2] = {0};
  struct inos_multiaddr_part part;
  size_t offset = 0;
  bool good = true;

  *out = (struct inos_multiaddr){0};
  while (inos_multiaddr_next (address, &offset, &part)) {
    bool is_port = part.code == INOS_MULTIADDR_TCP;
    good = good && inos_multiaddr_append (out, part.code, is_port ? none : part.value, part.len);
  }
  return good;
}

/* Where another program has the port, such as the node of another user, it is one that is free:
 * peers find it all the same. */
static void listen_at (struct inos_mesh *mesh, const struct inos_multiaddr *address)
{
  g_autofree char *text = inos_multiaddr_text (address);
  g_autoptr (GError) error = NULL, again = NULL;
  struct inos_multiaddr other;

  if (inos_host_listen (mesh->parts.host, address, &error))
    return;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) ||
      !any_port (address, &other) || !inos_host_listen (mesh->parts.host, &other, &again))
    g_warning ("The mesh does not listen at %s: %s", text, error->message);
  else
    g_message ("The mesh listens beside %s, which another program has.", text);
}

static void on_peer (void *data, const struct inos_peer_id *peer)
{
}

static void on_addresses (void *data)
{
  struct inos_mesh *mesh = data;

  inos_discovery_moved (mesh->discovery);
  inos_membership_moved (mesh->parts.membership);
}

/* Where it takes connections, it takes the datagrams of members too. */
static void listen_everywhere (struct inos_mesh *mesh)
{
  for (unsigned i = 0; i < mesh->config.n_listen; i++) {
    const struct inos_multiaddr *address = &mesh->config.listen[i];
    listen_at (mesh, address);
    if (!inos_multiaddr_has (address, INOS_MULTIADDR_WS))
      inos_membership_listen (mesh->parts.membership, address);
  }
  inos_membership_moved (mesh->parts.membership);
}

static void begin (void *data)
{
  static const struct inos_host_events events = {
    .connected = on_peer, .disconnected = on_peer, .addresses = on_addresses};
  struct inos_mesh *mesh = data;
  struct inos_mesh_parts *parts = &mesh->parts;
  GMainContext *context = inos_mesh_thread_context (mesh->thread);
  g_autofree char *trust_dir =
    mesh->state_dir ? g_build_filename (mesh->state_dir, "mesh", NULL) : NULL;

  parts->host = inos_host_new (&(struct inos_host_setup){
    .env = inos_clock_env(),
    .identity = mesh->identity,
    .agent = "inos/" INOS_VERSION,
    .psk = mesh->config.has_psk ? mesh->config.psk : NULL,
    .limits = {.connections_max = mesh->config.connections_max,
               .send_max = mesh->config.send_max,
               .receive_max = mesh->config.receive_max,
               .peer_send_max = mesh->config.peer_send_max,
               .peer_receive_max = mesh->config.peer_receive_max,
               .peer_memory_max = mesh->config.peer_memory_max},
  });
  parts->limits = inos_limits_new (parts->host, &mesh->config);
  parts->is_private = mesh->config.has_psk;
  mesh->tcp = inos_tcp_new (parts->host, context);
  mesh->websocket = inos_websocket_new (parts->host, context);
  inos_host_add_network (parts->host, inos_tcp_network (mesh->tcp));
  inos_host_add_network (parts->host, inos_websocket_network (mesh->websocket));
  if (mesh->config.hole_punching)
    inos_tcp_dial_from_same_port (mesh->tcp);
  parts->relays = inos_relays_new (parts->host, mesh->identity, &mesh->config, context);
  parts->identify = inos_identify_new (parts->host);
  parts->trust = inos_trust_new (&(struct inos_trust_setup){.host = parts->host,
                                                            .identify = parts->identify,
                                                            .identity = mesh->identity,
                                                            .context = context,
                                                            .access = mesh->config.access,
                                                            .dir = trust_dir,
                                                            .state_dir = mesh->state_dir,
                                                            .on_rotated = mesh->events->on_rotated,
                                                            .on_request = mesh->events->on_request,
                                                            .data = mesh->data});
  parts->ping = inos_ping_new (parts->host);
  parts->perf = inos_perf_new (parts->host, mesh->config.perf);
  parts->topics =
    inos_topics_new (parts->host, mesh->identity, context, mesh->events->on_message, mesh->data);
  parts->dht = inos_dht_new (parts->host, mesh->identity, context, mesh->state_dir);
  parts->membership = inos_membership_new (parts->host, mesh->identity, context, &mesh->config,
                                           mesh->events->on_member, mesh->data);
  parts->states = inos_states_new (&(struct inos_states_setup){.host = parts->host,
                                                               .identity = mesh->identity,
                                                               .topics = parts->topics,
                                                               .membership = parts->membership,
                                                               .context = context,
                                                               .state_dir = mesh->state_dir,
                                                               .on_state = mesh->events->on_state,
                                                               .data = mesh->data});
  parts->reputations =
    inos_reputations_new (&(struct inos_reputations_setup){.host = parts->host,
                                                           .trust = parts->trust,
                                                           .topics = parts->topics,
                                                           .states = parts->states,
                                                           .membership = parts->membership,
                                                           .context = context,
                                                           .state_dir = mesh->state_dir});
  parts->services =
    inos_services_new (&(struct inos_services_setup){.host = parts->host,
                                                     .dht = parts->dht,
                                                     .states = parts->states,
                                                     .membership = parts->membership,
                                                     .reputations = parts->reputations,
                                                     .context = context});
  parts->groups = inos_groups_new (&(struct inos_groups_setup){.host = parts->host,
                                                               .context = context,
                                                               .state_dir = mesh->state_dir,
                                                               .on_group = mesh->events->on_group,
                                                               .data = mesh->data});
  inos_trust_use (parts->trust, parts->membership);
  parts->remote =
    inos_remote_new (parts->host, context, &mesh->config, mesh->state_dir, parts->reputations);
  parts->manage =
    inos_manage_new (&(struct inos_manage_setup){.host = parts->host,
                                                 .trust = parts->trust,
                                                 .context = context,
                                                 .config = &mesh->config,
                                                 .state_dir = mesh->state_dir,
                                                 .on_managed = mesh->events->on_managed,
                                                 .data = mesh->data});
  inos_mesh_thread_drive (mesh->thread, parts->host);
  listen_everywhere (mesh);
  inos_host_watch (parts->host, &events, mesh);
  if (mesh->config.discovery)
    mesh->discovery =
      inos_discovery_new (parts->host, context, mesh->config.has_psk ? mesh->config.psk : NULL);
  if (mesh->config.port_mapping)
    parts->ports = inos_ports_new (parts->host, context);
  parts->saving = inos_saving_new (parts, &mesh->config, context);
  mesh->bootstrap = inos_bootstrap_new (parts->host, context, &mesh->config);
}

static void end (void *data)
{
  struct inos_mesh *mesh = data;
  struct inos_mesh_parts *parts = &mesh->parts;

  g_clear_pointer (&parts->saving, inos_saving_free);
  inos_bootstrap_free (mesh->bootstrap);
  inos_reputations_stop (parts->reputations);
  inos_groups_stop (parts->groups);
  inos_membership_leave (parts->membership);
  inos_services_stop (parts->services);
  inos_states_stop (parts->states);
  inos_mesh_thread_drive (mesh->thread, NULL);
  inos_discovery_free (mesh->discovery);
  inos_manage_stop (parts->manage);
  inos_trust_stop (parts->trust);
  inos_topics_stop (parts->topics);
  inos_dht_stop (parts->dht);
  inos_membership_stop (parts->membership);
  inos_relays_stop (parts->relays);
  inos_ports_stop (parts->ports);
  inos_remote_stop (parts->remote);
  inos_host_free (parts->host);
  inos_services_free (parts->services);
  inos_reputations_free (parts->reputations);
  inos_states_free (parts->states);
  inos_groups_free (parts->groups);
  inos_manage_free (parts->manage);
  inos_trust_free (parts->trust);
  inos_topics_free (parts->topics);
  inos_dht_free (parts->dht);
  inos_membership_free (parts->membership);
  inos_relays_free (parts->relays);
  inos_ports_free (parts->ports);
  inos_remote_free (parts->remote);
  inos_perf_free (parts->perf);
  inos_ping_free (parts->ping);
  inos_identify_free (parts->identify);
  inos_limits_free (parts->limits);
  inos_websocket_free (mesh->websocket);
  inos_tcp_free (mesh->tcp);
}

struct question {
  struct inos_mesh *mesh;
  char *type;
  GVariant *parameters;
  inos_mesh_answered answered;
  void *data;
};

static void on_question (void *data)
{
  struct question *question = data;

  inos_ask_begin (&question->mesh->parts, question->type, question->parameters, question->answered,
                  question->data);
  g_variant_unref (question->parameters);
  g_free (question->type);
  g_free (question);
}

/* From any thread */

void inos_mesh_ask (struct inos_mesh *mesh, const char *type, GVariant *parameters,
                    inos_mesh_answered answered, void *data)
{
  struct question *question = g_new0 (struct question, 1);

  *question = (struct question){mesh, g_strdup (type), g_variant_ref (parameters), answered, data};
  inos_mesh_thread_invoke (mesh->thread, on_question, question);
}

struct errand {
  struct inos_mesh *mesh;
  void (*function) (struct inos_mesh_parts *parts, void *data);
  void *data;
};

static void on_errand (void *data)
{
  g_autofree struct errand *errand = data;

  errand->function (&errand->mesh->parts, errand->data);
}

void inos_mesh_invoke (struct inos_mesh *mesh,
                       void (*function) (struct inos_mesh_parts *parts, void *data), void *data)
{
  struct errand *errand = g_new0 (struct errand, 1);

  *errand = (struct errand){mesh, function, data};
  inos_mesh_thread_invoke (mesh->thread, on_errand, errand);
}

struct description {
  struct inos_mesh *mesh;
  struct inos_member_figures figures;
  struct inos_node_state machine;
};

static void on_description (void *data)
{
  g_autofree struct description *description = data;
  struct inos_mesh *mesh = description->mesh;

  if (!mesh->parts.saving || !inos_saving_may_describe (mesh->parts.saving))
    return;
  inos_membership_describe (mesh->parts.membership, &description->figures);
  if (inos_relays_server (mesh->parts.relays))
    inos_node_state_add (&description->machine, "relay", 0, 0);
  if (mesh->config.perf)
    inos_node_state_add (&description->machine, "perf", 0, 0);
  inos_services_describe (mesh->parts.services, &description->machine);
  inos_reputations_tell (mesh->parts.reputations);
  inos_states_describe (mesh->parts.states, &description->machine);
}

void inos_mesh_describe (struct inos_mesh *mesh, const struct inos_member_figures *figures,
                         const struct inos_node_state *machine)
{
  struct description *description = g_new0 (struct description, 1);

  *description = (struct description){mesh, *figures, *machine};
  inos_mesh_thread_invoke (mesh->thread, on_description, description);
}

struct inos_mesh *inos_mesh_new (const struct inos_identity *identity,
                                 const struct inos_mesh_config *config, const char *state_dir,
                                 const struct inos_mesh_events *events, void *data, GError **error)
{
  struct inos_mesh *mesh = g_new0 (struct inos_mesh, 1);

  mesh->identity = identity;
  mesh->config = *config;
  mesh->state_dir = g_strdup (state_dir);
  mesh->events = events;
  mesh->data = data;
  mesh->thread = inos_mesh_thread_new (error);
  if (!mesh->thread) {
    g_free (mesh->state_dir);
    g_free (mesh);
    return NULL;
  }
  inos_mesh_thread_invoke (mesh->thread, begin, mesh);
  return mesh;
}

void inos_mesh_free (struct inos_mesh *mesh)
{
  if (!mesh)
    return;
  inos_mesh_thread_invoke (mesh->thread, end, mesh);
  inos_mesh_thread_free (mesh->thread);
  g_free (mesh->state_dir);
  g_free (mesh);
}
