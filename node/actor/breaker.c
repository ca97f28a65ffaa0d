/*
 * Circuit breakers.
 *
 * One word says the state and the round, which counts the changes of state; whoever sends reads it
 * and no more while the breaker is closed. All else is changed with the lock held, when something
 * fails or the breaker is not closed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "node/actor/breaker.h"

#include "node/actor/private.h"

#include <string.h>

#define FAILURES 5
#define FAILURES_MAX 65536
#define OPEN_FOR (10 * INOS_SECOND)

INOS_PROTOCOL_DEFINE (inos_breaker, INOS_BREAKER);

struct breaker {
  struct inos_route route;
  struct inos_address target;
  _Atomic uint64_t word;  /* round and state */
  _Atomic uint64_t until; /* ns; of an open one: until then; of a half-open one: of its probes */
  _Atomic uint64_t opened, refused;
  _Atomic uint32_t failed;

  pthread_mutex_t lock;
  struct inos_breaker_config config;
  uint64_t *failed_at;           /* with a window: when the last `failures` were, around */
  uint32_t failed_next;          /* place in `failed_at` */
  uint32_t passed, asked, ended; /* of half-open: messages, requests among them, good ends */
  char name[INOS_BREAKER_NAME_MAX];
};

/* What is to be published when the lock is released. */
struct change {
  bool any;
  struct inos_breaker_change message;
};

static enum inos_breaker_state state_of (uint64_t word)
{
  return (enum inos_breaker_state) (word & 3);
}

static uint64_t round_of (uint64_t word)
{
  return word >> 2;
}

static uint64_t word_of (struct breaker *self)
{
  return atomic_load_explicit (&self->word, memory_order_acquire);
}

/* With the lock held. */
static void begin_round (struct breaker *self, enum inos_breaker_state state, uint64_t now)
{
  self->passed = self->asked = self->ended = 0;
  self->failed_next = 0;
  atomic_store (&self->failed, 0);
  atomic_store (&self->until, now + self->config.open_for);
  atomic_store (&self->word, (round_of (word_of (self)) + 1) << 2 | state);
}

static void change_to (struct breaker *self, enum inos_breaker_state state, uint64_t now,
                       struct change *change)
{
  enum inos_breaker_state from = state_of (word_of (self));

  begin_round (self, state, now);
  if (state == INOS_BREAKER_OPEN)
    atomic_fetch_add (&self->opened, 1);
  change->any = true;
  change->message =
    (struct inos_breaker_change){.number = round_of (word_of (self)), .from = from, .to = state};
  g_strlcpy (change->message.name, self->name, sizeof change->message.name);
}

static void publish (struct inos_worker *worker, const struct change *change)
{
  if (change->any)
    inos_publish_from (worker, INOS_BREAKER_TOPIC, &inos_breaker_changed_type, &change->message);
}

/* Not closed */

/* The probes' time is over. */
static void end_probes (struct breaker *self, uint64_t now, struct change *change)
{
  if (self->ended < self->asked) /* somebody is waited for in vain */
    begin_round (self, INOS_BREAKER_HALF_OPEN, now);
  else if (self->asked < self->passed) /* there was what has no end, and nothing failed */
    change_to (self, INOS_BREAKER_CLOSED, now, change);
  else
    atomic_store (&self->until, now + self->config.open_for);
}

/* Whether one more goes through; with the lock held. */
static bool admit (struct breaker *self, uint64_t now, bool asks, struct change *change)
{
  if (now >= atomic_load (&self->until)) {
    if (state_of (word_of (self)) == INOS_BREAKER_OPEN)
      change_to (self, INOS_BREAKER_HALF_OPEN, now, change);
    else if (state_of (word_of (self)) == INOS_BREAKER_HALF_OPEN)
      end_probes (self, now, change);
  }
  enum inos_breaker_state state = state_of (word_of (self));
  if (state == INOS_BREAKER_CLOSED)
    return true;
  if (state == INOS_BREAKER_OPEN || self->passed >= self->config.probes)
    return false;
  self->passed++;
  self->asked += asks;
  return true;
}

static bool is_let_through (struct inos_worker *worker, struct breaker *self, bool asks,
                            uint64_t *word)
{
  struct change change = {0};
  bool through = false;

  *word = word_of (self);
  if (state_of (*word) != INOS_BREAKER_OPEN || worker->now >= atomic_load (&self->until)) {
    pthread_mutex_lock (&self->lock);
    through = admit (self, worker->now, asks, &change);
    *word = word_of (self);
    pthread_mutex_unlock (&self->lock);
  }
  if (!through)
    atomic_fetch_add_explicit (&self->refused, 1, memory_order_relaxed);
  publish (worker, &change);
  return through;
}

/* The route */

static inline inos_actor_id go_on (struct inos_worker *worker, const struct breaker *self,
                                   uint32_t key)
{
  return self->target.route ? inos_route_pick (worker, self->target.route, key) : self->target.id;
}

static inos_actor_id pick (struct inos_worker *worker, const struct inos_route *route, uint32_t key)
{
  struct breaker *self = (struct breaker *)route;
  uint64_t word = word_of (self);

  if (UNLIKELY (state_of (word) != INOS_BREAKER_CLOSED) &&
      !is_let_through (worker, self, false, &word))
    return INOS_PICK_REFUSED;
  return go_on (worker, self, key);
}

