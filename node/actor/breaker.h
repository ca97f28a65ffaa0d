/*
 * Circuit breakers: an address in front of another that stops sending there when requests fail.
 *
 * Closed, it lets everything through. A request that ends in any way but INOS_REPLIED is a failure;
 * enough of them open it. Open, it refuses at once: a send with INOS_REFUSED, a request with
 * INOS_REPLY_REFUSED. When that has lasted `open_for`, it is half-open: it lets `probes` messages
 * through. One of them that fails opens it again, and when all requests among them were answered it
 * closes.
 *
 * A message that is no request has no end that anybody could see. It takes the place of a probe
 * like a request, and when another `open_for` has passed and there were such messages, and nothing
 * failed, the breaker closes. A request whose end has not come by then, for whoever asked has gone,
 * say, is not waited for: as many probes more are let through.
 *
 * What a request ended with counts only for the state it was let through in. What was forwarded to
 * a breaker counts as a message that is no request.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "node/actor/route.h"

/* Every breaker's changes of state are published there, as inos_breaker_changed messages. */
#define INOS_BREAKER_TOPIC "inos.breakers"
#define INOS_BREAKER_NAME_MAX 48 /* bytes of a name that are published */

enum inos_breaker_state {
  INOS_BREAKER_CLOSED,
  INOS_BREAKER_OPEN,
  INOS_BREAKER_HALF_OPEN,
};

/* Zero is a good default. */
struct inos_breaker_config {
  uint32_t failures; /* open it; 0: 5. At most 65,536 */
  uint64_t window;   /* ns within which they are; 0: they have no success between them */
  uint64_t open_for; /* ns; 0: 10 s */
  uint32_t probes;   /* 0: 1 */
};

struct inos_breaker_change {
  char name[INOS_BREAKER_NAME_MAX];
  uint64_t number; /* counts up; what is published by two threads may cross on its way */
  enum inos_breaker_state from, to;
};

#define INOS_BREAKER(MESSAGE, REQUEST)                                                             \
  MESSAGE (inos_breaker, changed, struct inos_breaker_change, 1)
INOS_PROTOCOL (inos_breaker, INOS_BREAKER);

/* What a breaker is like at the moment. */
struct inos_breaker_look {
  enum inos_breaker_state state; /* HALF_OPEN as soon as the next message would be let through */
  uint32_t failed;               /* that count towards `failures` */
  uint32_t passed;               /* half-open: probes let through */
  uint64_t opened;               /* how often */
  uint64_t refused;              /* messages */
};

/**
 * inos_breaker_new:
 * @name: asking twice gives the same breaker, as it was made first
 * @target: what is behind it: an actor, a name, a service, a pool; not a breaker
 *
 * From any thread. A breaker lives as long as the runtime.
 *
 * Returns: its address, with no route where there is no memory, too many routes, or @target is a
 * breaker.
 */
struct inos_address inos_breaker_new (struct inos_runtime *runtime, const char *name,
                                      struct inos_address target,
                                      const struct inos_breaker_config *config);

/** inos_breaker_look: fills @look in. From any thread. */
void inos_breaker_look (struct inos_runtime *runtime, struct inos_address breaker,
                        struct inos_breaker_look *look);

/** inos_breaker_state_name: a word for people and for D-Bus, such as "half-open". */
const char *inos_breaker_state_name (enum inos_breaker_state state);
