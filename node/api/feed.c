/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/base/log.h"
#include "node/api/feed.h"

#include "node/actor/route.h"
#include "node/api/connection_actor.h"
#include "node/api/messages.h"
#include "node/api/resources.h"
#include "node/monitor/monitor_actor.h"
#include "node/tree/setup.h"

INOS_PROTOCOL_DEFINE (node_feed, NODE_FEED);

struct subscriber {
  inos_actor_id who;
  uint32_t interval; /* ms */
  int64_t due;       /* µs, monotonic */
};

struct feed {
  struct inos_setup *setup;
  node_monitor_ref monitor;
  GArray *subscribers; /* struct subscriber */
  bool raised[INOS_ALERTS];
};

uint32_t inos_interval_grant (uint32_t wanted)
{
  static const uint32_t fast[] = {100, 200, 500, 1000};

  for (size_t i = 0; i < G_N_ELEMENTS (fast); i++)
    if (wanted <= fast[i])
      return fast[i];
  return wanted >= INOS_INTERVAL_MAX ? INOS_INTERVAL_MAX : (wanted + 999) / 1000 * 1000;
}

static struct subscriber *subscriber (struct feed *self, guint place)
{
  return &g_array_index (self->subscribers, struct subscriber, place);
}

/* Returns: whether there was one. */
static bool forget (struct feed *self, inos_actor_id who)
{
  for (guint i = 0; i < self->subscribers->len; i++)
    if (subscriber (self, i)->who == who) {
      g_array_remove_index_fast (self->subscribers, i);
      return true;
    }
  return false;
}

/* The period that divides a second and every subscription. */
static uint32_t period (struct feed *self)
{
  uint32_t least = NODE_MONITOR_PERIOD;
  bool half = false;

  for (guint i = 0; i < self->subscribers->len; i++) {
    uint32_t interval = subscriber (self, i)->interval;
    half = half || interval == 500;
    least = MIN (least, interval);
  }
  return least == 200 && half ? 100 : least;
}

static void set_pace (struct feed *self, struct inos_context *context)
{
  node_monitor_send_pace (context, self->monitor, (struct node_monitor_pace){period (self)});
}

INOS_HANDLE (node_feed, subscribe, struct feed)
{
  struct subscriber new = {.who = inos_sender (context)};

  if (message->ms) {
    new.interval = inos_interval_grant (message->ms);
    new.due = g_get_monotonic_time() + (int64_t)new.interval * 1000;
  }
  bool known = forget (self, new.who);
  if (new.interval)
    g_array_append_val (self->subscribers, new);
  if (new.interval && !known)
    inos_monitor (context, new.who);
  else if (known && !new.interval)
    inos_demonitor (context, new.who);
  set_pace (self, context);
  node_feed_reply_subscribe (context, (struct node_feed_interval){new.interval});
  return INOS_OK;
}

static enum inos_outcome on_down (void *state, struct inos_context *context, inos_actor_id who,
                                  struct inos_exit reason)
{
  if (forget (state, who))
    set_pace (state, context);
  return INOS_OK;
}

/* News */

static GBytes *event (struct feed *self, const char *type, enum inos_priority priority,
                      GVariant *payload)
{
  struct inos_frame e = {
    .kind = INOS_EVENT,
    .priority = (uint8_t)priority,
    .version = INOS_MESSAGE_VERSION,
    .id = ++self->setup->last_frame,
    .payload = g_variant_ref_sink (payload),
  };

  g_strlcpy (e.type, type, sizeof e.type);
  GBytes *frame = inos_frame_encode (&e);
  inos_frame_clear (&e);
  return frame;
}

static void tell (struct inos_context *context, inos_actor_id who, GBytes *frame, bool newest_only)
{
  node_connection_send_event (
    context, (node_connection_ref){INOS_TO (who)},
    (struct node_connection_frame){.frame = g_bytes_ref (frame), .newest_only = newest_only});
}

static void send_alerts (struct feed *self, struct inos_context *context,
                         const struct inos_alerts *alerts)
{
  for (unsigned id = 0; id < INOS_ALERTS; id++) {
    if (alerts->alert[id].raised == self->raised[id])
      continue;
    self->raised[id] = alerts->alert[id].raised;
    g_autoptr (GBytes) frame =
      event (self, INOS_NODE_ALERT, INOS_PRIORITY_HIGH, inos_alert_to_variant (alerts, id));
    for (guint i = 0; frame && i < self->subscribers->len; i++)
      tell (context, subscriber (self, i)->who, frame, false);
  }
}

/* Whether a subscription's time has come; says when the next is. */
static bool is_due (struct subscriber *s, int64_t now, int64_t slack)
{
  int64_t interval = (int64_t)s->interval * 1000;

  if (now < s->due - slack)
    return false;
  s->due += interval;
  if (s->due <= now) /* late: what was missed is not made up for */
    s->due = now + interval;
  return true;
}

static void send_resources (struct feed *self, struct inos_context *context,
                            const struct node_sight *sight)
{
  int64_t slack = (int64_t)sight->period * 1000 / 2;
  g_autoptr (GBytes) frame = NULL;

  for (guint i = 0; i < self->subscribers->len; i++) {
    if (!is_due (subscriber (self, i), sight->time, slack))
      continue;
    if (!frame)
      frame = event (self, INOS_NODE_RESOURCES, INOS_PRIORITY_LOW,
                     inos_resources_to_variant (&sight->sample));
    if (frame)
      tell (context, subscriber (self, i)->who, frame, true);
  }
}

INOS_HANDLE (node_machine, seen, struct feed)
{
  const struct node_sight *sight = message->sight;

  send_alerts (self, context, &sight->alerts);
  send_resources (self, context, sight);
  return INOS_OK;
}

INOS_HANDLE (node_machine, began, struct feed)
{
  set_pace (self, context);
  return INOS_OK;
}

/* Life cycle */

static enum inos_outcome pre_start (void *state, struct inos_context *context, const void *argument)
{
  struct feed *self = state;

  self->setup = *(struct inos_setup *const *)argument;
  self->monitor.address = inos_address_of_name (inos_context_runtime (context), NODE_MONITOR_NAME);
  self->subscribers = g_array_new (FALSE, FALSE, sizeof (struct subscriber));
  if (!inos_subscribe (context, NODE_MONITOR_TOPIC))
    return inos_fail (context, 0, "no memory to hear of the machine");
  set_pace (self, context);
  node_connection_publish_renew (context, NODE_FEED_TOPIC, INOS_NOTHING);
  return INOS_OK;
}

static void clear (void *state)
{
  g_clear_pointer (&((struct feed *)state)->subscribers, g_array_unref);
}

INOS_BEHAVIOUR (node_machine, NODE_MACHINE, struct feed);
INOS_BEHAVIOUR (node_feed, NODE_FEED, struct feed);

/* It is asked, and it hears of the machine. */
static enum inos_outcome receive (void *state, struct inos_context *context,
                                  const struct inos_message *message)
{
  return (message->type->protocol == &node_machine_protocol ? node_machine_behaviour
                                                            : node_feed_behaviour)
    .receive (state, context, message);
}

const struct inos_behaviour inos_feed_behaviour = {
  .name = "node_feed",
  .protocol = &node_feed_protocol,
  .state_size = sizeof (struct feed),
  .on_edge = true,
  .pre_start = pre_start,
  .receive = receive,
  .on_down = on_down,
  .clear = clear,
};