static inos_actor_id ask (struct inos_worker *worker, const struct inos_route *route, uint32_t key,
                          uint64_t *round)
{
  struct breaker *self = (struct breaker *)route;
  uint64_t word = word_of (self);

  if (UNLIKELY (state_of (word) != INOS_BREAKER_CLOSED) &&
      !is_let_through (worker, self, true, &word))
    return INOS_PICK_REFUSED;
  *round = round_of (word);
  return go_on (worker, self, key);
}

/* Whether there have been enough of them. */
static bool count_failure (struct breaker *self, uint64_t now)
{
  uint32_t failures = self->config.failures;
  uint32_t failed = MIN (atomic_load (&self->failed) + 1, failures);

  atomic_store (&self->failed, failed);
  if (!self->config.window)
    return failed >= failures;
  self->failed_at[self->failed_next] = now;
  self->failed_next = (self->failed_next + 1) % failures;
  /* What is there now is the oldest. Clocks of two workers differ by a little. */
  uint64_t oldest = self->failed_at[self->failed_next];
  return failed >= failures && (now < oldest || now - oldest <= self->config.window);
}

static void count_end (struct breaker *self, bool failed, uint64_t now, struct change *change)
{
  if (state_of (word_of (self)) == INOS_BREAKER_CLOSED) {
    if (failed && count_failure (self, now))
      change_to (self, INOS_BREAKER_OPEN, now, change);
    else if (!failed && !self->config.window)
      atomic_store (&self->failed, 0);
  } else if (failed)
    change_to (self, INOS_BREAKER_OPEN, now, change);
  else if (++self->ended + (self->passed - self->asked) >= self->config.probes)
    change_to (self, INOS_BREAKER_CLOSED, now, change);
}

static void ended (struct inos_worker *worker, const struct inos_route *route, uint64_t round,
                   enum inos_replied status)
{
  struct breaker *self = (struct breaker *)route;
  bool failed = status != INOS_REPLIED;
  struct change change = {0};
  uint64_t word = word_of (self);

  if (round_of (word) != round)
    return;
  if (LIKELY (!failed && state_of (word) == INOS_BREAKER_CLOSED) &&
      (self->config.window || atomic_load_explicit (&self->failed, memory_order_relaxed) == 0))
    return;
  pthread_mutex_lock (&self->lock);
  if (round_of (word_of (self)) == round)
    count_end (self, failed, worker->now, &change);
  pthread_mutex_unlock (&self->lock);
  publish (worker, &change);
}

/* Life */

static void free_breaker (struct inos_route *route)
{
  struct breaker *self = (struct breaker *)route;

  pthread_mutex_destroy (&self->lock);
  g_free (self->failed_at);
  g_free (self);
}

struct wanted {
  struct inos_address target;
  struct inos_breaker_config config;
};

static struct inos_route *make (struct inos_runtime *runtime, const char *name, const void *data)
{
  const struct wanted *wanted = data;
  struct breaker *self = g_try_new0 (struct breaker, 1);

  if (!self)
    return NULL;
  self->route = (struct inos_route){.pick = pick, .ask = ask, .ended = ended, .free = free_breaker};
  self->route.again = wanted->target.route ? wanted->target.route->again : NULL;
  self->target = wanted->target;
  self->config = wanted->config;
  self->config.failures =
    self->config.failures ? MIN (self->config.failures, FAILURES_MAX) : FAILURES;
  self->config.open_for = self->config.open_for ? self->config.open_for : OPEN_FOR;
  self->config.probes = MAX (self->config.probes, 1);
  g_strlcpy (self->name, name, sizeof self->name);
  pthread_mutex_init (&self->lock, NULL);
  if (!self->config.window ||
      (self->failed_at = g_try_new0 (uint64_t, self->config.failures)) != NULL)
    return &self->route;
  free_breaker (&self->route);
  return NULL;
}

struct inos_address inos_breaker_new (struct inos_runtime *runtime, const char *name,
                                      struct inos_address target,
                                      const struct inos_breaker_config *config)
{
  struct wanted wanted = {.target = target};

  if (target.route && target.route->ask)
    return (struct inos_address){0};
  if (config)
    wanted.config = *config;
  return (struct inos_address){.id = target.route ? target.id : 0, /* the target's key */
                               .route =
                                 inos_route_intern (runtime, "breaker", name, make, &wanted)};
}

void inos_breaker_look (struct inos_runtime *runtime, struct inos_address breaker,
                        struct inos_breaker_look *look)
{
  struct breaker *self = (struct breaker *)breaker.route;

  pthread_mutex_lock (&self->lock);
  *look = (struct inos_breaker_look){.state = state_of (word_of (self)),
                                     .failed = atomic_load (&self->failed),
                                     .passed = self->passed,
                                     .opened = atomic_load (&self->opened),
                                     .refused = atomic_load (&self->refused)};
  if (look->state == INOS_BREAKER_OPEN && inos_clock (runtime) >= atomic_load (&self->until))
    look->state = INOS_BREAKER_HALF_OPEN;
  pthread_mutex_unlock (&self->lock);
}

const char *inos_breaker_state_name (enum inos_breaker_state state)
{
  static const char *const names[] = {"closed", "open", "half-open"};

  return (unsigned)state < G_N_ELEMENTS (names) ? names[state] : "unknown";
}
