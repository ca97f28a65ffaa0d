/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/monitor/monitor_actor.h"

#include "node/actor/edge.h"
#include "node/base/ticker.h"
#include "node/monitor/monitor.h"
#include "node/tree/setup.h"

#include <inttypes.h>

#define SECOND 1000000
#define SIGHTS 4 /* that are used again and again; more where somebody keeps so many */

static void node_monitor_look_clear (void *message)
{
  node_sight_unref (((struct node_monitor_look *)message)->sight);
}

static void node_monitor_look_copy (void *to, const void *from)
{
  const struct node_monitor_look *look = from;

  *(struct node_monitor_look *)to = (struct node_monitor_look){node_sight_ref (look->sight)};
}

INOS_PROTOCOL_DEFINE (node_monitor, NODE_MONITOR);
INOS_PROTOCOL_DEFINE (node_machine, NODE_MACHINE);

struct watcher {
  struct inos_runtime *runtime;
  inos_actor_id id;
  struct inos_monitor *monitor;
  struct inos_alerts alerts;
  struct inos_ticker ticker;
  bool ticking;
  int64_t second; /* µs, monotonic, of the last look for the alerts */
  struct node_sight *sight[SIGHTS];
};

struct node_sight *node_sight_ref (struct node_sight *sight)
{
  atomic_fetch_add_explicit (&sight->refs, 1, memory_order_relaxed);
  return sight;
}

void node_sight_unref (struct node_sight *sight)
{
  if (sight && atomic_fetch_sub_explicit (&sight->refs, 1, memory_order_acq_rel) == 1)
    g_free (sight);
}

/* A sight to write to, with a reference for the caller: one that nobody but us has any more. */
static struct node_sight *fresh_sight (struct watcher *self)
{
  for (int i = 0; i < SIGHTS; i++) {
    if (!self->sight[i]) {
      self->sight[i] = g_new0 (struct node_sight, 1);
      atomic_init (&self->sight[i]->refs, 1);
    }
    if (atomic_load_explicit (&self->sight[i]->refs, memory_order_acquire) == 1)
      return node_sight_ref (self->sight[i]);
  }
  struct node_sight *sight = g_new0 (struct node_sight, 1);
  atomic_init (&sight->refs, 1);
  return sight;
}

static struct node_monitor_look look_of (struct watcher *self, const struct inos_sample *sample,
                                         int64_t now)
{
  struct node_sight *sight = fresh_sight (self);

  sight->period = self->ticker.period;
  sight->time = now;
  sight->sample = *sample;
  sight->alerts = self->alerts;
  return (struct node_monitor_look){sight};
}

static void say_alerts (struct watcher *self, unsigned changed)
{
  for (unsigned id = 0; id < INOS_ALERTS; id++) {
    if (!(changed & 1u << id))
      continue;
    g_autofree char *sentence = inos_alert_sentence (id, &self->alerts.alert[id]);
    g_message ("%s", sentence);
  }
}

static const struct inos_sample *look (struct watcher *self, int64_t now)
{
  int64_t slack = (int64_t)self->ticker.period * 1000 / 2;

  if (now < self->second + SECOND - slack)
    return inos_monitor_sample (self->monitor);
  self->second = now;
  const struct inos_sample *sample = inos_monitor_tick (self->monitor);
  say_alerts (self, inos_alerts_update (&self->alerts, sample, now));
  return sample;
}

static void on_tick (int64_t now, void *data)
{
  struct watcher *self = data;
  struct inos_context *context = inos_edge_enter (self->runtime, self->id);

  if (!context)
    return;
  node_machine_publish_seen (context, NODE_MONITOR_TOPIC, look_of (self, look (self, now), now));
  inos_edge_leave (context, INOS_OK);
}

INOS_HANDLE (node_monitor, pace, struct watcher)
{
  if (message->period == 0 || NODE_MONITOR_PERIOD % message->period != 0)
    return inos_fail (context, 0, "%" PRIu32 " ms do not divide a second", message->period);
  inos_ticker_set (&self->ticker, message->period);
  return INOS_OK;
}

INOS_HANDLE (node_monitor, look, struct watcher)
{
  struct node_monitor_look look =
    look_of (self, inos_monitor_sample (self->monitor), g_get_monotonic_time());

  if (!inos_sent_took (node_monitor_reply_look (context, look)))
    node_monitor_look_clear (&look);
  return INOS_OK;
}

INOS_HANDLE (node_monitor, alerts, struct watcher)
{
  node_monitor_reply_alerts (context, self->alerts);
  return INOS_OK;
}

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct watcher *self = state;
  const struct inos_setup *setup = *(struct inos_setup *const *)argument;

  self->runtime = inos_context_runtime (context);
  self->id = inos_self (context);
  self->monitor = inos_monitor_new (setup->proc, setup->sys);
  inos_alerts_init (&self->alerts, setup->alerts);
  inos_ticker_init (&self->ticker, on_tick, self);
  self->ticking = true;
  inos_ticker_set (&self->ticker, NODE_MONITOR_PERIOD);
  node_machine_publish_began (context, NODE_MONITOR_TOPIC, INOS_NOTHING);
  return INOS_OK;
}

static void clear (void *state)
{
  struct watcher *self = state;

  if (self->ticking)
    inos_ticker_finish (&self->ticker);
  inos_monitor_free (self->monitor);
  for (int i = 0; i < SIGHTS; i++)
    node_sight_unref (self->sight[i]);
}

INOS_BEHAVIOUR (node_monitor, NODE_MONITOR, struct watcher, .on_edge = true, .pre_start = pre_start,
                .clear = clear);
