/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/arena/fill.h"

#include "node/actor/supervisor.h"
#include "node/arena/arena.h"

#include <string.h>

static double pressure (const struct inos_sample *sample, const char *name)
{
  for (uint32_t i = 0; i < sample->pressures; i++)
    if (strcmp (sample->pressure[i].name, name) == 0)
      return sample->pressure[i].avg10;
  return 0;
}

static void add_interfaces (struct inos_arena_resources *row, const struct inos_sample *sample)
{
  for (uint32_t i = 0; i < sample->interfaces; i++) {
    const struct inos_interface *interface = &sample->interface[i];
    if (strcmp (interface->name, "lo") == 0)
      continue;
    row->rx_rate += interface->rx_rate;
    row->tx_rate += interface->tx_rate;
  }
}

void inos_fill_resources (struct inos_arena_resources *row, const struct inos_sample *sample)
{
  *row = (struct inos_arena_resources){
    .time = sample->time,
    .cpu = sample->cpu,
    .memory_total = sample->memory_total,
    .memory_available = sample->memory_available,
    .swap_total = sample->swap_total,
    .swap_free = sample->swap_free,
    .load1 = sample->load[0],
    .load5 = sample->load[1],
    .load15 = sample->load[2],
    .pressure_cpu = pressure (sample, "cpu.some"),
    .pressure_memory = pressure (sample, "memory.some"),
    .pressure_io = pressure (sample, "io.some"),
    .battery = sample->battery.present ? sample->battery.percent : -1,
    .battery_seconds = sample->battery.present ? sample->battery.seconds : -1,
    .battery_charging = sample->battery.present && sample->battery.charging,
    .cores = sample->cores,
  };
  for (uint32_t i = 0; i < sample->temperatures; i++)
    row->temperature = MAX (row->temperature, sample->temperature[i].celsius);
  add_interfaces (row, sample);
}

void inos_fill_actor (struct inos_arena_actors *row, const struct inos_actor_row *actor)
{
  *row = (struct inos_arena_actors){
    .id = actor->id,
    .parent = actor->watcher,
    .processed = actor->count,
    .depth = actor->known == INOS_UNKNOWN ? 0 : actor->depth,
    .oldest = actor->oldest,
    .rate = actor->rate,
    .share = actor->share,
    .state = actor->state,
    .known = actor->known,
    .supervisor = actor->behaviour == &inos_supervisor_behaviour,
  };
  inos_arena_text (row->name, sizeof row->name, actor->name);
  inos_arena_text (row->class, sizeof row->class, actor->behaviour ? actor->behaviour->name : "");
}

/* Of the mesh, whose answers are the message table's. */

uint32_t inos_fill_peers (struct inos_arena_peers *rows, GVariant *payload)
{
  g_autoptr (GVariantIter) iter = NULL;
  const char *id, *agent, *address;
  guint64 sent, received, latency;
  guint32 connections;
  gboolean inbound, relayed;
  uint32_t count = 0;

  g_variant_get (payload, "(ua(sssubbttt))", NULL, &iter);
  while (count < INOS_ARENA_PEERS_ROWS &&
         g_variant_iter_next (iter, "(&s&s&subbttt)", &id, &agent, &address, &connections, &inbound,
                              &relayed, &sent, &received, &latency)) {
    struct inos_arena_peers *row = &rows[count++];
    *row = (struct inos_arena_peers){.sent = sent,
                                     .received = received,
                                     .latency = latency,
                                     .connections = connections,
                                     .flags = (inbound ? 1u : 0u) | (relayed ? 2u : 0u)};
    inos_arena_text (row->peer_id, sizeof row->peer_id, id);
    inos_arena_text (row->agent, sizeof row->agent, agent);
    inos_arena_text (row->address, sizeof row->address, address);
  }
  return count;
}

static double figure (GVariant *figures, const char *name, double unit)
{
  guint64 value;

  return g_variant_lookup (figures, name, "t", &value) ? (double)value / unit : -1;
}

static void fill_node (struct inos_arena_nodes *row, GVariant *figures)
{
  row->cpu = figure (figures, "processor", 10);
  row->load = figure (figures, "load", 1000);
  row->memory_total = figure (figures, "memory", 1);
  row->memory_used = figure (figures, "memory-used", 1);
  row->storage_free = figure (figures, "storage-free", 1);
  row->temperature = figure (figures, "celsius", 1);
  row->battery = figure (figures, "battery", 1);
  row->rx_rate = figure (figures, "received-rate", 1);
  row->tx_rate = figure (figures, "sent-rate", 1);
  row->cores = figure (figures, "cores", 1);
  row->peers = figure (figures, "peers", 1);
}

uint32_t inos_fill_nodes (struct inos_arena_nodes *rows, GVariant *payload)
{
  g_autoptr (GVariantIter) iter = NULL;
  const char *id;
  gint64 said;
  gboolean self;
  GVariant *figures, *services;
  uint32_t count = 0;

  g_variant_get (payload, "(a(sxba{st}as))", &iter);
  while (count < INOS_ARENA_NODES_ROWS &&
         g_variant_iter_next (iter, "(&sxb@a{st}@as)", &id, &said, &self, &figures, &services)) {
    struct inos_arena_nodes *row = &rows[count++];
    *row = (struct inos_arena_nodes){.said = CLAMP (said, 0, G_MAXINT64 / 1000) * 1000,
                                     .self = self,
                                     .services = (uint32_t)g_variant_n_children (services)};
    fill_node (row, figures);
    inos_arena_text (row->peer_id, sizeof row->peer_id, id);
    g_variant_unref (figures);
    g_variant_unref (services);
  }
  return count;
}
