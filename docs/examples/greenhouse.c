/*
 * A greenhouse: a sensor that fails now and then, a heater, and a supervisor that keeps both there.
 * The example of docs/actors.md; built and run by the tests.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/route.h"
#include "node/actor/runtime.h"
#include "node/actor/supervisor.h"

#include <stdio.h>

/* What a heater understands: a message that expects nothing, a request that gets an answer. */

struct heater_warmth {
  int32_t degrees;
};
struct heater_state {
  int32_t degrees;
  bool on;
};

#define HEATER(MESSAGE, REQUEST)                                                                   \
  MESSAGE (heater, measured, struct heater_warmth, 1)                                              \
  REQUEST (heater, look, struct inos_nothing, struct heater_state, 1)
INOS_PROTOCOL (heater, HEATER);
INOS_PROTOCOL_DEFINE (heater, HEATER);

/* Its state, one handler for each message, and the behaviour that joins them. */

struct heater {
  int32_t degrees;
  bool on;
};

INOS_HANDLE (heater, measured, struct heater)
{
  self->degrees = message->degrees;
  self->on = message->degrees < 18;
  return INOS_OK;
}

INOS_HANDLE (heater, look, struct heater)
{
  heater_reply_look (context, (struct heater_state){self->degrees, self->on});
  return INOS_OK;
}

INOS_BEHAVIOUR (heater, HEATER, struct heater);

/* A sensor measures every second. It finds the heater by name, so that it reaches the next one too
 * should the heater be restarted. */

#define SENSOR(MESSAGE, REQUEST) MESSAGE (sensor, tick, struct inos_nothing, 1)
INOS_PROTOCOL (sensor, SENSOR);
INOS_PROTOCOL_DEFINE (sensor, SENSOR);

struct sensor {
  heater_ref heater;
  int32_t degrees;
};

static enum inos_outcome sensor_begin (void *state, struct inos_context *context,
                                       const void *argument)
{
  struct sensor *self = state;
  sensor_ref me = {INOS_TO (inos_self (context))};

  self->heater = (heater_ref){inos_address_of_name (inos_context_runtime (context), "heater")};
  self->degrees = 20;
  sensor_send_tick_after (context, me, INOS_NOTHING, INOS_SECOND, INOS_SECOND);
  return INOS_OK;
}

INOS_HANDLE (sensor, tick, struct sensor)
{
  self->degrees--;
  if (self->degrees < 16)
    return inos_fail (context, self->degrees, "no sensor is that cold");
  heater_send_measured (context, self->heater, (struct heater_warmth){self->degrees});
  return INOS_OK;
}

INOS_BEHAVIOUR (sensor, SENSOR, struct sensor, .pre_start = sensor_begin);

/* The tree: who is started, in which order, and what happens when one fails. */

static const struct inos_child children[] = {
  {.name = "heater", .registered = "heater", .behaviour = &heater_behaviour},
  {.name = "sensor", .behaviour = &sensor_behaviour},
};
static const struct inos_supervisor greenhouse = {
  .name = "greenhouse",
  .strategy = INOS_ONE_FOR_ONE,
  .restarts_max = 5,
  .period_ms = 60000,
  .children = children,
  .n_children = G_N_ELEMENTS (children),
};

/* A visitor looks at the heater every two seconds, and prints what it is told. */

#define VISITOR(MESSAGE, REQUEST) MESSAGE (visitor, look, struct inos_nothing, 1)
INOS_PROTOCOL (visitor, VISITOR);
INOS_PROTOCOL_DEFINE (visitor, VISITOR);

static enum inos_outcome visitor_begin (void *state, struct inos_context *context,
                                        const void *argument)
{
  visitor_ref me = {INOS_TO (inos_self (context))};

  visitor_send_look_after (context, me, INOS_NOTHING, 2 * INOS_SECOND, 2 * INOS_SECOND);
  return INOS_OK;
}

static enum inos_outcome on_looked (void *state, struct inos_context *context,
                                    enum inos_replied status, const struct heater_state *reply,
                                    uint64_t tag)
{
  if (status != INOS_REPLIED)
    puts ("the heater does not answer");
  else
    printf ("%d degrees, the heater is %s\n", reply->degrees, reply->on ? "on" : "off");
  return INOS_OK;
}

INOS_HANDLE (visitor, look, struct inos_nothing)
{
  heater_ref heater = {inos_address_of_name (inos_context_runtime (context), "heater")};

  heater_request_look (context, heater, INOS_NOTHING, INOS_SECOND, on_looked, 0);
  return INOS_OK;
}

INOS_BEHAVIOUR (visitor, VISITOR, struct inos_nothing, .pre_start = visitor_begin);

/* A seeded runtime has a clock of its own, so this takes no time; with `.workers` in place of
 * `.seeded` it runs on threads and on the world's clock. */

int main (void)
{
  const struct inos_runtime_config config = {.seeded = true, .seed = 1};
  struct inos_runtime *runtime = inos_runtime_new (&config, NULL);

  if (!runtime)
    return 1;
  inos_supervisor_runtime_spawn (runtime, &greenhouse, 0);
  inos_runtime_spawn (runtime, &(struct inos_spawn){.behaviour = &visitor_behaviour});
  inos_runtime_run (runtime, 12 * INOS_SECOND + INOS_MILLISECOND);
  inos_runtime_free (runtime, INOS_SECOND);
  return 0;
}
