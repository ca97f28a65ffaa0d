/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/mesh/service/ports.h"

#include "node/mesh/net/port_map.h"

#include <string.h>

#define TOLD_MAX (2 * INOS_PORT_MAP_MAX)

struct inos_ports {
  struct inos_host *host;
  struct inos_port_map *map;
  const char *state;
  unsigned n_told;
  struct inos_multiaddr told[TOLD_MAX]; /* as addresses of this node */
};

/* The TCP port of an address that a router of this network could lead to, and @rest, the offset of
 * what stands behind it. Returns: 0: it is none. */
static uint16_t port_of (const struct inos_multiaddr *address, size_t *rest)
{
  struct inos_multiaddr_part ip, tcp;

  *rest = 0;
  if (inos_multiaddr_reach (address) != INOS_REACH_PRIVATE ||
      inos_multiaddr_has (address, INOS_MULTIADDR_P2P_CIRCUIT) ||
      !inos_multiaddr_next (address, rest, &ip) || ip.code != INOS_MULTIADDR_IP4 ||
      !inos_multiaddr_next (address, rest, &tcp) || tcp.code != INOS_MULTIADDR_TCP)
    return 0;
  return (uint16_t)(tcp.value[0] << 8 | tcp.value[1]);
}

static void on_peer (void *data, const struct inos_peer_id *peer)
{
}

static bool has (const uint16_t *list, unsigned n, uint16_t port)
{
  for (unsigned i = 0; i < n; i++)
    if (list[i] == port)
      return true;
  return false;
}

static void on_addresses (void *data)
{
  struct inos_ports *ports = data;
  const GArray *listening = inos_host_listening_at (ports->host);
  uint16_t wanted[INOS_PORT_MAP_MAX];
  unsigned n = 0;
  size_t rest;

  for (guint i = 0; i < listening->len && n < INOS_PORT_MAP_MAX; i++) {
    uint16_t port = port_of (&g_array_index (listening, struct inos_multiaddr, i), &rest);
    if (port > 0 && !has (wanted, n, port))
      wanted[n++] = port;
  }
  if (ports->map)
    inos_port_map_want (ports->map, wanted, n);
}

/* What is told */

static bool outside_of (const struct inos_port_map_state *state,
                        const struct inos_port_mapping *mapping,
                        const struct inos_multiaddr *inside, struct inos_multiaddr *out)
{
  const uint8_t port[2] = {(uint8_t)(mapping->outside >> 8), (uint8_t)mapping->outside};
  struct inos_multiaddr_part part;
  size_t rest;

  *out = (struct inos_multiaddr){0};
  if (port_of (inside, &rest) != mapping->inside ||
      !inos_multiaddr_append (out, INOS_MULTIADDR_IP4, &state->address, 4) ||
      !inos_multiaddr_append (out, INOS_MULTIADDR_TCP, port, sizeof port))
    return false;
  while (inos_multiaddr_next (inside, &rest, &part))
    if (!inos_multiaddr_append (out, part.code, part.value, part.len))
      return false;
  return true;
}

static bool is_in (const struct inos_multiaddr *list, unsigned n,
                   const struct inos_multiaddr *address)
{
  for (unsigned i = 0; i < n; i++)
    if (inos_multiaddr_equal (&list[i], address))
      return true;
  return false;
}

static unsigned collect (const struct inos_ports *ports, const struct inos_port_map_state *state,
                         struct inos_multiaddr list[TOLD_MAX])
{
  const GArray *listening = inos_host_listening_at (ports->host);
  struct inos_multiaddr outside;
  unsigned n = 0;

  for (unsigned i = 0; i < state->n; i++)
    for (guint j = 0; j < listening->len; j++)
      if (n < TOLD_MAX &&
          outside_of (state, &state->mappings[i],
                      &g_array_index (listening, struct inos_multiaddr, j), &outside) &&
          inos_multiaddr_reach (&outside) == INOS_REACH_PUBLIC && !is_in (list, n, &outside))
        list[n++] = outside;
  return n;
}

static const char *name_of (const struct inos_port_map_state *state, unsigned n)
{
  if (state->kind == INOS_ROUTER_NONE)
    return "none";
  if (n > 0)
    return state->kind == INOS_ROUTER_UPNP ? "upnp" : "nat-pmp";
  return state->n > 0 ? "private" : "refused";
}

static void on_mapped (void *data, const struct inos_port_map_state *state)
{
  struct inos_ports *ports = data;
  struct inos_multiaddr now[TOLD_MAX], before[TOLD_MAX];
  unsigned n = collect (ports, state, now), n_before = ports->n_told;

  memcpy (before, ports->told, sizeof before);
  memcpy (ports->told, now, sizeof now);
  ports->n_told = n;
  ports->state = name_of (state, n);
  for (unsigned i = 0; i < n_before; i++)
    if (!is_in (now, n, &before[i]))
      inos_host_listening (ports->host, &before[i], false);
  for (unsigned i = 0; i < n; i++)
    if (!is_in (before, n_before, &now[i]))
      inos_host_listening (ports->host, &now[i], true);
}

/* Life cycle */

static const struct inos_host_events events = {
  .connected = on_peer, .disconnected = on_peer, .addresses = on_addresses};

struct inos_ports *inos_ports_new (struct inos_host *host, GMainContext *context)
{
  struct inos_ports *ports = g_new0 (struct inos_ports, 1);

  ports->host = host;
  ports->state = "searching";
  ports->map = inos_port_map_new (context, on_mapped, ports);
  inos_host_watch (host, &events, ports);
  on_addresses (ports);
  return ports;
}

void inos_ports_stop (struct inos_ports *ports)
{
  if (ports)
    g_clear_pointer (&ports->map, inos_port_map_free);
}

void inos_ports_free (struct inos_ports *ports)
{
  g_free (ports);
}

const char *inos_ports_state (const struct inos_ports *ports)
{
  return ports ? ports->state : "off";
}
